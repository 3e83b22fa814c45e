import numpy as np

from simulation.codes import Tier
from simulation.kernels import agencies
from simulation.state import NEVER, NOBODY
from tests.reference import agencies as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

MONTH, PARTNERSHIPS, REGIONS, DIMENSIONS = 7, 3, 4, 5


class Members(Case):
    """Memberships in three partnerships and four regions, and the identities of the bodies that may hold them."""

    def __init__(self, number):
        super().__init__(number)
        self.members = self.choice([0, 1, 9])
        self.known = self.identities(max(self.members, 1))

    def agencies(self, size):
        """Identities and regions."""
        return self.known[self.whole(np.int64, 0, len(self.known) - 1, size)], self.whole(
            np.int16, 0, REGIONS - 1, size
        )

    def memberships(self):
        """Identity, partnership, presence, tier, region and engagement of each membership."""
        return (
            self.known[: self.members],
            self.whole(np.int16, 0, PARTNERSHIPS - 1, self.members),
            self.yes(0.7, self.members),
            self.one_of(np.int8, list(Tier), self.members),
            self.whole(np.int16, 0, REGIONS - 1, self.members),
            self.floats(np.float64, 0.0, 1.0, self.members),
        )

    def rules(self):
        """Whether the programme acts across regions and invites them, their number, rates, updates and meetings."""
        return self.choice([True, True, False]), self.choice([True, False]), REGIONS, (1.0, 0.5, 0.3), 1.2, 0.6


@every_case
def test_agencies_take_part_as_by_the_twin(case):
    drawn = Members(case)
    size = drawn.size
    identities, regions = drawn.agencies(size)
    assert_equals_its_twin(
        agencies.take_part,
        plain.take_part,
        identities,
        drawn.rows(0, drawn.members, size),
        regions,
        *drawn.memberships(),
        drawn.yes(0.7, PARTNERSHIPS),
        *drawn.rules(),
        np.empty(size, np.int64),
        np.empty(size, np.int8),
        np.empty(size),
        np.empty(size),
    )


def believing(drawn, size):
    return drawn.whole(np.int8, -1, 1, size * DIMENSIONS).reshape(size, DIMENSIONS)


@every_case
def test_a_month_of_practice_is_that_of_the_twin(case):
    drawn = Members(case)
    parts = (drawn.size, drawn.choice([0, 3]), drawn.choice([0, 1, 4]))

    def columns_of(column):
        return tuple(column(part) for part in parts)

    assert_equals_its_twin(
        agencies.practise,
        plain.practise,
        drawn.key,
        MONTH,
        *drawn.agencies(sum(parts)),
        columns_of(lambda part: drawn.rows(0, drawn.members, part)),
        columns_of(lambda part: believing(drawn, part)),
        columns_of(lambda part: drawn.yes(0.3, part * DIMENSIONS).reshape(part, DIMENSIONS)),
        columns_of(lambda part: drawn.one_of(np.int16, [NEVER, MONTH - 1, MONTH - 6], part)),
        columns_of(lambda part: drawn.whole(np.int16, 0, 9, part)),
        columns_of(np.empty),
        *drawn.memberships(),
        drawn.identities(PARTNERSHIPS),
        drawn.yes(0.7, PARTNERSHIPS),
        believing(drawn, PARTNERSHIPS),
        np.uint64(5),
        drawn.one_of(np.int8, [-1, 1], DIMENSIONS),
        *drawn.rules(),
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
