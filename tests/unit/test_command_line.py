import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments import replication
from experiments.results import open_results
from regioscope.command_line import main
from tests.small_runs import fails_in_replicate_1, interrupted_in_replicate_2, made_up_run

SMALL = ["--set", "population.smes_per_cluster=5", "--months", "6"]


@pytest.fixture
def with_stand_in(monkeypatch):
    """Replace the model by a stand-in."""

    def put(simulate=made_up_run):
        monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)
        stand_in = partial(replication.replicate, simulate=simulate)
        monkeypatch.setattr("experiments.replication.replicate", stand_in)

    return put


def test_a_command_that_is_done_ends_with_0_and_says_where_results_are(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main(["run", "baseline", *SMALL, "--out", str(tmp_path / "out")]) == 0
    assert f"1 run stored in {tmp_path / 'out'}" in capsys.readouterr().out


def test_results_go_to_stdout_and_nothing_else(with_stand_in, tmp_path, capsys):
    with_stand_in()
    again = ["run", "baseline", *SMALL, "--out", str(tmp_path)]
    assert main(again) == main(again) == 0
    printed = capsys.readouterr()
    assert "1 run is stored already: nothing to compute" in printed.err
    assert "already" not in printed.out


def test_without_out_a_dated_folder_under_results_is_made_and_named(with_stand_in, tmp_path, monkeypatch, capsys):
    with_stand_in()
    monkeypatch.chdir(tmp_path)
    assert main(["run", "baseline", *SMALL]) == 0
    (folder,) = (tmp_path / "results").iterdir()
    assert f"stored in results/{folder.name}" in capsys.readouterr().out
    assert len(open_results(folder).runs) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["rum", "baseline"], 2, "Did you mean 'run'?"),
        (["scenario", "chek", "x"], 2, "'check'"),
        (["run", "baseline", "--months", "0"], 2, "--months"),
        (["run", "baseline", "--nonsense"], 2, "--nonsense"),
        (["run"], 2, "SCENARIO"),
        (["run", "baseline", "--set", "months"], 2, "KEY=VALUE"),
        (["run", "baseline", "--months", "6", "--set", "months=7"], 2, "give one of them"),
        (["run", "baseline", "--replicate", "1", "--replicates", "2"], 2, "give one of them"),
        (["run", "smart-space-formel"], 3, "Did you mean smart-space-formal?"),
        (["run", "baseline", "--set", "negotiation.spead=1"], 3, "Did you mean negotiation.speed?"),
        (["run", "baseline", "--set", "negotiation.speed=7"], 3, "must be at most 1"),
        (["scenario", "show", "no-such-scenario"], 3, "is not the name of a scenario"),
        (["scenario", "check", "no/such/file.toml"], 3, "no/such/file.toml"),
    ],
)
def test_a_mistake_ends_with_its_exit_code_and_a_remedy_on_stderr(arguments, code, said, capsys):
    assert main(arguments) == code
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_a_folder_that_cannot_take_results_ends_with_3(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["run", "baseline", *SMALL, "--out", str(tmp_path)]) == 3
    assert "holds notes.txt, which is no result" in capsys.readouterr().err


def test_another_seed_into_the_same_folder_ends_with_3(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main(["run", "baseline", *SMALL, "--out", str(tmp_path)]) == 0
    assert main(["run", "baseline", *SMALL, "--out", str(tmp_path), "--seed", "2"]) == 3
    assert "seed 1, not 2" in capsys.readouterr().err


def test_failed_runs_end_with_4_and_the_command_that_reproduces_one(with_stand_in, tmp_path, capsys):
    with_stand_in(fails_in_replicate_1)
    asked = [
        "run",
        "baseline",
        *SMALL,
        "--seed",
        "7",
        "--replicates",
        "3",
        "--jobs",
        "1",
        "--out",
        str(tmp_path),
    ]
    assert main(asked) == 4
    printed = capsys.readouterr()
    assert "1 of 3 runs failed" in printed.err
    command = "regioscope run baseline --seed 7 --months 6 --set population.smes_per_cluster=5 --replicate 1"
    assert command in printed.err
    assert "2 runs stored" in printed.out
    assert open_results(tmp_path).failures["command"].tolist() == [command]


def test_one_replicate_alone_is_the_one_of_that_number(with_stand_in, tmp_path):
    with_stand_in()
    assert main(["run", "baseline", *SMALL, "--replicate", "4", "--out", str(tmp_path / "one")]) == 0
    assert main(["run", "baseline", *SMALL, "--replicates", "5", "--jobs", "1", "--out", str(tmp_path / "all")]) == 0
    all_ids = open_results(tmp_path / "all").runs["run_id"].tolist()
    assert open_results(tmp_path / "one").runs["run_id"].tolist() == all_ids[4:]


def test_an_interruption_ends_with_130_and_the_command_that_goes_on(with_stand_in, tmp_path, capsys):
    with_stand_in(interrupted_in_replicate_2)
    asked = ["run", "baseline", *SMALL, "--replicates", "4", "--jobs", "1", "--out", str(tmp_path)]
    assert main(asked) == 130
    said = capsys.readouterr().err
    with_stand_in()
    resume = said.partition("To go on: regioscope ")[2].split()
    assert main(resume) == 0
    assert "2 runs are stored already: computing the 2 missing" in capsys.readouterr().err
    assert len(open_results(tmp_path).runs) == 4


def test_an_error_of_the_program_is_one_line_and_1(with_stand_in, tmp_path, monkeypatch, capsys):
    def breaks(*arguments, **options):
        raise LookupError("lost\nmore")

    monkeypatch.setattr("experiments.replication.replicate", breaks)
    monkeypatch.delenv("REGIOSCOPE_TRACEBACK", raising=False)
    assert main(["run", "baseline", "--out", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "LookupError: lost" in line
    monkeypatch.setenv("REGIOSCOPE_TRACEBACK", "1")
    assert main(["run", "baseline", "--out", str(tmp_path)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_the_table_has_a_row_for_every_month_within_100_columns(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main(["run", "baseline", "--months", "60", "--out", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = [line for line in lines if str(tmp_path) not in line]
    assert max(map(len, table)) <= 100
    assert "…" not in "".join(table)
    rows = [line.split()[0] for line in lines if line[:2] == "20"]
    assert rows[:12] == [f"2019-{month:02}" for month in range(1, 13)]
    assert len(rows) == 60


def test_the_table_fits_a_terminal_of_80_columns(with_stand_in, tmp_path):
    from io import StringIO

    from rich.console import Console

    from regioscope.month_table import LEGEND, month_table
    from simulation.scenario import load_scenario
    from tests.small_runs import request

    series = made_up_run(request(months=60).specifications()[0]).series
    series = {name: [value and value + 4000 for value in values] for name, values in series.items()}
    printed = StringIO()
    console = Console(file=printed, width=80)
    console.print(month_table(series, load_scenario("baseline", {"months": 60}), roomy=False))
    console.print(LEGEND)
    lines = printed.getvalue().splitlines()
    assert len(lines) == 3 + 60 + 4 + 10
    assert "…" not in printed.getvalue()


def test_colours_are_never_written_into_a_pipe(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main(["run", "baseline", *SMALL, "--out", str(tmp_path)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_the_summary_for_programs_is_json_with_every_horizon_that_is_reached(with_stand_in, tmp_path, capsys):
    with_stand_in()
    asked = ["--months", "15", "--set", "programme_end_month=2", "--replicates", "3", "--jobs", "1", "--json"]
    assert main(["run", "baseline", *asked, "--out", str(tmp_path)]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert {name: each["month"] for name, each in summary["horizons"].items()} == {"end": 2, "plus12": 14}
    introductions = summary["horizons"]["end"]["indicators"]["introductions"]
    assert introductions == {
        "median": 3.0,
        "p05": pytest.approx(2.1),
        "p95": pytest.approx(3.9),
        "defined": 3,
        "runs": 3,
    }
    assert summary["horizons"]["end"]["indicators"]["private_leverage"]["median"] is None
    assert (summary["computed"], summary["kept"], summary["overrides"]) == (3, 0, {"programme_end_month": 2})


def test_several_replicates_print_median_and_range(with_stand_in, tmp_path, capsys):
    with_stand_in()
    asked = ["--months", "3", "--set", "programme_end_month=2", "--replicates", "21", "--jobs", "1"]
    assert main(["run", "baseline", *asked, "--out", str(tmp_path)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("introductions "))
    assert line.split(maxsplit=1)[1] == "12 (3–21)"


@pytest.mark.slow
def test_the_stored_rows_are_the_same_for_any_number_of_processes(tmp_path):
    rows = {"runs": 3, "series": 18}
    for jobs in (1, 2):
        asked = ["--replicates", "3", "--jobs", str(jobs), "--out", str(tmp_path / str(jobs))]
        assert main(["run", "smart-space-flexible", *SMALL, *asked]) == 0
    for table in ("runs", "series", "regions", "flows", "network"):
        one, two = (pq.read_table(tmp_path / jobs / table) for jobs in ("1", "2"))
        seconds = ["wall_seconds"] if table == "runs" else []
        assert one.drop_columns(seconds).equals(two.drop_columns(seconds))
        assert one.num_rows == rows.get(table, one.num_rows) > 0


def test_the_model_gives_whole_numbers_wherever_whole_numbers_are_stored(tmp_path):
    from experiments.result_tables import INDICATOR_TYPES
    from experiments.runner import simulate
    from experiments.specification import RunSpecification
    from simulation.scenario import load_scenario

    small = {"population.smes_per_cluster": 5, "months": 12}
    series = simulate(RunSpecification(load_scenario("smart-space-formal", small), 1, 0)).series
    for name, kind in INDICATOR_TYPES.items():
        kinds = {type(value) for value in series[name] if value is not None}
        assert kinds <= ({int} if str(kind) == "int64" else {int, float}), name


INTERRUPTED = """
import sys
from functools import partial
from experiments import replication
from regioscope.command_line import main
from tests.small_runs import takes_long

replication.warm_up = lambda announce: None
replication.replicate = partial(replication.replicate, simulate=takes_long)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_ends_all_processes_with_130_and_no_traceback(tmp_path):
    asked = ["run", "baseline", *SMALL, "--replicates", "4", "--jobs", "2", "--out", str(tmp_path)]
    script = tmp_path.parent / "interrupted.py"
    script.write_text(INTERRUPTED.replace("sys.exit(", 'if __name__ == "__main__":\n    sys.exit('))
    running = subprocess.Popen(
        [sys.executable, str(script), *asked],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while not (tmp_path / "manifest.json").exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "To go on: regioscope run baseline" in said
    assert "Traceback" not in said


def test_version_names_the_program(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("regioscope ")


def test_help_lists_what_exists(capsys):
    assert main(["--help"]) == 0
    commands = capsys.readouterr().out
    for name in ("run", "scenario", "describe"):
        assert f"  {name} " in commands


def test_formal_and_flexible_differ_in_governance_alone(capsys):
    assert main(["scenario", "diff", "smart-space-formal", "smart-space-flexible"]) == 0
    assert capsys.readouterr().out == 'partnership.governance: "formal" -> "flexible"\n'


def test_the_list_holds_every_scenario_with_its_title(capsys):
    assert main(["scenario", "list", "--json"]) == 0
    listed = {each["name"]: each["title"] for each in json.loads(capsys.readouterr().out)}
    assert {"baseline", "smart-space-formal", "smart-space-flexible"} <= set(listed)
    assert all(listed.values())


def test_what_is_shown_of_a_scenario_is_a_scenario_again(tmp_path, capsys):
    assert main(["scenario", "show", "smart-space-formal", "--set", "months=48"]) == 0
    text = capsys.readouterr().out
    assert tomllib.loads(text)["months"] == 48
    (tmp_path / "copy.toml").write_text(text)
    assert main(["scenario", "check", str(tmp_path / "copy.toml"), "baseline"]) == 0


def test_check_reports_every_wrong_file_and_the_right_ones_too(tmp_path, capsys):
    for name in ("first", "second"):
        (tmp_path / f"{name}.toml").write_text('extends = "baseline"\nmonths = 0\n')
    assert main(["scenario", "check", str(tmp_path / "first.toml"), "baseline", str(tmp_path / "second.toml")]) == 3
    printed = capsys.readouterr()
    assert printed.err.count("must be at least 1") == 2
    assert printed.out == "baseline: is valid\n"


def test_the_schema_is_json_and_requires_nothing(capsys):
    assert main(["scenario", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert "required" not in schema
    assert "population" in schema["properties"]
