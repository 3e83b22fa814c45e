"""A study into one folder: what is stored is kept, what is missing is computed, by as many processes as take part.

Nobody holds the folder: every process, on this machine or another, writes parts of its own, and the same study may be
computed by several at once. Runs are done replicate by replicate, so that a study that was interrupted is a smaller one
with all its arms and points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from experiments.arms import Arm
from experiments.cases import Case, cases_of, stored_digests, write_design
from experiments.computation import Listener, Tally, compute
from experiments.continuing import REMEDY, continued
from experiments.interruption import Interruption, Stopped, interruptible
from experiments.manifest import Manifest, manifest_of, read_manifest
from experiments.output_folder import check_output_folder, shown
from experiments.parts import part_paths, read_parts
from experiments.plan import Plan, Trial, plan_of, spread
from experiments.processes import outcomes
from experiments.result_tables import Ended
from experiments.runner import Simulate, simulate
from experiments.shards import WHOLE, Shard
from experiments.specification import RunSpecification
from experiments.stopping_rule import has_enough, looks
from experiments.store import Store, stored_runs
from experiments.study import Study, Until
from experiments.warm_up import warm_up
from simulation.errors import DataError

__all__ = ["Sweep", "SweepListener", "sweep"]

MANY_CASES = 10_000
SECONDS_PER_CASE = 0.002

type Command = Callable[[RunSpecification], str]


class SweepListener(Listener, Protocol):
    """Who is told of a plan, besides how far the work is."""

    def planned(self, plan: Plan) -> None:
        """What is about to be computed is known."""


@dataclass(frozen=True)
class Sweep:
    """A study that is to be computed into a folder.

    Attributes
    ----------
    study : Study
        What is asked.
    folder : Path
        Where results are stored.
    command : callable
        Gives, for a specification, the command that runs it alone.
    shard : Shard
        The part of the study that this process computes.
    fresh : bool
        Forget what the folder holds.
    tries : bool
        Whether a few runs are tried first, to say how long all will take.
    """

    study: Study
    folder: Path
    command: Command
    shard: Shard = WHOLE
    fresh: bool = False
    tries: bool = True

    @cached_property
    def before(self) -> Manifest | None:
        """The manifest that the folder has, where it is to be kept.

        Raises
        ------
        DataError
            If the folder holds results without a manifest.
        """
        if self.fresh:
            return None
        before = read_manifest(self.folder)
        if before is None and part_paths(self.folder / "runs"):
            raise DataError(f"{shown(self.folder)}: holds runs without a manifest.json. {REMEDY}")
        return before

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest that the folder will have.

        Raises
        ------
        DataError
            If the folder holds another study.
        """
        arms = {each.scenario.name: Arm(each.scenario.name, each.scenario, each.given) for each in self.study.arms}
        replicates = self.study.replicates
        most = replicates.maximum if isinstance(replicates, Until) else replicates
        record = self.study.as_record()
        now = manifest_of("sweep", list(arms.values()), {}, self.study.seed, most, self.study.months, record)
        now = replace(now, reference=self.study.arms[0].name)
        if self.before is None:
            return now
        made = continued(self.before, now, self.folder)
        same = made.model == self.before.model
        origin = {name: getattr(self.before, name) for name in ("code", "packages", "machine")} if same else {}
        return replace(made, replicates=most, **origin)

    @cached_property
    def cases(self) -> list[Case]:
        """The cases of the study."""
        return cases_of(self.study, self.known_digests)

    @cached_property
    def known_digests(self) -> list[str] | None:
        """Digests of the cases, where this very study stands in the folder."""
        return stored_digests(self.folder, self.study, self.manifest.model)

    @property
    def stops_by_itself(self) -> bool:
        """Whether the number of replicates depends on what comes out."""
        return isinstance(self.study.replicates, Until)

    @property
    def units(self) -> int:
        """How many shards would have something to do."""
        points = len(self.study.points)
        return points if isinstance(self.study.replicates, Until) else points * self.study.replicates

    def stored(self) -> set[tuple[str, str]]:
        """Return (scenario, run_id) of every run that is stored."""
        return stored_runs(self.folder, self.manifest.model) if self.folder.is_dir() and not self.fresh else set()

    def runs(self, replicates: range, points: set[int] | None = None) -> Iterator[tuple[Case, int]]:
        """Yield the runs of this shard, replicate by replicate, each once.

        Parameters
        ----------
        replicates : range
            Which replicates.
        points : set of int, optional
            Design points to go on with; all by default.
        """
        for replicate in replicates:
            for case in self.cases:
                owned = self.shard.owns(case.point, replicate, len(self.study.points), self.stops_by_itself)
                if owned and (points is None or case.point in points):
                    yield self.cases[case.stored_as], replicate

    def missing(
        self, stored: set[tuple[str, str]], replicates: range, points: set[int] | None = None
    ) -> list[tuple[Case, int]]:
        """Return those of these runs that are not stored."""
        found: dict[tuple[int, int], tuple[Case, int]] = {}
        for case, replicate in self.runs(replicates, points):
            if case.run(self.study.seed, replicate).key not in stored:
                found[case.number, replicate] = (case, replicate)
        return list(found.values())

    def specifications(self, runs: Sequence[tuple[Case, int]]) -> Iterator[RunSpecification]:
        """Yield the specifications of runs, made one by one."""
        return (case.run(self.study.seed, replicate) for case, replicate in runs)

    def plan(self, jobs: int | None, listener: Listener, simulate: Simulate = simulate) -> Plan:
        """Return what would be computed and how long that would take, from a quick trial; nothing is written.

        Parameters
        ----------
        jobs : int, optional
            Number of processes; all available cores if left out.
        listener : Listener
            Is told of a compilation.
        simulate : callable
            Gives what is measured in a run.
        """
        self.prepare(listener)
        missing = self.missing(self.stored(), range(looks(self.study.replicates)[0]))
        tried = Trial()
        if missing:
            warm_up(listener.compiling)
            some = self.specifications([missing[place] for place in spread(len(missing), len(self.cases))])
            for ended in outcomes(tried.until_enough(some), 1, simulate, count=len(missing)):
                tried.note(ended)
        return plan_of(self.study, self.shard, self.asked(), len(missing), tried, jobs)

    def prepare(self, listener: Listener) -> None:
        """Work out the cases, and say so where that takes a while."""
        cases = len(self.study.points) * len(self.study.arms)
        if cases >= MANY_CASES and self.known_digests is None:
            listener.says(f"Working out {cases:,} scenarios, some {cases * SECONDS_PER_CASE / 60:.0f} min")
        _ = self.cases

    def asked(self) -> tuple[int, int]:
        """Return how many runs of this shard are asked for: at least, and at most."""
        numbers = looks(self.study.replicates)
        most = len({(case.number, replicate) for case, replicate in self.runs(range(numbers[-1]))})
        return most * numbers[0] // numbers[-1], most


@dataclass
class _Work:
    """A sweep under way."""

    sweep: Sweep
    store: Store
    listener: SweepListener
    interruption: Interruption
    jobs: int | None
    simulate: Simulate
    tally: Tally = field(default_factory=Tally)

    def do(self) -> None:
        """Compute what is missing, look by look."""
        numbers = looks(self.sweep.study.replicates)
        points: set[int] | None = None
        before = 0
        for number in numbers:
            self._compute(range(before, number), points)
            before = number
            rule = self.sweep.study.replicates
            if isinstance(rule, Until):
                points = self._unsettled(rule, number, points)
                if not points:
                    break

    def _compute(self, replicates: range, points: set[int] | None) -> None:
        stored = self.sweep.stored() if not self.sweep.fresh or replicates.start else set()
        missing = self.sweep.missing(stored, replicates, points)
        wanted = len({(case.number, replicate) for case, replicate in self.sweep.runs(replicates, points)})
        self.tally.kept += wanted - len(missing)
        if not replicates.start:
            missing = self._begin(missing)
        if missing:
            self.listener.begins(len(missing))
            self._run(self.sweep.specifications(missing), len(missing), self.jobs)

    def _begin(self, missing: list[tuple[Case, int]]) -> list[tuple[Case, int]]:
        """Try a few runs for the plan; what they give is kept. Return the rest."""
        tried = Trial()
        if missing:
            warm_up(self.listener.compiling)
            if self.sweep.tries and self.sweep.shard == WHOLE:
                places = spread(len(missing), len(self.sweep.cases))
                some = [missing[place] for place in places]
                self._run(tried.until_enough(self.sweep.specifications(some)), len(some), 1, tried.note)
                missing = _without(missing, tried)
        asked, left = self.sweep.asked(), len(missing) + len(tried.tried)
        self.listener.planned(plan_of(self.sweep.study, self.sweep.shard, asked, left, tried, self.jobs))
        return missing

    def _run(
        self,
        specifications: Iterator[RunSpecification],
        count: int,
        jobs: int | None,
        note: Callable[[Ended], None] = lambda ended: None,
    ) -> None:
        compute(
            self.store,
            specifications,
            count,
            self.tally,
            self.listener,
            self.interruption,
            jobs=jobs,
            simulate=self.simulate,
            note=note,
        )

    def _unsettled(self, rule: Until, replicates: int, points: set[int] | None) -> set[int]:
        """Return the design points of this shard that need more replicates."""
        values = self._values(rule.indicator)
        found = set()
        arms = {each.name: place for place, each in enumerate(self.sweep.study.arms)}
        width = len(self.sweep.study.arms)
        for point in range(len(self.sweep.study.points)):
            mine = self.sweep.shard.owns(point, 0, len(self.sweep.study.points), stops_by_itself=True)
            if not mine or (points is not None and point not in points):
                continue
            cases = [self.sweep.cases[self.sweep.cases[point * width + arms[name]].stored_as] for name in rule.between]
            columns = [self._by_replicate(case, replicates, values) for case in cases]
            if not has_enough(rule, replicates, columns):
                found.add(point)
        return found

    def _by_replicate(
        self, case: Case, replicates: int, values: dict[tuple[str, str], float | None]
    ) -> dict[int, float | None]:
        keys = {r: case.run(self.sweep.study.seed, r).key for r in range(replicates)}
        return {r: values[key] for r, key in keys.items() if key in values}

    def _values(self, indicator: str) -> dict[tuple[str, str], float | None]:
        rows = read_parts(self.sweep.folder / "runs", self.sweep.manifest.model, ("scenario", "run_id", indicator))
        rows = pa.table({"scenario": [], "run_id": [], indicator: []}) if rows is None else rows
        columns = (rows[name].to_pylist() for name in ("scenario", "run_id", indicator))
        return {(scenario, run_id): value for scenario, run_id, value in zip(*columns, strict=True)}


def _without(missing: Sequence[tuple[Case, int]], tried: Trial) -> list[tuple[Case, int]]:
    done = {(each.point, each.arm, each.replicate) for each, _ in tried.tried}
    return [(case, r) for case, r in missing if (case.point, case.arm, r) not in done]


def sweep(asked: Sweep, listener: SweepListener, *, jobs: int | None = None, simulate: Simulate = simulate) -> Tally:
    """Compute what is missing of a study and store it.

    Parameters
    ----------
    asked : Sweep
        The study and its folder, which is made if it is missing.
    listener : SweepListener
        Is told how far the work is.
    jobs : int, optional
        Number of processes; see :func:`experiments.processes.outcomes`.
    simulate : callable
        Gives what is measured in a run of a specification.

    Returns
    -------
    Tally

    Raises
    ------
    DataError
        If the folder cannot take these results; nothing is computed then.
    Stopped
        If somebody asks to stop; what was finished is stored.
    """
    check_output_folder(asked.folder)
    tally = Tally()
    with interruptible() as interruption:
        try:
            asked.prepare(listener)
            store = begun(asked)
            if store.has_rows_of_other_code():
                listener.says("the model's code has changed since some of the runs stored here: they are replaced")
            _Work(asked, store, listener, interruption, jobs, simulate, tally).do()
            store.merge()
        except Stopped as stopped:
            stopped.computed = tally.computed
            raise
    return tally


def begun(asked: Sweep) -> Store:
    """Write design and manifest where they are not there yet, and return the store to write into."""
    manifest, cases = asked.manifest, asked.cases
    store = Store(asked.folder, manifest, asked.command, asked.shard.writer)
    if asked.known_digests is None or asked.fresh:
        write_design(asked.folder, cases, asked.study, manifest.model)
    if asked.before is None or asked.before != manifest:
        store.begin(asked.fresh)
    return store
