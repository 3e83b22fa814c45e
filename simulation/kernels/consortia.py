"""The consortium that a lead puts together to cover a challenge."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import inline_kernel, kernel
from simulation.kernels.strategy import fit_to_objective
from simulation.purposes import Purpose
from simulation.randomness import combine, uniform
from simulation.state import NOBODY

MISSION_PARTNER = int(Purpose.MISSION_PARTNER)
NEVER_AGAIN = -1.0
"""What is offered by who is a member already; no addition is below 0."""


@inline_kernel
def addition_to_coverage(
    levels: NDArray[Any], best: NDArray[np.float64], weights: NDArray[np.float64], gains: NDArray[np.float64]
) -> float:
    """What an organisation adds: the sum of ``weights[d] * max(0, float64(levels[d]) - best[d])`` over the domains.

    Parameters
    ----------
    levels : (D,) float32
    best, weights : (D,) float64
    gains : (D,) float64
        Filled with the terms of the sum, which follows their order.
    """
    for d in range(weights.size):
        difference = np.float64(levels[d]) - best[d]
        gains[d] = weights[d] * (difference if difference > 0.0 else 0.0)
    addition = 0.0
    for d in range(weights.size):
        addition += gains[d]
    return addition


@kernel
def form_consortium(
    key: np.uint64,
    challenge_identity: np.uint64,
    lead: int,
    candidates: NDArray[Any],
    identity: NDArray[np.uint64],
    knowledge: NDArray[Any],
    weights: NDArray[np.float64],
    threshold: float,
    reservation_value: float,
    least_members: int,
    most_members: int,
    members: NDArray[np.int32],
) -> tuple[int, float]:
    """The consortium that a lead puts together, partner by partner.

    ``best[d]`` is the highest level, as float64, of any member in domain d; coverage is the sum of ``weights[d] *
    best[d]`` over the domains in their order. The lead is the first member. While coverage is below ``threshold``
    or there are fewer than ``least_members``, and there are fewer than ``most_members`` and candidates left, the
    candidate joins with the largest :func:`addition_to_coverage`; of equal additions the smaller lot, u at
    (MISSION_PARTNER, 0, combine(identity, identity of the challenge), 0), of equal lots the earlier candidate. An
    addition below ``reservation_value`` while coverage is below ``threshold`` ends it instead.

    What a candidate would add never rises as others join, so that who once offered less than another does now is not
    asked again.

    Parameters
    ----------
    lead : int
        Row of the lead.
    candidates : (c,) int
        Rows of those whom the lead could ask, each once, without the lead.
    identity : (n,) uint64
    knowledge : (n, D) float32
        Levels.
    weights : (D,) float64
        Weights of the challenge, which add up to 1.
    threshold, reservation_value : float
        Coverage from which the challenge is met; least addition while it is not.
    least_members, most_members : int
        Bounds on the number of members, at most MOST_MEMBERS.
    members : (MOST_MEMBERS,) int32
        Filled: rows in the order of joining, then NOBODY (-1).

    Returns
    -------
    count : int
        Number of members.
    coverage : float
        What they cover together.
    """
    domains = weights.size
    members[:] = NOBODY
    members[0] = lead
    best = np.empty(domains, np.float64)
    for d in range(domains):
        best[d] = np.float64(knowledge[lead, d])
    offered, gains = np.empty(candidates.size), np.empty(domains)
    for place in range(candidates.size):
        offered[place] = addition_to_coverage(knowledge[candidates[place]], best, weights, gains)
    count = 1
    coverage = fit_to_objective(best, weights)
    while (coverage < threshold or count < least_members) and count < most_members:
        chosen, largest, lot = NOBODY, 0.0, 0.0
        for place in range(candidates.size):
            if offered[place] < largest:
                continue
            addition = addition_to_coverage(knowledge[candidates[place]], best, weights, gains)
            offered[place] = addition
            if chosen != NOBODY and addition < largest:
                continue
            other = uniform(key, MISSION_PARTNER, 0, combine(identity[candidates[place]], challenge_identity), 0)
            if chosen == NOBODY or addition > largest or other < lot:
                chosen, largest, lot = place, addition, other
        if chosen == NOBODY or (coverage < threshold and largest < reservation_value):
            break
        offered[chosen] = NEVER_AGAIN
        members[count] = candidates[chosen]
        count += 1
        for d in range(domains):
            best[d] = max(best[d], np.float64(knowledge[candidates[chosen], d]))
        coverage = fit_to_objective(best, weights)
    return count, coverage
