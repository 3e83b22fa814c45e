"""Services: what a place in one changes in the state of a firm.

Claim: a service acts through the state alone. A diagnosis closes part of the gap to full digital maturity, a
training part of the gap to full absorptive capacity, awareness a little of the first, all times the quality of the
region's institutions; an event shows its guests to the firms of the region that look for a partner, and moves
others to enrol. The projects of a diagnosed or trained firm pass their stages faster for a while, those of a coached
one pass the stages after scoping faster, those of one that tested before investing expire more rarely in scoping.
A diagnosis that refers replaces two of the three needed domains by those in which the firm lags furthest behind its
region, and sends the firm where its kind of need leads: to a training, a test, investors or a search for a partner.
Places are limited by month and region, awareness is not; they go by lot among those who ask
(:mod:`simulation.service_places`).

References
----------
Cohen, W. M., Levinthal, D. A. (1990). Absorptive capacity. Administrative Science Quarterly 35(1), 128-152.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source
from simulation.kernels.services import close_gaps, correct_needs, mean_levels, reach_firms
from simulation.money import cents, pay
from simulation.parameters.places import Service
from simulation.service_places import (
    Clients,
    clients_of,
    counter_of,
    paid_places,
    pay_for,
    places_taken,
    regions_served,
    services_of,
)
from simulation.world import World

Rows = NDArray[np.int64]

NONE: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
"""Regions with an event, its guests, and firms that awareness reaches, where there is no event and no awareness."""

WITH_PLACES = ("diagnosis", "training", "event", "coaching", "referral", "investment_readiness")


def provide(world: World) -> None:
    """Offer this month's services and pay for the places used, and for the staff of the platform.

    Parameters
    ----------
    world : World
        ``event_regions``, ``event_guests`` and ``reached`` are set; digital maturity, absorptive capacity, needs,
        ``served`` and the months until which a service counts change in organisations. The staff of the platform is
        paid by the EU, since no source is named for it.
    """
    world.event_regions, world.event_guests, world.reached = NONE, NONE, NONE
    world.platform_unpaid = False
    if not world.services_on:
        return
    _staff_the_platform(world)
    offered = services_of(world, *WITH_PLACES, "awareness")
    if not offered:
        return
    clients = clients_of(world)
    for name, service in offered:
        if service.kind != "awareness":
            _give(world, name, service, clients)
    for name, service in offered:
        if service.kind == "awareness":
            _reach(world, name, service, clients.quality)


def _give(world: World, name: str, service: Service, clients: Clients) -> None:
    """Let those who get a place in a service have it, and pay for the places."""
    guests = places_taken(world, name, service, clients)
    if len(guests):
        _serve(world, service, guests, clients.quality)
        world.state.organisations.served[guests] = True
        pay_for(world, service, len(guests))


def _staff_the_platform(world: World) -> None:
    """Pay the platform's staff, as far as the budget of the programme lasts."""
    if world.platform_on:
        cost, left = cents(world.scenario.platform.cost_keur), world.programme_left_cents
        world.platform_unpaid = left is not None and left < cost
        if not world.platform_unpaid:
            pay(world.state, Source.EU, Account.SERVICES, cost)


def _serve(world: World, service: Service, guests: Rows, quality: NDArray[np.float64]) -> None:
    """Let one service act on the firms that have a place; institutions and instruments have a quality by region."""
    organisations, provision, month = world.state.organisations, world.scenario.provision, world.month
    region = organisations.region
    if service.kind == "diagnosis":
        close_gaps(guests, region, quality, float(provision.diagnosis_maturity), organisations.digital_maturity)
        if service.refers:
            _refer(world, guests)
    elif service.kind == "training":
        close_gaps(guests, region, quality, float(provision.training_absorption), organisations.absorptive_capacity)
    if service.kind == "event":
        _invite(world, guests)
    elif service.kind == "coaching":
        organisations.coached_until_month[guests] = month + provision.coached_months - 1
    elif service.kind == "referral":
        organisations.tested_until_month[guests] = month + provision.tested_months - 1
    elif service.kind == "investment_readiness":
        organisations.ready_until_month[guests] = month + provision.ready_months - 1
    else:
        organisations.served_until_month[guests] = month + provision.served_months - 1


def _invite(world: World, guests: Rows) -> None:
    """Let firms be guests of this month's event, which is held in their regions."""
    organisations = world.state.organisations
    if not len(world.event_guests):
        world.event_guests = np.zeros(len(organisations), dtype=np.bool_)
        world.event_regions = np.zeros(len(world.geography.regions), dtype=np.bool_)
    world.event_guests[guests] = True
    world.event_regions[organisations.region[guests]] = True


def _refer(world: World, guests: Rows) -> None:
    """Correct the needs of diagnosed firms, and refer each to what its kind of need leads to."""
    organisations = world.state.organisations
    regions = len(world.geography.regions)
    levels = mean_levels(organisations.region, organisations.alive, organisations.knowledge, regions)
    correct_needs(guests, organisations.region, levels, organisations.knowledge, organisations.needs)
    organisations.referred_until_month[guests] = world.month + world.scenario.provision.referred_months - 1


def _reach(world: World, name: str, service: Service, quality: NDArray[np.float64]) -> None:
    """Reach firms by courses, newsletters and media: registered ones mature a little, others think of enrolling."""
    organisations, provision = world.state.organisations, world.scenario.provision
    rows, drawn = np.empty(len(organisations), dtype=np.int64), np.empty(len(organisations))
    count = reach_firms(
        world.key,
        world.month,
        counter_of(name),
        float(provision.awareness_reach),
        organisations.alive,
        organisations.kind,
        organisations.identity,
        organisations.region,
        regions_served(world, service),
        rows,
        drawn,
    )
    reached = paid_places(world, service, rows[:count], drawn[:count])
    if not len(world.reached):
        world.reached = np.zeros(len(organisations), dtype=np.bool_)
    world.reached[reached] = True
    registered = reached[organisations.broker[reached] >= 0]
    share, maturity = float(provision.awareness_maturity), organisations.digital_maturity
    close_gaps(registered, organisations.region, quality, share, maturity)
    pay_for(world, service, len(reached))
