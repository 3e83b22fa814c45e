"""Governance of partnerships: founding, signature, deadline, renewal, engagement, leaving and joining, coordination.

Claim: what a partnership achieves follows from its attributes, never from its name. Who coordinates acts through time
only (Provan & Kenis 2008): shared governance costs n (n - 1) / 2 meetings, a lead organisation gives its own days, an
administrative organisation has posts of its own, a set-up time and an end of funding. Members give effort as far as
it pays them or is owed; effort that would bring more cases than a member's brokers can take is saved.

Equations: ``y = s / (s + s_half)``; ``target = max(owed, (e_min + (1 - e_min) y) min(1, C / offers))``;
``e <- e + adjustment (target - e)``; leaving hazard ``drift (1 - y) (1 - binding)``; joining hazard
``joining_rate * mean y`` of members in the own or a neighbouring region. ``s`` and ``offers`` are moving averages over
``memory_months``. Critical mass and dilution are not terms of these rules.

References
----------
Provan & Kenis (2008), Journal of Public Administration Research and Theory 18:229-252.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulation.money import cents, pay
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.schemas import Account, PartnershipStatus, Source
from simulation.state import NEVER, NOBODY
from simulation.world import World

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def govern(world: World) -> None:
    """The policy of the month: the life of every partnership, then what each broker can do."""
    if len(world.state.partnerships):
        for row in range(len(world.state.partnerships)):
            _decide(world, row)
        _update_engagement(world)
        _leave(world)
        _join(world)
        _dissolve_the_empty(world)
        _represent(world)
    _coordinate(world)


def found_partnerships(world: World) -> None:
    """Bring the founding members together in the first month of the programme."""
    partnerships, members = world.state.partnerships, world.state.members
    programme, attributes = world.scenario.programme, world.scenario.partnership
    if not (programme.active and attributes.founded) or world.month < programme.starts_month:
        return
    new = partnerships.status == PartnershipStatus.NOT_FOUNDED
    if not new.any():
        return
    open_form = attributes.decision == "none"
    partnerships.founded_month[new] = world.month
    partnerships.status[new] = PartnershipStatus.OPEN if open_form else PartnershipStatus.NEGOTIATING
    partnerships.negotiating[new] = True
    if open_form:
        _activate(world, new, bound=True)
    founders = members.founder & new[members.partnership]
    _enter(world, founders)


def _enter(world: World, entering: Flags) -> None:
    members = world.state.members
    members.present[entering] = True
    members.joined_month[entering] = world.month
    members.engagement[entering] = world.scenario.engagement.at_start
    cost = cents(world.scenario.partnership.joining_cost_keur) * int(np.count_nonzero(entering))
    pay(world.state, Source.REGIONAL, Account.COORDINATION, cost)


def _activate(world: World, chosen: Flags, bound: bool) -> None:
    partnerships = world.state.partnerships
    partnerships.active_month[chosen & ~partnerships.active] = world.month
    partnerships.active[chosen] = True
    partnerships.bound[chosen] = bound


def _decide(world: World, row: int) -> None:
    """Signature, deadline and renewal of one partnership."""
    partnerships, attributes = world.state.partnerships, world.scenario.partnership
    status = PartnershipStatus(int(partnerships.status[row]))
    one = np.arange(len(partnerships)) == row
    if status is PartnershipStatus.AGREED and world.month > partnerships.term_end_month[row] != NEVER:
        partnerships.negotiating[row] = True
    if not partnerships.negotiating[row] or status is PartnershipStatus.OPEN:
        return
    agreed = world.decide("partnerships", "agreement", _quorum_reached(world))[row]
    if agreed:
        _sign(world, row, one)
    elif status is PartnershipStatus.AGREED:
        if world.month > partnerships.term_end_month[row] + attributes.renewal_months:
            _fall_back(world, row, one)
    elif _deadline_reached(world, row):
        _fall_back(world, row, one)


def _quorum_reached(world: World) -> Flags:
    partnerships, attributes = world.state.partnerships, world.scenario.partnership
    needed = 1.0 if attributes.decision == "unanimity" else attributes.quorum
    share: Floats = np.nan_to_num(partnerships.objective_agreement, nan=-1.0)
    return share >= needed - 1e-12


def _deadline_reached(world: World, row: int) -> bool:
    deadline = world.scenario.partnership.deadline_months
    rounds = world.month - int(world.state.partnerships.founded_month[row]) + 1
    return deadline > 0 and rounds >= deadline


def _sign(world: World, row: int, one: Flags) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    attributes = world.scenario.partnership
    if partnerships.signed_month[row] == NEVER:
        partnerships.signed_month[row] = world.month
    partnerships.status[row] = PartnershipStatus.AGREED
    partnerships.negotiating[row] = False
    partnerships.term_end_month[row] = (
        world.month + attributes.term_months - 1 if attributes.term_months else NEVER
    )
    _activate(world, one, bound=True)
    here = (members.partnership == row) & members.present
    members.outside_agreement[here] = ~members.can_sign[here]


def _fall_back(world: World, row: int, one: Flags) -> None:
    partnerships = world.state.partnerships
    partnerships.negotiating[row] = False
    partnerships.term_end_month[row] = NEVER
    if world.scenario.partnership.fallback == "letter_of_intent":
        partnerships.status[row] = PartnershipStatus.LETTER_OF_INTENT
        _activate(world, one, bound=False)
    else:
        _end(world, one)


def _end(world: World, chosen: Flags) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    partnerships.status[chosen] = PartnershipStatus.DISSOLVED
    partnerships.active[chosen] = False
    partnerships.negotiating[chosen] = False
    leaving = members.present & chosen[members.partnership]
    members.present[leaving] = False
    members.left_month[leaving] = world.month


def success_share(world: World) -> Floats:
    """``y = s / (s + s_half)`` of every membership."""
    success = world.state.members.success
    share: Floats = success / (success + world.scenario.engagement.half_success)
    return share


def partner_capacity(world: World) -> Floats:
    """Partner cases a month that the brokers of each membership can take."""
    brokers = world.state.brokers
    capacity = np.zeros(len(world.state.members))
    acting = brokers.member != NOBODY
    np.add.at(capacity, brokers.member[acting], brokers.partner_case_capacity[acting])
    return capacity


def engagement_target(
    owed: Floats, success: Floats, capacity: Floats, offers: Floats, least: float
) -> Floats:
    """What each member's engagement moves towards.

    Parameters
    ----------
    owed : (n,) float64
        Engagement owed this month under the agreement.
    success : (n,) float64
        y, between 0 and 1.
    capacity, offers : (n,) float64
        Partner cases a month that the member's brokers can take, and that are offered to them.
    least : float
        Engagement of a member without any success.

    Returns
    -------
    (n,) float64
    """
    manageable = np.ones(len(offers))
    some = offers > 0.0
    manageable[some] = np.minimum(1.0, capacity[some] / offers[some])
    target: Floats = np.maximum(owed, (least + (1.0 - least) * success) * manageable)
    return target


def _update_engagement(world: World) -> None:
    members, rules = world.state.members, world.scenario.engagement
    partnerships = world.state.partnerships
    sharing = members.present & partnerships.active[members.partnership]
    for average, now in ((members.offers, members.offers_now), (members.success, members.success_now)):
        average[sharing] += (now[sharing] - average[sharing]) / rules.memory_months
        now[:] = 0.0
    enforced = uniforms(world.key, Purpose.ENFORCEMENT, world.month, members.identity)
    bound = partnerships.bound[members.partnership] & (enforced < world.scenario.partnership.enforcement)
    owed = np.where(bound, world.scenario.partnership.floor, 0.0)
    target = engagement_target(owed, success_share(world), partner_capacity(world), members.offers, rules.least)
    reinforced = 1.0 + 6.0 * rules.commitments[3] * members.engagement
    moved = members.engagement + np.minimum(1.0, rules.adjustment * reinforced) * (target - members.engagement)
    moved = world.decide("members", "engagement", moved)
    members.engagement[sharing] = moved[sharing]


def _leave(world: World) -> None:
    members, attributes = world.state.members, world.scenario.partnership
    partnerships = world.state.partnerships
    bound = partnerships.bound[members.partnership]
    hazard = world.scenario.engagement.drift * (1.0 - success_share(world))
    hazard = world.decide("members", "leaving", hazard * np.where(bound, 1.0 - attributes.binding, 1.0))
    draws = uniforms(world.key, Purpose.LEAVING, world.month, members.identity)
    leaving = members.present & partnerships.active[members.partnership] & (draws < hazard)
    members.present[leaving] = False
    members.left_month[leaving] = world.month
    for row in np.flatnonzero(leaving & (partnerships.lead[members.partnership] == np.arange(len(members)))):
        _pass_on_the_lead(world, int(members.partnership[row]))


def _pass_on_the_lead(world: World, partnership: int) -> None:
    members = world.state.members
    here = np.flatnonzero(members.present & (members.partnership == partnership))
    most_engaged = here[np.argmax(members.engagement[here])] if len(here) else NOBODY
    world.state.partnerships.lead[partnership] = most_engaged


def _join(world: World) -> None:
    """Eligible bodies near successful members join an active partnership; who left does not come back."""
    members, rules = world.state.members, world.scenario.engagement
    partnerships = world.state.partnerships
    outside = ~members.present & (members.left_month == NEVER) & partnerships.active[members.partnership]
    if world.scenario.partnership.eligible == "named":
        outside &= members.named
    if not outside.any():
        return
    hazard = rules.joining_rate * _success_nearby(world)
    hazard = world.decide("members", "joining", hazard)
    draws = uniforms(world.key, Purpose.JOINING, world.month, members.identity)
    _enter(world, outside & (draws < hazard))


def _success_nearby(world: World) -> Floats:
    """Mean y of the present members in the own or a neighbouring region, raised by their recruiting events."""
    members, geography = world.state.members, world.geography
    regions, success = len(geography.regions), success_share(world)
    recruiting = 1.0 + 6.0 * world.scenario.engagement.commitments[5] * members.engagement
    nearby = np.zeros(len(members))
    reach = geography.neighbour | np.eye(regions, dtype=np.bool_)
    for partnership in range(len(world.state.partnerships)):
        here = members.present & (members.partnership == partnership)
        count = np.bincount(members.region[here], minlength=regions)
        total = np.bincount(members.region[here], weights=(success * recruiting)[here], minlength=regions)
        near_count, near_total = reach @ count, reach @ total
        mean = np.divide(near_total, near_count, out=np.zeros(regions), where=near_count > 0)
        chosen = members.partnership == partnership
        nearby[chosen] = mean[members.region[chosen]]
    return nearby


def _dissolve_the_empty(world: World) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    present = np.bincount(members.partnership[members.present], minlength=len(partnerships))
    _end(world, partnerships.active & (present < 2))


def _represent(world: World) -> None:
    """Say for each broker which membership it acts for: its own, its parent's, or an authority's that names it."""
    members, brokers = world.state.members, world.state.brokers
    brokers.member[:] = NOBODY
    for choice in range(world.representation.shape[1] - 1, -1, -1):
        membership = world.representation[:, choice]
        present = (membership != NOBODY) & members.present[membership]
        brokers.member[present] = membership[present]


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


def _coordinate(world: World) -> None:
    """Staff days that meetings leave, what coordination costs, and the cases that follow from both."""
    state, scenario = world.state, world.scenario
    brokers, members = state.brokers, state.members
    days_lost = np.zeros(len(members))
    for row in np.flatnonzero(np.isin(state.partnerships.status, _ALIVE)):
        _coordinate_one(world, int(row), days_lost)
    acting = np.maximum(brokers.member, 0)
    shared_by = np.bincount(brokers.member[brokers.member != NOBODY], minlength=max(1, len(members)))
    lost = np.zeros(len(brokers))
    if len(members) and len(brokers):
        lost = np.where(brokers.member == NOBODY, 0.0, days_lost[acting] / np.maximum(1, shared_by[acting]))
    available = scenario.brokerage.staff_days_per_post * brokers.posts
    brokers.days[:] = np.maximum(0.0, available - lost)
    worked = brokers.posts * np.divide(brokers.days, available, out=np.zeros(len(brokers)), where=available > 0)
    cases = worked * scenario.brokerage.cases_per_post
    partner_cases = worked * scenario.brokerage.partner_cases_per_post
    if len(members) and len(brokers):
        share = state.partnerships.capacity_share[members.partnership][acting]
        partner_cases = np.where(brokers.member == NOBODY, 0.0, partner_cases * share)
        effort = np.where(brokers.member == NOBODY, 0.0, members.engagement[acting] * members.present[acting])
        brokers.promotion[:] = 6.0 * scenario.engagement.commitments[0] * effort
    brokers.promotion[:] = world.decide("brokers", "promotion", brokers.promotion.copy())
    luck = uniforms(world.key, Purpose.BROKER_TURN, world.month, brokers.identity)
    cases, partner_cases = np.floor(cases + luck), np.floor(partner_cases + luck)
    brokers.case_capacity[:] = world.decide("brokers", "case_capacity", cases.astype(np.int32))
    brokers.partner_case_capacity[:] = world.decide("brokers", "partner_case_capacity", partner_cases.astype(np.int32))


_ALIVE = (
    PartnershipStatus.NEGOTIATING, PartnershipStatus.AGREED, PartnershipStatus.LETTER_OF_INTENT, PartnershipStatus.OPEN,
)


def _coordinate_one(world: World, row: int, days_lost: Floats) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    attributes, rules = world.scenario.partnership, world.scenario.coordination
    here = np.flatnonzero(members.present & (members.partnership == row))
    is_lead = here == partnerships.lead[row]
    held = meetings(attributes.coordination, len(here), is_lead, rules.meetings_divisor)
    days_lost[here] = held * rules.meeting_days
    staff_cost = float(days_lost[here].sum()) * rules.day_cost_keur
    fees = len(here) * attributes.fee_keur / 12.0 if partnerships.active[row] and partnerships.bound[row] else 0.0
    pay(world.state, Source.REGIONAL, Account.COORDINATION, cents(staff_cost + fees))
    partnerships.capacity_share[row] = 1.0
    if attributes.coordination == "lead":
        partnerships.capacity_share[row] = _lead_share(world, row, float(held[is_lead].sum()))
    elif attributes.coordination == "nao":
        partnerships.capacity_share[row] = _administrative_share(world, row, len(here))
    partnerships.cases_now[row] = 0.0


def _lead_share(world: World, row: int, held: float) -> float:
    """Share of partnership cases that the lead's days suffice for: all introductions pass through it."""
    brokers, partnerships = world.state.brokers, world.state.partnerships
    rules = world.scenario.coordination
    posts = float(brokers.posts[brokers.member == partnerships.lead[row]].sum()) or 1.0
    days = posts * world.scenario.brokerage.staff_days_per_post
    needed = held * rules.meeting_days + float(partnerships.cases_now[row]) * rules.introduction_days
    return min(1.0, days / needed) if needed > 0.0 else 1.0


def _administrative_share(world: World, row: int, members: int) -> float:
    """An administrative organisation works after its set-up and while it is funded, with posts for its members."""
    rules, programme = world.scenario.coordination, world.scenario.programme
    posts = math.ceil(members / rules.nao_members_per_post)
    if world.month > world.scenario.programme_end_month:
        return 0.0
    days = posts * world.scenario.brokerage.staff_days_per_post
    pay(world.state, Source.EU, Account.COORDINATION, cents(days * rules.day_cost_keur))
    ready = max(int(world.state.partnerships.founded_month[row]), programme.starts_month) + rules.nao_set_up_months
    return 1.0 if world.month >= ready else 0.0
