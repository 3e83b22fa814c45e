"""The study of 2,000 runs and what one process makes of it, once for all that stops, kills or repeats a part of it."""

import os
import subprocess
import sys

import pytest

from simulation.compilation import cache_folder
from tests.tiny_study import RUNS, months_that_take, sorted_runs, write_tiny_study

SECONDS_PER_RUN = 0.01
"""With it every one of two processes still has work when the first runs are stored, five seconds after it began."""


@pytest.fixture(scope="session", name="months")
def months_of_a_run(tmp_path_factory):
    return months_that_take(SECONDS_PER_RUN, tmp_path_factory.mktemp("timed"))


@pytest.fixture(scope="session", name="study")
def tiny_study(months, tmp_path_factory):
    return write_tiny_study(tmp_path_factory.mktemp("study"), RUNS, months)


@pytest.fixture(scope="session", name="reference")
def runs_of_one_process(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("reference") / "out"
    ended = subprocess.run(
        [sys.executable, "-m", "regioscope", "sweep", study, "--out", out, "--jobs", "1"],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache_folder().parent)},
    )
    assert ended.returncode == 0, ended.stderr
    runs = sorted_runs(out)
    assert len(runs) == RUNS
    return runs
