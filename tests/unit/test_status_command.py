import json
from dataclasses import replace

import numpy as np
import pytest

from experiments import replication
from experiments.batch_queue import SubmittedJobs
from experiments.interim import interim_of
from experiments.output_folder import JOBS
from experiments.paired import paired_difference
from experiments.parts import part_paths
from experiments.progress import progress_of
from experiments.results import open_results
from experiments.runner import Measured
from regioscope.command_line import main
from simulation.errors import UsageError
from tests.small_runs import SilentListener, comparison, fails_in_replicate_1, made_up_run, made_up_series, request
from tests.small_sweep import UNTIL, dated, put_sweep, small_study

NOW = 1_800_000_000.0


def uneven(specification):
    """More introductions in the flexible arm: by the square of the replicate, and ten for every later point."""
    series = made_up_series(specification)
    if (specification.arm or specification.scenario_name) in ("flexible", "smart-space-flexible"):
        more = specification.replicate**2 + 10 * (specification.point or 0)
        series["introductions"] = [value + more for value in series["introductions"]]
    run = made_up_run(specification)
    return Measured(series, run.regions, run.flows, run.network)


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """A folder with small made-up results."""
    monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)

    def put(asked, simulate=made_up_run):
        folder = tmp_path / "results"
        replication.replicate(asked, folder, SilentListener(), jobs=1, simulate=simulate)
        return folder

    return put


def status_of(folder, capsys):
    capsys.readouterr()
    assert main(["status", str(folder), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_finished_comparison_is_said_to_be_complete(stored, capsys):
    folder = stored(comparison(replicates=3))
    assert main(["status", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "compare of smart-space-formal, smart-space-flexible: 2 arms, 3 replicates, seed 1" in printed
    assert "6 of 6 runs stored\n" in printed
    assert "means over 3 pairs of runs; intervals of 95 % are over the pairs" in printed
    assert "runs a minute" not in printed


def test_one_run_is_one_run(stored, capsys):
    assert main(["status", str(stored(request()))]) == 0
    printed = capsys.readouterr().out
    assert "1 of 1 runs stored" in printed
    assert "means over 1 run." in printed


def test_failures_are_counted_apart_with_the_first_command_that_reproduces_one(stored, capsys):
    folder = stored(request(replicates=3), simulate=fails_in_replicate_1)
    assert main(["status", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "2 of 3 runs stored, 1 failed\n" in printed
    assert "replicate 1: ZeroDivisionError: no firms left" in printed
    assert "reproduce it with: again 1" in printed


def test_a_failure_that_was_made_good_is_no_failure(stored, capsys):
    stored(request(replicates=3), simulate=fails_in_replicate_1)
    found = status_of(stored(request(replicates=3)), capsys)
    assert (found["done"], found["failed"], found["missing"]) == (3, 0, 0)


def test_missing_runs_of_a_sweep_are_counted_over_arms_points_and_replicates(tmp_path, capsys):
    folder = put_sweep(tmp_path / "out", small_study(tmp_path), lambda each: (each.point, each.replicate) != (1, 1))
    assert main(["status", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "sweep of speed (Speed against fees): 2 arms at 4 design points, 2 replicates, seed 7" in printed
    assert "14 of 16 runs stored, 2 missing" in printed


def test_the_differences_of_a_comparison_are_paired_by_replicate(stored):
    interim = interim_of(open_results(stored(comparison(replicates=4), simulate=uneven)), ["introductions"])
    formal = np.array([3.0, 4.0, 5.0, 6.0])
    expected = paired_difference(formal, formal + np.array([0.0, 1.0, 4.0, 9.0]))
    assert interim.differences["introductions"] == {"smart-space-flexible": expected}
    assert interim.means["introductions"] == {"smart-space-formal": 4.5, "smart-space-flexible": 8.0}
    assert (interim.points, interim.pairs, interim.is_over_points) == (1, 4, False)


def test_in_a_design_with_several_points_a_point_is_one_observation(tmp_path, capsys):
    folder = put_sweep(tmp_path / "out", small_study(tmp_path), simulate=uneven)
    found = interim_of(open_results(folder), ["introductions"])
    by_point = np.array([0.5, 10.5, 20.5, 30.5])
    expected = paired_difference(np.full(4, 4.5), 4.5 + by_point)
    assert found.differences["introductions"] == {"flexible": expected}
    assert (found.points, found.pairs, found.is_over_points) == (4, 8, True)
    assert expected.pairs == 4
    assert main(["status", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "means over 4 design points, each the mean of its pairs of runs" in printed
    assert "intervals of 95 % are over the points" in printed


def test_a_run_whose_pair_is_missing_does_not_count(tmp_path):
    study = small_study(tmp_path)
    folder = put_sweep(tmp_path / "out", study, lambda each: (each.point, each.arm) != (3, "formal"), uneven)
    found = interim_of(open_results(folder), ["introductions"])
    by_point = np.array([0.5, 10.5, 20.5])
    assert found.differences["introductions"]["flexible"] == paired_difference(np.full(3, 4.5), 4.5 + by_point)
    assert found.means["introductions"]["flexible"] == pytest.approx(4.5 + by_point.mean(), abs=1e-12)


def test_an_indicator_that_some_runs_leave_undefined_is_compared_over_the_others(stored):
    def sometimes(specification):
        series = made_up_series(specification)
        if specification.replicate == 1:
            series["introductions"] = [None] * specification.months
        run = made_up_run(specification)
        return Measured(series, run.regions, run.flows, run.network)

    found = interim_of(open_results(stored(comparison(replicates=3), simulate=sometimes)), ["introductions"])
    assert found.differences["introductions"]["smart-space-flexible"].pairs == 2
    assert found.means["introductions"]["smart-space-formal"] == 4.0


def test_cases_that_are_the_same_run_are_asked_for_once_and_stand_at_every_point(tmp_path):
    idle = '"partnership.presets.flexible.floor" = [0.25, 0.5]'
    study = small_study(tmp_path, uncertainties=idle)
    results = open_results(put_sweep(tmp_path / "out", study, simulate=uneven))
    assert progress_of(results).asked == 2 * 3 == progress_of(results).done
    found = interim_of(results, ["introductions"])
    assert (found.points, found.pairs) == (2, 4)


def test_before_any_run_is_stored_nothing_is_compared(tmp_path, capsys):
    folder = put_sweep(tmp_path / "out", small_study(tmp_path), lambda each: False)
    assert main(["status", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "0 of 16 runs stored, 16 missing" in printed
    assert "No pair of runs of all arms is stored yet" in printed


def test_the_pace_is_that_of_the_parts_written_after_a_writers_first(tmp_path):
    study = small_study(tmp_path, "replicates = 5")
    folder = put_sweep(tmp_path / "out", study, lambda each: each.replicate < 4)
    dated(folder, [NOW - 3600, NOW - 240, NOW - 120, NOW - 60])
    pace = progress_of(open_results(folder), now=NOW).pace
    assert pace.runs_a_minute == pytest.approx(16 / 4, rel=1e-6)
    assert pace.seconds_since == pytest.approx(60, abs=1e-3)
    assert pace.minutes_left == pytest.approx(8 / 4, rel=1e-6)


def test_nobody_is_writing_after_three_minutes_of_silence(tmp_path):
    study = small_study(tmp_path, "replicates = 5")
    folder = put_sweep(tmp_path / "out", study, lambda each: each.replicate < 4)
    dated(folder, [NOW - 500, NOW - 400, NOW - 300, NOW - 200])
    assert progress_of(open_results(folder), now=NOW).pace is None


def test_a_single_part_may_be_a_merged_one_and_shows_no_pace(tmp_path):
    study = small_study(tmp_path, "replicates = 5")
    folder = put_sweep(tmp_path / "out", study, lambda each: each.replicate < 1)
    dated(folder, [NOW - 10])
    assert progress_of(open_results(folder), now=NOW).pace is None


def test_nothing_is_left_of_a_complete_study_however_lately_it_was_written(tmp_path):
    folder = put_sweep(tmp_path / "out", small_study(tmp_path))
    dated(folder, [NOW - 20, NOW - 10])
    assert progress_of(open_results(folder), now=NOW).pace is None


def test_a_study_that_stops_by_itself_is_asked_for_between_two_numbers(tmp_path, capsys):
    study = small_study(tmp_path, UNTIL)
    folder = put_sweep(tmp_path / "out", study, lambda each: each.replicate < 2 and each.point < 3)
    assert main(["status", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "2 to 6 replicates" in printed
    assert "12 of 16 to 48 runs stored, 4 missing, 4 design points without replicates enough" in printed
    assert printed.count("introductions ") == 1


def test_a_point_whose_interval_is_still_wide_needs_more_replicates_until_there_are_no_more(tmp_path):
    study = small_study(tmp_path, UNTIL)
    folder = put_sweep(tmp_path / "out", study, lambda each: each.replicate < 4, uneven)
    assert interim_of(open_results(folder)).open_points == 4
    put_sweep(folder, study, lambda each: each.point < 3, uneven)
    assert interim_of(open_results(folder)).open_points == 1


def test_the_batch_job_of_a_folder_is_said_to_be_in_the_queue_or_not(tmp_path, monkeypatch, capsys):
    folder = put_sweep(tmp_path / "out", small_study(tmp_path))
    jobs = SubmittedJobs("123", 8, 60, "array.sh", "regioscope sweep", "2026-03-01T10:00:00+00:00")
    (folder / JOBS).mkdir()
    (folder / JOBS / "submitted.json").write_text(json.dumps({**vars(jobs), "notes": []}))
    for answer, said in ((jobs, "is in the queue"), (None, "has left the queue")):
        monkeypatch.setattr("experiments.batch_queue.queued_jobs", lambda folder, answer=answer: answer)
        assert main(["status", str(folder)]) == 0
        assert f"job array 123 of 8 tasks, submitted {jobs.submitted}, {said}" in capsys.readouterr().out


def test_without_a_queue_here_the_status_is_given_all_the_same(tmp_path, monkeypatch, capsys):
    def nowhere(folder):
        raise UsageError("squeue: there is no such command here")

    folder = put_sweep(tmp_path / "out", small_study(tmp_path))
    (folder / JOBS).mkdir()
    (folder / JOBS / "submitted.json").write_text(json.dumps({"job": "1", "tasks": 2, "submitted": "then"}))
    monkeypatch.setattr("experiments.batch_queue.queued_jobs", nowhere)
    assert status_of(folder, capsys)["jobs"]["in_queue"] is None


def test_a_damaged_note_of_a_job_is_passed_over(tmp_path, capsys):
    folder = put_sweep(tmp_path / "out", small_study(tmp_path))
    (folder / JOBS).mkdir()
    (folder / JOBS / "submitted.json").write_text("{")
    assert status_of(folder, capsys)["jobs"] is None


def test_the_status_reads_no_series(stored, capsys):
    folder = stored(comparison(replicates=2))
    for path in part_paths(folder / "series"):
        path.write_bytes(b"damaged")
    assert main(["status", str(folder)]) == 0


def test_an_arm_of_which_no_run_is_stored_leaves_no_pair(stored):
    results = open_results(stored(comparison(replicates=2)))
    scenarios = {**results.manifest.scenarios, "other": results.manifest.scenarios["smart-space-formal"]}
    results.manifest = replace(results.manifest, scenarios=scenarios)
    assert interim_of(results).pairs == 0
    assert progress_of(results).missing == 2


def test_a_folder_without_results_is_refused(tmp_path, capsys):
    assert main(["status", str(tmp_path)]) == 3
    assert "holds no manifest.json" in capsys.readouterr().err
