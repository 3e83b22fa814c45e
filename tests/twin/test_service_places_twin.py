import numpy as np

from simulation.codes import Kind, NeedKind, Route
from simulation.kernels import service_places
from simulation.state import NOBODY
from tests.reference import service_places as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case, filling

MONTH, REGIONS, BROKERS = 7, 3, 4


def places_and_identities(size):
    return np.zeros(size, np.int64), np.zeros(size, np.uint64)


def clients(drawn):
    """Rows of clients, their identities; region, satisfaction, months of referral and kind of need of everybody."""
    size = drawn.size
    rows = np.flatnonzero(drawn.yes(0.7, size))
    return (
        rows,
        drawn.identities(size)[rows],
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        drawn.floats(np.float32, -1.0, 1.0, size),
        drawn.months(size, MONTH),
        drawn.one_of(np.int8, list(NeedKind), size),
    )


def service(drawn):
    """Regions, route, and rates of a service."""
    return (
        drawn.yes(0.8, REGIONS),
        drawn.choice([NOBODY, int(Route.SKILLS), int(Route.TRIAL)]),
        drawn.choice([(0.3, 0.0, 0.6), (0.6, 0.5, 0.8), (1.0, 1.0, 0.2), (0.6, -0.5, 0.2)]),
    )


def capacity(drawn):
    """Days, cases and partner cases of brokers."""
    return (
        drawn.floats(np.float64, 0.0, 9.0, BROKERS),
        drawn.whole(np.int32, 0, 9, BROKERS),
        drawn.whole(np.int32, 0, 9, BROKERS),
    )


@every_case
def test_those_who_may_ask_are_those_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    question = (
        drawn.yes(0.9, size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.UNIVERSITY], size),
        drawn.rows(0, BROKERS, size),
        drawn.identities(size),
        drawn.yes(0.7, drawn.choice([0, size])),
    )
    filled = places_and_identities(size)
    assert_equals_its_twin(
        filling(service_places.find_clients, *filled), filling(plain.find_clients, *filled), *question
    )


@every_case
def test_those_who_ask_for_a_place_are_those_of_the_twin(case):
    drawn = Case(case)
    firms = clients(drawn)
    filled = places_and_identities(len(firms[0]))
    assert_equals_its_twin(
        filling(service_places.ask_for_places, *filled),
        filling(plain.ask_for_places, *filled),
        drawn.key,
        MONTH,
        11,
        *firms,
        *service(drawn),
    )


@every_case
def test_places_go_to_those_of_the_twin(case):
    drawn = Case(case)
    queue = np.argsort(drawn.uniforms(drawn.size))[drawn.yes(0.8, drawn.size)].astype(np.int64)
    assert_equals_its_twin(
        service_places.take_places,
        plain.take_places,
        queue,
        drawn.whole(np.int32, 0, BROKERS - 1, drawn.size),
        drawn.choice([0.0, 0.5, 2.0]),
        0.7,
        *capacity(drawn),
        np.zeros(len(queue), np.int64),
    )


@every_case
def test_a_service_goes_to_those_of_the_twin(case):
    drawn = Case(case)
    firms = clients(drawn)
    filled = (np.zeros(len(firms[0]), np.int64), np.zeros(len(firms[0]), np.int64))
    assert_equals_its_twin(
        filling(service_places.give_places, *filled),
        filling(plain.give_places, *filled),
        drawn.key,
        MONTH,
        11,
        *firms,
        *service(drawn),
        drawn.choice([0, 2, 9]),
        drawn.whole(np.int32, 0, BROKERS - 1, drawn.size),
        drawn.choice([0.0, 0.5]),
        0.7,
        *capacity(drawn),
    )
