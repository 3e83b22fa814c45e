"""Plain twins of simulation/kernels/missions.py, one domain and one candidate at a time."""

import numpy as np

from simulation.codes import Kind
from simulation.purposes import Purpose
from simulation.schemas import MOST_MEMBERS
from simulation.state import NEVER, NOBODY
from tests.reference.randomness import combine, normal, uniform


def covered_by(weights, best):
    total = 0.0
    for weight, level in zip(weights.tolist(), best, strict=True):
        total += weight * float(level)
    return total


def addition(weights, best, levels):
    total = 0.0
    for weight, level, known in zip(weights.tolist(), levels, best, strict=True):
        if level - known > 0.0:
            total += weight * (level - known)
    return total


def has_room(row, alive, capital_cents, running_projects, size, rules):
    carried = np.floor(size[row] / np.float32(rules[0]))
    limit = min(np.float32(rules[1]), np.float32(1.0) + carried)
    return bool(alive[row] and capital_cents[row] >= 0 and running_projects[row] < limit)


def brokers_at_hand(identity, region, case_capacity, cases, regions):
    at_hand = np.full(regions, NOBODY, dtype=np.int32)
    for broker in np.lexsort((identity, case_capacity - cases)):
        at_hand[region[broker]] = broker
    return at_hand


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
    alive,
    capital_cents,
    running_projects,
    size,
    knowledge,
    park_skill,
    broker_identity,
    broker_region,
    broker_skill,
    case_capacity,
    limits,
    lead_error,
    cases_needed,
    idle_parks,
    cases,
):
    at_hand = brokers_at_hand(broker_identity, broker_region, case_capacity, cases, len(regions))
    offers = []
    for row in range(len(identity)):
        apart = kind[row] in (Kind.UNIVERSITY, Kind.PROVIDER)
        known = kind[row] == Kind.SME and broker[row] != NOBODY
        near = int(broker[row]) if broker[row] != NOBODY else int(at_hand[region[row]])
        by_park = park[row] != NOBODY and bool(idle_parks[park[row]])
        by_broker = near != NOBODY and int(case_capacity[near]) - int(cases[near]) >= cases_needed
        may_lead = innovator[row] and (apart or known) and (by_park or by_broker) and regions[region[row]]
        if may_lead and has_room(row, alive, capital_cents, running_projects, size, limits):
            skill = float(park_skill[park[row]] if by_park else broker_skill[near])
            address = combine(identity[row], challenge_identity)
            seems = covered_by(weights, knowledge[row].tolist())
            seems += lead_error * (1.0 - skill) * normal(key, Purpose.MISSION_LEAD, month, address, 0)
            offers.append((-seems, int(address), row, by_park, near))
    if not offers:
        return NOBODY
    _, _, lead, by_park, near = min(offers)
    if by_park:
        idle_parks[park[lead]] = False
    else:
        cases[near] += cases_needed
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
    alive,
    capital_cents,
    running_projects,
    size,
    offsets,
    neighbours,
    limits,
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
        if any(ways) and there and has_room(row, alive, capital_cents, running_projects, size, limits):
            found.append(row)
    candidates[: len(found)] = found
    return len(found)


def form_consortium(
    key,
    challenge_identity,
    lead,
    candidates,
    identity,
    knowledge,
    weights,
    threshold,
    reservation_value,
    least_members,
    most_members,
    filled,
):
    members = [int(lead)]
    left = list(range(len(candidates)))
    address = [combine(identity[row], challenge_identity) for row in candidates]
    lot = [uniform(key, Purpose.MISSION_PARTNER, 0, each, 0) for each in address]

    def best():
        return [max(float(knowledge[row, d]) for row in members) for d in range(len(weights))]

    while len(members) < most_members and left:
        known = best()
        short = covered_by(weights, known) < threshold
        if not short and len(members) >= least_members:
            break
        offers = {place: addition(weights, known, knowledge[candidates[place]].tolist()) for place in left}
        chosen = min(left, key=lambda place: (-offers[place], lot[place], place))
        if short and offers[chosen] < reservation_value:
            break
        members.append(int(candidates[chosen]))
        left.remove(chosen)
    filled[:] = members + [NOBODY] * (MOST_MEMBERS - len(members))
    return len(members), covered_by(weights, best())
