"""What projects change as they begin and as they end: members, memberships, and what is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp
from simulation.codes import Kind, Origin, Status
from simulation.compilation import kernel
from simulation.kernels.networks import tie_between
from simulation.purposes import Purpose
from simulation.randomness import combine, normal
from simulation.state import NEVER, NOBODY

PROJECT_LUCK = int(Purpose.PROJECT_LUCK)
RUNNING = int(Status.RUNNING)
COMMERCIALISED = int(Status.COMMERCIALISED)
FAILED = int(Status.FAILED)
EXPIRED = int(Status.EXPIRED)
SME = int(Kind.SME)
BY_PROJECT = int(Origin.PROJECT)
BY_PROGRAMME = int(Origin.PROGRAMME)

BEGINNINGS = 6
"""Things that :func:`count_beginnings` counts."""

ENDS = 7
"""Things that :func:`close_projects` counts."""


@kernel
def draw_luck(
    key: np.uint64,
    month: int,
    first_row: int,
    pair: NDArray[Any],
    spread: float,
    identity: NDArray[Any],
    luck: NDArray[Any],
) -> None:
    """Give new projects their addresses and their luck.

    Project k stands in row ``first_row + k``. Its identity is ``combine(pair[k], lowest 16 bits of the month)``, its
    luck ``exp(spread * z - 0.5 * spread * spread)`` in float64 with ``z = normal(key, PROJECT_LUCK, 0, identity, 0)``.

    Parameters
    ----------
    pair : (n,) uint64
        Addresses of the pairs.
    identity, luck : (p,) uint64, float32
        Columns of projects, changed in place.
    """
    for k in range(len(pair)):
        identity[first_row + k] = combine(pair[k], np.uint64(month & 0xFFFF))
    for row in range(first_row, first_row + len(pair)):
        z = normal(key, PROJECT_LUCK, 0, identity[row], 0)
        luck[row] = exp(spread * z - 0.5 * spread * spread)


@kernel
def seat_members(
    first_row: int,
    first: NDArray[Any],
    second: NDArray[Any],
    others: NDArray[Any],
    region: NDArray[Any],
    sector: NDArray[Any],
    across_border: NDArray[Any],
    members: NDArray[Any],
    member_count: NDArray[Any],
    target_region: NDArray[Any],
    target_sector: NDArray[Any],
    cross_region: NDArray[Any],
    cross_border: NDArray[Any],
) -> None:
    """Give new projects their members, and say which market they aim at and what they cross.

    Project k stands in row ``first_row + k``; its members are ``first``, ``second`` unless NOBODY, and then those of
    ``others`` that are not NOBODY. The market is that of the second member, or of the first where it is alone. A
    project crosses regions or borders where a member sits in another region or country than the first.

    Parameters
    ----------
    first, second : (n,) int32
        Organisations.
    others : (n, up to 6) int32
        Further members of each project, then NOBODY.
    region, sector : (organisations,) int
        Columns of organisations.
    across_border : (regions, regions) bool
        Whether two regions belong to two countries.
    members, member_count, target_region, target_sector, cross_region, cross_border : (p,), members (p, 8)
        Columns of projects, changed in place.
    """
    for k in range(len(first)):
        row = first_row + k
        lead = region[first[k]]
        partner = second[k] if second[k] != NOBODY else first[k]
        members[row, 0] = first[k]
        members[row, 1] = second[k]
        member_count[row] = 1 + (second[k] != NOBODY)
        target_region[row] = region[partner]
        target_sector[row] = sector[partner]
        cross_region[row] = lead != region[partner]
        cross_border[row] = across_border[lead, region[partner]]
        for place in range(others.shape[1]):
            other = others[k, place]
            members[row, 2 + place] = other
            if other != NOBODY:
                member_count[row] += 1
                cross_region[row] |= region[other] != lead
                cross_border[row] |= across_border[region[other], lead]


@kernel
def count_beginnings(
    first_row: int,
    members: NDArray[Any],
    member_count: NDArray[Any],
    cross_border: NDArray[Any],
    channel: NDArray[Any],
    made_by_programme: NDArray[Any],
    kind: NDArray[Any],
    cooperated_month: NDArray[Any],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    origin: NDArray[Any],
    used_month: NDArray[Any],
) -> NDArray[np.int64]:
    """What the projects from ``first_row`` on are, of those with two members or more.

    Parameters
    ----------
    members, member_count, cross_border, channel : (p,), members (p, 8)
        Columns of projects.
    made_by_programme : (channels,) bool
        Channels that exist through a programme only.
    kind, cooperated_month : (organisations,)
        Columns of organisations, as they were before.
    offsets, neighbours, ties, origin, used_month
        Adjacency, and columns of ties.

    Returns
    -------
    (6,) int64
        Projects; those across a border; those made by the programme; those whose first two members have a tie that a
        project made or used; SMEs in them, and of these the ones that never cooperated, once for each project.
    """
    counts = np.zeros(BEGINNINGS, np.int64)
    for project in range(first_row, len(member_count)):
        if member_count[project] < 2:
            continue
        counts[0] += 1
        counts[1] += cross_border[project]
        counts[2] += made_by_programme[channel[project]]
        tie = tie_between(members[project, 0], members[project, 1], offsets, neighbours, ties)
        if tie != NOBODY:
            counts[3] += origin[tie] == BY_PROJECT or origin[tie] == BY_PROGRAMME or used_month[tie] != NEVER
        for place in range(member_count[project]):
            member = members[project, place]
            counts[4] += kind[member] == SME
            counts[5] += kind[member] == SME and cooperated_month[member] == NEVER
    return counts


@kernel
def engage_members(
    month: int,
    first_row: int,
    members: NDArray[Any],
    member_count: NDArray[Any],
    partnership: NDArray[Any],
    first_member: NDArray[Any],
    second_member: NDArray[Any],
    running_projects: NDArray[Any],
    cooperated_month: NDArray[Any],
    broker: NDArray[Any],
    broker_member: NDArray[Any],
    member_partnership: NDArray[Any],
    success_now: NDArray[Any],
    points: float,
) -> None:
    """What new projects change for those who take part, and for the members of a partnership who brought them about.

    Every member of a project from ``first_row`` on has one running project more, and one that is not alone cooperates
    this month. A project through a partnership is a
    success, worth ``points``, of the membership that acts for the broker of its first member and of that of its second
    (or again the first, where it is alone), as far as they are in that partnership; of a membership on both sides
    once. They are kept as ``first_member`` and ``second_member``.

    Parameters
    ----------
    members, member_count, partnership, first_member, second_member : (p,), members (p, 8)
        Columns of projects; the last two are changed in place.
    running_projects, cooperated_month, broker : (organisations,)
        Columns of organisations; the first two are changed in place.
    broker_member : (brokers,) int32
        Membership that acts for each broker.
    member_partnership, success_now : (memberships,)
        Columns of members; success_now is changed in place.
    """
    for project in range(first_row, len(member_count)):
        for place in range(member_count[project]):
            running_projects[members[project, place]] += 1
            if member_count[project] > 1:
                cooperated_month[members[project, place]] = month
        if partnership[project] == NOBODY:
            continue
        for side in range(2):
            by = broker[members[project, min(side, member_count[project] - 1)]]
            acting = broker_member[by] if by != NOBODY else NOBODY
            if acting == NOBODY or member_partnership[acting] != partnership[project]:
                continue
            if side == 0:
                first_member[project] = acting
            elif acting != first_member[project]:
                second_member[project] = acting
            else:
                continue
            success_now[acting] += points


@kernel
def close_projects(
    running: NDArray[Any],
    status: NDArray[Any],
    members: NDArray[Any],
    member_count: NDArray[Any],
    channel: NDArray[Any],
    made_by_programme: NDArray[Any],
    cross_border: NDArray[Any],
    target_region: NDArray[Any],
    target_sector: NDArray[Any],
    first_member: NDArray[Any],
    second_member: NDArray[Any],
    region: NDArray[Any],
    sector: NDArray[Any],
    satisfaction: NDArray[Any],
    success_now: NDArray[Any],
    points: float,
    expected: float,
    memory: float,
) -> NDArray[np.int64]:
    """Count how the projects ended that ran until now, credit who brought about innovations, and judge what came of it.

    A commercialised project is worth ``points`` to its first and its second membership. Members compare an end with
    what was expected: with s their satisfaction, s + memory ((1 if commercialised, else 0) - expected - s), in float64.
    First members of all projects judge first, then the second ones, and so on; who judges two projects at one place
    of theirs does so from one s.

    Parameters
    ----------
    running : (r,) int
        Rows of the projects that ran when the month began.
    status, members, member_count, channel, cross_border, target_region, target_sector : (p,), members (p, 8)
        Columns of projects.
    made_by_programme : (channels,) bool
        Channels that exist through a programme only.
    first_member, second_member : (p,) int32
        Columns of projects.
    region, sector, satisfaction : (organisations,)
        Columns of organisations; satisfaction is changed in place.
    success_now : (memberships,) float64
        Changed in place.

    Returns
    -------
    (7,) int64
        Projects failed, expired, commercialised; of the last those made by the programme, across a border, for a
        market in another region than the first member's, in another sector.
    """
    counts = np.zeros(ENDS, np.int64)
    ended = np.empty(len(running), np.int64)
    count = 0
    most = 0
    for project in running:
        if status[project] == RUNNING:
            continue
        ended[count] = project
        count += 1
        most = max(most, int(member_count[project]))
        counts[0] += status[project] == FAILED
        counts[1] += status[project] == EXPIRED
        if status[project] == COMMERCIALISED:
            first = members[project, 0]
            counts[2] += 1
            counts[3] += made_by_programme[channel[project]]
            counts[4] += cross_border[project]
            counts[5] += target_region[project] != region[first]
            counts[6] += target_sector[project] != sector[first]
            if first_member[project] != NOBODY:
                success_now[first_member[project]] += points
            if second_member[project] != NOBODY:
                success_now[second_member[project]] += points
    change = np.empty(count)
    for place in range(most):
        for k in range(count):
            project = ended[k]
            if place < member_count[project]:
                surprise = np.float64(status[project] == COMMERCIALISED) - expected
                change[k] = memory * (surprise - np.float64(satisfaction[members[project, place]]))
        for k in range(count):
            project = ended[k]
            if place < member_count[project]:
                member = members[project, place]
                satisfaction[member] = np.float32(np.float64(satisfaction[member]) + change[k])
    return counts


@kernel
def with_room(
    alive: NDArray[np.bool_],
    size: NDArray[np.float32],
    running_projects: NDArray[np.int8],
    most: int,
    employees_per_project: float,
) -> NDArray[np.bool_]:
    """Which organisations are alive and have fewer running projects than ``min(most, 1 + floor(size / e))``.

    e is ``employees_per_project``; all in float32.

    Returns
    -------
    (n,) bool
    """
    result = np.empty(alive.size, np.bool_)
    for row in range(alive.size):
        carried = np.float32(1.0) + np.floor(size[row] / np.float32(employees_per_project))
        result[row] = alive[row] & (np.float32(running_projects[row]) < min(np.float32(most), carried))
    return result
