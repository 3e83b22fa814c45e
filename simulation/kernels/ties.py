"""Kernels of ties: where they come from, how trust moves, when they are gone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Origin, Status
from simulation.compilation import kernel
from simulation.kernels.adjacency import neighbours_by_offsets, neighbours_from_before, offsets_after
from simulation.kernels.networks import tie_between
from simulation.kernels.orders import rising_order
from simulation.state import NEVER, NOBODY

PROJECT = int(Origin.PROJECT)
PROGRAMME = int(Origin.PROGRAMME)
FAILED = int(Status.FAILED)
ROW_BITS = np.int64(32)
TIES_IN_CACHE = 50_000
"""Ties up to which it is faster to write neighbours anywhere than to read those of before in order."""


@kernel
def pair_number(a: int, b: int) -> int:
    """The pair of two rows as one number: lower row * 2^32 + higher row (int64)."""
    lower, higher = np.int64(min(a, b)), np.int64(max(a, b))
    return int((lower << ROW_BITS) | higher)


@kernel
def position_of(pair: int, pairs: NDArray[np.int64]) -> int:
    """Where a number stands in rising numbers: its position, or NOBODY (-1) if it is not there."""
    low, high = 0, pairs.size
    while low < high:
        middle = (low + high) // 2
        if pairs[middle] < pair:
            low = middle + 1
        else:
            high = middle
    if low < pairs.size and pairs[low] == pair:
        return low
    return NOBODY


@kernel
def rising_pairs(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different numbers, 0 or more, among the given ones, in rising order."""
    ordered = pairs[rising_order(pairs.view(np.uint64))]
    count = 0
    for place in range(ordered.size):
        if place == 0 or ordered[place] != ordered[place - 1]:
            ordered[count] = ordered[place]
            count += 1
    return ordered[:count].copy()


@kernel
def begun_ties(
    month: int,
    started_month: NDArray[np.int16],
    partnership: NDArray[np.int16],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """The ties that this month's new projects create: every two members without a tie, each pair once.

    Parameters
    ----------
    month : int
        Month.
    started_month, partnership, members, member_count : (p,), members (p, 8)
        Columns of projects; those with started_month == month are new.
    offsets, neighbours, ties : (n + 1,) int64, (2 m,) int32, (2 m,) int32
        Adjacency at the start of the month.

    Returns
    -------
    pairs : (k,) int64
        :func:`pair_number` of the new ties, rising.
    origin : (k,) int8
        PROGRAMME if one of the pair's new projects came about through a partnership, else PROJECT.
    """
    room = 0
    for project in range(started_month.size):
        if started_month[project] == month:
            room += member_count[project] * (member_count[project] - 1) // 2
    found = np.empty(room, np.int64)
    from_programme = np.empty(room, np.int64)
    count, programmes = 0, 0
    for project in range(started_month.size):
        if started_month[project] != month:
            continue
        for i in range(member_count[project]):
            for j in range(i):
                a, b = members[project, i], members[project, j]
                if a == b or tie_between(a, b, offsets, neighbours, ties) != NOBODY:
                    continue
                found[count] = pair_number(a, b)
                count += 1
                if partnership[project] != NOBODY:
                    from_programme[programmes] = pair_number(a, b)
                    programmes += 1
    pairs = rising_pairs(found[:count])
    origin = np.full(pairs.size, PROJECT, np.int8)
    for place in range(programmes):
        origin[position_of(from_programme[place], pairs)] = PROGRAMME
    return pairs, origin


@kernel
def use_ties(
    month: int,
    started_month: NDArray[np.int16],
    passed_month: NDArray[np.int16],
    ended_month: NDArray[np.int16],
    status: NDArray[np.int8],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    new_pairs: NDArray[np.int64],
    first_new: int,
    trust: NDArray[np.float32],
    used_month: NDArray[np.int16],
    running_projects: NDArray[np.int8],
    stage_gain: float,
    failure_factor: float,
) -> None:
    """What the month's projects do to their members' ties.

    For each project, in the order of rows, that started, passed a stage or ended this month, and each of its
    pairs of members i, j (i = 0, 1, ..., j = 0 ... i - 1) with a tie:

    1. started: running_projects += 1, used_month = month;
    2. ended: running_projects -= 1;
    3. passed: trust = float32(t + stage_gain * (1 - t)), t = float64(trust), used_month = month;
    4. ended with status FAILED: trust = float32(float64(trust) * failure_factor).

    The tie is the one in the adjacency, or else the row first_new + position of the pair among new_pairs.

    Parameters
    ----------
    month : int
        Month.
    started_month, passed_month, ended_month, status, members, member_count : (p,), members (p, 8)
        Columns of projects.
    offsets, neighbours, ties : (n + 1,) int64, (2 m,) int32, (2 m,) int32
        Adjacency at the start of the month.
    new_pairs : (k,) int64
        From :func:`begun_ties`.
    first_new : int
        Row of the tie of ``new_pairs[0]``.
    trust, used_month, running_projects : (ties,)
        Columns of ties, changed in place.
    stage_gain, failure_factor : float
        Share of missing trust gained; trust kept at a failure.
    """
    for project in range(started_month.size):
        started = started_month[project] == month
        passed = passed_month[project] == month
        ended = ended_month[project] == month
        if not (started or passed or ended):
            continue
        for i in range(member_count[project]):
            for j in range(i):
                a, b = members[project, i], members[project, j]
                tie = tie_between(a, b, offsets, neighbours, ties)
                if tie == NOBODY:
                    new = position_of(pair_number(a, b), new_pairs)
                    if new == NOBODY:
                        continue
                    tie = first_new + new
                if started:
                    running_projects[tie] += 1
                if ended:
                    running_projects[tie] -= 1
                if started or passed:
                    used_month[tie] = month
                if passed:
                    before = np.float64(trust[tie])
                    trust[tie] = np.float32(before + stage_gain * (1.0 - before))
                if ended and status[project] == FAILED:
                    trust[tie] = np.float32(np.float64(trust[tie]) * failure_factor)


@kernel
def decay_trust(
    trust: NDArray[np.float32], running_projects: NDArray[np.int8], decay: float, forgotten_below: float
) -> None:
    """Trust fades, and a tie without trust or use is forgotten.

    trust = float32(float64(trust) * decay); below forgotten_below and without a running project it becomes 0.

    Parameters
    ----------
    trust, running_projects : (ties,) float32, int8
        Columns of ties; trust is changed in place. Trust 0 without a running project marks a tie that is
        gone.
    decay, forgotten_below : float
        Trust kept in a month; the comparison is made after rounding to float32, as float64.
    """
    for tie in range(trust.size):
        kept = np.float32(np.float64(trust[tie]) * decay)
        if np.float64(kept) < forgotten_below and running_projects[tie] <= 0:
            kept = np.float32(0.0)
        trust[tie] = kept


@kernel
def gone_ties(
    alive: NDArray[np.bool_],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    trust: NDArray[np.float32],
    running_projects: NDArray[np.int8],
) -> NDArray[np.int32]:
    """The ties that leave the table at the end of a month.

    A tie leaves with an organisation that does not live any more: it gets trust 0 and no running project. Besides, all
    with neither trust above 0 nor a running project leave.

    Parameters
    ----------
    alive : (n,) bool
        Column of organisations, after the exits.
    offsets, neighbours, ties : (n + 1,) int64, (2 m,) int32, (2 m,) int32
        Adjacency of the first m ties.
    first, second, trust, running_projects : (ties,)
        Columns of ties; the last two are changed in place.

    Returns
    -------
    (g,) int32
        Rows of ties, rising.
    """
    for row in range(offsets.size - 1):
        if not alive[row]:
            for place in range(offsets[row], offsets[row + 1]):
                trust[ties[place]], running_projects[ties[place]] = 0.0, 0
    for tie in range(neighbours.size // 2, first.size):
        if not (alive[first[tie]] and alive[second[tie]]):
            trust[tie], running_projects[tie] = 0.0, 0
    gone = np.empty(first.size + 1, np.int32)
    count = 0
    for tie in range(first.size):
        gone[count] = tie
        count += int((trust[tie] <= 0.0) & (running_projects[tie] <= 0))
    return gone[:count].copy()


@kernel
def close_gaps(
    gone: NDArray[np.int32],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    trust: NDArray[np.float32],
    born_month: NDArray[np.int16],
    used_month: NDArray[np.int16],
    origin: NDArray[np.int8],
    running_projects: NDArray[np.int8],
) -> None:
    """Take ties out of the table: the others keep their order and move to the first rows.

    In the rows after them every column gets its empty value: 0, and NEVER for used_month.

    Parameters
    ----------
    gone : (g,) int32
        Rows that leave, rising.
    first, second, trust, born_month, used_month, origin, running_projects : (ties,)
        Columns of ties, changed in place.
    """
    # rows as unsigned numbers: no check for places counted from the end, which keeps cells from moving side by side
    for gap in range(gone.size):
        back = np.uint64(gap + 1)
        start = np.uint64(gone[gap] + 1)
        end = np.uint64(gone[gap + 1]) if gap + 1 < gone.size else np.uint64(first.size)
        for tie in range(start, end):
            first[tie - back] = first[tie]
        for tie in range(start, end):
            second[tie - back] = second[tie]
        for tie in range(start, end):
            trust[tie - back] = trust[tie]
        for tie in range(start, end):
            born_month[tie - back] = born_month[tie]
        for tie in range(start, end):
            used_month[tie - back] = used_month[tie]
        for tie in range(start, end):
            origin[tie - back] = origin[tie]
        for tie in range(start, end):
            running_projects[tie - back] = running_projects[tie]
    for tie in range(first.size - gone.size, first.size):
        first[tie], second[tie], trust[tie], born_month[tie] = 0, 0, 0.0, 0
        used_month[tie], origin[tie], running_projects[tie] = NEVER, 0, 0


@kernel
def renew_ties(
    gone: NDArray[np.int32],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    organisations: int,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    trust: NDArray[np.float32],
    born_month: NDArray[np.int16],
    used_month: NDArray[np.int16],
    origin: NDArray[np.int8],
    running_projects: NDArray[np.int8],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Take ties out of the table by :func:`close_gaps`; the adjacency of those that are left.

    Parameters
    ----------
    gone : (g,) int32
        Rows that leave, rising.
    offsets, neighbours, ties : (k + 1,) int64, (2 t,) int32, (2 t,) int32
        Adjacency of the first t ties, of the k organisations of then.
    organisations : int
        Number of organisations now.
    first, second, trust, born_month, used_month, origin, running_projects : (ties,)
        Columns of ties, changed in place.

    Returns
    -------
    offsets, neighbours, ties
        As :func:`simulation.kernels.adjacency.adjacency` gives them for the ties - g first rows.
    """
    known, left = neighbours.size // 2, first.size - gone.size
    after = offsets_after(offsets, known, gone, first, second, organisations)
    if known > TIES_IN_CACHE:
        neighbours, ties = neighbours_from_before(gone, offsets, neighbours, ties, first, second, after)
        close_gaps(gone, first, second, trust, born_month, used_month, origin, running_projects)
    else:
        close_gaps(gone, first, second, trust, born_month, used_month, origin, running_projects)
        neighbours, ties = neighbours_by_offsets(first[:left], second[:left], after)
    return after, neighbours, ties


@kernel
def turn_ties_over(
    alive: NDArray[np.bool_],
    old: int,
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    trust: NDArray[np.float32],
    born_month: NDArray[np.int16],
    used_month: NDArray[np.int16],
    origin: NDArray[np.int8],
    running_projects: NDArray[np.int8],
) -> tuple[int, NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Take the :func:`gone_ties` of the first ``old`` rows out of the table, and bring the adjacency up to date.

    Parameters
    ----------
    alive : (n,) bool
        Column of organisations, after exits and entries.
    offsets, neighbours, ties : (k + 1,) int64, (2 t,) int32, (2 t,) int32
        Adjacency of the first t ties, of k organisations.
    first, second, trust, born_month, used_month, origin, running_projects : (ties,)
        Columns of ties, changed in place; those of entrants stand behind the old ones.

    Returns
    -------
    gone : int
        Number of ties that left.
    offsets, neighbours, ties
        As :func:`renew_ties` gives them; those given where nothing came or went.
    """
    gone = gone_ties(alive, offsets, neighbours, ties, first[:old], second[:old], trust[:old], running_projects[:old])
    up_to_date = neighbours.size == 2 * first.size and offsets.size == alive.size + 1
    if gone.size > 0 or not up_to_date:
        offsets, neighbours, ties = renew_ties(
            gone,
            offsets,
            neighbours,
            ties,
            alive.size,
            first,
            second,
            trust,
            born_month,
            used_month,
            origin,
            running_projects,
        )
    return gone.size, offsets, neighbours, ties
