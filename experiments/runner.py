"""One specification, one outcome: what a finished run measured, or why it failed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.specification import RunSpecification
from simulation.errors import RegioscopeError, RunError, short_text
from simulation.indicator_definitions import (
    FLOW_INDICATORS,
    INDICATOR_NAMES,
    NETWORK_COLUMNS,
    REGIONAL_INDICATORS,
)

if TYPE_CHECKING:
    from simulation.model import EcosystemModel
    from simulation.world import World

__all__ = [
    "Columns",
    "FailedRun",
    "FinishedRun",
    "Measured",
    "Outcome",
    "Series",
    "Simulate",
    "months_of_regions",
    "perform",
    "simulate",
]

type Series = dict[str, list[float | None]]
type Columns = dict[str, list[Any]]
type Simulate = Callable[[RunSpecification], Measured]

LONGEST_MESSAGE = 500
MONTHS_A_YEAR = 12

REGIONS = ("month", "region", *(each.name for each in REGIONAL_INDICATORS))
FLOWS = ("month", "region", "other_region", *(each.name for each in FLOW_INDICATORS))
NETWORK = ("month", *(each.name for each in NETWORK_COLUMNS))


@dataclass(frozen=True)
class Measured:
    """What was measured in a run.

    Attributes
    ----------
    series : dict of str to list
        Every indicator by month, None where undefined.
    regions : dict of str to list
        Columns ``month``, ``region`` and the regional indicators: a row a region at the end of each year and
        of the run.
    flows : dict of str to list
        Columns ``month``, ``region``, ``other_region`` and the flow indicators: a row a pair of regions in
        the last month.
    network : dict of str to list
        Columns ``month`` and those of a sampled network: a row a tie in the last month. Taken in replicate 0
        alone, empty in the others.
    """

    series: Series
    regions: Columns
    flows: Columns
    network: Columns = field(default_factory=dict)


@dataclass(frozen=True)
class FinishedRun:
    """What a run left, and the seconds it took."""

    measured: Measured
    wall_seconds: float


@dataclass(frozen=True)
class FailedRun:
    """Why a run could not be finished: the class of the error and its message."""

    error: str
    message: str


type Outcome = FinishedRun | FailedRun


def months_of_regions(months: int) -> list[int]:
    """Return the months in which regions are measured: the last of every year, and the last of the run."""
    return sorted({*range(MONTHS_A_YEAR, months + 1, MONTHS_A_YEAR), months})


def simulate(specification: RunSpecification, threads: int = 1) -> Measured:
    """Run the model, on so many threads, and return what was measured."""
    from simulation.model import EcosystemModel

    model = EcosystemModel(specification.scenario, specification.seed, specification.replicate, threads=threads)
    regions: Columns = {name: [] for name in REGIONS}
    for month in months_of_regions(specification.months):
        model.run(month - model.month)
        _append_regions(regions, model)
    flows, network = _relations(model.world, with_network=specification.replicate == 0)
    return Measured(model.series, regions, flows, network)


def _append_regions(regions: Columns, model: EcosystemModel) -> None:
    from simulation.mechanisms.indicators import measure_regions

    codes = model.world.geography.regions
    regions["month"] += [model.month] * len(codes)
    regions["region"] += codes
    for name, values in measure_regions(model.world).items():
        regions[name] += _undefined_as_none(values.tolist())


def _relations(world: World, with_network: bool) -> tuple[Columns, Columns]:
    """Flows between regions, and the network between a sample of organisations where it is wanted."""
    from simulation.relations import measure_flows, sample_network

    flows = _at_month(world, measure_flows(world))
    return flows, _at_month(world, sample_network(world)) if with_network else {}


def _at_month(world: World, columns: Columns) -> Columns:
    rows = len(next(iter(columns.values()), ()))
    return {"month": [world.month] * rows, **columns}


def _undefined_as_none(values: Iterable[Any]) -> list[Any]:
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]


def perform(specification: RunSpecification, simulate: Simulate = simulate) -> Outcome:
    """Run one specification; an error of the run is an outcome too.

    Parameters
    ----------
    specification : RunSpecification
        What is run.
    simulate : callable
        Gives what is measured in a run of a specification.

    Returns
    -------
    FinishedRun or FailedRun
    """
    began = time.perf_counter()
    try:
        measured = simulate(specification)
        _check(measured, specification.months)
    except Exception as error:
        known = isinstance(error, RegioscopeError)
        message = str(error) if known else f"{type(error).__name__}: {error}"
        return FailedRun(type(error).__name__, message[:LONGEST_MESSAGE])
    return FinishedRun(measured, time.perf_counter() - began)


def _check(measured: Measured, months: int) -> None:
    for name in INDICATOR_NAMES:
        values = len(measured.series.get(name, ()))
        if values != months:
            raise RunError(
                f"{short_text(name)}: has {values} values in a run of {months} months. "
                "A stage of the month must measure every indicator"
            )
    _see_that_columns_fit("regions", measured.regions, REGIONS)
    _see_that_columns_fit("flows", measured.flows, FLOWS)
    if measured.network:
        _see_that_columns_fit("network", measured.network, NETWORK)


def _see_that_columns_fit(table: str, columns: Mapping[str, Sized], names: tuple[str, ...]) -> None:
    if set(columns) != set(names) or len({len(values) for values in columns.values()}) != 1:
        raise RunError(
            f"{table}: needs the columns {', '.join(names)} of equal length, and no others. "
            "What measures them must give them all"
        )
