import numpy as np
import pytest

from simulation.codes import Origin, Status
from simulation.kernels import networks, ties
from simulation.state import NOBODY
from tests.reference import ties as plain
from tests.twin.cases import (
    Case,
    adjacency_of,
    assert_equals_its_twin,
    assert_same_bits,
    every_case,
    ties_that_come_and_go,
)

MONTHS = [-40, 0, 1, 17, 60]
LAST_ROW = 2**31 - 1


def test_pairs_have_the_numbers_of_the_twin():
    for pair in ((0, 1), (1, 0), (7, 7), (LAST_ROW - 1, LAST_ROW), (LAST_ROW, 0)):
        assert_equals_its_twin(ties.pair_number, plain.pair_number, *pair)
        assert ties.pair_number(*map(np.int32, pair)) == plain.pair_number(*pair)


@every_case
def test_a_number_stands_where_the_twin_finds_it(case):
    drawn = Case(case)
    listed = plain.rising_pairs(drawn.whole(np.int64, 0, 40, drawn.size) * 2**32)
    for pair in [NOBODY, 0, 2**40, *listed.tolist(), *(listed + 1).tolist()]:
        assert_equals_its_twin(ties.position_of, plain.position_of, pair, listed)


@every_case
def test_different_numbers_rise_as_by_the_twin(case):
    drawn = Case(case)
    numbers = drawn.whole(np.int64, 0, drawn.size, drawn.size) * 2**33
    assert_equals_its_twin(ties.rising_pairs, plain.rising_pairs, numbers)


@every_case
def test_new_projects_begin_the_ties_of_the_twin(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    adjacency, _ = drawn.adjacency(drawn.size, 2 * drawn.size)
    members, member_count = drawn.teams(10, drawn.size)
    count = len(members)
    question = (month, drawn.months(count, month), drawn.rows(0, 2, count).astype(np.int16))
    assert_equals_its_twin(ties.begun_ties, plain.begun_ties, *question, members, member_count, *adjacency)


@every_case
def test_projects_use_the_ties_of_the_twin(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    adjacency, (first, _) = drawn.adjacency(drawn.size, 2 * drawn.size)
    members, member_count = drawn.teams(10, drawn.size)
    count = len(members)
    started = drawn.months(count, month)
    projects = (members, member_count, *adjacency)
    nowhere = np.full(count, NOBODY, np.int16)
    new_pairs, _ = plain.begun_ties(month, started, nowhere, *projects)
    rows = len(first) + len(new_pairs)
    question = (
        month,
        started,
        drawn.months(count, month),
        drawn.months(count, month),
        drawn.one_of(np.int8, [*Status, Status.FAILED], count),
        *projects,
        new_pairs,
        len(first),
        drawn.floats(np.float32, 0.0, 1.0, rows),
        drawn.months(rows, month - 3),
        drawn.whole(np.int8, 0, 3, rows),
        drawn.choice([0.0, 0.3, 1.0]),
        drawn.choice([0.0, 0.7, 1.0]),
    )
    assert_equals_its_twin(ties.use_ties, plain.use_ties, *question)


@every_case
def test_trust_fades_as_by_the_twin(case):
    drawn = Case(case)
    trust = np.concatenate(
        (
            drawn.floats(np.float32, 0.0, 0.1, drawn.size),
            np.array([0.0, 1.0, 0.05, 0.05 / 0.98], np.float32),
        )
    )
    running = drawn.whole(np.int8, 0, 1, len(trust))
    question = (trust, running, drawn.choice([0.98, 1.0, 0.0]), drawn.choice([0.05, float(np.float32(0.05))]))
    assert_equals_its_twin(ties.decay_trust, plain.decay_trust, *question)


@every_case
def test_the_ties_of_the_twin_are_gone(case):
    drawn = Case(case)
    (first, second), known, _ = ties_that_come_and_go(drawn)
    before = adjacency_of(first[:known], second[:known], drawn.size)
    alive = drawn.yes(drawn.choice([0.8, 1.0, 0.0]), drawn.size)
    question = (
        alive,
        *before,
        first,
        second,
        drawn.floats(np.float32, 0.0, 1.0, len(first)) * drawn.yes(0.6, len(first)),
        drawn.one_of(np.int8, [0, 0, 1], len(first)),
    )
    assert_equals_its_twin(ties.gone_ties, plain.gone_ties, *question)


def columns_of(drawn, first, second):
    count = len(first)
    return (
        first,
        second,
        drawn.floats(np.float32, 0.0, 1.0, count),
        drawn.whole(np.int16, -40, 60, count),
        drawn.months(count, 17),
        drawn.one_of(np.int8, list(Origin), count),
        drawn.one_of(np.int8, [0, 0, 1], count),
    )


@every_case
def test_gaps_close_as_by_the_twin(case):
    drawn = Case(case)
    ends, _, gone = ties_that_come_and_go(drawn)
    assert_equals_its_twin(ties.close_gaps, plain.close_gaps, gone, *columns_of(drawn, *ends))


@every_case
def test_ties_are_renewed_as_by_the_twin(case):
    drawn = Case(case)
    ends, known, gone = ties_that_come_and_go(drawn)
    nodes = int(max(ends[1][:known], default=-1)) + 1
    before = adjacency_of(ends[0][:known], ends[1][:known], nodes)
    question = (gone, *before, drawn.size, *columns_of(drawn, *ends))
    assert_equals_its_twin(ties.renew_ties, plain.renew_ties, *question)


@every_case
def test_ties_are_turned_over_as_by_the_twin(case):
    drawn = Case(case)
    ends, known, _ = ties_that_come_and_go(drawn)
    nodes = int(max(ends[1][:known], default=-1)) + 1
    before = adjacency_of(ends[0][:known], ends[1][:known], nodes)
    alive = drawn.yes(drawn.choice([0.8, 1.0]), drawn.size)
    old = drawn.choice([known, len(ends[0])])
    question = (alive, old, *before, *columns_of(drawn, *ends))
    assert_equals_its_twin(ties.turn_ties_over, plain.turn_ties_over, *question)


@pytest.mark.parametrize("more", [0, 1])
def test_where_no_tie_came_or_went_the_adjacency_is_the_one_before(more):
    ends = np.array([[0, 1], [1, 2]], np.int32)
    before = networks.adjacency(*ends, 3)
    columns = columns_of(Case(1), *ends)
    columns[2][:] = 0.5
    gone, *after = ties.turn_ties_over(np.ones(3 + more, np.bool_), 2, *before, *columns)
    assert gone == 0
    assert len(after[0]) == 4 + more
    assert [each is known for each, known in zip(after, before, strict=True)] == [not more] * 3


def test_the_ties_of_a_large_network_are_renewed_as_those_of_a_small_one():
    drawn, organisations, known = Case(4), 9000, ties.TIES_IN_CACHE + 2000
    first, second = np.sort(drawn.whole(np.int32, 0, organisations - 11, 2 * known + 400).reshape(2, -1), axis=0)
    gone = np.flatnonzero(drawn.yes(0.03, len(first))).astype(np.int32)
    before = networks.adjacency(first[:known], second[:known], organisations - 10)
    columns = columns_of(drawn, first, second)
    after = ties.renew_ties(gone, *before, organisations, *columns)
    left = len(first) - len(gone)
    assert_same_bits(after, networks.adjacency(columns[0][:left], columns[1][:left], organisations))
