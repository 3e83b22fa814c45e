"""Entering and leaving a partnership: what a body becomes and pays when it joins, who leads when the lead goes.

Also how successful a membership is, which decides whether a body stays, joins and goes on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source, Tier
from simulation.money import cents, pay
from simulation.state import NOBODY
from simulation.world import World


def enter(world: World, entering: NDArray[np.bool_]) -> None:
    """Make the given rows of ``members`` present, at the engagement of a new member, against the cost of joining."""
    members = world.state.members
    members.present[entering] = True
    members.joined_month[entering] = world.month
    members.engagement[entering] = world.scenario.engagement.at_start
    for row in np.unique(members.partnership[entering]).tolist():
        entrants = int(np.count_nonzero(entering & (members.partnership == row)))
        cost = cents(world.attributes(row).joining_cost_keur) * entrants
        pay(world.state, Source.REGIONAL, Account.COORDINATION, cost)


def success_share(world: World) -> NDArray[np.float64]:
    """How successful each membership is: ``y = s / (s + s_half)``, between 0 and 1."""
    success = world.state.members.success
    share: NDArray[np.float64] = success / (success + world.scenario.engagement.half_success)
    return share


def leave(world: World, leaving: NDArray[np.bool_]) -> None:
    """Make the given rows of ``members`` absent for good; a lead passes to the most engaged signatory that stays."""
    members, partnerships = world.state.members, world.state.partnerships
    if not leaving.any():
        return
    members.present[leaving] = False
    members.left_month[leaving] = world.month
    for row in np.flatnonzero(leaving & (partnerships.lead[members.partnership] == np.arange(len(members)))):
        _pass_on_the_lead(world, int(members.partnership[row]))


def _pass_on_the_lead(world: World, partnership: int) -> None:
    members = world.state.members
    here = np.flatnonzero(members.present & (members.partnership == partnership) & (members.tier == Tier.SIGNATORY))
    most_engaged = here[np.argmax(members.engagement[here])] if len(here) else NOBODY
    world.state.partnerships.lead[partnership] = most_engaged
