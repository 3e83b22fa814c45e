"""Investment: ready firms meet investors at a forum, and a ticket pays the own share of a project.

Claim: what keeps a good project from money is seldom money alone: a firm must be ready for investors and meet them, and
there are only so many of them. Readiness comes from a service, the meeting from a forum, the number of tickets is
that of the region.

Rule: a month with a forum has ``investment.tickets_per_region_month`` tickets in each region, spread to whole ones over
the months; what is not taken is not kept. Of the projects that are past scoping, have no outside money yet and have a
member with a place at a forum, those of the highest surplus take the tickets of that member's region, one a firm and
project. A ticket is outside money; it pays the members' own shares until it is used up
(:mod:`simulation.mechanisms.finance`).

References
----------
Mason, C., Kwok, J. (2010). Investment readiness programmes and access to finance: a critical review of design issues.
Local Economy 25(4), 269-292.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source, Stage, Status
from simulation.kernels.investment import hand_out_tickets
from simulation.money import cents, pay
from simulation.service_places import clients_of, pay_for, places_taken, services_of
from simulation.world import World


def meet_investors(world: World) -> None:
    """Hold this month's forums: places by lot among ready firms, tickets to the best of their projects.

    Parameters
    ----------
    world : World
        ``served`` of organisations, the accounts of projects and purses change.
    """
    forums = services_of(world, "forum")
    if not forums:
        return
    organisations = world.state.organisations
    clients = clients_of(world, organisations.ready_until_month >= world.month)
    presenting = np.zeros(len(organisations), dtype=np.bool_)
    for name, service in forums:
        guests = places_taken(world, name, service, clients)
        presenting[guests] = True
        pay_for(world, service, len(guests))
    organisations.served[presenting] = True
    if presenting.any() and len(world.state.projects):
        _hand_out(world, presenting)


def tickets_of_month(tickets_per_month: float, month: int) -> int:
    """Whole tickets of a month, so that month m has had the whole part of m × tickets by its end."""
    return int(np.floor(tickets_per_month * month)) - int(np.floor(tickets_per_month * (month - 1)))


def _hand_out(world: World, presenting: NDArray[np.bool_]) -> None:
    state, rules = world.state, world.scenario.investment
    projects, organisations = state.projects, state.organisations
    past_scoping = (projects.status == Status.RUNNING) & (projects.stage > Stage.SCOPING)
    rows = np.flatnonzero(past_scoping & (projects.outside_cents == 0))
    best_first = rows[np.lexsort((projects.identity[rows], -projects.surplus[rows]))]
    tickets = np.full(len(world.geography.regions), tickets_of_month(rules.tickets_per_region_month, world.month))
    given = hand_out_tickets(
        best_first,
        projects.members,
        projects.member_count,
        presenting,
        organisations.region,
        tickets,
        cents(rules.ticket_keur),
        projects.outside_cents,
        projects.ticket_left_cents,
    )
    pay(state, Source.OUTSIDE, Account.INVESTMENT, int(given))
