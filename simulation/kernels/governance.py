"""For whom bodies act and what time meetings leave for cases: the loops of :mod:`simulation.mechanisms.governance`.

Columns of members have one value a membership (n,), those of partnerships one a partnership (p,), those of brokers
one a broker (b,).
"""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

__all__ = ["allot_cases", "hold_meetings", "represent_bodies", "represent_brokers"]

type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Rows = NDArray[np.int32]

BROKER_TURN = int(Purpose.BROKER_TURN)


@kernel
def represent_brokers(
    present: Flags, partnership: NDArray[np.int16], active: Flags, choices: Rows, member: Rows
) -> None:
    """Fill (b,) ``member``: of each broker's (b, c) ``choices`` the first that is present in an active partnership.

    Where there is none, the first that is present; else NOBODY. A choice that is NOBODY is no choice.
    """
    for broker in range(member.size):
        member[broker] = NOBODY
        at_work = False
        for choice in choices[broker]:
            if choice == NOBODY or not present[choice] or at_work:
                continue
            at_work = active[partnership[choice]]
            if at_work or member[broker] == NOBODY:
                member[broker] = choice


@kernel
def represent_bodies(present: Flags, kind: NDArray[np.int8], body: Rows, wanted: int, member: Rows) -> None:
    """Fill (bodies,) ``member``: the first membership of each body of the ``wanted`` kind that is present, or NOBODY.

    Parameters
    ----------
    kind, body : (n,) int8, int32
        Kind of the body of each membership, and its row in the table of its kind.
    """
    member[:] = NOBODY
    for row in range(present.size):
        if present[row] and kind[row] == wanted and member[body[row]] == NOBODY:
            member[body[row]] = row


@kernel
def hold_meetings(
    partnership: int,
    lead: int,
    days_each: float,
    days_of_lead: float,
    of: NDArray[np.int16],
    present: Flags,
    offers: Floats,
    days_lost: Floats,
    days_here: Floats,
    offers_here: Floats,
) -> None:
    """Say what staff days meetings take from each present member of a partnership.

    Parameters
    ----------
    days_each, days_of_lead : float
        Days of every member but the ``lead``, and of that one.
    of : (n,) int16
        Partnership of each membership.
    days_lost : (n,) float64
        Filled for the members here.
    days_here, offers_here : (members here,) float64
        Filled with the ``days_lost`` and ``offers`` of the members here, in their order.
    """
    count = 0
    for row in range(of.size):
        if present[row] and of[row] == partnership:
            days_lost[row] = days_of_lead if row == lead else days_each
            days_here[count], offers_here[count] = days_lost[row], offers[row]
            count += 1


@kernel
def allot_cases(
    key: np.uint64,
    month: int,
    identity: NDArray[np.uint64],
    member: Rows,
    posts: Floats,
    days_lost: Floats,
    partnership: NDArray[np.int16],
    present: Flags,
    engagement: Floats,
    active: Flags,
    capacity_share: Floats,
    rules: tuple[float, float, float, float],
    days: Floats,
    promotion: Floats,
    cases: Rows,
    partner_cases: Rows,
) -> None:
    """Staff days that meetings leave each broker, its promotion, and the cases it could take with these days.

    A broker that acts for a membership loses its ``days_lost`` (n,), shared equally by those who act for it; days are
    ``max(0, per post × posts - lost)``. With x = days / per post and u at (BROKER_TURN, month, identity, 0), cases are
    the floor of ``x cases + u``, partner cases that of ``x partner cases × capacity share + u``, 0 the share of who
    acts for nobody. Promotion is ``(1 + promotion e) - 1``, e the engagement of a present member of an active
    partnership.

    Parameters
    ----------
    rules : four floats
        Staff days, cases and partner cases of a post, promotion.
    days, promotion : (b,) float64
        Filled.
    cases, partner_cases : (b,) int32
        Filled.
    """
    days_per_post, cases_per_post, partner_cases_per_post, promoting = rules
    acting = np.zeros(present.size, np.int64)
    for broker in range(member.size):
        if member[broker] != NOBODY:
            acting[member[broker]] += 1
    for broker in range(member.size):
        lost, share, promotion[broker] = 0.0, 0.0, 0.0
        row = member[broker]
        if row != NOBODY:
            lost = days_lost[row] / float(acting[row])
            share = capacity_share[partnership[row]]
            if present[row] and active[partnership[row]]:
                promotion[broker] = (1.0 + promoting * engagement[row]) - 1.0
        days[broker] = max(0.0, days_per_post * posts[broker] - lost)
        full = days[broker] / days_per_post
        luck = uniform(key, BROKER_TURN, month, identity[broker], 0)
        cases[broker] = np.int32(np.floor(full * cases_per_post + luck))
        partner_cases[broker] = np.int32(np.floor(full * partner_cases_per_post * share + luck))
