import numpy as np
import pytest

from simulation.codes import Channel, Stage, Status
from simulation.mechanisms.collaboration import collaborate, expected_success
from simulation.state import NEVER
from tests.verification_runs import ecosystem, founded


def world_with(month=1, **rules):
    values = ecosystem()
    values["collaboration"] |= {"luck_spread": 0.0, **rules}
    world = founded(values).world
    world.month = month
    return world


def introduce(world, pairs, surplus=0.08):
    first, second = np.array(pairs, dtype=np.int32).T
    world.state.introductions.append(
        len(first),
        seeker=first,
        other=second,
        surplus=surplus,
        weight=surplus,
        channel=int(Channel.BROKER),
        identity=np.arange(len(first), dtype=np.uint64),
        seeker_broker=0,
        other_broker=0,
    )


def counted(world, name):
    return int(world.state.counters.storage[name][0])


def months(world, number):
    world.state.introductions.clear()
    for _ in range(number):
        world.month += 1
        collaborate(world)


def running_project(world, **columns):
    introduce(world, [(0, 1)])
    collaborate(world)
    for name, value in columns.items():
        getattr(world.state.projects, name)[:] = value


def test_a_pair_worth_the_reference_surplus_starts_with_the_start_probability():
    world = world_with(start_probability=0.3)
    introduce(world, [(0, 1)] * 4000)
    collaborate(world)
    assert len(world.state.projects) / 4000 == pytest.approx(0.3, abs=3 * (0.21 / 4000) ** 0.5)


def test_a_pair_below_the_reservation_value_declines():
    world = world_with(start_probability=0.5)
    introduce(world, [(0, 1), (2, 3)], surplus=0.049)
    collaborate(world)
    assert len(world.state.projects) == 0
    assert counted(world, "introductions_declined") == 2


def test_who_has_no_capital_starts_nothing_and_declines_nothing():
    world = world_with(start_probability=0.5)
    world.state.organisations.capital_cents[1] = -1
    introduce(world, [(0, 1)], surplus=1e9)
    collaborate(world)
    assert len(world.state.projects) == counted(world, "introductions_declined") == 0


def test_a_project_waits_a_month_and_passes_a_stage_a_month_when_nothing_hinders_it():
    world = world_with(start_probability=0.5, advance_hazard=1.0, failure_hazard=0.0, expiry_hazard=0.0)
    introduce(world, [(0, 1)], surplus=1e9)
    collaborate(world)
    stages = [int(world.state.projects.stage[0])]
    for _ in range(3):
        months(world, 1)
        stages.append(int(world.state.projects.stage[0]))
    assert stages == [Stage.SCOPING, Stage.DEVELOPMENT, Stage.PILOT, Stage.MARKET]
    assert world.state.projects.status[0] == Status.COMMERCIALISED
    assert world.state.projects.ended_month[0] == 4
    assert world.state.organisations.running_projects[[0, 1]].tolist() == [0, 0]
    assert counted(world, "innovations_commercialised") == 1


@pytest.mark.parametrize(
    ("hazard", "outcome", "counter"),
    [("failure_hazard", Status.FAILED, "projects_failed"), ("expiry_hazard", Status.EXPIRED, "projects_expired")],
)
def test_a_certain_end_comes_in_the_first_month(hazard, outcome, counter):
    hazards = {"advance_hazard": 0.0, "failure_hazard": 0.0, "expiry_hazard": 0.0, hazard: 1.0}
    world = world_with(start_probability=0.5, **hazards)
    introduce(world, [(0, 1)], surplus=1e9)
    collaborate(world)
    months(world, 1)
    assert world.state.projects.status.tolist() == [outcome]
    assert counted(world, counter) == 1


def passed_in_a_month(projects=3000, served=False, luck=1.0, surplus=0.08, **columns):
    """Share of projects that pass their first stage in a month, with nothing else to happen to them."""
    world = world_with(advance_hazard=0.1, failure_hazard=0.0, expiry_hazard=0.0)
    state = world.state
    state.projects.append(
        projects,
        identity=np.arange(projects, dtype=np.uint64),
        surplus=surplus,
        luck=luck,
        started_month=0,
        member_count=1,
        members=np.array([0] + [-1] * 7),
        **columns,
    )
    state.organisations.running_projects[0] = 1
    state.organisations.served_until_month[0] = 12 if served else NEVER
    collaborate(world)
    return np.mean(state.projects.stage == Stage.DEVELOPMENT)


@pytest.mark.parametrize(
    ("conditions", "hazard"),
    [
        ({}, 0.1),
        ({"surplus": 0.32}, 0.2),
        ({"luck": 3.0}, 0.3),
        ({"grant_cents": 100, "granted_share": 1.0}, 0.16),
        ({"grant_cents": 50, "granted_share": 0.5}, 0.13),
        ({"served": True}, 0.17),
        ({"grant_cents": 100, "granted_share": 1.0, "served": True}, 0.272),
    ],
)
def test_surplus_luck_grants_and_services_multiply_the_chance_of_advance(conditions, hazard):
    error = 3 * (hazard * (1 - hazard) / 3000) ** 0.5
    assert passed_in_a_month(**conditions) == pytest.approx(hazard, abs=error)


def test_money_still_to_come_keeps_a_project_from_expiring():
    world = world_with(advance_hazard=0.0, failure_hazard=0.0, expiry_hazard=1.0, funded_expiry_multiplier=0.0)
    world.state.projects.append(
        3,
        identity=np.arange(3, dtype=np.uint64),
        surplus=0.08,
        luck=1.0,
        started_month=0,
        member_count=1,
        members=np.array([0] + [-1] * 7),
        grant_cents=[0, 100, 100],
        granted_share=[0.0, 1.0, 1.0],
        grant_paid_cents=[0, 100, 99],
    )
    world.state.organisations.running_projects[0] = 3
    collaborate(world)
    assert world.state.projects.status.tolist() == [Status.EXPIRED, Status.EXPIRED, Status.RUNNING]


def test_success_pleases_and_failure_disappoints_as_far_as_it_surprises():
    world = world_with(advance_hazard=0.5, failure_hazard=0.5, expiry_hazard=0.0, satisfaction_memory=0.5)
    state = world.state
    firms = len(state.organisations)
    members = np.full((firms, 8), -1)
    members[:, 0] = np.arange(firms)
    state.projects.append(
        firms,
        identity=np.arange(firms, dtype=np.uint64),
        surplus=0.08,
        luck=1.0,
        started_month=0,
        member_count=1,
        members=members,
    )
    state.organisations.running_projects[:] = 1
    months(world, 12)
    succeeded = state.projects.status == Status.COMMERCIALISED
    assert 0 < succeeded.sum() < firms
    assert state.organisations.satisfaction[succeeded] == pytest.approx(0.5 * (1.0 - 0.125))
    assert state.organisations.satisfaction[~succeeded] == pytest.approx(0.5 * (0.0 - 0.125))


def test_success_is_expected_as_often_as_three_stages_are_passed():
    assert expected_success(0.5, 0.25, 0.25) == 0.125
    assert expected_success(0.0, 0.0, 0.0) == 0.0
