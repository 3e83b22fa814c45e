import numpy as np
import pytest

from simulation.codes import Channel, Origin
from simulation.mechanisms.indicators import measure
from simulation.mechanisms.platforms import connect, sign_up
from simulation.mechanisms.ties import form_ties
from simulation.model import EcosystemModel
from simulation.scenario import scenario_from_values
from simulation.state import NEVER, NOBODY
from tests.invariants import run_checked
from tests.verification_runs import ecosystem, founded

STAFFED = {"staffed": True, "starts_month": 1, "ends_month": 20, "connections": True, "profile_rate": 1.0}


def a_platform(month=1, across=True, smes=20, **platform):
    """Everybody is registered; the platform is staffed for as long as the programme lasts, which is six months."""
    values = ecosystem(smes=smes)
    values["enrolment"]["registered_at_start"] = 1.0
    values["matching"]["reservation_value"] = 0.01
    values["platform"] |= STAFFED | platform
    values["programme"]["across"] = across
    world = founded(values).world
    world.month = month
    return world


def connected(world):
    ties = world.state.ties
    rows = np.flatnonzero(ties.origin == Origin.PLATFORM)
    return ties.first[rows], ties.second[rows]


def test_registered_firms_sign_up_while_the_platform_is_staffed():
    world = a_platform()
    world.state.organisations.broker[:3] = NOBODY
    sign_up(world)
    organisations = world.state.organisations
    assert ((organisations.platform_month == 1) == (organisations.broker != NOBODY)).all()
    later = a_platform(month=7)
    sign_up(later)
    assert (later.state.organisations.platform_month == NEVER).all()


def test_a_platform_federates_the_hubs_of_its_regions_only():
    world = a_platform(regions=["DE21"])
    sign_up(world)
    organisations = world.state.organisations
    users = organisations.platform_month != NEVER
    assert set(organisations.region[users].tolist()) == {1}


def test_a_share_of_the_firms_signs_up_each_month():
    world = a_platform(sign_up_rate=0.25, smes=200)
    counts = []
    for world.month in (1, 2):
        sign_up(world)
        counts.append(int(np.count_nonzero(world.state.organisations.platform_month != NEVER)))
    assert 150 < counts[0] < 250
    assert 290 < counts[1] < 410
    assert measure(world)["platform_users"] == counts[1]


def test_users_who_are_worth_a_project_to_each_other_connect_and_others_do_not():
    world = a_platform()
    sign_up(world)
    ties = len(world.state.ties)
    connect(world)
    first, _ = connected(world)
    assert len(first) > 5
    assert len(world.state.ties) == ties + len(first)
    assert measure(world)["platform_connections"] == len(first)
    nobody = a_platform()
    nobody.scenario.matching.__dict__["reservation_value"] = 1.0
    sign_up(nobody)
    connect(nobody)
    assert len(connected(nobody)[0]) == 0


def test_two_who_know_each_other_already_are_not_tied_again():
    world = a_platform()
    sign_up(world)
    for world.month in (1, 2):
        form_ties(world)
        connect(world)
        ties = world.state.ties
        recent = ties.born_month == world.month
        pairs = ties.first[recent].astype(np.int64) << 32 | ties.second[recent]
        assert len(np.unique(pairs)) == len(pairs)
    assert (world.state.ties.first < world.state.ties.second).all()


def test_an_introduction_on_the_platform_connects_and_another_does_not():
    world = a_platform(profile_rate=0.0)
    sign_up(world)
    strangers = [(0, 30), (1, 31)]
    known = {tuple(pair) for pair in np.column_stack((world.state.ties.first, world.state.ties.second)).tolist()}
    assert not known & set(strangers)
    for (seeker, other), channel in zip(strangers, (Channel.PLATFORM, Channel.BROKER), strict=True):
        world.state.introductions.append(1, seeker=seeker, other=other, channel=int(channel))
    connect(world)
    assert [column.tolist() for column in connected(world)] == [[0], [30]]


def test_without_connections_meeting_on_the_platform_leaves_nothing():
    world = a_platform(connections=False)
    sign_up(world)
    connect(world)
    assert len(connected(world)[0]) == 0


@pytest.mark.parametrize("across", [True, False])
def test_without_a_programme_across_regions_users_connect_at_home_only(across):
    world = a_platform(across=across)
    sign_up(world)
    connect(world)
    first, second = connected(world)
    region = world.state.organisations.region
    assert len(first) > 0
    assert (region[first] != region[second]).any() == across


def test_use_fades_after_the_staff_has_gone_and_ends():
    world = a_platform(lives_on_months=3, use_kept=0.5)
    use = []
    for world.month in range(5, 12):
        use.append(world.platform_use)
    assert use == [1.0, 1.0, 0.5, 0.25, 0.125, 0.0, 0.0]
    assert not world.platform_on


@pytest.mark.parametrize("off", [{"staffed": False}, {"lives_on_months": 0}, {"starts_month": 9}])
def test_what_was_never_staffed_or_does_not_live_on_is_not_used(off):
    world = a_platform(month=7, **{"lives_on_months": 3, **off})
    assert world.platform_use == 0.0


def test_users_go_on_connecting_while_the_platform_lives_on_at_no_cost():
    values = ecosystem(smes=12, months=12)
    values["enrolment"]["registered_at_start"] = 1.0
    values["platform"] |= STAFFED | {"lives_on_months": 6, "use_kept": 0.9, "profile_rate": 0.5}
    values["programme_end_month"] = 4
    model = run_checked(EcosystemModel(scenario_from_values(values, "lives-on"), seed=3))
    connections, cost = model.series["platform_connections"], model.series["services_cost_keur"]
    assert connections[3] < connections[7] <= connections[9] == connections[11]
    assert cost[3] == cost[11]
    assert connections[0] > 0
