"""Plain twins of simulation/kernels/service_places.py, one organisation at a time."""

from math import ceil

import numpy as np

from simulation.codes import ROUTE_OF_NEED, Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.lots import first_by_lot
from tests.reference.randomness import bits, uniform


def find_clients(alive, kind, broker, identity, among, rows, addresses):
    clients = np.flatnonzero(alive & (kind == Kind.SME) & (broker != NOBODY) & (among if len(among) else True))
    rows[: len(clients)], addresses[: len(clients)] = clients, identity[clients]
    return len(clients)


def ask_for_places(
    key,
    month,
    counter,
    rows,
    addresses,
    region,
    satisfaction,
    referred_until_month,
    need_kind,
    where,
    route,
    rates,
    queue,
    asking,
):
    take_up, reuse, referred_take_up = rates
    found = []
    for row, address in zip(rows.tolist(), addresses, strict=True):
        probability = take_up * (1.0 + reuse * float(satisfaction[row])) if reuse > 0.0 else take_up
        if route != NOBODY and referred_until_month[row] >= month and ROUTE_OF_NEED[need_kind[row]] == route:
            probability = max(probability, referred_take_up)
        if where[region[row]] and uniform(key, Purpose.SERVICE_UPTAKE, month, address, counter) < probability:
            found.append((row, address))
    queue[: len(found)] = [row for row, _ in found]
    asking[: len(found)] = [address for _, address in found]
    return len(found)


def take_places(queue, broker, staff_days, cases_per_day, days, case_capacity, partner_case_capacity, taken):
    turn, rows = [0] * len(days), []
    for row in queue.tolist():
        if staff_days > 0.0:
            turn[broker[row]] += 1
        if staff_days == 0.0 or turn[broker[row]] * staff_days <= days[broker[row]]:
            rows.append(row)
    for each in range(len(days) if staff_days > 0.0 else 0):
        spent = sum(broker[row] == each for row in rows) * staff_days
        days[each] -= spent
        case_capacity[each] = max(0, int(case_capacity[each]) - ceil(spent * cases_per_day))
        partner_case_capacity[each] = min(partner_case_capacity[each], case_capacity[each])
    taken[: len(rows)] = rows
    return len(rows)


def give_places(
    key,
    month,
    counter,
    rows,
    addresses,
    region,
    satisfaction,
    referred_until_month,
    need_kind,
    where,
    route,
    rates,
    places,
    broker,
    staff_days,
    cases_per_day,
    days,
    case_capacity,
    partner_case_capacity,
    queue,
    taken,
):
    identity = np.zeros(len(rows), dtype=np.uint64)
    firms = (rows, addresses, region, satisfaction, referred_until_month, need_kind, where, route, rates)
    asking = ask_for_places(key, month, counter, *firms, queue, identity)
    who = identity[:asking]
    drawn = np.array([bits(key, Purpose.SERVICE_ORDER, month, address, counter) for address in who], dtype=np.uint64)
    first = queue[first_by_lot(drawn, who, region[queue[:asking]], len(where), places)]
    capacity = (days, case_capacity, partner_case_capacity)
    return asking, take_places(first, broker, staff_days, cases_per_day, *capacity, taken)
