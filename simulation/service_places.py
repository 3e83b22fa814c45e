"""Places in services: where and when a service is offered, who asks for a place, who gets one, who pays.

Every mechanism that serves firms gives its places by these rules, and none has a queue of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.agencies import instrumented_services
from simulation.codes import SOURCES, Account, Route
from simulation.kernels.satisfaction import compare_places
from simulation.kernels.service_places import find_clients, give_places
from simulation.money import cents, pay
from simulation.parameters.places import Service
from simulation.randomness import identity_of
from simulation.state import NOBODY
from simulation.world import World

__all__ = [
    "ROUTES",
    "Clients",
    "clients_of",
    "counter_of",
    "draw_lots",
    "institutional_quality",
    "paid_places",
    "pay_for",
    "places_taken",
    "regions_served",
    "services_of",
]

Rows = NDArray[np.int64]

EVERYBODY: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
"""No condition on who may ask."""

ROUTES = {
    "training": int(Route.SKILLS),
    "referral": int(Route.TRIAL),
    "investment_readiness": int(Route.FINANCE),
}
"""Kinds of service to which a diagnosis may refer a firm, by the route of its need."""


def services_of(world: World, *kinds: str) -> list[tuple[str, Service]]:
    """Services of the given kinds that are offered this month, by their keys.

    By their dates and by their partnership, if they name one. Where the programme does not act across regions, no
    service waits for a partnership.
    """
    if not world.services_on:
        return []
    return [
        (name, service)
        for name, service in world.services
        if service.kind in kinds
        and service.starts_month <= world.month <= service.ends_month
        and world.offers(service.partnership)
    ]


def regions_served(world: World, service: Service) -> NDArray[np.bool_]:
    """Regions in which a service is offered: (regions,) bool, all with firms where it names none."""
    geography = world.geography
    if not service.regions:
        return geography.has_firms.copy()
    return np.array([code in service.regions for code in geography.regions], dtype=np.bool_)


class Clients(NamedTuple):
    """The firms that may ask for places now, and what a place is worth to them.

    Attributes
    ----------
    rows, identity : (clients,)
        Living SMEs with a broker, rising.
    quality : (regions,) float64
        From :func:`institutional_quality`.
    """

    rows: Rows
    identity: NDArray[np.uint64]
    quality: NDArray[np.float64]


def clients_of(world: World, among: NDArray[np.bool_] = EVERYBODY) -> Clients:
    """Those who may ask for places, of the organisations that are ``among`` if any are: (organisations,) bool."""
    organisations = world.state.organisations
    rows, identity = np.empty(len(organisations), dtype=np.int64), np.empty(len(organisations), dtype=np.uint64)
    count = find_clients(
        organisations.alive, organisations.kind, organisations.broker, organisations.identity, among, rows, identity
    )
    return Clients(rows[:count], identity[:count], institutional_quality(world))


@cache
def counter_of(name: str) -> int:
    """Counter in the addresses of what is drawn for a service: the lowest 32 bits of its identity."""
    return int(identity_of("service", name)) & 0xFFFFFFFF


def draw_lots(
    world: World,
    name: str,
    clients: Clients,
    where: NDArray[np.bool_],
    places: int,
    rates: tuple[float, float, float],
    route: int = NOBODY,
    staff_days: float = 0.0,
) -> tuple[Rows, Rows]:
    """Let clients ask for places in a service, and give those of each region by lot.

    A firm asks if uniform(SERVICE_UPTAKE, month, identity, s) is below its probability, s = ``counter_of(name)``. The
    lot is the order of bits(SERVICE_ORDER, month, identity, s), then of identity.

    Parameters
    ----------
    where : (regions,) bool
        Regions of those who may ask.
    places : int
        Places in each region.
    rates : three floats
        The probability is the first, times ``1 + second × satisfaction``, and at least the third for firms referred to
        this route.
    route : int
        Route to which the service belongs; NOBODY for none.
    staff_days : float
        What a place takes of the days of the client's broker.

    Returns
    -------
    asking : (k,) int64
        Rows of those who ask.
    taken : (l,) int64
        Rows of those who get a place, region by region in rising order, in each in the order of the lot.
    """
    organisations, brokers, rules = world.state.organisations, world.state.brokers, world.scenario.brokerage
    asking, taken = np.empty(len(clients.rows), dtype=np.int64), np.empty(len(clients.rows), dtype=np.int64)
    count, given = give_places(
        world.key,
        world.month,
        counter_of(name),
        clients.rows,
        clients.identity,
        organisations.region,
        organisations.satisfaction,
        organisations.referred_until_month,
        organisations.need_kind,
        where,
        route,
        rates,
        places,
        organisations.broker,
        float(staff_days),
        float(rules.cases_per_post / rules.staff_days_per_post),
        brokers.days,
        brokers.case_capacity,
        brokers.partner_case_capacity,
        asking,
        taken,
    )
    return asking[:count], taken[:given]


def places_taken(
    world: World, name: str, service: Service, clients: Clients, where: NDArray[np.bool_] | None = None
) -> Rows:
    """Who gets a place this month.

    Of those who ask (``provision.take_up`` × (1 + reuse × satisfaction), for firms referred to this kind of
    service ``provision.referred_take_up`` if that is more), the first ``places_per_month`` of each region in the lot
    get one, as far as the staff days of their broker and the budget of the programme last.

    Parameters
    ----------
    world : World
        Days and cases of brokers fall by the staff days spent; satisfaction moves by what the asking firms got.
    where : (regions,) bool, optional
        Regions of those who may ask; without it those of the service.

    Returns
    -------
    (k,) int64
        Rows of organisations, region by region in rising order.
    """
    provision, satisfaction, organisations = (
        world.scenario.provision,
        world.scenario.satisfaction,
        world.state.organisations,
    )
    rates = (float(provision.take_up), float(satisfaction.reuse), float(provision.referred_take_up))
    where = regions_served(world, service) if where is None else where
    route = ROUTES.get(service.kind, NOBODY)
    asking, rows = draw_lots(world, name, clients, where, service.places_per_month, rates, route, service.staff_days)
    if len(rows) and places_paid(world, service, len(rows)) < len(rows):
        rows = paid_places(world, service, rows, _rank(organisations.region[rows]))
    if satisfaction.service_memory and len(asking):
        memory = float(satisfaction.service_memory)
        compare_places(asking, rows, organisations.region, clients.quality, memory, organisations.satisfaction)
    return rows


def places_paid(world: World, service: Service, wanted: int) -> int:
    """Of so many places in a service, those for which the budget of the programme suffices."""
    left, cost = world.programme_left_cents, cents(service.cost_keur)
    return wanted if left is None or left >= cost * wanted else left // cost


def paid_places(world: World, service: Service, rows: Rows, turn: NDArray[Any]) -> Rows:
    """Those of the given organisations for whose places the budget of the programme suffices, by rising turn."""
    paid = places_paid(world, service, len(rows))
    if paid == len(rows):
        return rows
    kept = np.zeros(len(rows), dtype=np.bool_)
    kept[np.argsort(turn, kind="stable")[:paid]] = True
    first: Rows = rows[kept]
    return first


def pay_for(world: World, service: Service, places: int) -> None:
    """Pay the public cost of places used."""
    pay(world.state, SOURCES[service.source_of_money], Account.SERVICES, cents(service.cost_keur) * places)


def institutional_quality(world: World) -> NDArray[np.float64]:
    """Quality of institutions times that of instruments, in each region: (regions,) float64, not to be changed."""
    if world.scenario.instruments.owners == "nobody":
        return world.institutions
    quality: NDArray[np.float64] = world.institutions * instrumented_services(world)
    return quality


def _rank(group: NDArray[np.signedinteger]) -> Rows:
    """Place of each row within its group, from 0; rows of a group stand together and groups rise."""
    first: Rows = np.arange(len(group)) - np.searchsorted(group, group, side="left")
    return first
