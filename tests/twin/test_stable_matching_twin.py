from itertools import pairwise

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


@every_case
@pytest.mark.parametrize("levels", [WEIGHTS[2:3], WEIGHTS, tuple(np.linspace(0.0, 1.0, 997).tolist())])
def test_edges_are_dealt_into_sections_of_falling_weight_as_by_the_twin(case, levels):
    drawn = Case(case)
    weights, reservation = drawn.one_of(np.float64, levels, 30 * drawn.size), drawn.choice([-1.0, 0.05, 0.3, 2.0])
    (starts, edges), _ = assert_equals_its_twin(
        stable_matching.sections_by_weight, plain.sections_by_weight, weights, reservation
    )
    assert sorted(edges.tolist()) == np.flatnonzero(weights >= reservation).tolist()
    sections = [weights[edges[start:end]] for start, end in pairwise(starts.tolist()) if end > start]
    assert all(section.min() > following.max() for section, following in pairwise(sections))


@pytest.mark.parametrize("spread", [0.0, 5e-324, 1e-300, 1.7e308])
def test_weights_as_close_or_as_far_apart_as_numbers_can_be_are_dealt_as_by_the_twin(spread):
    weights = np.linspace(0.0, spread, 70)
    assert_equals_its_twin(stable_matching.sections_by_weight, plain.sections_by_weight, weights, 0.0)


@every_case
def test_an_edge_is_put_where_the_twin_puts_it(case):
    drawn = Case(case)
    if not drawn.size:
        return
    first, second, weights, *address = list(market(drawn, drawn.size, max(2, drawn.size // 3)).values())[:6]
    mine, theirs = ((np.arange(drawn.size), weights.copy()) for _ in range(2))
    for place in range(drawn.size - 1, -1, -1):
        edge, weight = mine[0][place], mine[1][place]
        stable_matching.put_in_place(edge, weight, place, *mine, first, second, *address)
        plain.put_in_place(edge, weight, place, *theirs, first, second, *address)
        assert [column.tolist() for column in mine] == [column.tolist() for column in theirs]


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
