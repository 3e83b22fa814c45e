"""A study of 2,000 runs by any number of processes, whichever of them are killed: the same rows, each once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.results import open_results
from simulation.compilation import cache_folder
from tests.tiny_study import RUNS, sorted_runs, write_tiny_study

pytestmark = pytest.mark.slow

TABLES = {"runs": ["scenario", "run_id"], "series": ["scenario", "run_id", "month"]}


def command(study, out, *options):
    return [str(part) for part in (sys.executable, "-m", "regioscope", "sweep", study, "--out", out, *options)]


def environment():
    return {**os.environ, "NUMBA_CACHE_DIR": str(cache_folder().parent)}


def swept(study, out, *options):
    ended = subprocess.run(
        command(study, out, *options), capture_output=True, text=True, timeout=300, check=False, env=environment()
    )
    assert ended.returncode == 0, ended.stderr
    return ended


class Begun:
    """A sweep in the background, of which some runs are stored already besides those of its trial."""

    def __init__(self, study, out, jobs):
        self.out, self.jobs = out, jobs
        self.process = subprocess.Popen(
            command(study, out, "--jobs", jobs),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def __enter__(self):
        until = time.monotonic() + 120
        of_trial = 1 if self.jobs == 1 else None
        while of_trial is None or len(stored(self.out)) <= of_trial:
            if of_trial is None and self.workers():
                of_trial = len(stored(self.out))
            assert self.process.poll() is None, self.process.communicate()[1]
            assert time.monotonic() < until, "no run was stored in two minutes"
            time.sleep(0.1)
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def workers(self):
        """Processes whose parent is the sweep and that compute: the tracker of shared memory is none."""
        listed = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]

    def end(self):
        """Wait for the end; return the exit code and what was said."""
        _, said = self.process.communicate(timeout=300)
        return self.process.returncode, said


def stored(out):
    return list((out / "runs").glob("part-*.parquet"))


def assert_same(out, reference):
    pd.testing.assert_frame_equal(sorted_runs(out), reference, check_exact=True)
    for table, key in TABLES.items():
        raw = pd.concat(pq.read_table(path, columns=key).to_pandas() for path in (out / table).glob("part-*.parquet"))
        assert not raw.duplicated().any(), f"{table}, read raw, holds a key twice"
    assert not list(out.rglob(".unfinished-*"))


def test_the_reference_holds_every_run_once(reference):
    assert len(reference) == RUNS
    assert reference["run_id"].is_unique
    assert set(reference["arm"]) == {"stable", "random"}
    assert reference.groupby(["point", "arm"])["replicate"].nunique().eq(RUNS // 20).all()
    assert reference["introductions"].nunique() > 1


def test_two_processes_give_the_rows_of_one_and_the_study_called_again_computes_nothing(study, reference, tmp_path):
    swept(study, tmp_path / "out", "--jobs", 2)
    assert_same(tmp_path / "out", reference)
    assert "0 computed, 2,000 stored before" in swept(study, tmp_path / "out").stdout


def test_four_shards_in_any_order_give_the_rows_of_one(study, reference, tmp_path):
    for shard in ("3/4", "1/4", "4/4", "2/4"):
        swept(study, tmp_path, "--shard", shard, "--jobs", 1)
    assert_same(tmp_path, reference)
    points = [set(pq.read_table(path, columns=["point"])["point"].to_pylist()) for path in stored(tmp_path)]
    assert len(points) == 4
    assert sum(map(len, points)) == len(set.union(*points)) == 10


def test_a_worker_that_is_killed_takes_no_run_with_it(study, reference, tmp_path):
    with Begun(study, tmp_path, jobs=2) as sweep:
        os.kill(sweep.workers()[0], signal.SIGKILL)
        code, said = sweep.end()
    assert code == 0, said
    assert_same(tmp_path, reference)


def test_a_sweep_that_is_killed_leaves_no_worker_and_goes_on_from_what_it_wrote(study, reference, tmp_path):
    with Begun(study, tmp_path, jobs=2) as sweep:
        workers = sweep.workers()
        sweep.process.kill()
        sweep.end()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(workers) == 2
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    kept = len(open_results(tmp_path).runs)
    assert 0 < kept < RUNS
    assert f"{RUNS - kept:,} computed, {kept:,} stored before" in swept(study, tmp_path, "--jobs", 2).stdout
    assert_same(tmp_path, reference)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGUSR1"])
def test_a_sweep_that_is_asked_to_stop_writes_what_has_begun_and_says_how_to_go_on(name, study, reference, tmp_path):
    with Begun(study, tmp_path, jobs=2) as sweep:
        sweep.process.send_signal(getattr(signal, name))
        code, said = sweep.end()
    assert code == 130, said
    assert f"{name}: stopped; finished runs are kept. To go on: regioscope sweep {study} --out {tmp_path}" in said
    runs = open_results(tmp_path).runs
    assert 0 < len(runs) < RUNS
    per_case = runs.groupby(["point", "arm"])["replicate"].nunique()
    assert per_case.max() - per_case.min() <= 2, "an interrupted study is a balanced smaller one"
    known = reference.set_index("run_id").loc[runs["run_id"]]
    assert (known["knowledge_mean"].to_numpy() == runs["knowledge_mean"].to_numpy()).all()


def test_two_sweeps_of_one_study_into_one_folder_count_no_run_twice(study, reference, tmp_path):
    with Begun(study, tmp_path, jobs=1) as sweep:
        swept(study, tmp_path, "--jobs", 1)
        code, said = sweep.end()
    assert code == 0, said
    assert_same(tmp_path, reference)


def test_another_study_is_refused_and_leaves_the_folder_as_it_is(study, tmp_path):
    smaller = write_tiny_study(tmp_path / "study", 40)
    swept(smaller, tmp_path / "out", "--jobs", 1)
    before = sorted_runs(tmp_path / "out")
    other = tmp_path / "study" / "other.toml"
    other.write_text(smaller.read_text().replace("high = 0.4", "high = 0.5"))
    refused = subprocess.run(
        command(other, tmp_path / "out"), capture_output=True, text=True, check=False, env=environment()
    )
    assert refused.returncode == 3
    assert "holds a study with other uncertainties" in refused.stderr
    pd.testing.assert_frame_equal(sorted_runs(tmp_path / "out"), before, check_exact=True)
