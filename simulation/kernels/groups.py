"""Rows sorted into groups: the clients of each broker, the tenants of each park; learning in exchange groups."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel


@kernel
def rows_by_group(
    group: NDArray[Any], counted: NDArray[Any], groups: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows of each group in rising order, by counting.

    Parameters
    ----------
    group : (n,) int
        Group of each row; rows of a negative group belong to none.
    counted : (n,) bool
        Rows that count.
    groups : int
        Number of groups.

    Returns
    -------
    offsets : (groups + 1,) int64
        Rows of group g are ``rows[offsets[g]:offsets[g + 1]]``.
    rows : int32
        Rows sorted by group, within a group in rising order.
    """
    # those that do not count are a group too, before the others: no branch is taken for them
    half, odd = len(group) // 2, len(group) % 2
    of_row = np.empty(len(group), dtype=np.uint32)
    for row in range(len(group)):
        of_row[row] = np.uint32(max(group[row], -1) + 1 if counted[row] else 0)
    # a number that rises waits for itself: the halves of the rows have one each, and are gone through side by side
    first, second = of_row[:half], of_row[half:]
    place = np.zeros((2, groups + 1), dtype=np.int64)
    early, late = place[0], place[1]
    for row in range(half):
        early[np.uint64(first[row])] += 1
        late[np.uint64(second[row])] += 1
    for row in range(half, half + odd):
        late[np.uint64(second[row])] += 1
    outside = early[0] + late[0]
    offsets = np.empty(groups + 1, dtype=np.int64)
    total = 0
    for g in range(groups + 1):
        here, further = early[g], late[g]
        early[g], late[g] = total, total + here
        total += here + further
        offsets[g] = total - outside
    rows = np.empty(len(group), dtype=np.int32)
    for row in range(half):
        one, other = np.uint64(first[row]), np.uint64(second[row])
        rows[early[one]], rows[late[other]] = row, half + row
        early[one] += 1
        late[other] += 1
    for row in range(half, half + odd):
        rows[late[np.uint64(second[row])]] = half + row
    return offsets, rows[outside:]


@kernel
def learn_in_groups(
    offsets: NDArray[np.int64],
    rows: NDArray[np.int32],
    absorptive_capacity: NDArray[np.float32],
    knowledge: NDArray[np.float32],
    rate: float,
) -> None:
    """Let the members of each group learn from each other.

    In a group of m >= 2 rows, domain by domain: T is the sum of the levels of all members as float64, in their order.
    Each member's level k becomes float32(k + rate * a * gap) with ``gap = (T - k) / (m - 1) - k``, if the gap is above
    0; k and the absorptive capacity a as float64, all gaps from the levels before the meeting.

    Parameters
    ----------
    offsets, rows : (groups + 1,) int64, int32
        Members of each group, from :func:`rows_by_group`.
    absorptive_capacity : (n,) float32
        Ability to use what others know.
    knowledge : (n, domains) float32
        Levels, changed in place.
    rate : float
        Share of the gap that full capacity closes.
    """
    total = np.empty(knowledge.shape[1])
    for group in range(offsets.size - 1):
        members = rows[offsets[group] : offsets[group + 1]]
        if members.size < 2:
            continue
        others = np.float64(members.size - 1)
        total[:] = 0.0
        for row in members:
            levels = knowledge[row]
            for domain in range(total.size):
                total[domain] += np.float64(levels[domain])
        for row in members:
            levels, learned = knowledge[row], rate * np.float64(absorptive_capacity[row])
            for domain in range(total.size):
                level = np.float64(levels[domain])
                gap = (total[domain] - level) / others - level
                levels[domain] = np.float32(level + learned * gap if gap > 0.0 else level)
