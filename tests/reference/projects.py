"""Plain twins of simulation/kernels/projects.py, one project and one member at a time."""

import math

import numpy as np

from simulation.codes import Kind, Origin, Status
from simulation.purposes import Purpose
from simulation.state import NEVER, NOBODY
from tests.reference.arithmetic import exp
from tests.reference.networks import tie_between
from tests.reference.randomness import combine, normal


def draw_luck(key, month, first_row, pair, spread, identity, luck):
    for row, address in enumerate(pair, start=first_row):
        identity[row] = combine(address, month % 65_536)
        z = normal(key, Purpose.PROJECT_LUCK, 0, identity[row], 0)
        luck[row] = exp(spread * z - 0.5 * spread * spread)


def seat_members(
    first_row,
    first,
    second,
    others,
    region,
    sector,
    across_border,
    members,
    member_count,
    target_region,
    target_sector,
    cross_region,
    cross_border,
):
    for k, row in enumerate(range(first_row, first_row + len(first))):
        listed = [int(first[k]), int(second[k]), *others[k].tolist()]
        members[row, : len(listed)] = listed
        team = [member for member in listed if member != NOBODY]
        member_count[row] = len(team)
        market = team[min(1, len(team) - 1)]
        target_region[row], target_sector[row] = region[market], sector[market]
        cross_region[row] = any(region[member] != region[team[0]] for member in team)
        cross_border[row] = any(across_border[region[team[0]], region[member]] for member in team)


def count_beginnings(
    first_row,
    members,
    member_count,
    cross_border,
    channel,
    made_by_programme,
    kind,
    cooperated_month,
    offsets,
    neighbours,
    ties,
    origin,
    used_month,
):
    counts = [0] * 6
    for project in range(first_row, len(member_count)):
        team = members[project].tolist()[: int(member_count[project])]
        if len(team) == 1:
            continue
        tie = tie_between(team[0], team[1], offsets, neighbours, ties)
        made = tie != NOBODY and (origin[tie] in (Origin.PROJECT, Origin.PROGRAMME) or used_month[tie] != NEVER)
        smes = [member for member in team if kind[member] == Kind.SME]
        new = [member for member in smes if cooperated_month[member] == NEVER]
        told = [1, cross_border[project], made_by_programme[channel[project]], made, len(smes), len(new)]
        counts = [count + int(more) for count, more in zip(counts, told, strict=True)]
    return np.array(counts, dtype=np.int64)


def engage_members(
    month,
    first_row,
    members,
    member_count,
    partnership,
    first_member,
    second_member,
    running_projects,
    cooperated_month,
    broker,
    broker_member,
    member_partnership,
    success_now,
    points,
):
    def acting_for(organisation, within):
        acting = NOBODY if broker[organisation] == NOBODY else int(broker_member[broker[organisation]])
        return acting if acting != NOBODY and member_partnership[acting] == within else NOBODY

    new = range(first_row, len(member_count))
    teams = {project: members[project].tolist()[: int(member_count[project])] for project in new}
    for project, team in teams.items():
        for member in team:
            running_projects[member] += 1
        if len(team) > 1:
            cooperated_month[team] = month
        if partnership[project] == NOBODY:
            continue
        one, other = (acting_for(team[place], partnership[project]) for place in (0, min(1, len(team) - 1)))
        if one != NOBODY:
            first_member[project] = one
        if other not in (NOBODY, one):
            second_member[project] = other
        for acting in {one, other} - {NOBODY}:
            success_now[acting] += points


def close_projects(
    running,
    status,
    members,
    member_count,
    channel,
    made_by_programme,
    cross_border,
    target_region,
    target_sector,
    first_member,
    second_member,
    region,
    sector,
    satisfaction,
    success_now,
    points,
    expected,
    memory,
):
    ended = [project for project in running.tolist() if status[project] != Status.RUNNING]
    sold = [project for project in ended if status[project] == Status.COMMERCIALISED]
    for project in sold:
        for member in (first_member[project], second_member[project]):
            success_now[member] += points * (member != NOBODY)
    for place in range(8):
        before = satisfaction.tolist()
        for project in (project for project in ended if place < member_count[project]):
            member = members[project, place]
            change = memory * ((1.0 if project in sold else 0.0) - expected - before[member])
            satisfaction[member] = np.float32(float(satisfaction[member]) + change)
    leads = [members[project, 0] for project in sold]
    counts = (
        sum(status[project] == Status.FAILED for project in ended),
        sum(status[project] == Status.EXPIRED for project in ended),
        len(sold),
        sum(made_by_programme[channel[project]] for project in sold),
        sum(cross_border[project] for project in sold),
        sum(target_region[project] != region[lead] for project, lead in zip(sold, leads, strict=True)),
        sum(target_sector[project] != sector[lead] for project, lead in zip(sold, leads, strict=True)),
    )
    return np.array([int(count) for count in counts], dtype=np.int64)


def with_room(alive, size, running_projects, most, employees_per_project):
    limits = [min(float(most), 1.0 + math.floor(np.float32(each) / np.float32(employees_per_project))) for each in size]
    room = [running < limit for running, limit in zip(running_projects.tolist(), limits, strict=True)]
    return np.array([bool(lives) and has for lives, has in zip(alive, room, strict=True)], np.bool_)
