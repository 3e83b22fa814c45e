import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import parts
from experiments.code_version import simulation_digest
from experiments.output_folder import held_by_one_writer
from experiments.parts import part_paths
from experiments.replication import replicate
from experiments.results import open_results
from simulation.errors import DataError
from tests.small_runs import SilentListener, interrupted_in_replicate_2, made_up_run, request


@pytest.fixture(autouse=True)
def nothing_to_compile(monkeypatch):
    monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)


def never(specification):
    raise AssertionError("computed although the folder cannot take results")


def store(folder, replicates=2, simulate=made_up_run, **options):
    return replicate(request(replicates), folder, SilentListener(), jobs=1, simulate=simulate, **options)


def test_a_file_is_refused_before_anything_is_computed(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    for folder in (file, file / "below"):
        with pytest.raises(DataError, match="is a file, or stands below one"):
            store(folder, simulate=never)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path, fresh):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(DataError, match=r"holds thesis\.docx, which is no result"):
        store(tmp_path, simulate=never, fresh=fresh)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="cannot be written"):
        store(tmp_path / "out", simulate=never)


def test_a_file_system_that_is_read_only_is_refused():
    with pytest.raises(DataError, match="cannot be written"):
        store(Path("/proc/results"), simulate=never)


def test_a_second_writer_is_refused(tmp_path):
    with held_by_one_writer(tmp_path), pytest.raises(DataError, match="another command is writing here"):
        store(tmp_path, simulate=never)
    assert store(tmp_path).computed == 2


def test_a_damaged_manifest_is_named_and_fresh_begins_again(tmp_path):
    store(tmp_path)
    for damage in ("", "{", "[]", '{"schema_version": 3}', "[" * 100_000):
        (tmp_path / "manifest.json").write_text(damage)
        with pytest.raises(DataError, match=r"manifest.json: is no manifest of results, or is damaged"):
            store(tmp_path, simulate=never)
        with pytest.raises(DataError, match="damaged"):
            open_results(tmp_path)
    assert store(tmp_path, fresh=True).computed == 2


def test_results_of_a_later_version_are_left_alone(tmp_path):
    store(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "schema_version": 99}))
    with pytest.raises(DataError, match="schema_version = 99"):
        store(tmp_path, simulate=never)


def test_results_of_an_earlier_version_are_named_and_fresh_replaces_them(tmp_path):
    store(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "schema_version": 1}))
    with pytest.raises(DataError, match=r"schema_version = 1: this code reads version 3.*--fresh"):
        store(tmp_path, simulate=never)
    assert store(tmp_path, fresh=True).computed == 2


def test_runs_without_a_manifest_are_not_overwritten(tmp_path):
    store(tmp_path)
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(DataError, match=r"holds runs without a manifest.json"):
        store(tmp_path, simulate=never)


def test_a_half_written_part_is_not_read_and_goes_at_a_merge_an_hour_later(tmp_path):
    store(tmp_path)
    whole = part_paths(tmp_path / "runs")[0].read_bytes()
    half = tmp_path / "runs" / ".unfinished-part-00000000000000000009-1.parquet"
    half.write_bytes(whole[: len(whole) // 2])
    an_hour_ago = time.time() - 3600
    os.utime(half, (an_hour_ago, an_hour_ago))
    assert len(open_results(tmp_path).runs) == 2
    store(tmp_path, replicates=3)
    assert not half.exists()


def test_a_damaged_part_is_named_with_what_to_do_and_only_its_runs_are_computed_again(tmp_path):
    store(tmp_path)
    part = part_paths(tmp_path / "runs")[0]
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(DataError, match=f"{part.name}: is damaged.*Delete this file"):
        store(tmp_path)
    part.unlink()
    assert store(tmp_path).computed == 2
    assert len(open_results(tmp_path).series) == 6


def test_a_run_whose_series_alone_was_written_is_not_counted(tmp_path):
    store(tmp_path, replicates=1)
    series = part_paths(tmp_path / "series")[0].read_bytes()
    other = tmp_path / "other"
    store(other, replicates=2)
    for name in ("runs", "horizons"):
        part_paths(other / name)[0].write_bytes(part_paths(tmp_path / name)[0].read_bytes())
    assert len(open_results(other).series) == 3
    assert store(other, replicates=2).computed == 1
    assert len(series) > 0
    assert len(open_results(other).series) == 6


def test_what_was_finished_before_an_interruption_is_kept(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        store(tmp_path, replicates=4, simulate=interrupted_in_replicate_2)
    assert open_results(tmp_path).runs["replicate"].tolist() == [0, 1]
    tally = store(tmp_path, replicates=4)
    assert (tally.kept, tally.computed) == (2, 2)


def test_a_full_disk_is_named_and_what_was_stored_stays(tmp_path, monkeypatch):
    store(tmp_path)

    def no_room(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(parts.pq, "write_table", no_room)
        with pytest.raises(DataError, match=r"No space left on device.*finished runs are kept"):
            store(tmp_path, replicates=3)
    assert [path.name for path in (tmp_path / "runs").glob(".*")] == []
    assert len(open_results(tmp_path).runs) == 2
    assert store(tmp_path, replicates=3).computed == 1


KILLED = """
import os, signal, sys
from pathlib import Path
import experiments.computation as computation
import experiments.replication as replication
from experiments import computation, manifest, specification
from tests.small_runs import SilentListener, made_up_run, request

replication.warm_up = lambda announce: None
computation.FIRST_PART_SECONDS = 0.0
# The code of the tests that started this process, also where a source has changed since.
specification.simulation_digest = manifest.simulation_digest = lambda: sys.argv[2]

def killed_in_replicate_2(specification):
    if specification.replicate == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return made_up_run(specification)

replication.replicate(request(4), Path(sys.argv[1]), SilentListener(), jobs=1, simulate=killed_in_replicate_2)
"""


def test_a_command_that_is_killed_loses_nothing_that_was_written(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path), simulation_digest()]
    killed = subprocess.run(command, capture_output=True, text=True)
    assert killed.returncode < 0, killed.stderr
    tally = store(tmp_path, replicates=4)
    assert (tally.kept, tally.computed) == (2, 2)
    assert len(open_results(tmp_path).series) == 12


def test_a_folder_without_results_is_named():
    with pytest.raises(DataError, match=r"holds no manifest.json"):
        open_results("no/such/folder")
