import numpy as np
import pytest

from simulation.codes import Account, Source
from simulation.model import EcosystemModel
from simulation.money import cents, left_of_budget, open_purse, pay, spent_cents, within
from simulation.scenario import load_scenario, scenario_from_values
from tests.invariants import run_checked
from tests.unit.small_worlds import small_world
from tests.verification_runs import ecosystem

PUBLIC = (Source.EU, Source.NATIONAL, Source.REGIONAL)
SMALL = {"population.smes_per_cluster": 8, "months": 20, "programme_end_month": 18}
CALL = {
    "name": "Call",
    "opens_month": 2,
    "closes_month": 4,
    "budget_keur": 40.0,
    "grant_keur": 7.0,
    "grant_share": 0.5,
    "beneficiaries": "single",
    "partners_from": "anywhere",
    "source_of_money": "national",
}
SERVICE = {
    "name": "Training",
    "kind": "training",
    "starts_month": 5,
    "ends_month": 18,
    "places_per_month": 5,
    "cost_keur": 0.7,
    "source_of_money": "eu",
}


def programme(budget, call=None, service=None, **platform):
    """Firms of two regions, a call from month 2 to 4 and a training from month 5 to 18; no partnership."""
    values = ecosystem(smes=40, months=20, members=0)
    values["programme"]["budget_keur"] = budget
    values["platform"] |= {"staffed": False, **platform}
    values["provision"]["take_up"] = 0.5
    values["enrolment"]["registered_at_start"] = 1.0
    values["calls"] = {"c": {**CALL, **call}} if call is not None else {}
    values["services"] = {"s": {**SERVICE, **service}} if service is not None else {}
    return EcosystemModel(scenario_from_values(values, "programme"), seed=2)


def spent(model, account):
    return spent_cents(model.state, (account,), PUBLIC)


def test_money_that_is_spent_or_promised_is_no_longer_left_and_private_money_does_not_count():
    state = small_world().state
    pay(state, Source.REGIONAL, Account.COORDINATION, 30)
    pay(state, Source.OWN, Account.INVESTMENT, 500)
    purse = open_purse(state, Source.EU, Account.GRANTS, 60)
    assert left_of_budget(state, 100) == 70
    state.purses.committed_cents[purse] = 50
    assert left_of_budget(state, 100) == 20
    assert left_of_budget(state, 10) == 0


def test_amounts_within_a_limit_are_taken_from_the_first_on():
    amounts = np.array([30, 0, 50, 20])
    for limit, taken in ((None, [30, 0, 50, 20]), (100, [30, 0, 50, 20]), (45, [30, 0, 15, 0]), (0, [0, 0, 0, 0])):
        assert within(amounts, limit).tolist() == taken


def test_a_call_promises_what_the_programme_has_left_to_the_cent():
    model = programme(23.45, call={})
    model.run(4)
    assert sorted(model.state.projects.grant_cents.tolist())[-4:] == [cents(2.45), *[cents(7.0)] * 3]
    assert model.state.projects.grant_cents.sum() == cents(23.45)
    assert model.world.programme_left_cents == 0
    run_checked(model)


def test_where_each_region_has_a_purse_calls_and_services_keep_to_the_programme_together():
    costs, budget = [], cents(120.0)
    for settings in (SMALL, {**SMALL, "programme.budget_keur": 120.0}):
        model = EcosystemModel(load_scenario("smart-space-flexible", settings), seed=1)
        stopped_at = None
        while model.running:
            model.step()
            purses = model.state.purses
            public = purses.source <= Source.REGIONAL
            used = int((purses.spent_cents + purses.committed_cents)[public].sum())
            services = spent(model, Account.SERVICES)
            if stopped_at is not None:
                assert services == stopped_at
            if used >= budget and stopped_at is None and settings is not SMALL:
                stopped_at = services
        granted = int(model.state.projects.grant_cents.sum())
        costs.append(services + granted)
    assert costs[1] <= budget < costs[0]
    assert stopped_at is not None


@pytest.mark.parametrize(("budget", "places"), [(7.0, 10), (7.69, 10), (7.7, 11)])
def test_services_stop_at_the_last_whole_place(budget, places):
    model = programme(budget, service={})
    run_checked(model)
    assert spent(model, Account.SERVICES) == places * cents(0.7)


def test_services_get_what_calls_have_left():
    model = programme(21.7, call={"budget_keur": 21.0}, service={})
    run_checked(model)
    assert spent(model, Account.SERVICES) >= cents(0.7)
    assert spent(model, Account.SERVICES) + spent(model, Account.GRANTS) <= cents(21.7)


def test_the_platform_is_off_in_months_that_cannot_be_paid():
    model = programme(12.0, staffed=True, starts_month=1, ends_month=18, cost_keur=5.0)
    shown = []
    while model.running:
        model.step()
        shown.append(model.world.platform_on)
    assert shown == [True, True] + [False] * 18
    assert spent(model, Account.SERVICES) == cents(10.0)


def test_a_budget_that_is_never_reached_changes_nothing():
    digests = []
    for budget in (0.0, 1e7):
        overrides = {**SMALL, "programme.budget_keur": budget}
        model = EcosystemModel(load_scenario("smart-space-flexible", overrides), seed=1)
        model.run()
        digests.append(model.state.digest())
    assert digests[0] == digests[1]


def test_policies_switch_on_and_off_at_their_months_and_combine():
    off = {"call": None, "service": None}
    on = {"call": {}, "service": {}}
    series = {}
    for call, service in ((0, 0), (1, 0), (0, 1), (1, 1)):
        chosen = {"call": on["call"] if call else off["call"], "service": on["service"] if service else off["service"]}
        model = programme(0.0, **chosen)
        model.run()
        series[call, service] = model.series
    costs = ("grants_paid_keur", "services_cost_keur")
    for (call, service), months in series.items():
        grants, services = (np.diff(months[name], prepend=0.0) for name in costs)
        assert (grants > 0).any() == bool(call)
        assert (services > 0).any() == bool(service)
        assert not grants[:3].any()
        assert not services[:4].any()
        assert not services[18:].any()
    none, call = series[0, 0], series[1, 0]
    assert [none[name][0] for name in none] == [call[name][0] for name in none]
