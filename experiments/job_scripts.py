"""Scripts that a batch queue runs: a job array whose every task computes one shard of a study.

A task is ``regioscope sweep STUDY --out DIR --shard I/N``, the same command as on a laptop: it skips what is stored,
stops cleanly when the queue warns it, and can be started again at any time. A queue therefore need not be told what
was done; submitting the same script again goes on.
"""

from __future__ import annotations

import math
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from experiments.job_arrays import MEMORY, JobArray, StudyJobs
from experiments.worker import THREAD_SETTINGS
from simulation.errors import UsageError, short_text

__all__ = ["SCHEDULERS", "job_script"]

PLAIN_PATH = re.compile(r"[\w./+@=-]+")


def job_script(array: JobArray, scheduler: str) -> str:
    """Return the script of a job array.

    Parameters
    ----------
    array : JobArray
        What is computed, and in how many tasks.
    scheduler : str
        One of :data:`SCHEDULERS`.

    Returns
    -------
    str
        A script of bash, to be submitted as it is.

    Raises
    ------
    UsageError
        If the folder of results has a name that the scheduler cannot take.

    References
    ----------
    Slurm 22.05, ``sbatch``; PBS Professional 2022, ``qsub`` and ``pbs_attributes``; Grid Engine 8.1, ``qsub`` and
    ``queue_conf``; IBM Spectrum LSF 10.1, ``bsub``.
    """
    directives, index, before = SCHEDULERS[scheduler](array)
    parts = [
        "\n".join(["#!/bin/bash", *directives]),
        array.of.wishes.prelude,
        NOT_YET,
        f"cd {shlex.quote(str(array.folder))} || exit",
        "\n".join(f"export {setting}=1" for setting in THREAD_SETTINGS),
        COMPILED_ON_THE_NODE,
        f'exec {before}{shlex.join(_command(array.of))} --shard "{index}/{array.tasks}"',
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


NOT_YET = """\
# A signal before the sweep listens would end the task for good; the queue starts one that did not heed it again.
trap '' USR1 USR2 TERM"""

COMPILED_ON_THE_NODE = """\
# Every node keeps what it compiles to itself, in a folder that nobody else may write to.
if [[ -z ${NUMBA_CACHE_DIR:-} ]]; then
    NUMBA_CACHE_DIR=${TMPDIR:-/tmp}/regioscope-$(id -u)
    mkdir -p -m 700 "$NUMBA_CACHE_DIR"
    [[ -O $NUMBA_CACHE_DIR && ! -L $NUMBA_CACHE_DIR ]] || NUMBA_CACHE_DIR=$(mktemp -d)
    export NUMBA_CACHE_DIR
fi"""


def _command(work: StudyJobs) -> list[str]:
    """Return a task's command but for its shard; ``-P`` keeps files of the starting folder from hiding packages."""
    program = [sys.executable, "-P", "-m", "regioscope"]
    return [*program, "sweep", work.study, "--out", str(work.out), "--jobs", str(work.jobs)]


type Parts = tuple[list[str], str, str]
"""Directives, the shell's word for the number of a task, and what comes before the command."""


def _slurm(array: JobArray) -> Parts:
    wishes = array.of.wishes
    output = _quoted(str(array.outputs).replace("%", "%%"))
    directives = [
        f"--job-name={_job_name(array)}",
        f"--array=1-{array.tasks}",
        f"--output={output[:-1]}/%A_%a.out{output[-1]}",
        "--open-mode=append",
        "--requeue",
        f"--signal=B:USR1@{array.warning_seconds}",
        f"--time={_clock(array.minutes)}",
        "--nodes=1",
        "--ntasks=1",
        f"--cpus-per-task={array.of.jobs}",
        *([f"--mem={wishes.memory}"] if wishes.memory else []),
        *([f"--partition={wishes.partition}"] if wishes.partition else []),
        *([f"--account={wishes.account}"] if wishes.account else []),
    ]
    return _each("#SBATCH", directives), _number("SLURM_ARRAY_TASK_ID", "sbatch"), ""


def _pbs(array: JobArray) -> Parts:
    """Return what PBS takes: no array of a single task, and no warning, which ``timeout`` gives instead."""
    wishes = array.of.wishes
    memory = f":mem={''.join(_amount(wishes.memory)).lower()}b" if wishes.memory else ""
    directives = [
        f"-N {_job_name(array)[:15]}",
        *([f"-J 1-{array.tasks}"] if array.tasks > 1 else []),
        "-r y",
        "-j oe",
        f"-o {_plain(array.outputs)}/",
        f"-l select=1:ncpus={array.of.jobs}{memory}",
        f"-l walltime={_clock(array.minutes)}",
        *([f"-q {wishes.partition}"] if wishes.partition else []),
        *([f"-A {wishes.account}"] if wishes.account else []),
        "-S /bin/bash",
    ]
    seconds = array.minutes * 60 - array.warning_seconds
    warned = f"timeout --foreground --preserve-status --signal=USR1 {seconds} "
    number = _number("PBS_ARRAY_INDEX", "qsub") if array.tasks > 1 else "1"
    return _each("#PBS", directives), number, warned


def _sge(array: JobArray) -> Parts:
    """Return what Grid Engine takes: the soft limit warns by USR1, and so does a deletion (USR2) with ``-notify``."""
    wishes = array.of.wishes
    soft = array.minutes * 60 - array.warning_seconds
    directives = [
        f"-N {_job_name(array)}",
        f"-t 1-{array.tasks}",
        "-r y",
        "-notify",
        "-j y",
        f"-o {_plain(array.outputs)}/",
        f"-l h_rt={array.minutes * 60},s_rt={soft}",
        *([f"-l mem_free={''.join(_amount(wishes.memory))}"] if wishes.memory else []),
        *([f"-pe smp {array.of.jobs}"] if array.of.jobs > 1 else []),
        *([f"-q {wishes.partition}"] if wishes.partition else []),
        *([f"-P {wishes.account}"] if wishes.account else []),
        "-S /bin/bash",
    ]
    return _each("#$", directives), _number("SGE_TASK_ID", "qsub"), ""


def _lsf(array: JobArray) -> Parts:
    wishes = array.of.wishes
    directives = [
        f'-J "{_job_name(array)}[1-{array.tasks}]"',
        "-r",
        "-wa USR1",
        f"-wt {math.ceil(array.warning_seconds / 60)}",
        f'-o "{_plain(array.outputs)}/%J_%I.out"',
        f"-W {array.minutes // 60}:{array.minutes % 60:02}",
        f"-n {array.of.jobs}",
        '-R "span[hosts=1]"',
        *([f"-M {''.join(_amount(wishes.memory))}B"] if wishes.memory else []),
        *([f"-q {wishes.partition}"] if wishes.partition else []),
        *([f"-P {wishes.account}"] if wishes.account else []),
    ]
    return _each("#BSUB", directives), _number("LSB_JOBINDEX", "bsub <"), ""


SCHEDULERS: dict[str, Callable[[JobArray], Parts]] = {"slurm": _slurm, "pbs": _pbs, "sge": _sge, "lsf": _lsf}
"""Batch queues that scripts can be written for."""


def _each(mark: str, directives: list[str]) -> list[str]:
    return [f"{mark} {directive}" for directive in directives]


def _number(variable: str, submit: str) -> str:
    """Return the shell's word for the number of a task, which ends a script that was not started by the queue."""
    return f"${{{variable}:?is set by the queue: submit this file with {submit} FILE}}"


def _job_name(array: JobArray) -> str:
    return "rs-" + re.sub(r"[^A-Za-z0-9_.-]", "-", array.of.name)[:40]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def _amount(memory: str) -> tuple[str, str]:
    """Return the number and the unit of an amount of memory that is known to be one."""
    match = MEMORY.fullmatch(memory)
    assert match is not None
    return match[1], match[2].upper() or "M"


def _quoted(path: str) -> str:
    """Return a path as a directive of Slurm takes it: in quotes where it holds more than plain letters.

    Raises
    ------
    UsageError
        If no quotes help.
    """
    if not path.isprintable() or '"' in path or "\\" in path:
        raise UsageError(f"--out {short_text(path)}: holds letters that a batch queue cannot take. Name another folder")
    return f'"{path}"'


def _plain(path: Path) -> str:
    """Return a path that holds nothing which a queue would read as its own.

    Raises
    ------
    UsageError
        If it holds more than plain letters.
    """
    if not PLAIN_PATH.fullmatch(str(path)):
        raise UsageError(
            f"--out {short_text(str(path))}: this queue cannot take spaces and signs in the name of a folder. "
            "Name one of letters, digits, dots and hyphens"
        )
    return str(path)
