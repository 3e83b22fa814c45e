"""Founding of the population: organisations, their networks, bodies, partnerships and calls on the day before month 1.

Every column of an organisation is drawn by its own address, so a scenario that differs elsewhere founds the same firm.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulation.bodies import found_bodies, found_memberships, found_strategies
from simulation.codes import Kind, Origin
from simulation.counters import counters_schema
from simulation.geography import Geography, founding_of, region_column
from simulation.kernels.enrolment import broker_of_region_choice, brokers_by_region
from simulation.kernels.networks import (
    first_of_each_pair,
    gravity_ties,
    gravity_weights,
    pair_identities,
)
from simulation.mechanisms.networks import cluster_ties
from simulation.mechanisms.parks import admit_tenants
from simulation.money import open_running_purses
from simulation.newborns import found_organisations, stationary_ages
from simulation.purposes import Purpose
from simulation.randomness import combined, identity_of, uniforms
from simulation.scenario import Scenario
from simulation.schemas import empty_state
from simulation.state import NOBODY, State

Rows = NDArray[np.int64]


def found(scenario: Scenario, key: np.uint64, geography: Geography) -> State:
    """The state on the day before the first month.

    Parameters
    ----------
    scenario : Scenario
        A resolved scenario.
    key : uint64
        Key of the run, from :func:`simulation.randomness.stream_key`.
    geography : Geography
        Its map.

    Returns
    -------
    State
        All tables, the clock at minus the months of warm-up.
    """
    state = empty_state(len(geography.domains), counters_schema())
    state.clock.append(1, month=-scenario.warm_up_months)
    state.counters.append(1)
    open_running_purses(state)
    found_bodies(scenario, key, geography, state)
    found_strategies(scenario, key, geography, state)
    university_rows = _found_organisations(scenario, key, geography, state)
    _found_ties(scenario, key, geography, state)
    _register(scenario, key, geography, state)
    admit_tenants(key, state)
    found_memberships(scenario, key, geography, state, university_rows)
    posed = [identity_of("call", name) for name in sorted(scenario.calls)]
    posed += [identity_of("challenge", name) for name in sorted(scenario.challenges)]
    state.calls.append(len(posed), identity=np.array(posed, dtype=np.uint64))
    return state


def _found_organisations(scenario: Scenario, key: np.uint64, geography: Geography, state: State) -> dict[str, int]:
    """Organisations cluster by cluster, within a cluster kind by kind; the named universities among them.

    Returns
    -------
    dict of str to int
        Row of each university or research body of the scenario; NOBODY for one whose region has no firms.
    """
    counts = _organisations_by_cluster(scenario, geography)
    cluster = np.repeat(np.arange(geography.clusters, dtype=np.int32), counts.sum(axis=1))
    kind = np.repeat(np.tile(np.arange(len(Kind), dtype=np.int8), geography.clusters), counts.ravel())
    number = np.arange(len(kind)) - np.repeat(np.cumsum(counts.ravel()) - counts.ravel(), counts.ravel())
    address = (kind.astype(np.uint64) << np.uint64(32)) | number.astype(np.uint64)
    identity = combined(geography.cluster_identity[cluster], address)
    named = _named_universities(scenario, geography, identity, cluster, kind)
    multiplier = region_column(scenario, geography, "exit_multiplier")[geography.cluster_region[cluster]]
    found_organisations(state.organisations, founding_of(scenario, geography), key, cluster, kind, identity, 0)
    state.organisations.born_month[:] = stationary_ages(scenario, key, identity, multiplier)
    return named


def _organisations_by_cluster(scenario: Scenario, geography: Geography) -> Rows:
    """Organisations of each kind in each cluster, (clusters, kinds); a region spreads its universities over its own."""
    population = scenario.population
    counts = np.zeros((geography.clusters, len(Kind)), dtype=np.int64)
    weight = region_column(scenario, geography, "smes_weight")[geography.cluster_region]
    counts[:, Kind.SME] = np.floor(population.smes_per_cluster * weight + 0.5)
    counts[:, Kind.PROVIDER] = population.providers_per_cluster
    counts[:, Kind.LARGE] = population.large_per_cluster
    sectors = len(geography.sectors)
    named = _named_by_region(scenario, geography)
    for region in np.unique(geography.cluster_region):
        here = np.flatnonzero(geography.cluster_region == region)
        total = population.universities_per_region + len(named.get(int(region), []))
        counts[here, Kind.UNIVERSITY] = np.diff(np.arange(sectors + 1) * total // sectors)
    return counts


def _named_by_region(scenario: Scenario, geography: Geography) -> dict[int, list[str]]:
    named: dict[int, list[str]] = {}
    for name in sorted(scenario.universities):
        named.setdefault(geography.regions.index(scenario.universities[name].region), []).append(name)
    return named


def _named_universities(
    scenario: Scenario,
    geography: Geography,
    identity: NDArray[np.uint64],
    cluster: NDArray[np.int32],
    kind: NDArray[np.int8],
) -> dict[str, int]:
    """Give the last universities of a region the addresses of those that the scenario names."""
    rows = dict.fromkeys(scenario.universities, NOBODY)
    region = geography.cluster_region[cluster]
    for here, names in _named_by_region(scenario, geography).items():
        places = np.flatnonzero((kind == Kind.UNIVERSITY) & (region == here))
        for name, row in zip(names, places[len(places) - len(names) :], strict=False):
            identity[row] = identity_of("university", name)
            rows[name] = int(row)
    return rows


def _found_ties(scenario: Scenario, key: np.uint64, geography: Geography, state: State) -> None:
    """A rewired ring inside every cluster, gravity between clusters; trust by an age drawn for each tie."""
    organisations, rules = state.organisations, scenario.networks
    offsets = np.searchsorted(organisations.cluster, np.arange(geography.clusters + 1)).astype(np.int64)
    first, second = _tie_clusters(scenario, key, offsets, organisations.identity)
    attraction = gravity_weights(
        geography.distance_km,
        geography.country.astype(np.int64),
        rules.gravity_distance_exponent,
        scenario.surplus.distance_scale_km,
        rules.gravity_border,
    )
    mean_ties = max(0.0, (rules.mean_degree - rules.within_cluster_degree) / 2.0)
    far_first, far_second = gravity_ties(
        key,
        organisations.identity,
        offsets,
        geography.cluster_identity,
        geography.cluster_region.astype(np.int64),
        geography.region_identity,
        attraction,
        mean_ties,
    )
    first, second = np.concatenate((first, far_first)), np.concatenate((second, far_second))
    kept = first_of_each_pair(first, second, len(organisations))
    low, high = np.minimum(first, second)[kept], np.maximum(first, second)[kept]
    identity = pair_identities(low, high, organisations.identity)
    age = np.floor(uniforms(key, Purpose.FOUNDING_TRUST, 0, identity) * (rules.founding_age_months + 1))
    faded = np.cumprod(np.concatenate(([1.0], np.full(rules.founding_age_months, scenario.ties.decay))))
    state.ties.append(
        len(low),
        first=low,
        second=high,
        trust=rules.founding_trust * faded[age.astype(np.int64)],
        born_month=-scenario.warm_up_months - age,
        origin=int(Origin.FOUNDING),
    )


def _tie_clusters(scenario: Scenario, key: np.uint64, offsets: Rows, identity: NDArray[np.uint64]) -> tuple[Rows, Rows]:
    rules = scenario.networks
    firsts, seconds = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for start, end in pairwise(offsets):
        first, second = cluster_ties(key, identity[start:end], rules.within_cluster_degree, rules.rewiring)
        firsts.append(first + start)
        seconds.append(second + start)
    return np.concatenate(firsts), np.concatenate(seconds)


def _register(scenario: Scenario, key: np.uint64, geography: Geography, state: State) -> None:
    """Register a share of the SMEs at the broker they would join."""
    organisations, brokers = state.organisations, state.brokers
    offsets, rows = brokers_by_region(brokers.region, brokers.identity, len(geography.regions))
    choice = broker_of_region_choice(key, organisations.identity, organisations.region, offsets, rows)
    u = uniforms(key, Purpose.REGISTRATION_AT_START, 0, organisations.identity)
    registered = (u < scenario.enrolment.registered_at_start) & (organisations.kind == Kind.SME) & (choice != NOBODY)
    organisations.broker[registered] = choice[registered]
    organisations.registered_month[registered] = -scenario.warm_up_months
