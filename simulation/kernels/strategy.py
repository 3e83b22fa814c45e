"""What organisations know, against an objective in common, and what regions see in each other by domain."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel


@kernel
def fit_to_objective(levels: NDArray[Any], objective: NDArray[Any]) -> float:
    """Level of knowledge in the domains of an objective: ``sum(objective[d] * levels[d])``.

    Parameters
    ----------
    levels : (D,) float32
        Knowledge of one organisation, taken as float64.
    objective : (D,) float64
        Weights over domains; summed in the order of domains.
    """
    fit = 0.0
    for d in range(len(objective)):
        fit += objective[d] * np.float64(levels[d])
    return fit


@kernel
def fit_of_applications(
    first: NDArray[Any], second: NDArray[Any], knowledge: NDArray[Any], objective: NDArray[Any]
) -> NDArray[np.float64]:
    """How well each project fits an objective: ``sum(objective[d] * max of its members' levels in d)``.

    Parameters
    ----------
    first, second : (m,) int
        Organisations; ``second`` is -1 for a project of one.
    knowledge : (n, D) float32
        Taken as float64.
    objective : (D,) float64
        Weights over domains; summed in the order of domains.

    Returns
    -------
    (m,) float64
        0 to 1 for weights that add up to 1.
    """
    fit = np.zeros(len(first))
    for k in range(len(first)):
        for d in range(len(objective)):
            level = np.float64(knowledge[first[k], d])
            if second[k] >= 0:
                level = max(level, np.float64(knowledge[second[k], d]))
            fit[k] += objective[d] * level
    return fit


@kernel
def see_surplus_by_domain(
    seeker: NDArray[Any],
    other: NDArray[Any],
    surplus: NDArray[np.float32],
    least: np.float32,
    region: NDArray[Any],
    knowledge: NDArray[Any],
    seen: NDArray[np.float64],
) -> None:
    """Add up what the sides of introductions see in each other, by region and domain.

    For each introduction of a surplus S of at least ``least``, in each domain ``S max(0, k_other - k_seeker)`` is added
    to the region of the seeker; after all of these, ``S max(0, k_seeker - k_other)`` to that of the other. In float64
    of the stored values.

    Parameters
    ----------
    seeker, other, surplus : (m,)
    region, knowledge : (n,), (n, D)
    seen : (regions, D) float64
        Sums of 0 or more, added to in the order of introductions.
    """
    for learner, teacher in ((seeker, other), (other, seeker)):
        for k in range(surplus.size):
            if surplus[k] < least:
                continue
            worth = np.float64(surplus[k])
            sums, mine, theirs = seen[region[learner[k]]], knowledge[learner[k]], knowledge[teacher[k]]
            for d in range(mine.size):
                lead = np.float64(theirs[d]) - np.float64(mine[d])
                sums[d] += worth * lead if lead > 0.0 else 0.0
