"""Finance: what organisations earn, what projects cost them, and what grants and investors add.

Claim: own capital limits what a firm can start. A month adds income × size × (1 + spread z); every running
project takes a cost from each member, in a month with an instalment of a grant the co-funding of its call; a
commercialisation pays and creates jobs; a project that enters the pilot may find outside money. A grant is paid in
equal instalments from the purse of its call, or from one purse for each member's region where a pot is virtual; a
project that ends gives the rest back. Every cent leaves a purse with a source and an account, so in = out + left at
all times.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source
from simulation.kernels.finance import (
    find_outside_money,
    pay_grants,
    pay_own_shares,
    receive_income,
    reward_commercialisation,
)
from simulation.money import CENTS_PER_KEUR, cents, pay
from simulation.purposes import Purpose
from simulation.randomness import normals
from simulation.scenario import Scenario
from simulation.world import World


def settle(world: World) -> None:
    """Settle the month's accounts of organisations, projects and purses.

    Parameters
    ----------
    world : World
        Capital, size and innovations of organisations, the accounts of projects, and purses
        change.
    """
    organisations, parameters = world.state.organisations, world.scenario.finance
    z = normals(world.key, Purpose.INCOME, world.month & 0xFFFF, organisations.identity)
    receive_income(
        z,
        organisations.alive,
        organisations.size,
        organisations.capital_cents,
        parameters.monthly_income_keur * CENTS_PER_KEUR,
        parameters.income_spread,
    )
    if len(world.state.projects):
        _settle_projects(world)


def own_per_grant(scenario: Scenario) -> NDArray[np.float64]:
    """Own money that each call asks for a euro of grant, in the order of the calls' keys."""
    shares = [scenario.calls[name].grant_share for name in sorted(scenario.calls)]
    return np.array([(1.0 - share) / share for share in shares])


def _settle_projects(world: World) -> None:
    """Grants, own shares, outside money and sales of all projects."""
    organisations, projects, calls = world.state.organisations, world.state.projects, world.state.calls
    purses, parameters = world.state.purses, world.scenario.finance
    status, members, member_count = projects.status, projects.members, projects.member_count
    capital = organisations.capital_cents
    instalments = pay_grants(
        status,
        members,
        member_count,
        projects.call,
        projects.grant_cents,
        projects.grant_paid_cents,
        organisations.region,
        calls.first_purse,
        calls.purse_count,
        purses.region,
        purses.spent_cents,
        purses.committed_cents,
        world.scenario.applications.grant_months,
    )
    own = pay_own_shares(
        status,
        members,
        member_count,
        projects.own_cents,
        capital,
        instalments,
        projects.call,
        own_per_grant(world.scenario),
        cents(parameters.project_cost_keur),
    )
    outside = find_outside_money(
        world.key,
        world.month,
        projects.identity,
        projects.passed_month,
        projects.stage,
        projects.outside_cents,
        parameters.outside_probability,
        cents(parameters.outside_keur),
    )
    reward_commercialisation(
        world.month,
        status,
        projects.ended_month,
        members,
        member_count,
        capital,
        organisations.size,
        organisations.innovations,
        cents(parameters.commercialisation_keur),
        parameters.jobs_per_commercialisation,
    )
    pay(world.state, Source.OWN, Account.INVESTMENT, int(own))
    pay(world.state, Source.OUTSIDE, Account.INVESTMENT, int(outside))
