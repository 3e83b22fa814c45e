import json

import pandas as pd
import pytest

from experiments.interruption import Stopped
from experiments.results import open_results
from experiments.runner import simulate
from experiments.shards import WHOLE, Shard
from experiments.study import load_study
from experiments.sweep import sweep
from regioscope.command_line import main
from regioscope.sweeping import sweep_of
from simulation.errors import DataError, IncompleteError
from tests.small_runs import SilentListener, made_up_run
from tests.tiny_study import write_tiny_study


class Listener(SilentListener):
    def __init__(self):
        super().__init__()
        self.plans = []

    def planned(self, plan):
        self.plans.append(plan)


@pytest.fixture(autouse=True)
def nothing_is_compiled(monkeypatch):
    monkeypatch.setattr("experiments.sweep.warm_up", lambda announce: None)


@pytest.fixture(name="study")
def tiny(tmp_path):
    return write_tiny_study(tmp_path / "study", 40)


def swept(study, out, shard=WHOLE, simulate=made_up_run, fresh=False):
    listener = Listener()
    tally = sweep(sweep_of(load_study(study), out, shard, fresh), listener, jobs=1, simulate=simulate)
    return tally, listener


def rewritten(study, old, new):
    text = study.read_text()
    assert old in text
    study.write_text(text.replace(old, new))
    return study


def rises_with_the_arm(specification):
    """Differences between arms that scatter by replicate, and at odd points not at all widely."""
    measured = made_up_run(specification)
    wide = 10.0 if specification.point % 2 == 0 else 0.1
    shift = (specification.replicate * 37 % 11 - 5) * wide if specification.arm == "random" else 0.0
    measured.series["knowledge_mean"] = [shift] * specification.months
    return measured


def fails_at_point_3(specification):
    if specification.point == 3 and specification.arm == "random":
        raise ZeroDivisionError("no firms left")
    return made_up_run(specification)


def test_every_arm_runs_at_every_point_as_often_as_asked(study, tmp_path):
    tally, listener = swept(study, tmp_path / "out")
    assert (tally.kept, tally.computed, tally.failed) == (0, 40, [])
    runs = open_results(tmp_path / "out").runs
    assert len(runs) == 40
    assert set(runs.groupby(["point", "arm"])["replicate"].apply(lambda each: tuple(sorted(each)))) == {(0, 1)}
    assert list(runs.columns[:8]) == [
        *("run_id", "scenario", "replicate", "seed", "point", "arm"),
        *("matching.rule", "matching.reservation_value"),
    ]
    assert (runs["arm"] == runs["matching.rule"]).all()
    assert listener.plans[0].missing == listener.plans[0].fewest == 40


def test_the_design_says_what_every_point_is(study, tmp_path):
    swept(study, tmp_path / "out")
    results = open_results(tmp_path / "out")
    assert results.arms == ["stable", "random"]
    design = results.design
    assert design["case"].tolist() == list(range(20))
    assert design["stored_as"].equals(design["case"].rename("stored_as"))
    merged = results.runs.merge(design, on=["point", "arm"], suffixes=("", "_design"))
    assert (merged["matching.reservation_value"] == merged["matching.reservation_value_design"]).all()


def test_the_same_study_again_computes_nothing_and_more_replicates_extend_it(study, tmp_path):
    swept(study, tmp_path / "out")
    tally, listener = swept(study, tmp_path / "out")
    assert (tally.kept, tally.computed) == (40, 0)
    assert listener.plans[0].missing == 0
    tally, _ = swept(rewritten(study, "replicates = 2", "replicates = 3"), tmp_path / "out")
    assert (tally.kept, tally.computed) == (40, 20)
    tally, _ = swept(rewritten(study, "replicates = 3", "replicates = 1"), tmp_path / "out")
    assert (tally.kept, tally.computed) == (20, 0)
    results = open_results(tmp_path / "out")
    assert len(results.runs) == 60
    assert results.manifest.study["replicates"] == results.manifest.replicates == 1


def test_shards_together_are_the_study_and_each_writes_its_own_parts(study, tmp_path):
    whole = tmp_path / "whole"
    swept(study, whole)
    for number in (2, 3, 1):
        tally, _ = swept(study, tmp_path / "out", Shard(number, 3))
        assert tally.kept == 0
    frames = [open_results(each).runs.drop(columns="wall_seconds") for each in (whole, tmp_path / "out")]
    pd.testing.assert_frame_equal(*frames, check_exact=True)
    parts = [path.stem.rpartition("-")[2] for path in (tmp_path / "out" / "runs").glob("*.parquet")]
    assert sorted(parts) == ["1of3", "2of3", "3of3"]


def test_more_shards_than_points_leave_none_without_work(study, tmp_path):
    computed = [swept(study, tmp_path / "out", Shard(number, 20))[0].computed for number in range(1, 21)]
    assert computed == [2] * 20


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("high = 0.4", "high = 0.5", "a study with other uncertainties"),
        ('"stable", "random"', '"random", "stable"', "a study with other levers"),
        ("points = 10", "points = 11", "a study with other design"),
        ("seed = 1", "seed = 2", "seed 1, not 2"),
        ("seed = 1", "seed = 1\nmonths = 3", "months 2, not 3"),
    ],
)
def test_another_study_is_refused_by_name_and_computes_nothing(old, new, said, study, tmp_path):
    swept(study, tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").read_text()
    with pytest.raises(DataError, match=said):
        swept(rewritten(study, old, new), tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").read_text() == before


def test_a_folder_of_another_command_is_refused(study, tmp_path):
    assert main(["run", str(study.parent / "tiny-scenario.toml"), "--out", str(tmp_path / "out")]) == 0
    with pytest.raises(DataError, match="results of run, not of sweep"):
        swept(study, tmp_path / "out")


def test_a_run_that_fails_is_a_row_with_the_command_that_reproduces_it_and_the_study_goes_on(study, tmp_path):
    tally, _ = swept(study, tmp_path / "out", simulate=fails_at_point_3)
    assert (tally.computed, len(tally.failed)) == (38, 2)
    failures = open_results(tmp_path / "out").failures
    assert set(failures["point"]) == {3}
    scenario = study.parent / "tiny-scenario.toml"
    assert failures["command"][0].startswith(
        f"regioscope run {scenario} --seed 1 --set 'matching.rule=\"random\"' --set "
    )
    assert "--replicate 0" in failures["command"][0]
    with pytest.raises(IncompleteError, match="2 of 40 runs failed"):
        tally.see_that_all_finished(lambda specification: "", tmp_path)
    tally, _ = swept(study, tmp_path / "out")
    assert (tally.kept, tally.computed) == (38, 2)
    assert open_results(tmp_path / "out").failures.empty


def test_the_command_of_a_failed_run_gives_that_very_run(study, tmp_path, capsys):
    _, _ = swept(study, tmp_path / "out", simulate=fails_at_point_3)
    command = open_results(tmp_path / "out").failures["command"][0]
    import shlex

    assert main([*shlex.split(command)[1:], "--out", str(tmp_path / "alone")]) == 0
    swept(study, tmp_path / "out", simulate=simulate)
    alone = open_results(tmp_path / "alone").runs.iloc[0]
    again = open_results(tmp_path / "out").runs.set_index("run_id").loc[alone["run_id"]]
    assert again["point"] == 3
    assert again["knowledge_mean"] == alone["knowledge_mean"]


def stopping(study):
    until = '{ until = "knowledge_mean", between = ["stable", "random"], width = 1.0, batch = 4, min = 6, max = 12 }'
    return rewritten(study, "replicates = 2", f"replicates = {until}")


def test_a_study_stops_at_each_point_as_soon_as_its_interval_is_narrow_enough(study, tmp_path):
    swept(stopping(study), tmp_path / "out", simulate=rises_with_the_arm)
    replicates = open_results(tmp_path / "out").runs.groupby("point")["replicate"].nunique()
    assert replicates.tolist() == [12, 6] * 5
    tally, _ = swept(study, tmp_path / "out", simulate=rises_with_the_arm)
    assert (tally.computed, tally.kept) == (0, 180)


def test_a_study_that_stops_by_itself_stops_alike_in_shards_and_after_an_interruption(study, tmp_path):
    stopping(study)
    swept(study, tmp_path / "whole", simulate=rises_with_the_arm)
    swept(study, tmp_path / "out", Shard(2, 3), simulate=rises_with_the_arm)
    swept(study, tmp_path / "out", Shard(1, 3), simulate=rises_with_the_arm)
    with pytest.raises(Stopped):
        swept(study, tmp_path / "out", Shard(3, 3), simulate=StopsAfter(9))
    swept(study, tmp_path / "out", simulate=rises_with_the_arm)
    frames = [open_results(tmp_path / each).runs.drop(columns="wall_seconds") for each in ("whole", "out")]
    pd.testing.assert_frame_equal(*frames, check_exact=True)


class StopsAfter:
    """Stands in for the model, and for somebody who asks to stop in the midst of a run."""

    def __init__(self, runs):
        self.left = runs

    def __call__(self, specification):
        import os
        import signal

        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return rises_with_the_arm(specification)


def test_a_request_to_stop_lets_the_run_that_has_begun_end_and_be_stored(study, tmp_path):
    with pytest.raises(Stopped) as stopped:
        swept(study, tmp_path / "out", simulate=StopsAfter(30))
    assert stopped.value.asked == "SIGTERM"
    assert stopped.value.computed == 30
    assert len(open_results(tmp_path / "out").runs) == 30


def test_cases_that_are_the_same_run_are_computed_and_stored_once(study, tmp_path):
    text = study.read_text()
    (study.parent / "points.csv").write_text("matching.reservation_value\n0.1\n0.2\n0.1\n")
    study.write_text(
        text[: text.index("[design]")]
        + '[design]\nkind = "csv"\nfile = "points.csv"\n'
        + text[text.index("[levers]") : text.index("[uncertainties]")]
    )
    tally, _ = swept(study, tmp_path / "out")
    assert tally.computed == 8
    results = open_results(tmp_path / "out")
    assert results.design["stored_as"].tolist() == [0, 1, 2, 3, 0, 1]
    assert sorted(set(results.runs["point"])) == [0, 1]


def test_a_dry_run_prints_the_plan_and_writes_nothing(study, tmp_path, capsys):
    assert main(["sweep", str(study), "--out", str(tmp_path / "out"), "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert "Plan: 10 design points, 2 arms, 40 runs" in printed
    assert "s a run" in printed
    assert not (tmp_path / "out").exists()
    assert main(["sweep", str(study), "--out", str(tmp_path / "out"), "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["points"], plan["arms"], plan["missing"]) == (10, 2, 40)
    assert plan["seconds"] > 0


def test_a_sweep_from_python_gives_its_results(study, tmp_path):
    import regioscope as rs

    results = rs.sweep(study, out=tmp_path / "out", jobs=1)
    assert len(results.runs) == 40
    assert set(results.design.columns) >= {"case", "point", "arm", "matching.rule"}


def test_without_a_study_those_there_are_are_listed(capsys):
    assert main(["sweep"]) == 0
    listed = capsys.readouterr().out
    for name in ("formal-vs-flexible", "brokers", "grants-or-services", "governance-attributes"):
        assert name in listed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--wait"], "need --engine slurm"),
        (["--tasks", "3"], "need --engine slurm"),
        (["--shard", "1/2"], "needs --out"),
        (["--shard", "1/2", "--fresh", "--out", "x"], "neither with --fresh"),
        (["--shard", "3/2", "--out", "x"], "is no shard"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, said, study, capsys):
    assert main(["sweep", str(study), *options]) == 2
    assert said in capsys.readouterr().err


def shifts_by_point(specification):
    measured = made_up_run(specification)
    luck = specification.replicate * 0.5
    shift = specification.point + luck if specification.arm == "random" else luck
    measured.series["knowledge_mean"] = [shift] * specification.months
    return measured


def test_a_contrast_of_two_arms_of_a_study_has_a_pair_a_design_point(study, tmp_path):
    import numpy as np

    import regioscope as rs

    swept(study, tmp_path / "out", simulate=shifts_by_point)
    found = rs.contrast(open_results(tmp_path / "out"), "random", indicators=["knowledge_mean"])
    assert found["pairs"].tolist() == [10] * len(found)
    points = np.arange(10.0)
    assert found["difference"].iloc[0] == pytest.approx(points.mean())
    assert found["high"].iloc[0] - found["difference"].iloc[0] == pytest.approx(2.262157 * points.std(ddof=1) / 10**0.5)


def test_two_scenarios_that_are_the_same_run_are_both_complete(study, tmp_path):
    text = (study.parent / "tiny-scenario.toml").read_text()
    for name in ("one", "two"):
        (study.parent / f"{name}.toml").write_text(text)
    twins = study.parent / "twins.toml"
    twins.write_text('scenarios = ["one.toml", "two.toml"]\nreplicates = 10\n')
    tally, _ = swept(twins, tmp_path / "out")
    assert tally.computed == 20
    assert len(open_results(tmp_path / "out").runs) == 20


def test_a_design_of_another_study_or_model_is_not_taken_for_this_ones(study, tmp_path):
    swept(study, tmp_path / "whole")
    out = tmp_path / "out"
    swept(rewritten(study, "high = 0.4", "high = 0.5"), out)
    other = (out / "design.parquet").read_bytes()
    swept(rewritten(study, "high = 0.5", "high = 0.4"), out, fresh=True)
    (out / "design.parquet").write_bytes(other)
    swept(study, out)
    frames = [open_results(tmp_path / each).design for each in ("whole", "out")]
    pd.testing.assert_frame_equal(*frames)


@pytest.mark.parametrize("damage", [None, b"PAR1 no table"])
def test_a_design_that_is_gone_or_damaged_is_written_anew(damage, study, tmp_path):
    swept(study, tmp_path / "out")
    whole = open_results(tmp_path / "out").design
    design = tmp_path / "out" / "design.parquet"
    design.unlink()
    if damage is not None:
        design.write_bytes(damage)
    (tmp_path / "out" / ".design.parquet.0011").write_bytes(b"half")
    tally, _ = swept(study, tmp_path / "out")
    assert tally.computed == 0
    pd.testing.assert_frame_equal(open_results(tmp_path / "out").design, whole)


def test_a_request_to_stop_during_the_trial_keeps_the_runs_that_ended(study, tmp_path):
    with pytest.raises(Stopped) as stopped:
        swept(study, tmp_path / "out", simulate=StopsAfter(3))
    assert stopped.value.computed == 3
    assert len(open_results(tmp_path / "out").runs) == 3


def test_every_row_has_the_version_that_the_study_was_begun_with(study, tmp_path, monkeypatch):
    swept(study, tmp_path / "out", Shard(1, 2))
    monkeypatch.setattr("experiments.manifest.code_version", lambda: "9.9")
    swept(study, tmp_path / "out", Shard(2, 2))
    assert open_results(tmp_path / "out").runs["code_version"].nunique() == 1


def test_old_code_that_ends_late_does_not_delete_what_new_code_has_stored(study, tmp_path, monkeypatch):
    from experiments.sweep import begun

    late = sweep_of(load_study(study), tmp_path / "out", WHOLE)
    (tmp_path / "out").mkdir()
    old_store = begun(late)
    for place in ("manifest", "specification"):
        monkeypatch.setattr(f"experiments.{place}.simulation_digest", lambda: "another model")
    swept(study, tmp_path / "out")
    old_store.merge()
    assert len(open_results(tmp_path / "out").runs) == 40


def test_points_that_ran_often_do_not_hide_points_that_never_ran(study, tmp_path):
    from experiments.progress import progress_of

    stopping(study)
    swept(study, tmp_path / "out", Shard(1, 2), simulate=rises_with_the_arm)
    assert progress_of(open_results(tmp_path / "out")).missing == 5 * 2 * 6
