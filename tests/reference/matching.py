"""Plain twins of simulation/kernels/matching.py: sorting by tuples, capacities counted edge by edge."""

from collections import Counter

from simulation.state import NOBODY


def rising_order(keys):
    keys = [int(key) for key in keys]
    return sorted(range(len(keys)), key=lambda position: (keys[position], position))


def decreasing_order(weights, addresses):
    return sorted(
        range(len(weights)),
        key=lambda position: (-float(weights[position]), int(addresses[position]), position),
    )


def match_in_order(
    first,
    second,
    weights,
    order,
    capacity,
    broker_of_first,
    broker_of_second,
    between_partners,
    broker_capacity,
    partner_capacity,
    reservation,
    most_pairs,
):
    left = {
        (what, row): int(units)
        for what, table in (("end", capacity), ("case", broker_capacity), ("partner", partner_capacity))
        for row, units in enumerate(table)
    }
    chosen = [False] * len(first)
    for edge in order.tolist():
        brokers = {int(broker_of_first[edge]), int(broker_of_second[edge])} - {NOBODY}
        wanted = Counter([("end", int(first[edge])), ("end", int(second[edge]))])
        wanted.update(("case", broker) for broker in brokers)
        if between_partners[edge]:
            wanted.update(("partner", broker) for broker in brokers)
        there = all(left[unit] >= units for unit, units in wanted.items())
        if there and weights[edge] >= reservation and sum(chosen) < most_pairs:
            chosen[edge] = True
            for unit, units in wanted.items():
                left[unit] -= units
    return chosen
