"""One pinned run: whoever changes the model unintentionally learns it here.

``golden_run.json`` holds the digest of the state and some indicators, to be read, at months 1, 12 and 24. A
difference is no failure of the model: it says that results change. If they should, run ``make golden``, read the
difference of the indicators, and say in the commit why they moved. If they should not, a draw has moved to another
address, an order has changed, or a float is summed otherwise: find out which before rewriting anything.
"""

import json
from pathlib import Path

import pytest

from simulation.model import EcosystemModel
from simulation.scenario import load_scenario

FILE = Path(__file__).with_name("golden_run.json")
HOW = "Rewrite with `make golden` when results are meant to change, and say why in the commit."
SCENARIO, SEED, MONTHS = "smart-space-formal", 1, (1, 12, 24)
OVERRIDES = {"population.smes_per_cluster": 20, "months": 24, "programme_end_month": 18}
INDICATORS = (
    "smes_alive",
    "exits",
    "smes_registered",
    "introductions",
    "introductions_cross_border",
    "collaborations",
    "collaborations_programme",
    "projects_funded",
    "projects_expired",
    "innovations_commercialised",
    "public_cost_keur",
    "own_investment_keur",
    "engagement_mean",
    "objective_agreement",
    "intermediary_skill",
    "knowledge_mean",
    "tie_count",
)
DIGITS = 9


def shown(value):
    return value if value is None or isinstance(value, int) else round(value, DIGITS)


def pinned_run():
    model = EcosystemModel(load_scenario(SCENARIO, OVERRIDES), seed=SEED)
    months = {}
    for month in MONTHS:
        model.run(month - model.month)
        indicators = {name: shown(model.series[name][-1]) for name in INDICATORS}
        months[str(month)] = {"digest": model.state.digest(), **indicators}
    return {"how": HOW, "scenario": SCENARIO, "overrides": OVERRIDES, "seed": SEED, "months": months}


@pytest.fixture(scope="module")
def run(rewrite_golden):
    made = pinned_run()
    if rewrite_golden:
        FILE.write_text(json.dumps(made, indent=1) + "\n")
    return made


@pytest.fixture(scope="module")
def golden(run):
    return json.loads(FILE.read_text())


def test_the_golden_run_is_the_one_that_is_described(run, golden):
    described = ("how", "scenario", "overrides", "seed")
    assert {key: golden[key] for key in described} == {key: run[key] for key in described}
    assert golden["months"].keys() == run["months"].keys()


@pytest.mark.parametrize("month", [str(month) for month in MONTHS])
def test_indicators_are_those_of_the_golden_run(run, golden, month):
    expected, found = golden["months"][month], run["months"][month]
    moved = {name: (expected[name], found[name]) for name in INDICATORS if expected[name] != found[name]}
    assert not moved, f"month {month}, golden and now: {moved}. {HOW}"


@pytest.mark.parametrize("month", [str(month) for month in MONTHS])
def test_every_cell_of_the_state_is_that_of_the_golden_run(run, golden, month):
    assert run["months"][month]["digest"] == golden["months"][month]["digest"], HOW
