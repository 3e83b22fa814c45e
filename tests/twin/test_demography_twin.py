import numpy as np

from simulation.codes import Kind, Status
from simulation.kernels import demography
from tests.reference import demography as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case, grouped

MONTHS = [-40, 0, 1, 17, 60]
HAZARDS = np.array([0.0184, 0.0124, 0.0047])
CLUSTERS = 4


def test_ages_have_the_class_of_the_twin():
    for age in (0, 1, 11, 12, 13, 59, 60, 61, 1200):
        assert_equals_its_twin(demography.age_class, plain.age_class, age)


@every_case
def test_the_firms_of_the_twin_exit(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    multipliers = drawn.choice([np.array([1.0, 1.3, 0.7]), np.zeros(3), np.array([0.0, 2.0, 0.0])])
    question = (
        drawn.uniforms(drawn.size),
        month,
        drawn.yes(drawn.choice([0.9, 0.9, 0.0]), drawn.size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.SME, *Kind], drawn.size),
        (month - drawn.one_of(np.int64, [0, 5, 12, 13, 60, 61, 400], drawn.size)).astype(np.int16),
        drawn.one_of(np.int64, [-(10**9), -1, 0, 1, 10**9], drawn.size),
        drawn.whole(np.int16, 0, 2, drawn.size),
        drawn.choice([HAZARDS, np.array([0.5, 0.4, 0.3]), np.array([1.0, 0.0, 1.0])]),
        multipliers,
        drawn.choice([1.0, 3.0, 0.0]),
    )
    assert_equals_its_twin(demography.exits, plain.exits, *question)


@every_case
def test_the_firms_that_exit_leave_what_the_twin_says(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    size = min(drawn.size, 60)
    question = (
        drawn.key,
        month,
        drawn.identities(size),
        drawn.yes(0.9, size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.SME, *Kind], size),
        (month - drawn.one_of(np.int64, [0, 12, 13, 60, 61], size)).astype(np.int16),
        drawn.one_of(np.int64, [-1, 0, 10**9], size),
        drawn.whole(np.int32, 0, 2, size),
        np.array([0.5, 0.4, 0.3]),
        np.array([1.0, 1.3, 0.7]),
        3.0,
        np.full(size, -32768, np.int16),
        drawn.rows(0, 3, size),
        drawn.rows(0, 3, size),
        drawn.rows(0, 3, size),
    )
    assert_equals_its_twin(demography.leave_market, plain.leave_market, *question)


def test_draws_at_the_hazard_decide_as_by_the_twin():
    """Three firms of a class, one without capital: the documented hazard decides to its last bit."""
    shares = [0.9, 1.3, 0.7]
    plain_sum = (0.9 + 1.3) + 0.7
    weighted_sum = (0.9 * 3.0 + 1.3) + 0.7
    hazards = [((0.3 * r) * m) * (plain_sum / weighted_sum) for r, m in zip(shares, [3.0, 1.0, 1.0], strict=True)]
    columns = (
        np.ones(3, np.bool_),
        np.full(3, Kind.SME, np.int8),
        np.full(3, -100, np.int16),
        np.array([-1, 0, 5]),
        np.arange(3, dtype=np.int16),
        np.array([0.1, 0.2, 0.3]),
        np.array(shares),
        3.0,
    )
    for draws, leaving in ((np.array(hazards), []), (np.nextafter(hazards, 0.0), [0, 1, 2])):
        gone, _ = assert_equals_its_twin(demography.exits, plain.exits, draws, 5, *columns)
        assert gone.tolist() == leaving


@every_case
def test_founding_ages_are_those_of_the_twin(case):
    drawn = Case(case)
    size = min(drawn.size, 5)
    hazards = drawn.choice([HAZARDS, np.zeros(3), np.array([0.5, 1.0, 0.3])])
    multiplier = drawn.one_of(np.float64, [1.0, 1.0, 0.0, 1.7, 300.0], size)
    question = (drawn.key, drawn.identities(size), hazards, multiplier)
    assert_equals_its_twin(demography.stationary_ages, plain.stationary_ages, *question)


@every_case
def test_projects_end_with_their_members_as_by_the_twin(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    members, member_count = drawn.teams(10, drawn.size)
    count = len(members)
    question = (
        month,
        drawn.yes(drawn.choice([0.8, 0.0, 1.0]), drawn.size),
        drawn.whole(np.int8, 0, 10, drawn.size),
        drawn.one_of(np.int8, [*Status, Status.RUNNING, Status.RUNNING], count),
        drawn.months(count, month - 3),
        members,
        member_count,
    )
    assert_equals_its_twin(demography.end_projects_of_the_dead, plain.end_projects_of_the_dead, *question)


@every_case
def test_the_entrants_are_the_firms_of_the_twin(case):
    drawn = Case(case)
    question = (
        drawn.key,
        drawn.choice(MONTHS),
        np.flatnonzero(drawn.yes(0.6, drawn.size)).astype(np.int32),
        drawn.whole(np.int32, 0, 2 * CLUSTERS - 1, drawn.size),
        drawn.one_of(np.float64, [0.0, 0.8, 1.0, 1.25], 2 * CLUSTERS),
        drawn.identities(2 * CLUSTERS),
    )
    assert_equals_its_twin(demography.births, plain.births, *question)


@every_case
def test_entrants_bring_the_ties_of_the_twin(case):
    drawn = Case(case)
    alive = drawn.yes(drawn.choice([0.8, 0.0]), drawn.size)
    cluster = drawn.rows(0, CLUSTERS, drawn.size)
    entrants = drawn.choice([0, 6, 12])
    question = (
        drawn.key,
        drawn.choice(MONTHS),
        drawn.identities(entrants),
        drawn.whole(np.int32, 0, CLUSTERS - 1, entrants),
        *grouped(cluster, alive, CLUSTERS),
        drawn.size,
        drawn.choice([0, 3, 5, 8]),
    )
    assert_equals_its_twin(demography.entrant_ties, plain.entrant_ties, *question)


@every_case
def test_ended_projects_release_the_ties_of_the_twin(case):
    drawn = Case(case)
    adjacency, (first, _) = drawn.adjacency(drawn.size, 2 * drawn.size)
    members, member_count = drawn.teams(10, drawn.size)
    ended = np.flatnonzero(drawn.yes(0.4, len(members))).astype(np.int32)
    running = drawn.whole(np.int8, 0, 9, len(first))
    assert_equals_its_twin(
        demography.release_ties, plain.release_ties, ended, members, member_count, *adjacency, running
    )
