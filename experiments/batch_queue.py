"""A study in Slurm: one job array is submitted, looked after, and goes on where a task was stopped.

Asked are ``sbatch``, ``squeue`` and ``scontrol`` alone. Whether the work is done is read from what is stored, never
from what the queue says of a job, so that no accounting is needed and nothing depends on how long it remembers.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from experiments.job_arrays import JobArray, StudyJobs, sized
from experiments.job_scripts import job_script
from experiments.output_folder import JOBS, cannot_write, shown
from experiments.slurm_commands import (
    QueueError,
    asked,
    field,
    longest_array,
    minutes_of_limit,
    partition,
    tasks_in_queue,
)
from simulation.errors import DataError, UsageError, short_text

__all__ = ["SUBMITTED", "SubmittedJobs", "Watcher", "queued_jobs", "requeue_this_task", "submit", "watch"]

SUBMITTED = "submitted.json"
SCRIPT = "array.sh"

TOO_MANY = (
    "maxsubmitjob",
    "violates accounting/qos policy",
    "invalid job array specification",
    "temporarily unable to accept job",
    "maxjobcount",
)
"""What ``sbatch`` says when fewer tasks might be taken: limits of a user, an account or an array, or a full queue."""

ORDINARY_REASONS = frozenset(
    {"None", "Priority", "Resources", "BeginTime", "JobArrayTaskLimit", "Dependency", "Cleaning"}
)
POLL_SECONDS = 5.0
SILENCE_SECONDS = 1800.0
END_SECONDS = 30.0


@dataclass(frozen=True)
class SubmittedJobs:
    """A job array that was submitted.

    Attributes
    ----------
    job : str
        Its number in the queue.
    tasks : int
        How many tasks it has.
    minutes : int
        Time limit of a task.
    script : str
        The script that was submitted.
    command : str
        The command that goes on with the study, to be typed again.
    submitted : str
        When, in universal time.
    notes : tuple of str
        Sentences on what was done otherwise than asked.
    """

    job: str
    tasks: int
    minutes: int
    script: str
    command: str
    submitted: str
    notes: tuple[str, ...] = ()


class Watcher(Protocol):
    """Shows how far a job array is."""

    def stored(self, runs: int) -> None:
        """Take the number of runs that are stored by now."""

    def says(self, message: str) -> None:
        """Take a line for the user."""


def submit(work: StudyJobs, command: str) -> SubmittedJobs:
    """Submit the job array that computes a study.

    Parameters
    ----------
    work : StudyJobs
        What is to be computed; its folder of results exists.
    command : str
        The command that goes on with the study, noted beside the script.

    Returns
    -------
    SubmittedJobs

    Raises
    ------
    DataError
        If an array for this folder is still in the queue, or the folder cannot be written to.
    UsageError
        If there is no Slurm here, or it refuses what is asked, with its own words.
    """
    before = queued_jobs(work.out)
    if before is not None:
        raise DataError(
            f"{shown(work.out)}: job array {before.job} of {before.submitted} is still in the queue for it. Watch it "
            f"with --wait, which submits nothing, or end it with: scancel {before.job}"
        )
    try:
        array = sized(work, longest_array(), _most_minutes(work))
        job, taken = _submitted(array)
    except QueueError as error:
        raise UsageError(f"Slurm refused the job array: {error}. {_remedy(str(error))}") from None
    notes = _notes(array, taken)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    jobs = SubmittedJobs(job, taken.tasks, taken.minutes, str(_script(taken)), command, now, notes)
    _write(taken.outputs / SUBMITTED, json.dumps(asdict(jobs), indent=2) + "\n")
    return jobs


def queued_jobs(out: Path) -> SubmittedJobs | None:
    """Return the job array that was submitted last for a folder of results, if it is still in the queue.

    Parameters
    ----------
    out : pathlib.Path
        Folder of results.

    Raises
    ------
    DataError
        If the queue cannot be asked.
    """
    try:
        noted = json.loads((out / JOBS / SUBMITTED).read_text(encoding="utf-8"))
        jobs = SubmittedJobs(**{**noted, "notes": tuple(noted["notes"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    try:
        return jobs if tasks_in_queue(jobs.job) else None
    except QueueError as error:
        raise DataError(
            f"{shown(out)}: job array {jobs.job} was submitted for it, and the queue cannot be asked of it: {error}. "
            f"Try again when squeue answers, or go on without the queue: {jobs.command}"
        ) from None


def watch(jobs: SubmittedJobs, watcher: Watcher, count_stored: Callable[[], int], poll: float = POLL_SECONDS) -> None:
    """Wait until a job array has left the queue; an interruption ends the waiting alone.

    Parameters
    ----------
    jobs : SubmittedJobs
        What was submitted.
    watcher : Watcher
        Is told how many runs are stored, and what keeps tasks from starting.
    count_stored : callable
        Counts the runs that are stored by now.
    poll : float
        Seconds between two questions.

    Raises
    ------
    DataError
        If the queue has not answered for half an hour.
    """
    array = _WatchedArray(jobs.job, watcher)
    while array.is_in_queue():
        watcher.stored(count_stored())
        time.sleep(poll)
    watcher.stored(count_stored())


class _WatchedArray:
    """A job array that is asked after again and again, and what was said of it."""

    def __init__(self, job: str, watcher: Watcher) -> None:
        self._job = job
        self._watcher = watcher
        self._answered = time.monotonic()
        self._said: set[str] = set()

    def is_in_queue(self) -> bool:
        """Whether a task waits, runs or ends; so it is as long as the queue does not say otherwise."""
        try:
            tasks = tasks_in_queue(self._job)
        except QueueError as error:
            if time.monotonic() - self._answered > SILENCE_SECONDS:
                raise DataError(
                    f"job array {self._job}: the queue has not answered for half an hour: {error}. The tasks go on "
                    "without this command; watch them again with --wait"
                ) from None
            self._say_once(f"The queue does not answer; waiting for it: {error}")
            return True
        self._answered = time.monotonic()
        for reason in sorted({why for state, why in tasks if state == "PENDING"} - ORDINARY_REASONS):
            self._say_once(
                f"Tasks of job array {self._job} wait for another reason than others being first: "
                f"{short_text(reason)}. See: scontrol show job {self._job}"
            )
        return bool(tasks)

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            self._watcher.says(sentence)


def requeue_this_task(finished_any: bool = True) -> str:
    """Put the running task of a job array back into the queue, where it waits to be started again.

    To be called when everything is written: Slurm then ends this process at once. Of a task that the user or the
    queue has ended already nothing is asked, so that what was cancelled stays cancelled. A task that the queue is about
    to preempt asks too: one that ends by itself within the time it is given would count as failed and never return.

    Parameters
    ----------
    finished_any : bool
        Whether a run was finished since the task was started. Where none was, a task at its time limit is not put
        back: it would come back for ever.

    Returns
    -------
    str
        A sentence on why this task was not put back. Empty outside a job array of Slurm.
    """
    array, number = os.environ.get("SLURM_ARRAY_JOB_ID"), os.environ.get("SLURM_ARRAY_TASK_ID")
    if not array or not number:
        return ""
    task = f"{array}_{number}"
    try:
        record = asked("scontrol", "show", "job", "--oneliner", task)
        state = field(record, "JobState")
        if state != "RUNNING":
            return f"Task {task} is not put back into the queue: it is {state.lower() or 'unknown'} there"
        if not finished_any and field(record, "PreemptTime") in ("", "None"):
            return f"Task {task} is not put back into the queue: its time was too short for a single run. Raise --time"
        asked("scontrol", "requeue", task)
    except (QueueError, UsageError) as error:
        return f"The queue did not take task {task} back: {error}"
    time.sleep(END_SECONDS)
    return f"The queue took task {task} back but did not end it"


def _submitted(array: JobArray) -> tuple[str, JobArray]:
    """Submit an array, or one of half the tasks as often as the queue finds it too large."""
    while True:
        _write(_script(array), job_script(array, "slurm"))
        try:
            answer = asked("sbatch", "--parsable", str(_script(array)))
            return answer.strip().partition(";")[0], array
        except QueueError as error:
            refused = str(error).lower()
            if array.tasks == 1 or not any(words in refused for words in TOO_MANY):
                raise
        array = sized(replace(array.of, tasks=array.tasks // 2), None, _most_minutes(array.of))


def _script(array: JobArray) -> Path:
    return array.outputs / SCRIPT


def _notes(wanted: JobArray, taken: JobArray) -> tuple[str, ...]:
    if wanted.tasks == taken.tasks:
        return ()
    return (f"The queue refused {wanted.tasks} tasks; it took {taken.tasks} larger ones",)


def _most_minutes(work: StudyJobs) -> int | None:
    """Return the longest time limit that the partition allows; a job above it would wait for ever.

    Raises
    ------
    UsageError
        If there is no such partition, or the user asks for more than it allows.
    """
    record, wishes = partition(work.wishes.partition), work.wishes
    name, most = field(record, "PartitionName"), minutes_of_limit(field(record, "MaxTime"))
    if wishes.minutes is not None and most is not None and wishes.minutes > most:
        raise UsageError(
            f"--time {wishes.minutes // 60}:{wishes.minutes % 60:02}: partition {name} allows "
            f"{most // 60}:{most % 60:02} at most, and a longer job would never start. Ask for less, or name another "
            "partition with --partition: a task that reaches its limit is put back into the queue and goes on"
        )
    return most


def _remedy(words: str) -> str:
    known = {
        "partition": "Name a partition that sinfo lists with --partition",
        "account": "Name an account that may compute with --account",
        "memory": "Ask for less with --mem",
        "node configuration": "Ask for less with --mem or --jobs",
        "time limit": "Ask for less with --time",
    }
    found = next((remedy for part, remedy in known.items() if part in words.lower()), None)
    return found or "Ask for less, or ask those who run the cluster; nothing was submitted"


def _write(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from None
