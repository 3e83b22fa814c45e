"""The indicators of a month, worked out from what was counted and added up at its end.

Working out waits until somebody reads them: a month costs the tallies alone. The definitions stand in
:mod:`simulation.indicator_definitions`, the tallies are taken in :mod:`simulation.mechanisms.indicators`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import fsum, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.counters import COUNTERS
from simulation.money import CENTS_PER_KEUR
from simulation.state import NEVER

__all__ = ["FIRM_COUNTS", "FIRM_SUMS", "FirmCounts", "Measured", "Tallies", "gini", "ratio"]

Value = int | float | None
Values = dict[str, Value]

ENDS_OF_PROJECTS = (
    "projects_started",
    "projects_funded",
    "projects_failed",
    "projects_expired",
    "innovations_commercialised",
    "innovations_programme",
    "innovations_cross_border",
    "market_entries_new_region",
    "market_entries_new_sector",
    "challenges_opened",
    "challenges_covered",
    "consortia",
)
"""Counters of what becomes of projects and challenges."""

FIRM_SUMS = 3
"""Sums of SMEs by region before those of their knowledge: size, satisfaction, digital maturity."""


class FirmCounts[T](NamedTuple):
    """Counts of SMEs, for one place or for each of several; the order is the kernel's."""

    alive: T
    registered: T
    innovating: T
    cooperating: T
    supported: T
    granted: T
    served: T
    innovations: T
    platform_users: T


FIRM_COUNTS = len(FirmCounts._fields)


class Records(NamedTuple):
    """Projects, money and ties, as :func:`simulation.kernels.indicators.tally_records` gives them."""

    active: int
    own_of_funded: int
    grants: int
    services: int
    coordination: int
    own: int
    outside: int
    ties: int


class Partnerships(NamedTuple):
    """Members and partnerships, as :func:`simulation.kernels.indicators.tally_partnerships` gives them."""

    members: int
    engagement: float
    active: int
    signed: int
    applied: int
    continuing: int
    funded: int
    agreement: float
    within_country: float
    across_countries: float


class Tallies(NamedTuple):
    """What a month left behind, counted and added up, from which the indicators follow.

    Attributes
    ----------
    counted : list of int
        The cumulative counters, in the order of their columns.
    counts, sums : arrays
        SMEs by region, as :func:`simulation.kernels.indicators.tally_firms` gives them.
    records, partnerships, intermediaries : tuple
        As the kernels give them.
    clustering, path_length : float or None
        Of the network, where it is measured this month.
    matching_gap : float or None
        That of the world.
    less_developed : tuple of int
        Rows of the less developed regions with firms.
    """

    counted: list[int]
    counts: NDArray[np.int64]
    sums: NDArray[np.float64]
    records: tuple[int, ...]
    partnerships: tuple[Any, ...]
    intermediaries: tuple[int, int, float]
    clustering: float | None
    path_length: float | None
    matching_gap: float | None
    less_developed: tuple[int, ...]


class Measured(Mapping[str, Value]):
    """The indicators of a month by name, worked out from its tallies when they are first read."""

    def __init__(self, tallies: Tallies) -> None:
        self._tallies: Tallies | None = tallies
        self._values: Values = {}

    def _read(self) -> Values:
        if self._tallies is not None:
            self._values, self._tallies = _indicators_of(self._tallies), None
        return self._values

    def __getitem__(self, name: str) -> Value:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def _indicators_of(tallies: Tallies) -> Values:
    """Every indicator of a month, in the order of their definitions."""
    counted = dict(zip(COUNTERS, tallies.counted, strict=True))
    by_region: FirmCounts[list[int]] = FirmCounts(*tallies.counts.T.tolist())
    totals: FirmCounts[int] = FirmCounts(*[of_regions.pop() for of_regions in by_region])
    (jobs, satisfaction, maturity, *levels), (_, _, _, *squares) = tallies.sums[-2:].tolist()
    records = Records(*tallies.records)
    return {
        **_firms(totals, jobs, satisfaction, counted),
        **_cooperation(totals, records, counted),
        **{name: counted[name] for name in ENDS_OF_PROJECTS},
        **_money(records, counted),
        **_partnerships(Partnerships(*tallies.partnerships)),
        **_intermediaries(tallies, counted),
        **_knowledge(levels, squares, totals.alive, maturity),
        **_territory(by_region, tallies.less_developed),
        "tie_count": records.ties,
        "tie_clustering": tallies.clustering,
        "tie_path_length": tallies.path_length,
        "matching_gap": tallies.matching_gap,
    }


def _firms(totals: FirmCounts[int], jobs: float, satisfaction: float, counted: dict[str, int]) -> Values:
    return {
        "smes_alive": totals.alive,
        "entries": counted["entries"],
        "exits": counted["exits"],
        "smes_registered": totals.registered,
        "smes_supported": totals.supported,
        "smes_supported_grant": totals.granted,
        "smes_supported_nonfinancial": totals.served,
        "smes_innovating": totals.innovating,
        "jobs_fte": jobs,
        "sme_satisfaction_mean": ratio(satisfaction, totals.alive),
    }


def _cooperation(totals: FirmCounts[int], records: Records, counted: dict[str, int]) -> Values:
    return {
        "introductions": counted["introductions"],
        "introductions_platform": counted["introductions_platform"],
        "introductions_cross_sector": counted["introductions_cross_sector"],
        "introductions_cross_region": counted["introductions_cross_region"],
        "introductions_cross_border": counted["introductions_cross_border"],
        "collaborations": counted["collaborations"],
        "collaborations_cross_border": counted["collaborations_cross_border"],
        "collaborations_active": records.active,
        "collaborations_programme": counted["collaborations_programme"],
        "cooperation_share": ratio(totals.cooperating, totals.alive),
        "repeat_tie_share": ratio(counted["repeat_ties"], counted["collaborations"]),
        "newcomer_share": ratio(counted["newcomers"], counted["collaboration_smes"]),
        "platform_users": totals.platform_users,
        "platform_connections": counted["platform_connections"],
    }


def _money(records: Records, counted: dict[str, int]) -> Values:
    grants, services, coordination = records.grants, records.services, records.coordination
    public, own, outside = grants + services + coordination, records.own, records.outside
    return {
        "grants_paid_keur": grants / CENTS_PER_KEUR,
        "services_cost_keur": services / CENTS_PER_KEUR,
        "coordination_cost_keur": coordination / CENTS_PER_KEUR,
        "public_cost_keur": public / CENTS_PER_KEUR,
        "own_investment_keur": own / CENTS_PER_KEUR,
        "outside_investment_keur": outside / CENTS_PER_KEUR,
        "private_leverage": ratio(own + outside, public),
        "private_per_grant": ratio(records.own_of_funded, grants),
        "public_cost_per_innovation_keur": ratio(public, counted["innovations_programme"] * CENTS_PER_KEUR),
    }


def _partnerships(tallied: Partnerships) -> Values:
    return {
        "partnership_members": tallied.members,
        "partnership_active": tallied.active,
        "partnership_signed_month": None if tallied.signed == NEVER else tallied.signed,
        "engagement_mean": _known(tallied.engagement),
        "objective_agreement": _known(tallied.agreement),
        "agreement_within_country": _known(tallied.within_country),
        "agreement_across_countries": _known(tallied.across_countries),
        "follow_on_partners_continuing": tallied.continuing if tallied.applied else None,
        "follow_on_funded": tallied.funded,
    }


def _intermediaries(tallies: Tallies, counted: dict[str, int]) -> Values:
    learners, practices, skill = tallies.intermediaries
    return {
        "intermediary_skill": _known(skill),
        "practices_transferred": counted["practices_transferred"],
        "peer_learning_agencies": learners,
        "practices_in_instruments": practices,
    }


def _knowledge(levels: list[float], squares: list[float], smes: int, maturity: float) -> Values:
    if not smes:
        return {"knowledge_mean": None, "knowledge_diversity": None, "digital_maturity_mean": None}
    variances = [square / smes - (level / smes) ** 2 for level, square in zip(levels, squares, strict=True)]
    deviations = [sqrt(variance) if variance > 0.0 else 0.0 for variance in variances]
    return {
        "knowledge_mean": fsum(levels) / (smes * len(levels)),
        "knowledge_diversity": fsum(deviations) / len(deviations),
        "digital_maturity_mean": maturity / smes,
    }


def _territory(by_region: FirmCounts[list[int]], less_developed: tuple[int, ...]) -> Values:
    innovations = by_region.innovations
    per_sme = [made / smes for made, smes in zip(innovations, by_region.alive, strict=True) if smes]
    lagging = [innovations[region] for region in less_developed]
    return {
        "regional_gini": gini(per_sme),
        "share_less_developed_regions": ratio(sum(lagging), sum(innovations)) if lagging else None,
    }


def gini(amounts: Sequence[float]) -> float | None:
    """Gini coefficient of amounts that are not negative, each counted alike.

    Returns
    -------
    float or None
        0 where all have the same, (n - 1) / n where one has all; None for fewer than two amounts or if all
        are 0.
    """
    count, total = len(amounts), fsum(amounts)
    if count < 2 or total == 0.0:
        return None
    ranked = fsum([rank * amount for rank, amount in enumerate(sorted(amounts), start=1)])
    return max(0.0, 2.0 * ranked / (count * total) - (count + 1) / count)


def ratio(part: float, whole: float) -> float | None:
    """A part of a whole; None if there is no whole."""
    return part / whole if whole else None


def _known(value: float) -> float | None:
    """A mean, None where it is NaN: it was taken of nothing."""
    return value if value == value else None
