"""Sums: rounded once, so that no order of their terms shows in them, or on the way as numpy does."""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel

__all__ = ["exact_mean", "exact_sum", "known_mean", "pairwise_sum"]

BLOCK = 128
"""Terms up to which numpy adds without dividing them into halves."""

MOST_PARTS = 64
"""Parts without common digits into which a sum of float64 may fall are fewer."""


@kernel
def exact_sum(values: NDArray[np.float64]) -> float:
    """Sum of numbers as it would be without rounding on the way, rounded once, half to even (Shewchuk 1997)."""
    parts = np.empty(MOST_PARTS)
    count = 0
    for value in values:
        total, left = value, 0
        for place in range(count):
            larger, smaller = total, parts[place]
            if abs(larger) < abs(smaller):
                larger, smaller = smaller, larger
            total = larger + smaller
            rest = smaller - (total - larger)
            if rest != 0.0:
                parts[left] = rest
                left += 1
        parts[left] = total
        count = left + 1
    total, rest = 0.0, 0.0
    while count > 0 and rest == 0.0:
        count -= 1
        before = total
        total = before + parts[count]
        rest = parts[count] - (total - before)
    # Exactly between two numbers, what was left out says which of them is nearer.
    if count > 0 and (rest < 0.0) == (parts[count - 1] < 0.0):
        beyond = total + 2.0 * rest
        if beyond - total == 2.0 * rest:
            total = beyond
    return float(total)


@kernel
def exact_mean(values: NDArray[np.float64]) -> float:
    """:func:`exact_sum` divided by the number of values; NaN where there is none."""
    return exact_sum(values) / float(values.size) if values.size else np.nan


@kernel
def known_mean(column: NDArray[np.float64]) -> float:
    """:func:`exact_mean` of the values that are not NaN."""
    known = np.empty(column.size)
    count = 0
    for value in column:
        if not np.isnan(value):
            known[count] = value
            count += 1
    return exact_mean(known[:count])


@kernel
def pairwise_sum(values: NDArray[np.float64]) -> float:
    """Sum with the bits of numpy's: the sums of two halves up to 128 terms, then eight sums side by side.

    The first half of n terms has n / 2 of them, less what exceeds a multiple of eight.
    """
    if values.size > BLOCK:
        half = values.size // 2
        half -= half % 8
        return float(pairwise_sum(values[:half]) + pairwise_sum(values[half:]))
    total, start = 0.0, 0
    if values.size >= 8:
        sums = values[:8].copy()
        for start in range(8, values.size - values.size % 8, 8):
            for place in range(8):
                sums[place] += values[start + place]
        total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
        start = values.size - values.size % 8
    for place in range(start, values.size):
        total += values[place]
    return total
