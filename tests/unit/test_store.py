import json
import math
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import code_version, specification
from experiments.output_folder import dated_folder
from experiments.parts import part_paths, write_part
from experiments.replication import replicate
from experiments.result_tables import factor_column
from experiments.results import open_results
from simulation.errors import DataError
from simulation.indicator_definitions import INDICATOR_NAMES, INDICATORS
from simulation.scenario import load_scenario, scenario_from_values
from tests.small_runs import SilentListener, fails_in_replicate_1, made_up_run, request


@pytest.fixture(autouse=True)
def nothing_to_compile(monkeypatch):
    monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)


def stored(folder, replicates=2, simulate=made_up_run, fresh=False, **asked):
    listener = SilentListener()
    tally = replicate(request(replicates, **asked), folder, listener, jobs=1, fresh=fresh, simulate=simulate)
    return tally, listener


def with_series(specification, **series):
    measured = made_up_run(specification)
    return replace(measured, series={**measured.series, **series})


def raw(folder, table):
    return pa.concat_tables([pq.read_table(path) for path in part_paths(folder / table)])


def test_a_row_of_runs_holds_identity_factors_every_indicator_seconds_and_code(tmp_path):
    stored(tmp_path)
    expected = [
        "run_id",
        "scenario",
        "replicate",
        "seed",
        "population.smes_per_cluster",
        "programme_end_month",
    ]
    assert raw(tmp_path, "runs").column_names == [*expected, *INDICATOR_NAMES, "wall_seconds", "code_version"]


def test_series_count_months_from_1_and_hold_every_indicator(tmp_path):
    stored(tmp_path, replicates=1, months=3)
    table = raw(tmp_path, "series")
    assert table.column_names == ["run_id", "scenario", "replicate", "month", *INDICATOR_NAMES]
    assert table["month"].to_pylist() == [1, 2, 3]
    assert table["introductions"].to_pylist() == [1, 2, 3]


def test_a_table_without_rows_has_the_columns_of_the_others(tmp_path):
    stored(tmp_path / "some", replicates=2, months=15, simulate=fails_in_replicate_1)
    stored(tmp_path / "none", replicates=range(1, 2), months=1, simulate=fails_in_replicate_1)
    some, none = open_results(tmp_path / "some"), open_results(tmp_path / "none")
    for name in ("series", "horizons"):
        assert none.table(name).num_rows == 0
        assert none.table(name).schema.equals(some.table(name).schema)
    factors = {"population.smes_per_cluster", "programme_end_month"}
    assert set(some.table("runs").column_names) - set(none.table("runs").column_names) == factors


def test_a_horizon_that_is_not_reached_has_no_row(tmp_path):
    stored(tmp_path, replicates=1, months=15)
    rows = raw(tmp_path, "horizons")
    assert rows["horizon"].to_pylist() == ["end", "plus12"]
    assert rows["month"].to_pylist() == [2, 14]
    assert rows["introductions"].to_pylist() == [2, 14]


def test_what_is_undefined_is_null_and_counts_stay_whole_numbers(tmp_path):
    def with_not_a_number(each):
        return with_series(each, knowledge_mean=[math.nan, math.inf, 0.5])

    stored(tmp_path, replicates=1, simulate=with_not_a_number)
    table = raw(tmp_path, "series")
    assert table["knowledge_mean"].to_pylist() == [None, None, 0.5]
    assert table["partnership_signed_month"].null_count == 3
    assert table.schema.field("partnership_signed_month").type == pa.int64()
    assert table.schema.field("introductions").type == pa.int64()
    assert table.schema.field("public_cost_keur").type == pa.float64()


def test_frames_keep_whole_numbers_whole_where_some_are_missing(tmp_path):
    def signed_in_month_2(each):
        return with_series(each, partnership_signed_month=[None, 2, 2])

    stored(tmp_path, replicates=1, simulate=signed_in_month_2)
    series = open_results(tmp_path).series
    assert str(series["partnership_signed_month"].dtype) == "Int64"
    assert series["partnership_signed_month"].isna().tolist() == [True, False, False]
    assert str(series["introductions"].dtype) == "int64"


def test_a_run_is_known_by_what_decides_it_and_by_nothing_else():
    def identity(**asked):
        return request(**asked).specifications()[0].run_id

    known = identity()
    assert identity() == known
    assert identity(seed=2) != known
    assert identity(months=4) != known
    assert identity(replicates=range(1, 2)) != known
    assert identity(population__smes_per_cluster=6) != known
    assert identity(title="Another title") == known


def test_changed_code_makes_another_run(monkeypatch):
    before = request().specifications()[0].run_id
    monkeypatch.setattr(specification, "simulation_digest", lambda: "other code")
    assert request().specifications()[0].run_id != before


def test_asking_again_computes_nothing_and_says_so(tmp_path):
    stored(tmp_path)
    before = [path.name for path in part_paths(tmp_path / "runs")]
    tally, listener = stored(tmp_path)
    assert (tally.kept, tally.computed) == (2, 0)
    assert listener.said == ["2 runs are stored already: nothing to compute"]
    assert [path.name for path in part_paths(tmp_path / "runs")] == before


def test_more_replicates_extend_a_folder_and_every_key_stands_there_once(tmp_path):
    stored(tmp_path, replicates=2)
    tally, _ = stored(tmp_path, replicates=5)
    assert (tally.kept, tally.computed) == (2, 3)
    assert raw(tmp_path, "runs")["replicate"].to_pylist() == [0, 1, 2, 3, 4]
    assert raw(tmp_path, "series").num_rows == 15
    assert len(part_paths(tmp_path / "series")) == 1
    assert open_results(tmp_path).manifest.replicates == 5


def test_fresh_computes_everything_again(tmp_path):
    stored(tmp_path)
    tally, _ = stored(tmp_path, fresh=True)
    assert (tally.kept, tally.computed) == (0, 2)
    assert raw(tmp_path, "runs").num_rows == 2


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"seed": 2}, "seed 1, not 2"),
        ({"months": 4}, "months 3, not 4"),
        ({"name": "smart-space-flexible"}, "scenario baseline, not smart-space-flexible"),
        ({"negotiation__speed": 0.3}, "overrides"),
    ],
)
def test_a_folder_of_another_study_is_refused_before_anything_is_computed(tmp_path, asked, named):
    stored(tmp_path)
    with pytest.raises(DataError, match="Nothing was computed") as refused:
        stored(tmp_path, simulate=None, **asked)
    assert named in str(refused.value)
    assert "--fresh" in str(refused.value)
    assert "--out" in str(refused.value)


def test_fresh_replaces_another_study_whole(tmp_path):
    stored(tmp_path, replicates=3)
    stored(tmp_path, replicates=1, seed=2, fresh=True)
    assert raw(tmp_path, "runs")["seed"].to_pylist() == [2]
    assert open_results(tmp_path).manifest.seed == 2


def test_a_failed_run_becomes_a_row_with_its_message_and_command_and_the_others_are_kept(tmp_path):
    tally, _ = stored(tmp_path, replicates=3, simulate=fails_in_replicate_1)
    assert [(each.replicate, failed.error) for each, failed in tally.failed] == [(1, "ZeroDivisionError")]
    results = open_results(tmp_path)
    assert results.runs["replicate"].tolist() == [0, 2]
    (failure,) = results.failures.to_dict("records")
    assert failure["message"] == "ZeroDivisionError: no firms left"
    assert failure["command"] == "again 1"


def test_a_failure_made_good_is_forgotten(tmp_path):
    stored(tmp_path, replicates=3, simulate=fails_in_replicate_1)
    tally, _ = stored(tmp_path, replicates=3)
    assert (tally.kept, tally.computed) == (2, 1)
    assert part_paths(tmp_path / "failures") == [] or raw(tmp_path, "failures").num_rows == 0
    assert open_results(tmp_path).failures.empty


def test_a_run_without_every_indicator_in_every_month_fails(tmp_path):
    def cut_short(each):
        return with_series(each, introductions=[1])

    tally, _ = stored(tmp_path, replicates=1, simulate=cut_short)
    assert "introductions: has 1 values in a run of 3 months" in tally.failed[0][1].message


def test_readers_drop_rows_that_are_stored_twice(tmp_path):
    stored(tmp_path)
    for name in ("runs", "series", "horizons"):
        write_part(tmp_path / name, raw(tmp_path, name), code_version.simulation_digest())
    results = open_results(tmp_path)
    assert len(results.runs) == 2
    assert len(results.series) == 6
    assert len(results.horizons) == 2


def test_rows_of_other_code_are_not_read_and_are_replaced(tmp_path):
    stored(tmp_path)
    old = raw(tmp_path, "runs")
    part_paths(tmp_path / "runs")[0].unlink()
    write_part(tmp_path / "runs", old, "other code")
    assert open_results(tmp_path).runs.empty
    tally, listener = stored(tmp_path)
    assert tally.computed == 2
    assert "code has changed" in listener.said[0]
    assert raw(tmp_path, "runs").num_rows == 2


def test_the_manifest_says_what_was_asked_of_which_scenario_with_which_code(tmp_path):
    stored(tmp_path, replicates=2)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["schema_version"] == 3
    assert manifest["command"] == "run"
    assert manifest["overrides"] == {"population.smes_per_cluster": 5, "programme_end_month": 2}
    assert (manifest["seed"], manifest["asked_months"], manifest["replicates"]) == (1, 3, 2)
    assert manifest["reference"] == "baseline"
    arm = manifest["scenarios"]["baseline"]
    assert (arm["given"], arm["kind"], arm["of"], arm["settings"]) == ("baseline", "scenario", [], {})
    assert (arm["months"], arm["programme_end_month"], arm["horizons"]) == (3, 2, {"end": 2})
    assert manifest["code"]["simulation_digest"] == code_version.simulation_digest()
    assert isinstance(manifest["code"]["dirty"], bool)
    assert manifest["packages"]["numba"]
    assert manifest["machine"]["cpu"]


def test_the_scenario_in_the_manifest_loads_again_to_the_same_digest(tmp_path):
    stored(tmp_path)
    about = json.loads((tmp_path / "manifest.json").read_text())["scenarios"]["baseline"]
    assert scenario_from_values(about["values"], "baseline").digest() == about["digest"]


def test_every_indicator_has_the_type_that_its_definition_says(tmp_path):
    whole = {
        each.name
        for each in INDICATORS
        if each.unit not in ("1", "keur", "keur / innovation", "full-time employee") and each.name != "tie_path_length"
    }
    stored(tmp_path, replicates=1)
    schema = raw(tmp_path, "runs").schema
    assert {name for name in INDICATOR_NAMES if schema.field(name).type == pa.int64()} == whole


@pytest.mark.parametrize(
    ("values", "kind", "kept"),
    [
        ([1, 2], pa.int64(), [1, 2]),
        ([1, 2.5, None], pa.float64(), [1.0, 2.5, None]),
        ([True, False], pa.bool_(), [True, False]),
        (["a", "b"], pa.string(), ["a", "b"]),
        ([[1, 2], None], pa.string(), ["[1, 2]", None]),
        (["a", 1], pa.string(), ['"a"', "1"]),
    ],
)
def test_a_factor_keeps_its_kind_and_anything_else_is_json(values, kind, kept):
    column = factor_column(values)
    assert column.type == kind
    assert column.to_pylist() == kept


def test_a_dated_folder_is_always_a_new_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from datetime import datetime

    now = datetime(2026, 3, 1, 14, 15, 30)
    first = dated_folder("baseline", now)
    assert first.as_posix() == "results/2026-03-01-141530-baseline"
    first.mkdir(parents=True)
    assert dated_folder("baseline", now).name == "2026-03-01-141530-baseline-2"


def test_the_same_scenario_under_another_name_is_another_key(tmp_path):
    scenario = load_scenario("baseline", {"months": 3})
    copy = tmp_path / "copy.toml"
    copy.write_text('extends = "baseline"\ntitle = "A copy"\nmonths = 3\n')
    twin = load_scenario(copy)
    first = specification.RunSpecification(scenario, 1, 0)
    second = specification.RunSpecification(twin, 1, 0)
    assert first.run_id == second.run_id
    assert first.key != second.key
