"""Plain twins of simulation/kernels/matching.py: capacities counted edge by edge."""

from collections import Counter

import numpy as np

from simulation.codes import Channel
from simulation.state import NOBODY
from tests.reference.randomness import combine


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


def room_wanted(i, j, a, b, between):
    brokers = {int(a), int(b)} - {NOBODY}
    kinds = ("cases", "partner cases") if between else ("cases",)
    return [("left", int(i)), ("left", int(j)), *((kind, broker) for kind in kinds for broker in brokers)]


def has_room(i, j, a, b, between, left, cases, partner_cases):
    tables = {"left": left, "cases": cases, "partner cases": partner_cases}
    return all(tables[kind][row] >= 1 for kind, row in room_wanted(i, j, a, b, between))


def take_room(i, j, a, b, between, left, cases, partner_cases):
    tables = {"left": left, "cases": cases, "partner cases": partner_cases}
    for kind, row in room_wanted(i, j, a, b, between):
        tables[kind][row] -= 1


def record_introductions(
    seeker,
    other,
    seeker_broker,
    other_broker,
    channel,
    through_programme,
    region,
    sector,
    across_border,
    member,
    partnership_of_member,
    identities,
    points,
    served,
    cases,
    partner_cases,
    success,
    identity,
    partnership,
):
    pairs = list(zip(seeker.tolist(), other.tolist(), strict=True))
    for place, pair in enumerate(pairs):
        identity[place] = np.uint64(combine(*identities[list(pair)]))
        across = channel[place] == Channel.PARTNER
        partnership[place] = partnership_of_member[member[seeker_broker[place]]] if across else NOBODY
    for pair, code, *brokers in zip(
        pairs, channel.tolist(), seeker_broker.tolist(), other_broker.tolist(), strict=True
    ):
        if through_programme[code]:
            served[list(pair)] = True
        for broker in set(brokers) - {NOBODY}:
            cases[broker] += 1
            if code == Channel.PARTNER:
                partner_cases[broker] += 1
                success[member[broker]] += points
    return (
        channel.tolist().count(Channel.PLATFORM),
        sum(sector[i] != sector[j] for i, j in pairs),
        sum(region[i] != region[j] for i, j in pairs),
        sum(bool(across_border[region[i], region[j]]) for i, j in pairs),
    )
