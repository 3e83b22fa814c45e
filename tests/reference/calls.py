"""Plain twins of simulation/kernels/calls.py, one application and one cent at a time."""

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
    country,
    cross_border,
):
    applying = []
    for position, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        rows = [row for row in (one, other) if row != NOBODY]
        who = identity[one] if len(rows) == 1 else pair_identity(identity[one], identity[other])
        address = (key, Purpose.CALL_APPLICATION, 0, combine(who, call_identity))
        at_home = cross_border and len(rows) == 2 and country[one] == country[other]
        if (
            all(eligible[row] for row in rows)
            and not at_home
            and uniform(*address, 0) < apply_probability
            and int(uniform(*address, 1) * months_open) == month_of_call
        ):
            applying.append(position)
    return applying


def parts(grant, sides):
    """What each purse pays: all of it, or one half each with the odd cent from the first."""
    if len(set(sides)) == 1:
        return {sides[0]: grant}
    return {sides[0]: grant - grant // 2, sides[1]: grant // 2}


def fund_in_order(order, first, second, side_of, left_cents, largest_grant_cents, free):
    grants = [0] * len(first)
    for application in order.tolist():
        rows = [int(row) for row in (first[application], second[application]) if row != NOBODY]
        if not all(free[row] for row in rows):
            grants[application] = -1
            continue
        sides = [int(side_of[row]) for row in rows]
        grant = int(largest_grant_cents)
        while grant > 0 and any(part > left_cents[purse] for purse, part in parts(grant, sides).items()):
            grant -= 1
        grants[application] = max(grant, 0)
        if grant > 0:
            for purse, part in parts(grant, sides).items():
                left_cents[purse] -= part
            for row in rows:
                free[row] = False
    return grants
