import numpy as np
import pytest

from simulation.agencies import instrument_quality, instrumented_services
from simulation.codes import Account, Source
from simulation.mechanisms.enrolment import enrol
from simulation.mechanisms.governance import coordinate
from simulation.mechanisms.instruments import renew_instruments
from simulation.mechanisms.peer_learning import learn_from_peers
from simulation.mechanisms.services import provide
from simulation.money import cents, spent_cents
from simulation.schedule import MONTH
from tests.verification_runs import after, broker, ecosystem, founded, scenario_from_values

REGIONS = ("AT32", "DE21")
LEARNING = tuple(stage for stage in MONTH if stage.name in ("negotiation", "policy", "peer learning", "indicators"))
SURE = {"owners": "authorities", "adoption_hazard": 1.0, "adoption_cost_keur": 3.0, "service_effect": 0.5}
DIAGNOSIS = {
    "name": "Check",
    "kind": "diagnosis",
    "starts_month": 1,
    "ends_month": 6,
    "places_per_month": 1000,
    "cost_keur": 1.0,
    "source_of_money": "regional",
}


def world_with(authorities=1, members=0, smes=6, **rules):
    """Two regions with a broker each and no partnership; the authorities sit in the first, believing what is wrong."""
    values = ecosystem(regions=REGIONS, members=members, smes=smes)
    for place in range(authorities):
        values["authorities"][f"a{place}"] = {"name": "A", "region": "AT32", "kind": "region"}
    values["services"]["check"] = DIAGNOSIS
    values["provision"] |= {"take_up": 1.0, "diagnosis_maturity": 0.1}
    values["instruments"] |= {**SURE, **rules}
    values["peer_learning"] |= {"turnover": 0.0, "turbulence": 0.0}
    world = founded(values).world
    world.month = 1
    world.state.authorities.practices[:] = -world.state.clock.right_practice[0]
    return world


def teach(world, dimensions, owner=0):
    """Let an authority learn from others what is right in some dimensions."""
    authorities = world.state.authorities
    authorities.practices[owner, dimensions] = world.state.clock.right_practice[0, dimensions]
    authorities.learned[owner, dimensions] = True


def first_region(world):
    return world.geography.regions.index("AT32")


def test_what_was_learned_from_others_is_taken_over_and_own_beliefs_are_not():
    world = world_with()
    teach(world, [2, 5])
    renew_instruments(world)
    instrument = world.state.authorities.instrument[0]
    assert np.flatnonzero(instrument).tolist() == [2, 5]
    assert (instrument[[2, 5]] == world.state.clock.right_practice[0, [2, 5]]).all()


def test_every_practice_taken_over_costs_the_region_once():
    world = world_with()
    teach(world, [2, 5, 7])
    for _ in range(3):
        renew_instruments(world)
    assert spent_cents(world.state, (Account.SERVICES,), (Source.REGIONAL,)) == 3 * cents(3.0)
    assert spent_cents(world.state, tuple(Account)) == 3 * cents(3.0)


def test_an_owner_in_an_external_region_has_no_firms_to_reach_and_takes_nothing_over():
    world = world_with(authorities=0)
    world.geography.has_firms[first_region(world)] = False
    broker_there = world.state.brokers.region == first_region(world)
    world.state.brokers.practices[:], world.state.brokers.learned[:] = 1, True
    object.__setattr__(world.scenario.instruments, "owners", "agencies")
    renew_instruments(world)
    assert not world.state.brokers.instrument[broker_there].any()
    assert world.state.brokers.instrument[~broker_there].all()


def test_practices_are_taken_over_with_their_hazard():
    world = world_with(authorities=60, adoption_hazard=0.25)
    world.state.authorities.learned[:] = True
    renew_instruments(world)
    taken = world.state.authorities.instrument != 0
    assert taken.mean() == pytest.approx(0.25, abs=4 * (0.25 * 0.75 / taken.size) ** 0.5)


def test_an_instrument_keeps_what_the_staff_that_learned_it_takes_away():
    world = world_with()
    teach(world, [0, 1, 2])
    renew_instruments(world)
    object.__setattr__(world.scenario.peer_learning, "turnover", 1.0)
    learn_from_peers(world)
    assert not world.state.authorities.learned.any()
    renew_instruments(world)
    assert np.count_nonzero(world.state.authorities.instrument) == 3


def test_quality_is_right_minus_wrong_over_the_owners_of_the_region():
    world = world_with(authorities=2)
    reality = world.state.clock.right_practice[0]
    world.state.authorities.instrument[0, :6] = reality[:6]
    world.state.authorities.instrument[1, :2] = -reality[:2]
    quality = instrument_quality(world)
    assert quality[first_region(world)] == pytest.approx((6 - 2) / 16 / 2)
    assert quality[1 - first_region(world)] == 0.0


def test_an_emerging_technology_turns_a_good_instrument_into_a_bad_one():
    world = world_with()
    world.state.authorities.instrument[0] = world.state.clock.right_practice[0]
    assert instrument_quality(world)[first_region(world)] == 1.0
    world.state.clock.right_practice[0] *= -1
    assert instrument_quality(world)[first_region(world)] == -1.0


@pytest.mark.parametrize(("owners", "held"), [("nobody", 0), ("authorities", 1), ("agencies", 2)])
def test_owners_are_who_is_named(owners, held):
    world = world_with(owners=owners)
    for table in (world.state.brokers, world.state.authorities):
        table.practices[0, 0], table.learned[0, 0] = 1, True
    renew_instruments(world)
    assert sum(np.count_nonzero(table.instrument) for table in (world.state.brokers, world.state.authorities)) == held


@pytest.mark.parametrize(("right", "factor"), [(16, 1.5), (0, 1.0), (-16, 0.5)])
def test_a_place_in_a_diagnosis_closes_more_of_the_gap_under_a_right_instrument_and_less_under_a_wrong_one(
    right, factor
):
    world = world_with(smes=20)
    reality = world.state.clock.right_practice[0]
    world.state.authorities.instrument[0] = np.sign(right) * reality
    assert instrumented_services(world)[first_region(world)] == factor
    organisations = world.state.organisations
    before = organisations.digital_maturity.astype(np.float64)
    provide(world)
    served = organisations.served
    closed = ((organisations.digital_maturity - before) / (1.0 - before))[served]
    here = organisations.region[served] == first_region(world)
    assert closed[here] == pytest.approx(0.1 * factor, abs=1e-5)
    assert closed[~here] == pytest.approx(0.1, abs=1e-5)


def test_firms_that_never_met_the_project_register_sooner_where_the_authority_learned():
    counts = {}
    for learned in (False, True):
        world = world_with(smes=2000, promotion_effect=5.0)
        if learned:
            teach(world, np.arange(16))
        organisations = world.state.organisations
        outside = np.flatnonzero((organisations.broker < 0) & (organisations.kind == 0))
        here = organisations.region[outside] == first_region(world)
        coordinate(world)
        renew_instruments(world)
        enrol(world)
        enrolled = organisations.broker[outside] >= 0
        counts[learned] = (int(enrolled[here].sum()), int(enrolled[~here].sum()))
        assert not world.state.members.present.any()
    assert counts[True][0] > 3 * counts[False][0] > 0
    assert counts[True][1] == counts[False][1]


def test_a_wrong_instrument_takes_promotion_away_and_never_more_than_there_is():
    world = world_with(promotion_effect=0.5)
    here = world.state.brokers.region == first_region(world)
    world.state.authorities.instrument[0] = -world.state.clock.right_practice[0]
    for before, left in ((0.8, 0.3), (0.2, 0.0)):
        world.state.brokers.promotion[:] = before
        renew_instruments(world)
        assert world.state.brokers.promotion[here] == pytest.approx(left)
        assert (world.state.brokers.promotion[~here] == before).all()


def run_of(months=16, schedule=MONTH, **changes):
    values = ecosystem(regions=REGIONS, members=2, months=months, decision="none")
    values["brokers"]["c"] = broker("AT32")
    values["authorities"]["a"] = {"name": "A", "region": "AT32", "kind": "region"}
    values["authorities"]["z"] = {"name": "Z", "region": "DE21", "kind": "region"}
    values["partnerships"]["p"]["founders"] += ["a", "z"]
    for section, columns in changes.items():
        values[section] |= columns
    return after(scenario_from_values(values, "instruments"), schedule=schedule)


def held_in_a_run(changes):
    return run_of(schedule=LEARNING, **changes).series["practices_in_instruments"]


def test_practices_that_authorities_learn_end_up_in_their_instruments_in_a_run():
    learning = {"peer_learning": {"p_socialisation": 0.5, "p_code": 0.5}, "instruments": {"owners": "authorities"}}
    held = held_in_a_run(learning)
    assert held[-1] > held[0]
    assert max(held_in_a_run(learning | {"peer_learning": {"handbook": False, "visits": False}})) == 0
    assert max(held_in_a_run(learning | {"programme": {"active": False}})) == 0


def test_with_nobody_to_own_one_a_run_is_what_it_was_whatever_the_effects():
    plain = run_of(instruments={"owners": "nobody"})
    strong = run_of(instruments={"owners": "nobody", "adoption_hazard": 1.0, "service_effect": 1.0})
    assert plain.state.digest() == strong.state.digest()
