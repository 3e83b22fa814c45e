"""The stable matching without a sort of all edges: a loop of :mod:`simulation.mechanisms.matching`.

A greedy choice need not know the whole order, only the best edge that is left, which is the best of one of the ends.
Edges of one first end stand side by side, in a run. Runs are walked through in the order of their best edges; where
that edge cannot be taken, the next best of the run that still can goes into a heap, and is tried when its turn comes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.kernels.matching import has_room, take_room
from simulation.kernels.orders import decreasing_order
from simulation.purposes import Purpose
from simulation.randomness import bits, pair_identity

__all__ = ["match_best_first"]

TIE_BREAK = int(Purpose.MATCHING_TIE_BREAK)
LONGEST_RUN = 64
NONE = -1
"""No edge, or no run."""


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
    chosen, tried = np.zeros(first.size, np.bool_), np.zeros(first.size, np.bool_)
    cases, partner_cases = broker_capacity.copy(), partner_capacity.copy()
    left = np.empty(capacity.size, np.int32)
    for i in range(capacity.size):
        left[i] = min(capacity[i], first.size)
    starts = runs_of(first)
    runs = starts.size - 1
    best, best_weight = np.empty(runs, np.int64), np.empty(runs)
    for run in range(runs):
        start, end = starts[run], starts[run + 1]
        # whoever has no capacity from the beginning is found out when it is tried
        e, most, equal = NONE, -np.inf, False
        for k in range(start, end):
            weight = weights[np.uint64(k)]
            equal |= weight == most
            e, most = k if weight > most else e, weight if weight > most else most
        if equal:
            e = best_left(start, end, second, weights, left, tried, reservation, first, key, month, identities)
            most = weights[e] if e != NONE else -np.inf
        best[run], best_weight[run] = e if most >= reservation else NONE, most
    addresses, concerned = np.empty(runs, np.uint64), np.empty((runs, 5), np.int64)
    for run in range(runs):
        e = max(best[run], 0)
        i, j, a, b = first[e], second[e], broker_of_first[e], broker_of_second[e]
        concerned[run, 0], concerned[run, 1], concerned[run, 2], concerned[run, 3] = i, j, a, b
        concerned[run, 4] = between_partners[e]
        addresses[run] = pair_identity(identities[i], identities[j])
    for run in range(runs):
        addresses[run] = bits(key, TIE_BREAK, month, addresses[run], 0)
    order = decreasing_order(best_weight, addresses)
    heap, heap_weights, size, place = np.empty(runs, np.int64), np.empty(runs), 0, 0
    while place < runs or size > 0:
        again = size > 0 and (
            place == runs
            or heap_weights[0] > best_weight[order[place]]
            or (
                heap_weights[0] == best_weight[order[place]]
                and wins_tie(best[heap[0]], best[order[place]], first, second, key, month, identities)
            )
        )
        if again:
            run = heap[0]
            size -= 1
            if size > 0:
                last, weight = heap[size], heap_weights[size]
                put_in_place(last, weight, 0, heap[:size], heap_weights, best, first, second, key, month, identities)
        else:
            run = order[place]
            place += 1
        e = best[run]
        if e == NONE:
            continue
        if again:
            i, j, a, b, between = first[e], second[e], broker_of_first[e], broker_of_second[e], between_partners[e]
        else:
            of_run = concerned[run]
            i, j, a, b, between = of_run[0], of_run[1], of_run[2], of_run[3], of_run[4] > 0
        tried[e] = True
        if has_room(i, j, a, b, between, left, cases, partner_cases):
            take_room(i, j, a, b, between, left, cases, partner_cases)
            chosen[e] = True
        if left[i] > 0:
            start, end = starts[run], starts[run + 1]
            e = best_left(start, end, second, weights, left, tried, reservation, first, key, month, identities)
            best[run] = e
            if e != NONE:
                size += 1
                rise(run, weights[e], heap[:size], heap_weights, best, first, second, key, month, identities)
    return chosen


@kernel
def runs_of(first: NDArray[Any]) -> NDArray[np.int64]:
    """Where runs of edges with the same first end begin, and the number of edges: (runs + 1,) int64.

    A run has 64 edges at most, since all of it is looked through each time that one of its edges was tried.
    """
    starts = np.empty(first.size + 1, np.int64)
    runs, start = 0, 0
    for e in range(first.size):
        begins = e == 0 or first[e] != first[e - 1] or e - start == LONGEST_RUN
        start = e if begins else start
        starts[runs] = e
        runs += int(begins)
    starts[runs] = first.size
    return starts[: runs + 1].copy()


@kernel
def best_left(
    start: int,
    end: int,
    second: NDArray[Any],
    weights: NDArray[np.float64],
    left: NDArray[np.int32],
    tried: NDArray[np.bool_],
    reservation: float,
    first: NDArray[Any],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
) -> int:
    """The best edge of a run that could still be taken: not tried, worth it, its second end with capacity left.

    Parameters
    ----------
    start, end : int
        Edges of the run.
    first, second, weights, key, month, identities, reservation
        As in :func:`match_best_first`.
    left : (n,) int32
        Capacity left of each end.
    tried : (m,) bool

    Returns
    -------
    int
        Position of the edge, or NONE.
    """
    best, most = NONE, -np.inf
    for e in range(start, end):
        weight = weights[e]
        could = (weight >= most) & (weight >= reservation) & (not tried[e]) and left[second[e]] > 0
        if could and (weight > most or best == NONE or wins_tie(e, best, first, second, key, month, identities)):
            best, most = e, weight
    return best


@kernel
def rise(
    run: int,
    weight: float,
    heap: NDArray[np.int64],
    heap_weights: NDArray[np.float64],
    best: NDArray[np.int64],
    first: NDArray[Any],
    second: NDArray[Any],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
) -> None:
    """Put a run at the last place of the heap, or above, where runs with worse edges move down.

    Parameters as in :func:`put_in_place`.
    """
    place = heap.size - 1
    while place > 0:
        above = (place - 1) // 2
        if heap_weights[above] > weight or (
            heap_weights[above] == weight
            and not wins_tie(best[run], best[heap[above]], first, second, key, month, identities)
        ):
            break
        heap[place], heap_weights[place] = heap[above], heap_weights[above]
        place = above
    heap[place], heap_weights[place] = run, weight


@kernel
def put_in_place(
    run: int,
    weight: float,
    place: int,
    heap: NDArray[np.int64],
    heap_weights: NDArray[np.float64],
    best: NDArray[np.int64],
    first: NDArray[Any],
    second: NDArray[Any],
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
) -> None:
    """Put a run at a place of the heap, or below, where runs with better edges move up.

    Of the runs at places k, 2k + 1 and 2k + 2 that at k then has the best edge; ``best`` are the edges of runs, and
    ``heap_weights`` the weights of those in the heap.
    """
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
            highest == weight and not wins_tie(best[heap[child]], best[run], first, second, key, month, identities)
        ):
            break
        heap[place], heap_weights[place] = heap[child], highest
        place, child = child, 2 * child + 1
    heap[place], heap_weights[place] = run, weight


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
