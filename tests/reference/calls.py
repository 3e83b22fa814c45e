"""Plain twins of simulation/kernels/calls.py, one application and one cent at a time."""

import numpy as np

from simulation.codes import Kind, PartnersFrom
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import combine, pair_identity, uniform


def find_eligible(alive, broker, running_projects, capital_cents, region, sector, kind, regions, sectors, smes_only):
    free = [
        bool(alive[row]) and broker[row] != NOBODY and running_projects[row] < 1 and not capital_cents[row] < 0
        for row in range(len(alive))
    ]
    right = [bool(regions[region[row]]) and bool(sectors[sector[row]]) for row in range(len(alive))]
    wanted = [code == Kind.SME or not smes_only for code in kind]
    return np.array([all(each) for each in zip(free, right, wanted, strict=True)], dtype=np.bool_)


def draw_applications(
    key,
    call_identity,
    months_open,
    month_of_call,
    apply_probability,
    first,
    second,
    identity,
    eligible,
    region,
    country,
    sector,
    partners_from,
    two_sectors,
):
    applying = []
    for position, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        rows = [row for row in (one, other) if row != NOBODY]
        who = identity[one] if len(rows) == 1 else pair_identity(identity[one], identity[other])
        address = (key, Purpose.CALL_APPLICATION, 0, combine(who, call_identity))
        if (
            all(eligible[row] for row in rows)
            and (len(rows) == 1 or sits_right(one, other, region, country, sector, partners_from, two_sectors))
            and uniform(*address, 0) < apply_probability
            and int(uniform(*address, 1) * months_open) == month_of_call
        ):
            applying.append(position)
    return applying


def sits_right(first, second, region, country, sector, partners_from, two_sectors):
    """Whether the regions, countries and sectors of a pair are what a call asks for."""
    regions, countries, sectors = ({int(column[first]), int(column[second])} for column in (region, country, sector))
    right_seats = {
        PartnersFrom.ANYWHERE: True,
        PartnersFrom.ONE_REGION: len(regions) == 1,
        PartnersFrom.ONE_COUNTRY: len(countries) == 1,
        PartnersFrom.TWO_COUNTRIES: len(countries) == 2,
    }
    return right_seats[PartnersFrom(partners_from)] and (len(sectors) == 2 or not two_sectors)


def most_granted(largest, sides, left_cents):
    """The largest grant of which every side can pay its equal part."""
    return min([largest, *(len(set(sides)) * int(left_cents[purse]) for purse in sides)])


def pay(grant, sides, left_cents):
    """All from one purse; one half from each of two, the odd cent from the first."""
    other_part = grant // 2 if len(set(sides)) == 2 else 0
    left_cents[sides[0]] -= grant - other_part
    left_cents[sides[-1]] -= other_part


def fund_in_order(order, first, second, side_of, left_cents, least_grant_cents, largest_grant_cents, alone, room):
    grants = [0] * len(first)
    for application in order.tolist():
        rows = [int(row) for row in (first[application], second[application]) if row != NOBODY]
        if any(room[row] < 1 for row in rows):
            grants[application] = -1
            continue
        paying = rows[:1] if alone else rows
        sides = [int(side_of[row]) for row in paying]
        grant = max(0, most_granted(largest_grant_cents, sides, left_cents))
        if grant < max(1, least_grant_cents):
            continue
        grants[application] = grant
        pay(grant, sides, left_cents)
        for row in rows:
            room[row] -= 1
    return grants


def begin_anyway(order, first, second, willing, room):
    begins = [False] * len(first)
    for application in [place for place in order.tolist() if willing[place]]:
        rows = [int(row) for row in (first[application], second[application]) if row != NOBODY]
        begins[application] = all(room[row] > 0 for row in rows)
        for row in rows:
            room[row] -= 1
    return begins
