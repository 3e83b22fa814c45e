"""Where brokers look at the objective that their partnership has negotiated, rather than at who comes first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import uniform

STRATEGY_ATTENTION = int(Purpose.STRATEGY_ATTENTION)

FURTHER = 64
"""How far behind the number of an attempt the counter of its further number stands."""


@kernel
def prefer_fitting(
    key: np.uint64,
    month: int,
    counter: int,
    address: NDArray[np.uint64],
    partnership: NDArray[np.int64],
    first: NDArray[np.int64],
    listed: NDArray[np.int64],
    clients: NDArray[np.int32],
    knowledge: NDArray[Any],
    objective: NDArray[Any],
    attention: float,
    sees: NDArray[np.int32],
) -> None:
    """Put a rival from the same list in the place of whom a seeker sees, where the broker looks at its objective.

    For attempt t of each seeker a who sees somebody, whose broker acts in a partnership, and whose ``uniform(key,
    STRATEGY_ATTENTION, month, address[a], counter + t)`` is below ``attention``: the rival is the client at place
    ``first[t, a] + int(u * listed[t, a])``, u that number of ``counter + t + 64``. Who of the two fits the objective of
    the partnership better (``fit_to_objective``) is seen; of equals who was.

    Parameters
    ----------
    address, partnership : (s,)
        Address of each seeker, and its partnership or NOBODY.
    first, listed : (t or more, s) int64
        Where the list of each attempt begins in ``clients``, and its length.
    sees : (t, s) int32
        Whom each sees, or NOBODY; changed in place.
    """
    together = sees.shape[1]
    size = sees.size + 1
    attempt, who, further = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size)
    of_whom, wanted = np.empty(size, np.uint64), np.empty(size, np.int64)
    shown, rival = np.empty(size, np.int64), np.empty(size, np.int64)
    fit_of_shown, fit_of_rival = np.zeros(size), np.zeros(size)
    looks = np.empty(together)
    count = 0
    for t in range(len(sees)):
        for a in range(together):
            looks[a] = uniform(key, STRATEGY_ATTENTION, month, address[a], counter + t)
        for a in range(together):
            attempt[count], who[count] = t, a
            count += int((looks[a] < attention) & (sees[t, a] >= 0) & (partnership[a] >= 0))
    for e in range(count):
        of_whom[e], wanted[e], shown[e] = address[who[e]], partnership[who[e]], sees[attempt[e], who[e]]
    for e in range(count):
        further[e] = uniform(key, STRATEGY_ATTENTION, month, of_whom[e], counter + attempt[e] + FURTHER)
    for e in range(count):
        t, a = attempt[e], who[e]
        rival[e] = clients[first[t, a] + int(further[e] * listed[t, a])]
    # the first domain of all brings their levels near, one waiting no longer than all
    for e in range(count):
        fit_of_shown[e] = objective[wanted[e], 0] * np.float64(knowledge[np.uint64(shown[e]), 0])
        fit_of_rival[e] = objective[wanted[e], 0] * np.float64(knowledge[np.uint64(rival[e]), 0])
    for e in range(count):
        weights, levels, of_other = objective[wanted[e]], knowledge[shown[e]], knowledge[rival[e]]
        fit, fit_of_other = fit_of_shown[e], fit_of_rival[e]
        for domain in range(1, len(weights)):
            fit += weights[domain] * np.float64(levels[domain])
            fit_of_other += weights[domain] * np.float64(of_other[domain])
        better = fit_of_other > fit
        sees[attempt[e], who[e]] = rival[e] if better else shown[e]
