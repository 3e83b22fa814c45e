"""Plain twin of simulation/kernels/attention.py, one seeker and one attempt at a time."""

import numpy as np

from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import uniform
from tests.reference.strategy import fit_to_objective


def placed(u, rows):
    """The row at the drawn place of a list, or none."""
    return rows[int(u * len(rows))] if rows else NOBODY


def more_fitting(candidate, rival, knowledge, wanted):
    fits = [fit_to_objective(knowledge[row], wanted) for row in (candidate, rival)]
    return rival if fits[1] > fits[0] else candidate


def prefer_fitting(
    key, month, counter, address, partnership, first, listed, clients, knowledge, objective, attention, sees
):
    for (t, a), candidate in np.ndenumerate(sees.copy()):

        def drawn(further, t=t, a=a):
            return uniform(key, Purpose.STRATEGY_ATTENTION, month, address[a], counter + t + further)

        if NOBODY not in (partnership[a], candidate) and drawn(0) < attention:
            rivals = clients[first[t, a] : first[t, a] + listed[t, a]].tolist()
            sees[t, a] = more_fitting(int(candidate), placed(drawn(64), rivals), knowledge, objective[partnership[a]])
