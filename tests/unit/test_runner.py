import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.processes import outcomes
from experiments.runner import FailedRun, FinishedRun, perform
from tests.small_runs import (
    ends_its_process_in_replicate_1,
    fails_in_replicate_1,
    made_up_run,
    request,
)


def by_replicate(ended):
    return {specification.replicate: outcome for specification, outcome in ended}


def test_an_error_of_a_run_is_an_outcome():
    outcome = perform(request(replicates=range(1, 2)).specifications()[0], fails_in_replicate_1)
    assert outcome == FailedRun("ZeroDivisionError", "ZeroDivisionError: no firms left")


def test_every_run_comes_out_once_whatever_the_number_of_processes():
    specifications = request(replicates=5).specifications()
    alone = by_replicate(outcomes(specifications, 1, made_up_run))
    together = by_replicate(outcomes(specifications, 2, made_up_run))
    assert sorted(together) == [0, 1, 2, 3, 4]
    assert [together[each].measured for each in range(5)] == [alone[each].measured for each in range(5)]


def test_little_work_is_done_here_rather_than_in_workers():
    def knows_its_process(specification):  # a local function could not be sent to a worker
        return made_up_run(specification)

    ended = by_replicate(outcomes(request(replicates=3).specifications(), None, knows_its_process))
    assert all(isinstance(run, FinishedRun) for run in ended.values())


def test_a_run_that_ends_its_worker_fails_and_takes_no_other_with_it():
    ended = by_replicate(outcomes(request(replicates=4).specifications(), 2, ends_its_process_in_replicate_1))
    assert isinstance(ended[1], FailedRun)
    assert "memory" in ended[1].message
    assert all(isinstance(ended[each], FinishedRun) for each in (0, 2, 3))


WITHOUT_GUARD = """
from pathlib import Path
from experiments.processes import outcomes
from tests.small_runs import comparison, made_up_run
with Path(__file__).with_suffix(".log").open("a") as log:
    log.write("the script ran\\n")
specifications = comparison(replicates=2).specifications()
ended = list(outcomes(specifications, 2, made_up_run))
print(len(ended), {type(outcome).__name__ for _, outcome in ended}, __spec__, Path(__file__).name)
"""


def test_a_script_that_does_not_guard_its_main_part_is_not_run_again_in_every_worker(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(WITHOUT_GUARD)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    ran = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=120)
    assert ran.stdout == "4 {'FinishedRun'} None mine.py\n", ran.stderr
    assert (tmp_path / "mine.log").read_text() == "the script ran\n"


LONG_RUN = """
import os
from experiments.processes import outcomes
from tests.small_runs import request, takes_long
if __name__ == "__main__":
    print(os.getpid(), flush=True)
    list(outcomes(request(replicates=2).specifications(), 2, takes_long))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_die_with_their_parent(tmp_path):
    script = tmp_path / "long_run.py"
    script.write_text(LONG_RUN)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE) as parent:
        workers = _wait_for(lambda: _workers_of(parent.pid))
        parent.send_signal(signal.SIGKILL)
    assert workers
    assert _wait_for(lambda: not any(_is_alive(worker) for worker in workers))


def _workers_of(parent):
    """Those that have begun to work: they ignore SIGINT."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    ready = [int(child) for child in children if _is_worker(int(child)) and _ignores_interrupts(int(child))]
    return ready if len(ready) == 2 else []


def _is_worker(process):
    return "spawn_main" in Path(f"/proc/{process}/cmdline").read_text()


def _ignores_interrupts(process):
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    ignored = next(line for line in lines if line.startswith("SigIgn"))
    return bool(int(ignored.split()[1], 16) & 1 << (signal.SIGINT - 1))


def _is_alive(process):
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


def _wait_for(found, patience=60.0):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.05)
    return None
