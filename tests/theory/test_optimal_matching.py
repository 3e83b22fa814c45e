"""The auction: within one bid step a pair of the optimum, and never above the bound that its prices give."""

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from simulation.edges import Brokers
from simulation.mechanisms.matching import (
    BID_STEP,
    TieBreak,
    edge_addresses,
    match,
    optimal_matching,
    stable_matching,
)
from simulation.purposes import Purpose
from simulation.scenario import load_scenario
from simulation.state import NOBODY
from tests.theory.test_matching import WEIGHTS, brokered_markets, markets, resources

ROUNDING = 1e-9


def dense(seed, seekers=30, others=40):
    worth = np.random.default_rng(seed).lognormal(size=(seekers, others))
    return worth, np.array([(i, seekers + j) for i in range(seekers) for j in range(others)])


def sparse(seed, seekers, others, each):
    random = np.random.default_rng(seed)
    seen = seekers + random.integers(0, others, seekers * each)
    edges = np.unique(np.stack([np.repeat(np.arange(seekers), each), seen], axis=1), axis=0)
    return edges, random.uniform(0.05, 1.0, len(edges))


def step_of(edges, weights, epsilon=BID_STEP):
    best = {}
    for i, weight in zip(edges[:, 0].tolist(), weights.tolist(), strict=True):
        best[i] = max(best.get(i, 0.0), weight)
    return epsilon * sum(best.values()) / max(len(best), 1)


def assigned(edges, weights, capacity=None, brokers=None, **options):
    edges = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    nodes = int(edges.max(initial=-1)) + 1 if capacity is None else len(capacity)
    places = np.ones(nodes, dtype=np.int64) if capacity is None else np.asarray(capacity, dtype=np.int64)
    addresses = np.arange(len(edges), dtype=np.uint64)
    return optimal_matching(edges[:, 0].copy(), edges[:, 1].copy(), weights, addresses, places, brokers, **options)


def optimum(edges, weights, capacity, brokers=None):
    if not len(edges):
        return 0.0
    taken, limits = resources(edges, capacity, brokers)
    row = {resource: place for place, resource in enumerate(limits)}
    uses = [(row[resource], e) for e in range(len(edges)) for resource in taken[e]]
    matrix = csr_array((np.ones(len(uses)), np.array(uses).T), shape=(len(row), len(edges)))
    limit = LinearConstraint(matrix, ub=list(limits.values()))
    return -milp(-weights, constraints=limit, integrality=np.ones(len(edges)), bounds=Bounds(0, 1)).fun


def assert_kept(edges, chosen, capacity, brokers=None):
    taken, limits = resources(edges, capacity, brokers)
    used = [resource for e in np.flatnonzero(chosen) for resource in taken[e]]
    assert all(used.count(resource) <= limits[resource] for resource in set(used))


@st.composite
def two_sided_markets(draw):
    left, right = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    pairs = st.tuples(st.integers(0, left - 1), st.integers(left, left + right - 1))
    edges = draw(st.lists(pairs, max_size=24, unique=True))
    weights = draw(st.lists(WEIGHTS, min_size=len(edges), max_size=len(edges)))
    capacity = draw(st.lists(st.integers(0, 3), min_size=left + right, max_size=left + right))
    return np.array(edges, dtype=np.int64).reshape(-1, 2), np.array(weights, dtype=float), np.array(capacity)


@st.composite
def markets_where_the_broker_follows_from_the_seeker(draw):
    edges, weights, capacity = draw(two_sided_markets())
    capacity = np.minimum(capacity, 1)
    count = draw(st.integers(1, 2))
    broker = np.array(draw(st.lists(st.integers(NOBODY, count - 1), min_size=6, max_size=6)))
    of_first = broker[edges[:, 0]]
    twice = draw(st.booleans())
    cases = np.array(draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    of_second = of_first.copy() if twice else np.full(len(edges), NOBODY)
    between = np.zeros(len(edges), dtype=np.bool_)
    return edges, weights, capacity, Brokers(of_first, of_second, between, cases, np.zeros_like(cases))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sides", [(30, 40), (40, 30), (25, 25)])
def test_between_two_sides_it_is_worth_the_best_assignment_but_for_a_step_a_pair(seed, sides):
    worth, edges = dense(seed, *sides)
    chosen = match(edges, worth.ravel(), rule="optimal", seed=seed)
    best = worth[linear_sum_assignment(worth, maximize=True)].sum()
    slack = step_of(edges, worth.ravel()) * chosen.sum()
    assert best - slack - ROUNDING <= worth.ravel()[chosen].sum() <= best + ROUNDING


@pytest.mark.parametrize("seed", range(4))
def test_on_a_sparse_market_it_is_worth_the_best_full_matching_but_for_a_step_a_pair(seed):
    edges, weights = sparse(seed, 300, 330, 6)
    alone = np.array([(i, 630 + i) for i in range(300)])
    edges, weights = np.concatenate([edges, alone]), np.concatenate([weights, np.full(300, 1e-6)])
    table = coo_array((weights, (edges[:, 0], edges[:, 1] - 300))).tocsr()
    best = table[min_weight_full_bipartite_matching(table, maximize=True)].sum()
    worth = weights[match(edges, weights, rule="optimal")].sum()
    assert best - step_of(edges, weights) * 300 - ROUNDING <= worth <= best + ROUNDING


@given(two_sided_markets())
def test_with_capacities_on_both_sides_it_is_within_a_step_a_pair_too(market):
    edges, weights, capacity = market
    result = assigned(edges, weights, capacity)
    assert_kept(edges, result.chosen, capacity)
    live = (weights > 0) & (capacity[edges] > 0).all(axis=1)
    slack = step_of(edges[live], weights[live]) * result.chosen.sum()
    assert result.worth >= optimum(edges, weights, capacity) - slack - 1e-6
    assert result.bound - result.worth <= slack + 1e-6


@given(markets_where_the_broker_follows_from_the_seeker())
def test_where_the_broker_follows_from_the_seeker_it_is_within_a_step_a_seeker(market):
    edges, weights, capacity, brokers = market
    result = assigned(edges, weights, capacity, brokers)
    assert_kept(edges, result.chosen, capacity, brokers)
    cases = np.append(brokers.cases, 1)[brokers.of_first]
    live = (weights > 0) & (capacity[edges] > 0).all(axis=1) & (cases > 0)
    slack = step_of(edges[live], weights[live]) * len(np.unique(edges[live][:, 0]))
    assert result.worth >= optimum(edges, weights, capacity, brokers) - slack - 1e-6
    assert result.bound - result.worth <= slack + 1e-6


@given(brokered_markets(two_brokers=True), st.sampled_from([0.0, 1.0, 3.0]), st.integers(1, 30))
def test_with_brokers_on_any_side_limits_hold_and_the_bound_is_never_below_the_optimum(market, reservation, rounds):
    edges, weights, capacity, brokers = market
    result = assigned(edges, weights, capacity, brokers, reservation=reservation, rounds=rounds)
    assert_kept(edges, result.chosen, capacity, brokers)
    assert (weights[result.chosen] >= reservation).all()
    best = optimum(edges, np.where(weights >= reservation, weights, 0.0), capacity, brokers)
    assert result.worth <= best + 1e-6
    assert result.bound >= best - 1e-6
    assert (result.gap is None) == (result.bound == 0.0)
    assert result.gap is None or 0.0 <= result.gap <= 1.0


@given(brokered_markets(two_brokers=True))
def test_where_cases_are_priced_it_is_never_worth_less_than_the_stable_matching(market):
    edges, weights, capacity, brokers = market
    first, second = edges[:, 0].copy(), edges[:, 1].copy()
    ties = TieBreak(np.uint64(1), 1, np.arange(len(capacity), dtype=np.uint64))
    addresses = edge_addresses(ties.key, Purpose.MATCHING_TIE_BREAK, ties.month, first, second, ties.identities)
    stable = stable_matching(first, second, weights, ties, capacity, brokers)
    best = optimal_matching(first, second, weights, addresses, capacity, brokers)
    slack = step_of(edges, weights) * len(edges)
    assert best.worth >= weights[stable].sum() - slack - ROUNDING


@given(markets())
def test_among_all_and_everybody_at_most_the_third_of_an_odd_ring_is_missing(market):
    edges, weights, _ = market
    result = assigned(edges, weights)
    graph = networkx.Graph()
    graph.add_weighted_edges_from((int(i), int(j), w) for (i, j), w in zip(edges, weights, strict=True))
    best = sum(graph[i][j]["weight"] for i, j in networkx.max_weight_matching(graph))
    slack = weights.max(initial=0.0) * BID_STEP * 9
    assert result.worth >= 2 / 3 * result.bound - slack - ROUNDING
    assert result.worth <= best + 1e-6 <= result.bound + 2e-6


def test_a_triangle_is_bounded_by_one_and_a_half_pairs():
    result = assigned([(0, 1), (1, 2), (0, 2)], np.ones(3))
    assert result.worth == 1.0
    assert result.bound == pytest.approx(1.5, rel=1e-3)
    assert result.gap == pytest.approx(1 / 3, rel=1e-3)


@given(brokered_markets(two_brokers=True), st.randoms(use_true_random=False))
def test_the_same_edges_are_chosen_in_whatever_order_they_are_listed(market, shuffled):
    edges, weights, capacity, brokers = market
    order = list(range(len(edges)))
    shuffled.shuffle(order)
    first, second, addresses = edges[:, 0].copy(), edges[:, 1].copy(), np.arange(len(edges), dtype=np.uint64)
    one = optimal_matching(first, second, weights, addresses, capacity, brokers, rounds=20)
    columns = (column[order] for column in (first, second, weights, addresses))
    moved = Brokers(
        brokers.of_first[order],
        brokers.of_second[order],
        brokers.between_partners[order],
        brokers.cases,
        brokers.partner_cases,
    )
    other = optimal_matching(*columns, capacity, moved, rounds=20)
    assert other.chosen.tolist() == one.chosen[order].tolist()
    assert (other.worth, other.bound) == (one.worth, one.bound)


def test_ties_are_decided_by_the_seed():
    square = [(0, 2), (0, 3), (1, 2), (1, 3)]
    chosen = {tuple(match(square, np.ones(4), rule="optimal", seed=seed).tolist()) for seed in range(20)}
    assert chosen == {(True, False, False, True), (False, True, True, False)}


@pytest.mark.parametrize("others", [2_000, 20_000])
def test_with_the_default_step_at_least_999_of_1000_parts_of_the_optimum_are_proved(others):
    edges, weights = sparse(1, 2_000, others, 32)
    epsilon = load_scenario("baseline").matching.auction_epsilon
    assert assigned(edges, weights, epsilon=epsilon).gap <= 0.001


def test_pairs_worth_nothing_are_left_apart():
    assert match([(0, 1), (2, 3)], [0.0, 1.0], rule="optimal").tolist() == [False, True]
    assert assigned(np.zeros((0, 2)), np.zeros(0)).gap is None
