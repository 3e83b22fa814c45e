import numpy as np
import pytest

from simulation.errors import UsageError
from simulation.mechanisms.matching import Brokers, TieBreak, match, random_matching, stable_matching
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario
from simulation.state import NOBODY

TRIANGLE = [(0, 1), (1, 2), (0, 2)]


def through(of_first, of_second, between, cases, partner_cases):
    return Brokers(np.array(of_first), np.array(of_second), np.array(between), np.array(cases), np.array(partner_cases))


def three_pairs(brokers, **options):
    """Three separate pairs worth 3, 2 and 1."""
    first, second = np.array([0, 2, 4]), np.array([1, 3, 5])
    weights, ties = np.array([3.0, 2.0, 1.0]), TieBreak(np.uint64(1), 1, np.arange(6, dtype=np.uint64))
    capacity = np.ones(6, dtype=np.int64)
    return stable_matching(first, second, weights, ties, capacity, brokers, **options).tolist()


def test_the_best_pair_is_introduced_first():
    assert match(TRIANGLE, [1.0, 3.0, 2.0]).tolist() == [False, True, False]


def test_capacity_may_differ_between_nodes():
    assert match(TRIANGLE, [1.0, 3.0, 2.0], capacity=[1, 1, 2]).tolist() == [False, True, True]
    assert match(TRIANGLE, [1.0, 3.0, 2.0], capacity=0).tolist() == [False, False, False]


def test_equal_weights_are_decided_by_the_seed():
    chosen = {int(np.flatnonzero(match(TRIANGLE, [1.0, 1.0, 1.0], seed=seed))[0]) for seed in range(40)}
    assert chosen == {0, 1, 2}


def test_random_matching_takes_as_many_pairs_as_stable():
    edges = [(i, 20 + j) for i in range(20) for j in range(20)]
    weights = np.random.default_rng(1).random(400)
    stable, drawn = match(edges, weights), match(edges, weights, rule="random")
    assert stable.sum() == drawn.sum() == 20
    assert weights[drawn].sum() < weights[stable].sum()


def test_no_edges_give_no_choice():
    assert match([], []).shape == (0,)


def test_a_broker_without_cases_introduces_nobody_further():
    brokers = through([0, 0, 0], [NOBODY] * 3, [False] * 3, [2], [0])
    assert three_pairs(brokers) == [True, True, False]


def test_a_case_between_two_brokers_counts_at_both():
    brokers = through([0, 0, 1], [1, NOBODY, NOBODY], [False] * 3, [1, 1], [0, 0])
    assert three_pairs(brokers) == [True, False, False]


def test_the_same_broker_on_both_sides_gives_one_case():
    brokers = through([0, 0, 0], [0, 0, 0], [False] * 3, [2], [0])
    assert three_pairs(brokers) == [True, True, False]


def test_cases_between_partners_have_their_own_limit():
    brokers = through([0, 0, 0], [1, 1, NOBODY], [True, True, False], [5, 5], [1, 5])
    assert three_pairs(brokers) == [True, False, True]


def test_below_the_reservation_value_nobody_is_introduced():
    assert three_pairs(None, reservation=2.0) == [True, True, False]


def test_random_matching_ends_at_the_number_of_pairs_that_it_is_given():
    first, second = np.array([0, 2, 4]), np.array([1, 3, 5])
    addresses = np.array([7, 3, 5], dtype=np.uint64)
    chosen = random_matching(first, second, np.ones(3), addresses, np.ones(6, dtype=np.int64), 2)
    assert chosen.tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("edges", "weights", "options"),
    [
        (TRIANGLE, [1.0, -0.1, 1.0], {}),
        (TRIANGLE, [1.0, np.nan, 1.0], {}),
        (TRIANGLE, [1.0, np.inf, 1.0], {}),
        (TRIANGLE, [1.0], {}),
        ([(0, 0)], [1.0], {}),
        ([(0, -1)], [1.0], {}),
        ([(0, 3)], [1.0], {"capacity": [1, 1, 1]}),
        ([(0.0, 1.0)], [1.0], {}),
        ([(0, 1, 2)], [1.0], {}),
        (TRIANGLE, [1.0, 1.0, 1.0], {"capacity": -1}),
        (TRIANGLE, [1.0, 1.0, 1.0], {"capacity": 1.5}),
        (TRIANGLE, [1.0, 1.0, 1.0], {"rule": "best"}),
    ],
)
def test_arguments_that_make_no_market_are_refused(edges, weights, options):
    with pytest.raises(UsageError):
        match(edges, weights, **options)


def a_year_of(rule):
    overrides = {"population.smes_per_cluster": 8, "months": 12, "programme_end_month": 12, "matching.rule": rule}
    model = EcosystemModel(load_scenario("smart-space-flexible", overrides), seed=1)
    model.run()
    return model


def test_the_optimal_rule_says_every_month_how_much_may_be_missing():
    gaps = a_year_of("optimal").series["matching_gap"]
    assert all(0.0 <= gap < 0.1 for gap in gaps)
    assert np.median(gaps) < 0.001


@pytest.mark.parametrize("rule", ["stable", "random"])
def test_the_other_rules_say_nothing_about_a_gap(rule):
    assert a_year_of(rule).series["matching_gap"] == [None] * 12


def test_a_month_without_candidates_has_no_gap():
    model = a_year_of("optimal")
    model.state.organisations.innovator[:] = False
    model.step()
    assert len(model.state.introductions) == 0
    assert model.series["matching_gap"][-1] is None
