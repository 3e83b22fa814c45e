"""Engagement of members: how much of their effort they give, whether they stay, who joins.

Claim: members give effort as far as it pays them or is owed; effort that would bring more cases than a member's
brokers can take is saved. Critical mass and dilution are no terms of these rules: they come about, or not, from what
success and offers the other mechanisms make.

Equations: ``y = s / (s + s_half)``; ``target = max(owed, (e_min + (1 - e_min) y) min(1, C / offers))``;
``e <- e + adjustment (target - e)``; leaving hazard ``drift (1 - y) (1 - binding)``; joining hazard
``joining_rate * mean y`` of members in the own or a neighbouring region. ``s`` and ``offers`` are moving averages over
``memory_months``. The rules are the project's own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import MemberKind
from simulation.commitments import Commitment, raised
from simulation.memberships import enter, leave, success_share
from simulation.purposes import Purpose
from simulation.randomness import combined, uniforms
from simulation.state import NEVER, NOBODY
from simulation.world import World

Floats = NDArray[np.float64]


def engage(world: World) -> None:
    """Update every member's engagement; let members leave, and bodies nearby join."""
    if not len(world.state.members):
        return
    _update_engagement(world)
    _leave(world)
    _join(world)


def partner_capacity(world: World) -> Floats:
    """Partner cases a month that the brokers of each membership can take."""
    brokers = world.state.brokers
    capacity = np.zeros(len(world.state.members))
    acting = brokers.member != NOBODY
    np.add.at(capacity, brokers.member[acting], brokers.partner_case_capacity[acting])
    return capacity


def engagement_target(owed: Floats, success: Floats, capacity: Floats, offers: Floats, least: float) -> Floats:
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
    sharing = _sharing_since_last_month(world)
    for average, now in ((members.offers, members.offers_now), (members.success, members.success_now)):
        average[sharing] += (now[sharing] - average[sharing]) / rules.memory_months
        now[:] = 0.0
    enforced = uniforms(world.key, Purpose.ENFORCEMENT, world.month, membership_identity(world))
    bound = partnerships.bound[members.partnership] & (enforced < world.attribute_of_members("enforcement"))
    owed = np.where(bound, world.attribute_of_members("floor"), 0.0)
    target = engagement_target(owed, success_share(world), partner_capacity(world), members.offers, rules.least)
    reinforced = raised(world.scenario, Commitment.REINFORCEMENT, members.engagement)
    moved = members.engagement + np.minimum(1.0, rules.adjustment * reinforced) * (target - members.engagement)
    moved = world.decide("members", "engagement", moved)
    members.engagement[sharing] = moved[sharing]


def _sharing_since_last_month(world: World) -> NDArray[np.bool_]:
    """Members who could have shown and been shown clients last month: present, active, and coordination at work."""
    members, partnerships = world.state.members, world.state.partnerships
    at_work = partnerships.active & (partnerships.active_month < world.month) & (partnerships.capacity_share > 0.0)
    sharing: NDArray[np.bool_] = members.present & (members.joined_month < world.month) & at_work[members.partnership]
    return sharing


def membership_identity(world: World) -> NDArray[np.uint64]:
    """Address of each membership: the body's and the partnership's."""
    members = world.state.members
    return combined(members.identity, world.state.partnerships.identity[members.partnership])


def _leave(world: World) -> None:
    members, partnerships = world.state.members, world.state.partnerships
    bound = partnerships.bound[members.partnership]
    hazard = world.scenario.engagement.drift * (1.0 - success_share(world))
    hazard = world.decide(
        "members", "leaving", hazard * np.where(bound, 1.0 - world.attribute_of_members("binding"), 1.0)
    )
    draws = uniforms(world.key, Purpose.LEAVING, world.month, membership_identity(world))
    leaving = members.present & partnerships.active[members.partnership] & (draws < hazard)
    leave(world, leaving)


def _join(world: World) -> None:
    """Eligible bodies near successful members join an active partnership.

    Who left does not come back, and a broker for which a member acts already does not join beside it.
    """
    members, rules = world.state.members, world.scenario.engagement
    partnerships = world.state.partnerships
    outside = ~members.present & (members.left_month == NEVER) & partnerships.active[members.partnership]
    of_broker = np.flatnonzero(members.kind == MemberKind.BROKER)
    outside[of_broker] &= world.state.brokers.member[members.row[of_broker]] == NOBODY
    outside &= members.named | (world.attribute_of_members("eligible") != "named")
    if not outside.any():
        return
    hazard = rules.joining_rate * _success_nearby(world)
    hazard = world.decide("members", "joining", hazard)
    draws = uniforms(world.key, Purpose.JOINING, world.month, membership_identity(world))
    enter(world, outside & (draws < hazard))


def _success_nearby(world: World) -> Floats:
    """Mean y of the present members in the own or a neighbouring region, raised by their recruiting events."""
    members, geography = world.state.members, world.geography
    regions, success = len(geography.regions), success_share(world)
    recruiting = raised(world.scenario, Commitment.RECRUITING, members.engagement)
    nearby = np.zeros(len(members))
    reach = geography.neighbour | np.eye(regions, dtype=np.bool_)
    for partnership in range(len(world.state.partnerships)):
        here = members.present & (members.partnership == partnership)
        count = np.bincount(members.region[here], minlength=regions)
        total = np.bincount(members.region[here], weights=(success * recruiting)[here], minlength=regions)
        near_count = np.where(reach, count, 0).sum(axis=1)
        near_total = np.cumsum(np.where(reach, total, 0.0), axis=1)[:, -1]
        mean = np.divide(near_total, near_count, out=np.zeros(regions), where=near_count > 0)
        chosen = members.partnership == partnership
        nearby[chosen] = mean[members.region[chosen]]
    return nearby
