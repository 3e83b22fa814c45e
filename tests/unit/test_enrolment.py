from types import SimpleNamespace

import numpy as np

from simulation.codes import Kind
from simulation.kernels.enrolment import broker_of_region_choice, brokers_by_region
from simulation.mechanisms.enrolment import enrol
from simulation.state import NEVER, NOBODY
from tests.unit.small_worlds import KEY, broker, small_scenario, small_world, tie


def certain(**changes):
    rates = {
        "monthly_rate": 1.0,
        "maturity_offset": 1.0,
        "neighbour_effect": 0.0,
        "event_effect": 0.0,
        "awareness_effect": 0.0,
    }
    return small_scenario(enrolment=SimpleNamespace(**rates | changes))


def enrolled_after_a_month(scenario, organisations=4000, **setting):
    world = small_world(organisations, scenario)
    broker(world, 0, "one", promotion=setting.get("promotion", 0.0))
    world.event_regions = np.array([setting.get("event", False), False])
    enrol(world)
    return np.flatnonzero(world.state.organisations.broker != NOBODY)


def test_firms_enrol_at_a_broker_of_their_region_and_nowhere_without_one():
    world = small_world(16, certain())
    only = broker(world, 0, "only")
    enrol(world)
    organisations = world.state.organisations
    np.testing.assert_array_equal(organisations.broker, np.where(organisations.region == 0, only, NOBODY))
    np.testing.assert_array_equal(
        organisations.registered_month, np.where(organisations.region == 0, world.month, NEVER)
    )


def test_only_living_smes_without_a_broker_enrol():
    world = small_world(8, certain())
    for region in (0, 1):
        broker(world, region, f"broker {region}")
    organisations = world.state.organisations
    organisations.alive[0] = False
    organisations.kind[1] = Kind.UNIVERSITY
    organisations.broker[2] = 1
    enrol(world)
    np.testing.assert_array_equal(organisations.broker, [NOBODY, NOBODY, 1, 0, 1, 1, 1, 1])
    assert organisations.registered_month[2] == NEVER


def test_the_choice_of_broker_does_not_depend_on_the_order_of_brokers():
    identities = np.arange(100, dtype=np.uint64)
    regions = np.zeros(100, dtype=np.int16)
    brokers = np.array([30, 10, 20], dtype=np.uint64)
    chosen = []
    for order in ([0, 1, 2], [2, 0, 1]):
        offsets, rows = brokers_by_region(np.zeros(3, dtype=np.int16), brokers[order], 1)
        assert list(brokers[order][rows]) == [10, 20, 30]
        chosen.append(brokers[order][broker_of_region_choice(KEY, identities, regions, offsets, rows)])
    np.testing.assert_array_equal(*chosen)
    assert np.unique(chosen[0], return_counts=True)[1].min() > 20


def test_firms_enrol_where_the_choice_at_the_founding_would_have_put_them():
    world = small_world(40, certain())
    for region, name in ((1, "x"), (0, "y"), (1, "z"), (0, "w")):
        broker(world, region, name)
    enrol(world)
    organisations, brokers = world.state.organisations, world.state.brokers
    offsets, rows = brokers_by_region(brokers.region, brokers.identity, 2)
    expected = broker_of_region_choice(KEY, organisations.identity, organisations.region, offsets, rows)
    np.testing.assert_array_equal(organisations.broker, expected)


def test_the_share_that_enrols_is_the_rate_times_offset_plus_maturity():
    rows = enrolled_after_a_month(small_scenario())
    maturity = small_world(4000).state.organisations.digital_maturity[:2000]
    expected = float((0.02 * (0.5 + maturity)).sum())
    assert abs(len(rows) - expected) < 3 * expected**0.5


def test_promotion_and_events_only_add_firms_to_those_that_enrol_anyway():
    plain = set(enrolled_after_a_month(small_scenario()))
    assert plain < set(enrolled_after_a_month(small_scenario(), promotion=1.0))
    assert plain < set(enrolled_after_a_month(small_scenario(), event=True))


def test_registered_neighbours_raise_enrolment_and_those_of_the_same_month_do_not():
    def hesitant():
        return certain(monthly_rate=0.001, neighbour_effect=5000.0)

    alone, befriended = small_world(4, hesitant()), small_world(4, hesitant())
    for world in (alone, befriended):
        broker(world, 0, "only")
        broker(world, 1, "other")
        tie(world, 1, 2)
        tie(world, 0, 1)
    befriended.state.organisations.broker[0] = 0
    for world in (alone, befriended):
        enrol(world)
    assert list(alone.state.organisations.broker) == [NOBODY] * 4
    assert list(befriended.state.organisations.broker) == [0, 0, NOBODY, NOBODY]
