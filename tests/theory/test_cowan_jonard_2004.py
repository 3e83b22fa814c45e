"""Cowan & Jonard (2004): barter of knowledge on rewired rings, against a program written independently."""

import numpy as np
import pytest

from simulation.mechanisms.knowledge_exchange import exchange
from simulation.mechanisms.networks import watts_strogatz

AGENTS, NEIGHBOURS, CATEGORIES, EXPERT_ENTRIES, REPLICATIONS = 500, 10, 5, 25, 10
REWIRING = (0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.09, 0.15, 0.25, 0.5, 1.0)


def levels_at_rest(rewiring, replication):
    draws = np.random.default_rng(replication)
    knowledge = draws.uniform(0, 10, (AGENTS, CATEGORIES))
    knowledge.flat[draws.choice(knowledge.size, EXPERT_ENTRIES, replace=False)] = 30
    network = watts_strogatz(AGENTS, NEIGHBOURS, rewiring, seed=replication)
    return exchange(knowledge, network, rule="barter", seed=replication).mean(axis=1)


def mean_and_variance(rewiring):
    levels = [levels_at_rest(rewiring, replication) for replication in range(REPLICATIONS)]
    return np.mean([each.mean() for each in levels]), np.mean([each.var() for each in levels])


@pytest.fixture(scope="module")
def ends_and_middle():
    return {rewiring: mean_and_variance(rewiring) for rewiring in (0.0001, 0.09, 0.15, 0.25, 1.0)}


def test_knowledge_is_highest_in_the_small_world(ends_and_middle):
    means = {rewiring: mean for rewiring, (mean, _) in ends_and_middle.items()}
    small_world = np.mean([means[0.09], means[0.15], means[0.25]])
    assert small_world >= 1.15 * means[0.0001]
    assert small_world >= 1.04 * means[1.0]


def test_knowledge_is_more_unequal_in_the_small_world_than_on_the_ring(ends_and_middle):
    variances = {rewiring: variance for rewiring, (_, variance) in ends_and_middle.items()}
    assert min(variances[0.09], variances[0.15], variances[0.25]) > 1.5 * variances[0.0001]


@pytest.mark.slow
def test_the_variance_of_knowledge_peaks_between_ring_and_random_network():
    variances = {rewiring: mean_and_variance(rewiring)[1] for rewiring in REWIRING}
    assert 0.05 <= max(variances, key=variances.__getitem__) <= 0.5
