"""How well what organisations know fits the objective that a partnership has in common."""

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
