"""Rings of peer learning, visits that cost, training of brokers and emerging technologies."""

import inspect
from itertools import pairwise

import numpy as np
import pytest

from simulation.agencies import Ring
from simulation.codes import Account, Source
from simulation.kernels.agencies import practise, take_part
from simulation.mechanisms import peer_learning
from simulation.mechanisms.governance import coordinate
from simulation.mechanisms.partnership import found_partnerships
from simulation.mechanisms.peer_learning import emerge, learn_from_peers, skill
from simulation.money import cents, spent_cents
from simulation.randomness import stream_key
from simulation.schedule import MONTH
from simulation.schemas import PRACTICES
from simulation.state import NEVER, NOBODY
from tests.verification_runs import after, broker, ecosystem, founded, scenario_from_values

LEARNING = tuple(stage for stage in MONTH if stage.name in ("negotiation", "policy", "peer learning", "indicators"))
FOUR = ("AT13", "AT32", "DE11", "DE21")
STILL = {"handbook": False, "visits": False, "turnover": 0.0, "turbulence": 0.0}


def world_with(month=1, across=True, active=True, **rules):
    """Partners b0 and b1, an associate b2 abroad, b3 alone; a broker and a park beside b0, an authority beside b2."""
    values = ecosystem(regions=FOUR, members=2, decision="none")
    values["regions"]["CN00"] = {**values["regions"]["AT13"], "name": "China", "country": "CN", "external": True}
    values["brokers"]["b2"]["region"] = "CN00"
    values["brokers"]["beside"] = broker("AT13")
    values["parks"]["park"] = {"name": "A park", "region": "AT13", "kind": "science_park"}
    values["authorities"]["authority"] = {"name": "A", "region": "CN00", "kind": "region", "brokers": ["b3"]}
    values["partnerships"]["p"]["associates"] = ["b2"]
    values["programme"] |= {"across": across, "active": active}
    values["engagement"]["at_start"] = 0.0
    values["peer_learning"] |= {"outer_ring_rate": 0.5, "regional_actor_rate": 0.25, **rules}
    world = founded(values).world
    world.month = 1
    found_partnerships(world)
    coordinate(world)
    world.month = month
    return world


class Agencies:
    """The agencies of a world end to end: partnership in which each takes part, ring, rates of reading and visiting.

    They take part with what the mechanism hands to its kernel, by the kernel's own names.
    """

    def __init__(self, world):
        number = len(world.agencies[0])
        self.partnership, self.ring = np.empty(number, np.int64), np.empty(number, np.int8)
        self.reading, self.visiting = np.empty(number), np.empty(number)
        with pytest.MonkeyPatch.context() as replaced:
            replaced.setattr(peer_learning, "practise", self.take_part_as_asked)
            peer_learning._practise(world, np.ones(PRACTICES, dtype=np.int8))

    def take_part_as_asked(self, *given):
        names = inspect.signature(getattr(practise, "py_func", practise)).parameters
        asked = dict(zip(names, given, strict=True))
        members = ("identity", "partnership", "present", "tier", "region", "engagement")
        take_part(
            asked["identities"],
            np.concatenate(asked["member"]),
            asked["region"],
            *(asked[f"member_{name}"] for name in members),
            *(asked[name] for name in ("active", "across", "inviting", "regions", "rates", "updates", "meetings")),
            self.partnership,
            self.ring,
            self.reading,
            self.visiting,
        )
        return 0, 0, 0


B0, B1, B2, B3, BESIDE, PARK, AUTHORITY = range(7)


def test_partners_associates_and_regional_actors_read_and_visit_at_the_rates_of_their_rings():
    agencies = Agencies(world_with(regional_actors=True))
    assert [Ring(each) for each in agencies.ring[[B0, B1, B2, BESIDE]]] == [
        Ring.PARTNER,
        Ring.PARTNER,
        Ring.ASSOCIATE,
        Ring.REGIONAL_ACTOR,
    ]
    for rate in (agencies.reading, agencies.visiting):
        assert rate[[B0, B1, B2, BESIDE, PARK]].tolist() == [1.0, 1.0, 0.5, 0.25, 0.25]


@pytest.mark.parametrize("regional_actors", [False, True])
def test_partners_bring_in_the_agencies_of_their_region_and_associates_bring_nobody(regional_actors):
    taking_part = Agencies(world_with(regional_actors=regional_actors)).partnership != NOBODY
    assert taking_part[[B0, B1, B2]].all()
    assert taking_part[[BESIDE, PARK]].tolist() == [regional_actors] * 2
    assert not taking_part[[B3, AUTHORITY]].any()


def test_a_regional_actor_lends_the_engagement_of_the_partner_that_brings_it_in():
    world = world_with(regional_actors=True)
    world.state.members.engagement[0] = 0.5
    share = world.scenario.engagement.commitments[2]
    assert Agencies(world).reading[[B1, BESIDE]] == pytest.approx([1.0, 0.25 * (1.0 + 6.0 * share * 0.5)])


def test_a_broker_that_a_partner_acts_for_is_a_regional_actor():
    values = ecosystem(regions=FOUR, members=2, decision="none")
    values["brokers"]["b3"]["parent"] = "b0"
    world = founded(values).world
    world.month = 1
    found_partnerships(world)
    coordinate(world)
    agencies = Agencies(world)
    assert agencies.partnership[3] == 0
    assert agencies.ring[3] == Ring.REGIONAL_ACTOR


def test_where_the_programme_does_not_act_across_regions_nobody_takes_part():
    agencies = Agencies(world_with(across=False, regional_actors=True))
    assert (agencies.partnership == NOBODY).all()


def test_a_slower_ring_learns_less_from_the_same_handbook():
    def read_by(rate):
        world = world_with(regional_actors=True, **STILL | {"handbook": True, "regional_actor_rate": rate})
        world.state.partnerships.handbook[0] = world.state.clock.right_practice[0]
        learn_from_peers(world)
        return int(world.state.brokers.transferred[BESIDE] + world.state.parks.transferred[0])

    assert read_by(0.0) == 0 < read_by(1.0)


def test_without_handbook_and_visits_nothing_is_transferred_whoever_takes_part():
    world = world_with(regional_actors=True, visit_cost_keur=1.0, **STILL)
    before = world.state.brokers.practices.copy()
    for month in range(1, 13):
        world.month = month
        learn_from_peers(world)
    assert (world.state.brokers.practices == before).all()
    assert world.state.counters.practices_transferred[0] == 0
    assert (world.state.brokers.visited_month == NEVER).all()


def visit_costs(month, **columns):
    world = world_with(
        month, regional_actors=True, **STILL | {"visits": True, "visit_cost_keur": 1.5, "visit_months": 1}
    )
    before = [spent_cents(world.state, (Account.COORDINATION,), (source,)) for source in Source]
    learn_from_peers(world)
    tables = (world.state.brokers, world.state.parks, world.state.authorities)
    visits = sum(int(np.count_nonzero(table.visited_month == month)) for table in tables)
    spent = [spent_cents(world.state, (Account.COORDINATION,), (source,)) for source in Source]
    return visits, [now - then for now, then in zip(spent, before, strict=True)]


def test_every_visit_is_paid_by_the_programme_and_after_it_by_the_regions():
    for month, payer in ((2, Source.EU), (8, Source.REGIONAL)):
        visits, paid = visit_costs(month)
        assert visits > 0
        assert {Source(place): cost for place, cost in enumerate(paid) if cost} == {payer: visits * cents(1.5)}


def trained(month=3, **rules):
    """World with beliefs wrong and undecided by turns, after a month; and the beliefs before."""
    plan = {"training_months": [3, 5], "training_adoption": 1.0, "training_cost_keur": 2.5}
    world = world_with(month, **STILL | plan | rules)
    reality = world.state.clock.right_practice[0]
    for table in (world.state.brokers, world.state.parks, world.state.authorities):
        table.practices[:] = np.where(np.arange(reality.size) % 2, 0, -reality)
    before = world.state.brokers.practices.copy()
    learn_from_peers(world)
    return world, before


def test_training_moves_brokers_half_a_step_towards_what_is_right_and_is_paid_for_each():
    world, _ = trained(training_ring="associate", source_of_money="national")
    reality = world.state.clock.right_practice[0]
    taught = np.where(np.arange(reality.size) % 2, reality, 0)
    assert (world.state.brokers.practices[[B0, B1, B2]] == taught).all()
    assert world.state.brokers.learned[[B0, B1, B2]].tolist() == [(taught != 0).tolist()] * 3
    assert spent_cents(world.state, (Account.COORDINATION,), (Source.NATIONAL,)) == 3 * cents(2.5)


@pytest.mark.parametrize(
    ("ring", "invited"), [("partner", [0, 1]), ("associate", [0, 1, 2]), ("regional_actor", [0, 1, 2, 4])]
)
def test_brokers_are_trained_up_to_the_outermost_ring_invited_and_parks_and_authorities_never(ring, invited):
    world, before = trained(training_ring=ring, regional_actors=True)
    moved = (world.state.brokers.practices != before).any(axis=1)
    assert np.flatnonzero(moved).tolist() == invited
    assert not world.state.parks.learned.any()
    assert not world.state.authorities.learned.any()


@pytest.mark.parametrize(("month", "active"), [(4, True), (3, False)])
def test_nobody_is_trained_in_other_months_or_without_a_programme(month, active):
    world, before = trained(month, active=active)
    assert (world.state.brokers.practices == before).all()
    assert spent_cents(world.state, (Account.COORDINATION,), (Source.EU,)) == 0


def test_training_moves_a_belief_with_its_probability():
    world, before = trained(training_adoption=0.5, training_ring="regional_actor", regional_actors=True)
    moved = (world.state.brokers.practices != before)[[0, 1, 2, 4]]
    assert moved.mean() == pytest.approx(0.5, abs=4 * 0.5 / moved.size**0.5)


@pytest.mark.parametrize(("share", "turned"), [(0.0, 0), (0.25, 4), (0.27, 4), (0.29, 5), (1.0, 16)])
def test_an_emerging_technology_turns_its_share_of_the_dimensions(share, turned):
    reality = np.ones(16, dtype=np.int8)
    assert np.count_nonzero(emerge(stream_key(1, 2), reality, share) == -1) == turned
    assert (reality == 1).all()


def test_skill_s_changes_by_minus_phi_times_2s_minus_1_on_average():
    reality = np.ones(16, dtype=np.int8)
    beliefs = np.array([[1] * 11 + [0] * 3 + [-1] * 2, [1] * 16, [0] * 16, [-1] * 12 + [1] * 4], dtype=np.int8)
    s, share = skill(beliefs, reality), 0.25
    after_it = np.array([skill(beliefs, emerge(stream_key(seed, 0), reality, share)) for seed in range(1200)])
    error = 4 * after_it.std(axis=0) / 1200**0.5 + 1e-12
    assert (np.abs(after_it.mean(axis=0) - (s - share * (2 * s - 1))) <= error).all()


def test_skill_after_an_emergence_of_everything_is_one_minus_skill():
    reality = np.ones(16, dtype=np.int8)
    beliefs = np.array([[1] * 11 + [0] * 3 + [-1] * 2], dtype=np.int8)
    assert skill(beliefs, emerge(stream_key(1, 0), reality, 1.0)) == pytest.approx(1 - skill(beliefs, reality))


@pytest.mark.parametrize("active", [True, False])
def test_a_technology_emerges_in_its_month_alone_with_or_without_a_programme(active):
    world = world_with(active=active, emerging_month=4, emerging_share=0.5, **STILL)
    realities = []
    for month in range(2, 7):
        world.month = month
        learn_from_peers(world)
        realities.append(world.state.clock.right_practice[0].copy())
    changed = [int(np.count_nonzero(now != then)) for then, now in pairwise(realities)]
    assert changed == [0, 8, 0, 0]


def test_what_emerges_is_the_same_whenever_it_does_and_the_months_before_are_identical():
    values = ecosystem(regions=FOUR, members=3, months=8, decision="none")
    values["peer_learning"] |= {"emerging_share": 0.5, "turbulence": 0.0}
    realities, series = [], []
    for month in (0, 4, 6):
        values["peer_learning"]["emerging_month"] = month
        model = after(scenario_from_values(values, "emerging"), schedule=LEARNING)
        realities.append(model.state.clock.right_practice[0].tolist())
        series.append(model.series["intermediary_skill"])
    assert realities[0] != realities[1] == realities[2]
    assert series[0][:3] == series[1][:3]
    assert series[0][:5] == series[2][:5]
