"""Writing the rows of ties that begin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel

__all__ = ["write_ties"]


@kernel
def write_ties(
    pairs: NDArray[np.int64],
    start: int,
    month: int,
    used: int,
    source: int,
    credit: float,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    trust: NDArray[np.float32],
    born_month: NDArray[np.int16],
    used_month: NDArray[np.int16],
    origin: NDArray[np.int8],
    running_projects: NDArray[np.int8],
) -> None:
    """Fill the rows of ties from ``start`` on, one for each pair, without a running project.

    Parameters
    ----------
    pairs : (k,) int64
        As :func:`simulation.kernels.ties.pair_number` gives them.
    month, used, source, credit : int, int, int, float
        Of all: month of birth and of last use, origin, and trust, rounded to float32.
    first, second, trust, born_month, used_month, origin, running_projects : (ties,)
        Columns of ties, changed in place.
    """
    for place in range(pairs.size):
        tie = start + place
        first[tie], second[tie] = np.int32(pairs[place] >> 32), np.int32(pairs[place] & 0xFFFFFFFF)
        trust[tie] = np.float32(credit)
        born_month[tie], used_month[tie] = month, used
        origin[tie], running_projects[tie] = source, 0
