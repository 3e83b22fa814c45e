import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels.orders import decreasing_order, rising_order
from simulation.mechanisms.knowledge_exchange import exchange
from simulation.mechanisms.matching import match
from simulation.mechanisms.negotiation import (
    agreement_across_countries,
    agreement_within_country,
    best_draft,
    negotiate,
    tolerance_matrix,
)
from simulation.mechanisms.networks import (
    adjacency,
    first_of_each_pair,
    gravity_ties,
    gravity_weights,
    watts_strogatz,
)
from simulation.mechanisms.peer_learning import founding_beliefs, peer_learning, socialise, visit
from simulation.randomness import identity_of, stream_key
from simulation.state import NOBODY

KEY = stream_key(1, 0)
SHARES = st.floats(0, 1)


@st.composite
def networks_with_levels(draw):
    agents, domains = draw(st.integers(2, 12)), draw(st.integers(1, 6))
    levels = draw(arrays(np.float64, (agents, domains), elements=st.floats(0, 10)))
    node = st.integers(0, agents - 1)
    pairs = st.tuples(node, node).filter(lambda pair: pair[0] != pair[1])
    return levels, draw(st.lists(pairs, max_size=30))


@given(networks_with_levels(), st.sampled_from(["barter", "transfer"]), SHARES)
def test_exchange_takes_no_knowledge_away_and_makes_none_beyond_the_best(world, rule, rate):
    levels, edges = world
    after = exchange(levels, edges, rule=rule, rate=rate, sweeps=3)
    assert (after >= levels).all()
    assert (after <= levels.max(axis=0) * (1 + 1e-15)).all()


@given(networks_with_levels(), st.integers(0, 5))
def test_barter_at_rest_stays_at_rest(world, seed):
    levels, edges = world
    rested = exchange(levels, edges, rate=0.5, seed=seed)
    np.testing.assert_array_equal(exchange(rested, edges, rate=0.5, sweeps=2, seed=seed + 1), rested)


@given(networks_with_levels())
def test_barter_does_not_depend_on_the_order_in_which_edges_are_listed(world):
    levels, edges = world
    listed = sorted({tuple(sorted(edge)) for edge in edges})
    np.testing.assert_array_equal(
        exchange(levels, listed, sweeps=2), exchange(levels, [edge[::-1] for edge in listed[::-1]], sweeps=2)
    )


@given(networks_with_levels(), st.sampled_from(["stable", "optimal", "random"]))
def test_matching_does_not_depend_on_the_order_in_which_edges_are_listed(world, rule):
    edges = np.array(sorted({tuple(sorted(edge)) for edge in world[1]})).reshape(-1, 2)
    weights = np.round(np.resize(world[0].ravel(), len(edges)))
    chosen = match(edges, weights, capacity=2, rule=rule)
    np.testing.assert_array_equal(match(edges[::-1], weights[::-1], capacity=2, rule=rule), chosen[::-1])


@given(networks_with_levels(), st.integers(0, 3), st.integers(0, 9))
def test_random_matching_keeps_capacities_and_takes_no_more_pairs_than_stable(world, capacity, seed):
    edges = np.array(world[1], dtype=np.int64).reshape(-1, 2)
    weights = np.ones(len(edges))
    chosen = match(edges, weights, capacity, rule="random", seed=seed)
    assert chosen.sum() <= match(edges, weights, capacity, seed=seed).sum()
    assert (np.bincount(edges[chosen].ravel(), minlength=1) <= capacity).all()


@given(
    arrays(np.float64, st.integers(0, 200), elements=st.one_of(st.floats(0, 1e6), st.integers(0, 2).map(float))),
    st.integers(0, 2),
)
def test_edges_are_ordered_by_weight_then_address_then_position(weights, span):
    addresses = (np.arange(weights.size, dtype=np.uint64) * np.uint64(2**63 + 7)) % np.uint64(10 ** (span * 9) + 1)
    np.testing.assert_array_equal(decreasing_order(weights, addresses), np.lexsort((addresses, -weights)))
    np.testing.assert_array_equal(rising_order(addresses), np.argsort(addresses, kind="stable"))


@st.composite
def assemblies(draw):
    members, priorities = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    opinions = draw(arrays(np.float64, (members, priorities), elements=st.floats(0, 1)))
    tolerance = draw(arrays(np.float64, members, elements=st.floats(0, 2)))
    country = draw(arrays(np.int64, members, elements=st.integers(0, 2)))
    return opinions, tolerance, country


@given(assemblies(), SHARES, SHARES)
def test_opinions_stay_between_the_extremes(assembly, speed, anchor):
    opinions, tolerance, _ = assembly
    after = negotiate(opinions, tolerance, speed, anchor, rounds=5).opinions
    assert (after >= opinions.min(axis=0) - 1e-12).all()
    assert (after <= opinions.max(axis=0) + 1e-12).all()


@given(assemblies())
def test_a_negotiation_that_rests_has_made_the_rounds_it_reports(assembly):
    opinions, tolerance, _ = assembly
    rested = negotiate(opinions, tolerance)
    again = negotiate(opinions, tolerance, rounds=rested.rounds)
    np.testing.assert_array_equal(again.opinions, rested.opinions)
    np.testing.assert_allclose(negotiate(rested.opinions, tolerance, rounds=1).opinions, rested.opinions, atol=1e-9)


@given(assemblies(), SHARES, st.floats(0.01, 1))
def test_no_draft_is_signed_by_more_members_than_the_best_one(assembly, discount, signing_distance):
    opinions, tolerance, country = assembly
    heard = tolerance_matrix(tolerance, country, discount)
    draft = best_draft(opinions, heard, np.ones(len(opinions)), signing_distance)
    part = 1.0 if opinions.shape[1] == 1 else 0.5
    distance = part * np.abs(opinions[:, None] - opinions[None]).sum(axis=2)
    for candidate in [opinions.mean(axis=0), *(opinions[row].mean(axis=0) for row in distance <= heard)]:
        surely = part * np.abs(opinions - candidate).sum(axis=1) <= signing_distance - 1e-9
        assert surely.mean() <= draft.share
    assert draft.share == draft.can_sign.mean()


@given(assemblies(), st.floats(0.01, 1))
def test_agreement_is_a_share_or_undefined(assembly, signing_distance):
    opinions, tolerance, country = assembly
    heard = tolerance_matrix(tolerance, country, 0.0)
    within = agreement_within_country(opinions, country, heard, signing_distance)
    across = agreement_across_countries(opinions, country, signing_distance)
    assert (within is None) == (np.bincount(country).max() < 2)
    assert (across is None) == (len(set(country.tolist())) < 2)
    assert all(0.0 <= value <= 1.0 for value in (within, across) if value is not None)


@given(st.integers(0, 40), st.integers(0, 8).map(lambda half: 2 * half), SHARES, st.integers(0, 3))
def test_a_rewired_ring_is_a_simple_network_with_as_many_ties_as_the_ring(n, degree, rewiring, seed):
    edges = watts_strogatz(n, degree, rewiring, seed)
    assert len(edges) == n * min(degree, max(n - 1, 0)) // 2
    assert (edges[:, 0] != edges[:, 1]).all()
    assert len({frozenset(edge) for edge in edges.tolist()}) == len(edges)
    assert ((edges >= 0) & (edges < max(n, 1))).all()


@given(networks_with_levels())
def test_neighbours_list_every_tie_at_both_ends_in_order(world):
    edges = np.array(world[1], dtype=np.int64).reshape(-1, 2)
    n = len(world[0])
    offsets, neighbours, ties = adjacency(edges[:, 0].copy(), edges[:, 1].copy(), n)
    for i in range(n):
        here = slice(offsets[i], offsets[i + 1])
        assert ties[here].tolist() == np.flatnonzero((edges == i).any(axis=1)).tolist()
        assert all({i, j} == set(edges[e].tolist()) for j, e in zip(neighbours[here], ties[here], strict=True))


@given(networks_with_levels())
def test_of_several_ties_between_two_the_first_is_kept(world):
    edges = np.array(world[1], dtype=np.int64).reshape(-1, 2)
    kept = first_of_each_pair(edges[:, 0].copy(), edges[:, 1].copy(), len(world[0]))
    pairs = [frozenset(edge) for edge in edges.tolist()]
    assert kept.tolist() == [pair not in pairs[:e] for e, pair in enumerate(pairs)]


def gravity_network(regions, per_cluster, seed):
    """Named ties between clusters of two sectors in each region."""
    names = [(region, sector, k) for region in regions for sector in ("food", "wood") for k in range(per_cluster)]
    clusters = [(region, sector) for region in regions for sector in ("food", "wood")]
    distance = np.abs(np.subtract.outer([float(r[1:]) for r in regions], [float(r[1:]) for r in regions]))
    first, second = gravity_ties(
        stream_key(seed, 0),
        np.array([identity_of(*name) for name in names]),
        np.arange(len(clusters) + 1) * per_cluster,
        np.array([identity_of(*cluster) for cluster in clusters]),
        np.array([regions.index(region) for region, _ in clusters]),
        np.array([identity_of(region) for region in regions]),
        gravity_weights(100 * distance, np.arange(len(regions)) // 2, 1.0, 50.0, 0.5),
        2.0,
    )
    return [(names[i], names[j]) for i, j in zip(first, second, strict=True)]


@given(st.integers(0, 20), st.integers(1, 6))
def test_a_region_more_changes_only_the_ties_that_it_takes(seed, per_cluster):
    before = gravity_network(["R1", "R2", "R3"], per_cluster, seed)
    after = gravity_network(["R1", "R2", "R3", "R4"], per_cluster, seed)
    of_the_old = [tie for tie in after if tie[0][0] != "R4"]
    assert len(of_the_old) == len(before)
    changed = [new for old, new in zip(before, of_the_old, strict=True) if old != new]
    assert all(new[1][0] == "R4" for new in changed)
    assert all(tie[0][:2] != tie[1][:2] for tie in after)


@given(st.integers(0, 20), SHARES)
def test_beliefs_move_towards_code_and_host_by_half_steps_only(seed, probability):
    key = stream_key(seed, 0)
    identities = np.arange(6, dtype=np.uint64)
    reality = np.ones(8, dtype=np.int8)
    beliefs = founding_beliefs(key, 0, identities, reality, 1 / 3, 1 / 3)
    code = beliefs[0]
    likely = np.full(6, probability)
    hosts = np.array([NOBODY, 0, 0, 1, 5, 4])
    read = socialise(key, 1, identities, beliefs, code, likely)
    visited = visit(key, 1, identities, beliefs, hosts, likely)
    for learned, shown in ((read, np.broadcast_to(code, beliefs.shape)), (visited[1:], beliefs[hosts[1:]])):
        step = learned.astype(int) - beliefs[-len(learned) :]
        assert (np.abs(step) <= 1).all()
        assert (step * shown >= 0).all()
        assert (step[shown == 0] == 0).all()
    np.testing.assert_array_equal(visited[0], beliefs[0])


@pytest.mark.parametrize("coin", [True, False])
@given(seed=st.integers(0, 30), individuals=st.integers(1, 3), dimensions=st.integers(1, 4))
def test_even_the_smallest_organisations_come_to_rest(coin, seed, individuals, dimensions):
    learned = peer_learning(individuals, dimensions, 0.5, 0.5, coin=coin, seed=seed)
    assert 1 <= len(learned.code_knowledge) == len(learned.individual_knowledge) < 5000
    assert 0.0 <= learned.code_knowledge[-1] <= 1.0
