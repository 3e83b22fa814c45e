from types import SimpleNamespace

import numpy as np
import pytest

from simulation.codes import Account, Kind, Source
from simulation.mechanisms.services import provide
from simulation.money import cents, spent_cents
from tests.unit.small_worlds import register, small_scenario, small_world


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
    world.scenario.partnerships = {"p": None}
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
