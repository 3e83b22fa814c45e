"""One specification, one outcome: the series of a finished run, or why it failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from experiments.specification import RunSpecification
from simulation.errors import RegioscopeError, RunError, short_text
from simulation.indicator_definitions import INDICATOR_NAMES

__all__ = ["FailedRun", "FinishedRun", "Outcome", "Series", "Simulate", "perform", "simulate"]

type Series = dict[str, list[float | None]]
type Simulate = Callable[[RunSpecification], Series]

LONGEST_MESSAGE = 500


@dataclass(frozen=True)
class FinishedRun:
    """What a run left: every indicator by month, None where undefined, and the seconds it took."""

    series: Series
    wall_seconds: float


@dataclass(frozen=True)
class FailedRun:
    """Why a run could not be finished: the class of the error and its message."""

    error: str
    message: str


type Outcome = FinishedRun | FailedRun


def simulate(specification: RunSpecification) -> Series:
    """Run the model and return its series."""
    from simulation.model import EcosystemModel

    model = EcosystemModel(specification.scenario, specification.seed, specification.replicate)
    model.run()
    return model.series


def perform(specification: RunSpecification, simulate: Simulate = simulate) -> Outcome:
    """Run one specification; an error of the run is an outcome too.

    Parameters
    ----------
    specification : RunSpecification
        What is run.
    simulate : callable
        Gives the series of a specification.

    Returns
    -------
    FinishedRun or FailedRun
    """
    began = time.perf_counter()
    try:
        series = simulate(specification)
        _check(series, specification.months)
    except Exception as error:
        known = isinstance(error, RegioscopeError)
        message = str(error) if known else f"{type(error).__name__}: {error}"
        return FailedRun(type(error).__name__, message[:LONGEST_MESSAGE])
    return FinishedRun(series, time.perf_counter() - began)


def _check(series: Series, months: int) -> None:
    for name in INDICATOR_NAMES:
        measured = len(series.get(name, ()))
        if measured != months:
            raise RunError(
                f"{short_text(name)}: has {measured} values in a run of {months} months. "
                "A stage of the month must measure every indicator"
            )
