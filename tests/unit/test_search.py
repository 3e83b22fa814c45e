import numpy as np
import pytest

from simulation.codes import Channel, Kind
from simulation.mechanisms.governance import coordinate
from simulation.mechanisms.partnership import found_partnerships
from simulation.mechanisms.platforms import sign_up
from simulation.mechanisms.search import search
from simulation.state import NOBODY
from tests.verification_runs import ecosystem, founded


def world_that_looks(smes=12, members=2, engagement=1.0, **changes):
    """Every SME is an innovator that looks for a partner every month, and is a client of its region's broker."""
    values = ecosystem(smes=smes, members=members, decision="none")
    values["population"]["innovator_share"] = 1.0
    values["search"]["seeking_rate"] = 1.0
    values["enrolment"]["registered_at_start"] = 1.0
    values["engagement"]["at_start"] = engagement
    for key, value in changes.items():
        section, name = key.split("__")
        values[section][name] = value
    world = founded(values).world
    world.month = 1
    world.event_regions = np.zeros(len(world.geography.regions), dtype=np.bool_)
    found_partnerships(world)
    coordinate(world)
    sign_up(world)
    return world


def candidates(world, channel=None):
    search(world)
    seen = world.state.candidates
    chosen = np.ones(len(seen), dtype=np.bool_) if channel is None else seen.channel == channel
    return seen.seeker[chosen], seen.other[chosen]


def test_all_innovators_look_when_the_rate_says_so_and_others_never():
    world = world_that_looks()
    organisations = world.state.organisations
    organisations.innovator[0] = False
    seekers = set(candidates(world)[0].tolist())
    assert seekers <= set(np.flatnonzero(organisations.innovator & (organisations.kind == Kind.SME)).tolist())
    assert 0 not in seekers
    assert len(seekers) > 40


def test_nobody_sees_itself_the_dead_or_the_same_twice():
    world = world_that_looks()
    world.state.organisations.alive[3] = False
    seeker, other = candidates(world)
    assert (seeker != other).all()
    assert 3 not in {*seeker.tolist(), *other.tolist()}
    assert len(set(zip(seeker.tolist(), other.tolist(), strict=True))) == len(seeker)


def test_who_has_its_hands_full_neither_looks_nor_is_seen():
    world = world_that_looks()
    world.state.organisations.running_projects[3] = 100
    seeker, other = candidates(world)
    assert 3 not in {*seeker.tolist(), *other.tolist()}


def test_a_pair_with_a_running_project_is_not_seen_again():
    world = world_that_looks()
    world.state.ties.running_projects[:] = 1
    tied = set(zip(world.state.ties.first.tolist(), world.state.ties.second.tolist(), strict=True))
    seeker, other = candidates(world)
    assert not tied & set(zip(np.minimum(seeker, other).tolist(), np.maximum(seeker, other).tolist(), strict=True))


def test_a_broker_shows_its_own_clients():
    world = world_that_looks()
    seeker, other = candidates(world, Channel.BROKER)
    broker = world.state.organisations.broker
    assert len(seeker) > 0
    assert (broker[seeker] == broker[other]).all()


def test_partners_show_each_others_clients_as_far_as_both_engage():
    shown = {}
    for engagement in (0.0, 0.5, 1.0):
        world = world_that_looks(engagement=engagement)
        seeker, other = candidates(world, Channel.PARTNER)
        region = world.state.organisations.region
        assert (region[seeker] != region[other]).all()
        shown[engagement] = len(seeker)
    assert shown[0.0] == 0
    assert 0.1 * shown[1.0] < shown[0.5] < 0.45 * shown[1.0]


@pytest.mark.parametrize(
    "closed", [{"programme__across": False}, {"partnership__sharing": 0.0}, {"members": 1}, {"members": 0}]
)
def test_without_a_partnership_that_shares_no_partner_shows_anybody(closed):
    assert len(candidates(world_that_looks(**closed), Channel.PARTNER)[0]) == 0


def test_nobody_shows_partners_while_coordination_is_not_at_work():
    world = world_that_looks()
    world.state.partnerships.capacity_share[:] = 0.0
    assert len(candidates(world, Channel.PARTNER)[0]) == 0


def test_the_platform_shows_clients_of_all_brokers_while_it_is_staffed():
    open_to = {"platform__staffed": True, "platform__starts_month": 1, "platform__ends_month": 3}
    assert len(candidates(world_that_looks(**open_to), Channel.PLATFORM)[0]) > 0
    assert len(candidates(world_that_looks(), Channel.PLATFORM)[0]) == 0


def test_guests_of_an_event_meet_in_their_region():
    world = world_that_looks(members=0)
    region = world.state.organisations.region
    world.event_guests = (region == 0) & (np.arange(len(region)) % 2 == 0)
    seeker, other = candidates(world, Channel.EVENT)
    assert len(seeker) > 0
    assert set(region[seeker].tolist()) == {0}
    assert world.event_guests[other].all()


def test_an_unregistered_firm_sees_friends_of_friends_only():
    world = world_that_looks()
    world.state.organisations.broker[5] = NOBODY
    search(world)
    seen = world.state.candidates
    assert set(seen.channel[seen.seeker == 5].tolist()) <= {Channel.FRIENDS}


def test_a_perfect_broker_sees_what_a_pair_is_worth():
    world = world_that_looks()
    world.state.brokers.skill[:] = 1.0
    search(world)
    assert (world.state.candidates.weight == world.state.candidates.surplus).all()


def test_a_broker_without_skill_sees_no_difference_between_candidates():
    world = world_that_looks(members=0)
    world.state.brokers.skill[:] = 0.5
    search(world)
    seen = world.state.candidates
    shown = seen.channel == Channel.BROKER
    for seeker in np.unique(seen.seeker[shown]):
        weight = seen.weight[shown & (seen.seeker == seeker)]
        assert weight == pytest.approx(weight[0])
    told = seen.channel == Channel.FRIENDS
    assert (seen.weight[told] == seen.surplus[told]).all()


def test_a_more_skilled_broker_ranks_better():
    agreement = []
    for skill in (0.6, 0.75, 0.95):
        world = world_that_looks(members=0)
        world.state.brokers.skill[:] = skill
        search(world)
        seen = world.state.candidates
        shown = (seen.channel == Channel.BROKER) & (seen.surplus > 1e-6)
        agreement.append(np.corrcoef(np.log(seen.weight[shown]), np.log(seen.surplus[shown]))[0, 1])
    assert agreement[0] < agreement[1] < agreement[2]


def test_a_seeker_offers_at_most_one_case_to_two_members():
    world = world_that_looks()
    search(world)
    offers, looking = world.state.members.offers_now, len(np.unique(world.state.candidates.seeker))
    assert offers[0] == offers[1] > 0.0
    assert offers.sum() <= 2 * looking
    assert (world.state.brokers.partner_case_capacity > 0).all()
