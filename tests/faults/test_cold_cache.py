"""Several processes that start at once, none of which finds anything compiled."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.architecture.source_files import PROJECT

PROCESSES = 3
START = """
import json, sys
announced = []
from experiments.warm_up import warm_up
warm_up(lambda name, number, steps: announced.append(name))
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario
model = EcosystemModel(load_scenario("smart-space-flexible", {"population.smes_per_cluster": 3, "months": 13}))
model.run()
compiled = []
for name, module in sorted(sys.modules.items()):
    for function in vars(module).values() if name.startswith("simulation.") else ():
        if getattr(function, "__module__", "") == name and hasattr(function, "stats"):
            for signature, times in function.stats.cache_misses.items():
                compiled += [f"{name}.{function.__name__}{signature}"] * times
print(json.dumps({"announced": announced, "compiled": compiled, "digest": model.state.digest()}))
"""


STOPS_WHILE_IT_COMPILES = """
import time
from simulation.compilation import compile_all
compile_all([("never done", lambda: (print("compiling", flush=True), time.sleep(600)))], lambda *step: None)
"""
COMPILES = """
import json
from simulation.compilation import compile_all
done = []
compile_all([("the rest", lambda: done.append("the rest"))], lambda *step: None)
print(json.dumps(done))
"""


def started(folder, code=START):
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def reported(process):
    out, err = process.communicate(timeout=900)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


@pytest.mark.slow
def test_processes_that_start_at_once_on_a_cold_cache_compile_once_and_agree(tmp_path):
    reports = [reported(process) for process in [started(tmp_path) for _ in range(PROCESSES)]]
    assert len({report["digest"] for report in reports}) == 1
    assert sum(bool(report["announced"]) for report in reports) == 1
    compiled = Counter(each for report in reports for each in report["compiled"])
    assert len(compiled) > 50
    assert {each: times for each, times in compiled.items() if times > 1} == {}
    later = reported(started(tmp_path))
    assert (later["announced"], later["compiled"]) == ([], [])
    assert later["digest"] == reports[0]["digest"]


def test_a_process_that_is_killed_while_it_compiles_holds_up_nobody(tmp_path):
    doomed = started(tmp_path, STOPS_WHILE_IT_COMPILES)
    assert doomed.stdout.readline() == "compiling\n"
    doomed.kill()
    doomed.communicate()
    assert reported(started(tmp_path, COMPILES)) == ["the rest"]
    assert reported(started(tmp_path, COMPILES)) == []
