"""Orders of keys and of edges, by radix: what a sort is to numpy, at a tenth of the time to compile it."""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel

__all__ = ["decreasing_order", "rising_order"]

DIGIT_BITS = 11
DIGITS = 1 << DIGIT_BITS
DIGIT = np.uint64(DIGITS - 1)
SIGN = np.uint64(1 << 63)
SHORT_RUN = 32
FEW = 128


@kernel
def rising_order(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Positions of (m,) uint64 keys, the smallest first; equal ones in rising position.

    By radix; by insertion where they are few.
    """
    order = np.arange(keys.size)
    if keys.size <= FEW:
        for place in range(1, keys.size):
            e, before = order[place], place
            while before > 0 and keys[order[before - 1]] > keys[e]:
                order[before] = order[before - 1]
                before -= 1
            order[before] = e
        return order
    spare = np.empty(keys.size, np.int64)
    starts = np.empty(DIGITS, np.int64)
    for shift in range(0, 64, DIGIT_BITS):
        by = np.uint64(shift)
        starts[:] = 0
        for e in range(keys.size):
            starts[np.int64((keys[e] >> by) & DIGIT)] += 1
        total = 0
        alike = False
        for digit in range(DIGITS):
            count = starts[digit]
            alike = alike or count == keys.size
            starts[digit] = total
            total += count
        if alike:
            continue
        for place in range(keys.size):
            e = order[place]
            bucket = np.int64((keys[e] >> by) & DIGIT)
            spare[starts[bucket]] = e
            starts[bucket] += 1
        order, spare = spare, order
    return order


@kernel
def decreasing_order(weights: NDArray[np.float64], addresses: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The strict total order of edges: weight falling, then address rising, then position rising.

    Parameters
    ----------
    weights : (m,) float64
        Not NaN; -0.0 counts as 0.0.
    addresses : (m,) uint64

    Returns
    -------
    (m,) int64
        Positions of edges, the best first.
    """
    keys = np.empty(weights.size, np.uint64)
    for e in range(weights.size):
        pattern = np.float64(weights[e] + 0.0).view(np.uint64)
        keys[e] = pattern if pattern & SIGN else ~(pattern | SIGN)
    order = rising_order(keys)
    start = 0
    while start < order.size:
        end = start + 1
        while end < order.size and keys[order[end]] == keys[order[start]]:
            end += 1
        if end - start > SHORT_RUN:
            run = order[start:end].copy()
            for place, rank in enumerate(rising_order(addresses[run])):
                order[start + place] = run[rank]
        else:
            for place in range(start + 1, end):
                e = order[place]
                before = place
                while before > start and addresses[order[before - 1]] > addresses[e]:
                    order[before] = order[before - 1]
                    before -= 1
                order[before] = e
        start = end
    return order
