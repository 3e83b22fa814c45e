import numpy as np
import pytest

from simulation.codes import Kind
from simulation.kernels import enrolment
from simulation.state import NOBODY
from tests.reference import enrolment as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

REGIONS = 4


def brokers_of(drawn):
    """Brokers of three regions of four, some with equal addresses; in some cases none at all."""
    count = drawn.choice([0, 1, 7])
    identity = drawn.identities(count)
    return drawn.whole(np.int16, 0, REGIONS - 2, count), identity[drawn.whole(np.int64, 0, count - 1, count)]


@every_case
def test_brokers_stand_in_their_regions_as_by_the_twin(case):
    region, identity = brokers_of(Case(case))
    assert_equals_its_twin(enrolment.brokers_by_region, plain.brokers_by_region, region, identity, REGIONS)


@every_case
def test_every_organisation_would_join_the_broker_of_the_twin(case):
    drawn = Case(case)
    listed = plain.brokers_by_region(*brokers_of(drawn), REGIONS)
    region = drawn.whole(np.int16, 0, REGIONS - 1, drawn.size)
    question = (drawn.key, drawn.identities(drawn.size), region, *listed)
    assert_equals_its_twin(enrolment.broker_of_region_choice, plain.broker_of_region_choice, *question)


def enrolment_question(drawn):
    broker_region, broker_identity = brokers_of(drawn)
    size, brokers = drawn.size, len(broker_region)
    adjacency, _ = drawn.adjacency(size, 2 * size)
    broker = np.where(drawn.yes(0.4, size), drawn.rows(0, brokers, size), np.int32(NOBODY))
    waiting = np.flatnonzero(broker == NOBODY).astype(np.int32)
    return (
        drawn.key,
        waiting,
        drawn.uniforms(len(waiting)),
        drawn.identities(size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        broker,
        drawn.floats(np.float32, 0.0, 1.0, size),
        drawn.floats(np.float32, -1.0, 1.0, size),
        *adjacency[:2],
        *plain.brokers_by_region(broker_region, broker_identity, REGIONS),
        drawn.floats(np.float64, 0.0, 2.0, brokers),
        drawn.choice([drawn.yes(0.5, REGIONS), np.zeros(0, np.bool_)]),
        drawn.choice([(0.02, 0.5, 1.0, 1.0, 0.0), (0.3, 0.5, 0.7, 0.45, 0.5), (0.0, 0.5, 1.0, 1.0, 1.0)]),
    )


@every_case
def test_the_firms_of_the_twin_enrol_where_the_twin_says(case):
    assert_equals_its_twin(enrolment.enrolments, plain.enrolments, *enrolment_question(Case(case)))


@pytest.mark.parametrize(("known", "share"), [([1, 2, 3], 1 / 3), ([2, 2, 2], 1.0)])
@pytest.mark.parametrize("maturity", [0.0, 0.3, 0.7, 1.0])
def test_a_firm_enrols_just_below_its_chance_as_by_the_twin(known, share, maturity):
    """Draws next to the chance of a firm, as documented: one last bit more or less decides."""
    m = float(np.float32(maturity))
    chance = (((0.37 * (0.5 + m)) * (1.0 + 0.1)) * (1.0 + 0.7 * share)) * (1.0 + 0.3)
    for draw in (np.nextafter(chance, 0.0), chance, np.nextafter(chance, 1.0)):
        (enrolled, _), _ = assert_equals_its_twin(
            enrolment.enrolments,
            plain.enrolments,
            np.uint64(1),
            np.zeros(1, np.int32),
            np.array([draw]),
            np.arange(4, dtype=np.uint64),
            np.zeros(4, np.int16),
            np.array([NOBODY, NOBODY, 0, NOBODY], np.int32),
            np.full(4, maturity, np.float32),
            np.zeros(4, np.float32),
            np.array([0, 3, 3, 3, 3]),
            np.array(known, np.int32),
            np.array([0, 1]),
            np.array([0], np.int32),
            np.array([0.1]),
            np.array([True]),
            (0.37, 0.5, 0.7, 0.3, 1.0),
        )
        assert enrolled.tolist() == ([0] if draw < chance else [])


@every_case
def test_a_row_hears_from_registered_neighbours_what_the_twins_hears(case):
    question = enrolment_question(Case(case))
    broker, satisfaction, adjacency = question[5], question[7], question[8:10]
    for row in range(len(broker)):
        told = (row, broker, satisfaction, 0.7, *adjacency)
        assert_equals_its_twin(enrolment._word_of_mouth, plain._word_of_mouth, *told)


@every_case
def test_firms_are_drawn_and_enrol_as_by_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    key, _, _, identity, region, broker, *firms, _, _, promotion, event, rate = enrolment_question(drawn)
    assert_equals_its_twin(
        enrolment.enrol_firms,
        plain.enrol_firms,
        key,
        7,
        identity,
        region,
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.SME, *Kind], size),
        drawn.yes(0.8, size),
        broker,
        np.zeros(size, np.int16),
        *firms[:2],
        drawn.choice([np.zeros(0, np.bool_), drawn.yes(0.5, size)]),
        *firms[2:],
        REGIONS,
        drawn.whole(np.int16, 0, REGIONS - 2, len(promotion)),
        drawn.identities(len(promotion)),
        promotion,
        event,
        1.5,
        rate,
    )
