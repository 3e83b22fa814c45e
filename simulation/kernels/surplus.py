"""What a pair of organisations is worth: complementarity, understanding, proximity, trust."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp
from simulation.compilation import kernel
from simulation.schemas import NEEDS
from simulation.state import NOBODY

LANES = 128
"""Pairs that are worked out side by side."""


@kernel
def pair_surplus(
    first: int,
    second: int,
    knowledge: NDArray[Any],
    needs: NDArray[Any],
    absorptive_capacity: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
) -> tuple[float, float]:
    """Complementarity times understanding of two organisations, and their cognitive distance.

    With difference ``d_k = knowledge[second, k] - knowledge[first, k]`` (float64 of the stored levels), summed over
    domains in their order, the gain of the first is ``(1 - w) / D * sum max(0, d_k) + w / N * sum max(0, d_n)``
    over its N needed domains n, in their order; that of the second has the signs of ``d`` reversed and its own
    needs. The result is ``kappa * u`` with ``kappa = 2 sqrt(gain_first * gain_second)`` and ``u = exp(-(delta /
    theta) * (delta / theta))``, ``delta = sqrt(sum d_k * d_k / D)`` and ``theta = distance_scale * (0.5 + 0.5 *
    (a_first + a_second))``. Zero where one of them gains nothing.

    Parameters
    ----------
    first, second : int
        Rows of the organisations.
    knowledge : (n, D) float32
        Levels.
    needs : (n, N) int8
        Needed domains.
    absorptive_capacity : (n,) float32
        Ability to use what others know.
    own_needs_weight : float
        w above.
    distance_scale : float
        Cognitive distance at which understanding falls to 1/e for mean absorptive capacity one half.

    Returns
    -------
    (float, float)
        kappa times u, and delta.
    """
    domains = knowledge.shape[1]
    gain_first = 0.0
    gain_second = 0.0
    squares = 0.0
    for k in range(domains):
        difference = np.float64(knowledge[second, k]) - np.float64(knowledge[first, k])
        squares += difference * difference
        if difference > 0.0:
            gain_first += difference
        else:
            gain_second -= difference
    need_first = 0.0
    need_second = 0.0
    wanted = needs.shape[1]
    for n in range(wanted):
        domain = needs[first, n]
        need_first += max(0.0, np.float64(knowledge[second, domain]) - np.float64(knowledge[first, domain]))
        domain = needs[second, n]
        need_second += max(0.0, np.float64(knowledge[first, domain]) - np.float64(knowledge[second, domain]))
    all_domains = (1.0 - own_needs_weight) / domains
    own = own_needs_weight / wanted
    gain_first = all_domains * gain_first + own * need_first
    gain_second = all_domains * gain_second + own * need_second
    delta = math.sqrt(squares / domains)
    ability = np.float64(absorptive_capacity[first]) + np.float64(absorptive_capacity[second])
    theta = distance_scale * (0.5 + 0.5 * ability)
    ratio = delta / theta
    kappa = 2.0 * math.sqrt(gain_first * gain_second)
    if kappa == 0.0:
        return 0.0, delta
    return kappa * exp(-(ratio * ratio)), delta


@kernel
def pair_surpluses(
    first: NDArray[Any],
    second: NDArray[Any],
    knowledge: NDArray[Any],
    profiles: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
    surplus: NDArray[np.float64],
    cognitive_distance: NDArray[Any],
) -> None:
    """:func:`pair_surplus` of many pairs, written into ``surplus`` and ``cognitive_distance``.

    Domain by domain over as many pairs at once, which the processor adds up side by side: every pair's sums keep
    their order, and no pair waits for another, nor for the memory in which another's levels stand.

    Parameters
    ----------
    first, second : (p,) int
        Rows of the organisations.
    knowledge : (n, D) float32
        Levels.
    profiles : (n,) of PROFILE
        Of the organisations.
    surplus : (p,) float64
        kappa times u of each pair.
    cognitive_distance : (p,) float32 or float64
        delta of each pair.
    """
    domains = knowledge.shape[1]
    all_domains = (1.0 - own_needs_weight) / domains
    own = own_needs_weight / NEEDS
    row, own_row = np.empty(LANES, np.uint64), np.empty(LANES, np.uint64)
    gaps = np.empty((domains, LANES))
    gain_first, gain_second, squares = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    need_first, need_second, ability = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    for start in range(0, len(first), LANES):
        lanes = min(LANES, len(first) - start)
        firsts, seconds = first[start : start + lanes], second[start : start + lanes]
        for lane in range(LANES):
            at = min(lane, lanes - 1)
            own_row[lane], row[lane] = firsts[at], seconds[at]
        for lane in range(LANES):
            able = np.float64(profiles[row[lane]].absorptive_capacity)
            ability[lane] = np.float64(profiles[own_row[lane]].absorptive_capacity) + able
        for domain in range(domains):
            gap = gaps[domain]
            for lane in range(LANES):
                gap[lane] = np.float64(knowledge[row[lane], domain]) - np.float64(knowledge[own_row[lane], domain])
        gain_first[:], gain_second[:], squares[:] = 0.0, 0.0, 0.0
        for domain in range(domains):
            gap = gaps[domain]
            for lane in range(LANES):
                difference = gap[lane]
                squares[lane] += difference * difference
                gain_first[lane] += difference if difference > 0.0 else 0.0
                gain_second[lane] -= 0.0 if difference > 0.0 else difference
        for lane in range(LANES):
            gain, loss = 0.0, 0.0
            mine, theirs = profiles[own_row[lane]].needs, profiles[row[lane]].needs
            for n in range(NEEDS):
                of_first, of_second = gaps[np.uint64(mine[n]), lane], -gaps[np.uint64(theirs[n]), lane]
                gain += of_first if of_first > 0.0 else 0.0
                loss += of_second if of_second > 0.0 else 0.0
            need_first[lane], need_second[lane] = gain, loss
        # of slices, so that no place can count from the end, which would keep lanes from being worked out together
        worth, distance = surplus[start : start + lanes], cognitive_distance[start : start + lanes]
        for lane in range(lanes):
            one = all_domains * gain_first[lane] + own * need_first[lane]
            other = all_domains * gain_second[lane] + own * need_second[lane]
            delta = math.sqrt(squares[lane] / domains)
            ratio = delta / (distance_scale * (0.5 + 0.5 * ability[lane]))
            kappa = 2.0 * math.sqrt(one * other)
            understanding = exp(-(ratio * ratio))
            worth[lane] = kappa * understanding if kappa != 0.0 else 0.0
            distance[lane] = delta


@kernel
def bring_near(
    first: NDArray[Any],
    second: NDArray[Any],
    profiles: NDArray[Any],
    proximity: NDArray[Any],
    tie: NDArray[Any],
    trust: NDArray[Any],
    trust_weight: float,
    worth: NDArray[np.float64],
) -> None:
    """Multiply what each pair is worth by the proximity of the two regions, then by ``exp(trust_weight * trust)``.

    The latter where the two have a ``tie``, whose row it is, else NOBODY.
    """
    tied, factor = np.empty(len(first) + 1, np.int64), np.empty(len(first) + 1)
    count = 0
    for k in range(len(first)):
        mine, theirs = profiles[np.uint64(first[k])], profiles[np.uint64(second[k])]
        worth[k] *= proximity[np.uint64(mine.region), np.uint64(theirs.region)]
    for k in range(len(first)):
        tied[count] = k
        count += tie[k] != NOBODY
    for e in range(count):
        factor[e] = trust_weight * np.float64(trust[tie[tied[e]]])
    for e in range(count):
        factor[e] = exp(factor[e])
    for e in range(count):
        worth[tied[e]] *= factor[e]


@kernel
def surplus_of_pairs(
    first: NDArray[Any],
    second: NDArray[Any],
    knowledge: NDArray[Any],
    profiles: NDArray[Any],
    proximity: NDArray[Any],
    tie: NDArray[Any],
    trust: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
    trust_weight: float,
    surplus: NDArray[np.float64],
    cognitive_distance: NDArray[Any],
) -> None:
    """Surplus and cognitive distance of given pairs, written into ``surplus`` and ``cognitive_distance`` (float64).

    That of :func:`pair_surplus`, by :func:`bring_near`.
    """
    pair_surpluses(
        first,
        second,
        knowledge,
        profiles,
        own_needs_weight,
        distance_scale,
        surplus,
        cognitive_distance,
    )
    bring_near(first, second, profiles, proximity, tie, trust, trust_weight, surplus)
