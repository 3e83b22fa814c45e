"""A worker of a sweep runs thousands of scenarios in one process: what a run took it must give back."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_files import PROJECT

RUNS, SETTLED = 1_000, 200
ARMS = 100
SWEEP = f"""
import json, os
from pathlib import Path
from experiments.processes import _packed, perform_packed
from experiments.runner import FinishedRun, simulate
from experiments.specification import RunSpecification
from simulation.scenario import load_scenario

pages = os.sysconf("SC_PAGE_SIZE")
held = lambda: int(Path("/proc/self/statm").read_text().split()[1]) * pages
tiny = {{"population.smes_per_cluster": 2, "population.regions": ["AT32", "ITC1"]}}
tiny |= {{"months": 2, "programme_end_month": 2}}
arms = [load_scenario("baseline", {{**tiny, "search.seeking_rate": n / {ARMS}}}) for n in range({ARMS})]
found = {{}}
for number in range(1, {RUNS} + 1):
    run = RunSpecification(arms[number % {ARMS}], seed=1, replicate=number)
    assert isinstance(perform_packed(*_packed(run), simulate), FinishedRun)
    if number in ({SETTLED}, {RUNS}):
        found[number] = held()
print(json.dumps(found))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory held now is read from Linux's /proc")
def test_the_memory_of_a_sweep_worker_is_flat_from_run_200_to_run_1000():
    # 1 % is some 4 MB, 5 kB a run: ten times what was seen, a twentieth of a model left over.
    ran = subprocess.run(
        [sys.executable, "-c", SWEEP], cwd=PROJECT, env=dict(os.environ), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    settled, last = (json.loads(ran.stdout)[str(number)] for number in (SETTLED, RUNS))
    assert (last - settled) / settled < 0.01
