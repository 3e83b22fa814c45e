"""Giving a study to a job array: what is prepared before, and what is looked at until the array has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.job_arrays import QueueWishes, StudyJobs
from experiments.output_folder import check_output_folder
from experiments.sweep import Sweep, begun
from regioscope.plan_text import plan_text
from regioscope.terminal import TerminalListener
from simulation.errors import IncompleteError

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = ["ArrayWatcher", "prepared"]


def prepared(
    asked: Sweep, jobs: int, tasks: int | None, wishes: QueueWishes, listener: TerminalListener
) -> StudyJobs | None:
    """Write manifest and design, print the plan, and return the work for a job array; None where nothing is missing.

    Parameters
    ----------
    asked : Sweep
        The whole study.
    jobs : int
        Processes of a task.
    tasks : int, optional
        How many tasks the user wants.
    wishes : QueueWishes
        What the user asks of the queue.
    listener : TerminalListener
        Takes the plan.
    """
    check_output_folder(asked.folder)
    begun(asked)
    plan = asked.plan(jobs, listener)
    listener.says(plan_text(plan))
    if not plan.missing or plan.run_seconds is None or plan.slowest_seconds is None:
        return None
    return StudyJobs(
        study=asked.study.given,
        name=asked.study.name,
        out=asked.folder,
        jobs=jobs,
        processor_seconds=plan.run_seconds * plan.missing,
        run_seconds=plan.slowest_seconds,
        units=asked.units,
        tasks=tasks,
        wishes=wishes,
    )


class ArrayWatcher:
    """Shows how many runs of a study are stored while a job array computes them.

    Parameters
    ----------
    asked : Sweep
        The study.
    listener : TerminalListener
        Shows it.
    """

    def __init__(self, asked: Sweep, listener: TerminalListener) -> None:
        self._asked = asked
        self._listener = listener
        self._of = asked.asked()[1]

    def stored(self, runs: int) -> None:
        """Show the number of runs that are stored by now."""
        self._listener.stored(runs, self._of)

    def says(self, message: str) -> None:
        """Print a line."""
        self._listener.says(message)

    def count(self) -> int:
        """Count the runs that are stored by now."""
        return len(self._asked.stored())

    def see_that_all_is_done(self, again: str) -> None:
        """Check that nothing is missing and nothing failed.

        Raises
        ------
        IncompleteError
            With what to do.
        """
        from experiments.interim import interim_of
        from experiments.progress import progress_of

        results = self._results()
        progress = progress_of(results)
        if progress.failed:
            first = progress.failures[0]
            raise IncompleteError(
                f"{progress.failed:,} runs failed, the others are kept in {self._asked.folder}. "
                f"The first: {first.message} Reproduce it with: {first.command}"
            )
        waiting = interim_of(results, ()).open_points
        if waiting:
            raise IncompleteError(
                f"{waiting:,} design points have not replicates enough: tasks ended before they were done. "
                f"What they printed stands in {self._asked.folder / 'jobs'}. To go on: {again}"
            )
        if progress.missing:
            raise IncompleteError(
                f"{progress.missing:,} of {progress.asked:,} runs are missing: tasks ended before they were done. "
                f"What they printed stands in {self._asked.folder / 'jobs'}. To go on: {again}"
            )

    def _results(self) -> Results:
        from experiments.results import open_results

        return open_results(self._asked.folder)
