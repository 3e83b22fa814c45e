import json
from functools import partial

import pytest

from analysis.contrasts import definition_of
from experiments import families, replication
from experiments.families import FAMILIES, Expectation, Family
from experiments.published_models import PUBLISHED_MODELS, PublishedFigure
from experiments.published_papers import PAPERS
from experiments.runner import Measured
from regioscope.command_line import main
from regioscope.family_validation import family_request
from simulation.scenario import load_scenario
from tests.small_runs import fails_in_replicate_1, interrupted_in_replicate_2, made_up_run, made_up_series

HEAD = """
extends = "smart-space-flexible"
title = "What took place"
months = 26
programme_end_month = 2

[population]
smes_per_cluster = 5
{facts}
"""
DOCUMENTED = """
[[facts]]
quantity = "introductions made"
value = {value}
unit = "introduction"
source = "a report"
role = "{role}"
indicator = "introductions"
bound = "at_least"

[[facts]]
quantity = "months planned"
value = 2
unit = "month"
source = "a report"
role = "input"

[[facts]]
quantity = "letters written"
value = 7
unit = "letter"
source = "a report"
role = "validation"
"""
WITHOUT = 'extends = "head.toml"\n[platform]\nstaffed = false\n'


def head_has_ten_more(specification):
    series = made_up_series(specification)
    if specification.scenario.name == "head":
        series["introductions"] = [value + 10 for value in series["introductions"]]
        series["collaborations"] = [value - 10 for value in series["collaborations"]]
    run = made_up_run(specification)
    return Measured(series, run.regions, run.flows, run.network)


@pytest.fixture
def family(monkeypatch, tmp_path):
    """Puts one family in the place of all: a head with facts, and a removal."""

    def put(value=5, role="validation", removal=WITHOUT, simulate=head_has_ten_more):
        facts = DOCUMENTED.format(value=value, role=role)
        (tmp_path / "head.toml").write_text(HEAD.format(facts=facts))
        (tmp_path / "without.toml").write_text(removal)
        head, without = str(tmp_path / "head.toml"), str(tmp_path / "without.toml")
        expected = (
            Expectation(without, "introductions", "+", "a study"),
            Expectation(without, "collaborations", "+", "a study"),
            Expectation("none", "projects_started", "open", "no study"),
        )
        monkeypatch.setattr(families, "FAMILIES", (Family("made-up", head, (without,), expected),))
        if simulate is not None:
            monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)
            monkeypatch.setattr("experiments.replication.replicate", partial(replication.replicate, simulate=simulate))

    return put


def asked(tmp_path, *more, replicates=6):
    return ["validate", "made-up", "--replicates", str(replicates), "--jobs", "1", "--out", str(tmp_path / "o"), *more]


def as_json(capsys):
    (found,) = json.loads(capsys.readouterr().out)["families"]
    return found


def one_line(text):
    return " ".join(text.split())


def test_it_ends_with_0_where_every_validation_target_is_met(family, tmp_path, capsys):
    family()
    assert main(asked(tmp_path)) == 0
    printed = one_line(capsys.readouterr().out)
    assert "1 of 1 validation targets met, 0 missed; 1 documented but not simulated" in printed


def test_it_ends_with_4_where_one_is_missed_and_still_prints_everything(family, tmp_path, capsys):
    family(value=1000)
    assert main(asked(tmp_path)) == 4
    printed = capsys.readouterr()
    assert "median below 1,000" in one_line(printed.out)
    assert "letters written" in printed.out
    assert "months planned" in printed.out
    assert "1 validation target was missed" in printed.err


def test_a_calibration_figure_that_is_missed_is_shown_and_does_not_count(family, tmp_path, capsys):
    family(value=1000, role="calibration")
    assert main(asked(tmp_path)) == 0
    assert "missed: median below 1,000" in one_line(capsys.readouterr().out)


def test_json_holds_every_figure_with_its_verdict_and_source(family, tmp_path, capsys):
    family()
    assert main(asked(tmp_path, "--json")) == 0
    facts = as_json(capsys)["facts"]
    assert [(each["role"], each["verdict"]) for each in facts] == [
        ("validation", "met"),
        ("input", "input"),
        ("validation", "not simulated"),
    ]
    assert {each["source"] for each in facts} == {"a report"}
    assert facts[0]["simulated"]["median"] == 14.5
    assert facts[0]["judged_in_month"] == 2
    assert facts[1]["simulated"] is None


def test_a_difference_is_held_against_the_sign_that_studies_let_one_expect(family, tmp_path, capsys):
    family()
    assert main(asked(tmp_path, "--json")) == 0
    found = {(each["indicator"], each["horizon"]): each for each in as_json(capsys)["comparisons"]}
    assert found["introductions", "end"]["difference"] == 10
    assert found["introductions", "plus24"]["verdict"] == "as expected"
    assert found["collaborations", "end"]["verdict"] == "against the evidence"
    assert found["projects_started", "end"]["verdict"] == "not seen"
    assert found["projects_started", "end"]["low"] is None


def test_a_direction_against_the_evidence_is_said(family, tmp_path, capsys):
    family()
    assert main(asked(tmp_path)) == 0
    printed = one_line(capsys.readouterr().out)
    assert "2 differences against the evidence" in printed
    assert "expected +: a study" in printed


def test_a_removal_that_removes_nothing_is_called_the_same_runs(family, tmp_path, capsys):
    family(removal='extends = "head.toml"\ntitle = "The same"\n', simulate=made_up_run)
    main(asked(tmp_path, "--json"))
    compared = [each for each in as_json(capsys)["comparisons"] if each["expected"] == "+"]
    assert {each["verdict"] for each in compared} == {"the same runs"}


def test_the_smallest_difference_that_would_have_been_seen_is_said_where_none_was(family, tmp_path, capsys):
    def by_luck(specification):
        series = made_up_series(specification)
        if specification.scenario.name == "head":
            step = 3 * (-1) ** specification.replicate
            series["introductions"] = [value + step for value in series["introductions"]]
        run = made_up_run(specification)
        return Measured(series, run.regions, run.flows, run.network)

    family(simulate=by_luck)
    main(asked(tmp_path))
    assert "nothing seen; 5 would have been" in one_line(capsys.readouterr().out)


def test_few_runs_are_warned_about(family, tmp_path, capsys):
    family(value=1)
    main(asked(tmp_path, replicates=3))
    assert "With 3 runs the interval is hardly more than their range" in one_line(capsys.readouterr().out)


def test_the_cost_is_predicted_before_anything_is_computed(family, tmp_path, capsys):
    family()
    main(asked(tmp_path))
    assert capsys.readouterr().err.startswith("30 runs of 1 initiative: about ")


def test_only_the_head_has_reference_arms(family, tmp_path):
    family()
    (only,) = families.FAMILIES
    arms = family_request(only, 3, 1).arms
    assert [arm.name for arm in arms] == ["head", "without", "none", "separate", "random"]


def test_called_again_it_computes_nothing_and_says_the_same(family, tmp_path, capsys):
    family()
    assert main(asked(tmp_path)) == 0
    first = capsys.readouterr().out
    assert main(asked(tmp_path)) == 0
    second = capsys.readouterr()
    assert second.out == first
    assert "nothing to compute" in second.err


def test_every_initiative_has_a_folder_of_its_own(family, tmp_path):
    family()
    assert main(asked(tmp_path)) == 0
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["made-up"]


def test_a_run_that_fails_ends_it_with_4_and_the_command_that_runs_it_again(family, tmp_path, capsys):
    family(simulate=fails_in_replicate_1)
    assert main(asked(tmp_path, replicates=2)) == 4
    assert "Reproduce it with: regioscope run" in capsys.readouterr().err


def test_an_interruption_keeps_what_is_finished_and_says_how_to_go_on(family, tmp_path, capsys):
    family(simulate=interrupted_in_replicate_2)
    assert main(asked(tmp_path)) == 130
    assert f"To go on: the same command with --out {tmp_path / 'o'}" in capsys.readouterr().err


def test_without_a_case_it_lists_them(capsys):
    assert main(["validate"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == ["initiatives", *(each.name for each in FAMILIES), *PUBLISHED_MODELS]


def test_the_list_names_every_published_model():
    assert list(PAPERS) == list(PUBLISHED_MODELS)


def test_an_unknown_case_gets_the_nearest_one(capsys):
    assert main(["validate", "initiative"]) == 3
    assert "initiative: is not a case. Did you mean initiatives?" in capsys.readouterr().err


def test_a_family_is_run_once_though_two_cases_name_it():
    from regioscope.validate_command import _families

    assert _families(["gosmart", "initiatives", "gosmart"])[0].name == "gosmart"
    assert len(_families(["gosmart", "initiatives"])) == len(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda each: each.name)
def test_expectations_name_arms_of_their_family_and_indicators(family):
    for each in family.expectations:
        assert each.without in (*family.removals, "none", "separate", "random")
        assert definition_of(each.indicator)
    assert {each.without for each in family.expectations} >= set(family.removals)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda each: each.name)
def test_a_family_names_scenarios_whose_figures_are_judged_within_the_run(family):
    from experiments.fact_verdicts import month_of

    head = load_scenario(family.head)
    assert [each for each in family.removals if load_scenario(each).digest() == head.digest()] == []
    assert head.facts
    assert all((month_of(fact, head) or 1) <= head.months for fact in head.facts)


def test_a_small_initiative_is_run_by_the_model(family, tmp_path, capsys):
    family(value=1, simulate=None)
    main(asked(tmp_path, "--json", replicates=2))
    found = as_json(capsys)
    assert found["arms"] == ["head", "without", "none", "separate", "random"]
    (judged, *_) = found["facts"]
    assert judged["simulated"]["runs"] == 2


@pytest.fixture
def a_model(monkeypatch):
    """Puts a figure of a published model in the place of March's."""

    def put(measured):
        figures = [PublishedFigure("knowledge", "0.9", measured, 0.89, 0.91)]
        monkeypatch.setitem(PUBLISHED_MODELS, "march-1991", lambda: iter(figures))

    return put


def test_a_published_model_prints_target_measured_tolerance_and_verdict(a_model, capsys):
    a_model(0.905)
    assert main(["validate", "march-1991"]) == 0
    printed = one_line(capsys.readouterr().out)
    assert "knowledge 0.9 0.905 0.89 to 0.91 met" in printed
    assert "1 of 1 validation targets met, 0 missed." in printed


def test_a_published_result_that_does_not_come_out_ends_with_4(a_model, capsys):
    a_model(0.95)
    assert main(["validate", "march-1991", "--json"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert found["published"]["march-1991"][0]["verdict"] == "missed"
    assert (found["met"], found["missed"], found["families"]) == (0, 1, [])


def test_the_limits_of_a_small_world_come_out_as_published(capsys):
    assert main(["validate", "watts-strogatz-1998"]) == 0
    assert "6 of 6 validation targets met" in capsys.readouterr().out
