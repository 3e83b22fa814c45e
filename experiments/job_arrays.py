"""What a user asks of a batch queue, and how the work of a study is cut into the tasks of a job array."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from experiments.output_folder import JOBS
from simulation.errors import UsageError, short_text, short_value

__all__ = ["MEMORY", "JobArray", "QueueWishes", "StudyJobs", "minutes_of", "read_prelude", "sized"]

TASK_SECONDS = 600.0
"""A task is given at least so much work, since a queue needs seconds to minutes to start one."""

SHORTEST_MINUTES = 10
LATE_FACTOR = 2.0
"""A time limit allows for nodes that are slower than the machine which predicted."""

START_SECONDS = 120.0
"""For importing and compiling on a node that has not seen this code."""

WARNING_SECONDS = 90
"""How long before its limit a task is warned: runs that have begun end, and all is written."""

LARGEST_PRELUDE = 1_000_000
PLAIN_NAME = re.compile(r"[\w.@:+-]+(,[\w.@:+-]+)*")
MEMORY = re.compile(r"([1-9]\d{0,8})([KMGT]?)", re.I)
TIME = re.compile(r"(\d{1,4}):([0-5]\d)")


@dataclass(frozen=True)
class QueueWishes:
    """What a user asks of a batch queue.

    Attributes
    ----------
    partition, account : str, optional
        Where the tasks run and who pays; the queue's own default where left out.
    minutes : int, optional
        Time limit of a task; from the predicted time where left out.
    memory : str, optional
        Memory of a task, as in ``2G``; megabytes where no unit is given.
    prelude : str
        Lines of a shell that every task runs first, such as ``module load``. Directives of the queue may stand at
        its top.

    Raises
    ------
    UsageError
        If a name or the memory is not of the form that queues take.
    """

    partition: str | None = None
    account: str | None = None
    minutes: int | None = None
    memory: str | None = None
    prelude: str = ""

    def __post_init__(self) -> None:
        for option, name in (("--partition", self.partition), ("--account", self.account)):
            if name is not None and not PLAIN_NAME.fullmatch(name):
                raise UsageError(
                    f"{option} {short_value(name)}: is no name of a queue. Give letters and digits, no space"
                )
        if self.memory is not None and not MEMORY.fullmatch(self.memory):
            raise UsageError(
                f"--mem {short_text(self.memory)}: is no amount of memory. Give a number and K, M, G or T, as in 2G"
            )


@dataclass(frozen=True)
class StudyJobs:
    """A study that is to be computed by a batch queue, and how much work is left of it.

    Attributes
    ----------
    study : str
        Name or path, as the user gave it.
    name : str
        Name of the study.
    out : pathlib.Path
        Folder of its results.
    jobs : int
        Processes of a task.
    processor_seconds : float
        Predicted time of all missing runs, one after the other.
    run_seconds : float
        Predicted time of the longest run.
    units : int
        Parts that the work can be cut into; more tasks than that would have nothing to do.
    tasks : int, optional
        How many tasks the user wants; by predicted time where left out.
    wishes : QueueWishes
        What the user asks of the queue.
    """

    study: str
    name: str
    out: Path
    jobs: int
    processor_seconds: float
    run_seconds: float
    units: int
    tasks: int | None = None
    wishes: QueueWishes = QueueWishes()


@dataclass(frozen=True)
class JobArray:
    """A job array of a certain size.

    Attributes
    ----------
    of : StudyJobs
        What it computes.
    tasks : int
        How many tasks; each computes one shard.
    minutes : int
        Time limit of a task.
    folder : pathlib.Path
        Where the tasks start: the folder that relative paths were meant from.
    """

    of: StudyJobs
    tasks: int
    minutes: int
    folder: Path

    @property
    def outputs(self) -> Path:
        """The folder that takes what the tasks print."""
        return self.folder / self.of.out / JOBS

    @property
    def warning_seconds(self) -> int:
        """How long before its time limit a task is warned."""
        return min(WARNING_SECONDS, self.minutes * 60 // 3)


def sized(work: StudyJobs, most_tasks: int | None = None, most_minutes: int | None = None) -> JobArray:
    """Cut work into tasks, of ten minutes or more where the user does not say how many, and set their time limit.

    Parameters
    ----------
    work : StudyJobs
        What is to be computed.
    most_tasks : int, optional
        Tasks that the queue takes in one array.
    most_minutes : int, optional
        The longest time limit that the queue allows.
    """
    wanted = work.tasks or int(work.processor_seconds / (TASK_SECONDS * work.jobs))
    tasks = max(1, min(wanted, work.units if most_tasks is None else min(work.units, most_tasks)))
    if work.wishes.minutes is not None:
        return JobArray(work, tasks, work.wishes.minutes, Path.cwd())
    seconds = max(work.processor_seconds / tasks / work.jobs, work.run_seconds)
    minutes = max(SHORTEST_MINUTES, math.ceil((LATE_FACTOR * seconds + START_SECONDS) / 60))
    return JobArray(work, tasks, minutes if most_minutes is None else min(minutes, most_minutes), Path.cwd())


def minutes_of(time: str) -> int:
    """Return the minutes of a time limit.

    Parameters
    ----------
    time : str
        Hours and minutes, as in ``1:30``.

    Raises
    ------
    UsageError
        If it is not of that form, or nothing.
    """
    match = TIME.fullmatch(time)
    minutes = int(match[1]) * 60 + int(match[2]) if match else 0
    if minutes == 0:
        raise UsageError(f"--time {short_text(time)}: is no time limit. Give hours and minutes, as in 1:30 or 0:20")
    return minutes


def read_prelude(path: Path) -> str:
    """Return the lines of a file that every task runs first.

    Raises
    ------
    UsageError
        If there is no such file, or it is no text.
    """
    try:
        if path.stat().st_size > LARGEST_PRELUDE:
            raise UsageError(f"--prelude {path}: is larger than 1 MB. Name a file with a few lines of a shell")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--prelude {path}: cannot be read: {error.strerror or error}. Name a file of text") from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"--prelude {path}: is no text. Name a file with a few lines of a shell")
    return text.strip("\n")
