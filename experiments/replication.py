"""Replicates of one scenario into one folder: what is stored is kept, what is missing is computed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from experiments.manifest import Manifest, manifest_of, read_manifest
from experiments.output_folder import check_output_folder, held_by_one_writer, shown
from experiments.parts import part_paths
from experiments.processes import outcomes
from experiments.result_tables import Ended
from experiments.runner import FailedRun, FinishedRun, Simulate, simulate
from experiments.specification import RunSpecification, replications
from experiments.store import Store
from experiments.warm_up import warm_up
from simulation.errors import DataError
from simulation.scenario import Scenario

__all__ = ["Listener", "Request", "Tally", "replicate"]

SECONDS_BETWEEN_PARTS = 5.0
"""Longest time for which a finished run waits to be written."""


class Listener(Protocol):
    """Who is told how far the work is."""

    def compiling(self, name: str, number: int, steps: int) -> None:
        """A step of the compilation begins."""

    def says(self, message: str) -> None:
        """Something a person should know before the results."""

    def begins(self, runs: int) -> None:
        """Runs are about to be computed."""

    def ended(self, specification: RunSpecification, finished: bool) -> None:
        """A run has ended."""


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes
    ----------
    scenario : Scenario
        With all overrides applied.
    given : str
        Name or path by which it was asked for.
    factors : mapping of str to object
        What was set, by dotted key.
    seed : int
        Seed of all replicates.
    replicates : sequence of int
        Replicates, counted from 0.
    command : callable
        Gives, for a specification, the command that runs it alone.
    """

    scenario: Scenario
    given: str
    factors: Mapping[str, object]
    seed: int
    replicates: Sequence[int]
    command: Callable[[RunSpecification], str]

    def specifications(self) -> list[RunSpecification]:
        """Return one specification for each replicate."""
        return replications(self.scenario, self.seed, self.replicates, self.factors)


@dataclass
class Tally:
    """What became of a request.

    Attributes
    ----------
    kept, computed : int
        Runs that were stored before, and runs that were computed now.
    failed : list of (RunSpecification, FailedRun)
        Runs that could not be finished.
    """

    kept: int = 0
    computed: int = 0
    failed: list[tuple[RunSpecification, FailedRun]] = field(default_factory=list)


def replicate(
    request: Request,
    folder: Path,
    listener: Listener,
    *,
    jobs: int | None = None,
    fresh: bool = False,
    simulate: Simulate = simulate,
) -> Tally:
    """Compute what is missing of a request and store it.

    Parameters
    ----------
    request : Request
        What is asked for.
    folder : Path
        Where results are stored; made if it is missing.
    listener : Listener
        Is told how far the work is.
    jobs : int, optional
        Number of processes; see :func:`experiments.processes.outcomes`.
    fresh : bool
        Forget what the folder holds and compute everything.
    simulate : callable
        Gives the series of a specification.

    Raises
    ------
    DataError
        If the folder cannot take these results; nothing is computed then.
    KeyboardInterrupt
        If the user stops; what was finished is stored.
    """
    check_output_folder(folder)
    with held_by_one_writer(folder):
        store = _open(request, folder, fresh)
        specifications = request.specifications()
        stored = store.stored()
        missing = [each for each in specifications if each.key not in stored]
        tally = Tally(kept=len(specifications) - len(missing))
        _say_what_is_kept(listener, store, tally.kept, len(missing))
        if missing:
            warm_up(listener.compiling)
            listener.begins(len(missing))
            _compute(store, missing, tally, listener, jobs, simulate)
        store.merge()
    return tally


def _open(request: Request, folder: Path, fresh: bool) -> Store:
    manifest = manifest_of(
        "run", request.scenario, request.given, request.factors, request.seed, max(request.replicates) + 1
    )
    if not fresh:
        before = read_manifest(folder)
        if before is None and part_paths(folder / "runs"):
            raise DataError(f"{shown(folder)}: holds runs without a manifest.json. {_remedy()}")
        if before is not None:
            _see_that_it_is_the_same(before, manifest, folder)
            created, asked = before.created, max(before.replicates, manifest.replicates)
            manifest = replace(manifest, replicates=asked, created=created)
    store = Store(folder, manifest, request.command)
    store.begin(fresh)
    return store


def _see_that_it_is_the_same(before: Manifest, now: Manifest, folder: Path) -> None:
    differences = []
    if before.command != now.command:
        differences.append(f"results of {before.command}, not of {now.command}")
    (name, asked), held = next(iter(now.scenarios.items())), ", ".join(before.scenarios)
    if list(before.scenarios) != [name]:
        differences.append(f"scenario {held}, not {name}")
    for what in ("seed", "months", "overrides"):
        first, second = getattr(before, what), getattr(now, what)
        if first != second:
            differences.append(f"{what} {_plain(first)}, not {_plain(second)}")
    if not differences and before.scenarios[name].get("digest") != asked["digest"]:
        differences.append(f"{name} with other values than it has now")
    if differences:
        raise DataError(f"{shown(folder)}: holds {'; '.join(differences)}. Nothing was computed. {_remedy()}")


def _remedy() -> str:
    return "Name another folder with --out, or replace what it holds with --fresh"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}={each}" for key, each in value.items())[:200] or "none"
    return str(value)


def _say_what_is_kept(listener: Listener, store: Store, kept: int, missing: int) -> None:
    if store.has_rows_of_other_code():
        listener.says("the model's code has changed since some of the runs stored here: they are replaced")
    if kept:
        runs = "run is" if kept == 1 else "runs are"
        rest = f"computing the {missing} missing" if missing else "nothing to compute"
        listener.says(f"{kept} {runs} stored already: {rest}")


def _compute(
    store: Store,
    missing: Sequence[RunSpecification],
    tally: Tally,
    listener: Listener,
    jobs: int | None,
    simulate: Simulate,
) -> None:
    waiting: list[Ended] = []
    written = time.monotonic()
    running = outcomes(missing, jobs, simulate)
    try:
        for specification, outcome in running:
            waiting.append((specification, outcome))
            if isinstance(outcome, FinishedRun):
                tally.computed += 1
            else:
                tally.failed.append((specification, outcome))
            listener.ended(specification, isinstance(outcome, FinishedRun))
            if time.monotonic() - written >= SECONDS_BETWEEN_PARTS:
                batch, waiting = waiting, []
                store.write(batch)
                written = time.monotonic()
    finally:
        running.close()
        if waiting:
            store.write(waiting)
