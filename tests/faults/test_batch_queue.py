"""A study in a real Slurm: whatever ends its tasks, the stored runs are those of one process."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from simulation.compilation import cache_folder
from tests.batch_queue import last_states, restarts, running_slurm, tasks_of, told, wait_until  # noqa: F401
from tests.tiny_study import RUNS, sorted_runs, write_tiny_study

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("slurm")]

MORE = 8000
"""They outlast the forty seconds after which Slurm warns a task of one minute at the latest."""

ARMS_TIMES_POINTS = 20


def sweep(study, out, *options, **environment):
    """Run a sweep as a user would; what is compiled is shared with this process."""
    command = [sys.executable, "-m", "regioscope", "sweep", study, "--out", out, *options]
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache_folder().parent), **environment},
    )


def in_queue(study, out, *options):
    ended = sweep(study, out, "--engine", "slurm", "--jobs", 1, "--mem", "1G", *options)
    assert ended.returncode == 0, ended.stderr
    return ended


def submitted(out):
    return json.loads((out / "jobs" / "submitted.json").read_text())["job"]


def begun(out):
    """Wait until some runs are stored, so that there is something to lose."""
    wait_until(lambda: list((out / "runs").glob("*.parquet")), 120, "runs are stored")


def ended(job):
    wait_until(lambda: not tasks_of(job), 600, f"array {job} ends")


def printed(out):
    return "\n".join(file.read_text() for file in sorted((out / "jobs").glob("*.out")))


def assert_equal(out, reference):
    pd.testing.assert_frame_equal(sorted_runs(out), reference, check_exact=True)


def test_a_study_in_the_queue_gives_the_runs_of_one_process(study, reference, tmp_path):
    out = tmp_path / "out of the queue"
    in_queue(study, out, "--tasks", 2, "--wait")
    assert last_states(submitted(out)) == {"1": "COMPLETED", "2": "COMPLETED"}
    assert_equal(out, reference)


def test_what_was_cancelled_goes_on_when_it_is_submitted_again(study, reference, tmp_path):
    out = tmp_path / "out"
    in_queue(study, out, "--tasks", 2)
    job = submitted(out)
    begun(out)
    refused = sweep(study, out, "--engine", "slurm")
    assert refused.returncode == 3
    assert f"scancel {job}" in refused.stderr
    told("scancel", job)
    ended(job)
    assert set(last_states(job).values()) == {"CANCELLED"}
    kept = len(sorted_runs(out))
    assert 0 < kept < RUNS
    in_queue(study, out, "--tasks", 2, "--wait")
    assert submitted(out) != job
    assert_equal(out, reference)


def test_a_task_at_its_time_limit_is_put_back_and_goes_on(months, reference, tmp_path):
    """A minute is the shortest limit there is, so the study has to be one that takes longer."""
    out = tmp_path / "out"
    in_queue(write_tiny_study(tmp_path / "study", MORE, months), out, "--tasks", 1, "--time", "0:01", "--wait")
    assert restarts(submitted(out), 1) >= 1
    runs = sorted_runs(out)
    assert len(runs) == runs["run_id"].nunique() == MORE
    first = runs[runs["replicate"] < RUNS // ARMS_TIMES_POINTS].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, reference, check_exact=True)


def test_preempted_tasks_go_on_when_the_others_are_done(study, reference, tmp_path):
    out = tmp_path / "out"
    in_queue(study, out, "--tasks", 2, "--partition", "low")
    job = submitted(out)
    begun(out)
    told("sbatch", "--partition=high", "--ntasks=2", "--mem=100M", "--output=/dev/null", "--wrap", "sleep 2")
    wait_until(lambda: "PENDING" in tasks_of(job).values(), 60, "tasks are preempted")
    ended(job)
    assert set(last_states(job).values()) == {"COMPLETED"}
    assert restarts(job, 1) + restarts(job, 2) >= 1
    assert_equal(out, reference)


def test_a_killed_worker_takes_nothing_with_it(study, reference, tmp_path):
    out = tmp_path / "out"
    done = sweep(study, out, "--engine", "slurm", "--tasks", 1, "--jobs", 2, "--mem", "2G")
    assert done.returncode == 0, done.stderr
    job = submitted(out)
    wait_until(lambda: workers_of(out), 60, "a task has workers")
    begun(out)
    os.kill(workers_of(out)[0], signal.SIGKILL)
    ended(job)
    assert last_states(job) == {"1": "COMPLETED"}
    assert_equal(out, reference)


def workers_of(out):
    """Return the worker processes of the tasks that write to a folder."""
    parents = {pid for pid, words in processes() if "--shard" in words and str(out) in words}
    return [
        pid for pid, words in processes() if any("spawn_main" in word for word in words) and parent_of(pid) in parents
    ]


def processes():
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        yield int(folder.name), words


def parent_of(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_tasks_of_a_node_that_goes_down_go_on_when_it_is_back(study, reference, tmp_path):
    out = tmp_path / "out"
    in_queue(study, out, "--tasks", 2)
    job = submitted(out)
    begun(out)
    node = told("squeue", "--noheader", "--jobs", job, "--states=running", "--format", "%N").split()[0]
    told("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
    try:
        wait_until(lambda: "RUNNING" not in tasks_of(job).values(), 60, "tasks leave the node")
    finally:
        told("scontrol", "update", f"NodeName={node}", "State=RESUME")
    ended(job)
    assert set(last_states(job).values()) == {"COMPLETED"}
    assert_equal(out, reference)


def test_a_task_that_is_started_twice_at_once_counts_nothing_twice(study, reference, tmp_path):
    out = tmp_path / "out"
    in_queue(study, out, "--tasks", 2)
    job = submitted(out)
    again = subprocess.run(
        ["bash", out / "jobs" / "array.sh"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "SLURM_ARRAY_TASK_ID": "1", "NUMBA_CACHE_DIR": str(cache_folder().parent)},
    )
    assert again.returncode == 0, again.stderr
    ended(job)
    assert set(last_states(job).values()) == {"COMPLETED"}
    assert_equal(out, reference)
    assert sweep(study, out).returncode == 0
    assert_equal(out, reference)
