import numpy as np
import pytest

from simulation.codes import Kind
from simulation.kernels import missions
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY
from tests.reference import missions as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

DOMAINS = 5


def situation(case):
    """A few organisations, some of whom know exactly as much, and a challenge."""
    firms = 1 + case.size
    knowledge = case.one_of(np.float32, [0.0, 0.1, 0.3, 0.6, 0.9], firms * DOMAINS).reshape(firms, DOMAINS)
    weights = case.floats(np.float64, 0.0, 1.0, DOMAINS)
    return knowledge, weights / weights.sum()


@every_case
@pytest.mark.parametrize("reservation_value", [0.0, 0.05])
@pytest.mark.parametrize(("least", "most"), [(2, 3), (3, MOST_MEMBERS), (MOST_MEMBERS, MOST_MEMBERS)])
def test_a_lead_puts_together_the_consortium_of_the_twin(case, reservation_value, least, most):
    drawn = Case(case)
    knowledge, weights = situation(drawn)
    candidates = np.arange(1, len(knowledge), dtype=np.int64)
    identity = drawn.identities(len(knowledge))
    members = np.empty(MOST_MEMBERS, np.int32)
    for threshold in (0.3, 0.6, 1.0):
        rules = (weights, threshold, reservation_value, least, most, members)
        question = (drawn.key, np.uint64(3), 0, candidates, identity, knowledge, *rules)
        assert_equals_its_twin(missions.form_consortium, plain.form_consortium, *question)


REGIONS, BROKERS, PARKS, LIMITS = 3, 4, 2, (10.0, 3.0)


def with_room(drawn, size):
    """Whether alive, capital in cents, projects, employees."""
    return (
        drawn.yes(0.8, size),
        drawn.whole(np.int64, -2, 20, size),
        drawn.whole(np.int8, 0, 3, size),
        drawn.floats(np.float32, 1.0, 60.0, size),
    )


@every_case
def test_the_room_for_a_project_is_the_twins(case):
    drawn = Case(case)
    columns = with_room(drawn, drawn.size)
    for row in range(drawn.size):
        assert_equals_its_twin(missions.has_room, plain.has_room, row, *columns, LIMITS)


@every_case
def test_the_brokers_at_hand_are_the_twins(case):
    drawn = Case(case)
    columns = (drawn.identities(drawn.size), drawn.whole(np.int16, 0, REGIONS - 1, drawn.size))
    cases = (drawn.whole(np.int32, 0, 4, drawn.size), drawn.whole(np.int32, 0, 2, drawn.size))
    assert_equals_its_twin(missions.brokers_at_hand, plain.brokers_at_hand, *columns, *cases, REGIONS)


@every_case
@pytest.mark.parametrize("error", [0.0, 0.5])
def test_the_lead_is_that_of_the_twin(case, error):
    drawn = Case(case)
    knowledge, weights = situation(drawn)
    size = len(knowledge)
    assert_equals_its_twin(
        missions.find_lead,
        plain.find_lead,
        drawn.key,
        7,
        np.uint64(3),
        weights,
        drawn.yes(0.8, REGIONS),
        drawn.identities(size),
        drawn.one_of(np.int8, list(Kind), size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        drawn.yes(0.8, size),
        drawn.rows(0, BROKERS, size),
        drawn.rows(0, PARKS, size),
        *with_room(drawn, size),
        knowledge,
        drawn.floats(np.float64, 0.0, 1.0, PARKS),
        drawn.identities(BROKERS),
        drawn.whole(np.int16, 0, REGIONS - 1, BROKERS),
        drawn.floats(np.float64, 0.0, 1.0, BROKERS),
        drawn.whole(np.int32, 0, 5, BROKERS),
        LIMITS,
        error,
        2,
        drawn.yes(0.5, PARKS),
        drawn.whole(np.int32, 0, 2, BROKERS),
    )


@every_case
@pytest.mark.parametrize("on_platform", [True, False])
@pytest.mark.parametrize("across", [True, False])
def test_a_lead_sees_whom_the_twin_sees(case, on_platform, across):
    drawn = Case(case)
    size = 1 + drawn.size
    (offsets, neighbours, _), _ = drawn.adjacency(size, size)
    assert_equals_its_twin(
        missions.seen_by_lead,
        plain.seen_by_lead,
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
        *with_room(drawn, size),
        offsets,
        neighbours,
        LIMITS,
        np.zeros(size, np.int64),
    )
