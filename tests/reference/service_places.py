"""Plain twins of simulation/kernels/service_places.py, one organisation at a time."""

from math import ceil

import numpy as np

from simulation.codes import ROUTE_OF_NEED, Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import bits, uniform


def order_of_lot(drawn, identity, group, groups):
    order = sorted(range(len(drawn)), key=lambda place: (int(group[place]), int(drawn[place]), int(identity[place])))
    return np.array(order, dtype=np.int64)


def those_who_ask(
    key,
    month,
    counter,
    allowed,
    identity,
    region,
    regions,
    satisfaction,
    referred_until_month,
    need_kind,
    route,
    rates,
):
    take_up, reuse, referred_take_up = rates
    asking = []
    for row in np.flatnonzero(allowed).tolist():
        probability = take_up * (1.0 + reuse * float(satisfaction[row])) if reuse > 0.0 else take_up
        if route != NOBODY and referred_until_month[row] >= month and ROUTE_OF_NEED[need_kind[row]] == route:
            probability = max(probability, referred_take_up)
        if uniform(key, Purpose.SERVICE_UPTAKE, month, identity[row], counter) < probability:
            asking.append(row)
    drawn = [bits(key, Purpose.SERVICE_ORDER, month, identity[row], counter) for row in asking]
    order = order_of_lot(drawn, identity[asking], region[asking], regions)
    return np.array([asking[place] for place in order], dtype=np.int64)


def take_places(
    queue,
    region,
    places,
    regions,
    broker,
    staff_days,
    cases_per_day,
    days,
    case_capacity,
    partner_case_capacity,
):
    seated, turn, taken = [], [0] * len(days), []
    for row in queue.tolist():
        if sum(region[other] == region[row] for other in seated) < places:
            seated.append(row)
    for row in seated:
        if staff_days > 0.0:
            turn[broker[row]] += 1
        if staff_days == 0.0 or turn[broker[row]] * staff_days <= days[broker[row]]:
            taken.append(row)
    for each in range(len(days) if staff_days > 0.0 else 0):
        spent = sum(broker[row] == each for row in taken) * staff_days
        days[each] -= spent
        case_capacity[each] = max(0, int(case_capacity[each]) - ceil(spent * cases_per_day))
        partner_case_capacity[each] = min(partner_case_capacity[each], case_capacity[each])
    return np.array(taken, dtype=np.int64)


def find_askers(alive, kind, broker, region, where, among, allowed):
    allowed[:] = alive & (kind == Kind.SME) & (broker != NOBODY) & where[region]
    if len(among):
        allowed &= among


def give_places(
    key,
    month,
    counter,
    alive,
    kind,
    identity,
    region,
    broker,
    satisfaction,
    referred_until_month,
    need_kind,
    where,
    among,
    route,
    rates,
    places,
    staff_days,
    cases_per_day,
    days,
    case_capacity,
    partner_case_capacity,
    queue,
    taken,
):
    allowed = np.empty(len(alive), dtype=np.bool_)
    find_askers(alive, kind, broker, region, where, among, allowed)
    firms = (identity, region, len(where), satisfaction, referred_until_month, need_kind)
    asking = those_who_ask(key, month, counter, allowed, *firms, route, rates)
    capacity = (days, case_capacity, partner_case_capacity)
    given = take_places(asking, region, places, len(where), broker, staff_days, cases_per_day, *capacity)
    queue[: len(asking)], taken[: len(given)] = asking, given
    return len(asking), len(given)


def reach_firms(key, month, counter, reach, alive, kind, identity, region, where, rows, drawn):
    smes = np.flatnonzero(alive & (kind == Kind.SME) & where[region]).tolist()
    draws = {row: uniform(key, Purpose.AWARENESS, month, identity[row], counter) for row in smes}
    reached = [row for row in smes if draws[row] < reach]
    rows[: len(reached)], drawn[: len(reached)] = reached, [draws[row] for row in reached]
    return len(reached)


def close_gaps(rows, region, quality, share, level):
    for row in rows.tolist():
        before = float(level[row])
        level[row] = np.float32(before + min(1.0, share * float(quality[region[row]])) * (1.0 - before))
