"""Calls and services can each be taken out of a programme."""

import pytest

from experiments.runner import simulate
from experiments.specification import RunSpecification
from simulation.scenario import load_scenario

SMALL = {"months": 18, "population.smes_per_cluster": 6}


def series(**switches):
    settings = {f"programme.{key}": value for key, value in switches.items()}
    scenario = load_scenario("acttivate", SMALL | settings)
    return simulate(RunSpecification(scenario, seed=3, replicate=0)).series


@pytest.fixture(scope="module")
def whole():
    return series()


def test_a_programme_without_calls_grants_nothing_and_goes_on_serving(whole):
    without = series(calls=False)
    assert whole["grants_paid_keur"][-1] > 0
    assert without["grants_paid_keur"][-1] == without["projects_funded"][-1] == 0
    assert without["services_cost_keur"][-1] > 0


def test_a_programme_without_services_has_neither_places_nor_a_platform_and_goes_on_granting(whole):
    without = series(services=False)
    assert whole["services_cost_keur"][-1] > 0
    assert whole["platform_users"][-1] > 0
    assert without["services_cost_keur"][-1] == without["platform_users"][-1] == 0
    assert without["grants_paid_keur"][-1] > 0


def test_calls_taken_out_leave_the_months_before_the_first_call_as_they_are(whole):
    first = load_scenario("acttivate").calls["vouchers"].opens_month
    without = series(calls=False)
    for name in without:
        if not name.startswith("tie_"):
            assert without[name][: first - 1] == whole[name][: first - 1], name
    assert without["projects_funded"] != whole["projects_funded"]
