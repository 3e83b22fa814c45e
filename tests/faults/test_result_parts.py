"""Parts of a folder of results under many writers, mergers and readers, and whoever dies in the middle."""

import errno
import os
import threading
import time
from collections import Counter
from functools import cache
from typing import ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import merging, parts
from experiments.merging import TableOfParts
from experiments.parts import part_paths, read_parts, write_part
from experiments.result_tables import KEYS
from experiments.runner import FinishedRun
from experiments.store import Store, finished_runs, stored_runs
from simulation.errors import DataError
from tests.small_runs import made_up_run, request

MODEL = "this model"
TABLES = ("runs", "series", "horizons", "regions", "flows", "network")


class OfThisModel:
    """Stands in for a manifest."""

    model = MODEL
    code: ClassVar = {"version": "1"}


@pytest.fixture(autouse=True)
def the_folder_is_of_this_model(monkeypatch):
    monkeypatch.setattr("experiments.store.read_manifest", lambda folder: OfThisModel())


def store_of(folder, writer=""):
    return Store(folder, OfThisModel(), str, writer)


@cache
def ended(replicate):
    (specification,) = request(range(replicate, replicate + 1)).specifications()
    return specification, FinishedRun(made_up_run(specification), 0.0)


def write_one_by_one(folder, replicates, writer=""):
    for replicate in replicates:
        store_of(folder, writer).write([ended(replicate)])


def raw(folder, table):
    return pa.concat_tables([pq.read_table(path) for path in part_paths(folder / table)])


def replicates_of(rows):
    return sorted(set(rows["replicate"].to_pylist()))


def rows_a_key(folder, table):
    rows = raw(folder, table)
    return set(Counter(zip(*(rows[column].to_pylist() for column in KEYS[table]), strict=True)).values())


def see_that_nothing_is_lost_or_doubled(folder, replicates, tables=TABLES):
    for table in tables:
        assert rows_a_key(folder, table) == {1}, table
    assert replicates_of(raw(folder, "runs")) == replicates
    for table in {"series", "horizons", "regions", "flows"}.intersection(tables):
        rows = Counter(raw(folder, table)["replicate"].to_pylist())
        assert sorted(rows) == replicates, table
        assert len(set(rows.values())) == 1, table


def make_old(folder, seconds=4000):
    for path in folder.rglob("*.parquet"):
        os.utime(path, (time.time() - seconds,) * 2)


def test_parts_written_at_the_same_moment_have_names_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(parts.time, "time_ns", lambda: 5)
    table = pa.table({"month": [1]})
    names = {write_part(tmp_path, table, MODEL, writer).name for writer in ("", "", "1of2", "1of2")}
    assert len(names) == 4


def test_a_shard_merges_its_own_parts_alone(tmp_path):
    write_one_by_one(tmp_path, range(0, 3), "1of12")
    write_one_by_one(tmp_path, range(3, 6), "2of12")
    write_one_by_one(tmp_path, range(6, 8), "12of12")
    before = {table: part_paths(tmp_path / table, "12of12") for table in TABLES if table != "network"}
    store_of(tmp_path, "2of12").merge()
    for table, paths in before.items():
        assert len(part_paths(tmp_path / table, "2of12")) == 1
        assert len(part_paths(tmp_path / table, "1of12")) == 3
        assert part_paths(tmp_path / table, "12of12") == paths
    store_of(tmp_path).merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, list(range(8)))
    assert [len(part_paths(tmp_path / table)) for table in TABLES] == [1] * len(TABLES)


def test_parts_of_other_code_go_when_everything_is_merged_and_not_before(tmp_path):
    write_one_by_one(tmp_path, range(2), "1of2")
    other = write_part(tmp_path / "runs", raw(tmp_path, "runs"), "other model", "1of2")
    store_of(tmp_path, "1of2").merge()
    assert other.exists()
    store_of(tmp_path).merge()
    assert not other.exists()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1])


def test_what_was_merged_before_and_is_in_order_is_not_written_again(tmp_path):
    write_one_by_one(tmp_path, range(3))
    store_of(tmp_path).merge()
    before = {table: part_paths(tmp_path / table) for table in TABLES}
    store_of(tmp_path).merge()
    assert {table: part_paths(tmp_path / table) for table in TABLES} == before


def test_merged_parts_are_of_bounded_size_and_full_ones_are_left_alone(tmp_path, monkeypatch):
    write_one_by_one(tmp_path, range(12))
    one = parts.bytes_in_memory(part_paths(tmp_path / "series")[0])
    monkeypatch.setattr(merging, "FULL", 3 * one)
    store_of(tmp_path).merge()
    full = part_paths(tmp_path / "series")
    assert [pq.read_metadata(path).num_rows for path in full] == [9, 9, 9, 9]
    write_one_by_one(tmp_path, range(12, 14))
    store_of(tmp_path).merge()
    assert part_paths(tmp_path / "series")[:4] == full
    assert len(part_paths(tmp_path / "series")) == 5
    see_that_nothing_is_lost_or_doubled(tmp_path, list(range(14)))


def test_a_run_that_two_twins_of_a_shard_stored_stands_once_after_a_merge(tmp_path):
    for _ in range(2):
        write_one_by_one(tmp_path, range(3), "1of2")
    store_of(tmp_path, "1of2").merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1, 2])


def test_the_clock_of_another_machine_does_not_put_a_merged_part_before_what_it_replaces(tmp_path, monkeypatch):
    with monkeypatch.context() as ahead:
        ahead.setattr(parts.time, "time_ns", lambda: 9 * 10**18)
        write_one_by_one(tmp_path, range(2))
    before = part_paths(tmp_path / "runs")
    store_of(tmp_path).merge()
    (after,) = part_paths(tmp_path / "runs")
    assert after > max(before)


STEPS = ("read_part", "write_part", "remove_parts")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("writer", ["", "1of2"])
def test_a_merge_that_is_killed_between_any_two_steps_loses_and_doubles_nothing(tmp_path, monkeypatch, step, writer):
    class Killed(BaseException):
        pass

    two = ("runs", "series")
    monkeypatch.setattr("experiments.store.TABLES", two)
    monkeypatch.setattr("experiments.store.WRITTEN", two[::-1])
    done = getattr(merging, step)
    killed = 0
    while True:
        folder = tmp_path / f"{killed}"
        folder.mkdir()
        for _ in range(2):
            write_one_by_one(folder, range(2), writer)
        left = killed + 1

        def dies(*arguments, **options):
            nonlocal left
            result = done(*arguments, **options)
            left -= 1
            if not left:
                raise Killed
            return result

        with monkeypatch.context() as patched:
            patched.setattr(merging, step, dies)
            try:
                store_of(folder, writer).merge()
            except Killed:
                assert replicates_of(read_parts(folder / "runs", MODEL)) == [0, 1]
                assert replicates_of(read_parts(folder / "series", MODEL)) == [0, 1]
            else:
                break
        store_of(folder, writer).merge()
        see_that_nothing_is_lost_or_doubled(folder, [0, 1], two)
        killed += 1
    assert killed >= len(two)


def test_a_merge_that_is_killed_while_it_deletes_is_completed_by_the_next(tmp_path):
    write_one_by_one(tmp_path, range(3))
    before = part_paths(tmp_path / "series")
    kept = before[1].read_bytes()
    store_of(tmp_path).merge()
    before[1].write_bytes(kept)
    store_of(tmp_path).merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1, 2])


@pytest.mark.parametrize("moment", range(1, 8))
def test_a_twin_that_merges_at_any_moment_of_a_merge_loses_and_doubles_nothing(tmp_path, monkeypatch, moment):
    write_one_by_one(tmp_path, range(4), "1of2")
    done, calls = merging.read_part, 0

    def while_the_twin_merges(path, *arguments):
        nonlocal calls
        calls += 1
        if calls == moment:
            store_of(tmp_path, "1of2").merge()
        return done(path, *arguments)

    monkeypatch.setattr(merging, "read_part", while_the_twin_merges)
    store_of(tmp_path, "1of2").merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1, 2, 3])


@pytest.mark.parametrize("step", ["write_part", "remove_parts"])
def test_a_twin_that_merges_before_a_part_is_written_or_deleted_loses_and_doubles_nothing(tmp_path, monkeypatch, step):
    write_one_by_one(tmp_path, range(4), "1of2")
    done, calls = getattr(merging, step), 0

    def after_the_twin(*arguments, **options):
        nonlocal calls
        calls += 1
        if calls in (1, 3):
            with monkeypatch.context() as alone:
                alone.setattr(merging, step, done)
                store_of(tmp_path, "1of2").merge()
        return done(*arguments, **options)

    monkeypatch.setattr(merging, step, after_the_twin)
    store_of(tmp_path, "1of2").merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1, 2, 3])


def test_a_reader_sees_every_finished_run_while_twins_write_and_merge(tmp_path):
    write_one_by_one(tmp_path, range(3), "1of2")
    seen, wrong, stop = [], [], threading.Event()

    def read():
        while not stop.is_set():
            listed = replicates_of(read_parts(tmp_path / "runs", MODEL))
            rows = Counter(replicates_of(read_parts(tmp_path / "series", MODEL)))
            seen.append(len(listed))
            if listed[:3] != [0, 1, 2] or seen[-1] < max(seen) or not set(listed) <= set(rows):
                wrong.append(listed)

    def merge():
        while not stop.is_set():
            store_of(tmp_path, "1of2").merge()

    threads = [threading.Thread(target=each) for each in (read, merge, merge)]
    for thread in threads:
        thread.start()
    for replicate in range(3, 15):
        write_one_by_one(tmp_path, range(replicate, replicate + 1), "1of2")
    stop.set()
    for thread in threads:
        thread.join()
    assert seen
    assert not wrong
    store_of(tmp_path, "1of2").merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, list(range(15)))


def test_a_reader_lists_again_when_a_part_that_it_listed_is_gone(tmp_path, monkeypatch):
    write_one_by_one(tmp_path, range(3))
    done, merged = parts.read_part, []

    def merged_meanwhile(path, *arguments):
        if not merged:
            merged.append(path)
            store_of(tmp_path).merge()
        return done(path, *arguments)

    monkeypatch.setattr(parts, "read_part", merged_meanwhile)
    assert read_parts(tmp_path / "runs", MODEL)["replicate"].to_pylist() == [0, 1, 2]


def test_a_part_that_always_vanishes_is_an_error_and_not_a_view_without_its_rows(tmp_path, monkeypatch):
    write_one_by_one(tmp_path, range(1))

    def gone(path, *arguments):
        raise FileNotFoundError(path)

    monkeypatch.setattr(parts, "read_part", gone)
    monkeypatch.setattr(parts, "SECONDS_BETWEEN_LISTINGS", 0.0)
    with pytest.raises(DataError, match="changes faster than it can be read"):
        stored_runs(tmp_path, MODEL)


def test_a_damaged_part_stops_a_merge_and_nothing_is_deleted(tmp_path):
    write_one_by_one(tmp_path, range(3))
    paths = part_paths(tmp_path / "runs")
    paths[1].write_bytes(paths[1].read_bytes()[:100])
    with pytest.raises(DataError, match=f"{paths[1].name}: is damaged.*Delete this file"):
        store_of(tmp_path).merge()
    assert part_paths(tmp_path / "runs") == paths


def test_what_a_writer_has_begun_is_left_to_it_and_what_a_dead_one_left_goes_after_an_hour(tmp_path):
    write_one_by_one(tmp_path, range(2))
    begun = tmp_path / "runs" / ".unfinished-part-00000000000000000009-00000000-1of2.parquet"
    begun.write_bytes(b"PAR1")
    store_of(tmp_path).merge()
    assert begun.exists()
    os.utime(begun, (time.time() - 4000,) * 2)
    store_of(tmp_path, "1of2").merge()
    assert begun.exists()
    store_of(tmp_path).merge()
    assert not begun.exists()


def test_rows_of_a_run_that_is_not_listed_yet_outlive_a_merge_and_go_after_an_hour(tmp_path):
    write_one_by_one(tmp_path, range(2))
    part_paths(tmp_path / "runs")[1].unlink()
    store_of(tmp_path).merge()
    assert replicates_of(raw(tmp_path, "series")) == [0, 1]
    make_old(tmp_path)
    store_of(tmp_path).merge()
    for table in ("series", "horizons", "regions", "flows"):
        assert replicates_of(raw(tmp_path, table)) == [0], table
    write_one_by_one(tmp_path, range(1, 2))
    store_of(tmp_path).merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1])


@pytest.mark.parametrize("writer", ["", "1of2"])
def test_a_disk_that_fills_up_during_a_merge_leaves_everything_readable(tmp_path, monkeypatch, writer):
    write_one_by_one(tmp_path, range(3), writer)
    before = {table: part_paths(tmp_path / table) for table in TABLES}

    def no_room(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(parts.pq, "write_table", no_room)
        with pytest.raises(DataError, match="No space left on device"):
            store_of(tmp_path, writer).merge()
    assert {table: part_paths(tmp_path / table) for table in TABLES} == before
    assert list(tmp_path.rglob(".unfinished-*")) == []
    assert finished_runs(tmp_path, MODEL).num_rows == 3
    store_of(tmp_path, writer).merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1, 2])


@pytest.mark.parametrize("number", range(1, 7))
def test_a_batch_of_which_some_tables_were_not_written_does_not_count_and_can_be_written_again(
    tmp_path, monkeypatch, number
):
    write_one_by_one(tmp_path, range(1))
    done, calls = parts.pq.write_table, 0

    def no_room(*arguments, **options):
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return done(*arguments, **options)

    last = 5  # without the network, which replicate 0 alone has
    with monkeypatch.context() as full:
        full.setattr(parts.pq, "write_table", no_room)
        if number <= last:
            with pytest.raises(DataError, match="No space left"):
                write_one_by_one(tmp_path, range(1, 2))
            assert len(stored_runs(tmp_path, MODEL)) == 1
        else:
            write_one_by_one(tmp_path, range(1, 2))
    write_one_by_one(tmp_path, range(1, 2))
    TableOfParts(tmp_path / "series", MODEL, "", lambda: finished_runs(tmp_path, MODEL)).merge(others_go=True)
    store_of(tmp_path).merge()
    see_that_nothing_is_lost_or_doubled(tmp_path, [0, 1])
