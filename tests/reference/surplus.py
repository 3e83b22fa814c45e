"""Plain twins of simulation/kernels/surplus.py, one pair and one domain at a time."""

import math

from simulation.state import NOBODY
from tests.reference.arithmetic import exp
from tests.reference.networks import tie_between


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


def pair_surpluses(
    first, second, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale, surplus, cognitive_distance
):
    for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        worth, delta = pair_surplus(one, other, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale)
        surplus[place], cognitive_distance[place] = worth, delta


def surplus_of_pair(
    first,
    second,
    knowledge,
    needs,
    capacity,
    region,
    proximity,
    offsets,
    neighbours,
    ties,
    trust,
    weight,
    scale,
    factor,
):
    """Surplus and cognitive distance of one pair, in double precision."""
    worth, delta = pair_surplus(first, second, knowledge, needs, capacity, weight, scale)
    worth = worth * float(proximity[region[first], region[second]])
    tie = tie_between(first, second, offsets, neighbours, ties)
    return (worth if tie == NOBODY else worth * exp(factor * float(trust[tie]))), delta


def surplus_of_pairs(
    first,
    second,
    knowledge,
    needs,
    absorptive_capacity,
    region,
    proximity,
    offsets,
    neighbours,
    ties,
    trust,
    own_needs_weight,
    distance_scale,
    trust_weight,
    surplus,
    cognitive_distance,
):
    network = (offsets, neighbours, ties, trust)
    rules = (own_needs_weight, distance_scale, trust_weight)
    firms = (knowledge, needs, absorptive_capacity, region, proximity)
    for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        surplus[place], cognitive_distance[place] = surplus_of_pair(one, other, *firms, *network, *rules)
