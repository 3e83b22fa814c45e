"""Entering a partnership: what a body becomes and pays when it joins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source
from simulation.money import cents, pay
from simulation.world import World


def enter(world: World, entering: NDArray[np.bool_]) -> None:
    """Make the given rows of ``members`` present, at the engagement of a new member, against the cost of joining."""
    members = world.state.members
    members.present[entering] = True
    members.joined_month[entering] = world.month
    members.engagement[entering] = world.scenario.engagement.at_start
    cost = cents(world.scenario.partnership.joining_cost_keur) * int(np.count_nonzero(entering))
    pay(world.state, Source.REGIONAL, Account.COORDINATION, cost)
