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

from simulation.commitments import Commitment, raised_by
from simulation.kernels.engagement import draw_members, joining_hazards, move_engagement
from simulation.memberships import enter, leave
from simulation.purposes import Purpose
from simulation.world import World

type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]

LEAVING = np.int64(Purpose.LEAVING)
JOINING = np.int64(Purpose.JOINING)


def engage(world: World) -> None:
    """Update every member's engagement; let members leave, and bodies nearby join."""
    members = world.state.members
    if True in world.state.partnerships.active.tolist():
        _update_engagement(world)
        _join(world)
    else:
        members.offers_now[:] = 0.0
        members.success_now[:] = 0.0


def _update_engagement(world: World) -> None:
    """Move the engagement of members who share, and let members leave."""
    members, partnerships, brokers = world.state.members, world.state.partnerships, world.state.brokers
    rules, terms, number = world.scenario.engagement, world.terms, len(members)
    moved, sharing = np.empty(number), np.empty(number, dtype=np.bool_)
    hazard, at_work, leaving = np.empty(number), np.empty(number, dtype=np.bool_), np.empty(number, dtype=np.bool_)
    count = move_engagement(
        world.key,
        world.month,
        members.identity,
        members.partnership,
        members.present,
        members.joined_month,
        members.engagement,
        members.offers,
        members.success,
        members.offers_now,
        members.success_now,
        partnerships.identity,
        partnerships.active,
        partnerships.active_month,
        partnerships.capacity_share,
        partnerships.bound,
        terms.floor,
        terms.enforcement,
        terms.binding,
        brokers.member,
        brokers.partner_case_capacity,
        (
            rules.half_success,
            float(rules.memory_months),
            rules.least,
            rules.adjustment,
            raised_by(world.scenario, Commitment.REINFORCEMENT),
            rules.drift,
        ),
        moved,
        sharing,
        hazard,
        at_work,
        leaving,
    )
    np.copyto(members.engagement, world.decide("members", "engagement", moved), where=sharing)
    decided = world.decide("members", "leaving", hazard)
    if decided is not hazard:
        count = _draw(world, LEAVING, at_work, decided, leaving)
    if count:
        leave(world, leaving)


def _join(world: World) -> None:
    """Eligible bodies near successful members join an active partnership.

    Who left does not come back, and a broker for which a member acts already does not join beside it.
    """
    members, rules, number = world.state.members, world.scenario.engagement, len(world.state.members)
    hazard, outside, joining = np.empty(number), np.empty(number, dtype=np.bool_), np.empty(number, dtype=np.bool_)
    waiting, count = joining_hazards(
        world.key,
        world.month,
        members.identity,
        members.partnership,
        members.kind,
        members.row,
        members.region,
        members.named,
        members.present,
        members.left_month,
        members.engagement,
        members.success,
        world.state.partnerships.identity,
        world.state.partnerships.active,
        world.terms.named_only,
        world.state.brokers.member,
        world.geography.neighbour,
        (rules.joining_rate, rules.half_success, raised_by(world.scenario, Commitment.RECRUITING)),
        hazard,
        outside,
        joining,
    )
    if not waiting:
        return
    decided = world.decide("members", "joining", hazard)
    if decided is not hazard:
        count = _draw(world, JOINING, outside, decided, joining)
    if count:
        enter(world, joining)


def _draw(world: World, purpose: np.int64, concerned: Flags, hazard: Floats, struck: Flags) -> int:
    """Say whom of the ``concerned`` members the hazard strikes this month; how many they are."""
    members, partnerships = world.state.members, world.state.partnerships
    return draw_members(
        world.key,
        purpose,
        world.month,
        members.identity,
        members.partnership,
        partnerships.identity,
        hazard,
        concerned,
        struck,
    )
