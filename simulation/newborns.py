"""Newborns: what an organisation is like when it is founded, at the start of a run or later.

The founding population and every entrant are drawn by the same function, each from its own address, so a firm
is the same whenever and under whichever policy it appears.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import power
from simulation.codes import Kind
from simulation.geography import Geography
from simulation.kernels import demography
from simulation.kernels.newborns import (
    beta_of_order,
    founding_knowledge,
    founding_needs,
    founding_sizes,
    innovation_activity,
)
from simulation.money import CENTS_PER_KEUR
from simulation.purposes import Purpose
from simulation.scenario import Scenario

MONTHS_PER_YEAR = 12

LARGEST_SME = 249.0
"""An SME has fewer than 250 employees (Recommendation 2003/361/EC)."""

OTHER_SIZES = {Kind.UNIVERSITY: (1000.0, 50.0, 20_000.0), Kind.LARGE: (600.0, 250.0, 20_000.0)}
"""Median, least and most employees of other kinds, assumed; a provider is sized like an SME."""


def draw_organisations(
    scenario: Scenario,
    key: np.uint64,
    geography: Geography,
    cluster: NDArray[np.int32],
    kind: NDArray[np.int8],
    identities: NDArray[np.uint64],
    month: int,
) -> dict[str, NDArray[Any]]:
    """Draw organisations from their addresses.

    Absorptive capacity is Beta(alpha, beta) plus ``absorptive_capacity_shift`` × (innovation index of the
    region / 100 - 1), between 0 and 1; digital maturity is Beta; capital is ``capital_at_start_keur`` × size
    (as float32), to the nearest cent. The other draws are those of :mod:`simulation.kernels.newborns`.

    Parameters
    ----------
    scenario : Scenario
        Sections ``population`` and ``finance``, regions and sectors.
    key : uint64
        Key of the run.
    geography : Geography
        Map of the scenario.
    cluster, kind, identities : (n,) int32, int8, uint64
        Cluster, kind and address of each.
    month : int
        Month of foundation; it changes ``born_month`` and nothing else.

    Returns
    -------
    dict of str to array
        Columns for ``state.organisations.append(n, **columns)``.
    """
    population = scenario.population
    region, sector = geography.cluster_region[cluster], geography.cluster_sector[cluster]
    core = core_domains(scenario, geography)[sector]
    index = region_column(scenario, geography, "innovation_index")[region]
    absorptive_capacity = beta_of_order(
        key,
        int(Purpose.FOUNDING_ABSORPTIVE_CAPACITY),
        identities,
        population.absorptive_capacity_alpha,
        population.absorptive_capacity_beta,
    ) + population.absorptive_capacity_shift * (index / 100.0 - 1.0)
    levels = (population.knowledge_core, population.knowledge_other)
    size = _sizes(scenario, key, kind, identities)
    shares = innovator_shares(scenario, geography)[region]
    needs, need_kind = founding_needs(key, identities, core, np.array(population.need_kind_weights))
    per_employee = scenario.finance.capital_at_start_keur * CENTS_PER_KEUR
    capital = np.floor(per_employee * size.astype(np.float64) + 0.5)
    return {
        "identity": identities,
        "kind": kind,
        "cluster": cluster,
        "region": region,
        "sector": sector,
        "alive": np.ones(len(cluster), dtype=np.bool_),
        "born_month": np.full(len(cluster), month, dtype=np.int16),
        "knowledge": founding_knowledge(key, identities, core, levels, population.knowledge_spread),
        "absorptive_capacity": np.minimum(1.0, np.maximum(0.0, absorptive_capacity)).astype(np.float32),
        "digital_maturity": beta_of_order(
            key,
            int(Purpose.FOUNDING_DIGITAL_MATURITY),
            identities,
            population.digital_maturity_alpha,
            population.digital_maturity_beta,
        ).astype(np.float32),
        "size": size,
        "capital_cents": capital.astype(np.int64),
        "needs": needs,
        "need_kind": need_kind,
        "innovator": innovation_activity(key, identities, kind, shares),
    }


def stationary_ages(
    scenario: Scenario,
    key: np.uint64,
    identities: NDArray[np.uint64],
    multiplier: NDArray[np.float64] | None = None,
) -> NDArray[np.int16]:
    """Months of foundation of the organisations that exist at the start, their ages being stationary.

    Parameters
    ----------
    scenario : Scenario
        Section ``demography`` and ``warm_up_months``: the run begins at the end of month -``warm_up_months``.
    key : uint64
        Key of the run.
    identities : (n,) uint64
        Addresses.
    multiplier : (n,) float64, optional
        ``exit_multiplier`` of each organisation's region; 1 where nothing is given.

    Returns
    -------
    (n,) int16
        Months, 0 or earlier.
    """
    each = np.ones(len(identities)) if multiplier is None else multiplier
    ages = demography.stationary_ages(key, identities, exit_hazards(scenario), each)
    return (-scenario.warm_up_months - ages).astype(np.int16)


def exit_hazards(scenario: Scenario) -> NDArray[np.float64]:
    """Monthly hazards of exit (3,) in the first year, in years two to five, and later: 1 - (1 - p)^(1/12)."""
    yearly = scenario.demography
    kept = (1.0 - yearly.exit_first_year, 1.0 - yearly.exit_years_two_to_five, 1.0 - yearly.exit_later)
    return np.array([1.0 - power(share, 1.0 / MONTHS_PER_YEAR) for share in kept])


def core_domains(scenario: Scenario, geography: Geography) -> NDArray[np.bool_]:
    """Core domains of each sector: (sectors, domains) bool."""
    return np.array(
        [[domain in scenario.sectors[sector].core for domain in geography.domains] for sector in geography.sectors],
        dtype=np.bool_,
    )


def innovator_shares(scenario: Scenario, geography: Geography) -> NDArray[np.float64]:
    """Share of innovation-active SMEs in each region; the population's where the region says nothing."""
    said = (scenario.regions[code].innovator_share for code in geography.regions)
    return np.array([scenario.population.innovator_share if share is None else share for share in said])


def region_column(scenario: Scenario, geography: Geography, name: str) -> NDArray[np.float64]:
    """One figure of each region, in the order of the map: (regions,) float64."""
    regions = scenario.regions
    return np.array([getattr(regions[code], name) for code in geography.regions], dtype=np.float64)


def _sizes(
    scenario: Scenario, key: np.uint64, kind: NDArray[np.int8], identities: NDArray[np.uint64]
) -> NDArray[np.float32]:
    """Employees of each organisation by its kind."""
    sme = (scenario.population.size_median, 1.0, LARGEST_SME)
    by_kind = np.array([OTHER_SIZES.get(one, sme) for one in Kind])
    median, least, most = (np.ascontiguousarray(by_kind[:, place]) for place in range(3))
    return founding_sizes(key, identities, kind, median, least, most, scenario.population.size_spread)
