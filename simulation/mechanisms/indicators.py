"""Indicators: what a month left behind, in the terms of a programme's monitoring.

Counts since month 1 are kept by the mechanisms as things happen; states and shares are taken here from the
tables. What is undefined is None. The definitions stand in :mod:`simulation.indicator_definitions`.

References
----------
Watts, D. J. & Strogatz, S. H. (1998). Collective dynamics of 'small-world' networks. Nature 393, 440-442.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from math import fsum, isnan, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Kind, Source, Status
from simulation.kernels.indicators import (
    WORD,
    count_ties,
    sum_clustering,
    sum_path_lengths,
    sum_spending,
    tally_agencies,
    tally_firms,
    tally_projects,
)
from simulation.money import ACCOUNTS, CENTS_PER_KEUR
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.state import NEVER, State
from simulation.world import World

Value = int | float | None
Values = dict[str, Value]

RECENT_MONTHS = 36
"""Months in which the start of a collaboration counts for the cooperation share, the current one included."""

CLUSTERING_SAMPLE = 256
"""Organisations whose clustering is taken; the standard error is then about .015."""

PATH_SAMPLE = WORD
"""Organisations from which paths are followed; the first of those above."""

PUBLIC = (int(Source.EU), int(Source.NATIONAL), int(Source.REGIONAL))
SOURCES = len(Source)
OWN, OUTSIDE = int(Source.OWN), int(Source.OUTSIDE)
OF_PROGRAMME = (int(Account.GRANTS), int(Account.SERVICES), int(Account.COORDINATION))
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

RUNNING = int(Status.RUNNING)
SME = int(Kind.SME)

FIRM_SUMS = 3
"""Sums of SMEs by region: size, satisfaction, digital maturity."""


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


class Firms(NamedTuple):
    """Counts and sums of SMEs by region, as :func:`simulation.kernels.indicators.tally_firms` gives them."""

    counts: NDArray[np.int64]
    sums: NDArray[np.float64]
    levels: NDArray[np.float64]
    totals: NDArray[np.float64]


def measure(world: World) -> Values:
    """Every indicator for the month just done.

    Returns
    -------
    dict
        One value for each of :data:`simulation.indicator_definitions.INDICATORS`, in their order; None where
        undefined.
    """
    state = world.state
    counted = {name: cells.item(0) for name, cells in state.counters.storage.items()}
    firms = _tally(world)
    by_region: FirmCounts[list[int]] = FirmCounts(*firms.counts.T.tolist())
    totals: FirmCounts[int] = FirmCounts(*map(sum, by_region))
    jobs, satisfaction, maturity = map(fsum, firms.sums.T.tolist())
    projects = state.projects
    active, own_of_funded = tally_projects(projects.status, projects.member_count, projects.call, projects.own_cents)
    return {
        **_firms(totals, jobs, satisfaction, counted),
        **_cooperation(totals, active, counted),
        **{name: counted[name] for name in ENDS_OF_PROJECTS},
        **_money(state, own_of_funded, counted),
        **_partnerships(state),
        **_intermediaries(state, counted),
        **_knowledge(firms, totals.alive, maturity),
        **_territory(world, by_region),
        **_network(world),
        "matching_gap": world.matching_gap,
    }


def measure_regions(world: World) -> dict[str, NDArray[Any]]:
    """Headline indicators of every region for the month just done.

    Returns
    -------
    dict of (regions,) arrays
        One for each of :data:`simulation.indicator_definitions.REGIONAL_INDICATORS`, each in the order of
        ``world.geography.regions``. A mean over no SME is NaN here, since an array of numbers has no other
        word for it, and null where it is stored. Counts and jobs add up to those of :func:`measure`.
    """
    firms = _tally(world)
    counts: FirmCounts[NDArray[np.int64]] = FirmCounts(*firms.counts.T)
    domains = firms.levels.shape[1]
    with np.errstate(invalid="ignore"):
        knowledge_mean = firms.levels.sum(axis=1) / (counts.alive * domains)
    projects = world.state.projects
    initiators = projects.members[(projects.status == RUNNING) & (projects.member_count >= 2), 0]
    return {
        "smes_alive": counts.alive,
        "smes_registered": counts.registered,
        "innovations": counts.innovations,
        "knowledge_mean": knowledge_mean,
        "jobs_fte": firms.sums[:, 0],
        "collaborations_active": np.bincount(world.state.organisations.region[initiators], minlength=len(firms.counts)),
    }


def _tally(world: World) -> Firms:
    rows = world.state.organisations
    regions, domains = len(world.geography.regions), rows.knowledge.shape[1]
    firms = Firms(
        np.zeros((regions, len(FirmCounts._fields)), dtype=np.int64),
        np.zeros((regions, FIRM_SUMS)),
        np.zeros((regions, domains)),
        np.zeros((2, domains)),
    )
    tally_firms(
        rows.kind,
        SME,
        rows.alive,
        rows.granted,
        rows.served,
        rows.region,
        rows.registered_month,
        rows.cooperated_month,
        rows.broker,
        rows.platform_month,
        rows.innovations,
        rows.size,
        rows.satisfaction,
        rows.digital_maturity,
        rows.knowledge,
        world.month - RECENT_MONTHS + 1,
        *firms,
    )
    return firms


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
        "sme_satisfaction_mean": _ratio(satisfaction, totals.alive),
    }


def _cooperation(totals: FirmCounts[int], active: int, counted: dict[str, int]) -> Values:
    return {
        "introductions": counted["introductions"],
        "introductions_platform": counted["introductions_platform"],
        "introductions_cross_sector": counted["introductions_cross_sector"],
        "introductions_cross_region": counted["introductions_cross_region"],
        "introductions_cross_border": counted["introductions_cross_border"],
        "collaborations": counted["collaborations"],
        "collaborations_cross_border": counted["collaborations_cross_border"],
        "collaborations_active": active,
        "collaborations_programme": counted["collaborations_programme"],
        "cooperation_share": _ratio(totals.cooperating, totals.alive),
        "repeat_tie_share": _ratio(counted["repeat_ties"], counted["collaborations"]),
        "newcomer_share": _ratio(counted["newcomers"], counted["collaboration_smes"]),
        "platform_users": totals.platform_users,
        "platform_connections": counted["platform_connections"],
    }


def _money(state: State, own_of_funded: int, counted: dict[str, int]) -> Values:
    purses = state.purses
    cents = np.zeros((SOURCES, ACCOUNTS), dtype=np.int64)
    sum_spending(purses.source, purses.account, purses.spent_cents, cents)
    spent = cents.tolist()
    grants, services, coordination = [sum([spent[source][account] for source in PUBLIC]) for account in OF_PROGRAMME]
    public = grants + services + coordination
    own, outside = sum(spent[OWN]), sum(spent[OUTSIDE])
    return {
        "grants_paid_keur": grants / CENTS_PER_KEUR,
        "services_cost_keur": services / CENTS_PER_KEUR,
        "coordination_cost_keur": coordination / CENTS_PER_KEUR,
        "public_cost_keur": public / CENTS_PER_KEUR,
        "own_investment_keur": own / CENTS_PER_KEUR,
        "outside_investment_keur": outside / CENTS_PER_KEUR,
        "private_leverage": _ratio(own + outside, public),
        "private_per_grant": _ratio(own_of_funded, grants),
        "public_cost_per_innovation_keur": _ratio(public, counted["innovations_programme"] * CENTS_PER_KEUR),
    }


def _partnerships(state: State) -> Values:
    partnerships, members = state.partnerships, state.members
    engagement = list(compress(members.engagement.tolist(), members.present.tolist()))
    signed = [month for month in partnerships.signed_month.tolist() if month != NEVER]
    applied = zip(partnerships.applied_month.tolist(), partnerships.continuing.tolist(), strict=True)
    continuing = [partners for month, partners in applied if month != NEVER]
    return {
        "partnership_members": len(engagement),
        "partnership_active": int(any(partnerships.active.tolist())),
        "partnership_signed_month": min(signed, default=None),
        "engagement_mean": _mean(engagement),
        "objective_agreement": _mean_of_known(partnerships.objective_agreement),
        "agreement_within_country": _mean_of_known(partnerships.agreement_within_country),
        "agreement_across_countries": _mean_of_known(partnerships.agreement_across_countries),
        "follow_on_partners_continuing": sum(continuing) if continuing else None,
        "follow_on_funded": sum(partnerships.funded.tolist()),
    }


def _intermediaries(state: State, counted: dict[str, int]) -> Values:
    tallies = [
        tally_agencies(table.visited_month, table.transferred, table.instrument)
        for table in (state.brokers, state.parks, state.authorities)
    ]
    return {
        "intermediary_skill": _mean(state.brokers.skill.tolist() + state.parks.skill.tolist()),
        "practices_transferred": counted["practices_transferred"],
        "peer_learning_agencies": sum([learners for learners, _ in tallies]),
        "practices_in_instruments": sum([practices for _, practices in tallies]),
    }


def _knowledge(firms: Firms, smes: int, maturity: float) -> Values:
    levels, squares = firms.totals.tolist()
    means = [level / smes for level in levels] if smes else []
    variances = [square / smes - mean**2 for square, mean in zip(squares, means, strict=True)] if smes else []
    return {
        "knowledge_mean": _ratio(fsum(levels), smes * len(levels)),
        "knowledge_diversity": _mean([sqrt(variance) if variance > 0.0 else 0.0 for variance in variances]),
        "digital_maturity_mean": _ratio(maturity, smes),
    }


def _territory(world: World, by_region: FirmCounts[list[int]]) -> Values:
    innovations = by_region.innovations
    per_sme = [made / smes for made, smes in zip(innovations, by_region.alive, strict=True) if smes]
    lagging = [innovations[region] for region in world.less_developed]
    return {
        "regional_gini": gini(per_sme),
        "share_less_developed_regions": _ratio(sum(lagging), sum(innovations)) if lagging else None,
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


def _network(world: World) -> Values:
    ties, alive = world.state.ties, world.state.organisations.alive
    first, second = ties.first, ties.second
    clustering = path_length = None
    if world.month % 12 == 0 or world.month == world.scenario.months:
        sample = sample_of_living(world, Purpose.PATH_LENGTH_SAMPLE, CLUSTERING_SAMPLE)
        clustering = _ratio(fsum(sum_clustering(first, second, alive, sample).tolist()), len(sample))
        path_length = _ratio(*sum_path_lengths(first, second, alive, sample[:PATH_SAMPLE]))
    return {
        "tie_count": int(count_ties(first, second, alive)),
        "tie_clustering": clustering,
        "tie_path_length": path_length,
    }


def sample_of_living(world: World, purpose: Purpose, size: int) -> NDArray[np.int64]:
    """Organisations drawn by address: the same every year and under every policy while they are alive.

    Parameters
    ----------
    purpose : Purpose
        What they are drawn for; another purpose draws others.
    size : int
        How many; all if fewer are alive.

    Returns
    -------
    (k,) int64
        Rows, in the order of their draws.
    """
    organisations = world.state.organisations
    rows = np.flatnonzero(organisations.alive)
    draws = uniforms(world.key, purpose, 0, organisations.identity[rows])
    size = min(size, len(rows))
    lowest = np.argpartition(draws, size - 1)[:size] if size else np.zeros(0, dtype=np.int64)
    chosen: NDArray[np.int64] = rows[lowest[np.argsort(draws[lowest], kind="stable")]]
    return chosen


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _mean(values: list[float]) -> float | None:
    return fsum(values) / len(values) if values else None


def _mean_of_known(column: NDArray[np.float64]) -> float | None:
    return _mean([value for value in column.tolist() if not isnan(value)])
