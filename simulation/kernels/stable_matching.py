"""The stable matching without a sort of all edges: a loop of :mod:`simulation.mechanisms.matching`.

A greedy choice need not know the whole order, only the best edge that is left. Edges stand in blocks of
consecutive positions, and a heap holds the best of each block that can still be taken. Capacity only falls, so
an edge that could not be taken once never can: the heap's first edge is the next that the walk down the whole
order would take, or one that it would pass over. A block is looked through again when its edge leaves the heap,
and random bits are drawn for edges of equal weight alone.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.kernels.matching import has_room, take_room
from simulation.purposes import Purpose
from simulation.randomness import bits, pair_identity
from simulation.state import NOBODY

__all__ = ["match_best_first"]

TIE_BREAK = int(Purpose.MATCHING_TIE_BREAK)
SHORTEST_BLOCK, LONGEST_BLOCK = 16, 64


@kernel
def match_best_first(
    first: NDArray[Any],
    second: NDArray[Any],
    weights: NDArray[np.float64],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
    capacity: NDArray[np.int64],
    broker_of_first: NDArray[Any],
    broker_of_second: NDArray[Any],
    between_partners: NDArray[np.bool_],
    broker_capacity: NDArray[Any],
    partner_capacity: NDArray[Any],
    reservation: float,
) -> NDArray[np.bool_]:
    """Take edges by falling weight as long as everybody concerned has capacity left.

    Edges of the same weight are taken by their addresses, the bits at (MATCHING_TIE_BREAK, month, identity of the
    pair, 0), the lower first, then by position. An edge takes one unit of capacity of each end, and of cases what
    :func:`~simulation.kernels.matching.match_in_order` tells.

    Parameters
    ----------
    first, second : (m,) int32 or int64
        Ends of each edge, rows of ``capacity`` and ``identities``.
    weights : (m,) float64
        Not NaN.
    identities : (n,) uint64
        Of the ends.
    capacity : (n,) int64
    broker_of_first, broker_of_second : (m,) int32 or int64
        Rows of the broker tables, or NOBODY.
    between_partners : (m,) bool
    broker_capacity, partner_capacity : (b,) int32 or int64
    reservation : float

    Returns
    -------
    (m,) bool
        The chosen edges; the capacities are left as they are.
    """
    chosen = np.zeros(first.size, np.bool_)
    left, cases, partner_cases = capacity.copy(), broker_capacity.copy(), partner_capacity.copy()
    starts = block_starts(first)
    best = np.empty(starts.size - 1, np.int64)
    heap, heap_weights = np.empty(best.size, np.int64), np.empty(best.size)
    size = 0
    for block in range(best.size):
        e = best_of_block(
            starts[block],
            starts[block + 1],
            first,
            second,
            weights,
            key,
            month,
            identities,
            broker_of_first,
            broker_of_second,
            between_partners,
            left,
            cases,
            partner_cases,
            reservation,
            chosen,
        )
        if e != NOBODY:
            best[block], heap[size], heap_weights[size] = e, block, weights[e]
            size += 1
    heap, heap_weights = heap[:size], heap_weights[:size]
    for place in range(size // 2 - 1, -1, -1):
        block = heap[place]
        put_in_place(block, place, heap, heap_weights, best, first, second, weights, key, month, identities)
    while heap.size:
        block = heap[0]
        e = best[block]
        i, j, a, b, between = first[e], second[e], broker_of_first[e], broker_of_second[e], between_partners[e]
        if has_room(i, j, a, b, between, left, cases, partner_cases):
            take_room(i, j, a, b, between, left, cases, partner_cases)
            chosen[e] = True
        e, start, end = NOBODY, starts[block], starts[block + 1]
        while start < end and left[first[start]] < 1:
            start += 1
        if start < end:
            e = best_of_block(
                start,
                end,
                first,
                second,
                weights,
                key,
                month,
                identities,
                broker_of_first,
                broker_of_second,
                between_partners,
                left,
                cases,
                partner_cases,
                reservation,
                chosen,
            )
        if e != NOBODY:
            best[block] = e
        else:
            block, heap, heap_weights = heap[-1], heap[:-1], heap_weights[:-1]
        if heap.size:
            put_in_place(block, 0, heap, heap_weights, best, first, second, weights, key, month, identities)
    return chosen


@kernel
def block_starts(first: NDArray[Any]) -> NDArray[np.int64]:
    """Where blocks of edges begin, and the number of edges at the end: (blocks + 1,) int64.

    A block ends with the 64th edge, or from the 16th on where the first end changes.
    """
    starts = np.empty(first.size // SHORTEST_BLOCK + 2, np.int64)
    blocks, start = 0, 0
    starts[0] = 0
    for e in range(1, first.size):
        if e - start >= SHORTEST_BLOCK and (first[e] != first[e - 1] or e - start == LONGEST_BLOCK):
            blocks += 1
            starts[blocks] = start = e
    if first.size:
        blocks += 1
        starts[blocks] = first.size
    return starts[: blocks + 1].copy()


@kernel
def best_of_block(
    start: int,
    end: int,
    first: NDArray[Any],
    second: NDArray[Any],
    weights: NDArray[np.float64],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
    broker_of_first: NDArray[Any],
    broker_of_second: NDArray[Any],
    between_partners: NDArray[np.bool_],
    left: NDArray[np.int64],
    cases: NDArray[Any],
    partner_cases: NDArray[Any],
    reservation: float,
    chosen: NDArray[np.bool_],
) -> int:
    """The best of the edges from ``start`` to before ``end`` that can still be taken; NOBODY if none can.

    Parameters as in :func:`match_best_first`; ``left``, ``cases`` and ``partner_cases`` are what is left of the
    capacities, ``chosen`` the edges taken so far.
    """
    best, highest = NOBODY, reservation
    for e in range(start, end):
        if weights[e] < highest or chosen[e]:
            continue
        i, j, a, b, between = first[e], second[e], broker_of_first[e], broker_of_second[e], between_partners[e]
        if not has_room(i, j, a, b, between, left, cases, partner_cases):
            continue
        if best == NOBODY or weights[e] > highest or wins_tie(e, best, first, second, key, month, identities):
            best, highest = e, weights[e]
    return best


@kernel
def put_in_place(
    block: int,
    place: int,
    heap: NDArray[np.int64],
    heap_weights: NDArray[np.float64],
    best: NDArray[np.int64],
    first: NDArray[Any],
    second: NDArray[Any],
    weights: NDArray[np.float64],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
) -> None:
    """Put a block at a place of the heap, or below, where blocks of better edges move up.

    Of the blocks at places k, 2k + 1 and 2k + 2 that at k then has the best of their ``best`` edges;
    ``heap_weights`` are the weights of these.
    """
    edge, weight = best[block], weights[best[block]]
    child = 2 * place + 1
    while child < heap.size:
        highest = heap_weights[child]
        if child + 1 < heap.size:
            beside = heap_weights[child + 1]
            if beside > highest or (
                beside == highest
                and wins_tie(best[heap[child + 1]], best[heap[child]], first, second, key, month, identities)
            ):
                child, highest = child + 1, beside
        if highest < weight or (
            highest == weight and not wins_tie(best[heap[child]], edge, first, second, key, month, identities)
        ):
            break
        heap[place], heap_weights[place] = heap[child], highest
        place, child = child, 2 * child + 1
    heap[place], heap_weights[place] = block, weight


@kernel
def wins_tie(
    e: int,
    f: int,
    first: NDArray[Any],
    second: NDArray[Any],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
) -> bool:
    """Whether edge e is taken before f of the same weight: by the lower random bits of the pair, then by position."""
    pair = pair_identity(identities[first[e]], identities[second[e]])
    other = pair_identity(identities[first[f]], identities[second[f]])
    if pair == other:
        return e < f
    mine, theirs = bits(key, TIE_BREAK, month, pair, 0), bits(key, TIE_BREAK, month, other, 0)
    return bool(mine < theirs or (mine == theirs and e < f))
