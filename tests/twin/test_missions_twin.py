import numpy as np
import pytest

from simulation.arithmetic import normal_quantile
from simulation.codes import Kind
from simulation.kernels import missions
from simulation.state import NOBODY
from tests.reference import missions as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case, filling

DOMAINS, REGIONS, BROKERS, PARKS = 5, 3, 4, 2


@every_case
def test_the_brokers_at_hand_are_the_twins(case):
    drawn = Case(case)
    columns = (drawn.identities(drawn.size), drawn.whole(np.int16, 0, REGIONS - 1, drawn.size))
    cases = (drawn.whole(np.int32, 0, 4, drawn.size), drawn.whole(np.int32, 0, 2, drawn.size))
    assert_equals_its_twin(missions.brokers_at_hand, plain.brokers_at_hand, *columns, *cases, REGIONS)


def organisations(drawn, size):
    """Kind, region, whether innovator, broker, park, whether there is room."""
    return (
        drawn.one_of(np.int8, list(Kind), size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        drawn.yes(0.8, size),
        drawn.rows(0, BROKERS, size),
        drawn.rows(0, PARKS, size),
        drawn.yes(0.7, size),
    )


@every_case
def test_those_who_may_lead_are_those_of_the_twin(case):
    drawn = Case(case)
    filled = (np.zeros(drawn.size, np.int64), np.zeros(drawn.size, np.int64))
    assert_equals_its_twin(
        filling(missions.who_may_lead, *filled),
        filling(plain.who_may_lead, *filled),
        drawn.yes(0.8, REGIONS),
        *organisations(drawn, drawn.size),
        drawn.yes(0.5, PARKS),
        drawn.rows(0, BROKERS, REGIONS),
        drawn.whole(np.int32, 0, 5, BROKERS),
        drawn.whole(np.int32, 0, 2, BROKERS),
        2,
    )


def leads_of_both(drawn, size, error):
    """A challenge whose lead is sought among a few who know exactly as much as others."""
    levels = drawn.one_of(np.float32, [0.0, 0.1, 0.3, 0.6, 0.9], size * DOMAINS).reshape(size, DOMAINS)
    weights = drawn.floats(np.float64, 0.0, 1.0, DOMAINS)
    assert_equals_its_twin(
        missions.find_lead,
        plain.find_lead,
        drawn.key,
        7,
        np.uint64(3),
        weights / weights.sum(),
        drawn.yes(0.8, REGIONS),
        drawn.identities(size),
        *organisations(drawn, size),
        levels,
        drawn.floats(np.float64, 0.0, 1.0, PARKS),
        drawn.identities(BROKERS),
        drawn.whole(np.int16, 0, REGIONS - 1, BROKERS),
        drawn.floats(np.float64, 0.0, 1.0, BROKERS),
        drawn.whole(np.int32, 0, 5, BROKERS),
        error,
        2,
        drawn.yes(0.5, PARKS),
        drawn.whole(np.int32, 0, 2, BROKERS),
    )


@every_case
@pytest.mark.parametrize("error", [0.0, 0.5])
def test_the_lead_is_that_of_the_twin(case, error):
    drawn = Case(case)
    leads_of_both(drawn, 1 + drawn.size, error)


@pytest.mark.parametrize("case", range(6))
@pytest.mark.parametrize("error", [0.05, 2.0])
def test_the_lead_of_many_is_that_of_the_twin(case, error):
    leads_of_both(Case(case), 3000, error)


def test_a_usual_number_is_no_larger_than_is_said():
    assert normal_quantile(missions.USUAL) < missions.ABOVE_USUAL


@every_case
@pytest.mark.parametrize("on_platform", [True, False])
@pytest.mark.parametrize("across", [True, False])
def test_a_lead_sees_whom_the_twin_sees(case, on_platform, across):
    drawn = Case(case)
    size = 1 + drawn.size
    (offsets, neighbours, _), _ = drawn.adjacency(size, size)
    filled = np.zeros(size, np.int64)
    assert_equals_its_twin(
        filling(missions.seen_by_lead, filled),
        filling(plain.seen_by_lead, filled),
        0,
        drawn.choice([NOBODY, 0, 1]),
        on_platform,
        across,
        drawn.yes(0.7, REGIONS),
        drawn.yes(0.2, drawn.choice([0, size])),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        drawn.rows(0, BROKERS, size),
        drawn.rows(0, PARKS, size),
        drawn.months(size, 7),
        drawn.yes(0.7, size),
        offsets,
        neighbours,
    )
