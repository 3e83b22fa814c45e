import numpy as np

from simulation.codes import Kind, NeedKind, Route
from simulation.kernels import service_places
from simulation.state import NOBODY
from tests.reference import service_places as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

MONTH, REGIONS, BROKERS = 7, 3, 4


@every_case
def test_the_order_of_a_lot_is_that_of_the_twin(case):
    drawn = Case(case)
    numbers, region = drawn.whole(np.uint64, 0, 5, drawn.size), drawn.whole(np.int16, 0, REGIONS - 1, drawn.size)
    question = (numbers, drawn.identities(drawn.size), region, REGIONS)
    assert_equals_its_twin(service_places.order_of_lot, plain.order_of_lot, *question)


@every_case
def test_those_who_ask_for_a_place_are_those_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    assert_equals_its_twin(
        service_places.those_who_ask,
        plain.those_who_ask,
        drawn.key,
        MONTH,
        11,
        drawn.yes(0.7, size),
        drawn.identities(size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        REGIONS,
        drawn.floats(np.float32, -1.0, 1.0, size),
        drawn.months(size, MONTH),
        drawn.one_of(np.int8, list(NeedKind), size),
        drawn.choice([NOBODY, int(Route.SKILLS), int(Route.TRIAL)]),
        drawn.choice([(0.3, 0.0, 0.6), (0.6, 0.5, 0.8), (1.0, 1.0, 0.2)]),
    )


@every_case
def test_places_go_to_those_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    region = drawn.whole(np.int16, 0, REGIONS - 1, size)
    queue = np.argsort(region, kind="stable")[drawn.yes(0.8, size)].astype(np.int64)
    assert_equals_its_twin(
        service_places.take_places,
        plain.take_places,
        queue,
        region,
        drawn.choice([0, 2, 9]),
        REGIONS,
        drawn.whole(np.int32, 0, BROKERS - 1, size),
        drawn.choice([0.0, 0.5, 2.0]),
        0.7,
        drawn.floats(np.float64, 0.0, 9.0, BROKERS),
        drawn.whole(np.int32, 0, 9, BROKERS),
        drawn.whole(np.int32, 0, 9, BROKERS),
    )


@every_case
def test_gaps_close_as_by_the_twin(case):
    drawn = Case(case)
    assert_equals_its_twin(
        service_places.close_gaps,
        plain.close_gaps,
        np.flatnonzero(drawn.yes(0.7, drawn.size)),
        drawn.whole(np.int16, 0, REGIONS - 1, drawn.size),
        drawn.floats(np.float64, 0.0, 2.0, REGIONS),
        drawn.choice([0.1, 0.8]),
        drawn.floats(np.float32, 0.0, 1.0, drawn.size),
    )


def firms(drawn, size):
    """Whether alive, kind, identity, region, broker."""
    return (
        drawn.yes(0.9, size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.UNIVERSITY], size),
        drawn.identities(size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        drawn.rows(0, BROKERS, size),
    )


@every_case
def test_those_who_may_ask_are_those_of_the_twin(case):
    drawn = Case(case)
    alive, kind, _, region, broker = firms(drawn, drawn.size)
    among = drawn.yes(0.7, drawn.choice([0, drawn.size]))
    question = (alive, kind, broker, region, drawn.yes(0.7, REGIONS), among, np.empty(drawn.size, np.bool_))
    assert_equals_its_twin(service_places.find_askers, plain.find_askers, *question)


@every_case
def test_a_service_goes_to_those_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    assert_equals_its_twin(
        service_places.give_places,
        plain.give_places,
        drawn.key,
        MONTH,
        11,
        *firms(drawn, size),
        drawn.floats(np.float32, -1.0, 1.0, size),
        drawn.months(size, MONTH),
        drawn.one_of(np.int8, list(NeedKind), size),
        drawn.yes(0.8, REGIONS),
        drawn.yes(0.7, drawn.choice([0, size])),
        drawn.choice([NOBODY, int(Route.SKILLS)]),
        (0.6, 0.5, 0.8),
        drawn.choice([0, 2, 9]),
        drawn.choice([0.0, 0.5]),
        0.7,
        drawn.floats(np.float64, 0.0, 9.0, BROKERS),
        drawn.whole(np.int32, 0, 9, BROKERS),
        drawn.whole(np.int32, 0, 9, BROKERS),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
    )


@every_case
def test_awareness_reaches_those_of_the_twin(case):
    drawn = Case(case)
    columns, where = firms(drawn, drawn.size)[:4], drawn.yes(0.8, REGIONS)
    filled = (np.zeros(drawn.size, np.int64), np.zeros(drawn.size))
    question = (drawn.key, MONTH, 11, 0.5, *columns, where, *filled)
    assert_equals_its_twin(service_places.reach_firms, plain.reach_firms, *question)
