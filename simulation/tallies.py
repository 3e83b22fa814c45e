"""The indicators, worked out from what was counted and added up at the end of each month.

Working out waits until somebody reads them, and is done for all months at once: a month costs the tallies alone. The
definitions stand in :mod:`simulation.indicator_definitions`, the tallies are taken in
:mod:`simulation.mechanisms.indicators`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import fsum, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.counters import COUNTERS
from simulation.money import CENTS_PER_KEUR
from simulation.state import NEVER

__all__ = ["FIRM_COUNTS", "FIRM_SUMS", "FirmCounts", "Measured", "Tallies", "columns_of", "gini", "ratio"]

Value = int | float | None
Columns = dict[str, Sequence[Value]]

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

JOBS, SATISFACTION, MATURITY = 0, 1, 2
"""Places of these sums of SMEs."""

FIRM_SUMS = 3
"""Sums of SMEs before those of their knowledge."""


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
ALIVE, INNOVATIONS = FirmCounts._fields.index("alive"), FirmCounts._fields.index("innovations")


class Records(NamedTuple):
    """Projects, money and ties by month; the order is that of :func:`simulation.kernels.indicators.tally_records`."""

    active: list[int]
    own_of_funded: list[int]
    grants: list[int]
    services: list[int]
    coordination: list[int]
    own: list[int]
    outside: list[int]
    ties: list[int]


class Partnerships(NamedTuple):
    """Members and partnerships by month, in the order of :func:`simulation.kernels.indicators.tally_partnerships`."""

    members: list[int]
    engagement: list[float]
    active: list[int]
    signed: list[int]
    applied: list[int]
    continuing: list[int]
    funded: list[int]
    agreement: list[float]
    within_country: list[float]
    across_countries: list[float]


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
    """The indicators of a month by name, worked out from its tallies when they are read."""

    def __init__(self, tallies: Tallies) -> None:
        self.tallies = tallies

    @cached_property
    def _values(self) -> dict[str, Value]:
        return {name: values[0] for name, values in _indicators_of([self.tallies]).items()}

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def columns_of(measured: Sequence[Mapping[str, Value]]) -> dict[str, list[Value]]:
    """What was measured month by month, as one list for each name."""
    ours = [month.tallies for month in measured if isinstance(month, Measured)]
    columns = {name: list(values) for name, values in _indicators_of(ours).items()} if ours else {}
    for month in measured:
        if not isinstance(month, Measured):
            for name, value in month.items():
                columns.setdefault(name, []).append(value)
    return columns


def _indicators_of(months: Sequence[Tallies]) -> Columns:
    """Every indicator of each of the months, in the order of the definitions."""
    counted = dict(zip(COUNTERS, _turned([each.counted for each in months]), strict=True))
    counts = np.stack([each.counts for each in months])
    firms: FirmCounts[list[int]] = FirmCounts(*counts[:, -1].T.tolist())
    of_all, squares = np.stack([each.sums[-2:] for each in months]).transpose(1, 0, 2).tolist()
    records = Records(*_turned([each.records for each in months]))
    return {
        **_firms(firms, of_all, counted),
        **_cooperation(firms, records, counted),
        **{name: counted[name] for name in ENDS_OF_PROJECTS},
        **_money(records, counted),
        **_partnerships(Partnerships(*_turned([each.partnerships for each in months]))),
        **_intermediaries(_turned([each.intermediaries for each in months]), counted),
        **_knowledge(firms.alive, of_all, squares),
        **_territory(counts[:, :-1], [each.less_developed for each in months]),
        "tie_count": records.ties,
        "tie_clustering": [each.clustering for each in months],
        "tie_path_length": [each.path_length for each in months],
        "matching_gap": [each.matching_gap for each in months],
    }


def _firms(firms: FirmCounts[list[int]], of_all: list[list[float]], counted: dict[str, list[int]]) -> Columns:
    return {
        "smes_alive": firms.alive,
        "entries": counted["entries"],
        "exits": counted["exits"],
        "smes_registered": firms.registered,
        "smes_supported": firms.supported,
        "smes_supported_grant": firms.granted,
        "smes_supported_nonfinancial": firms.served,
        "smes_innovating": firms.innovating,
        "jobs_fte": [sums[JOBS] for sums in of_all],
        "sme_satisfaction_mean": _ratios([sums[SATISFACTION] for sums in of_all], firms.alive),
    }


def _cooperation(firms: FirmCounts[list[int]], records: Records, counted: dict[str, list[int]]) -> Columns:
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
        "cooperation_share": _ratios(firms.cooperating, firms.alive),
        "repeat_tie_share": _ratios(counted["repeat_ties"], counted["collaborations"]),
        "newcomer_share": _ratios(counted["newcomers"], counted["collaboration_smes"]),
        "platform_users": firms.platform_users,
        "platform_connections": counted["platform_connections"],
    }


def _money(records: Records, counted: dict[str, list[int]]) -> Columns:
    grants, services, coordination = records.grants, records.services, records.coordination
    public = [sum(spent) for spent in zip(grants, services, coordination, strict=True)]
    private = [sum(spent) for spent in zip(records.own, records.outside, strict=True)]
    innovations = [made * CENTS_PER_KEUR for made in counted["innovations_programme"]]
    return {
        "grants_paid_keur": _keur(grants),
        "services_cost_keur": _keur(services),
        "coordination_cost_keur": _keur(coordination),
        "public_cost_keur": _keur(public),
        "own_investment_keur": _keur(records.own),
        "outside_investment_keur": _keur(records.outside),
        "private_leverage": _ratios(private, public),
        "private_per_grant": _ratios(records.own_of_funded, grants),
        "public_cost_per_innovation_keur": _ratios(public, innovations),
    }


def _partnerships(tallied: Partnerships) -> Columns:
    signed, applied = tallied.signed, zip(tallied.continuing, tallied.applied, strict=True)
    return {
        "partnership_members": tallied.members,
        "partnership_active": tallied.active,
        "partnership_signed_month": [None if month == NEVER else month for month in signed],
        "engagement_mean": _known(tallied.engagement),
        "objective_agreement": _known(tallied.agreement),
        "agreement_within_country": _known(tallied.within_country),
        "agreement_across_countries": _known(tallied.across_countries),
        "follow_on_partners_continuing": [partners if applications else None for partners, applications in applied],
        "follow_on_funded": tallied.funded,
    }


def _intermediaries(tallied: list[list[Any]], counted: dict[str, list[int]]) -> Columns:
    learners, practices, skill = tallied
    return {
        "intermediary_skill": _known(skill),
        "practices_transferred": counted["practices_transferred"],
        "peer_learning_agencies": learners,
        "practices_in_instruments": practices,
    }


def _knowledge(alive: list[int], of_all: list[list[float]], squares: list[list[float]]) -> Columns:
    levels, domains = [fsum(sums[FIRM_SUMS:]) for sums in of_all], len(of_all[0]) - FIRM_SUMS
    return {
        "knowledge_mean": _ratios(levels, [smes * domains for smes in alive]),
        "knowledge_diversity": [
            _diversity(sums[FIRM_SUMS:], squared[FIRM_SUMS:], smes) if smes else None
            for sums, squared, smes in zip(of_all, squares, alive, strict=True)
        ],
        "digital_maturity_mean": _ratios([sums[MATURITY] for sums in of_all], alive),
    }


def _diversity(levels: list[float], squares: list[float], smes: int) -> float:
    """Standard deviation of knowledge in a domain, mean over domains."""
    variances = [square / smes - (level / smes) ** 2 for level, square in zip(levels, squares, strict=True)]
    return fsum([sqrt(variance) if variance > 0.0 else 0.0 for variance in variances]) / len(variances)


def _territory(counts: NDArray[np.int64], less_developed: list[tuple[int, ...]]) -> Columns:
    alive, innovations = counts[:, :, ALIVE].tolist(), counts[:, :, INNOVATIONS].tolist()
    per_sme = [
        [made / smes for made, smes in zip(of_month, living, strict=True) if smes]
        for of_month, living in zip(innovations, alive, strict=True)
    ]
    lagging = [
        ratio(sum([of_month[region] for region in regions]), sum(of_month)) if regions else None
        for of_month, regions in zip(innovations, less_developed, strict=True)
    ]
    return {"regional_gini": [gini(shares) for shares in per_sme], "share_less_developed_regions": lagging}


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


def _ratios(parts: Sequence[float], wholes: Sequence[float]) -> list[Value]:
    return [ratio(part, whole) for part, whole in zip(parts, wholes, strict=True)]


def _keur(amounts: list[int]) -> list[Value]:
    return [amount / CENTS_PER_KEUR for amount in amounts]


def _known(means: list[float]) -> list[Value]:
    """Means, None where one is NaN: it was taken of nothing."""
    return [mean if mean == mean else None for mean in means]


def _turned(months: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """One list for each place of the months' sequences."""
    return [list(of_place) for of_place in zip(*months, strict=True)]
