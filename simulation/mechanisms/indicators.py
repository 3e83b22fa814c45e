"""Indicators: what a month left behind, in the terms of a programme's monitoring.

Counts since month 1 are kept by the mechanisms as things happen; states and shares are taken here from the
tables. What is undefined is None. The definitions stand in :mod:`simulation.indicator_definitions`.

References
----------
Watts, D. J. & Strogatz, S. H. (1998). Collective dynamics of 'small-world' networks. Nature 393, 440-442.
"""

from __future__ import annotations

from math import fsum
from typing import Any

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
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.tallies import FIRM_COUNTS, FIRM_SUMS, FirmCounts, Measured, Tallies, ratio
from simulation.world import World

RECENT_MONTHS = 36
"""Months in which the start of a collaboration counts for the cooperation share, the current one included."""

CLUSTERING_SAMPLE = 256
"""Organisations whose clustering is taken; the standard error is then about .015."""

PATH_SAMPLE = WORD
"""Organisations from which paths are followed; the first of those above."""

RUNNING = int(Status.RUNNING)
SME = int(Kind.SME)


def measure(world: World) -> Measured:
    """Every indicator for the month just done.

    Returns
    -------
    mapping
        One value for each of :data:`simulation.indicator_definitions.INDICATORS`, in their order; None where
        undefined.
    """
    return Measured(
        Tallies(
            [cells.item(0) for cells in world.state.counters.storage.values()],
            *_tally_firms(world),
            _tally_records(world),
            _tally_partnerships(world),
            _tally_intermediaries(world),
            *_measure_network(world),
            world.matching_gap,
            world.less_developed,
        )
    )


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
    counts = np.zeros((regions + 1, FIRM_COUNTS), np.int64)
    sums = np.zeros((regions + 2, FIRM_SUMS + knowledge.shape[1]))
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


def _tally_records(world: World) -> tuple[int, ...]:
    projects, purses, ties = world.state.projects, world.state.purses, world.state.ties
    return tally_records(
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


def _tally_partnerships(world: World) -> tuple[Any, ...]:
    partnerships, members = world.state.partnerships, world.state.members
    return tally_partnerships(
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


def _tally_intermediaries(world: World) -> tuple[int, int, float]:
    brokers, parks, authorities = world.state.brokers, world.state.parks, world.state.authorities
    return tally_intermediaries(
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


def _measure_network(world: World) -> tuple[float | None, float | None]:
    """Clustering and path length at the end of a year or of the run, else None."""
    if world.month % 12 and world.month != world.scenario.months:
        return None, None
    first, second, alive = world.state.ties.first, world.state.ties.second, world.state.organisations.alive
    sample = sample_of_living(world, Purpose.PATH_LENGTH_SAMPLE, CLUSTERING_SAMPLE)
    clustering = fsum(sum_clustering(first, second, alive, sample).tolist())
    path_lengths = sum_path_lengths(first, second, alive, sample[:PATH_SAMPLE])
    return ratio(clustering, len(sample)), ratio(*path_lengths)


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
