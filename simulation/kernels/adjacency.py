"""Who is tied to whom, node by node: made from the list of ties, or brought up to date where few of them changed."""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel

__all__ = ["adjacency", "neighbours_by_offsets", "neighbours_from_before", "offsets_after"]

type Rows = NDArray[np.int64]

BLOCK_BITS = np.uint64(7)
BLOCK = 1 << 7
GONE = np.uint8(BLOCK)


@kernel
def adjacency(first: Rows, second: Rows, n: int) -> tuple[Rows, NDArray[np.int32], NDArray[np.int32]]:
    """Neighbours of every node, by counting.

    Those of i stand at offsets[i] to offsets[i + 1] - 1, in rising order of tie.

    Parameters
    ----------
    first, second : (m,) int64
        Ends of the ties.
    n : int
        Number of nodes.

    Returns
    -------
    offsets : (n + 1,) int64
    neighbours : (2 m,) int32
    ties : (2 m,) int32
        Which tie leads to the neighbour.
    """
    offsets = np.zeros(n + 1, np.int64)
    for e in range(first.size):
        offsets[first[e] + 1] += 1
        offsets[second[e] + 1] += 1
    for i in range(n):
        offsets[i + 1] += offsets[i]
    neighbours, ties = neighbours_by_offsets(first, second, offsets)
    return offsets, neighbours, ties


@kernel
def neighbours_by_offsets(
    first: NDArray[np.signedinteger], second: NDArray[np.signedinteger], offsets: Rows
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The last two of what :func:`adjacency` gives, where the first of it is known."""
    free = offsets[:-1].astype(np.uint64)
    neighbours = np.empty(2 * first.size, np.int32)
    ties = np.empty(2 * first.size, np.int32)
    # rows as unsigned numbers: no check for places counted from the end
    for e in range(first.size):
        one, other = np.uint64(first[e]), np.uint64(second[e])
        place = free[one]
        free[one] = place + np.uint64(1)
        neighbours[place], ties[place] = other, e
        place = free[other]
        free[other] = place + np.uint64(1)
        neighbours[place], ties[place] = one, e
    return neighbours, ties


@kernel
def offsets_after(
    offsets: Rows, known: int, gone: NDArray[np.int32], first: NDArray[np.int32], second: NDArray[np.int32], n: int
) -> Rows:
    """Offsets of the adjacency once some ties are gone and others have come, from those before.

    Parameters
    ----------
    offsets : (k + 1,) int64
        Of the adjacency of the first ``known`` ties, of k <= n nodes.
    known : int
        Number of ties in it; those from this row on have come since.
    gone : (g,) int32
        Rows of the ties that are gone, old or new.
    first, second : (m,) int32
        Ends of the ties, those that are gone among them.
    n : int
        Number of nodes.

    Returns
    -------
    (n + 1,) int64
    """
    after = np.zeros(n + 1, np.int64)
    for i in range(offsets.size - 1):
        after[i + 1] = offsets[i + 1] - offsets[i]
    for tie in gone:
        after[first[tie] + 1] -= 1
        after[second[tie] + 1] -= 1
    for tie in range(known, first.size):
        after[first[tie] + 1] += 1
        after[second[tie] + 1] += 1
    for i in range(n):
        after[i + 1] += after[i]
    return after


@kernel
def neighbours_from_before(
    gone: NDArray[np.int32],
    offsets: Rows,
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    after: Rows,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """What :func:`neighbours_by_offsets` gives for the ties that are left, read in order from the adjacency before.

    Parameters
    ----------
    gone : (g,) int32
        Rows of the ties that are gone, rising. The others will be numbered anew, without gaps.
    offsets, neighbours, ties : (k + 1,) int64, (2 t,) int32, (2 t,) int32
        Adjacency of the first t ties, those that are gone among them.
    first, second : (m,) int32
        Ends of the ties, those that are gone among them.
    after : (n + 1,) int64
        From :func:`offsets_after`.
    """
    gone_before, mark = _renumbering(gone, first.size)
    size = 2 * (first.size - gone.size)
    # a cell more than there are, since a tie that is gone is written too, and the next one over it
    left_neighbours, left_ties = np.empty(size + 1, np.int32), np.empty(size + 1, np.int32)
    free = after[:-1].astype(np.uint64)
    place = np.uint64(0)
    for node in range(offsets.size - 1):
        to, end = free[node], np.uint64(offsets[node + 1])
        while place < end:
            other, tie = neighbours[place], np.uint64(ties[place])
            left = mark[tie]
            number = np.int64(tie) - gone_before[tie >> BLOCK_BITS] - np.int64(left)
            left_neighbours[to] = other
            left_ties[to] = number
            to += np.uint64(left < GONE)
            place += np.uint64(1)
        free[node] = to
    for new in range(neighbours.size // 2, first.size):
        if mark[new] < GONE:
            number = new - gone_before[new // BLOCK] - np.int64(mark[new])
            for node, other in ((first[new], second[new]), (second[new], first[new])):
                left_neighbours[free[node]], left_ties[free[node]] = other, number
                free[node] += np.uint64(1)
    return left_neighbours[:size], left_ties[:size]


@kernel
def _renumbering(gone: NDArray[np.int32], count: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """By how much the numbers of ties fall once some are gone, in two parts that fit into the cache.

    Parameters
    ----------
    gone : (g,) int32
        Rows of the ties that are gone, rising.
    count : int
        Number of ties.

    Returns
    -------
    gone_before : (blocks + 1,) int32
        Ties that are gone before each block of 128 ties, and in all.
    mark : (count,) uint8
        Ties of its block that are gone before a tie, and 128 more for one that is gone itself.
    """
    mark = np.zeros(count, np.uint8)
    for tie in gone:
        mark[tie] = 1
    blocks = (count + BLOCK - 1) // BLOCK
    gone_before = np.zeros(blocks + 1, np.int32)
    for block in range(blocks):
        within = np.uint64(0)
        for tie in range(np.uint64(block * BLOCK), np.uint64(min(count, (block + 1) * BLOCK))):
            is_gone = np.uint64(mark[tie])
            mark[tie] = within + is_gone * np.uint64(GONE)
            within += is_gone
        gone_before[block + 1] = gone_before[block] + np.int32(within)
    return gone_before, mark
