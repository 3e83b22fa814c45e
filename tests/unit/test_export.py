import csv

import pytest

from experiments import replication
from experiments.output_folder import TABLES
from regioscope.command_line import main
from tests.small_runs import SilentListener, comparison, made_up_run, request


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """A folder with a small comparison."""
    monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)

    def put(asked):
        folder = tmp_path / "results"
        replication.replicate(asked, folder, SilentListener(), jobs=1, simulate=made_up_run)
        return folder

    return put


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_table_becomes_a_file_with_the_same_rows(stored, tmp_path, capsys):
    folder = stored(comparison(replicates=2, months=14))
    assert main(["export", str(folder), "--csv", str(tmp_path / "csv")]) == 0
    assert {path.name for path in (tmp_path / "csv").iterdir()} == {
        *("additionality.csv", "arms.csv", "columns.csv", "contrasts.csv"),
        *(f"{name}.csv" for name in TABLES),
    }
    assert len(rows_of(tmp_path / "csv" / "runs.csv")) == 4
    assert len(rows_of(tmp_path / "csv" / "series.csv")) == 4 * 14
    assert "runs.csv  4 rows" in capsys.readouterr().out


def test_an_undefined_value_is_an_empty_cell(stored, tmp_path):
    folder = stored(comparison(replicates=1))
    main(["export", str(folder), "--csv", str(tmp_path)])
    row = rows_of(tmp_path / "runs.csv")[0]
    assert row["partnership_signed_month"] == ""
    assert row["introductions"] == "3"


def test_the_codebook_says_what_every_column_of_every_table_means(stored, tmp_path):
    folder = stored(comparison(replicates=1, months=14))
    main(["export", str(folder), "--csv", str(tmp_path)])
    said = {(row["table"], row["column"]): row["meaning"] for row in rows_of(tmp_path / "columns.csv")}
    for name in (*TABLES, "arms", "contrasts", "additionality"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8") as file:
            columns = next(csv.reader(file))
        assert all(said[name, column] for column in columns)
    unknown = [key for key, meaning in said.items() if meaning.startswith("Parameter that was set")]
    assert unknown == [("runs", "population.smes_per_cluster"), ("runs", "programme_end_month")]


def test_additionality_is_the_scenario_minus_its_reference_arms(stored, tmp_path):
    folder = stored(comparison(replicates=2, months=14, reference=True))
    main(["export", str(folder), "--csv", str(tmp_path)])
    rows = rows_of(tmp_path / "additionality.csv")
    assert {(row["other"], row["reference"], row["comparison"]) for row in rows} >= {
        ("smart-space-formal", "none", "additionality"),
        ("smart-space-flexible", "separate", "EU added value"),
    }
    assert "collaborations_other" in {row["indicator"] for row in rows_of(tmp_path / "contrasts.csv")}
    kinds = {row["scenario"]: row["kind"] for row in rows_of(tmp_path / "arms.csv")}
    assert kinds["random-of-smart-space-flexible"] == "random"


def test_a_single_scenario_has_no_contrasts(stored, tmp_path):
    folder = stored(request(1))
    main(["export", str(folder), "--csv", str(tmp_path / "csv")])
    assert not (tmp_path / "csv" / "contrasts.csv").exists()


def test_a_folder_without_results_ends_with_3(tmp_path, capsys):
    assert main(["export", str(tmp_path), "--csv", str(tmp_path / "csv")]) == 3
    assert "holds no manifest.json" in capsys.readouterr().err


def test_a_target_that_cannot_be_written_ends_with_3(stored, tmp_path, capsys):
    folder = stored(request(1))
    (tmp_path / "file").write_text("mine")
    assert main(["export", str(folder), "--csv", str(tmp_path / "file")]) == 3
    assert "name another folder with --csv" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"
