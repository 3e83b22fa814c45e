from types import SimpleNamespace

import numpy as np
import pytest

from simulation.codes import Account
from simulation.mechanisms.exchange_groups import meet_in_groups
from simulation.money import cents, spent_cents
from simulation.state import NOBODY
from tests.unit.small_worlds import register, small_scenario, small_world


def world_with_groups(organisations=40, places=7, month=1, **changes):
    circle = {
        "kind": "exchange_group",
        "starts_month": 1,
        "ends_month": 12,
        "places_per_month": places,
        "cost_keur": 0.2,
        "source_of_money": "regional",
        "partnership": None,
        "regions": (),
        "staff_days": 0.0,
        "refers": False,
    }
    scenario = small_scenario(services={"circle": SimpleNamespace(**circle | changes)})
    world = small_world(organisations, scenario, month)
    register(world, slice(None), 0)
    return world


def members(world):
    return np.flatnonzero(world.state.organisations.group != NOBODY)


def test_groups_are_whole_of_one_region_and_within_the_places():
    world = world_with_groups()
    meet_in_groups(world)
    group, region = world.state.organisations.group, world.state.organisations.region
    assert world.exchange_groups == 4
    assert np.bincount(group[members(world)]).tolist() == [3, 3, 3, 3]
    assert [set(region[group == each]) for each in range(4)] == [{0}, {0}, {1}, {1}]


def test_groups_are_formed_once_and_stay_as_they_are():
    world = world_with_groups()
    meet_in_groups(world)
    before = world.state.organisations.group.copy()
    world.state.organisations.alive[members(world)[0]] = False
    for world.month in (2, 3, 13):
        meet_in_groups(world)
    np.testing.assert_array_equal(world.state.organisations.group, before)


def test_only_registered_smes_join_and_too_few_of_them_form_no_group():
    world = world_with_groups(organisations=8)
    world.state.organisations.broker[:2] = NOBODY
    meet_in_groups(world)
    assert set(world.state.organisations.region[members(world)]) == {1}


def test_every_member_costs_a_place_in_every_month_of_the_service():
    world = world_with_groups()
    for world.month in (1, 2, 13):
        meet_in_groups(world)
    assert spent_cents(world.state, (Account.SERVICES,)) == 2 * 12 * cents(0.2)
    np.testing.assert_array_equal(np.flatnonzero(world.state.organisations.served), members(world))


def test_a_member_gains_more_the_more_the_others_know_and_nobody_forgets():
    gains = []
    for level in (0.6, 0.9):
        world = world_with_groups(places=3, regions=("R1",))
        meet_in_groups(world)
        organisations = world.state.organisations
        first, *others = members(world)
        organisations.knowledge[first] = 0.2
        organisations.knowledge[others] = level
        organisations.absorptive_capacity[first] = 0.5
        meet_in_groups(world)
        gains.append(organisations.knowledge[first] - 0.2)
        assert (organisations.knowledge[others] == np.float32(level)).all()
    np.testing.assert_allclose(gains[0], 0.1 * 0.5 * 0.4, rtol=1e-5)
    np.testing.assert_allclose(gains[1], 0.1 * 0.5 * 0.7, rtol=1e-5)


def test_who_is_in_no_group_learns_nothing():
    world = world_with_groups()
    before = world.state.organisations.knowledge.copy()
    meet_in_groups(world)
    alone = world.state.organisations.group == NOBODY
    np.testing.assert_array_equal(world.state.organisations.knowledge[alone], before[alone])
    assert (world.state.organisations.knowledge[~alone] > before[~alone]).any()


@pytest.mark.parametrize("month", [0, 13])
def test_outside_its_months_there_are_no_groups(month):
    world = world_with_groups(month=month)
    meet_in_groups(world)
    assert not len(members(world))
    assert spent_cents(world.state, (Account.SERVICES,)) == 0
