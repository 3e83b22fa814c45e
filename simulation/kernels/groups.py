"""Rows sorted into groups: the clients of each broker, the tenants of each park."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel


@kernel
def rows_by_group(
    group: NDArray[Any], counted: NDArray[Any], groups: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows of each group in rising order, by counting.

    Parameters
    ----------
    group : (n,) int
        Group of each row; rows of a negative group belong to none.
    counted : (n,) bool
        Rows that count.
    groups : int
        Number of groups.

    Returns
    -------
    offsets : (groups + 1,) int64
        Rows of group g are ``rows[offsets[g]:offsets[g + 1]]``.
    rows : int32
        Rows sorted by group, within a group in rising order.
    """
    offsets = np.zeros(groups + 1, dtype=np.int64)
    for row in range(len(group)):
        if counted[row] and group[row] >= 0:
            offsets[group[row] + 1] += 1
    for g in range(groups):
        offsets[g + 1] += offsets[g]
    place = offsets[:groups].copy()
    rows = np.empty(offsets[groups], dtype=np.int32)
    for row in range(len(group)):
        if counted[row] and group[row] >= 0:
            rows[place[group[row]]] = row
            place[group[row]] += 1
    return offsets, rows
