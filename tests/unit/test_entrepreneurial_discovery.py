import numpy as np
import pytest

from simulation.codes import Channel
from simulation.mechanisms.entrepreneurial_discovery import discover, surplus_by_domain
from tests.verification_runs import ecosystem, founded


def world_with(rate=0.5, process="discovery", **sections):
    values = ecosystem(members=0)
    values["s3"] = {"process": process, "rate": rate}
    for section, changes in sections.items():
        values[section] |= changes
    world = founded(values).world
    world.month = 1
    return world


def introduce(world, seeker, other, surplus=0.2):
    """An introduction in which the other knows more in domain 4 and the seeker in domain 9."""
    knowledge = world.state.organisations.knowledge
    knowledge[[seeker, other]] = 0.2
    knowledge[other, 4] = knowledge[seeker, 9] = 0.8
    world.state.introductions.append(
        1, seeker=seeker, other=other, surplus=surplus, weight=surplus, channel=int(Channel.BROKER)
    )


def seats(world):
    region = world.state.organisations.region
    return int(np.flatnonzero(region == 0)[0]), int(np.flatnonzero(region == 1)[0])


def test_priorities_move_to_what_each_side_could_learn_from_the_other():
    world = world_with(rate=0.5)
    priorities = world.state.strategies.priorities
    before = priorities.copy()
    introduce(world, *seats(world))
    discover(world)
    shown = np.zeros((2, 16))
    shown[0, 4] = shown[1, 9] = 1.0
    np.testing.assert_allclose(priorities[:2], 0.5 * before[:2] + 0.5 * shown, rtol=0, atol=1e-12)
    np.testing.assert_allclose(priorities.sum(axis=1), 1.0, rtol=0, atol=1e-12)


def test_what_is_worth_more_counts_more():
    world = world_with()
    introduce(world, *seats(world), surplus=0.2)
    once = surplus_by_domain(world).copy()
    world.state.introductions.surplus[:] = 0.4
    np.testing.assert_allclose(surplus_by_domain(world), 2.0 * once, rtol=1e-6)


@pytest.mark.parametrize("surplus", [0.0, 0.049])
def test_introductions_that_are_declined_show_nothing(surplus):
    world = world_with()
    before = world.state.strategies.priorities.copy()
    introduce(world, *seats(world), surplus=surplus)
    discover(world)
    assert (world.state.strategies.priorities == before).all()


def test_regions_without_introductions_keep_their_priorities():
    world = world_with()
    before = world.state.strategies.priorities.copy()
    here = np.flatnonzero(world.state.organisations.region == 0)
    introduce(world, int(here[0]), int(here[1]))
    discover(world)
    assert (world.state.strategies.priorities[1:] == before[1:]).all()
    assert (world.state.strategies.priorities[0] != before[0]).any()


@pytest.mark.parametrize("changes", [{"process": "fixed"}, {"programme": {"active": False}}, {"rate": 0.0}])
def test_fixed_priorities_and_no_programme_leave_them_as_they_are(changes):
    world = world_with(**changes)
    before = world.state.strategies.priorities.copy()
    introduce(world, *seats(world))
    discover(world)
    assert (world.state.strategies.priorities == before).all()


def test_a_region_starts_with_the_priorities_that_it_names():
    values = ecosystem(members=0)
    values["regions"]["DE21"]["priorities"] = {"biotechnology": 3.0, "cybersecurity": 1.0}
    world = founded(values).world
    named = world.state.strategies.priorities[world.geography.regions.index("DE21")]
    listed = {world.geography.domains[d]: float(named[d]) for d in np.flatnonzero(named)}
    assert listed == {"biotechnology": 0.75, "cybersecurity": 0.25}
    np.testing.assert_allclose(world.state.strategies.priorities.sum(axis=1), 1.0, rtol=0, atol=1e-12)
