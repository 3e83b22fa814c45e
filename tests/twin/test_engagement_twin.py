import numpy as np

from simulation.codes import MemberKind
from simulation.kernels import engagement
from simulation.purposes import Purpose
from simulation.state import NEVER
from tests.reference import engagement as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

MONTH, PARTNERSHIPS, REGIONS = 7, 3, 4


class Members(Case):
    """Memberships in three partnerships, and the bodies that hold them."""

    def __init__(self, number):
        super().__init__(number)
        self.partnership = self.whole(np.int16, 0, PARTNERSHIPS - 1, self.size)
        self.identity = self.identities(self.size)
        self.addresses = self.identities(PARTNERSHIPS)
        self.present = self.yes(0.6, self.size)
        self.engagement = self.share(self.size)
        self.success = self.points(self.size)
        self.bound = self.yes(0.6, PARTNERSHIPS)
        self.active = self.yes(0.7, PARTNERSHIPS)

    def share(self, size):
        return self.floats(np.float64, 0.0, 1.0, size)

    def points(self, size):
        """Numbers of at least 0, many of them 0."""
        return np.where(self.yes(0.4, size), 0.0, self.floats(np.float64, 0.0, 9.0, size))


@every_case
def test_success_and_what_engagement_moves_to_are_those_of_the_twin(case):
    drawn = Members(case)
    owed, success, capacity, offers = (float(values[0]) for values in (drawn.share(1), *map(drawn.points, (1, 1, 1))))
    assert_equals_its_twin(engagement.success_of, plain.success_of, success, 0.2)
    assert_equals_its_twin(
        engagement.engagement_target, plain.engagement_target, owed, drawn.share(1)[0], capacity, offers, 0.1
    )


@every_case
def test_engagement_moves_and_members_leave_as_by_the_twin(case):
    drawn = Members(case)
    size, brokers = drawn.size, drawn.choice([0, 1, 9])
    assert_equals_its_twin(
        engagement.move_engagement,
        plain.move_engagement,
        drawn.key,
        MONTH,
        drawn.identity,
        drawn.partnership,
        drawn.present,
        drawn.months(size, MONTH),
        drawn.engagement,
        drawn.points(size),
        drawn.success,
        drawn.points(size),
        drawn.points(size),
        drawn.addresses,
        drawn.active,
        drawn.months(PARTNERSHIPS, MONTH),
        drawn.points(PARTNERSHIPS),
        drawn.bound,
        drawn.share(PARTNERSHIPS),
        drawn.share(PARTNERSHIPS),
        drawn.share(PARTNERSHIPS),
        drawn.rows(0, size, brokers),
        drawn.whole(np.int32, 0, 9, brokers),
        drawn.choice([(0.2, 6.0, 0.1, 0.25, 0.0, 0.05), (1.0, 1.0, 0.0, 0.6, 1.2, 0.3)]),
        np.empty(size),
        np.empty(size, np.bool_),
        np.empty(size),
        np.empty(size, np.bool_),
        np.empty(size, np.bool_),
    )


@every_case
def test_who_may_join_how_readily_and_who_does_is_what_the_twin_says(case):
    drawn = Members(case)
    size = drawn.size
    assert_equals_its_twin(
        engagement.joining_hazards,
        plain.joining_hazards,
        drawn.key,
        MONTH,
        drawn.identity,
        drawn.partnership,
        drawn.one_of(np.int8, list(MemberKind), size),
        drawn.whole(np.int32, 0, 2, size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        drawn.yes(0.5, size),
        drawn.present,
        drawn.one_of(np.int16, [NEVER, NEVER, 3], size),
        drawn.engagement,
        drawn.success,
        drawn.addresses,
        drawn.active,
        drawn.yes(0.5, PARTNERSHIPS),
        drawn.rows(0, max(size, 1), 3),
        drawn.yes(0.3, REGIONS * REGIONS).reshape(REGIONS, REGIONS),
        (0.3, 0.2, drawn.choice([0.0, 1.2])),
        np.zeros(size),
        np.empty(size, np.bool_),
        np.empty(size, np.bool_),
    )


@every_case
def test_hazards_strike_the_members_of_the_twin(case):
    drawn = Members(case)
    concerned, hazard = drawn.yes(0.7, drawn.size), drawn.share(drawn.size)
    members = (drawn.identity, drawn.partnership, drawn.addresses)
    asked = (drawn.key, np.int64(Purpose.LEAVING), MONTH, *members, hazard, concerned, np.empty(drawn.size, np.bool_))
    assert_equals_its_twin(engagement.draw_members, plain.draw_members, *asked)
