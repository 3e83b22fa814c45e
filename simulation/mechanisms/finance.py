"""Finance: what organisations earn, what projects cost them, and what grants and investors add.

Claim: own capital limits what a firm can start. A month adds income × size × (1 + spread z); every running
project takes a cost from each member, in a month with an instalment of a grant the co-funding of its call; a
commercialisation pays and creates jobs; a project that enters the pilot may find outside money. A grant is paid in
equal instalments from the purse of its call, or from one purse for each member's region where a pot is virtual; a
project that ends gives the rest back. Every cent leaves a purse with a source and an account, so in = out + left at
all times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source
from simulation.kernels.finance import receive_income, settle_projects
from simulation.money import CENTS_PER_KEUR, cents, pay
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
    for earning, share in _earning(world):
        receive_income(
            world.key,
            world.month,
            organisations.identity,
            earning,
            organisations.size,
            organisations.capital_cents,
            parameters.monthly_income_keur * CENTS_PER_KEUR * share,
            parameters.income_spread,
        )
    if len(world.state.projects):
        _settle_projects(world)


def _earning(world: World) -> Iterator[tuple[NDArray[np.bool_], float]]:
    """Living organisations and the share of their income that they have: all of it, unless a shock strikes them."""
    alive = world.state.organisations.alive
    if not world.struck.size:
        yield alive, 1.0
        return
    struck = world.struck_firms
    yield alive & ~struck, 1.0
    yield alive & struck, 1.0 - world.scenario.shock.demand_loss


def paying_members(world: World) -> NDArray[np.int8]:
    """Members of each project who are granted and pay, first ones first: the supplier of a voucher does neither."""
    projects = world.state.projects
    if not len(world.vouchers):
        return projects.member_count
    return np.where(world.vouchers[projects.call], 1, projects.member_count).astype(np.int8)


def _settle_projects(world: World) -> None:
    """Grants, own shares, outside money and sales of all projects."""
    organisations, projects, calls = world.state.organisations, world.state.projects, world.state.calls
    purses, parameters = world.state.purses, world.scenario.finance
    own, outside = settle_projects(
        world.key,
        world.month,
        projects.status,
        projects.members,
        projects.member_count,
        paying_members(world),
        projects.call,
        projects.grant_cents,
        projects.grant_paid_cents,
        projects.own_cents,
        projects.ticket_left_cents,
        projects.outside_cents,
        projects.identity,
        projects.passed_month,
        projects.ended_month,
        projects.stage,
        organisations.region,
        organisations.capital_cents,
        organisations.size,
        organisations.innovations,
        calls.first_purse,
        calls.purse_count,
        purses.region,
        purses.spent_cents,
        purses.committed_cents,
        world.scenario.applications.grant_months,
        world.own_per_grant,
        cents(parameters.project_cost_keur),
        parameters.outside_probability,
        cents(parameters.outside_keur),
        cents(parameters.commercialisation_keur),
        parameters.jobs_per_commercialisation,
    )
    pay(world.state, Source.OWN, Account.INVESTMENT, own)
    pay(world.state, Source.OUTSIDE, Account.INVESTMENT, outside)
