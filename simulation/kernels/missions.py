"""The consortium that a lead puts together to cover a challenge."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.kernels.strategy import fit_to_objective
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY


@kernel
def form_consortium(
    lead: int,
    candidates: NDArray[Any],
    lot: NDArray[np.float64],
    knowledge: NDArray[Any],
    weights: NDArray[np.float64],
    threshold: float,
    reservation_value: float,
    least_members: int,
    most_members: int,
) -> tuple[NDArray[np.int32], int, float]:
    """The consortium that a lead puts together, partner by partner.

    ``best[d]`` is the highest level, as float64, of any member in domain d; coverage is the sum of ``weights[d] *
    best[d]`` over the domains in their order. The lead is the first member. While coverage is below ``threshold``
    or there are fewer than ``least_members``, and there are fewer than ``most_members`` and candidates left, the
    candidate joins with the largest addition, the sum in the order of the domains of ``weights[d] *
    (float64(knowledge[c, d]) - best[d])`` where that difference is above 0; of equal additions the smaller ``lot``,
    of equal lots the earlier candidate. An addition below ``reservation_value`` while coverage is below
    ``threshold`` ends it instead.

    Parameters
    ----------
    lead : int
        Row of the lead.
    candidates : (c,) int
        Rows of those whom the lead could ask, each once, without the lead.
    lot : (c,) float64
        Order among candidates who would add the same.
    knowledge : (n, D) float32
        Levels.
    weights : (D,) float64
        Weights of the challenge, which add up to 1.
    threshold, reservation_value : float
        Coverage from which the challenge is met; least addition while it is not.
    least_members, most_members : int
        Bounds on the number of members, at most MOST_MEMBERS.

    Returns
    -------
    members : (MOST_MEMBERS,) int32
        Rows in the order of joining, then NOBODY (-1).
    count : int
        Number of members.
    coverage : float
        What they cover together.
    """
    domains = weights.size
    members = np.full(MOST_MEMBERS, NOBODY, np.int32)
    members[0] = lead
    best = np.empty(domains, np.float64)
    for d in range(domains):
        best[d] = np.float64(knowledge[lead, d])
    asked = np.zeros(candidates.size, np.bool_)
    count = 1
    coverage = fit_to_objective(best, weights)
    while (coverage < threshold or count < least_members) and count < most_members:
        chosen, largest = NOBODY, 0.0
        for place in range(candidates.size):
            if asked[place]:
                continue
            addition = 0.0
            for d in range(domains):
                difference = np.float64(knowledge[candidates[place], d]) - best[d]
                if difference > 0.0:
                    addition += weights[d] * difference
            if chosen == NOBODY or addition > largest or (addition == largest and lot[place] < lot[chosen]):
                chosen, largest = place, addition
        if chosen == NOBODY or (coverage < threshold and largest < reservation_value):
            break
        asked[chosen] = True
        members[count] = candidates[chosen]
        count += 1
        for d in range(domains):
            best[d] = max(best[d], np.float64(knowledge[candidates[chosen], d]))
        coverage = fit_to_objective(best, weights)
    return members, count, coverage
