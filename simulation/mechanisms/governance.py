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

from simulation.codes import Account, PartnershipStatus, Source
from simulation.commitments import Commitment, raised_by
from simulation.kernels.governance import allot_cases, hold_meetings, represent
from simulation.money import cents, pay
from simulation.state import NOBODY
from simulation.world import World

Floats = NDArray[np.float64]

ALIVE = {
    int(PartnershipStatus.NEGOTIATING),
    int(PartnershipStatus.AGREED),
    int(PartnershipStatus.LETTER_OF_INTENT),
    int(PartnershipStatus.OPEN),
}
"""Where a partnership stands while it has members who meet."""


def coordinate(world: World) -> None:
    """Say for whom each body acts, charge the meetings, and say how many cases each broker can take."""
    days_lost = np.zeros(len(world.state.members))
    if len(world.state.partnerships):
        _hold_meetings(world, _represent(world), days_lost)
    _allot_cases(world, days_lost)


def _represent(world: World) -> list[int]:
    """Say for each body which membership it acts for: its own, for a broker also its parent's or authority's.

    Of several, the one in an active partnership; of these the first. Number of members of each partnership.
    """
    state, members = world.state, world.state.members
    present: list[int] = represent(
        members.present,
        members.partnership,
        members.kind,
        members.row,
        state.partnerships.active,
        world.representation,
        state.brokers.member,
        state.parks.member,
        state.authorities.member,
    ).tolist()
    return present


def meetings(coordination: str, members: int, divisor: float) -> tuple[float, float]:
    """Meetings a month of a member of a partnership, and of its lead.

    Every pair meets once in ``divisor`` months under shared governance; otherwise each member meets the centre,
    and a lead organisation meets all.
    """
    if coordination == "shared":
        return (members - 1) / divisor, (members - 1) / divisor
    return 1.0 / divisor, (members if coordination == "lead" else 1.0) / divisor


def _allot_cases(world: World, days_lost: Floats) -> None:
    """Staff days that meetings leave, and the cases that each broker can take with them."""
    brokers, members, partnerships = world.state.brokers, world.state.members, world.state.partnerships
    rules = world.scenario.brokerage
    # Who decides otherwise still sees what it decided last month.
    promotion = np.empty_like(brokers.promotion)
    cases, partner_cases = np.empty_like(brokers.case_capacity), np.empty_like(brokers.case_capacity)
    allot_cases(
        world.key,
        world.month,
        brokers.identity,
        brokers.member,
        brokers.posts,
        days_lost,
        members.partnership,
        members.present,
        members.engagement,
        partnerships.active,
        partnerships.capacity_share,
        (
            rules.staff_days_per_post,
            float(rules.cases_per_post),
            float(rules.partner_cases_per_post),
            raised_by(world.scenario, Commitment.PROMOTION),
        ),
        brokers.days,
        promotion,
        cases,
        partner_cases,
    )
    brokers.promotion[:] = world.decide("brokers", "promotion", promotion)
    brokers.case_capacity[:] = world.decide("brokers", "case_capacity", cases)
    brokers.partner_case_capacity[:] = world.decide("brokers", "partner_case_capacity", partner_cases)


def _hold_meetings(world: World, present: list[int], days_lost: Floats) -> None:
    """Charge this month's meetings, and say what staff days they take from each membership."""
    for row, status in enumerate(world.state.partnerships.status.tolist()):
        if status in ALIVE:
            _coordinate_one(world, row, present[row], days_lost)


def _coordinate_one(world: World, row: int, present: int, days_lost: Floats) -> None:
    partnerships, members, brokers = world.state.partnerships, world.state.members, world.state.brokers
    attributes, rules = world.attributes(row), world.scenario.coordination
    form, lead = attributes.coordination, partnerships.lead.item(row)
    held, held_by_lead = meetings(form, present, rules.meetings_divisor)
    if form == "nao" and world.month > world.scenario.programme_end_month:
        held, held_by_lead = 0.0, 0.0
    days, offers, posts = hold_meetings(
        row,
        lead,
        held * rules.meeting_days,
        held_by_lead * rules.meeting_days,
        members.partnership,
        members.present,
        members.offers,
        brokers.member,
        brokers.posts,
        days_lost,
    )
    fees = present * attributes.fee_keur / 12.0 if partnerships.active[row] and partnerships.bound[row] else 0.0
    _pay_for_coordination(world, row, cents(days * rules.day_cost_keur + fees))
    share = 1.0
    if form == "lead":
        leads = lead != NOBODY and members.present[lead] and members.partnership[lead] == row
        needed = (held_by_lead if leads else 0.0) * rules.meeting_days + offers * rules.introduction_days
        share = _lead_share(world, posts, needed)
    elif form == "nao":
        share = _administrative_share(world, row, present)
    partnerships.capacity_share[row] = share


def _pay_for_coordination(world: World, row: int, cost: int) -> None:
    """Pay staff and fees from the partnership's own budget as far as it goes, the rest from the regions' money."""
    purse = world.state.partnerships.purse.item(row)
    if purse != NOBODY:
        purses = world.state.purses
        own = min(cost, int(purses.received_cents[purse] - purses.spent_cents[purse]))
        purses.spent_cents[purse] += own
        cost -= own
    pay(world.state, Source.REGIONAL, Account.COORDINATION, cost)


def _lead_share(world: World, posts: float, needed: float) -> float:
    """Share of partnership cases that the lead's days suffice for, all cases offered to members passing through it."""
    days = max(1.0, posts) * world.scenario.brokerage.staff_days_per_post
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
