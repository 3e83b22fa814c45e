"""Scenarios at the edge of what is valid run to their end, soundly and without a warning."""

import pytest

from simulation.model import EcosystemModel
from simulation.scenario import scenario_from_values
from tests.invariants import run_checked
from tests.verification_runs import broker, ecosystem


def ended(values, seed=1):
    scenario = scenario_from_values(values, "edge")
    return run_checked(EcosystemModel(scenario, seed=seed))


def test_one_region():
    values = ecosystem(regions=("AT32",), members=0)
    model = ended(values)
    assert set(model.series["introductions_cross_region"]) == {0}
    assert set(model.series["regional_gini"]) <= {None}


def test_one_authority_that_is_the_only_member():
    values = ecosystem(members=0)
    values["authorities"]["a"] = {"name": "A", "region": "AT32", "kind": "region"}
    values["partnerships"]["p"] = {"name": "P", "founders": ["a"], "lead": "a"}
    ended(values)


def test_no_broker():
    values = ecosystem(members=0)
    values["brokers"] = {}
    model = ended(values)
    assert set(model.series["smes_registered"]) == {0}
    assert set(model.series["intermediary_skill"]) == {None}


def test_more_brokers_than_smes():
    values = ecosystem(smes=1, sectors=("digital",))
    values["brokers"] |= {f"more{place}": broker("AT32") for place in range(12)}
    ended(values)


def test_a_region_without_smes():
    values = ecosystem()
    values["regions"]["AT32"]["smes_weight"] = 0.0
    model = ended(values)
    assert set(model.series["smes_alive"]) == {12}


def test_no_smes_at_all():
    values = ecosystem()
    for region in ("AT32", "DE21"):
        values["regions"][region]["smes_weight"] = 0.0
    model = ended(values)
    assert set(model.series["smes_alive"]) == {0}
    assert set(model.series["cooperation_share"]) == {None}


def test_one_sector():
    model = ended(ecosystem(sectors=("digital",)))
    assert set(model.series["introductions_cross_sector"]) == {0}
    assert set(model.series["market_entries_new_sector"]) == {0}


def test_one_firm():
    values = ecosystem(regions=("AT32",), sectors=("digital",), smes=1, members=0)
    values["population"] |= {
        "universities_per_region": 0,
        "providers_per_cluster": 0,
        "large_per_cluster": 0,
    }
    model = ended(values)
    assert set(model.series["introductions"]) == {0}


@pytest.mark.parametrize("months", [1, 2])
def test_very_short_runs(months):
    model = ended(ecosystem(months=months))
    assert model.month == months
    assert not model.running


@pytest.mark.parametrize("decision", ["unanimity", "majority", "none"])
def test_a_partnership_of_one_member_is_dissolved(decision):
    model = ended(ecosystem(members=1, decision=decision, quorum=2 / 3))
    assert set(model.series["partnership_active"]) == {0}
    assert set(model.series["partnership_members"]) == {0}


def test_no_partnership():
    model = ended(ecosystem(members=0))
    assert set(model.series["partnership_members"]) == {0}
    for indicator in ("engagement_mean", "objective_agreement", "partnership_signed_month"):
        assert set(model.series[indicator]) == {None}


@pytest.mark.parametrize("coordination", ["shared", "lead", "nao"])
def test_members_from_abroad_only(coordination):
    values = ecosystem(members=0, coordination=coordination)
    values["regions"]["ZZ"] = {
        "name": "Elsewhere",
        "country": "CN",
        "latitude": 35.0,
        "longitude": 103.0,
        "external": True,
    }
    for name in ("a", "b"):
        values["authorities"][name] = {"name": name, "region": "ZZ", "kind": "ministry"}
    values["partnerships"]["p"] = {"name": "P", "founders": ["a", "b"], "lead": "a"}
    ended(values)


def test_a_call_of_a_partnership_for_a_region_without_firms():
    values = ecosystem()
    values["regions"]["ZZ"] = {
        "name": "Elsewhere",
        "country": "CN",
        "latitude": 35.0,
        "longitude": 103.0,
        "external": True,
    }
    values["calls"]["c"] = {
        "name": "C",
        "opens_month": 1,
        "closes_month": 3,
        "budget_keur": 10.0,
        "grant_keur": 5.0,
        "grant_share": 0.5,
        "beneficiaries": "single",
        "partners_from": "anywhere",
        "source_of_money": "eu",
        "partnership": "p",
        "regions": ["ZZ"],
    }
    model = ended(values)
    assert set(model.series["projects_funded"]) == {0}


def test_everybody_is_a_member_and_leaves_at_once():
    values = ecosystem(regions=("AT32", "DE21", "ITC1"), members=3)
    values["engagement"]["drift"] = 1.0
    model = ended(values)
    assert model.series["partnership_members"][-1] == 0


def test_a_long_warm_up():
    values = ecosystem()
    values["warm_up_months"] = 30
    model = ended(values)
    assert len(model.series["exits"]) == 8
