"""Whom a seeker of the month sees for the first time: nobody is shown to it twice, nor whom it works with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import inline_kernel, kernel
from simulation.state import NOBODY

SEEN = -2
"""Stands in the place of a tie for one who was shown already, or is not to be shown."""

ROOM = 4
"""Cells of the table of whom a seeker has met, for each whom it may hold: two seldom meet in one."""

HASH, HASH_BITS = np.uint64(0x9E3779B97F4A7C15), np.uint64(40)
"""2^64 divided by the golden ratio, by which rows that follow each other spread over the table; bits not looked at."""


@kernel
def cells_for(most: int) -> int:
    """Cells of a table that is to hold up to ``most`` rows: the least power of 2, from 16, of ROOM times as many."""
    cells = 16
    while cells < ROOM * most:
        cells *= 2
    return cells


@inline_kernel
def cell_of(row: int, met: NDArray[np.int32]) -> np.uint64:
    """Cell of a table of rows by their hash in which a row stands, or would stand; never found in a full table."""
    mask = np.uint64(len(met) - 1)
    at = np.uint64(row) * HASH >> HASH_BITS
    cell = np.uint64(at & mask)
    while (met[cell] != NOBODY) & (met[cell] != row):
        cell = np.uint64(cell + np.uint64(1) & mask)
    return cell


@kernel
def meet(
    i: int, friends: NDArray[np.int32], ties: NDArray[np.int32], met: NDArray[np.int32], met_tie: NDArray[np.int32]
) -> None:
    """Begin the table of whom a seeker has met anew: itself, and those it is tied to.

    Parameters
    ----------
    i : int
        Row of the seeker, which stands as SEEN.
    friends, ties : (f,) int32
        Whom it is tied to, and by which tie, or SEEN; of two ties to the same one the first counts.
    met, met_tie : (c,) int32
        Rows where their hash puts them, NOBODY in free cells, and their ties; c is a power of 2 above f + 1.
    """
    for free in range(len(met)):
        met[free] = NOBODY
    own = cell_of(i, met)
    met[own], met_tie[own] = i, SEEN
    for k in range(len(friends)):
        cell = cell_of(friends[k], met)
        if met[cell] == NOBODY:
            met[cell], met_tie[cell] = friends[k], ties[k]


@kernel
def keep_unmet(
    start: int,
    end: int,
    met: NDArray[np.int32],
    met_tie: NDArray[np.int32],
    other: NDArray[np.int32],
    channel: NDArray[np.int8],
    tie: NDArray[np.int32],
) -> int:
    """Move those of the candidates at ``start`` to ``end - 1`` together whom the seeker has not yet SEEN.

    Each is SEEN from then on. Their ties, from the table that :func:`meet` began, or NOBODY, are written beside them.

    Returns
    -------
    int
        Place behind the last one kept.
    """
    count = start
    for k in range(start, end):
        j, place = other[np.uint64(k)], np.uint64(count)
        cell = cell_of(j, met)
        with_whom = met_tie[cell] if met[cell] == j else np.int32(NOBODY)
        met[cell], met_tie[cell] = j, SEEN
        other[place], channel[place], tie[place] = j, channel[np.uint64(k)], with_whom
        count += int(with_whom != SEEN)
    return count


@kernel
def keep_first_sights(
    looking: NDArray[np.int32],
    found: NDArray[np.int32],
    through: NDArray[np.int8],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    tie_running: NDArray[Any],
    met: NDArray[np.int32],
    met_tie: NDArray[np.int32],
    friends: NDArray[np.int32],
    friends_tie: NDArray[np.int32],
    count: int,
    seeker: NDArray[np.int32],
    other: NDArray[np.int32],
    channel: NDArray[np.int8],
    tie: NDArray[np.int32],
) -> int:
    """Write whom seekers see for the first time, seeker after seeker, in the order of their slots.

    Passed over are the seeker itself, whom it has a running project with, and whom it saw in a slot before.

    Parameters
    ----------
    looking : (s,) int32
        Rows of the seekers.
    found : (slots, at least s) int32
        Whom each sees, or NOBODY.
    through : (at least slots,) int8
        Channel of each slot.
    offsets, neighbours, ties : (n + 1,) int64, (2 m,) int32, (2 m,) int32
        Adjacency; ``tie_running`` projects on each tie.
    met, met_tie : (cells_for(friends + slots + 1),) int32
        Scratch; ``friends`` and ``friends_tie`` have room for all ties of these seekers.
    count : int
        Place from which ``seeker``, ``other``, ``channel`` and ``tie`` are written.

    Returns
    -------
    int
        Place behind the last one written; what stands there is of no account.
    """
    bounds = np.zeros(len(looking) + 1, np.int64)
    known = 0
    for s in range(len(looking)):
        for place in range(offsets[looking[s]], offsets[looking[s] + 1]):
            friends[known], friends_tie[known] = neighbours[np.uint64(place)], ties[np.uint64(place)]
            known += 1
        bounds[s + 1] = known
    for k in range(known):
        is_running = tie_running[np.uint64(friends_tie[k])] > 0
        friends_tie[k] = SEEN if is_running else friends_tie[k]
    for s in range(len(looking)):
        end = count
        for slot in range(len(found)):
            seeker[end], other[end], channel[end] = looking[s], found[slot, s], through[slot]
            end += int(found[slot, s] >= 0)
        mine = slice(bounds[s], bounds[s + 1])
        meet(looking[s], friends[mine], friends_tie[mine], met, met_tie)
        count = keep_unmet(count, end, met, met_tie, other, channel, tie)
    return count
