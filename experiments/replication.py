"""Replicates of the arms of a study into one folder: what is stored is kept, what is missing is computed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from experiments.arms import Arm
from experiments.continuing import REMEDY, continued
from experiments.manifest import manifest_of, read_manifest
from experiments.output_folder import check_output_folder, held_by_one_writer, shown
from experiments.parts import part_paths
from experiments.processes import outcomes
from experiments.result_tables import Ended
from experiments.runner import FailedRun, FinishedRun, Simulate, simulate
from experiments.specification import RunSpecification, replications
from experiments.store import Store
from experiments.warm_up import warm_up
from simulation.errors import DataError, IncompleteError
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
    arms : sequence of Arm
        What is run; the first is the one that the others are compared with.
    factors : mapping of str to object
        What was set in every arm, by dotted key.
    seed : int
        Seed of all replicates.
    replicates : sequence of int
        Replicates, counted from 0.
    command : callable
        Gives, for a specification, the command that runs it alone.
    command_name : str
        The command that asks: ``run`` or ``compare``.
    asked_months : int, optional
        Length of the runs, where one was asked for instead of the scenarios'.
    """

    arms: Sequence[Arm]
    factors: Mapping[str, object]
    seed: int
    replicates: Sequence[int]
    command: Callable[[RunSpecification], str]
    command_name: str = "run"
    asked_months: int | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario of the first arm."""
        return self.arms[0].scenario

    def specifications(self) -> list[RunSpecification]:
        """Return one specification for each replicate and arm, replicate by replicate."""
        return replications(self.arms, self.seed, self.replicates, self.factors)


@dataclass
class Tally:
    """What became of a request.

    Attributes
    ----------
    kept, computed : int
        Runs that were stored before, and runs that were computed now. One that two arms share is computed once
        and counted for both.
    failed : list of (RunSpecification, FailedRun)
        Runs that could not be finished.
    """

    kept: int = 0
    computed: int = 0
    failed: list[tuple[RunSpecification, FailedRun]] = field(default_factory=list)

    def see_that_all_finished(self, request: Request, folder: Path) -> None:
        """Check that no run failed.

        Raises
        ------
        IncompleteError
            With the first failure and the command that reproduces it.
        """
        if self.failed:
            specification, failed = self.failed[0]
            total = len(request.replicates) * len(request.arms)
            raise IncompleteError(
                f"{len(self.failed)} of {total} runs failed, the others are kept in {folder}. "
                f"The first: {failed.message} Reproduce it with: {request.command(specification)}"
            )


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
        Gives what is measured in a run of a specification.

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
        missing = _not_stored_under_another_name(store, missing, stored, tally)
        if missing:
            warm_up(listener.compiling)
            _compute(store, missing, tally, listener, jobs, simulate)
        store.merge()
    return tally


def _open(request: Request, folder: Path, fresh: bool) -> Store:
    replicates = max(request.replicates) + 1
    manifest = manifest_of(
        request.command_name, request.arms, request.factors, request.seed, replicates, request.asked_months
    )
    if not fresh:
        before = read_manifest(folder)
        if before is None and part_paths(folder / "runs"):
            raise DataError(f"{shown(folder)}: holds runs without a manifest.json. {REMEDY}")
        if before is not None:
            manifest = continued(before, manifest, folder)
    store = Store(folder, manifest, request.command)
    store.begin(fresh)
    return store


def _say_what_is_kept(listener: Listener, store: Store, kept: int, missing: int) -> None:
    if store.has_rows_of_other_code():
        listener.says("the model's code has changed since some of the runs stored here: they are replaced")
    if kept:
        runs = "run is" if kept == 1 else "runs are"
        rest = f"computing the {missing} missing" if missing else "nothing to compute"
        listener.says(f"{kept} {runs} stored already: {rest}")


def _not_stored_under_another_name(
    store: Store, missing: Sequence[RunSpecification], stored: set[tuple[str, str]], tally: Tally
) -> list[RunSpecification]:
    """Store what another arm has computed under the names that want it too; return what is still missing."""
    holders = {run_id: name for name, run_id in stored}
    shared = [each for each in missing if each.run_id in holders]
    store.repeat(shared, holders)
    tally.kept += len(shared)
    return [each for each in missing if each.run_id not in holders]


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
    under_any_name: dict[str, list[RunSpecification]] = {}
    for each in missing:
        under_any_name.setdefault(each.run_id, []).append(each)
    listener.begins(len(under_any_name))
    running = outcomes([same[0] for same in under_any_name.values()], jobs, simulate)
    try:
        for specification, outcome in running:
            same = under_any_name[specification.run_id]
            waiting += [(each, outcome) for each in same]
            if isinstance(outcome, FinishedRun):
                tally.computed += len(same)
            else:
                tally.failed += [(each, outcome) for each in same]
            listener.ended(specification, isinstance(outcome, FinishedRun))
            if time.monotonic() - written >= SECONDS_BETWEEN_PARTS:
                batch, waiting = waiting, []
                store.write(batch)
                written = time.monotonic()
    finally:
        running.close()
        if waiting:
            store.write(waiting)
