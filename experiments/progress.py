"""What stands in a folder of results, also while it is being written: runs done, failed and missing, and how fast.

Whether somebody is writing is read from the parts of the table ``runs``, whose names say when they were written and
by whom. A writer that has written several parts lately is at work; a single part may be what a merge has left.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.output_folder import JOBS
from experiments.parts import part_paths
from experiments.results import Results
from experiments.rows_of_runs import read_design
from simulation.errors import RegioscopeError

__all__ = ["Failure", "NotedJobs", "Pace", "Progress", "progress_of"]

LATELY_SECONDS = 600.0
"""How far back the pace is measured."""

STILL_WRITING_SECONDS = 180.0
"""Silence after which nobody is taken to be writing: finished runs wait a minute at most, and then some."""


@dataclass(frozen=True)
class Pace:
    """How fast results come in.

    Attributes
    ----------
    runs_a_minute : float
        Runs stored in a minute, of the last ten.
    seconds_since : float
        Since the last of them was written.
    minutes_left : float or None
        At that pace, until nothing is missing; None where nobody knows how many runs it will take.
    """

    runs_a_minute: float
    seconds_since: float
    minutes_left: float | None


@dataclass(frozen=True)
class Failure:
    """A run that failed: the message, and the command that runs it again."""

    run_id: str
    scenario: str
    replicate: int
    message: str
    command: str


@dataclass(frozen=True)
class NotedJobs:
    """The job array that was submitted last for a folder.

    Attributes
    ----------
    job : str
        Its number.
    tasks : int
        Its tasks.
    submitted : str
        When, in universal time.
    in_queue : bool or None
        Whether the queue still lists it; None where the queue cannot be asked from here.
    """

    job: str
    tasks: int
    submitted: str
    in_queue: bool | None


@dataclass(frozen=True)
class Progress:
    """What stands in a folder of results.

    Attributes
    ----------
    cases : int
        Different runs of a replicate: arms, at each design point of a sweep.
    replicates, most_replicates : int
        Replicates asked for; for a study that stops by itself, the fewest and the most.
    done, failed, missing : int
        Runs stored; failed and not made good since; and neither, of the `replicates` asked for.
    pace : Pace or None
        None where nobody has written for minutes, and where nothing is missing.
    failures : tuple of Failure
        The first few.
    jobs : NotedJobs or None
        None where no job array was submitted for the folder.
    """

    cases: int
    replicates: int
    most_replicates: int
    done: int
    failed: int
    missing: int
    pace: Pace | None
    failures: tuple[Failure, ...]
    jobs: NotedJobs | None

    @property
    def asked(self) -> int:
        """Runs asked for; of a study that stops by itself, at least."""
        return self.cases * self.replicates

    @property
    def stops_by_itself(self) -> bool:
        """Whether the number of replicates depends on what comes out."""
        return self.most_replicates > self.replicates


def progress_of(results: Results, now: float | None = None) -> Progress:
    """Return what stands in a folder; nothing is run, and no series is read.

    Parameters
    ----------
    results : Results
        A folder that somebody may be writing to.
    now : float, optional
        The time, in seconds of the system's clock.

    Raises
    ------
    DataError
        If a part is damaged.
    """
    cases, (fewest, most) = _cases(results), _replicates(results)
    by_case = _stored_by_case(results)
    done, failures = sum(by_case), results.table("failures")
    missing = max(cases * fewest - sum(min(number, fewest) for number in by_case) - failures.num_rows, 0)
    at_most = max(cases * most - done - failures.num_rows, 0)
    pace = _pace(results, missing if most == fewest else None, time.time() if now is None else now)
    return Progress(
        cases=cases,
        replicates=fewest,
        most_replicates=most,
        done=done,
        failed=failures.num_rows,
        missing=missing,
        pace=pace if at_most else None,
        failures=tuple(
            Failure(each["run_id"], each["scenario"], each["replicate"], each["message"], each["command"])
            for each in failures.slice(0, 3).to_pylist()
        ),
        jobs=_noted_jobs(results.folder),
    )


def _stored_by_case(results: Results) -> list[int]:
    """Count the stored runs of every case that has any, so that a case with many does not hide one with none."""
    if not results.table("runs", ("run_id",)).num_rows:
        return []
    keys = ("scenario",) if results.manifest.study is None else ("point", "arm")
    counts: list[int] = (
        results.table("runs", keys).group_by(list(keys)).aggregate([([], "count_all")])["count_all"].to_pylist()
    )
    return counts


def _cases(results: Results) -> int:
    design = read_design(results.folder)
    return len(results.manifest.scenarios) if design is None else int(pc.count_distinct(design["stored_as"]).as_py())


def _replicates(results: Results) -> tuple[int, int]:
    asked = (results.manifest.study or {}).get("replicates")
    if isinstance(asked, dict):
        return int(asked["min"]), int(asked["max"])
    return (results.manifest.replicates, results.manifest.replicates)


def _pace(results: Results, missing: int | None, now: float) -> Pace | None:
    """Return how fast runs come in, from the parts that each writer has written lately after its first of them."""
    written = defaultdict(list)
    for path in part_paths(results.folder / "runs"):
        at, writer = _written(path)
        if now - at <= LATELY_SECONDS:
            written[writer].append((at, path))
    at_work = {writer: parts for writer, parts in written.items() if len(parts) > 1}
    latest = max((at for parts in at_work.values() for at, _ in parts), default=0.0)
    if now - latest > STILL_WRITING_SECONDS:
        return None
    rows = sum(_rows(path) for parts in at_work.values() for _, path in parts[1:])
    since = min(parts[0][0] for parts in at_work.values())
    a_minute = 60.0 * rows / max(now - since, 1.0)
    if not a_minute:
        return None
    return Pace(a_minute, max(now - latest, 0.0), None if missing is None else missing / a_minute)


def _written(path: Path) -> tuple[float, str]:
    """Return when a part was written, in seconds of the system's clock, and by which writer."""
    _, nanoseconds, _, *writer = path.stem.split("-")
    return int(nanoseconds) / 1e9, "".join(writer)


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except OSError:
        return 0


def _noted_jobs(folder: Path) -> NotedJobs | None:
    from experiments.batch_queue import SUBMITTED, queued_jobs

    try:
        noted = json.loads((folder / JOBS / SUBMITTED).read_text(encoding="utf-8"))
        job, tasks, submitted = str(noted["job"]), int(noted["tasks"]), str(noted["submitted"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    try:
        in_queue: bool | None = queued_jobs(folder) is not None
    except RegioscopeError:
        in_queue = None
    return NotedJobs(job, tasks, submitted, in_queue)
