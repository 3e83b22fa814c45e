import numpy as np
import pytest

from simulation import schemas
from simulation.codes import Kind, Origin, Status
from simulation.geography import exit_hazards, founding_of
from simulation.kernels.demography import births, exits
from simulation.mechanisms.demography import turn_over
from simulation.newborns import found_organisations
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.state import NEVER, NOBODY, Table
from tests.unit.small_worlds import KEY, project, register, small_map, small_scenario, small_world, tie


def mortal(share):
    scenario = small_scenario()
    for name in ("exit_first_year", "exit_years_two_to_five", "exit_later"):
        setattr(scenario.demography, name, share)
    return scenario


def test_the_dead_leave_broker_park_and_group_and_stay_in_the_table():
    world = small_world(8, mortal(1.0))
    register(world, slice(None), 0)
    turn_over(world)
    organisations = world.state.organisations
    assert len(organisations) == 16
    assert organisations.alive.tolist() == [False] * 8 + [True] * 8
    assert organisations.died_month.tolist() == [1] * 8 + [NEVER] * 8
    for column in (organisations.broker, organisations.park, organisations.group):
        assert set(column) == {NOBODY}
    assert (world.state.counters.exits[0], world.state.counters.entries[0]) == (8, 8)


def test_only_smes_exit():
    world = small_world(8, mortal(1.0), kind=Kind.UNIVERSITY)
    turn_over(world)
    assert world.state.organisations.alive.tolist() == [True] * 8


def test_a_dead_partner_ends_a_project_as_expired():
    world = small_world(8, mortal(1.0))
    world.state.organisations.kind[[0, 1, 2]] = Kind.LARGE
    for first, second in ((0, 1), (0, 7), (1, 7)):
        tie(world, first, second, running_projects=1)
    ended = project(world, 0, 1, 7)
    running = project(world, 1, 2)
    turn_over(world)
    projects, organisations = world.state.projects, world.state.organisations
    assert (projects.status[ended], projects.ended_month[ended]) == (Status.EXPIRED, 1)
    assert (projects.status[running], projects.ended_month[running]) == (Status.RUNNING, NEVER)
    assert organisations.running_projects[[0, 1, 2, 7]].tolist() == [0, 1, 1, 0]
    assert world.state.counters.projects_expired[0] == 1
    survivors = world.state.ties.origin == Origin.FOUNDING
    assert world.state.ties.first[survivors].tolist() == [0]
    assert world.state.ties.running_projects[survivors].tolist() == [0]


def test_entrants_are_tied_to_different_living_firms_of_their_cluster():
    world = small_world(400)
    world.state.organisations.born_month[:] = 0
    for month in range(1, 7):
        world.month = month
        turn_over(world)
    organisations, ties = world.state.organisations, world.state.ties
    entrants = np.flatnonzero(organisations.born_month > 0)
    assert len(entrants) == world.state.counters.exits[0] > 20
    assert set(ties.origin) == {Origin.ENTRANT}
    assert organisations.alive[ties.first].all()
    np.testing.assert_array_equal(organisations.cluster[ties.first], organisations.cluster[ties.second])
    pairs = set(zip(ties.first.tolist(), ties.second.tolist(), strict=True))
    assert len(pairs) == len(ties)
    newest = np.flatnonzero(organisations.alive & (organisations.born_month == 6))
    assert np.diff(world.adjacency.offsets)[newest].tolist() == [3] * len(newest)


def test_the_same_firms_enter_whatever_happened_before():
    plain, other = small_world(400), small_world(400)
    project(other, 0, 1)
    register(other, slice(None), 0)
    for world in (plain, other):
        turn_over(world)
    for name in ("identity", "knowledge", "size", "needs", "capital_cents"):
        np.testing.assert_array_equal(
            getattr(plain.state.organisations, name), getattr(other.state.organisations, name)
        )


def test_the_fraction_of_a_birth_ratio_is_drawn_by_address():
    identities = np.arange(2000, dtype=np.uint64)
    leaving = np.arange(6000, dtype=np.int32)
    cluster, identity = births(KEY, 4, leaving, leaving // 3, np.full(2000, 1.25), identities)
    counts = np.bincount(cluster, minlength=2000)
    assert set(counts) == {3, 4}
    assert counts.mean() == pytest.approx(3.75, abs=3 * (0.1875 / 2000) ** 0.5)
    assert len(set(identity)) == len(identity)


def test_insolvency_shifts_exits_and_adds_none():
    count = 60_000
    alive, kind = np.ones(count, dtype=np.bool_), np.zeros(count, dtype=np.int8)
    identity = np.arange(count, dtype=np.uint64)
    born, region = np.full(count, -200, dtype=np.int16), np.zeros(count, dtype=np.int16)
    capital = np.where(np.arange(count) % 4 == 0, -1, 1).astype(np.int64)
    hazards = exit_hazards(small_scenario()) * 10
    draw = uniforms(KEY, Purpose.EXIT, 1, identity)
    leaving = exits(draw, 1, alive, kind, born, capital, region, hazards, np.ones(2), 3.0)
    expected = hazards[2] * count
    assert abs(len(leaving) - expected) < 3 * expected**0.5
    insolvent = np.count_nonzero(capital[leaving] < 0) / (count / 4)
    solvent = np.count_nonzero(capital[leaving] > 0) / (count * 3 / 4)
    assert insolvent / solvent == pytest.approx(3.0, rel=0.12)


def test_an_exit_multiplier_of_zero_keeps_a_region_whole():
    world = small_world(400, mortal(0.9))
    world.scenario.regions["R1"].exit_multiplier = 0.0
    turn_over(world)
    organisations = world.state.organisations
    dead = ~organisations.alive
    assert dead.any()
    assert set(organisations.region[dead]) == {1}


def newborns(scenario, cluster, identity, month):
    firms = Table(schemas.organisations(5))
    found_organisations(firms, founding_of(scenario, small_map()), KEY, cluster, Kind.SME, identity, month)
    return firms


def test_newborns_have_what_their_sector_and_region_give_them():
    count = 4000
    scenario = small_scenario()
    scenario.regions["R2"].innovation_index = 200.0
    identity = np.arange(count, dtype=np.uint64)
    cluster = (np.arange(count) % 4).astype(np.int32)
    firms = newborns(scenario, cluster, identity, 5)
    core_a = firms.sector == 0
    assert firms.knowledge[core_a, 0].mean() == pytest.approx(0.6, abs=0.01)
    assert firms.knowledge[~core_a, 0].mean() == pytest.approx(0.12, abs=0.003)
    assert firms.knowledge.std(axis=0).min() > 0.02
    first = firms.region == 0
    assert firms.absorptive_capacity[first].mean() == pytest.approx(0.4, abs=0.014)
    assert firms.absorptive_capacity[~first].mean() == pytest.approx(0.5, abs=0.014)
    assert firms.innovator.mean() == pytest.approx(0.5, abs=0.025)
    assert np.median(firms.size) == pytest.approx(8.0, rel=0.06)
    assert firms.size.min() >= 1.0
    assert firms.size.max() <= 249.0
    needs = np.sort(firms.needs, axis=1)
    assert (np.diff(needs, axis=1) > 0).all()
    assert np.bincount(firms.need_kind).min() > count / 6 * 0.85


def test_a_firm_is_the_same_whoever_is_drawn_beside_it():
    identity = np.arange(6, dtype=np.uint64)
    cluster = np.zeros(6, dtype=np.int32)
    together = newborns(small_scenario(), cluster, identity, 1)
    alone = newborns(small_scenario(), cluster[4:5], identity[4:5], 9)
    for column, cells in alone.columns():
        if column.name != "born_month":
            np.testing.assert_array_equal(cells[0], getattr(together, column.name)[4])
