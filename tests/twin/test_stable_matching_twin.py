import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.kernels import stable_matching
from simulation.state import NOBODY
from tests.reference import stable_matching as plain
from tests.twin.cases import Case, every_case

WEIGHTS = (0.0, -0.0, 0.05, 0.1, 0.1 + 1e-17, 0.7)


def market(drawn, edges, ends, brokers=3, side_by_side=True, weights=WEIGHTS):
    """Edges in any order or by first end, with equal weights, pairs seen twice and scarce capacity."""
    first = drawn.whole(np.int64, 0, ends - 1, edges)
    if side_by_side:
        first.sort()
    second = (first + drawn.whole(np.int64, 1, ends - 1, edges)) % ends
    return {
        "first": first,
        "second": second,
        "weights": drawn.one_of(np.float64, weights, edges),
        "key": drawn.key,
        "month": 7,
        "identities": drawn.identities(ends),
        "capacity": drawn.whole(np.int64, 0, 2, ends),
        "broker_of_first": drawn.rows(0, brokers, edges),
        "broker_of_second": drawn.rows(0, brokers, edges),
        "between_partners": drawn.yes(0.4, edges),
        "broker_capacity": drawn.whole(np.int32, 0, max(2, edges // 4), brokers),
        "partner_capacity": drawn.whole(np.int32, 0, max(1, edges // 8), brokers),
        "reservation": drawn.choice([-1.0, 0.0, 0.05, 0.1]),
    }


@every_case
@pytest.mark.parametrize("side_by_side", [False, True])
def test_edges_are_taken_as_by_the_twin_and_capacities_left_alone(case, side_by_side):
    drawn = Case(case)
    question = market(drawn, 5 * drawn.size, max(2, drawn.size // 2), side_by_side=side_by_side)
    before = {name: np.copy(column) for name, column in question.items()}
    chosen = stable_matching.match_best_first(*question.values())
    assert chosen.dtype == np.bool_
    assert chosen.tolist() == plain.match_best_first(*question.values())
    assert all((question[name] == then).all() for name, then in before.items())


@pytest.mark.parametrize("side_by_side", [False, True])
@pytest.mark.parametrize("levels", [WEIGHTS[2:3], WEIGHTS, tuple(np.linspace(0.0, 1.0, 997).tolist())])
def test_over_many_blocks_edges_are_taken_as_by_the_twin(side_by_side, levels):
    question = market(Case(3), 600, 70, 5, side_by_side, levels)
    chosen = stable_matching.match_best_first(*question.values())
    assert chosen.tolist() == plain.match_best_first(*question.values())
    assert chosen.any()


@given(lengths=st.lists(st.integers(1, 90), max_size=8))
def test_blocks_begin_where_those_of_the_twin_do(lengths):
    first = np.repeat(np.arange(len(lengths)), lengths)
    starts = stable_matching.block_starts(first)
    assert starts.dtype == np.int64
    assert starts.tolist() == plain.block_starts(first)


@every_case
def test_the_best_edge_of_a_block_is_that_of_the_twin(case):
    drawn = Case(case)
    edges = drawn.size
    question = market(drawn, edges, max(2, edges // 3))
    start = edges // 4
    block = (start, edges - start // 2)
    given = (*block, *list(question.values())[:6], *list(question.values())[7:10])
    limits = (question["capacity"], question["broker_capacity"], question["partner_capacity"])
    asked = (*given, *limits, question["reservation"], drawn.yes(0.3, edges))
    assert stable_matching.best_of_block(*asked) == plain.best_of_block(*asked)


@every_case
def test_a_block_is_put_where_the_twin_puts_it(case):
    drawn = Case(case)
    edges = drawn.size
    if not edges:
        return
    first, second, weights, *address = list(market(drawn, edges, max(2, edges // 3)).values())[:6]
    best = np.arange(edges)[::-1].copy()
    heap, theirs = np.arange(edges), np.arange(edges)
    heap_weights, their_weights = weights[best[heap]], weights[best[theirs]]
    for place in range(edges - 1, -1, -1):
        stable_matching.put_in_place(heap[place], place, heap, heap_weights, best, first, second, weights, *address)
        plain.put_in_place(theirs[place], place, theirs, their_weights, best, first, second, weights, *address)
        assert heap.tolist() == theirs.tolist()
        assert heap_weights.tolist() == their_weights.tolist()


@every_case
def test_the_twin_lets_the_same_edge_of_equal_weight_go_first(case):
    first, second, _, *address = list(market(Case(case), 6, 4).values())[:6]
    for e in range(6):
        for f in range(6):
            won = stable_matching.wins_tie(e, f, first, second, *address)
            assert won == plain.wins_tie(e, f, first, second, *address)


def test_there_is_no_best_edge_where_nobody_has_capacity():
    question = market(Case(4), 20, 5)
    question["capacity"][:] = 0
    assert not stable_matching.match_best_first(*question.values()).any()
    values = list(question.values())
    limits = (question["capacity"], question["broker_capacity"], question["partner_capacity"])
    asked = (0, 20, *values[:6], *values[7:10], *limits, -1.0, np.zeros(20, np.bool_))
    assert stable_matching.best_of_block(*asked) == NOBODY
