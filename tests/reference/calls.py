"""Plain twins of simulation/kernels/calls.py, one application and one cent at a time."""

from simulation.codes import PartnersFrom
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import combine, pair_identity, uniform


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
    partners_from,
):
    applying = []
    for position, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        rows = [row for row in (one, other) if row != NOBODY]
        who = identity[one] if len(rows) == 1 else pair_identity(identity[one], identity[other])
        address = (key, Purpose.CALL_APPLICATION, 0, combine(who, call_identity))
        if (
            all(eligible[row] for row in rows)
            and (
                len(rows) == 1
                or sits_right(partners_from, {region[row] for row in rows}, {country[row] for row in rows})
            )
            and uniform(*address, 0) < apply_probability
            and int(uniform(*address, 1) * months_open) == month_of_call
        ):
            applying.append(position)
    return applying


def sits_right(partners_from, regions, countries):
    """Whether the regions and countries of a pair are what a call asks for."""
    match PartnersFrom(partners_from):
        case PartnersFrom.ANYWHERE:
            return True
        case PartnersFrom.ONE_REGION:
            return len(regions) == 1
        case PartnersFrom.ONE_COUNTRY:
            return len(countries) == 1
        case PartnersFrom.TWO_COUNTRIES:
            return len(countries) == 2


def most_granted(largest, sides, left_cents):
    """The largest grant of which every side can pay its equal part."""
    return min([largest, *(len(set(sides)) * int(left_cents[purse]) for purse in sides)])


def pay(grant, sides, left_cents):
    """All from one purse; one half from each of two, the odd cent from the first."""
    other_part = grant // 2 if len(set(sides)) == 2 else 0
    left_cents[sides[0]] -= grant - other_part
    left_cents[sides[-1]] -= other_part


def fund_in_order(order, first, second, side_of, left_cents, largest_grant_cents, free):
    grants = [0] * len(first)
    for application in order.tolist():
        rows = [int(row) for row in (first[application], second[application]) if row != NOBODY]
        if not all(free[row] for row in rows):
            grants[application] = -1
            continue
        sides = [int(side_of[row]) for row in rows]
        grant = max(0, most_granted(largest_grant_cents, sides, left_cents))
        grants[application] = grant
        pay(grant, sides, left_cents)
        if grant > 0:
            for row in rows:
                free[row] = False
    return grants
