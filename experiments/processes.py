"""Running specifications in this process or in several single-threaded ones, with the same bits.

A worker that dies takes nothing with it: what it was given is run again, alone, and only a run that ends its
worker then counts as failed.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from ctypes import c_bool
from dataclasses import replace
from functools import lru_cache
from itertools import chain, count
from typing import Any, cast

from experiments.interruption import Interruption, Overdue
from experiments.runner import FailedRun, Outcome, Simulate, perform, simulate
from experiments.specification import RunSpecification
from experiments.worker import become_worker, is_to_stop
from simulation.errors import RunError
from simulation.scenario import Scenario

__all__ = ["available_cores", "outcomes", "script_kept_out", "signals_held_back"]

WORTH_WORKERS_SECONDS = 4.0
"""Work below which starting workers takes longer than it saves."""

WAITING_FOR_EACH = 2
"""Runs handed out for each worker: one that runs and one that waits."""

RUNS_BETWEEN_COLLECTIONS = 100
"""Runs after which a worker frees what they left: models refer to themselves, and the collector comes late alone."""

MOST_SCENARIOS = 64
"""Scenarios kept packed, and unpacked in each worker: the arms of a study take turns."""

MOST_IN_VAIN = 3
"""Pools of workers in succession that may end without a single finished run."""

PULSE_SECONDS = 0.5
"""How often, while runs go on, signals are looked for and finished runs may be written."""

type Numbered = tuple[RunSpecification, Outcome]


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def outcomes(
    specifications: Iterable[RunSpecification],
    jobs: int | None = None,
    simulate: Simulate = simulate,
    *,
    count: int | None = None,
    interruption: Interruption | None = None,
    pulse: Callable[[], None] = lambda: None,
) -> Generator[Numbered]:
    """Run specifications and yield each with its outcome, in the order in which they end.

    Parameters
    ----------
    specifications : iterable of RunSpecification
        What is run; read as runs are handed out, so that a large study need not stand in memory.
    jobs : int, optional
        Number of processes; 1 runs everything in this one. Without it all available cores are used,
        unless the first run shows that the rest is done sooner here.
    simulate : callable
        Gives what is measured in a run; must be importable by name where there are several processes.
    count : int, optional
        How many specifications there are, where they have no length.
    interruption : Interruption, optional
        Where a request to stop is noted: no further run begins then, and runs that have begun end within its grace
        or are dropped.
    pulse : callable
        Called about twice a second while runs go on in other processes.
    """
    interruption = interruption or Interruption()
    left = len(cast("Sequence[object]", specifications)) if count is None else count
    rest = iter(specifications)
    if jobs is None:
        jobs, began, done = available_cores(), time.perf_counter(), 0
        while left and (jobs == 1 or _is_little_work(time.perf_counter() - began, done, left)):
            yield from _here(rest, simulate, interruption, most=1)
            done, left = done + 1, left - 1
            if interruption.asked:
                return
    if jobs == 1 or left <= 1:
        yield from _here(rest, simulate, interruption, most=left)
    else:
        yield from _in_workers(rest, min(jobs, left), simulate, interruption, pulse)


def _is_little_work(seconds: float, done: int, left: int) -> bool:
    return done == 0 or left * seconds / done < WORTH_WORKERS_SECONDS


def _here(
    rest: Iterator[RunSpecification], simulate: Simulate, interruption: Interruption, most: int
) -> Iterator[Numbered]:
    for _ in range(most):
        specification = None if interruption.asked else next(rest, None)
        if specification is None:
            return
        try:
            with interruption.run_in_this_process():
                outcome = perform(specification, simulate)
        except Overdue:
            interruption.dropped += 1
            return
        yield specification, outcome


def _in_workers(
    rest: Iterator[RunSpecification],
    jobs: int,
    simulate: Simulate,
    interruption: Interruption,
    pulse: Callable[[], None],
) -> Iterator[Numbered]:
    suspects: list[RunSpecification] = []
    following, in_vain = next(rest, None), 0
    while following is not None and not interruption.asked:
        rest = chain([following], rest)
        in_vain += 1
        for ended in _Pool(jobs, simulate, interruption, pulse).outcomes(rest, suspects):
            in_vain = 0
            yield ended
        if in_vain == MOST_IN_VAIN:
            raise RunError(
                f"{MOST_IN_VAIN} times in succession every worker process ended before it had finished a run: they "
                "are killed, or memory runs out. Give more memory, or fewer processes with --jobs"
            )
        following = next(rest, None)
    for suspect in suspects:
        blamed: list[RunSpecification] = []
        if not interruption.asked:
            yield from _Pool(1, simulate, interruption, pulse).outcomes(iter([suspect]), blamed)
        if blamed:
            message = "the process ended before the run did: it was killed, or memory ran out"
            yield suspect, FailedRun("WorkerEnded", message)


class _Pool:
    """Worker processes that take runs until nothing is left, one of them has died, or somebody asks to stop."""

    def __init__(self, workers: int, simulate: Simulate, interruption: Interruption, pulse: Callable[[], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.RawValue(c_bool, False)
        arguments = (os.getpid(), self._stop)
        self._pool = ProcessPoolExecutor(workers, context, initializer=become_worker, initargs=arguments)
        self._most = workers * WAITING_FOR_EACH
        self._simulate = simulate
        self._interruption = interruption
        self._pulse = pulse
        self._running: dict[Future[Outcome | None], RunSpecification] = {}
        self._broken = False

    def outcomes(self, rest: Iterator[RunSpecification], suspects: list[RunSpecification]) -> Iterator[Numbered]:
        """Yield runs as they end; what a pool had when one of its workers died is added to `suspects`."""
        try:
            self._hand_out(rest)
            while self._running:
                yield from self._ended(suspects)
                if self._broken:
                    suspects.extend(self._running.values())
                    return
                if self._interruption.overdue:
                    self._interruption.dropped += len(self._running)
                    return
                self._hand_out(rest)
        finally:
            self._end(abruptly=self._broken or bool(self._running))

    def _hand_out(self, rest: Iterator[RunSpecification]) -> None:
        """Keep the workers busy, unless nothing more is to begin."""
        if self._interruption.asked:
            self._stop.value = True
            return
        while len(self._running) < self._most:
            specification = next(rest, None)
            if specification is None:
                return
            try:
                with signals_held_back(), script_kept_out():
                    future = self._pool.submit(perform_packed, *_packed(specification), self._simulate)
            except BrokenProcessPool:
                self._broken = True
                future = Future()
            self._running[future] = specification
            if self._broken:
                return

    def _ended(self, suspects: list[RunSpecification]) -> Iterator[Numbered]:
        done, _ = wait(self._running, PULSE_SECONDS, FIRST_COMPLETED)
        self._pulse()
        for future in done:
            specification = self._running.pop(future)
            try:
                outcome = future.result()
            except BrokenProcessPool:
                suspects.append(specification)
                self._broken = True
                continue
            if outcome is not None:
                yield specification, outcome

    def _end(self, abruptly: bool) -> None:
        """End the workers, in the midst of a run if need be: deaf to the pool's own request to end, they are killed."""
        if abruptly:
            for process in (self._pool._processes or {}).values():
                process.kill()
        self._pool.shutdown(cancel_futures=True)


def _packed(specification: RunSpecification) -> tuple[bytes, RunSpecification]:
    """Return what the scenario is made of as bytes, made once for all runs, and the specification without it."""
    return _scenario_bytes(_ByIdentity(specification.origin)), replace(specification, origin=cast("Scenario", None))


_begun = count(1)


def perform_packed(scenario: bytes, specification: RunSpecification, simulate: Simulate) -> Outcome | None:
    """Run a specification that was sent to this worker; None where no further run is to begin."""
    if is_to_stop():
        return None
    if next(_begun) % RUNS_BETWEEN_COLLECTIONS == 0:
        gc.collect()
    return perform(replace(specification, origin=_scenario(scenario)), simulate)


class _ByIdentity:
    """A scenario that equals itself alone: comparing the values of two takes longer than packing one."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.scenario is other.scenario


@lru_cache(maxsize=MOST_SCENARIOS)
def _scenario_bytes(held: _ByIdentity) -> bytes:
    return pickle.dumps(held.scenario)


@lru_cache(maxsize=MOST_SCENARIOS)
def _scenario(packed: bytes) -> Scenario:
    scenario: Scenario = pickle.loads(packed)
    return scenario


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Let processes that start meanwhile begin deaf to signals that ask to stop: they are for this process alone."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    stopping = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def script_kept_out() -> Iterator[None]:
    """Let processes that start meanwhile not run the user's script again.

    A process that is spawned imports the main module, which it finds by these two names. Ours need nothing of it,
    and a script that asks for runs outside ``if __name__ == "__main__"`` would ask again in each of them.
    """
    main = sys.modules["__main__"]
    names = ("__file__", "__spec__")
    kept: dict[str, Any] = {name: vars(main)[name] for name in names if name in vars(main)}
    try:
        vars(main).pop("__file__", None)
        vars(main)["__spec__"] = None
        yield
    finally:
        vars(main).pop("__spec__", None)
        vars(main).update(kept)
