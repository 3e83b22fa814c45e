import json
from functools import partial

import pytest

from analysis import figures
from experiments import replication
from experiments.results import open_results
from experiments.runner import Measured
from regioscope.command_line import main
from tests.small_runs import fails_in_replicate_1, interrupted_in_replicate_2, made_up_run, made_up_series

WRITE_FIGURES = figures.write_figures
FORMAL, FLEXIBLE = "smart-space-formal", "smart-space-flexible"
SMALL = ["--set", "population.smes_per_cluster=5", "--set", "programme_end_month=2", "--months", "26", "--jobs", "1"]
BOTH = ["compare", FORMAL, FLEXIBLE, *SMALL]


def flexible_has_more(specification):
    """Replicate + month in both arms; ten more introductions and half the public cost in the flexible one."""
    series = made_up_series(specification)
    if specification.scenario.name == FLEXIBLE:
        series["introductions"] = [value + 10 for value in series["introductions"]]
        series["public_cost_keur"] = [value / 2 for value in series["public_cost_keur"]]
    run = made_up_run(specification)
    return Measured(series, run.regions, run.flows, run.network)


def small_differences(specification):
    """One euro more or less in turn."""
    series = made_up_series(specification)
    if specification.scenario.name == FLEXIBLE:
        step = 0.001 * (-1) ** specification.replicate
        series["public_cost_keur"] = [value + step for value in series["public_cost_keur"]]
    run = made_up_run(specification)
    return Measured(series, run.regions, run.flows, run.network)


@pytest.fixture
def with_stand_in(monkeypatch):
    """Replace the model by a stand-in, and the drawing of figures by nothing unless they are wanted."""

    def put(simulate=flexible_has_more, figures=False):
        monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)
        monkeypatch.setattr("experiments.replication.replicate", partial(replication.replicate, simulate=simulate))
        if not figures:
            monkeypatch.setattr("analysis.figures.write_figures", lambda results: [])
        else:
            monkeypatch.setattr("analysis.figures.write_figures", WRITE_FIGURES)

    return put


def as_json(capsys):
    return json.loads(capsys.readouterr().out)


def one_line(printed):
    return " ".join(printed.split())


def contrasts_of(found, horizon="plus24"):
    return {row["indicator"]: row for row in found["contrasts"] if row["horizon"] == horizon}


def test_differences_are_the_other_minus_the_first_pair_by_pair(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "4", "--out", str(tmp_path), "--json"]) == 0
    found = as_json(capsys)
    assert found["reference"] == FORMAL
    row = contrasts_of(found)["introductions"]
    assert (row["reference"], row["other"], row["pairs"]) == (FORMAL, FLEXIBLE, 4)
    assert (row["difference"], row["better"], row["equal"]) == (10, 1, 0)
    cost = contrasts_of(found, "end")["public_cost_keur"]
    assert (cost["month"], cost["difference"], cost["seen"]) == (2, -1.75, "less")
    assert cost["low"] < -1.75 < cost["high"] < 0


def test_an_undefined_value_is_null_in_json(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "2", "--out", str(tmp_path), "--json"]) == 0
    printed = capsys.readouterr().out
    assert "NaN" not in printed
    row = contrasts_of(json.loads(printed))["partnership_signed_month"]
    assert (row["difference"], row["pairs"]) == (None, 0)


def test_a_scenario_compared_with_itself_differs_nowhere(with_stand_in, tmp_path, capsys):
    with_stand_in(made_up_run)
    asked = ["compare", FORMAL, FORMAL, *SMALL, "--replicates", "3", "--out", str(tmp_path), "--json"]
    assert main(asked) == 0
    found = as_json(capsys)
    assert list(found["arms"]) == [FORMAL, f"{FORMAL}-2"]
    defined = [row for row in found["contrasts"] if row["difference"] is not None]
    assert len(defined) > 50
    assert {row[key] for row in defined for key in ("difference", "low", "high")} == {0}


def test_the_cost_is_told_before_any_result(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "4", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "No: by the end of the programme flexible costs the public 2 keur, 50 %, less than" in one_line(printed)
    assert printed.index("cost the public the same?") < printed.index("At the end of the programme")


def test_arms_within_one_per_cent_cost_the_same(with_stand_in, tmp_path, capsys):
    with_stand_in(small_differences)
    assert main([*BOTH, "--replicates", "6", "--out", str(tmp_path)]) == 0
    printed = one_line(capsys.readouterr().out)
    assert "Yes: by the end of the programme flexible and formal cost the public the same to within 1 %" in printed


def test_totals_stand_beside_programme_made_other_and_cross_border(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "2", "--out", str(tmp_path)]) == 0
    lines = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()]
    for total in ("collaborations", "innovations_commercialised"):
        at, what = lines.index(total), total.partition("_")[0]
        parts = ("programme", "other", "cross_border", "domestic")
        assert lines[at + 1 : at + 5] == [f"{what}_{part}" for part in parts]


def test_one_pair_has_no_interval_and_says_so(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "1", "--out", str(tmp_path)]) == 0
    assert "Fewer than two pairs of runs" in capsys.readouterr().out


def test_one_scenario_is_told_what_it_costs_beside_each_reference_arm(with_stand_in, tmp_path, capsys):
    with_stand_in()
    asked = ["compare", FLEXIBLE, "--reference", *SMALL, "--replicates", "3", "--out", str(tmp_path)]
    assert main(asked) == 0
    printed = one_line(capsys.readouterr().out)
    for arm in ("none", "separate", "random"):
        assert f"{arm} costs the public" in printed


def test_programmes_that_end_in_different_months_are_dated_and_warned_about(with_stand_in, tmp_path, capsys):
    with_stand_in()
    longer = tmp_path / "longer.toml"
    longer.write_text(f'extends = "{FLEXIBLE}"\nstart = "2020-01"\nprogramme_end_month = 14\n')
    asked = ["compare", FLEXIBLE, str(longer), "--reference", "--months", "26", "--jobs", "1", "--replicates", "3"]
    set_in_file = ["--set", "population.smes_per_cluster=5"]
    shorter = tmp_path / "shorter.toml"
    shorter.write_text(f'extends = "{FLEXIBLE}"\nprogramme_end_month = 2\n')
    asked[1] = str(shorter)
    assert main([*asked, *set_in_file, "--out", str(tmp_path / "out")]) == 0
    printed = one_line(capsys.readouterr().out)
    assert "(2019-02 in shorter, 2021-02 in longer)" in printed
    assert "month 2 of shorter and month 14 of longer: counts and money run over unequal times" in printed
    assert "What longer adds: 12 months after the end of the programme" in printed


def test_what_became_of_a_partnership_that_did_not_sign_is_said(with_stand_in, tmp_path, capsys):
    with_stand_in()
    asked = ["compare", FORMAL, FLEXIBLE, *SMALL[:-4], "--jobs", "1", "--replicates", "2"]
    said = {}
    for months, fallback in ((14, "letter_of_intent"), (14, "none"), (5, "none")):
        out = str(tmp_path / f"{months}-{fallback}")
        changes = ["--months", str(months), "--set", f"partnership.fallback={fallback}"]
        assert main([*asked, *changes, "--out", out]) == 0
        said[months, fallback] = one_line(capsys.readouterr().out)
    signed = "a common objective was signed in 0 of 2 runs; "
    assert f"{signed}in the others a letter of intent took its place at the deadline" in said[14, "letter_of_intent"]
    assert f"{signed}the others were dissolved at the deadline of 12 months" in said[14, "none"]
    assert f"{signed}the others were still negotiating when the run ended" in said[5, "none"]


def signs_in_every_third(specification):
    """A formal partnership that signs in every third replicate, at a high price."""
    series = made_up_series(specification)
    signs = specification.scenario.name == FORMAL and specification.replicate % 3 == 0
    series["partnership_signed_month"] = [1 if signs else None for _ in series["partnership_signed_month"]]
    series["public_cost_keur"] = [100 + specification.replicate + (500 if signs else 0)] * specification.months
    run = made_up_run(specification)
    return Measured(series, run.regions, run.flows, run.network)


def test_a_mean_cost_between_two_outcomes_is_told_for_each(with_stand_in, tmp_path, capsys):
    with_stand_in(signs_in_every_third)
    assert main([*BOTH, "--replicates", "6", "--out", str(tmp_path)]) == 0
    printed = one_line(capsys.readouterr().out)
    assert "−500 keur where formal signed (2 of 6 pairs), 0 where not" in printed
    assert "signed in 2 of 6 runs (median: month 1)" in printed


def test_what_differs_between_the_arms_is_said_attribute_by_attribute(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "2", "--out", str(tmp_path)]) == 0
    printed = one_line(capsys.readouterr().out)
    assert f"Differs from {FORMAL} to {FLEXIBLE}: eligible named → neighbourhood, decision unanimity → none" in printed
    assert "governance" not in printed
    assert "11 regions and 4 sectors" in printed


def test_without_reference_arms_the_command_that_adds_them_is_named(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "2", "--out", str(tmp_path)]) == 0
    assert "add --reference" in capsys.readouterr().out


def test_no_number_is_cut_off_where_a_table_is_wide(with_stand_in, tmp_path, capsys):
    def large(specification):
        run = flexible_has_more(specification)
        for values in run.series.values():
            values[:] = [None if each is None else 1e6 * each for each in values]
        return run

    with_stand_in(large)
    asked = ["compare", FLEXIBLE, "--reference", *SMALL, "--replicates", "3", "--out", str(tmp_path)]
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert "…" not in printed
    assert printed.count("(") == printed.count(")")
    assert "(257,931 to" in printed


def test_figures_that_cannot_be_written_hide_no_result(with_stand_in, tmp_path, capsys):
    with_stand_in()
    asked = [*BOTH, "--replicates", "2", "--out", str(tmp_path)]
    assert main(asked) == 0
    (tmp_path / "figures").write_text("in the way")
    with_stand_in(figures=True)
    assert main(asked) == 3
    printed = capsys.readouterr()
    assert "At the end of the programme" in printed.out
    assert "cannot be written" in printed.err


def test_an_interruption_while_figures_are_drawn_says_how_to_go_on(with_stand_in, tmp_path, monkeypatch, capsys):
    def interrupted(results):
        raise KeyboardInterrupt

    with_stand_in()
    monkeypatch.setattr("analysis.figures.write_figures", interrupted)
    assert main([*BOTH, "--replicates", "2", "--out", str(tmp_path)]) == 130
    assert f"To go on: regioscope compare {FORMAL} {FLEXIBLE}" in capsys.readouterr().err


def test_called_again_it_computes_nothing_and_says_so(with_stand_in, tmp_path, capsys):
    with_stand_in()
    again = [*BOTH, "--replicates", "3", "--out", str(tmp_path)]
    assert main(again) == 0
    first = capsys.readouterr()
    assert main(again) == 0
    second = capsys.readouterr()
    assert "6 runs are stored already: nothing to compute" in second.err
    assert second.out == first.out


def test_more_replicates_extend_the_folder_and_keep_what_is_there(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "3", "--out", str(tmp_path)]) == 0
    kept = open_results(tmp_path).runs.set_index(["scenario", "run_id"])["wall_seconds"]
    assert main([*BOTH, "--replicates", "6", "--out", str(tmp_path)]) == 0
    assert "6 runs are stored already: computing the 6 missing" in capsys.readouterr().err
    runs = open_results(tmp_path).runs
    assert runs.groupby("scenario").size().to_dict() == {FLEXIBLE: 6, FORMAL: 6}
    assert runs.set_index(["scenario", "run_id"])["wall_seconds"].loc[kept.index].equals(kept)


def test_reference_arms_are_three_more_scenarios_of_the_results(with_stand_in, tmp_path, capsys):
    with_stand_in()
    asked = ["compare", FLEXIBLE, "--reference", *SMALL, "--replicates", "2", "--out", str(tmp_path)]
    assert main(asked) == 0
    assert f"What {FLEXIBLE} adds" in capsys.readouterr().out
    assert set(open_results(tmp_path).runs["scenario"]) == {FLEXIBLE, "none", "separate", "random"}


def test_without_out_a_dated_folder_under_results_is_named(with_stand_in, tmp_path, monkeypatch, capsys):
    with_stand_in()
    monkeypatch.chdir(tmp_path)
    assert main([*BOTH, "--replicates", "1"]) == 0
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.endswith(f"{FORMAL}-and-{FLEXIBLE}")
    assert f"results/{folder.name}" in capsys.readouterr().out


@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize("months", [1, 26])
def test_the_figures_are_written_and_the_last_line_names_one(with_stand_in, replicates, months, tmp_path, capsys):
    with_stand_in(figures=True)
    asked = [
        *BOTH[:-4],
        "--months",
        str(months),
        "--jobs",
        "1",
        "--replicates",
        str(replicates),
        "--out",
        str(tmp_path),
    ]
    assert main(asked) == 0
    written = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {f"{name}.{kind}" for name in ("months", "map") for kind in ("png", "svg")} <= written
    last = capsys.readouterr().out.splitlines()[-1].split()[-1]
    assert last.startswith(str(tmp_path / "figures"))
    assert last.removeprefix(f"{tmp_path / 'figures'}/") in written


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["compare"], 2, "SCENARIO"),
        (["compare", FORMAL], 2, "--reference"),
        (["compare", FORMAL, FLEXIBLE, "--replicates", "0"], 2, "--replicates"),
        (["compare", FORMAL, FLEXIBLE, "--months", "6", "--set", "months=7"], 2, "give one of them"),
        (["compare", FORMAL, "smart-space-flexibel"], 3, "Did you mean smart-space-flexible?"),
        (["compare", FORMAL, FLEXIBLE, "--set", "negotiation.spead=1"], 3, "Did you mean negotiation.speed?"),
    ],
)
def test_a_mistake_ends_with_its_exit_code_and_a_remedy_on_stderr(arguments, code, said, capsys):
    assert main(arguments) == code
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_other_scenarios_into_the_same_folder_end_with_3_and_lose_nothing(with_stand_in, tmp_path, capsys):
    with_stand_in()
    assert main([*BOTH, "--replicates", "2", "--out", str(tmp_path)]) == 0
    before = open_results(tmp_path).runs
    assert main(["compare", FLEXIBLE, FORMAL, *SMALL, "--replicates", "2", "--out", str(tmp_path)]) == 3
    assert "--out" in capsys.readouterr().err
    assert open_results(tmp_path).runs.equals(before)


def test_failed_runs_end_with_4_and_the_rest_is_compared(with_stand_in, tmp_path, capsys):
    with_stand_in(fails_in_replicate_1)
    assert main([*BOTH, "--seed", "7", "--replicates", "4", "--out", str(tmp_path)]) == 4
    printed = capsys.readouterr()
    assert "2 of 8 runs failed" in printed.err
    assert "At the end of the programme" in printed.out
    failures = open_results(tmp_path).failures
    expected = (
        f"regioscope run {FORMAL} --seed 7 --months 26 "
        "--set population.smes_per_cluster=5 --set programme_end_month=2 --replicate 1"
    )
    assert failures[failures["scenario"] == FORMAL]["command"].tolist() == [expected]


def test_an_interruption_ends_with_130_and_the_command_that_goes_on(with_stand_in, tmp_path, capsys):
    with_stand_in(interrupted_in_replicate_2)
    assert main([*BOTH, "--replicates", "4", "--out", str(tmp_path)]) == 130
    resume = capsys.readouterr().err.partition("To go on: regioscope ")[2].split()
    with_stand_in()
    assert main(resume) == 0
    assert "4 runs are stored already: computing the 4 missing" in capsys.readouterr().err
    assert len(open_results(tmp_path).runs) == 8
