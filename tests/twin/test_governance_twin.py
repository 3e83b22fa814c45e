import numpy as np

from simulation.codes import MemberKind
from simulation.kernels import governance
from simulation.state import NOBODY
from tests.reference import governance as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

PARTNERSHIPS, BODIES = 3, 5


@every_case
def test_brokers_and_other_bodies_act_for_the_memberships_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    assert_equals_its_twin(
        governance.represent,
        plain.represent,
        drawn.yes(0.6, size),
        drawn.whole(np.int16, 0, PARTNERSHIPS - 1, size),
        drawn.one_of(np.int8, list(MemberKind), size),
        drawn.whole(np.int32, 0, BODIES - 1, size),
        drawn.yes(0.5, PARTNERSHIPS),
        drawn.rows(0, size, BODIES * 4).reshape(BODIES, 4),
        *(np.empty(BODIES, np.int32) for _ in range(3)),
    )


@every_case
def test_members_are_counted_as_by_the_twin(case):
    drawn = Case(case)
    question = (drawn.yes(0.6, drawn.size), drawn.whole(np.int16, 0, PARTNERSHIPS - 1, drawn.size), PARTNERSHIPS)
    assert_equals_its_twin(governance.members_present, plain.members_present, *question)


@every_case
def test_cases_are_allotted_as_by_the_twin(case):
    drawn = Case(case)
    size, brokers = drawn.size, drawn.choice([0, 1, 9])
    assert_equals_its_twin(
        governance.allot_cases,
        plain.allot_cases,
        drawn.key,
        7,
        drawn.identities(brokers),
        drawn.rows(0, size, brokers),
        drawn.floats(np.float64, 0.0, 3.0, brokers),
        drawn.floats(np.float64, 0.0, 30.0, size),
        drawn.whole(np.int16, 0, PARTNERSHIPS - 1, size),
        drawn.yes(0.6, size),
        drawn.floats(np.float64, 0.0, 1.0, size),
        drawn.yes(0.6, PARTNERSHIPS),
        drawn.floats(np.float64, 0.0, 1.0, PARTNERSHIPS),
        (18.0, 12.0, 4.0, 0.9),
        np.empty(brokers),
        np.empty(brokers),
        np.empty(brokers, np.int32),
        np.empty(brokers, np.int32),
    )


@every_case
def test_meetings_take_the_days_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    of, present = drawn.whole(np.int16, 0, PARTNERSHIPS - 1, size), drawn.yes(0.7, size)
    brokers = (drawn.rows(0, 3, size), drawn.floats(np.float64, 0.0, 3.0, size))
    columns = (of, present, drawn.floats(np.float64, 0.0, 5.0, size), *brokers, np.zeros(size))
    question = (1, drawn.choice([NOBODY, 0, 1]), 0.3, 1.7, *columns)
    assert_equals_its_twin(governance.hold_meetings, plain.hold_meetings, *question)
