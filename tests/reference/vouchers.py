"""Plain twins of simulation/kernels/vouchers.py, one buyer and one supplier at a time."""

import math

from simulation.codes import PartnersFrom
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.arithmetic import exp
from tests.reference.calls import sits_right
from tests.reference.networks import tie_between
from tests.reference.randomness import combine, uniform
from tests.reference.surplus import gain


def bought_surplus(buyer, supplier, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale):
    mine, theirs = ([float(level) for level in knowledge[row]] for row in (buyer, supplier))
    squares = 0.0
    for one, other in zip(mine, theirs, strict=True):
        squares += (other - one) * (other - one)
    delta = math.sqrt(squares / len(mine))
    learned = gain(mine, theirs, [int(domain) for domain in needs[buyer]], own_needs_weight)
    ability = float(absorptive_capacity[buyer]) + float(absorptive_capacity[supplier])
    theta = distance_scale * (0.5 + 0.5 * ability)
    return 2.0 * learned * exp(-(delta / theta) * (delta / theta)), delta


def choose_suppliers(
    key,
    call_identity,
    buyers,
    identity,
    may_supply,
    supplier_offsets,
    suppliers,
    region,
    country,
    sector,
    partners_from,
    two_sectors,
    seen,
    knowledge,
    needs,
    absorptive_capacity,
    proximity,
    offsets,
    neighbours,
    ties,
    trust,
    own_needs_weight,
    distance_scale,
    trust_weight,
):
    def worth(buyer, supplier):
        rules = (own_needs_weight, distance_scale)
        value, delta = bought_surplus(buyer, supplier, knowledge, needs, absorptive_capacity, *rules)
        value *= float(proximity[region[buyer], region[supplier]])
        tie = tie_between(buyer, supplier, offsets, neighbours, ties)
        return (value if tie == NOBODY else value * exp(trust_weight * float(trust[tie]))), delta

    def seen_by(buyer):
        listed = suppliers.tolist()
        if partners_from == PartnersFrom.ONE_REGION:
            listed = listed[supplier_offsets[region[buyer]] : supplier_offsets[region[buyer] + 1]]
        address = combine(identity[buyer], call_identity)
        drawn = [uniform(key, Purpose.SUPPLIER_CHOICE, 0, address, t) for t in range(seen)]
        known = neighbours[offsets[buyer] : offsets[buyer + 1]].tolist()
        return known + [listed[int(u * len(listed))] for u in drawn if listed]

    choices = []
    for buyer in buyers.tolist():
        best = (NOBODY, 0.0, 0.0)
        for supplier in seen_by(buyer):
            if may_supply[supplier] and sits_right(
                buyer, supplier, region, country, sector, partners_from, two_sectors
            ):
                value, delta = worth(buyer, supplier)
                best = (supplier, value, delta) if value > best[1] else best
        choices.append(best)
    return [list(column) for column in zip(*choices, strict=True)] if choices else [[], [], []]
