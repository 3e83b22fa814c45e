"""Relations: how the regions are tied to each other and to themselves, and the ties of a sample of organisations.

Both are tables of a month, taken once at the end of a run. Their columns are described in
:mod:`simulation.indicator_definitions`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind, Origin, Status
from simulation.mechanisms.indicators import sample_of_living
from simulation.projects import made_by_programme
from simulation.purposes import Purpose
from simulation.state import NOBODY
from simulation.world import World

__all__ = ["NETWORK_SAMPLE", "measure_flows", "sample_network"]

type Column = list[Any]
type Numbers = NDArray[np.int64]

NETWORK_SAMPLE = 64
"""Organisations whose ties are kept."""

BODIES = ("brokers", "parks", "authorities", "partnerships")
"""Tables whose agents are numbered before the organisations."""


def measure_flows(world: World) -> dict[str, Column]:
    """Ties and collaborations of every unordered pair of regions with firms, a region with itself included.

    A project counts once for each pair of regions in which two of its members sit: with two members of one region
    for that region with itself.

    Returns
    -------
    dict of lists
        ``region`` and ``other_region`` (codes, region <= other_region, in rising order), then one column for each
        of :data:`simulation.indicator_definitions.FLOW_INDICATORS`. Pairs without anything between them count 0.
    """
    geography, state = world.geography, world.state
    ties, organisations, projects = state.ties, state.organisations, state.projects
    regions = len(geography.regions)
    inside = np.flatnonzero(geography.has_firms)
    first, second = np.triu_indices(len(inside))
    region, other_region = inside[first], inside[second]
    pairs = _pair_numbers(region, other_region, regions)

    def by_pair(numbers: Numbers) -> Column:
        counted: Column = np.bincount(numbers[numbers != NOBODY], minlength=regions * regions)[pairs].tolist()
        return counted

    living = organisations.alive[ties.first] & organisations.alive[ties.second]
    tied = _pair_numbers(organisations.region[ties.first], organisations.region[ties.second], regions)
    begun = (projects.started_month >= 1) & (projects.member_count >= 2)
    joined = _regions_joined(projects.members[begun], organisations.region, regions)
    return {
        "region": [geography.regions[row] for row in region.tolist()],
        "other_region": [geography.regions[row] for row in other_region.tolist()],
        "ties": by_pair(tied[living]),
        "ties_programme": by_pair(tied[living & (ties.origin == Origin.PROGRAMME)]),
        "collaborations": by_pair(joined),
        "collaborations_programme": by_pair(joined[made_by_programme(projects.channel[begun])]),
        "innovations": by_pair(joined[projects.status[begun] == Status.COMMERCIALISED]),
    }


def _pair_numbers(one: NDArray[Any], other: NDArray[Any], regions: int) -> Numbers:
    """Unordered pairs of regions as numbers; NOBODY where one of the two is."""
    lower, higher = np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64)
    return np.where(lower == NOBODY, NOBODY, lower * regions + higher)


def _regions_joined(members: NDArray[np.int32], region: NDArray[np.int16], regions: int) -> Numbers:
    """Pairs of regions in which two members of each project sit, each once: (projects, pairs), filled with NOBODY."""
    taken = int((members != NOBODY).sum(axis=1).max(initial=0))
    seats = np.where(members[:, :taken] == NOBODY, NOBODY, region[members[:, :taken]])
    one, other = np.triu_indices(taken, 1)
    joined = np.sort(_pair_numbers(seats[:, one], seats[:, other], regions), axis=1)
    again = joined[:, 1:] == joined[:, :-1]
    joined[:, 1:][again] = NOBODY
    return joined


def sample_network(world: World) -> dict[str, Column]:
    """The ties of a sample of living organisations with living ones, drawn by address.

    The sample is the same under every policy, as far as its organisations live.

    Returns
    -------
    dict of lists
        One for each of :data:`simulation.indicator_definitions.NETWORK_COLUMNS`; a row is a tie, in rising order of
        ``first`` and ``second``, which are the ``unique_id`` of the organisations' agents.
    """
    state, geography = world.state, world.geography
    ties, organisations = state.ties, state.organisations
    sampled = np.zeros(len(organisations), dtype=np.bool_)
    sampled[sample_of_living(world, Purpose.NETWORK_SAMPLE, NETWORK_SAMPLE)] = True
    living = organisations.alive[ties.first] & organisations.alive[ties.second]
    kept = np.flatnonzero(living & (sampled[ties.first] | sampled[ties.second]))
    kept = kept[np.lexsort((ties.second[kept], ties.first[kept]))]
    ends = {"first": ties.first[kept], "second": ties.second[kept]}
    first_id = 1 + sum(len(getattr(state, table)) for table in BODIES)
    columns: dict[str, Column] = {end: (rows.astype(np.int64) + first_id).tolist() for end, rows in ends.items()}
    for of, names in (("region", geography.regions), ("sector", geography.sectors)):
        for end, rows in ends.items():
            columns[f"{end}_{of}"] = [names[code] for code in getattr(organisations, of)[rows].tolist()]
    for end, rows in ends.items():
        columns[f"{end}_kind"] = _names(Kind, organisations.kind[rows])
    return {
        **columns,
        "trust": ties.trust[kept].tolist(),
        "origin": _names(Origin, ties.origin[kept]),
        "born_month": ties.born_month[kept].tolist(),
    }


def _names(meaning: type[IntEnum], codes: NDArray[np.int8]) -> Column:
    return [meaning(code).name.lower() for code in codes.tolist()]
