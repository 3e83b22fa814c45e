"""Places in services: where and when a service is offered, who asks for a place, who gets one, who pays.

Every mechanism that serves firms gives its places by these rules, and none has a queue of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.agencies import instrumented_services
from simulation.codes import ROUTE_OF_NEED, SOURCES, Account, Kind, Route
from simulation.kernels.satisfaction import move_satisfaction
from simulation.money import cents, pay
from simulation.parameters.places import Service
from simulation.purposes import Purpose
from simulation.randomness import addressed_order, identity_of, uniforms
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

ROUTES = {"training": Route.SKILLS, "referral": Route.TRIAL, "investment_readiness": Route.FINANCE}
"""Kinds of service to which a diagnosis may refer a firm, by the route of its need."""


def services_of(world: World, *kinds: str) -> list[tuple[str, Service]]:
    """Services of the given kinds that are offered this month, by their keys."""
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
    registered = organisations.alive & (organisations.kind == Kind.SME) & (organisations.broker != NOBODY)
    allowed: NDArray[np.bool_] = registered & where[organisations.region]
    return allowed


def counter_of(name: str) -> int:
    """Counter in the addresses of what is drawn for a service: the lowest 32 bits of its identity."""
    return int(identity_of("service", name)) & 0xFFFFFFFF


def lot(world: World, name: str, rows: Rows, probability: NDArray[np.float64] | float) -> Rows:
    """Those who ask for a place, region by region, in each in the order of the lot.

    A firm asks if uniform(SERVICE_UPTAKE, month, identity, s) is below its probability, s = ``counter_of(name)``. The
    lot is the order of bits(SERVICE_ORDER, month, identity, s), then of identity.
    """
    organisations = world.state.organisations
    region, identity = organisations.region, organisations.identity
    counter = counter_of(name)
    month = world.month & 0xFFFF
    asking = rows[uniforms(world.key, Purpose.SERVICE_UPTAKE, month, identity[rows], counter) < probability]
    drawn = asking[addressed_order(world.key, Purpose.SERVICE_ORDER, month, identity[asking], counter)]
    queue: Rows = drawn[np.argsort(region[drawn], kind="stable")]
    return queue


def places_taken(world: World, name: str, service: Service, among: NDArray[np.bool_] | None = None) -> Rows:
    """Who gets a place this month.

    Of those who ask (``provision.take_up`` × (1 + reuse × satisfaction), for firms referred to this kind of
    service ``provision.referred_take_up`` if that is more), the first ``places_per_month`` of each region in the lot
    get one, as far as the staff days of their broker and the budget of the programme last.

    Parameters
    ----------
    world : World
        Days and cases of brokers fall by the staff days spent; satisfaction moves by what the asking firms got.
    among : (organisations,) bool, optional
        Who may ask; without it every living registered SME of the service's regions.

    Returns
    -------
    (k,) int64
        Rows of organisations, region by region in rising order.
    """
    allowed = may_ask(world, regions_served(world, service)) if among is None else among
    rows = np.flatnonzero(allowed)
    queue = lot(world, name, rows, _demand(world, service, rows))
    region = world.state.organisations.region
    served = _rank(region[queue]) < service.places_per_month
    taken: Rows = queue[served]
    if service.staff_days > 0.0:
        taken = _spend_staff_days(world, service.staff_days, taken)
    taken = paid_places(world, service, taken, _rank(region[taken]))
    _compare_with_expectation(world, queue, taken)
    return taken


def paid_places(world: World, service: Service, rows: Rows, turn: NDArray[Any]) -> Rows:
    """Those of the given organisations for whose places the budget of the programme suffices, by rising turn."""
    left, cost = world.programme_left_cents, cents(service.cost_keur)
    if left is None or left >= cost * len(rows):
        return rows
    kept = np.zeros(len(rows), dtype=np.bool_)
    kept[np.argsort(turn, kind="stable")[: left // cost]] = True
    paid: Rows = rows[kept]
    return paid


def pay_for(world: World, service: Service, places: int) -> None:
    """Pay the public cost of places used."""
    pay(world.state, SOURCES[service.source_of_money], Account.SERVICES, cents(service.cost_keur) * places)


def institutional_quality(world: World, rows: Rows) -> NDArray[np.float64]:
    """Quality of institutions times that of instruments, in the region of each of the given organisations."""
    regions = world.scenario.regions
    quality = np.array([regions[code].institutional_quality for code in world.geography.regions])
    quality *= instrumented_services(world)
    of_rows: NDArray[np.float64] = quality[world.state.organisations.region[rows]]
    return of_rows


def _demand(world: World, service: Service, rows: Rows) -> NDArray[np.float64] | float:
    """Probability that each of the given firms asks for a place."""
    organisations, provision = world.state.organisations, world.scenario.provision
    reuse = world.scenario.satisfaction.reuse
    demand: NDArray[np.float64] | float = provision.take_up
    if reuse > 0.0:
        demand = provision.take_up * (1.0 + reuse * organisations.satisfaction[rows].astype(np.float64))
    route = ROUTES.get(service.kind)
    if route is None:
        return demand
    referred = (organisations.referred_until_month[rows] >= world.month) & (
        ROUTE_OF_NEED[organisations.need_kind[rows]] == route
    )
    return np.where(referred, np.maximum(demand, provision.referred_take_up), demand)


def _rank(group: NDArray[np.signedinteger]) -> Rows:
    """Place of each row within its group, from 0; rows of a group stand together and groups rise."""
    first: Rows = np.arange(len(group)) - np.searchsorted(group, group, side="left")
    return first


def _spend_staff_days(world: World, days: float, queue: Rows) -> Rows:
    """Those of a queue for whom their broker has days left; the days and the cases in them are gone."""
    brokers, rules = world.state.brokers, world.scenario.brokerage
    broker = world.state.organisations.broker[queue]
    by_broker = np.argsort(broker, kind="stable")
    rank = np.empty(len(queue), dtype=np.int64)
    rank[by_broker] = _rank(broker[by_broker])
    kept: Rows = queue[(rank + 1) * days <= brokers.days[broker]]
    spent = np.bincount(world.state.organisations.broker[kept], minlength=len(brokers)) * days
    brokers.days[:] -= spent
    cases = np.ceil(spent * (rules.cases_per_post / rules.staff_days_per_post)).astype(np.int64)
    brokers.case_capacity[:] = np.maximum(0, brokers.case_capacity - cases)
    brokers.partner_case_capacity[:] = np.minimum(brokers.partner_case_capacity, brokers.case_capacity)
    return kept


def _compare_with_expectation(world: World, asking: Rows, taken: Rows) -> None:
    """Firms that asked expected a place of quality 1 with the chance that their region's lot gave."""
    memory = world.scenario.satisfaction.service_memory
    if memory == 0.0 or not len(asking):
        return
    region = world.state.organisations.region
    regions = len(world.geography.regions)
    seats, asked = (np.bincount(region[rows], minlength=regions) for rows in (taken, asking))
    chance = seats / np.maximum(1, asked)
    got = np.isin(asking, taken) * np.minimum(1.0, institutional_quality(world, asking))
    move_satisfaction(asking, got - chance[region[asking]], memory, world.state.organisations.satisfaction)
