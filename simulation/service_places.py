"""Places in services: where and when a service is offered, who asks for a place, who gets one, who pays.

Every mechanism that serves firms gives its places by these rules, and none has a queue of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.agencies import instrumented_services
from simulation.codes import SOURCES, Account, Kind, Route
from simulation.kernels.satisfaction import move_satisfaction
from simulation.kernels.service_places import give_places, those_who_ask
from simulation.money import cents, pay
from simulation.parameters.places import Service
from simulation.randomness import identity_of
from simulation.state import NOBODY
from simulation.world import World

__all__ = [
    "ROUTES",
    "counter_of",
    "institutional_quality",
    "lot",
    "may_ask",
    "offered",
    "paid_places",
    "pay_for",
    "places_taken",
    "regions_served",
    "services_of",
]

Rows = NDArray[np.int64]

SME = int(Kind.SME)

EVERYBODY: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
"""No condition on who may ask."""

ROUTES = {
    "training": int(Route.SKILLS),
    "referral": int(Route.TRIAL),
    "investment_readiness": int(Route.FINANCE),
}
"""Kinds of service to which a diagnosis may refer a firm, by the route of its need."""


def services_of(world: World, *kinds: str) -> list[tuple[str, Service]]:
    """Services of the given kinds that are offered this month, by their keys."""
    if not world.services_on:
        return []
    services = sorted(world.scenario.services.items())
    return [(name, service) for name, service in services if service.kind in kinds and offered(world, service)]


def offered(world: World, service: Service) -> bool:
    """Whether a service is offered this month: by its dates and by its partnership, if it names one.

    Where the programme does not act across regions, no service waits for a partnership.
    """
    in_time = service.starts_month <= world.month <= service.ends_month
    return world.services_on and in_time and world.offers(service.partnership)


def regions_served(world: World, service: Service) -> NDArray[np.bool_]:
    """Regions in which a service is offered: (regions,) bool, all with firms where it names none."""
    geography = world.geography
    if not service.regions:
        return geography.has_firms.copy()
    return np.array([code in service.regions for code in geography.regions], dtype=np.bool_)


def may_ask(world: World, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Living registered SMEs of the regions in ``where``: (organisations,) bool."""
    organisations = world.state.organisations
    registered = organisations.alive & (organisations.kind == SME) & (organisations.broker != NOBODY)
    allowed: NDArray[np.bool_] = registered & where[organisations.region]
    return allowed


@cache
def counter_of(name: str) -> int:
    """Counter in the addresses of what is drawn for a service: the lowest 32 bits of its identity."""
    return int(identity_of("service", name)) & 0xFFFFFFFF


def lot(
    world: World, name: str, allowed: NDArray[np.bool_], take_up: float, reuse: float = 0.0, route: int = NOBODY
) -> Rows:
    """Those who ask for a place, region by region, in each in the order of the lot.

    A firm asks if uniform(SERVICE_UPTAKE, month, identity, s) is below its probability, s = ``counter_of(name)``. The
    lot is the order of bits(SERVICE_ORDER, month, identity, s), then of identity.

    Parameters
    ----------
    allowed : (organisations,) bool
        Who may ask.
    take_up, reuse : float
        The probability is ``take_up × (1 + reuse × satisfaction)``.
    route : int
        Route to which the service belongs: for firms referred to it the probability is at least
        ``provision.referred_take_up``.
    """
    organisations = world.state.organisations
    return those_who_ask(
        world.key,
        world.month,
        counter_of(name),
        allowed,
        organisations.identity,
        organisations.region,
        len(world.geography.regions),
        organisations.satisfaction,
        organisations.referred_until_month,
        organisations.need_kind,
        route,
        (float(take_up), float(reuse), float(world.scenario.provision.referred_take_up)),
    )


def places_taken(
    world: World,
    name: str,
    service: Service,
    among: NDArray[np.bool_] = EVERYBODY,
    where: NDArray[np.bool_] | None = None,
) -> Rows:
    """Who gets a place this month.

    Of those who ask (``provision.take_up`` × (1 + reuse × satisfaction), for firms referred to this kind of
    service ``provision.referred_take_up`` if that is more), the first ``places_per_month`` of each region in the lot
    get one, as far as the staff days of their broker and the budget of the programme last.

    Parameters
    ----------
    world : World
        Days and cases of brokers fall by the staff days spent; satisfaction moves by what the asking firms got.
    among : (organisations,) bool, optional
        Who may ask of the living registered SMEs; without it every one.
    where : (regions,) bool, optional
        Regions of those who may ask; without it those of the service.

    Returns
    -------
    (k,) int64
        Rows of organisations, region by region in rising order.
    """
    scenario, organisations, brokers = world.scenario, world.state.organisations, world.state.brokers
    provision, rules = scenario.provision, scenario.brokerage
    queue, taken = np.empty(len(organisations), dtype=np.int64), np.empty(len(organisations), dtype=np.int64)
    asking, given = give_places(
        world.key,
        world.month,
        counter_of(name),
        organisations.alive,
        organisations.kind,
        organisations.identity,
        organisations.region,
        organisations.broker,
        organisations.satisfaction,
        organisations.referred_until_month,
        organisations.need_kind,
        regions_served(world, service) if where is None else where,
        among,
        ROUTES.get(service.kind, NOBODY),
        (float(provision.take_up), float(scenario.satisfaction.reuse), float(provision.referred_take_up)),
        service.places_per_month,
        float(service.staff_days),
        float(rules.cases_per_post / rules.staff_days_per_post),
        brokers.days,
        brokers.case_capacity,
        brokers.partner_case_capacity,
        queue,
        taken,
    )
    rows = taken[:given]
    if given and places_paid(world, service, given) < given:
        rows = paid_places(world, service, rows, _rank(organisations.region[rows]))
    _compare_with_expectation(world, queue[:asking], rows)
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
    """Quality of institutions times that of instruments, in each region: (regions,) float64."""
    quality: NDArray[np.float64] = world.institutions * instrumented_services(world)
    return quality


def _rank(group: NDArray[np.signedinteger]) -> Rows:
    """Place of each row within its group, from 0; rows of a group stand together and groups rise."""
    first: Rows = np.arange(len(group)) - np.searchsorted(group, group, side="left")
    return first


def _compare_with_expectation(world: World, asking: Rows, taken: Rows) -> None:
    """Firms that asked expected a place of quality 1 with the chance that their region's lot gave."""
    memory = world.scenario.satisfaction.service_memory
    if memory == 0.0 or not len(asking):
        return
    region = world.state.organisations.region
    regions = len(world.geography.regions)
    seats, asked = (np.bincount(region[rows], minlength=regions) for rows in (taken, asking))
    chance = seats / np.maximum(1, asked)
    got = np.isin(asking, taken) * np.minimum(1.0, institutional_quality(world)[region[asking]])
    move_satisfaction(asking, got - chance[region[asking]], memory, world.state.organisations.satisfaction)
