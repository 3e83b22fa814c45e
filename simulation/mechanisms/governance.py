"""Governance: who coordinates, what it costs, and what time it leaves for cases.

Claim: the form of coordination acts through time only (Provan & Kenis 2008). Shared governance costs n (n - 1) / 2
meetings; a lead organisation meets all and gives its own days to every introduction between partners; an
administrative organisation has posts of its own, a set-up time and an end of funding.

Equation: meetings of a member a month ``(n - 1) / divisor`` when shared, else ``1 / divisor``, and ``n / divisor``
for a lead; cases in proportion to the staff days that meetings leave; under a lead, partner cases times ``min(1, its
days / needed)``.

References
----------
Provan & Kenis (2008), Journal of Public Administration Research and Theory 18:229-252.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, MemberKind, PartnershipStatus, Source
from simulation.commitments import Commitment, raised
from simulation.money import cents, pay
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.state import NOBODY
from simulation.world import World

Floats = NDArray[np.float64]

ALIVE = (
    PartnershipStatus.NEGOTIATING,
    PartnershipStatus.AGREED,
    PartnershipStatus.LETTER_OF_INTENT,
    PartnershipStatus.OPEN,
)
"""Where a partnership stands while it has members who meet."""


def coordinate(world: World) -> None:
    """Say for whom each body acts, charge the meetings, and say how many cases each broker can take."""
    if len(world.state.members):
        _represent(world)
    _allot_cases(world)


def _represent(world: World) -> None:
    """Say for each body which membership it acts for: its own, for a broker also its parent's or authority's.

    Of several, the one in an active partnership; of these the first.
    """
    members, brokers = world.state.members, world.state.brokers
    brokers.member[:] = NOBODY
    active = members.present & world.state.partnerships.active[members.partnership]
    for acting in (members.present, active):
        for choice in range(world.representation.shape[1] - 1, -1, -1):
            membership = world.representation[:, choice]
            chosen = (membership != NOBODY) & acting[membership]
            brokers.member[chosen] = membership[chosen]
    for kind, table in ((MemberKind.PARK, world.state.parks), (MemberKind.AUTHORITY, world.state.authorities)):
        table.member[:] = NOBODY
        own = np.flatnonzero(members.present & (members.kind == kind))[::-1]
        table.member[members.row[own]] = own


def meetings(coordination: str, members: int, is_lead: NDArray[np.bool_], divisor: float) -> Floats:
    """Meetings a month of each member of one partnership.

    Every pair meets once in ``divisor`` months under shared governance; otherwise each member meets the centre,
    and a lead organisation meets all.
    """
    if coordination == "shared":
        return np.full(members, (members - 1) / divisor)
    meeting = np.full(members, 1.0 / divisor)
    if coordination == "lead":
        meeting[is_lead] = members / divisor
    return meeting


def _allot_cases(world: World) -> None:
    """Staff days that meetings leave, and the cases that each broker can take with them."""
    brokers, members, brokerage = world.state.brokers, world.state.members, world.scenario.brokerage
    days_lost = _hold_meetings(world)
    acting = brokers.member != NOBODY
    membership = brokers.member[acting]
    lost, partner_share, promotion = np.zeros(len(brokers)), np.zeros(len(brokers)), np.zeros(len(brokers))
    lost[acting] = (days_lost / np.maximum(1, np.bincount(membership, minlength=len(members))))[membership]
    partner_share[acting] = world.state.partnerships.capacity_share[members.partnership[membership]]
    working = members.present & world.state.partnerships.active[members.partnership]
    promotion[acting] = raised(world.scenario, Commitment.PROMOTION, members.engagement * working)[membership] - 1.0
    brokers.days[:] = np.maximum(0.0, brokerage.staff_days_per_post * brokers.posts - lost)
    posts = brokers.days / brokerage.staff_days_per_post
    luck = uniforms(world.key, Purpose.BROKER_TURN, world.month, brokers.identity)
    cases = np.floor(posts * brokerage.cases_per_post + luck).astype(np.int32)
    partner_cases = np.floor(posts * brokerage.partner_cases_per_post * partner_share + luck).astype(np.int32)
    brokers.promotion[:] = world.decide("brokers", "promotion", promotion)
    brokers.case_capacity[:] = world.decide("brokers", "case_capacity", cases)
    brokers.partner_case_capacity[:] = world.decide("brokers", "partner_case_capacity", partner_cases)


def _hold_meetings(world: World) -> Floats:
    """Charge this month's meetings; staff days that they take from each membership."""
    days_lost = np.zeros(len(world.state.members))
    for row in np.flatnonzero(np.isin(world.state.partnerships.status, ALIVE)):
        _coordinate_one(world, int(row), days_lost)
    return days_lost


def _coordinate_one(world: World, row: int, days_lost: Floats) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    attributes, rules = world.attributes(row), world.scenario.coordination
    here = np.flatnonzero(members.present & (members.partnership == row))
    is_lead = here == partnerships.lead[row]
    held = meetings(attributes.coordination, len(here), is_lead, rules.meetings_divisor)
    if attributes.coordination == "nao" and world.month > world.scenario.programme_end_month:
        held[:] = 0.0
    days_lost[here] = held * rules.meeting_days
    staff_cost = float(days_lost[here].sum()) * rules.day_cost_keur
    fees = len(here) * attributes.fee_keur / 12.0 if partnerships.active[row] and partnerships.bound[row] else 0.0
    _pay_for_coordination(world, row, cents(staff_cost + fees))
    partnerships.capacity_share[row] = 1.0
    if attributes.coordination == "lead":
        partnerships.capacity_share[row] = _lead_share(world, row, float(held[is_lead].sum()))
    elif attributes.coordination == "nao":
        partnerships.capacity_share[row] = _administrative_share(world, row, len(here))


def _pay_for_coordination(world: World, row: int, cost: int) -> None:
    """Pay staff and fees from the partnership's own budget as far as it goes, the rest from the regions' money."""
    purse = int(world.state.partnerships.purse[row])
    if purse != NOBODY:
        purses = world.state.purses
        own = min(cost, int(purses.received_cents[purse] - purses.spent_cents[purse]))
        purses.spent_cents[purse] += own
        cost -= own
    pay(world.state, Source.REGIONAL, Account.COORDINATION, cost)


def _lead_share(world: World, row: int, held: float) -> float:
    """Share of partnership cases that the lead's days suffice for, all cases offered to members passing through it."""
    brokers, partnerships = world.state.brokers, world.state.partnerships
    rules = world.scenario.coordination
    lead, members = int(partnerships.lead[row]), world.state.members
    posts = float(brokers.posts[brokers.member == lead].sum()) if lead != NOBODY else 0.0
    days = max(1.0, posts) * world.scenario.brokerage.staff_days_per_post
    offers = float(members.offers[members.present & (members.partnership == row)].sum())
    needed = held * rules.meeting_days + offers * rules.introduction_days
    return min(1.0, days / needed) if needed > 0.0 else 1.0


def _administrative_share(world: World, row: int, members: int) -> float:
    """An administrative organisation works after its set-up and while it is funded, with posts for its members."""
    rules = world.scenario.coordination
    posts = math.ceil(members / rules.nao_members_per_post)
    if world.month > world.scenario.programme_end_month:
        return 0.0
    days = posts * world.scenario.brokerage.staff_days_per_post
    pay(world.state, Source.EU, Account.COORDINATION, cents(days * rules.day_cost_keur))
    ready = int(world.state.partnerships.founded_month[row]) + rules.nao_set_up_months
    return 1.0 if world.month >= ready else 0.0
