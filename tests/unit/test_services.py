from types import SimpleNamespace

import numpy as np
import pytest

from simulation.codes import Account, Kind, NeedKind, Source
from simulation.mechanisms.services import provide
from simulation.money import cents, spent_cents
from simulation.state import NEVER, NOBODY
from tests.unit.small_worlds import broker, register, small_scenario, small_world


def service(**changes):
    plain = {
        "kind": "diagnosis",
        "starts_month": 1,
        "ends_month": 36,
        "places_per_month": 3,
        "cost_keur": 1.5,
        "source_of_money": "regional",
        "partnership": None,
        "regions": (),
        "staff_days": 0.0,
        "refers": False,
    }
    return SimpleNamespace(**plain | changes)


def world_with(organisations=40, month=1, **services):
    scenario = small_scenario(services=services)
    world = small_world(organisations, scenario, month)
    register(world, slice(None), 0)
    return world


def served_rows(world):
    return np.flatnonzero(world.state.organisations.served)


def test_every_region_has_its_places_and_every_place_is_paid():
    world = world_with(check=service())
    provide(world)
    assert np.bincount(world.state.organisations.region[served_rows(world)]).tolist() == [3, 3]
    assert spent_cents(world.state, (Account.SERVICES,), (Source.REGIONAL,)) == 6 * cents(1.5)
    assert spent_cents(world.state, (Account.SERVICES,)) == 6 * cents(1.5)


def test_only_living_registered_smes_are_served():
    world = world_with(organisations=8, check=service(places_per_month=8))
    organisations = world.state.organisations
    organisations.alive[0] = False
    organisations.kind[1] = Kind.UNIVERSITY
    organisations.broker[2] = -1
    provide(world)
    assert served_rows(world).tolist() == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("kind", "column", "share"),
    [("diagnosis", "digital_maturity", 0.2), ("training", "absorptive_capacity", 0.1)],
)
def test_a_service_closes_part_of_the_gap_times_the_quality_of_institutions(kind, column, share):
    world = world_with(check=service(kind=kind))
    world.scenario.regions["R2"].institutional_quality = 0.5
    level = getattr(world.state.organisations, column)
    before = level.astype(np.float64)
    provide(world)
    quality = np.where(world.state.organisations.region == 0, 1.0, 0.5)
    expected = np.where(world.state.organisations.served, before + share * quality * (1 - before), before)
    np.testing.assert_array_equal(level, expected.astype(np.float32))


def test_an_event_marks_its_region_and_its_guests_take_the_places():
    world = world_with(fair=service(kind="event", regions=("R2",)))
    provide(world)
    assert world.event_regions.tolist() == [False, True]
    assert world.state.organisations.region[served_rows(world)].tolist() == [1, 1, 1]


def test_a_served_firm_stays_served_for_the_months_that_the_scenario_says():
    world = world_with(month=5, check=service())
    provide(world)
    assert set(world.state.organisations.served_until_month[served_rows(world)]) == {16}


@pytest.mark.parametrize("month", [0, 1, 6, 10, 37])
def test_services_are_offered_in_their_months_of_the_programme_only(month):
    world = world_with(month=month, check=service(starts_month=6, ends_month=40))
    provide(world)
    assert bool(len(served_rows(world))) == (month in (6, 10))


def test_a_partnership_that_is_not_active_offers_nothing():
    world = world_with(check=service(partnership="p"))
    world.scenario.partnerships = {"q": None, "p": None}
    world.state.partnerships.append(2, active=[False, True])
    provide(world)
    assert not len(served_rows(world))
    world.state.partnerships.active[0] = True
    provide(world)
    assert len(served_rows(world)) == 6


def test_a_programme_of_separate_regions_waits_for_no_partnership():
    world = world_with(check=service(partnership="p"))
    world.scenario.partnerships = {"p": SimpleNamespace(follows=None)}
    world.state.partnerships.append(1, active=False)
    world.scenario.programme.across = False
    provide(world)
    assert len(served_rows(world)) == 6


def test_the_staff_of_a_platform_costs_money_while_the_programme_acts():
    world = world_with()
    world.scenario.platform.staffed = True
    provide(world)
    world.month = 37
    provide(world)
    assert spent_cents(world.state, (Account.SERVICES,)) == cents(3.0)


def test_another_service_changes_nobodys_luck_in_the_first():
    def seats(**others):
        world = world_with(check=service(), **others)
        provide(world)
        return set(served_rows(world))

    assert seats() <= seats(another=service(kind="event"))


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("coaching", "coached_until_month"),
        ("referral", "tested_until_month"),
        ("investment_readiness", "ready_until_month"),
    ],
)
def test_each_service_sets_the_months_in_which_it_counts_and_no_others(kind, column):
    world = world_with(month=5, check=service(kind=kind))
    months = ("served", "coached", "tested", "ready", "referred")
    provide(world)
    organisations = world.state.organisations
    until = {f"{name}_until_month": getattr(organisations, f"{name}_until_month") for name in months}
    assert (until.pop(column) == np.where(organisations.served, 16, NEVER)).all()
    assert all((each == NEVER).all() for each in until.values())
    assert np.count_nonzero(organisations.served) == 6


def test_awareness_has_no_limit_of_places_and_costs_what_it_reaches():
    world = world_with(news=service(kind="awareness", places_per_month=0, cost_keur=0.01))
    organisations = world.state.organisations
    organisations.broker[::2] = NOBODY
    before = organisations.digital_maturity.astype(np.float64)
    provide(world)
    registered = organisations.broker != NOBODY
    expected = np.where(registered, before + 0.05 * (1.0 - before), before)
    np.testing.assert_array_equal(organisations.digital_maturity, expected.astype(np.float32))
    assert world.reached.all()
    assert not organisations.served.any()
    assert spent_cents(world.state, (Account.SERVICES,)) == 40 * cents(0.01)


def test_awareness_reaches_the_share_of_firms_that_the_scenario_says():
    world = world_with(4000, news=service(kind="awareness", places_per_month=0, regions=("R2",)))
    world.scenario.provision.awareness_reach = 0.3
    provide(world)
    here = world.state.organisations.region == 1
    assert world.reached[here].mean() == pytest.approx(0.3, abs=0.03)
    assert not world.reached[~here].any()


def test_a_diagnosis_that_refers_keeps_the_first_need_and_finds_where_the_firm_lags_most():
    world = world_with(organisations=8, check=service(refers=True, places_per_month=8))
    organisations = world.state.organisations
    organisations.knowledge[:] = 0.5
    organisations.knowledge[0] = [0.5, 0.1, 0.5, 0.2, 0.6]
    organisations.needs[0] = [4, 0, 2]
    provide(world)
    assert organisations.needs[0].tolist() == [4, 1, 3]
    assert set(organisations.referred_until_month) == {6}


def test_a_diagnosis_that_does_not_refer_leaves_needs_as_they_are():
    world = world_with(check=service(places_per_month=40))
    before = world.state.organisations.needs.copy()
    provide(world)
    np.testing.assert_array_equal(world.state.organisations.needs, before)
    assert (world.state.organisations.referred_until_month == NEVER).all()


@pytest.mark.parametrize(
    ("kind", "need"),
    [
        ("training", NeedKind.PRODUCTION),
        ("referral", NeedKind.TECHNOLOGY),
        ("referral", NeedKind.RESEARCH),
        ("investment_readiness", NeedKind.FINANCE),
    ],
)
def test_a_referred_firm_asks_for_the_service_that_its_need_leads_to(kind, need):
    world = world_with(check=service(kind=kind, places_per_month=40))
    world.scenario.provision.take_up = 0.0
    organisations = world.state.organisations
    organisations.referred_until_month[:20] = world.month
    organisations.referred_until_month[20:] = world.month - 1
    organisations.need_kind[:] = NeedKind.CUSTOMER
    organisations.need_kind[10:30] = need
    provide(world)
    assert served_rows(world).tolist() == list(range(10, 20))


def test_a_place_takes_days_and_cases_of_the_firms_broker_and_none_is_given_without_days():
    world = world_with(check=service(staff_days=4.0, places_per_month=3))
    register(world, slice(20, None), 1)
    for region, days in ((0, 20.0), (1, 9.0)):
        broker(world, region, f"of {region}", days=days, case_capacity=12, partner_case_capacity=11)
    provide(world)
    brokers = world.state.brokers
    assert np.bincount(world.state.organisations.broker[served_rows(world)]).tolist() == [3, 2]
    assert brokers.days.tolist() == [8.0, 1.0]
    assert brokers.case_capacity.tolist() == [4, 7]
    assert brokers.partner_case_capacity.tolist() == [4, 7]


def test_satisfied_firms_ask_more_often_where_satisfaction_drives_reuse():
    world = world_with(4000, check=service(places_per_month=4000))
    world.scenario.provision.take_up = 0.4
    world.scenario.satisfaction.reuse = 0.5
    world.state.organisations.satisfaction[:] = np.where(np.arange(4000) % 2, 1.0, -1.0)
    provide(world)
    asked = world.state.organisations.served
    assert asked[1::2].mean() == pytest.approx(0.6, abs=0.03)
    assert asked[::2].mean() == pytest.approx(0.2, abs=0.03)


def test_satisfaction_moves_by_the_place_and_its_quality_against_the_chance_of_one():
    world = world_with(check=service(places_per_month=5))
    world.scenario.satisfaction.service_memory = 0.5
    world.scenario.regions["R2"].institutional_quality = 0.6
    provide(world)
    organisations = world.state.organisations
    realised = organisations.served * np.where(organisations.region == 0, 1.0, 0.6)
    np.testing.assert_allclose(organisations.satisfaction, 0.5 * (realised - 0.25), rtol=1e-6)


def test_places_end_where_the_budget_of_the_programme_ends():
    world = world_with(check=service(cost_keur=1.5))
    world.scenario.programme.budget_keur = 7.0
    provide(world)
    assert len(served_rows(world)) == 4
    assert np.bincount(world.state.organisations.region[served_rows(world)]).tolist() == [2, 2]
    assert spent_cents(world.state, (Account.SERVICES,)) == cents(6.0)
