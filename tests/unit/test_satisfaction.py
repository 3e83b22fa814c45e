import numpy as np
import pytest

from simulation.codes import Kind
from simulation.mechanisms.enrolment import enrol
from simulation.mechanisms.satisfaction import stay_or_leave
from simulation.state import NEVER, NOBODY
from tests.unit.small_worlds import broker, register, small_world, tie


def world_of(satisfaction, organisations=4000, **rules):
    world = small_world(organisations)
    vars(world.scenario.satisfaction).update(rules)
    register(world, slice(None), 0)
    world.state.organisations.registered_month[:] = 0
    world.state.organisations.satisfaction[:] = satisfaction
    return world


def registered(world):
    return world.state.organisations.broker != NOBODY


def test_an_introduction_that_was_worth_less_than_shown_disappoints_both():
    world = world_of(0.0, organisations=8, introduction_memory=0.5)
    world.state.introductions.append(2, seeker=[0, 3], other=[1, 4], weight=[0.3, 0.1], surplus=[0.1, 0.3])
    stay_or_leave(world)
    satisfaction = world.state.organisations.satisfaction
    np.testing.assert_allclose(satisfaction[[0, 1, 3, 4]], [-0.25, -0.25, 0.25, 0.25], rtol=1e-6)
    assert not satisfaction[[2, 5, 6, 7]].any()


def test_the_disappointed_leave_with_a_hazard_that_grows_with_their_disappointment():
    world = world_of(-0.5, leaving=0.4)
    world.state.organisations.satisfaction[::2] = -1.0
    stay_or_leave(world)
    left = ~registered(world)
    assert left[::2].mean() == pytest.approx(0.4, abs=0.03)
    assert left[1::2].mean() == pytest.approx(0.2, abs=0.03)
    assert (world.state.organisations.registered_month[left] == NEVER).all()
    assert (world.state.organisations.registered_month[~left] == 0).all()


@pytest.mark.parametrize(("satisfaction", "leaving"), [(0.0, 1.0), (1.0, 1.0), (-1.0, 0.0)])
def test_nobody_leaves_who_is_content_or_where_satisfaction_drives_nothing(satisfaction, leaving):
    world = world_of(satisfaction, organisations=40, leaving=leaving)
    stay_or_leave(world)
    assert registered(world).all()


def test_only_smes_leave_and_they_leave_their_exchange_group_too():
    world = world_of(-1.0, organisations=8, leaving=1.0)
    world.state.organisations.kind[0] = Kind.LARGE
    world.state.organisations.group[:] = 3
    stay_or_leave(world)
    assert np.flatnonzero(registered(world)).tolist() == [0]
    assert (world.state.organisations.group[1:] == NOBODY).all()


@pytest.mark.parametrize(("weight", "satisfaction", "share"), [(0.0, -1.0, 0.2), (1.0, -1.0, 0.1), (1.0, 1.0, 0.3)])
def test_satisfied_neighbours_bring_more_firms_to_a_broker_than_disappointed_ones(weight, satisfaction, share):
    world = world_of(satisfaction, word_of_mouth=weight)
    world.scenario.enrolment.monthly_rate = 0.1
    broker(world, 0, "one")
    broker(world, 1, "other")
    organisations = world.state.organisations
    organisations.digital_maturity[:] = 0.5
    organisations.broker[::2] = NOBODY
    for first in range(0, 4000, 2):
        world.state.ties.append(1, first=first, second=first + 1, trust=0.25)
    tie(world, 1, 3)
    enrol(world)
    assert registered(world)[::2].mean() == pytest.approx(share, abs=0.03)


def test_whoever_awareness_reaches_enrols_sooner():
    world = world_of(0.0)
    world.scenario.enrolment.monthly_rate = 0.1
    broker(world, 0, "one")
    broker(world, 1, "other")
    world.state.organisations.digital_maturity[:] = 0.5
    world.state.organisations.broker[:] = NOBODY
    world.reached = np.arange(4000) % 2 == 0
    enrol(world)
    assert registered(world)[::2].mean() == pytest.approx(0.2, abs=0.03)
    assert registered(world)[1::2].mean() == pytest.approx(0.1, abs=0.03)
