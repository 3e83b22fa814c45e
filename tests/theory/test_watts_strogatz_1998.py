"""Watts & Strogatz (1998): clustering and path length between the ring and the random network."""

import networkx
import numpy as np
import pytest

from simulation.mechanisms.networks import (
    adjacency,
    clustering_coefficient,
    path_length,
    watts_strogatz,
)

NODES, NEIGHBOURS = 1000, 10


def clustering_and_path_length(edges, nodes=NODES):
    offsets, neighbours, _ = adjacency(edges[:, 0].copy(), edges[:, 1].copy(), nodes)
    return clustering_coefficient(offsets, neighbours), path_length(offsets, neighbours, np.arange(nodes))


@pytest.mark.parametrize(("nodes", "degree"), [(100, 4), (1000, 10), (1000, 20)])
def test_a_ring_clusters_as_the_formula_says(nodes, degree):
    clustering, _ = clustering_and_path_length(watts_strogatz(nodes, degree, 0.0), nodes)
    assert clustering == pytest.approx(3 * (degree - 2) / (4 * (degree - 1)), rel=1e-12)


def test_paths_on_a_ring_are_as_long_as_n_over_2k():
    _, length = clustering_and_path_length(watts_strogatz(NODES, NEIGHBOURS, 0.0))
    assert length == pytest.approx(NODES / (2 * NEIGHBOURS), rel=0.02)


def test_a_fully_rewired_ring_looks_like_a_random_network():
    clustering, length = clustering_and_path_length(watts_strogatz(NODES, NEIGHBOURS, 1.0, seed=1))
    random = networkx.gnm_random_graph(NODES, NODES * NEIGHBOURS // 2, seed=1)
    assert clustering == pytest.approx(NEIGHBOURS / NODES, rel=0.2)
    assert length == pytest.approx(networkx.average_shortest_path_length(random), rel=0.03)
    assert length == pytest.approx(np.log(NODES) / np.log(NEIGHBOURS), rel=0.15)


def test_a_few_rewired_ties_shorten_paths_long_before_clusters_dissolve():
    ring_clustering, ring_length = clustering_and_path_length(watts_strogatz(NODES, NEIGHBOURS, 0.0))
    clustering, length = clustering_and_path_length(watts_strogatz(NODES, NEIGHBOURS, 0.01, seed=1))
    assert length < 0.25 * ring_length
    assert clustering > 0.95 * ring_clustering
