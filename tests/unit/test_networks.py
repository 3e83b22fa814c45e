import networkx
import numpy as np
import pytest

from simulation.errors import UsageError
from simulation.kernels.networks import tie_count
from simulation.mechanisms.networks import (
    adjacency,
    clustering_coefficient,
    gravity_ties,
    gravity_weights,
    path_length,
    sample_of_nodes,
    watts_strogatz,
)
from simulation.randomness import identity_of, stream_key


def lists_of(edges, n):
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return adjacency(pairs[:, 0].copy(), pairs[:, 1].copy(), n)[:2]


def test_an_unrewired_ring_ties_everybody_to_the_nearest():
    ties = {frozenset(edge) for edge in watts_strogatz(7, 4, 0.0).tolist()}
    assert ties == {frozenset((i, (i + k) % 7)) for i in range(7) for k in (1, 2)}


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_a_small_cluster_is_complete(n):
    assert len(watts_strogatz(n, 6, 0.3)) == n * (n - 1) // 2


def test_the_share_of_rewired_ties_is_the_one_asked_for():
    ring, rewired = watts_strogatz(2000, 6, 0.0), watts_strogatz(2000, 6, 0.2, seed=4)
    assert (ring[:, 1] != rewired[:, 1]).mean() == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / 6000))


def test_clustering_and_path_length_are_those_of_networkx():
    edges = watts_strogatz(200, 6, 0.1, seed=2)
    graph = networkx.Graph(edges.tolist())
    offsets, neighbours = lists_of(edges, 200)
    assert clustering_coefficient(offsets, neighbours) == pytest.approx(networkx.average_clustering(graph))
    expected = networkx.average_shortest_path_length(graph)
    assert path_length(offsets, neighbours, np.arange(200)) == pytest.approx(expected)


def test_what_cannot_be_measured_is_undefined():
    nobody, lonely, pair = lists_of([], 0), lists_of([], 3), lists_of([(0, 1)], 3)
    assert clustering_coefficient(*nobody) is clustering_coefficient(*lonely) is clustering_coefficient(*pair) is None
    assert path_length(*nobody, np.arange(0)) is path_length(*lonely, np.arange(3)) is None
    assert path_length(*pair, np.array([2])) is None


def test_paths_count_only_nodes_that_can_be_reached():
    assert path_length(*lists_of([(0, 1), (1, 2), (3, 4)], 5), np.array([0])) == 1.5


def test_a_node_more_changes_a_sample_by_at_most_one():
    names = np.array([identity_of("firm", i) for i in range(50)])
    key = stream_key(1, 0)
    before = set(names[sample_of_nodes(key, 12, names[:49], 10)].tolist())
    after = set(names[sample_of_nodes(key, 12, names, 10)].tolist())
    assert len(before) == len(after) == 10
    assert len(before - after) <= 1


def test_attraction_falls_with_distance_and_across_a_border():
    weights = gravity_weights(np.array([[0.0, 50.0], [50.0, 0.0]]), np.array([0, 1]), 2.0, 50.0, 0.5)
    np.testing.assert_allclose(weights, [[1.0, 0.125], [0.125, 1.0]])


def test_the_number_of_ties_follows_a_poisson_law():
    counts = [tie_count((k + 0.5) / 10_000, 1.5) for k in range(10_000)]
    assert np.mean(counts) == pytest.approx(1.5, abs=0.01)
    assert np.var(counts) == pytest.approx(1.5, abs=0.02)
    assert tie_count(0.999, 0.0) == 0


def test_ties_between_clusters_go_to_regions_in_proportion_to_firms_and_attraction():
    sizes = np.array([3000, 1000, 2000])
    n = sizes.sum()
    first, second = gravity_ties(
        stream_key(5, 0),
        np.array([identity_of(i) for i in range(n)]),
        np.concatenate(([0], sizes.cumsum())),
        np.array([identity_of("c", i) for i in range(3)]),
        np.arange(3),
        np.array([identity_of("r", i) for i in range(3)]),
        np.array([[1.0, 0.6, 0.2], [0.6, 1.0, 0.1], [0.2, 0.1, 1.0]]),
        1.0,
    )
    to_second = (second[first < 3000] < 4000).mean()
    assert (second[first < 3000] >= 3000).all()
    assert to_second == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / 3000))


def test_a_single_cluster_has_nowhere_to_tie_to():
    one = np.array([identity_of("only")])
    names = np.array([identity_of(i) for i in range(5)])
    first, _ = gravity_ties(stream_key(1, 0), names, np.array([0, 5]), one, np.array([0]), one, np.ones((1, 1)), 3.0)
    assert first.size == 0


@pytest.mark.parametrize("arguments", [(-1, 2, 0.1), (10, 3, 0.1), (10, -2, 0.1), (10, 2, 1.1), (10, 2, np.nan)])
def test_arguments_that_make_no_ring_are_refused(arguments):
    with pytest.raises(UsageError):
        watts_strogatz(*arguments)
