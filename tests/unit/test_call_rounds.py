import pytest

from simulation.mechanisms.calls import run_calls
from simulation.money import cents
from simulation.scenario import load_scenario
from tests.scenario_example import mistakes_of
from tests.unit.test_calls import a_call, after_calls, funded

AGAIN = {"opens_month": 1, "closes_month": 2, "runs": 3, "every_months": 2, "budget_keur": 35.0}
SCENARIO = "smart-space-flexible"
CALL = "calls.transnational-pilots"


def test_a_call_that_runs_three_times_spends_a_third_of_its_budget_each_time():
    spent = []
    for months in (1, 2, 4, 6):
        world = after_calls(a_call(**AGAIN), months=months)
        spent.append(int(world.state.purses.committed_cents[world.state.calls.first_purse[0]]))
    whole = cents(35.0)
    assert spent == [0, whole // 3, 2 * whole // 3, whole]


def test_what_one_run_leaves_the_next_can_spend():
    def nobody_at_first(world):
        world.state.organisations.capital_cents[:] = -1

    world = after_calls(a_call(**AGAIN), months=2, change=nobody_at_first)
    assert len(funded(world)) == 0
    world.state.organisations.capital_cents[:] = 0
    for world.month in (3, 4):
        run_calls(world)
    assert funded(world).sum() == 2 * cents(35.0) // 3


def test_different_firms_apply_in_different_runs():
    first = applicants_by_run(probability=0.3)
    assert len(first[0]) > 3
    assert first[0] != first[1]


def applicants_by_run(probability):
    call = a_call(**AGAIN | {"budget_keur": 0.0})
    found = []
    for months in (1, 3):
        world = after_calls(call, months=months, smes=30, rules={"apply_probability": probability})
        found.append(set(world.state.applications.first.tolist()))
    return found


@pytest.mark.parametrize("resubmission", [True, False])
def test_who_was_refused_applies_once_more_where_the_call_says_so(resubmission):
    call = a_call(**AGAIN | {"budget_keur": 0.0}, resubmission=resubmission)
    world = after_calls(call, months=2, rules={"apply_probability": 0.5})
    waiting = world.state.applications
    assert (len(waiting) > 0) == resubmission
    assert waiting.resubmitted.all()
    refused = set(waiting.first.tolist())
    world = after_calls(call, months=3, rules={"apply_probability": 0.5})
    rows = world.state.applications.first.tolist()
    assert len(rows) == len(set(rows))
    assert refused <= set(rows)
    last = after_calls(call, months=4, rules={"apply_probability": 0.5}).state.applications
    assert not refused & set(last.first.tolist())


def test_the_refused_of_one_call_apply_to_the_call_that_follows_it():
    first = a_call(budget_keur=0.0, resubmission=True)
    second = a_call(opens_month=3, closes_month=3, follows="c0", budget_keur=20.0)
    world = after_calls(first, second, months=1, rules={"apply_probability": 0.5})
    waiting = world.state.applications
    assert set(waiting.call.tolist()) == {1}
    assert waiting.resubmitted.all()
    world = after_calls(first, second, months=3, rules={"apply_probability": 0.5})
    assert len(funded(world)) == 2
    assert len(world.state.applications) == 0


def test_who_is_no_longer_eligible_is_not_funded_at_the_second_attempt():
    first = a_call(budget_keur=0.0, resubmission=True)
    second = a_call(opens_month=2, closes_month=2, follows="c0", regions=["DE21"], budget_keur=1000.0)
    world = after_calls(first, second, months=2)
    members = world.state.projects.members[:, 0]
    assert len(members) > 3
    assert set(world.state.organisations.region[members].tolist()) == {1}


def test_money_of_all_runs_and_calls_is_conserved_to_the_cent():
    world = after_calls(a_call(**AGAIN | {"budget_keur": 33.33333}, resubmission=True), months=6)
    assert world.state.projects.grant_cents.sum() == world.state.purses.committed_cents.sum() == cents(33.33333)


MISTAKES = {
    "runs that overlap": ({"runs": 3, "every_months": 4}, "every_months = 4", "at least 6", "not overlap"),
    "no later call": ({"resubmission": True}, "resubmission = true", "no later call", "runs"),
    "itself": ({"follows": "transnational-pilots"}, "follows", "is the call itself", "Use runs"),
    "unknown call": ({"follows": "pilots"}, 'follows = "pilots"', "is not in calls", "Known"),
    "voucher of two": ({"voucher": True}, "voucher = true", "single beneficiary", 'beneficiaries = "single"'),
    "least above most": ({"least_grant_keur": 25.0}, "least_grant_keur = 25", "at most grant_keur", "Correct"),
    "after the programme": ({"closes_month": 40}, "closes_month = 40", "at most programme_end_month", "Close it"),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_call_that_cannot_be_held_is_a_mistake_with_a_remedy(case):
    changes, *parts = case
    text = mistakes_of(SCENARIO, **{f"{CALL}.{key}": value for key, value in changes.items()})
    assert CALL in text
    for part in parts:
        assert part in text


def child(folder, text, extends=SCENARIO):
    path = folder / "child.toml"
    path.write_text(f'extends = "{extends}"\n{text}')
    return path


def test_a_call_written_outside_the_programme_is_a_mistake_at_its_line(tmp_path):
    text = "\n[calls.transnational-pilots]\nopens_month = 2\n\n[programme]\nstarts_month = 6\n"
    found = mistakes_of(child(tmp_path, text))
    assert "child.toml:4: calls.transnational-pilots.opens_month = 2: must be at least programme.starts_month" in found


def test_the_last_run_too_must_be_decided_within_the_programme(tmp_path):
    text = "\n[calls.transnational-pilots]\nruns = 4\nevery_months = 6\n"
    assert "decided in month 39" in mistakes_of(child(tmp_path, text))


def test_a_study_may_cut_a_programme_short_without_touching_its_calls(tmp_path):
    assert load_scenario(SCENARIO, {"programme_end_month": 2}).programme_end_month == 2
    assert load_scenario(child(tmp_path, "programme_end_month = 2\n")).calls["transnational-pilots"].closes_month == 21


def test_a_call_that_follows_must_be_alike_and_meant(tmp_path):
    text = """
[calls.second]
name = "Second"
opens_month = 25
closes_month = 26
budget_keur = 10.0
grant_keur = 5.0
grant_share = 0.5
beneficiaries = "single"
partners_from = "anywhere"
source_of_money = "eu"
follows = "transnational-pilots"
"""
    found = mistakes_of(child(tmp_path, text))
    assert 'calls.second.follows = "transnational-pilots": must have the same beneficiaries' in found
    alike = text.replace("single", "pair")
    assert "lets nobody apply again. Write resubmission = true" in mistakes_of(child(tmp_path, alike))
