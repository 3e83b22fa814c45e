"""The stable matching without a sort of all edges: a loop of :mod:`simulation.mechanisms.matching`.

A greedy choice need not know the whole order, only the best edge that is left. Edges are dealt into sections of
falling weight by counting, and the walk goes through section by section. By the time that it comes to a section most
of its edges concern somebody who has no capacity left; those that can still be taken go through a heap, the best
first. Random bits are drawn for edges of equal weight alone.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.kernels.matching import has_room, take_room
from simulation.purposes import Purpose
from simulation.randomness import bits, pair_identity

__all__ = ["match_best_first"]

TIE_BREAK = int(Purpose.MATCHING_TIE_BREAK)
EDGES_IN_SECTION = 16
NOT_WORTH_IT = -1


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
    starts, edges = sections_by_weight(weights, reservation)
    heap, heap_weights = np.empty(edges.size, np.int64), np.empty(edges.size)
    for section in range(starts.size - 1):
        size = 0
        for place in range(starts[section], starts[section + 1]):
            e = edges[place]
            if left[first[e]] > 0 and left[second[e]] > 0:
                heap[size], heap_weights[size] = e, weights[e]
                size += 1
        for place in range(size // 2 - 1, -1, -1):
            e, weight = heap[place], heap_weights[place]
            put_in_place(e, weight, place, heap[:size], heap_weights, first, second, key, month, identities)
        while size > 0:
            e = heap[0]
            i, j, a, b, between = first[e], second[e], broker_of_first[e], broker_of_second[e], between_partners[e]
            if has_room(i, j, a, b, between, left, cases, partner_cases):
                take_room(i, j, a, b, between, left, cases, partner_cases)
                chosen[e] = True
            size -= 1
            if size > 0:
                e, weight = heap[size], heap_weights[size]
                put_in_place(e, weight, 0, heap[:size], heap_weights, first, second, key, month, identities)
    return chosen


@kernel
def sections_by_weight(weights: NDArray[np.float64], reservation: float) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Deal the edges of at least ``reservation`` into sections of falling weight.

    Every edge of a section weighs more than all of later ones. Of k edges with weights from l to h there are
    max(1, k // 16) sections, or one if all weigh the same or h - l is not finite; weight w is in section
    floor((h - w) / (h - l) (sections - 1)).

    Parameters
    ----------
    weights : (m,) float64
        Not NaN.
    reservation : float

    Returns
    -------
    starts : (sections + 1,) int64
        Edges of section s are ``edges[starts[s]:starts[s + 1]]``.
    edges : (k,) int32
        Positions of edges, section by section, in a section rising.
    """
    highest, lowest, worth_it = -np.inf, np.inf, 0
    for e in range(weights.size):
        counts = weights[e] >= reservation
        highest = max(highest, weights[e] if counts else -np.inf)
        lowest = min(lowest, weights[e] if counts else np.inf)
        worth_it += counts
    spread = highest - lowest
    sections = max(1, worth_it // EDGES_IN_SECTION) if 0.0 < spread < np.inf else 1
    section = np.empty(weights.size, np.int32)
    for e in range(weights.size):
        counts = weights[e] >= reservation
        share = (highest - weights[e]) / spread if counts and sections > 1 else 0.0
        section[e] = int(share * (sections - 1)) if counts else NOT_WORTH_IT
    starts = np.zeros(sections + 2, np.int64)
    for e in range(weights.size):
        starts[section[e] + 2] += 1
    starts[1] = 0
    for s in range(1, sections + 1):
        starts[s + 1] += starts[s]
    edges = np.empty(worth_it, np.int32)
    for e in range(weights.size):
        if section[e] != NOT_WORTH_IT:
            edges[starts[section[e] + 1]] = e
            starts[section[e] + 1] += 1
    return starts[: sections + 1], edges


@kernel
def put_in_place(
    edge: int,
    weight: float,
    place: int,
    heap: NDArray[np.int64],
    heap_weights: NDArray[np.float64],
    first: NDArray[Any],
    second: NDArray[Any],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
) -> None:
    """Put an edge at a place of the heap, or below, where better edges move up.

    Of the edges at places k, 2k + 1 and 2k + 2 that at k is then the best; ``heap_weights`` are their weights.
    """
    child = 2 * place + 1
    while child < heap.size:
        highest = heap_weights[child]
        if child + 1 < heap.size:
            beside = heap_weights[child + 1]
            if beside > highest or (
                beside == highest and wins_tie(heap[child + 1], heap[child], first, second, key, month, identities)
            ):
                child, highest = child + 1, beside
        if highest < weight or (
            highest == weight and not wins_tie(heap[child], edge, first, second, key, month, identities)
        ):
            break
        heap[place], heap_weights[place] = heap[child], highest
        place, child = child, 2 * child + 1
    heap[place], heap_weights[place] = edge, weight


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
