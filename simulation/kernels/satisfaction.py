"""Satisfaction: realised minus expected, as a moving average."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel


@kernel
def move_satisfaction(
    rows: NDArray[np.int64], surprise: NDArray[np.float64], memory: float, satisfaction: NDArray[np.float32]
) -> None:
    """Move the satisfaction of organisations towards what surprised them, one after the other.

    ``satisfaction[rows[k]]`` becomes float32(s + memory * (surprise[k] - s)), s its value as float64.

    Parameters
    ----------
    rows : (k,) int64
        Rows of organisations.
    surprise : (k,) float64
        Realised minus expected, -1 to 1.
    memory : float
        Weight of the surprise, 0 to 1.
    satisfaction : (organisations,) float32
        Changed in place.
    """
    for place in range(rows.size):
        before = np.float64(satisfaction[rows[place]])
        satisfaction[rows[place]] = np.float32(before + memory * (surprise[place] - before))


@kernel
def surprise_of_introductions(weight: NDArray[np.float64], surplus: NDArray[np.float32]) -> NDArray[np.float64]:
    """What an introduction turned out to be worth against what its firms were shown: (n,) float64, -1 to 1.

    ``(S - W) / (S + W)`` with S the surplus as float64 and W the weight; 0 where S + W is 0.

    Parameters
    ----------
    weight : (n,) float64
        Surplus as the one who showed the pair saw it.
    surplus : (n,) float32
        Surplus of the pair.
    """
    surprise = np.zeros(weight.size)
    for place in range(weight.size):
        realised = np.float64(surplus[place])
        total = realised + weight[place]
        if total > 0.0:
            surprise[place] = (realised - weight[place]) / total
    return surprise


@kernel
def compare_places(
    asking: NDArray[np.int64],
    taken: NDArray[np.int64],
    region: NDArray[np.int16],
    quality: NDArray[np.float64],
    memory: float,
    satisfaction: NDArray[np.float32],
) -> None:
    """Move the satisfaction of those who asked by what they got, as :func:`move_satisfaction` does.

    Each expected a place of quality 1 with the chance that its region's lot gave: places taken in the region over those
    who asked. Who took one got the lower of 1 and the quality of the region; its surprise is what it got, else 0, minus
    the chance.

    Parameters
    ----------
    asking, taken : (k,), (l,) int64
        Rows of organisations, each once; who took a place asked for it.
    region, satisfaction : (organisations,)
    quality : (regions,) float64
        0 or more.
    memory : float
        Weight of the surprise, 0 to 1.
    """
    asked, seats = np.zeros(quality.size, np.int64), np.zeros(quality.size, np.int64)
    got = np.zeros(region.size, np.bool_)
    for row in asking:
        asked[region[row]] += 1
    for row in taken:
        seats[region[row]] += 1
        got[row] = True
    for row in asking:
        here = region[row]
        surprise = min(1.0, quality[here]) if got[row] else 0.0
        surprise -= seats[here] / max(1, asked[here])
        before = np.float64(satisfaction[row])
        satisfaction[row] = np.float32(before + memory * (surprise - before))
