"""What a start takes, each in a fresh process: the import, and a first run's compilation.

An import is processor time of the whole process. Compiling is what somebody waits, as well as processor time: it is
shared with a companion where there are two cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import simulation
from simulation.errors import RunError

__all__ = ["compile_seconds", "import_seconds"]

IMPORT = "import experiments.runner, simulation.model"
COMPILE = "from experiments.warm_up import warm_up; warm_up(lambda name, number, steps: None)"
TIMED = "{code}\nimport os; print(sum(os.times()[:4]))"
"""Processor time of the process, and of those that it started, from the very beginning."""
STARTS = 2
CHECKOUT = Path(simulation.__file__).resolve().parents[1]


def import_seconds() -> float:
    """Time from nothing until a model can be made, its kernels compiled before: the lesser of two starts, in s."""
    return min(_seconds(IMPORT, {}) for _ in range(STARTS))


def compile_seconds() -> tuple[float, float]:
    """Time from nothing until every kernel is compiled, with an empty folder for what is compiled, in s.

    Returns
    -------
    waited, worked : float
        On the clock on the wall, and by all processors together.
    """
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        worked = _seconds(COMPILE, {"NUMBA_CACHE_DIR": folder})
        return time.perf_counter() - began, worked


def _seconds(code: str, settings: dict[str, str]) -> float:
    places = os.pathsep.join([str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])])
    surroundings = {**os.environ, "PYTHONPATH": places, **settings}
    ran = subprocess.run(
        [sys.executable, "-c", TIMED.format(code=code)], env=surroundings, capture_output=True, text=True
    )
    if ran.returncode != 0:
        last = next(iter(ran.stderr.splitlines()[-1:]), "it said nothing")
        raise RunError(f"a fresh process could not be timed: {last}. Run `{code}` with Python to see why")
    return float(ran.stdout.splitlines()[-1])
