"""Greedy matching: stable without exception, and never below its guaranteed share of the optimum."""

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from simulation.mechanisms.matching import Brokers, TieBreak, match, stable_matching
from simulation.state import NOBODY

WEIGHTS = st.one_of(st.integers(0, 4).map(float), st.floats(0, 100, allow_nan=False))


@st.composite
def markets(draw, most_nodes=9, most_edges=24):
    nodes = draw(st.integers(2, most_nodes))
    node = st.integers(0, nodes - 1)
    pairs = st.tuples(node, node).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: tuple(sorted(pair)))
    edges = draw(st.lists(pairs, max_size=most_edges, unique=True))
    weights = draw(st.lists(WEIGHTS, min_size=len(edges), max_size=len(edges)))
    capacity = draw(st.lists(st.integers(0, 3), min_size=nodes, max_size=nodes))
    return np.array(edges, dtype=np.int64).reshape(-1, 2), np.array(weights), np.array(capacity)


@st.composite
def brokered_markets(draw, two_brokers):
    edges, weights, capacity = draw(markets())
    count = draw(st.integers(1, 3))
    columns = st.lists(st.integers(NOBODY, count - 1), min_size=len(edges), max_size=len(edges))
    of_first = np.array(draw(columns), dtype=np.int64)
    of_second = np.array(draw(columns), dtype=np.int64) if two_brokers else np.full(len(edges), NOBODY)
    between = st.lists(st.booleans(), min_size=len(edges), max_size=len(edges))
    limits = st.lists(st.integers(0, 3), min_size=count, max_size=count)
    brokers = Brokers(
        of_first,
        of_second,
        np.array(draw(between), dtype=np.bool_),
        np.array(draw(limits), dtype=np.int64),
        np.array(draw(limits), dtype=np.int64),
    )
    return edges, weights, capacity, brokers


def resources(edges, capacity, brokers):
    """What each edge takes a unit of, and how many units there are."""
    taken = [{("node", int(i)), ("node", int(j))} for i, j in edges]
    limits = {("node", i): int(limit) for i, limit in enumerate(capacity)}
    if brokers is not None:
        for e, (a, b) in enumerate(zip(brokers.of_first, brokers.of_second, strict=True)):
            through = {int(a), int(b)} - {NOBODY}
            taken[e] |= {("broker", k) for k in through}
            if brokers.between_partners[e]:
                taken[e] |= {("partner", k) for k in through}
        limits |= {("broker", k): int(limit) for k, limit in enumerate(brokers.cases)}
        limits |= {("partner", k): int(limit) for k, limit in enumerate(brokers.partner_cases)}
    return taken, limits


def assert_stable(edges, weights, capacity, chosen, brokers=None):
    taken, limits = resources(edges, capacity, brokers)
    used = {resource: [] for resource in limits}
    for e in np.flatnonzero(chosen):
        for resource in taken[e]:
            used[resource].append(weights[e])
    assert all(len(used[resource]) <= limit for resource, limit in limits.items())
    for e in np.flatnonzero(~chosen):
        assert any(
            len(used[resource]) >= limits[resource] and min(used[resource], default=np.inf) >= weights[e]
            for resource in taken[e]
        ), f"edge {e} blocks"


def optimum(edges, weights, capacity, brokers=None):
    taken, limits = resources(edges, capacity, brokers)
    rows = list(limits)
    uses = np.array([[resource in taken[e] for e in range(len(edges))] for resource in rows], dtype=float)
    result = milp(
        -weights,
        constraints=LinearConstraint(uses, ub=[limits[resource] for resource in rows]),
        integrality=np.ones(len(edges)),
        bounds=Bounds(0, 1),
    )
    return -result.fun


@given(markets(), st.integers(0, 3))
def test_no_pair_blocks_a_stable_matching(market, seed):
    edges, weights, capacity = market
    assert_stable(edges, weights, capacity, match(edges, weights, capacity, seed=seed))


@given(markets())
def test_a_stable_matching_is_worth_at_least_half_of_the_best_matching(market):
    edges, weights, _ = market
    graph = networkx.Graph()
    graph.add_weighted_edges_from((int(i), int(j), weight) for (i, j), weight in zip(edges, weights, strict=True))
    best = sum(graph[i][j]["weight"] for i, j in networkx.max_weight_matching(graph))
    assert weights[match(edges, weights)].sum() >= best / 2 - 1e-9


@given(markets())
def test_with_capacities_it_is_worth_at_least_half_of_the_optimum(market):
    edges, weights, capacity = market
    if len(edges):
        chosen = match(edges, weights, capacity)
        assert weights[chosen].sum() >= optimum(edges, weights, capacity) / 2 - 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_on_a_two_sided_market_it_is_worth_at_least_half_of_the_best_assignment(seed):
    worth = np.random.default_rng(seed).lognormal(size=(30, 40))
    edges = np.array([(i, 30 + j) for i in range(30) for j in range(40)])
    chosen = match(edges, worth.ravel(), seed=seed)
    best = worth[linear_sum_assignment(worth, maximize=True)].sum()
    assert best / 2 <= worth.ravel()[chosen].sum() <= best


def test_half_is_the_best_that_can_be_promised():
    weights = np.array([1.0, 1.001, 1.0])
    chosen = match([(0, 1), (1, 2), (2, 3)], weights)
    assert chosen.tolist() == [False, True, False]
    assert weights[chosen].sum() < 0.51 * 2.0


def stable_through(market):
    edges, weights, capacity, brokers = market
    first, second = edges[:, 0].copy(), edges[:, 1].copy()
    ties = TieBreak(np.uint64(1), 1, np.arange(len(capacity), dtype=np.uint64))
    return stable_matching(first, second, weights, ties, capacity, brokers)


@given(brokered_markets(two_brokers=True))
def test_no_edge_blocks_a_matching_through_brokers_on_any_side(market):
    edges, weights, capacity, brokers = market
    assert_stable(edges, weights, capacity, stable_through(market), brokers)


@given(brokered_markets(two_brokers=False))
def test_through_one_broker_it_is_worth_at_least_a_third_of_the_optimum(market):
    edges, weights, capacity, brokers = market
    if len(edges):
        best = optimum(edges, weights, capacity, brokers)
        assert weights[stable_through(market)].sum() >= best / 3 - 1e-6


@given(brokered_markets(two_brokers=True))
def test_through_two_brokers_it_is_worth_at_least_a_quarter_of_the_optimum(market):
    edges, weights, capacity, brokers = market
    if len(edges):
        best = optimum(edges, weights, capacity, brokers)
        assert weights[stable_through(market)].sum() >= best / 4 - 1e-6
