"""Indicators: what a month left behind, in the terms of a programme's monitoring.

Counts since month 1 are kept by the mechanisms as things happen; states and shares are taken here from the
tables. What is undefined is None. The definitions stand in :mod:`simulation.indicator_definitions`.

References
----------
Watts, D. J. & Strogatz, S. H. (1998). Collective dynamics of 'small-world' networks. Nature 393, 440-442.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind, Status
from simulation.kernels.indicators import (
    WORD,
    sum_clustering,
    sum_path_lengths,
    tally_firms,
    tally_intermediaries,
    tally_partnerships,
    tally_records,
)
from simulation.money import CENTS_PER_KEUR
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.state import NEVER
from simulation.world import World

Value = int | float | None
Values = dict[str, Value]

RECENT_MONTHS = 36
"""Months in which the start of a collaboration counts for the cooperation share, the current one included."""

CLUSTERING_SAMPLE = 256
"""Organisations whose clustering is taken; the standard error is then about .015."""

PATH_SAMPLE = WORD
"""Organisations from which paths are followed; the first of those above."""

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


COUNTS = len(FirmCounts._fields)


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


def measure(world: World) -> Values:
    """Every indicator for the month just done.

    Returns
    -------
    dict
        One value for each of :data:`simulation.indicator_definitions.INDICATORS`, in their order; None where
        undefined.
    """
    counted = {name: cells.item(0) for name, cells in world.state.counters.storage.items()}
    counts, sums = _tally_firms(world)
    by_region: FirmCounts[list[int]] = FirmCounts(*counts.T.tolist())
    totals: FirmCounts[int] = FirmCounts(*[of_regions.pop() for of_regions in by_region])
    *_, (jobs, satisfaction, maturity, *levels), (_, _, _, *squares) = sums.tolist()
    records = _tally_records(world)
    return {
        **_firms(totals, jobs, satisfaction, counted),
        **_cooperation(totals, records, counted),
        **{name: counted[name] for name in ENDS_OF_PROJECTS},
        **_money(records, counted),
        **_partnerships(world),
        **_intermediaries(world, counted),
        **_knowledge(levels, squares, totals.alive, maturity),
        **_territory(world, by_region),
        **_network(world, records),
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
    of_regions, sums = _tally_firms(world)
    counts: FirmCounts[NDArray[np.int64]] = FirmCounts(*of_regions[:-1].T)
    levels = np.ascontiguousarray(sums[:-2, FIRM_SUMS:])
    with np.errstate(invalid="ignore"):
        knowledge_mean = levels.sum(axis=1) / (counts.alive * levels.shape[1])
    projects = world.state.projects
    initiators = projects.members[(projects.status == RUNNING) & (projects.member_count >= 2), 0]
    return {
        "smes_alive": counts.alive,
        "smes_registered": counts.registered,
        "innovations": counts.innovations,
        "knowledge_mean": knowledge_mean,
        "jobs_fte": sums[:-2, 0],
        "collaborations_active": np.bincount(world.state.organisations.region[initiators], minlength=len(levels)),
    }


def _tally_firms(world: World) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Counts and sums of SMEs by region, and of all regions in further rows."""
    rows, regions = world.state.organisations, len(world.geography.regions)
    knowledge = rows.knowledge
    counts, sums = np.zeros((regions + 1, COUNTS), np.int64), np.zeros((regions + 2, FIRM_SUMS + knowledge.shape[1]))
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
        knowledge,
        world.month - RECENT_MONTHS + 1,
        counts,
        sums,
    )
    return counts, sums


def _tally_records(world: World) -> Records:
    projects, purses, ties = world.state.projects, world.state.purses, world.state.ties
    return Records(
        *tally_records(
            projects.status,
            projects.member_count,
            projects.call,
            projects.own_cents,
            purses.source,
            purses.account,
            purses.spent_cents,
            ties.first,
            ties.second,
            world.state.organisations.alive,
        )
    )


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
        "cooperation_share": _ratio(totals.cooperating, totals.alive),
        "repeat_tie_share": _ratio(counted["repeat_ties"], counted["collaborations"]),
        "newcomer_share": _ratio(counted["newcomers"], counted["collaboration_smes"]),
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
        "private_leverage": _ratio(own + outside, public),
        "private_per_grant": _ratio(records.own_of_funded, grants),
        "public_cost_per_innovation_keur": _ratio(public, counted["innovations_programme"] * CENTS_PER_KEUR),
    }


def _partnerships(world: World) -> Values:
    partnerships, members = world.state.partnerships, world.state.members
    present, engagement, active, signed, applied, continuing, funded, agreement, within, across = tally_partnerships(
        members.present,
        members.engagement,
        partnerships.active,
        partnerships.signed_month,
        partnerships.applied_month,
        partnerships.continuing,
        partnerships.funded,
        partnerships.objective_agreement,
        partnerships.agreement_within_country,
        partnerships.agreement_across_countries,
    )
    return {
        "partnership_members": present,
        "partnership_active": active,
        "partnership_signed_month": None if signed == NEVER else signed,
        "engagement_mean": _known(engagement),
        "objective_agreement": _known(agreement),
        "agreement_within_country": _known(within),
        "agreement_across_countries": _known(across),
        "follow_on_partners_continuing": continuing if applied else None,
        "follow_on_funded": funded,
    }


def _intermediaries(world: World, counted: dict[str, int]) -> Values:
    brokers, parks, authorities = world.state.brokers, world.state.parks, world.state.authorities
    learners, practices, skill = tally_intermediaries(
        brokers.visited_month,
        brokers.transferred,
        brokers.instrument,
        brokers.skill,
        parks.visited_month,
        parks.transferred,
        parks.instrument,
        parks.skill,
        authorities.visited_month,
        authorities.transferred,
        authorities.instrument,
    )
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


def _network(world: World, records: Records) -> Values:
    clustering = path_length = None
    if world.month % 12 == 0 or world.month == world.scenario.months:
        ties, alive = world.state.ties, world.state.organisations.alive
        first, second = ties.first, ties.second
        sample = sample_of_living(world, Purpose.PATH_LENGTH_SAMPLE, CLUSTERING_SAMPLE)
        clustering = _ratio(fsum(sum_clustering(first, second, alive, sample).tolist()), len(sample))
        path_length = _ratio(*sum_path_lengths(first, second, alive, sample[:PATH_SAMPLE]))
    return {
        "tie_count": records.ties,
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


def _known(value: float) -> float | None:
    """A mean, None where it is NaN: it was taken of nothing."""
    return value if value == value else None
