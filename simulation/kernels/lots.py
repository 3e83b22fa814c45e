"""Drawing lots: whose number is low enough, and who comes first."""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import inline_kernel, kernel
from simulation.kernels.groups import rows_by_group
from simulation.randomness import uniform

__all__ = ["draw_below", "drawn_before", "first_by_lot", "sink_in_heap"]

type Rows = NDArray[np.int64]
type Identities = NDArray[np.uint64]

HEAD = np.int64(0)
"""The head of a heap; as a bare 0 it would have a kernel compiled for itself."""


@kernel
def draw_below(
    key: np.uint64,
    purpose: int,
    month: int,
    addresses: Identities,
    counter: int,
    limit: float,
    places: Rows,
    drawn: NDArray[np.float64],
) -> int:
    """Those with u at (purpose, month, address, counter) below a limit.

    Parameters
    ----------
    addresses : (n,) uint64
    places, drawn : (n,)
        Filled from the front with their places in ``addresses``, rising, and their u; what stands behind these is
        undefined.

    Returns
    -------
    int
        How many they are.
    """
    for place in range(addresses.size):
        drawn[place] = uniform(key, purpose, month, addresses[place], counter)
    count = 0
    for place in range(addresses.size):
        u = drawn[place]
        places[count], drawn[count] = place, u
        count += int(u < limit)
    return count


@inline_kernel
def drawn_before(one: int, other: int, drawn: Identities, identity: Identities) -> bool:
    """Whether one place comes before another by rising ``drawn``, of equals by rising identity."""
    return bool(drawn[one] < drawn[other] or (drawn[one] == drawn[other] and identity[one] < identity[other]))


@kernel
def sink_in_heap(heap: NDArray[np.int32], at: int | np.int64, drawn: Identities, identity: Identities) -> None:
    """Let what stands in a place of a heap sink to where it belongs.

    In a heap nobody at p comes before (:func:`drawn_before`) those at 2 p + 1 and 2 p + 2, so that at its head stands
    who comes last. While it comes before one of these two, it changes places with the later one.

    Parameters
    ----------
    heap : (h,) int32
        Places in ``drawn`` and ``identity``; below ``at`` a heap. Changed in place.
    """
    while 2 * at + 1 < heap.size:
        below = 2 * at + 1
        if below + 1 < heap.size and drawn_before(heap[below], heap[below + 1], drawn, identity):
            below += 1
        if not drawn_before(heap[at], heap[below], drawn, identity):
            break
        heap[at], heap[below] = heap[below], heap[at]
        at = below


@kernel
def first_by_lot(drawn: Identities, identity: Identities, group: NDArray[np.int16], groups: int, most: int) -> Rows:
    """The first ``most`` of each group (:func:`drawn_before`), as places in the columns.

    Parameters
    ----------
    drawn, identity, group : (n,)

    Returns
    -------
    (k,) int64
        Group by group in rising order, in each the first one first.
    """
    offsets, places = rows_by_group(group, np.ones(group.size, np.bool_), groups)
    first = np.empty(places.size, np.int64)
    count = 0
    for g in range(groups):
        everybody = places[offsets[g] : offsets[g + 1]]
        size = min(max(most, 0), everybody.size)
        heap = everybody[:size]
        for at in range(size // 2 - 1, -1, -1):
            sink_in_heap(heap, at, drawn, identity)
        for one in everybody[size:]:
            if size > 0 and drawn_before(one, heap[HEAD], drawn, identity):
                heap[HEAD] = one
                sink_in_heap(heap, HEAD, drawn, identity)
        for left in range(size, 0, -1):
            first[count + left - 1] = heap[HEAD]
            heap[HEAD] = heap[left - 1]
            sink_in_heap(heap[: left - 1], HEAD, drawn, identity)
        count += size
    return first[:count]
