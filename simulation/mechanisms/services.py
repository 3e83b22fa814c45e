"""Services: diagnosis, training and events for registered firms.

Claim: a service acts through the state alone. A diagnosis closes part of the gap to full digital maturity, a
training part of the gap to full absorptive capacity, both times the quality of the region's institutions; an
event shows its guests to the firms of the region that look for a partner, and moves others to enrol; it changes
nothing else. The projects of a diagnosed or trained firm pass their stages faster for a while. Places are limited by
month and region, and go by lot among those who ask.

References
----------
Cohen, W. M., Levinthal, D. A. (1990). Absorptive capacity. Administrative Science Quarterly 35(1), 128-152.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import SOURCES, Account, Kind, Source
from simulation.money import cents, pay
from simulation.parameters.places import Service
from simulation.purposes import Purpose
from simulation.randomness import addressed_order, identity_of, uniforms
from simulation.state import NOBODY
from simulation.world import World


def provide(world: World) -> None:
    """Offer this month's services and pay for the places used, and for the staff of the platform.

    Parameters
    ----------
    world : World
        ``event_regions`` and ``event_guests`` are set; digital maturity, absorptive capacity, ``served`` and
        ``served_until_month`` of organisations change. The staff of the platform is paid by the EU, since no
        source is named for it.
    """
    world.event_regions = np.zeros(len(world.geography.regions), dtype=np.bool_)
    world.event_guests = np.zeros(len(world.state.organisations), dtype=np.bool_)
    if world.platform_on:
        pay(world.state, Source.EU, Account.SERVICES, cents(world.scenario.platform.cost_keur))
    for name, service in sorted(world.scenario.services.items()):
        if offered(world, service):
            _serve(world, name, service)


def offered(world: World, service: Service) -> bool:
    """Whether a service is offered this month: by its dates and by its partnership, if it names one.

    Where the programme does not act across regions, no service waits for a partnership.
    """
    if not (world.policy_on and service.starts_month <= world.month <= service.ends_month):
        return False
    row = world.partnership_row(service.partnership)
    return row == NOBODY or not world.scenario.programme.across or bool(world.state.partnerships.active[row])


def regions_served(world: World, service: Service) -> NDArray[np.bool_]:
    """Regions in which a service is offered: (regions,) bool, all with firms where it names none."""
    geography = world.geography
    if not service.regions:
        return geography.has_firms.copy()
    return np.array([code in service.regions for code in geography.regions], dtype=np.bool_)


def places_taken(world: World, name: str, service: Service, where: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Who gets a place.

    A living registered SME of a region in ``where`` asks if uniform(SERVICE_UPTAKE, month, identity, s) is
    below ``provision.take_up``, s = the lowest 32 bits of ``identity_of("service", name)``. Those who ask are
    put in the order of bits(SERVICE_ORDER, month, identity, s), then of identity, and the first
    ``places_per_month`` of each region get a place.

    Returns
    -------
    (k,) int64
        Rows of organisations, region by region in rising order.
    """
    organisations = world.state.organisations
    region, identity = organisations.region, organisations.identity
    may_ask = organisations.alive & (organisations.kind == Kind.SME) & (organisations.broker != NOBODY)
    rows = np.flatnonzero(may_ask & where[region])
    counter = int(identity_of("service", name)) & 0xFFFFFFFF
    month = world.month & 0xFFFF
    draws = uniforms(world.key, Purpose.SERVICE_UPTAKE, month, identity[rows], counter)
    asking = rows[draws < world.scenario.provision.take_up]
    lot = asking[addressed_order(world.key, Purpose.SERVICE_ORDER, month, identity[asking], counter)]
    queue = lot[np.argsort(region[lot], kind="stable")]
    first_of_region = np.searchsorted(region[queue], region[queue], side="left")
    rank = np.arange(len(queue)) - first_of_region
    taken: NDArray[np.int64] = queue[rank < service.places_per_month]
    return taken


def _serve(world: World, name: str, service: Service) -> None:
    """Give the places of one service, let it act, and pay for the places used."""
    guests = places_taken(world, name, service, regions_served(world, service))
    if not len(guests):
        return
    organisations, provision = world.state.organisations, world.scenario.provision
    if service.kind == "diagnosis":
        _close_gap(world, organisations.digital_maturity, guests, provision.diagnosis_maturity)
    elif service.kind == "training":
        _close_gap(world, organisations.absorptive_capacity, guests, provision.training_absorption)
    if service.kind == "event":
        world.event_guests[guests] = True
        world.event_regions[organisations.region[guests]] = True
    else:
        organisations.served_until_month[guests] = world.month + provision.served_months - 1
    organisations.served[guests] = True
    source, cost = SOURCES[service.source_of_money], cents(service.cost_keur) * len(guests)
    pay(world.state, source, Account.SERVICES, cost)


def _close_gap(world: World, level: NDArray[np.float32], guests: NDArray[np.int64], share: float) -> None:
    """Raise a level by a share of its distance to 1, times the quality of the region's institutions."""
    regions = world.scenario.regions
    quality = np.array([regions[code].institutional_quality for code in world.geography.regions])
    closed = np.minimum(1.0, share * quality[world.state.organisations.region[guests]])
    before = level[guests].astype(np.float64)
    level[guests] = before + closed * (1.0 - before)
