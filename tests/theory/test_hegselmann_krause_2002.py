"""Hegselmann & Krause (2002): clusters under bounded confidence, against a program written independently."""

import numpy as np
import pytest

from simulation.mechanisms.negotiation import negotiate

pytestmark = pytest.mark.slow

MEMBERS, RUNS = 1000, 100


def clusters(tolerance):
    opinions = np.random.default_rng(2002).random((RUNS, MEMBERS))
    return np.array([negotiate(row, tolerance).clusters for row in opinions])


def test_below_the_threshold_nobody_reaches_consensus():
    found = clusters(0.15)
    assert (found > 1).all()
    assert 2.2 <= found.mean() <= 2.7


def test_above_the_threshold_nearly_all_reach_consensus():
    assert (clusters(0.25) == 1).mean() >= 0.9


def test_members_who_hear_everybody_agree_on_the_mean_in_one_round():
    opinions = np.random.default_rng(1).random(50)
    result = negotiate(opinions, 1.0)
    assert result.rounds == 1
    assert result.clusters == 1
    np.testing.assert_allclose(result.opinions, opinions.mean(), rtol=1e-12)


@pytest.mark.parametrize("tolerance", [0.05, 0.1, 0.2])
def test_opinions_in_one_dimension_never_overtake_each_other(tolerance):
    opinions = np.sort(np.random.default_rng(3).random(100))
    for rounds in range(1, 6):
        assert (np.diff(negotiate(opinions, tolerance, rounds=rounds).opinions) >= -1e-12).all()


def test_with_a_mandate_opinions_rest_where_friedkin_and_johnsen_say():
    """All hear all: x = (1 - a) mean x + a x(0), so the mean stays and x = (1 - a) mean + a x(0)."""
    opinions = np.random.default_rng(4).random((12, 5))
    opinions /= opinions.sum(axis=1, keepdims=True)
    result = negotiate(opinions, 1.0, speed=0.3, anchor=0.2)
    expected = 0.8 * opinions.mean(axis=0) + 0.2 * opinions
    np.testing.assert_allclose(result.opinions, expected, atol=1e-8)
