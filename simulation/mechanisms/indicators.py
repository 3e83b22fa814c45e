"""Indicators: what a month left behind, in the terms of a programme's monitoring.

Counts since month 1 are kept by the mechanisms as things happen; states and shares are taken here from the
tables. What is undefined is None. The definitions stand in :mod:`simulation.indicator_definitions`.

References
----------
Watts, D. J. & Strogatz, S. H. (1998). Collective dynamics of 'small-world' networks. Nature 393, 440-442.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isnan, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Kind, Source, Status
from simulation.kernels.indicators import (
    WORD,
    count_ties,
    count_users,
    sum_clustering,
    sum_path_lengths,
    tally_agencies,
    tally_firms,
)
from simulation.money import CENTS_PER_KEUR, spending
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.state import NEVER, NOBODY, State, Table
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
OWN, OUTSIDE = int(Source.OWN), int(Source.OUTSIDE)
PROGRAMME_ACCOUNTS = (int(Account.GRANTS), int(Account.SERVICES), int(Account.COORDINATION))
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


class Firms(NamedTuple):
    """Counts and sums of SMEs by region, as :func:`simulation.kernels.indicators.tally_firms` gives them."""

    counts: NDArray[np.int64]
    sums: NDArray[np.float64]
    levels: NDArray[np.float64]
    squares: NDArray[np.float64]


def measure(world: World) -> Values:
    """Every indicator for the month just done.

    Returns
    -------
    dict
        One value for each of :data:`simulation.indicator_definitions.INDICATORS`, in their order; None where
        undefined.
    """
    counted = {name: cells.item(0) for name, cells in world.state.counters.storage.items()}
    firms = _tally(world)
    totals = FirmCounts[int](*np.add.reduce(firms.counts, 0).tolist())
    return {
        **_firms(firms, totals, counted),
        **_cooperation(world.state, totals, counted),
        **_projects(counted),
        **_money(world.state, counted),
        **_partnerships(world.state),
        **_intermediaries(world.state, counted),
        **_knowledge(firms, totals),
        **_territory(world, firms),
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
    counts = FirmCounts[NDArray[np.int64]](*firms.counts.T)
    domains = firms.levels.shape[1]
    with np.errstate(invalid="ignore"):
        knowledge_mean = firms.levels.sum(axis=1) / (counts.alive * domains)
    initiators = world.state.projects.members[_active_collaborations(world.state), 0]
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
        np.zeros(domains),
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
        rows.innovations,
        rows.size,
        rows.satisfaction,
        rows.digital_maturity,
        rows.knowledge,
        world.month - RECENT_MONTHS + 1,
        *firms,
    )
    return firms


def _firms(firms: Firms, totals: FirmCounts[int], counted: dict[str, int]) -> Values:
    return {
        "smes_alive": totals.alive,
        "entries": counted["entries"],
        "exits": counted["exits"],
        "smes_registered": totals.registered,
        "smes_supported": totals.supported,
        "smes_supported_grant": totals.granted,
        "smes_supported_nonfinancial": totals.served,
        "smes_innovating": totals.innovating,
        "jobs_fte": fsum(firms.sums[:, 0].tolist()),
        "sme_satisfaction_mean": _ratio(fsum(firms.sums[:, 1].tolist()), totals.alive),
    }


def _cooperation(state: State, totals: FirmCounts[int], counted: dict[str, int]) -> Values:
    return {
        "introductions": counted["introductions"],
        "introductions_platform": counted["introductions_platform"],
        "introductions_cross_sector": counted["introductions_cross_sector"],
        "introductions_cross_region": counted["introductions_cross_region"],
        "introductions_cross_border": counted["introductions_cross_border"],
        "collaborations": counted["collaborations"],
        "collaborations_cross_border": counted["collaborations_cross_border"],
        "collaborations_active": int(np.count_nonzero(_active_collaborations(state))),
        "collaborations_programme": counted["collaborations_programme"],
        "cooperation_share": _ratio(totals.cooperating, totals.alive),
        "repeat_tie_share": _ratio(counted["repeat_ties"], counted["collaborations"]),
        "newcomer_share": _ratio(counted["newcomers"], counted["collaboration_smes"]),
        "platform_users": _platform_users(state),
        "platform_connections": counted["platform_connections"],
    }


def _platform_users(state: State) -> int:
    """Living registered SMEs that have signed up to the platform."""
    firms = state.organisations
    return int(count_users(firms.kind, SME, firms.alive, firms.broker, firms.platform_month))


def _active_collaborations(state: State) -> NDArray[np.bool_]:
    projects = state.projects
    active: NDArray[np.bool_] = (projects.status == RUNNING) & (projects.member_count >= 2)
    return active


def _projects(counted: dict[str, int]) -> Values:
    names = (
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
    return {name: counted[name] for name in names}


def _money(state: State, counted: dict[str, int]) -> Values:
    cents = spending(state).tolist()
    grants, services, coordination = (
        sum([cents[source][account] for source in PUBLIC]) for account in PROGRAMME_ACCOUNTS
    )
    public = grants + services + coordination
    own, outside = sum(cents[OWN]), sum(cents[OUTSIDE])
    return {
        "grants_paid_keur": grants / CENTS_PER_KEUR,
        "services_cost_keur": services / CENTS_PER_KEUR,
        "coordination_cost_keur": coordination / CENTS_PER_KEUR,
        "public_cost_keur": public / CENTS_PER_KEUR,
        "own_investment_keur": own / CENTS_PER_KEUR,
        "outside_investment_keur": outside / CENTS_PER_KEUR,
        "private_leverage": _ratio(own + outside, public),
        "private_per_grant": _ratio(_own_money_of_funded(state), grants),
        "public_cost_per_innovation_keur": _ratio(public, counted["innovations_programme"] * CENTS_PER_KEUR),
    }


def _own_money_of_funded(state: State) -> int:
    """Own money that members have put into projects that a call funds, cents."""
    projects = state.projects
    return int(projects.own_cents[projects.call != NOBODY].sum()) if len(projects) else 0


def _partnerships(state: State) -> Values:
    partnerships = state.partnerships
    engagement = state.members.engagement[state.members.present].tolist()
    signed = [month for month in partnerships.signed_month.tolist() if month != NEVER]
    return {
        "partnership_members": len(engagement),
        "partnership_active": int(partnerships.active.any()),
        "partnership_signed_month": min(signed, default=None),
        "engagement_mean": _mean(engagement),
        "objective_agreement": _mean_of_known(partnerships.objective_agreement),
        "agreement_within_country": _mean_of_known(partnerships.agreement_within_country),
        "agreement_across_countries": _mean_of_known(partnerships.agreement_across_countries),
        "follow_on_partners_continuing": _applied_again(partnerships),
        "follow_on_funded": int(np.count_nonzero(partnerships.funded)),
    }


def _applied_again(partnerships: Table) -> int | None:
    applied = partnerships.applied_month != NEVER
    return int(partnerships.continuing[applied].sum()) if applied.any() else None


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


def _knowledge(firms: Firms, totals: FirmCounts[int]) -> Values:
    levels = np.add.reduce(firms.levels, 0).tolist()
    squares = firms.squares.tolist()
    smes = totals.alive
    deviations = [
        sqrt(max(0.0, square / smes - (level / smes) ** 2)) if smes else 0.0
        for level, square in zip(levels, squares, strict=True)
    ]
    return {
        "knowledge_mean": _ratio(fsum(levels), smes * len(levels)),
        "knowledge_diversity": _mean(deviations) if smes else None,
        "digital_maturity_mean": _ratio(fsum(firms.sums[:, 2].tolist()), smes),
    }


def _territory(world: World, firms: Firms) -> Values:
    by_region = FirmCounts[list[int]](*firms.counts.T.tolist())
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
    ranked = fsum(rank * amount for rank, amount in enumerate(sorted(amounts), start=1))
    return max(0.0, 2.0 * ranked / (count * total) - (count + 1) / count)


def _network(world: World) -> Values:
    ties, alive = world.state.ties, world.state.organisations.alive
    first, second = ties.first, ties.second
    clustering = path_length = None
    if world.month % 12 == 0 or world.month == world.scenario.months:
        sample = sample_of_living(world, Purpose.PATH_LENGTH_SAMPLE, CLUSTERING_SAMPLE)
        blocks = (sample[start : start + WORD] for start in range(0, len(sample), WORD))
        clustered = fsum(sum_clustering(first, second, alive, block) for block in blocks)
        clustering = _ratio(clustered, len(sample))
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
