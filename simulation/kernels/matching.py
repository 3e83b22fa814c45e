"""Greedy matching under a strict total order: the loops of :mod:`simulation.mechanisms.matching`."""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.state import NOBODY

__all__ = ["decreasing_order", "match_in_order", "rising_order"]

DIGIT_BITS = 11
DIGITS = 1 << DIGIT_BITS
DIGIT = np.uint64(DIGITS - 1)
SIGN = np.uint64(1 << 63)
SHORT_RUN = 32


@kernel
def rising_order(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Positions of (m,) uint64 keys, the smallest first; equal ones in rising position (radix sort)."""
    order = np.arange(keys.size)
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
            order[start:end] = run[rising_order(addresses[run])]
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


@kernel
def match_in_order(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weights: NDArray[np.float64],
    order: NDArray[np.int64],
    capacity: NDArray[np.int64],
    broker_of_first: NDArray[np.int64],
    broker_of_second: NDArray[np.int64],
    between_partners: NDArray[np.bool_],
    broker_capacity: NDArray[np.int64],
    partner_capacity: NDArray[np.int64],
    reservation: float,
    most_pairs: int,
) -> NDArray[np.bool_]:
    """Take edges in the given order as long as everybody concerned has capacity left.

    An edge takes one unit of capacity of each end; one unit of broker capacity of the brokers of its two
    sides (NOBODY: none; the same broker on both sides: one unit); and, if it is a case between partners, also
    one unit of partner capacity of the same brokers. It is taken if all of these are there and its weight is
    at least ``reservation``. The walk ends when ``most_pairs`` edges are taken.

    Parameters
    ----------
    first, second : (m,) int64
        Ends of each edge, rows of ``capacity``.
    weights : (m,) float64
    order : (m,) int64
    capacity : (n,) int64
    broker_of_first, broker_of_second : (m,) int64
        Rows of the broker tables, or NOBODY.
    between_partners : (m,) bool
    broker_capacity, partner_capacity : (b,) int64
    reservation : float
    most_pairs : int

    Returns
    -------
    (m,) bool
        The chosen edges; the capacities are left as they are.
    """
    chosen = np.zeros(first.size, np.bool_)
    left, cases, partner_cases = capacity.copy(), broker_capacity.copy(), partner_capacity.copy()
    pairs = 0
    for e in order:
        if pairs >= most_pairs:
            break
        i, j, a, b = first[e], second[e], broker_of_first[e], broker_of_second[e]
        if weights[e] < reservation or left[i] < 1 or left[j] < 1:
            continue
        if b == a:
            b = NOBODY
        if a != NOBODY and (cases[a] < 1 or (between_partners[e] and partner_cases[a] < 1)):
            continue
        if b != NOBODY and (cases[b] < 1 or (between_partners[e] and partner_cases[b] < 1)):
            continue
        left[i] -= 1
        left[j] -= 1
        for broker in (a, b):
            if broker != NOBODY:
                cases[broker] -= 1
                if between_partners[e]:
                    partner_cases[broker] -= 1
        chosen[e] = True
        pairs += 1
    return chosen
