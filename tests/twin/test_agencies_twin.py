import numpy as np

from simulation.codes import Tier
from simulation.kernels import agencies
from simulation.state import NEVER, NOBODY
from tests.reference import agencies as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

MONTH, PARTNERSHIPS, REGIONS, DIMENSIONS = 7, 3, 4, 5


@every_case
def test_agencies_take_part_as_by_the_twin(case):
    drawn = Case(case)
    size, members = drawn.size, drawn.choice([0, 1, 9])
    known = drawn.identities(max(members, 1))
    assert_equals_its_twin(
        agencies.take_part,
        plain.take_part,
        known[drawn.whole(np.int64, 0, len(known) - 1, size)],
        drawn.rows(0, members, size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        known[:members],
        drawn.whole(np.int16, 0, PARTNERSHIPS - 1, members),
        drawn.yes(0.7, members),
        drawn.one_of(np.int8, list(Tier), members),
        drawn.whole(np.int16, 0, REGIONS - 1, members),
        drawn.floats(np.float64, 0.0, 1.0, members),
        drawn.yes(0.7, PARTNERSHIPS),
        drawn.choice([True, True, False]),
        drawn.choice([True, False]),
        REGIONS,
        (1.0, 0.5, 0.3),
        1.2,
        0.6,
        np.empty(size, np.int64),
        np.empty(size, np.int8),
        np.empty(size),
        np.empty(size),
    )


def believing(drawn, size):
    return drawn.whole(np.int8, -1, 1, size * DIMENSIONS).reshape(size, DIMENSIONS)


@every_case
def test_a_month_of_practice_is_that_of_the_twin(case):
    drawn = Case(case)
    parts = (drawn.size, drawn.choice([0, 3]), drawn.choice([0, 1, 4]))
    size = sum(parts)

    def columns_of(column):
        return tuple(column(part) for part in parts)

    assert_equals_its_twin(
        agencies.practise,
        plain.practise,
        drawn.key,
        MONTH,
        drawn.identities(size),
        drawn.whole(np.int64, -1, PARTNERSHIPS - 1, size),
        drawn.one_of(np.int8, list(agencies.Ring), size),
        drawn.floats(np.float64, 0.0, 2.0, size),
        drawn.floats(np.float64, 0.0, 2.0, size),
        columns_of(lambda part: believing(drawn, part)),
        columns_of(lambda part: drawn.yes(0.3, part * DIMENSIONS).reshape(part, DIMENSIONS)),
        columns_of(lambda part: drawn.one_of(np.int16, [NEVER, MONTH - 1, MONTH - 6], part)),
        columns_of(lambda part: drawn.whole(np.int16, 0, 9, part)),
        columns_of(np.empty),
        drawn.identities(PARTNERSHIPS),
        believing(drawn, PARTNERSHIPS),
        np.uint64(5),
        drawn.one_of(np.int8, [-1, 1], DIMENSIONS),
        drawn.choice([True, True, False]),
        drawn.choice([True, True, True, False]),
        drawn.choice([NOBODY, *map(int, agencies.Ring)]),
        (0.6, 0.4, 6.0, 0.7),
        0.5,
        (0.3, 0.4, 0.3, 0.2),
    )


@every_case
def test_practices_are_shared_as_by_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    assert_equals_its_twin(
        agencies.share_practices,
        plain.share_practices,
        drawn.key,
        MONTH,
        drawn.identities(size),
        drawn.identities(PARTNERSHIPS),
        believing(drawn, size),
        believing(drawn, PARTNERSHIPS),
        drawn.one_of(np.int8, [-1, 1], DIMENSIONS),
        drawn.whole(np.int64, -1, PARTNERSHIPS - 1, size),
        drawn.floats(np.float64, 0.0, 2.0, size),
        drawn.floats(np.float64, 0.0, 2.0, size),
        drawn.one_of(np.int16, [NEVER, MONTH - 1, MONTH - 6], size),
        drawn.choice([True, True, False]),
        drawn.choice([True, True, True, False]),
        (0.6, 0.4, 6.0, 0.7),
        np.empty(size, np.int16),
    )


@every_case
def test_practices_are_noted_and_staff_replaced_as_by_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    assert_equals_its_twin(
        agencies.renew_practices,
        plain.renew_practices,
        drawn.key,
        MONTH,
        drawn.identities(size),
        believing(drawn, size),
        believing(drawn, size),
        drawn.yes(0.3, size * DIMENSIONS).reshape(size, DIMENSIONS),
        np.uint64(5),
        drawn.one_of(np.int8, [-1, 1], DIMENSIONS),
        (0.3, 0.4, 0.3, 0.2),
        np.empty(size),
    )
