"""Running specifications in this process or in several single-threaded ones, with the same bits.

A worker that dies takes nothing with it: what it was given is run again, alone, and only a run that ends its
worker then counts as failed.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import cast

from experiments.runner import FailedRun, Outcome, Simulate, perform, simulate
from experiments.specification import RunSpecification
from experiments.worker import become_worker
from simulation.scenario import Scenario

__all__ = ["available_cores", "outcomes"]

WORTH_WORKERS_SECONDS = 4.0
"""Work below which starting workers takes longer than it saves."""

WAITING_FOR_EACH = 2
"""Runs handed out for each worker: one that runs and one that waits."""

MOST_ARMS = 64
"""Scenarios kept packed, and unpacked in each worker: the arms of a study take turns."""

type Numbered = tuple[RunSpecification, Outcome]


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def outcomes(
    specifications: Sequence[RunSpecification], jobs: int | None = None, simulate: Simulate = simulate
) -> Generator[Numbered]:
    """Run specifications and yield each with its outcome, in the order in which they end.

    Parameters
    ----------
    specifications : sequence of RunSpecification
        What is run.
    jobs : int, optional
        Number of processes; 1 runs everything in this one. Without it all available cores are used,
        unless the first run shows that the rest is done sooner here.
    simulate : callable
        Gives what is measured in a run; must be importable by name where there are several processes.
    """
    rest = deque(specifications)
    if jobs is None:
        jobs = available_cores()
        began = time.perf_counter()
        while rest and (jobs == 1 or _is_little_work(time.perf_counter() - began, len(specifications), len(rest))):
            yield rest[0], perform(rest.popleft(), simulate)
    if jobs == 1 or len(rest) <= 1:
        yield from ((each, perform(each, simulate)) for each in rest)
        return
    yield from _in_workers(rest, jobs, simulate)


def _is_little_work(seconds: float, runs: int, left: int) -> bool:
    done = runs - left
    return done == 0 or left * seconds / done < WORTH_WORKERS_SECONDS


def _in_workers(rest: deque[RunSpecification], jobs: int, simulate: Simulate) -> Iterator[Numbered]:
    suspects: list[RunSpecification] = []
    while rest:
        yield from _until_a_worker_dies(rest, jobs, simulate, suspects)
    for suspect in suspects:
        alone, blamed = deque([suspect]), list[RunSpecification]()
        yield from _until_a_worker_dies(alone, 1, simulate, blamed)
        if blamed:
            message = "the process ended before the run did: it was killed, or memory ran out"
            yield suspect, FailedRun("WorkerEnded", message)


def _until_a_worker_dies(
    rest: deque[RunSpecification], jobs: int, simulate: Simulate, suspects: list[RunSpecification]
) -> Iterator[Numbered]:
    """Run until nothing is left or a worker has died; what was handed out then is suspect."""
    workers = min(jobs, len(rest))
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=become_worker, initargs=(os.getpid(),)
    )
    running: dict[Future[Outcome], RunSpecification] = {}
    try:
        while rest or running:
            broken = not _hand_out(pool, rest, running, workers * WAITING_FOR_EACH, simulate)
            ended, interrupted = _wait(running)
            for future in ended:
                specification = running.pop(future)
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    suspects.append(specification)
                    broken = True
                else:
                    yield specification, outcome
            if interrupted:
                raise KeyboardInterrupt
            if broken:
                suspects.extend(running.values())
                return
    finally:
        _end(pool, abruptly=bool(running))


def _hand_out(
    pool: ProcessPoolExecutor,
    rest: deque[RunSpecification],
    running: dict[Future[Outcome], RunSpecification],
    most: int,
    simulate: Simulate,
) -> bool:
    """Keep the workers busy; return whether they still take work."""
    while rest and len(running) < most:
        try:
            with _interrupts_held_back(), _script_kept_out():
                future = pool.submit(perform_packed, *_packed(rest[0]), simulate)
        except BrokenProcessPool:
            return False
        running[future] = rest.popleft()
    return True


def _packed(specification: RunSpecification) -> tuple[bytes, RunSpecification]:
    """Return the scenario as bytes, made once for all its replicates, and the specification without it."""
    return _scenario_bytes(_ByIdentity(specification.scenario)), replace(specification, scenario=cast("Scenario", None))


def perform_packed(scenario: bytes, specification: RunSpecification, simulate: Simulate) -> Outcome:
    """Run a specification that was sent to this worker; a scenario is unpacked once."""
    return perform(replace(specification, scenario=_scenario(scenario)), simulate)


class _ByIdentity:
    """A scenario that equals itself alone: comparing the values of two takes longer than packing one."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.scenario is other.scenario


@lru_cache(maxsize=MOST_ARMS)
def _scenario_bytes(held: _ByIdentity) -> bytes:
    return pickle.dumps(held.scenario)


@lru_cache(maxsize=MOST_ARMS)
def _scenario(packed: bytes) -> Scenario:
    scenario: Scenario = pickle.loads(packed)
    return scenario


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let processes that start meanwhile begin deaf to Ctrl-C, which is for this process alone."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _script_kept_out() -> Iterator[None]:
    """Let processes that start meanwhile not run the user's script again.

    A process that is spawned imports the main module, which it finds by these two names. Ours need nothing of it,
    and a script that asks for runs outside ``if __name__ == "__main__"`` would ask again in each of them.
    """
    main = sys.modules["__main__"]
    names = ("__file__", "__spec__")
    kept = {name: vars(main)[name] for name in names if name in vars(main)}
    try:
        vars(main).pop("__file__", None)
        vars(main)["__spec__"] = None
        yield
    finally:
        vars(main).pop("__spec__", None)
        vars(main).update(kept)


def _wait(running: Iterable[Future[Outcome]]) -> tuple[list[Future[Outcome]], bool]:
    """Wait until a run has ended; return those that have, and whether the user wants to stop."""
    futures = list(running)
    try:
        wait(futures, return_when=FIRST_COMPLETED)
    except KeyboardInterrupt:
        return [future for future in futures if future.done()], True
    return [future for future in futures if future.done()], False


def _end(pool: ProcessPoolExecutor, abruptly: bool) -> None:
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=not abruptly, cancel_futures=True)
    if abruptly:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(timeout=5)
