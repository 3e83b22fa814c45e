import json
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import replication, reproduction
from experiments.parts import part_paths
from experiments.reproduction import Changed, changed_environment, sampled_runs, stored_run
from experiments.results import open_results
from experiments.runner import Measured, simulate
from experiments.table_difference import Difference, first_difference
from regioscope.command_line import main
from tests.small_runs import SilentListener, comparison, fails_in_replicate_1, made_up_run, made_up_series, request
from tests.small_sweep import put_sweep, small_study


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """A folder with small made-up results, and the same stand-in for the model when they are run again."""
    monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)
    monkeypatch.setattr("experiments.warm_up.warm_up", lambda announce: None)

    def put(asked, simulate=made_up_run, again=None):
        folder = tmp_path / "results"
        replication.replicate(asked, folder, SilentListener(), jobs=1, simulate=simulate)
        stand_in = partial(reproduction.reproduce, simulate=again or simulate)
        monkeypatch.setattr("experiments.reproduction.reproduce", stand_in)
        return folder

    return put


def run_ids(folder):
    return open_results(folder).table("runs")["run_id"].to_pylist()


def more_introductions_in_month_2(specification):
    series = made_up_series(specification)
    series["introductions"][1] += 1
    run = made_up_run(specification)
    return Measured(series, run.regions, run.flows, run.network)


def a_region_less(specification):
    run = made_up_run(specification)
    flows = {name: values[:2] for name, values in run.flows.items()}
    return Measured(run.series, run.regions, flows, run.network)


def test_every_stored_run_of_a_comparison_comes_out_again_bit_by_bit(stored, capsys):
    folder = stored(comparison(replicates=1, reference=True))
    assert main(["verify", str(folder), "--sample", "100"]) == 0
    printed = capsys.readouterr().out
    assert [run_id for run_id in run_ids(folder) if f"{run_id}  " not in printed] == []


def test_a_run_of_the_model_itself_comes_out_again_bit_by_bit(tmp_path, capsys):
    small = ["--set", "population.smes_per_cluster=3", "--set", "programme_end_month=9", "--months", "14"]
    assert main(["run", "smart-space-flexible", *small, "--out", str(tmp_path)]) == 0
    (run_id,) = run_ids(tmp_path)
    capsys.readouterr()
    assert main(["rerun", str(tmp_path), run_id, "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert about["runs"][0]["identical"] is True
    assert about["runs"][0]["rows"]["series"] == 14
    assert min(about["runs"][0]["rows"].values()) > 0
    assert about["environment"] == []


def test_the_first_table_row_and_column_that_differ_are_named_and_the_command_ends_with_4(stored, capsys):
    folder = stored(request(), again=more_introductions_in_month_2)
    (run_id,) = run_ids(folder)
    assert main(["rerun", str(folder), run_id]) == 4
    printed = capsys.readouterr()
    assert "differs in series" in printed.out
    assert "first in series, month 2, introductions: 2 stored, 3 now" in printed.out
    assert run_id in printed.err


def test_a_row_that_only_one_of_the_two_has_is_a_difference(stored, capsys):
    folder = stored(request(), again=a_region_less)
    assert main(["rerun", str(folder), run_ids(folder)[0], "--json"]) == 4
    (found,) = json.loads(capsys.readouterr().out)["runs"][0]["differences"]
    assert (found["table"], found["column"], found["stored"], found["again"]) == ("flows", "row", "there", "not there")
    assert found["row"]["other_region"] == "ITC1"


def test_every_run_of_a_sweep_comes_out_again_from_manifest_and_design_alone(stored, tmp_path, capsys):
    stored(request())
    mixed = '"negotiation.speed" = [0, 0.5]\n"peer_learning.training_months" = [[], [2, 3]]'
    study = small_study(tmp_path, "replicates = 1", mixed)
    folder = put_sweep(tmp_path / "sweep", study)
    (tmp_path / "speed.toml").unlink()
    assert main(["verify", str(folder), "--sample", "100"]) == 0
    printed = capsys.readouterr().out
    assert "smart-space-flexible, point 3, formal, replicate 0, seed 7: bit-identical" in printed
    assert "8 of 8 runs bit-identical, of 8 stored" in printed


def test_a_sweep_of_the_model_itself_comes_out_again_bit_by_bit(tmp_path, capsys):
    study = small_study(tmp_path, "replicates = 1")
    folder = put_sweep(tmp_path / "sweep", study, lambda each: each.point in (0, 3), simulate)
    assert main(["verify", str(folder), "--sample", "2", "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert (about["identical"], about["of"]) == (2, 2)
    assert min(about["runs"][0]["rows"][name] for name in ("series", "regions", "network", "runs")) > 0


def test_a_design_that_is_not_of_these_results_is_found_out(stored, tmp_path, capsys):
    stored(request())
    folder = put_sweep(tmp_path / "sweep", small_study(tmp_path, "replicates = 1"))
    path = folder / "design.parquet"
    design = pq.read_table(path)
    place = design.schema.get_field_index("negotiation.speed")
    pq.write_table(design.set_column(place, "negotiation.speed", pa.array([0.4] * design.num_rows)), path)
    assert main(["rerun", str(folder), run_ids(folder)[0]]) == 3
    assert "do not give run" in capsys.readouterr().err


def test_six_digits_name_a_run_and_fewer_do_not(stored, capsys):
    folder = stored(request(replicates=3))
    run_id = run_ids(folder)[0]
    assert stored_run(open_results(folder), run_id[:6]).run_id == run_id
    assert main(["rerun", str(folder), run_id[:5]]) == 3
    assert "is no run in" in capsys.readouterr().err


def test_an_unknown_run_is_answered_with_the_nearest_that_is_stored(stored, capsys):
    folder = stored(request())
    (run_id,) = run_ids(folder)
    wrong = run_id[:-1] + ("0" if run_id[-1] != "0" else "1")
    assert main(["rerun", str(folder), wrong]) == 3
    assert f"Did you mean {run_id}?" in capsys.readouterr().err


def test_results_of_another_model_are_not_run_again_and_their_version_is_named(stored, monkeypatch, capsys):
    folder = stored(request())
    monkeypatch.setattr("experiments.reproduction.simulation_digest", lambda: "another")
    assert main(["rerun", str(folder), run_ids(folder)[0]]) == 3
    said = capsys.readouterr().err
    assert "was made by the model of version" in said
    assert open_results(folder).manifest.code["version"] in said


def test_what_changed_since_the_results_were_made_is_said_first(stored, monkeypatch, capsys):
    folder = stored(request())
    manifest = open_results(folder).manifest
    assert changed_environment(manifest) == []
    packages = {**manifest.packages, "numpy": "99.0"}
    monkeypatch.setattr("experiments.reproduction.package_versions", lambda: packages)
    assert changed_environment(manifest) == [Changed("numpy", manifest.packages["numpy"], "99.0")]
    assert main(["rerun", str(folder), run_ids(folder)[0]]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"numpy: {manifest.packages['numpy']} when the results were made, 99.0 now"


def test_a_manifest_that_is_not_of_these_results_is_found_out(stored, capsys):
    folder = stored(request())
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    about["scenarios"]["baseline"]["values"]["negotiation"]["speed"] = 0.123
    path.write_text(json.dumps(about))
    assert main(["rerun", str(folder), run_ids(folder)[0]]) == 3
    assert "do not give run" in capsys.readouterr().err


def test_a_run_that_failed_is_run_again_and_fails_in_the_same_way(stored, capsys):
    folder = stored(request(replicates=2), simulate=fails_in_replicate_1)
    (failed,) = open_results(folder).failures["run_id"]
    assert main(["rerun", str(folder), failed]) == 4
    assert "failed again: ZeroDivisionError: no firms left" in capsys.readouterr().out


def test_verify_runs_the_same_sample_for_the_same_seed_and_another_for_another(stored, capsys):
    folder = stored(request(replicates=8))
    results = open_results(folder)
    assert sampled_runs(results, 3, 1) == sampled_runs(results, 3, 1)
    assert len({tuple(each.run_id for each in sampled_runs(results, 3, seed)) for seed in range(5)}) > 1
    assert main(["verify", str(folder), "--sample", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == [each.run_id for each in sampled_runs(results, 3, 1)]
    assert lines[-1] == "3 of 3 runs bit-identical, of 8 stored"


def test_a_sample_of_all_runs_is_every_run_once(stored):
    folder = stored(comparison(replicates=3))
    found = sampled_runs(open_results(folder), 100, 1)
    assert sorted(each.run_id for each in found) == sorted(run_ids(folder))


def test_verify_ends_with_4_when_a_run_differs_and_goes_on_with_the_others(stored, capsys):
    folder = stored(request(replicates=2), again=more_introductions_in_month_2)
    assert main(["verify", str(folder)]) == 4
    printed = capsys.readouterr()
    assert "0 of 2 runs bit-identical" in printed.out
    assert "2 of 2 runs did not come out again" in printed.err


def test_a_folder_without_a_finished_run_cannot_be_verified(stored, capsys):
    folder = stored(request(replicates=1))
    for path in part_paths(folder / "runs"):
        path.unlink()
    assert main(["verify", str(folder)]) == 3
    assert "holds no finished run" in capsys.readouterr().err


def test_rerun_stores_nothing(stored):
    folder = stored(request())
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert main(["rerun", str(folder), run_ids(folder)[0]]) == 0
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


def of_two_months(values, kind=None):
    table = pa.table({"scenario": ["a", "a"], "run_id": ["1", "1"], "replicate": [0, 0], "month": [1, 2]})
    return table.append_column("x", pa.array(values, kind or pa.float64()))


@pytest.mark.parametrize(
    ("stored", "again", "differ"),
    [
        ([0.1 + 0.2, None], [0.1 + 0.2, None], False),
        ([0.3, None], [0.1 + 0.2, None], True),
        ([0.0, 1.0], [-0.0, 1.0], True),
        ([0.0, 1.0], [None, 1.0], True),
        ([None, 1.0], [None, 1.0], False),
    ],
)
def test_values_are_the_same_only_bit_by_bit_and_undefined_equals_undefined(stored, again, differ):
    found = first_difference("series", of_two_months(stored), of_two_months(again))
    assert (found is not None) == differ
    if differ:
        assert found == Difference("series", {"month": 1}, "x", stored[0], again[0])


def test_the_order_of_stored_rows_makes_no_difference():
    rows = of_two_months([1.0, 2.0])
    assert first_difference("series", rows.take([1, 0]), rows) is None


def test_a_damaged_part_is_named(stored, capsys):
    folder = stored(request())
    run_id = run_ids(folder)[0]
    (part,) = part_paths(folder / "series")
    part.write_bytes(part.read_bytes()[:-20])
    assert main(["rerun", str(folder), run_id]) == 3
    assert f"{part.name}: is damaged" in capsys.readouterr().err


def test_rows_of_another_model_are_not_compared(stored):
    folder = stored(request())
    (part,) = part_paths(folder / "series")
    rows = pq.read_table(part, partitioning=None)
    other = rows.replace_schema_metadata({b"regioscope.simulation": b"another"})
    pq.write_table(other, part.with_name(part.name.replace("part-", "part-9")))
    assert main(["rerun", str(folder), run_ids(folder)[0]]) == 0
