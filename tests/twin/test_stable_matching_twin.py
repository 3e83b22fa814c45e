import numpy as np
import pytest

from simulation.kernels import stable_matching
from tests.reference import stable_matching as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

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
def test_over_many_sections_edges_are_taken_as_by_the_twin(side_by_side, levels):
    question = market(Case(3), 600, 70, 5, side_by_side, levels)
    chosen = stable_matching.match_best_first(*question.values())
    assert chosen.tolist() == plain.match_best_first(*question.values())
    assert chosen.any()


@pytest.mark.parametrize("capacity", [1, 90, 600])
def test_of_hundreds_of_edges_of_one_end_those_are_taken_that_the_twin_takes(capacity):
    question = market(Case(5), 600, 4, 5)
    question["capacity"][:] = capacity
    chosen = stable_matching.match_best_first(*question.values())
    assert chosen.tolist() == plain.match_best_first(*question.values())
    assert chosen.any()


@every_case
def test_edges_of_one_end_stand_in_runs_as_by_the_twin(case):
    drawn = Case(case)
    assert_equals_its_twin(stable_matching.runs_of, plain.runs_of, drawn.whole(np.int32, 0, 2, 3 * drawn.size))
    lengths = drawn.one_of(np.int64, [1, 63, 64, 65, 200], drawn.size)
    long = np.repeat(np.arange(drawn.size, dtype=np.int32), lengths)
    starts, _ = assert_equals_its_twin(stable_matching.runs_of, plain.runs_of, long)
    assert np.diff(starts).max(initial=0) <= 64


@every_case
def test_the_best_edge_left_of_a_run_is_that_of_the_twin(case):
    drawn = Case(case)
    first, second, weights, key, month, identities, capacity, *_ = market(drawn, 20, 6).values()
    left, tried = capacity.astype(np.int32), drawn.yes(0.3, 20)
    for start, end in ((0, 20), (4, 9), (7, 7)):
        question = start, end, second, weights, left, tried, drawn.choice([-1.0, 0.0, 0.1]), first
        assert_equals_its_twin(stable_matching.best_left, plain.best_left, *question, key, month, identities)


@every_case
def test_a_run_goes_down_and_up_the_heap_to_where_the_twin_puts_it(case):
    drawn = Case(case)
    if not drawn.size:
        return
    first, second, weights, *address = list(market(drawn, drawn.size, max(2, drawn.size // 3)).values())[:6]
    edges = np.arange(drawn.size), first, second, *address
    heap, heap_weights = np.arange(drawn.size), weights.copy()
    for place in range(drawn.size - 1, -1, -1):
        question = int(heap[place]), float(heap_weights[place]), place, heap, heap_weights, *edges
        _, (_, _, _, heap, heap_weights, *_) = assert_equals_its_twin(
            stable_matching.put_in_place, plain.put_in_place, *question
        )
    for size in range(1, drawn.size + 1):
        run, weight = int(heap[size - 1]), float(drawn.choice(WEIGHTS))
        question = run, weight, heap[:size].copy(), heap_weights, *edges
        _, (_, _, risen, heap_weights, *_) = assert_equals_its_twin(stable_matching.rise, plain.rise, *question)
        heap[:size] = risen


@every_case
def test_the_twin_lets_the_same_edge_of_equal_weight_go_first(case):
    first, second, _, *address = list(market(Case(case), 6, 4).values())[:6]
    for e in range(6):
        for f in range(6):
            won = stable_matching.wins_tie(e, f, first, second, *address)
            assert won == plain.wins_tie(e, f, first, second, *address)


def test_nothing_is_taken_where_nobody_has_capacity():
    question = market(Case(4), 20, 5)
    question["capacity"][:] = 0
    assert not stable_matching.match_best_first(*question.values()).any()
