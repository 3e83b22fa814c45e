"""A real Slurm of one node for the tests that need one: brought up once, and ended if it was not there before."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SECONDS_TO_START = 300


@pytest.fixture(scope="session", name="slurm")
def running_slurm() -> Iterator[Path]:
    """Folder of the Slurm that REGIOSCOPE_SLURM names, running."""
    named = os.environ.get("REGIOSCOPE_SLURM", "")
    if not named:
        pytest.skip("REGIOSCOPE_SLURM is not set: it names the folder with start and stop of a Slurm for tests")
    folder = Path(named)
    if not (folder / "start").is_file():
        pytest.fail(f"REGIOSCOPE_SLURM names {named!r}, which holds no start: correct it or unset it")
    if os.geteuid() != 0:
        pytest.skip("the Slurm for tests is started by root alone")
    started = subprocess.run([folder / "start"], capture_output=True, text=True, timeout=SECONDS_TO_START, check=False)
    if started.returncode != 0:
        pytest.fail(f"no Slurm came up: {started.stderr.strip()}")
    yield folder
    if "already up" not in started.stdout:
        subprocess.run([folder / "stop"], capture_output=True, timeout=SECONDS_TO_START, check=False)


def told(*command: object) -> str:
    """Return what a command of the queue prints; empty where it refuses."""
    answer = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, check=False)
    return answer.stdout


def tasks_of(job: str) -> dict[str, str]:
    """Return the states of the tasks of an array that wait, run or end, by number."""
    lines = told("squeue", "--noheader", "--array", "--jobs", job, "--format", "%K %T").splitlines()
    return dict(line.split() for line in lines)


def last_states(job: str) -> dict[str, str]:
    """Return the states of all tasks of an array, ended ones too."""
    lines = told("squeue", "--noheader", "--array", "--states=all", "--jobs", job, "--format", "%K %T").splitlines()
    return dict(line.split() for line in lines)


def restarts(job: str, task: int) -> int:
    """Return how often a task was put back into the queue."""
    record = told("scontrol", "show", "job", "--oneliner", f"{job}_{task}")
    return int(record.split("Restarts=")[1].split()[0])


def wait_until(holds: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something holds; fail with what it was when it takes too long."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds:.0f} seconds: {what}")
        time.sleep(0.2)
