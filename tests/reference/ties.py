"""Plain twins of simulation/kernels/ties.py, one pair of members and one tie at a time."""

import numpy as np

from simulation.codes import Origin, Status
from simulation.state import NEVER, NOBODY
from tests.reference.adjacency import adjacency
from tests.reference.networks import tie_between


def pair_number(a, b):
    return min(int(a), int(b)) * 2**32 + max(int(a), int(b))


def position_of(pair, pairs):
    listed = pairs.tolist()
    return listed.index(pair) if pair in listed else NOBODY


def rising_pairs(pairs):
    return np.array(sorted(set(pairs.tolist())), dtype=np.int64)


def pairs_of_members(project, members, member_count):
    """Every two members of a project: for i = 0, 1, ... those with j = 0 ... i - 1."""
    taking_part = members[project].tolist()[: int(member_count[project])]
    return [(one, other) for i, one in enumerate(taking_part) for other in taking_part[:i]]


def begun_ties(month, started_month, partnership, members, member_count, offsets, neighbours, ties):
    origins = {}
    for project in range(len(started_month)):
        if started_month[project] != month:
            continue
        made = Origin.PROJECT if partnership[project] == NOBODY else Origin.PROGRAMME
        for one, other in pairs_of_members(project, members, member_count):
            if tie_between(one, other, offsets, neighbours, ties) == NOBODY:
                number = pair_number(one, other)
                origins[number] = max(made, origins.get(number, Origin.PROJECT))
    pairs = sorted(origins)
    return np.array(pairs, dtype=np.int64), np.array([origins[pair] for pair in pairs], dtype=np.int8)


def use_ties(
    month,
    started_month,
    passed_month,
    ended_month,
    status,
    members,
    member_count,
    offsets,
    neighbours,
    ties,
    new_pairs,
    first_new,
    trust,
    used_month,
    running_projects,
    stage_gain,
    failure_factor,
):
    for project in range(len(status)):
        started, passed, ended = (column[project] == month for column in (started_month, passed_month, ended_month))
        for one, other in pairs_of_members(project, members, member_count):
            tie = tie_between(one, other, offsets, neighbours, ties)
            if tie == NOBODY:
                position = position_of(pair_number(one, other), new_pairs)
                if position == NOBODY:
                    continue
                tie = first_new + position
            if started:
                running_projects[tie] += 1
                used_month[tie] = month
            if ended:
                running_projects[tie] -= 1
            if passed:
                t = float(trust[tie])
                trust[tie] = np.float32(t + stage_gain * (1.0 - t))
                used_month[tie] = month
            if ended and status[project] == Status.FAILED:
                trust[tie] = np.float32(float(trust[tie]) * failure_factor)


def decay_trust(trust, running_projects, decay, forgotten_below):
    for tie in range(len(trust)):
        trust[tie] = np.float32(float(trust[tie]) * decay)
        if float(trust[tie]) < forgotten_below and running_projects[tie] == 0:
            trust[tie] = 0.0


def gone_ties(alive, offsets, neighbours, ties, first, second, trust, running_projects):
    gone = []
    for tie, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        if not (alive[one] and alive[other]):
            trust[tie], running_projects[tie] = 0.0, 0
        if trust[tie] <= 0.0 and running_projects[tie] <= 0:
            gone.append(tie)
    return np.array(gone, dtype=np.int32)


def close_gaps(gone, first, second, trust, born_month, used_month, origin, running_projects):
    columns = (first, second, trust, born_month, used_month, origin, running_projects)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    kept = [row for tie, row in enumerate(rows) if tie not in gone]
    empty = [(0, 0, 0.0, 0, NEVER, 0, 0)] * len(gone)
    for tie, row in enumerate(kept + empty):
        for column, cell in zip(columns, row, strict=True):
            column[tie] = cell


def renew_ties(gone, offsets, neighbours, ties, organisations, first, second, *columns):
    close_gaps(gone, first, second, *columns)
    left = len(first) - len(gone)
    of_nodes, neighbours, ties = adjacency(first[:left], second[:left], organisations)
    return np.array(of_nodes, np.int64), np.array(neighbours, np.int32), np.array(ties, np.int32)


def turn_ties_over(alive, old, offsets, neighbours, ties, first, second, *columns):
    trust, running_projects = columns[0], columns[-1]
    of_old = (column[:old] for column in (first, second, trust, running_projects))
    gone = gone_ties(alive, offsets, neighbours, ties, *of_old)
    if len(gone) or len(neighbours) < 2 * len(first) or len(offsets) <= len(alive):
        offsets, neighbours, ties = renew_ties(gone, offsets, neighbours, ties, len(alive), first, second, *columns)
    return len(gone), offsets, neighbours, ties
