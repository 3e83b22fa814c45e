import numpy as np
import pytest

from simulation.codes import Channel, Kind, Origin, Stage, Status
from simulation.projects import begin_projects, made_by_programme
from simulation.state import NOBODY
from tests.verification_runs import ecosystem, founded

PROGRAMME = (Channel.PARTNER, Channel.PLATFORM, Channel.GROUP, Channel.EVENT, Channel.CALL)


@pytest.fixture
def world():
    made = founded(ecosystem()).world
    made.month = 4
    return made


def firms(world, region):
    organisations = world.state.organisations
    return np.flatnonzero((organisations.kind == Kind.SME) & (organisations.region == region))


def begin(world, *pairs, channel=Channel.BROKER, **options):
    first, second = np.array(pairs, dtype=np.int32).T
    number = len(pairs)
    return begin_projects(
        world,
        first,
        second,
        np.arange(number, dtype=np.uint64),
        np.full(number, 0.1),
        np.full(number, 0.2),
        np.full(number, int(channel), dtype=np.int8),
        **options,
    )


def counted(world, name):
    return int(world.state.counters.storage[name][0])


def test_a_project_begins_at_scoping_with_its_members(world):
    a, b = firms(world, 0)[0], firms(world, 1)[0]
    row = begin(world, (a, b)).start
    projects = world.state.projects
    assert projects.members[row].tolist() == [a, b] + [NOBODY] * 6
    assert (projects.status[row], projects.stage[row], projects.started_month[row]) == (
        Status.RUNNING,
        Stage.SCOPING,
        4,
    )
    assert world.state.organisations.running_projects[[a, b]].tolist() == [1, 1]
    assert world.state.organisations.cooperated_month[[a, b]].tolist() == [4, 4]


def test_it_aims_at_the_market_of_the_partner(world):
    a, b = firms(world, 0)[0], firms(world, 1)[0]
    row = begin(world, (a, b)).start
    assert world.state.projects.target_region[row] == 1
    assert world.state.projects.cross_region[row]
    assert world.state.projects.cross_border[row]
    assert counted(world, "collaborations_cross_border") == 1


def test_a_single_beneficiary_does_not_cooperate(world):
    a = firms(world, 0)[0]
    row = begin(world, (a, NOBODY), channel=Channel.CALL).start
    assert world.state.projects.member_count[row] == 1
    assert counted(world, "projects_started") == 1
    assert counted(world, "collaborations") == counted(world, "collaboration_smes") == 0
    assert world.state.organisations.cooperated_month[a] < 0


def begin_consortium(world, *members):
    first, second, *others = np.array(members, dtype=np.int32)
    further = np.full((1, 6), NOBODY, dtype=np.int32)
    further[0, : len(others)] = others
    return begin(world, (first, second), others=further).start


def test_a_consortium_begins_one_project_with_all_its_members(world):
    members = [*firms(world, 0)[:3], firms(world, 1)[0]]
    row = begin_consortium(world, *members)
    projects, organisations = world.state.projects, world.state.organisations
    assert projects.members[row].tolist() == [*members, *[NOBODY] * 4]
    assert projects.member_count[row] == 4
    assert organisations.running_projects[members].tolist() == [1] * 4
    assert organisations.cooperated_month[members].tolist() == [4] * 4
    assert counted(world, "projects_started") == counted(world, "collaborations") == 1
    assert counted(world, "collaboration_smes") == counted(world, "newcomers") == 4


def test_one_member_from_elsewhere_makes_a_consortium_cross_regions_and_borders(world):
    here = firms(world, 0)
    at_home = begin_consortium(world, *here[:3])
    mixed = begin_consortium(world, *here[:3], firms(world, 1)[0])
    projects = world.state.projects
    assert projects.cross_region[[at_home, mixed]].tolist() == [False, True]
    assert projects.cross_border[[at_home, mixed]].tolist() == [False, True]
    assert counted(world, "collaborations_cross_border") == 1


def test_newcomers_are_counted_once(world):
    a, b, c = firms(world, 0)[:3]
    begin(world, (a, b))
    begin(world, (a, c))
    assert counted(world, "collaboration_smes") == 4
    assert counted(world, "newcomers") == 3


def test_two_who_carried_a_project_before_are_a_repeat_tie(world):
    ties = world.state.ties
    strangers = int(np.flatnonzero(ties.origin == Origin.FOUNDING)[0])
    pair = int(ties.first[strangers]), int(ties.second[strangers])
    begin(world, pair)
    assert counted(world, "repeat_ties") == 0
    ties.used_month[strangers] = 2
    begin(world, pair)
    assert counted(world, "repeat_ties") == 1


def test_what_a_programme_brings_about_is_told_by_the_channel():
    channels = np.array(list(Channel), dtype=np.int8)
    assert set(channels[made_by_programme(channels)]) == {int(channel) for channel in PROGRAMME}


def test_luck_is_one_on_average(world):
    a, b = firms(world, 0)[:2]
    new = begin(world, *[(a, b)] * 4000)
    luck = world.state.projects.luck[new].astype(np.float64)
    assert luck.mean() == pytest.approx(1.0, abs=3 * luck.std() / 4000**0.5)
    assert luck.std() > 0.3
