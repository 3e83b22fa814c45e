"""Replicates of the arms of a study into one folder: what is stored is kept, what is missing is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.arms import Arm
from experiments.computation import Listener, Tally, compute
from experiments.continuing import REMEDY, continued
from experiments.interruption import Interruption, interruptible
from experiments.manifest import manifest_of, read_manifest
from experiments.output_folder import check_output_folder, held_by_one_writer, shown
from experiments.parts import part_paths
from experiments.runner import Simulate, simulate
from experiments.specification import RunSpecification, replications
from experiments.store import Store
from experiments.warm_up import warm_up
from simulation.errors import DataError
from simulation.scenario import Scenario

__all__ = ["Request", "replicate"]


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
    with held_by_one_writer(folder), interruptible() as interruption:
        store = _open(request, folder, fresh)
        specifications = request.specifications()
        stored = store.stored()
        missing = [each for each in specifications if each.key not in stored]
        tally = Tally(kept=len(specifications) - len(missing))
        _say_what_is_kept(listener, store, tally.kept, len(missing))
        missing = _not_stored_under_another_name(store, missing, stored, tally)
        if missing:
            _compute(store, missing, tally, listener, interruption, jobs, simulate)
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
    interruption: Interruption,
    jobs: int | None,
    simulate: Simulate,
) -> None:
    """Compute every run once, and store it under each name that wants it."""
    once = {each.run_id: each for each in reversed(missing)}
    first = [each for each in missing if once[each.run_id] is each]
    others = [each for each in missing if once[each.run_id] is not each]
    warm_up(listener.compiling)
    listener.begins(len(first))
    compute(store, first, len(first), tally, listener, interruption, jobs=jobs, simulate=simulate)
    failed = {each.run_id: outcome for each, outcome in tally.failed}
    finished = [each for each in others if each.run_id not in failed]
    store.repeat(finished, {run_id: each.scenario_name for run_id, each in once.items()})
    store.write([(each, failed[each.run_id]) for each in others if each.run_id in failed])
    tally.computed += len(finished)
    tally.failed += [(each, failed[each.run_id]) for each in others if each.run_id in failed]
