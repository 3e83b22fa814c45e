import numpy as np
import pytest

from simulation.codes import Origin, Stage, Status
from simulation.mechanisms.demography import turn_over
from simulation.mechanisms.ties import form_ties
from simulation.newborns import stationary_ages
from simulation.state import NEVER
from tests.unit.small_worlds import KEY, project, rebuild, small_world, tie


@pytest.fixture
def world():
    made = small_world(16)
    made.scenario.ties.casual_rate = 0.0
    return made


def pairs(world):
    ties = world.state.ties
    return list(zip(ties.first.tolist(), ties.second.tolist(), strict=True))


def test_a_project_ties_every_two_of_its_members(world):
    project(world, 5, 2, 9)
    form_ties(world)
    ties = world.state.ties
    assert pairs(world) == [(2, 5), (2, 9), (5, 9)]
    assert set(ties.origin) == {Origin.PROJECT}
    assert ties.running_projects.tolist() == [1, 1, 1]
    assert set(ties.used_month) == {1}
    np.testing.assert_array_equal(ties.trust, np.float32(0.25 * 0.98))


def test_a_project_through_a_partnership_makes_programme_ties(world):
    project(world, 0, 1)
    project(world, 1, 0, partnership=0)
    project(world, 2, 3)
    form_ties(world)
    assert pairs(world) == [(0, 1), (2, 3)]
    assert world.state.ties.origin.tolist() == [Origin.PROGRAMME, Origin.PROJECT]
    assert world.state.ties.running_projects.tolist() == [2, 1]


def test_an_existing_tie_is_used_and_not_doubled(world):
    tie(world, 0, 1)
    project(world, 1, 0)
    form_ties(world)
    assert pairs(world) == [(0, 1)]
    assert (world.state.ties.used_month[0], world.state.ties.running_projects[0]) == (1, 1)


def test_a_single_beneficiary_makes_no_tie(world):
    project(world, 3)
    form_ties(world)
    assert pairs(world) == []


def test_a_stage_passed_closes_part_of_the_gap_to_full_trust(world):
    tie(world, 0, 1, running_projects=1)
    project(world, 0, 1, started_month=-3, passed_month=1, stage=int(Stage.PILOT))
    form_ties(world)
    assert world.state.ties.trust[0] == pytest.approx((0.25 + 0.3 * 0.75) * 0.98)


def test_a_failure_costs_trust_and_frees_the_tie(world):
    tie(world, 0, 1, running_projects=1)
    project(world, 0, 1, started_month=-3, ended_month=1, status=int(Status.FAILED))
    form_ties(world)
    assert world.state.ties.trust[0] == pytest.approx(0.25 * 0.7 * 0.98)
    assert world.state.ties.running_projects[0] == 0


def test_a_forgotten_tie_vanishes_unless_a_project_runs_on_it(world):
    tie(world, 0, 1, trust=0.0505)
    tie(world, 2, 3, trust=0.0505, running_projects=1)
    tie(world, 4, 5, trust=0.06)
    form_ties(world)
    turn_over_without_exits(world)
    assert pairs(world) == [(2, 3), (4, 5)]
    assert world.adjacency.neighbours.tolist() == [3, 2, 5, 4]


def turn_over_without_exits(world):
    for name in ("exit_first_year", "exit_years_two_to_five", "exit_later"):
        setattr(world.scenario.demography, name, 0.0)
    turn_over(world)


def test_casual_ties_come_at_their_rate_and_never_double_a_tie():
    world = small_world(2000)
    ring(world, 4)
    before = len(world.state.ties)
    form_ties(world)
    made = len(world.state.ties) - before
    assert abs(made - 0.06 * 2000) < 3 * (0.06 * 2000) ** 0.5
    assert len(set(pairs(world))) == len(world.state.ties)
    assert all(first < second for first, second in pairs(world))
    new = slice(before, None)
    assert set(world.state.ties.origin[new]) == {Origin.CASUAL}
    assert set(world.state.ties.used_month[new]) == {NEVER}


def test_whoever_has_friends_meets_a_friend_of_theirs_and_others_somebody_of_the_cluster():
    world = small_world(16)
    world.scenario.ties.casual_rate = 1.0
    tie(world, 0, 9)
    tie(world, 9, 15)
    form_ties(world)
    cluster = world.state.organisations.cluster
    new = pairs(world)[2:]
    assert (0, 15) in new
    assert all(cluster[first] == cluster[second] for first, second in new if (first, second) != (0, 15))


def ring(world, reach):
    """Ties of everybody to the next few of its cluster, aged as at the founding."""
    cluster = world.state.organisations.cluster
    for members in (np.flatnonzero(cluster == index) for index in range(4)):
        for step in range(1, reach + 1):
            one, other = members, np.roll(members, -step)
            trust = 0.25 * 0.98 ** (np.arange(len(members)) * 7 % 80)
            world.state.ties.append(
                len(members), first=np.minimum(one, other), second=np.maximum(one, other), trust=trust
            )
    rebuild(world)


def test_the_mean_degree_stays_between_seven_and_nine_for_ten_years():
    world = small_world(800)
    ring(world, 4)
    organisations = world.state.organisations
    organisations.born_month[:] = stationary_ages(world.scenario, KEY, organisations.identity)
    degrees = []
    for month in range(1, 121):
        world.month = month
        form_ties(world)
        turn_over(world)
        degrees.append(2 * len(world.state.ties) / np.count_nonzero(world.state.organisations.alive))
    assert min(degrees) > 7.0
    assert max(degrees) < 9.0
