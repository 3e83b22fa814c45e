"""For whom bodies act and what time meetings leave for cases: the loops of :mod:`simulation.mechanisms.governance`.

Columns of members have one value a membership (n,), those of partnerships one a partnership (p,), those of brokers
one a broker (b,).
"""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import MemberKind
from simulation.compilation import kernel
from simulation.kernels.sums import pairwise_sum
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

__all__ = ["allot_cases", "hold_meetings", "members_present", "represent"]

type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Rows = NDArray[np.int32]

BROKER_TURN = int(Purpose.BROKER_TURN)
PARK, AUTHORITY = int(MemberKind.PARK), int(MemberKind.AUTHORITY)


@kernel
def members_present(present: Flags, partnership: NDArray[np.int16], partnerships: int) -> NDArray[np.int64]:
    """Number of members of each partnership: (partnerships,) int64."""
    count = np.zeros(partnerships, np.int64)
    for row in range(present.size):
        count[partnership[row]] += int(present[row])
    return count


@kernel
def represent(
    present: Flags,
    partnership: NDArray[np.int16],
    kind: NDArray[np.int8],
    body: Rows,
    active: Flags,
    choices: Rows,
    broker_member: Rows,
    park_member: Rows,
    authority_member: Rows,
) -> NDArray[np.int64]:
    """Fill the membership that each body acts for; number of members of each partnership: (p,) int64.

    A broker acts for the first of its (b, c) ``choices`` that is present in an active partnership; where there is none,
    for the first that is present. A park or authority acts for its first membership that is present. Who has none has
    NOBODY; a choice that is NOBODY is no choice.

    Parameters
    ----------
    kind, body : (n,) int8, int32
        Kind of the body of each membership, and its row in the table of its kind.
    broker_member, park_member, authority_member : (bodies,) int32
        Filled.
    """
    for broker in range(broker_member.size):
        broker_member[broker] = NOBODY
        at_work = False
        for choice in choices[broker]:
            if choice == NOBODY or not present[choice] or at_work:
                continue
            at_work = active[partnership[choice]]
            if at_work or broker_member[broker] == NOBODY:
                broker_member[broker] = choice
    for park in range(park_member.size):
        park_member[park] = NOBODY
    for authority in range(authority_member.size):
        authority_member[authority] = NOBODY
    for row in range(present.size):
        if not present[row]:
            continue
        if kind[row] == PARK and park_member[body[row]] == NOBODY:
            park_member[body[row]] = row
        elif kind[row] == AUTHORITY and authority_member[body[row]] == NOBODY:
            authority_member[body[row]] = row
    return members_present(present, partnership, active.size)


@kernel
def hold_meetings(
    partnership: int,
    lead: int,
    days_each: float,
    days_of_lead: float,
    of: NDArray[np.int16],
    present: Flags,
    offers: Floats,
    broker_member: Rows,
    posts: Floats,
    days_lost: Floats,
) -> tuple[float, float, float]:
    """Say what staff days meetings take from each present member of a partnership.

    Parameters
    ----------
    days_each, days_of_lead : float
        Days of every member but the ``lead``, and of that one.
    of : (n,) int16
        Partnership of each membership.
    broker_member, posts : (b,)
        The membership that each broker acts for, and its posts.
    days_lost : (n,) float64
        Filled for the members here.

    Returns
    -------
    days, offers, posts : float
        Days and ``offers`` of the members here, and the posts of those who act for the lead, none if nobody leads;
        each by :func:`simulation.kernels.sums.pairwise_sum` in the order of rows.
    """
    count, days_here, offers_here = 0, np.empty(of.size), np.empty(of.size)
    for row in range(of.size):
        if present[row] and of[row] == partnership:
            days_lost[row] = days_of_lead if row == lead else days_each
            days_here[count], offers_here[count] = days_lost[row], offers[row]
            count += 1
    acting, posts_of_lead = 0, np.empty(posts.size)
    for broker in range(posts.size):
        if lead != NOBODY and broker_member[broker] == lead:
            posts_of_lead[acting] = posts[broker]
            acting += 1
    return pairwise_sum(days_here[:count]), pairwise_sum(offers_here[:count]), pairwise_sum(posts_of_lead[:acting])


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
    luck, acting = np.empty(member.size), np.zeros(present.size, np.int64)
    for broker in range(member.size):
        luck[broker] = uniform(key, BROKER_TURN, month, identity[broker], 0)
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
        cases[broker] = np.int32(np.floor(full * cases_per_post + luck[broker]))
        partner_cases[broker] = np.int32(np.floor(full * partner_cases_per_post * share + luck[broker]))
