"""Plain twins of simulation/kernels/surplus.py, one pair and one domain at a time."""

import math

from simulation.state import NOBODY
from tests.reference.arithmetic import exp


def gain(learner, teacher, needed, own_needs_weight):
    anywhere = needs = 0.0
    for mine, theirs in zip(learner, teacher, strict=True):
        anywhere += max(0.0, theirs - mine)
    for domain in needed:
        needs += max(0.0, teacher[domain] - learner[domain])
    return (1.0 - own_needs_weight) / len(learner) * anywhere + own_needs_weight / len(needed) * needs


def pair_surplus(first, second, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale):
    one, other = ([float(level) for level in knowledge[row]] for row in (first, second))
    squares = 0.0
    for mine, theirs in zip(one, other, strict=True):
        squares += (theirs - mine) * (theirs - mine)
    delta = math.sqrt(squares / len(one))
    gain_first = gain(one, other, [int(domain) for domain in needs[first]], own_needs_weight)
    gain_second = gain(other, one, [int(domain) for domain in needs[second]], own_needs_weight)
    if gain_first <= 0.0 or gain_second <= 0.0:
        return 0.0, delta
    ability = float(absorptive_capacity[first]) + float(absorptive_capacity[second])
    theta = distance_scale * (0.5 + 0.5 * ability)
    kappa = 2.0 * math.sqrt(gain_first * gain_second)
    return kappa * exp(-(delta / theta) * (delta / theta)), delta


def pair_surpluses(first, second, knowledge, profiles, own_needs_weight, distance_scale, surplus, cognitive_distance):
    firms = knowledge, profiles["needs"], profiles["absorptive_capacity"]
    for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        worth, delta = pair_surplus(one, other, *firms, own_needs_weight, distance_scale)
        surplus[place], cognitive_distance[place] = worth, delta


def bring_near(first, second, profiles, proximity, tie, trust, trust_weight, worth):
    region = profiles["region"]
    for place, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        worth[place] = worth[place] * float(proximity[region[i], region[j]])
        if tie[place] != NOBODY:
            worth[place] = worth[place] * exp(trust_weight * float(trust[tie[place]]))


def surplus_of_pairs(
    first,
    second,
    knowledge,
    profiles,
    proximity,
    tie,
    trust,
    own_needs_weight,
    distance_scale,
    trust_weight,
    surplus,
    cognitive_distance,
):
    pair_surpluses(first, second, knowledge, profiles, own_needs_weight, distance_scale, surplus, cognitive_distance)
    bring_near(first, second, profiles, proximity, tie, trust, trust_weight, surplus)
