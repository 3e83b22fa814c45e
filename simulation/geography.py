"""The map: regions, sectors and clusters of a scenario as arrays, in the order of their codes.

Order and identity come from codes and names, never from positions in a file, so one region more leaves the random
numbers of the others as they are. What newborns of each place are drawn with follows from the scenario too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import power
from simulation.codes import Kind
from simulation.parameters.market import Population
from simulation.randomness import identity_of
from simulation.scenario import Scenario

EARTH_RADIUS_KM = 6371.0

MONTHS_PER_YEAR = 12

LARGEST_SME = 249.0
"""An SME has fewer than 250 employees (Recommendation 2003/361/EC)."""

OTHER_SIZES = {Kind.UNIVERSITY: (1000.0, 50.0, 20_000.0), Kind.LARGE: (600.0, 250.0, 20_000.0)}
"""Median, least and most employees of other kinds, assumed; a provider is sized like an SME."""


@dataclass(frozen=True)
class Geography:
    """Regions with firms first, then external places; clusters region by region, sector by sector.

    Attributes
    ----------
    distance_km : (regions, regions) float64
        Great-circle distance between centroids, rounded to 0.1 km so that it has the same bits everywhere.
    across_border : (regions, regions) bool
        Whether two regions belong to two countries.
    neighbour : (regions, regions) bool
        Whether two regions share a land border.
    cluster_region, cluster_sector : (clusters,) int
        Region and sector of each cluster.
    cluster_identity, region_identity : uint64
        Addresses of their random numbers.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    domains: tuple[str, ...]
    countries: tuple[str, ...]
    country: NDArray[np.int16]
    has_firms: NDArray[np.bool_]
    distance_km: NDArray[np.float64]
    across_border: NDArray[np.bool_]
    neighbour: NDArray[np.bool_]
    region_identity: NDArray[np.uint64]
    cluster_region: NDArray[np.int16]
    cluster_sector: NDArray[np.int16]
    cluster_identity: NDArray[np.uint64]

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return len(self.cluster_region)

    def with_firms(self, codes: Collection[str] = ()) -> NDArray[np.bool_]:
        """Regions with firms, of those that are named if any are: (regions,) bool, a copy."""
        chosen = self.has_firms.copy()
        return chosen & np.isin(self.regions, list(codes)) if codes else chosen


def domain_weights(geography: Geography, weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Weights by name of domain as shares in the order of the domains, adding up to 1."""
    listed = np.array([weights.get(domain, 0.0) for domain in geography.domains])
    return listed / max(float(listed.sum()), 1e-300)


def great_circle_km(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances between all pairs of points given in degrees, in km to one decimal."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    half_chord = (
        np.sin((phi[:, None] - phi[None, :]) / 2) ** 2
        + np.cos(phi)[:, None] * np.cos(phi)[None, :] * np.sin((lam[:, None] - lam[None, :]) / 2) ** 2
    )
    distance: NDArray[np.float64] = np.round(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, half_chord))), 1)
    return distance


def map_of(scenario: Scenario) -> Geography:
    """The map of a scenario."""
    entries = scenario.regions
    codes = tuple(sorted((code for code in entries), key=lambda code: (entries[code].external, code)))
    sectors = tuple(sorted(scenario.population.sectors))
    countries = tuple(sorted({entries[code].country for code in codes}))
    country = np.array([countries.index(entries[code].country) for code in codes], dtype=np.int16)
    inside = np.array([not entries[code].external for code in codes], dtype=np.bool_)
    firm_regions = [index for index, has_firms in enumerate(inside) if has_firms]
    pairs = [(region, sector) for region in firm_regions for sector in range(len(sectors))]
    neighbour = np.array(
        [[a != b and (b in entries[a].neighbours or a in entries[b].neighbours) for b in codes] for a in codes],
        dtype=np.bool_,
    )
    return Geography(
        regions=codes,
        sectors=sectors,
        domains=tuple(sorted(scenario.domains)),
        countries=countries,
        country=country,
        has_firms=inside,
        distance_km=great_circle_km(
            np.array([entries[code].latitude for code in codes]),
            np.array([entries[code].longitude for code in codes]),
        ),
        across_border=country[:, None] != country[None, :],
        neighbour=neighbour,
        region_identity=np.array([identity_of("region", code) for code in codes], dtype=np.uint64),
        cluster_region=np.array([region for region, _ in pairs], dtype=np.int16),
        cluster_sector=np.array([sector for _, sector in pairs], dtype=np.int16),
        cluster_identity=np.array(
            [identity_of("cluster", codes[region], sectors[sector]) for region, sector in pairs], dtype=np.uint64
        ),
    )


@dataclass(frozen=True)
class Founding:
    """What the draws of newborns need and the scenario alone decides.

    Attributes
    ----------
    population : Population
        Section ``population``.
    capital_keur : float
        Capital that an organisation begins with for each employee, thousand euros.
    cluster_region, cluster_sector : (clusters,) int16
        Of the map.
    core : (sectors, domains) bool
        Core domains of each sector.
    absorptive_capacity_shift : (regions,) float64
        Added to absorptive capacity.
    innovator_share : (regions,) float64
        Share of innovation-active SMEs.
    size_median, size_least, size_most : (kinds,) float64
        Employees by kind.
    need_kind_weights : (6,) float64
        Relative frequency of kinds of need.
    """

    population: Population
    capital_keur: float
    cluster_region: NDArray[np.int16]
    cluster_sector: NDArray[np.int16]
    core: NDArray[np.bool_]
    absorptive_capacity_shift: NDArray[np.float64]
    innovator_share: NDArray[np.float64]
    size_median: NDArray[np.float64]
    size_least: NDArray[np.float64]
    size_most: NDArray[np.float64]
    need_kind_weights: NDArray[np.float64]


def founding_of(scenario: Scenario, geography: Geography) -> Founding:
    """What newborns of a scenario are drawn with."""
    population = scenario.population
    sme = (population.size_median, 1.0, LARGEST_SME)
    by_kind = np.array([OTHER_SIZES.get(one, sme) for one in Kind])
    median, least, most = (np.ascontiguousarray(by_kind[:, place]) for place in range(3))
    index = region_column(scenario, geography, "innovation_index")
    return Founding(
        population=population,
        capital_keur=scenario.finance.capital_at_start_keur,
        cluster_region=geography.cluster_region,
        cluster_sector=geography.cluster_sector,
        core=core_domains(scenario, geography),
        absorptive_capacity_shift=population.absorptive_capacity_shift * (index / 100.0 - 1.0),
        innovator_share=innovator_shares(scenario, geography),
        size_median=median,
        size_least=least,
        size_most=most,
        need_kind_weights=np.array(population.need_kind_weights),
    )


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
