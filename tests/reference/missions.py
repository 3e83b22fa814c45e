"""Plain twins of simulation/kernels/missions.py, one organisation at a time."""

import numpy as np

from simulation.codes import Kind
from simulation.purposes import Purpose
from simulation.state import NEVER, NOBODY
from tests.reference.randomness import combine, normal
from tests.reference.strategy import fit_to_objective


def brokers_at_hand(identity, region, case_capacity, cases, regions):
    at_hand = np.full(regions, NOBODY, dtype=np.int32)
    for broker in np.lexsort((identity, case_capacity - cases)):
        at_hand[region[broker]] = broker
    return at_hand


def who_may_lead(
    regions,
    kind,
    region,
    innovator,
    broker,
    park,
    room,
    idle_parks,
    at_hand,
    case_capacity,
    cases,
    cases_needed,
    rows,
    leaders,
):
    found = []
    for row in np.flatnonzero(room & innovator & regions[region]).tolist():
        apart = kind[row] in (Kind.UNIVERSITY, Kind.PROVIDER)
        known = kind[row] == Kind.SME and broker[row] != NOBODY
        near = int(broker[row]) if broker[row] != NOBODY else int(at_hand[region[row]])
        by_park = park[row] != NOBODY and bool(idle_parks[park[row]])
        by_broker = near != NOBODY and int(case_capacity[near]) - int(cases[near]) >= cases_needed
        if (apart or known) and (by_park or by_broker):
            found.append((row, NOBODY if by_park else near))
    rows[: len(found)], leaders[: len(found)] = [row for row, _ in found], [near for _, near in found]
    return len(found)


def find_lead(
    key,
    month,
    challenge_identity,
    weights,
    regions,
    identity,
    kind,
    region,
    innovator,
    broker,
    park,
    room,
    knowledge,
    park_skill,
    broker_identity,
    broker_region,
    broker_skill,
    case_capacity,
    lead_error,
    cases_needed,
    idle_parks,
    cases,
):
    at_hand = brokers_at_hand(broker_identity, broker_region, case_capacity, cases, len(regions))
    rows, leaders = np.zeros(len(room), dtype=np.int64), np.zeros(len(room), dtype=np.int64)
    columns = (regions, kind, region, innovator, broker, park, room, idle_parks, at_hand, case_capacity, cases)
    count = who_may_lead(*columns, cases_needed, rows, leaders)
    offers = []
    for row, leader in zip(rows[:count].tolist(), leaders[:count].tolist(), strict=True):
        skill = float(park_skill[park[row]] if leader == NOBODY else broker_skill[leader])
        address = combine(identity[row], challenge_identity)
        seems = fit_to_objective(knowledge[row], weights)
        seems += lead_error * (1.0 - skill) * normal(key, Purpose.MISSION_LEAD, month, address, 0)
        offers.append((-seems, int(address), row, leader))
    if not offers:
        return NOBODY
    _, _, lead, leader = min(offers)
    if leader == NOBODY:
        idle_parks[park[lead]] = False
    else:
        cases[leader] += cases_needed
    return lead


def seen_by_lead(
    lead,
    near,
    on_platform,
    across,
    regions,
    shown,
    region,
    broker,
    park,
    platform_month,
    room,
    offsets,
    neighbours,
    candidates,
):
    found = []
    for row in range(len(region)):
        user = (broker[row] != NOBODY and platform_month[row] != NEVER) or (len(shown) > 0 and shown[row])
        ways = [
            row in neighbours[offsets[lead] : offsets[lead + 1]].tolist(),
            near != NOBODY and broker[row] == near,
            park[lead] != NOBODY and park[row] == park[lead],
            on_platform and user and regions[region[row]],
        ]
        there = row != lead and (across or region[row] == region[lead])
        if any(ways) and there and room[row]:
            found.append(row)
    candidates[: len(found)] = found
    return len(found)
