"""Computing runs and storing them as they end: what was finished is on the disk within a minute, whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from experiments.interruption import Interruption, Stopped
from experiments.processes import outcomes
from experiments.result_tables import Ended
from experiments.runner import FailedRun, FinishedRun, Simulate
from experiments.specification import RunSpecification
from experiments.store import Store
from simulation.errors import IncompleteError

__all__ = ["Listener", "Tally", "compute"]

FIRST_PART_SECONDS = 5.0
LAST_PART_SECONDS = 60.0
"""Longest times for which a finished run waits to be written, at first and in the long run: parts stay few."""

SLOWER = 1.5


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


@dataclass
class Tally:
    """What became of what was asked for.

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

    def take(self, ended: Sequence[Ended]) -> None:
        """Count runs that were computed."""
        for specification, outcome in ended:
            if isinstance(outcome, FailedRun):
                self.failed.append((specification, outcome))
            else:
                self.computed += 1

    def see_that_all_finished(self, command: Callable[[RunSpecification], str], folder: Path) -> None:
        """Check that no run failed.

        Raises
        ------
        IncompleteError
            With the first failure and the command that reproduces it.
        """
        if self.failed:
            specification, failed = self.failed[0]
            total = self.kept + self.computed + len(self.failed)
            raise IncompleteError(
                f"{len(self.failed)} of {total} runs failed, the others are kept in {folder}. "
                f"The first: {failed.message} Reproduce it with: {command(specification)}"
            )


class _Waiting:
    """Finished runs that are not written yet."""

    def __init__(self, store: Store, interruption: Interruption) -> None:
        self._store = store
        self._interruption = interruption
        self._ended: list[Ended] = []
        self._written = time.monotonic()
        self._patience = FIRST_PART_SECONDS

    def add(self, ended: Sequence[Ended]) -> None:
        self._ended += ended
        self.write_if_due()

    def write_if_due(self) -> None:
        """Write where enough time has passed, or where somebody asks to stop and may kill soon after."""
        if self._interruption.asked or time.monotonic() - self._written >= self._patience:
            self._patience = min(self._patience * SLOWER, LAST_PART_SECONDS)
            self.write()

    def write(self) -> None:
        if self._ended:
            batch = list(self._ended)
            self._store.write(batch)
            del self._ended[: len(batch)]
        self._written = time.monotonic()


def compute(
    store: Store,
    specifications: Iterable[RunSpecification],
    count: int,
    tally: Tally,
    listener: Listener,
    interruption: Interruption,
    *,
    jobs: int | None,
    simulate: Simulate,
    note: Callable[[Ended], None] = lambda ended: None,
) -> None:
    """Run specifications, each once, and store what became of them.

    Parameters
    ----------
    store : Store
        Where they are kept.
    specifications : iterable of RunSpecification
        What is missing, no run twice.
    count : int
        How many they are.
    tally : Tally
        What ended is counted here.
    listener : Listener
        Is told of every run that ended.
    interruption : Interruption
        Notes a request to stop.
    jobs : int, optional
        Number of processes; see :func:`experiments.processes.outcomes`.
    simulate : callable
        Gives what is measured in a run of a specification.
    note : callable
        Is given every run that ended, with what it left.

    Raises
    ------
    Stopped
        If somebody asks to stop; what was finished is stored.
    """
    waiting = _Waiting(store, interruption)
    pulse = waiting.write_if_due
    with interruption.letting_runs_end():
        running = outcomes(specifications, jobs, simulate, count=count, interruption=interruption, pulse=pulse)
        try:
            for specification, outcome in running:
                tally.take([(specification, outcome)])
                note((specification, outcome))
                listener.ended(specification, isinstance(outcome, FinishedRun))
                waiting.add([(specification, outcome)])
        finally:
            running.close()
            waiting.write()
    if interruption.asked:
        _say_what_was_dropped(listener, interruption)
        raise Stopped(interruption.asked)


def _say_what_was_dropped(listener: Listener, interruption: Interruption) -> None:
    if interruption.dropped:
        runs = "run" if interruption.dropped == 1 else "runs"
        listener.says(
            f"{interruption.asked}: {interruption.dropped} {runs} took longer than the {interruption.grace:.0f} "
            "seconds that were left, and will be computed again"
        )
