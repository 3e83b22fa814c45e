from math import exp, log, sqrt

import numpy as np
import pytest

from simulation.kernels.profiles import PROFILE
from simulation.kernels.surplus import pair_surplus, surplus_of_pairs
from simulation.mechanisms.surplus import proximity_of

SCALE, OWN_NEEDS = 0.3, 0.5


def pair(one, other, needs=((0,), (1,)), absorptive_capacity=(0.5, 0.5), own_needs=OWN_NEEDS):
    return pair_surplus(
        0,
        1,
        np.array([one, other], dtype=np.float32),
        np.array(needs, dtype=np.int8),
        np.array(absorptive_capacity, dtype=np.float32),
        own_needs,
        SCALE,
    )


def test_the_equation_by_hand():
    """Each lacks 0.25 in one of two domains, which it needs."""
    value, distance = pair([0.25, 0.5], [0.5, 0.25])
    gain = 0.5 / 2 * 0.25 + 0.5 * 0.25
    assert distance == pytest.approx(0.25)
    assert value == pytest.approx(2.0 * gain * exp(-((0.25 / SCALE) ** 2)), rel=1e-6)


def test_equals_have_nothing_to_gain():
    assert pair([0.4, 0.7], [0.4, 0.7]) == (0.0, 0.0)


def test_both_must_gain():
    value, distance = pair([0.2, 0.2], [0.6, 0.6])
    assert value == 0.0
    assert distance > 0.0


def test_a_pair_is_worth_the_same_from_both_sides():
    one, other = (
        pair([0.1, 0.5], [0.5, 0.2], absorptive_capacity=(0.2, 0.9)),
        pair([0.5, 0.2], [0.1, 0.5], needs=((1,), (0,)), absorptive_capacity=(0.9, 0.2)),
    )
    assert one == pytest.approx(other)


def test_what_a_firm_needs_counts_more():
    assert pair([0.2, 0.5], [0.5, 0.2])[0] > pair([0.2, 0.5], [0.5, 0.2], needs=((1,), (0,)))[0]
    assert pair([0.2, 0.5], [0.5, 0.2], own_needs=0.0)[0] == pytest.approx(
        pair([0.2, 0.5], [0.5, 0.2], needs=((1,), (0,)), own_needs=0.0)[0]
    )


def test_who_absorbs_more_understands_what_is_further_away():
    near, far = (
        [pair([0.5 - d, 0.5], [0.5, 0.5 - d], absorptive_capacity=(a, a))[0] for a in (0.1, 0.9)] for d in (0.05, 0.4)
    )
    assert far[1] / far[0] > near[1] / near[0] > 1.0


def test_value_rises_and_falls_with_distance():
    values = [pair([0.5 - d, 0.5], [0.5, 0.5 - d])[0] for d in np.linspace(0.01, 0.5, 30)]
    peak = int(np.argmax(values))
    assert 0 < peak < 29
    assert values[: peak + 1] == sorted(values[: peak + 1])
    assert values[peak:] == sorted(values[peak:], reverse=True)


def test_proximity_falls_with_distance_and_at_a_border():
    distance = np.array([[0.0, 450.0], [450.0, 0.0]])
    border = ~np.eye(2, dtype=np.bool_)
    factor = proximity_of(distance, border, 0.05, 50.0, 0.15)
    assert factor[0, 0] == 1.0
    assert factor[0, 1] == pytest.approx(exp(-0.05 * log(10.0) - 0.15))
    assert factor[0, 1] < proximity_of(distance, ~border & border, 0.05, 50.0, 0.15)[0, 1] < 1.0


def test_a_tie_adds_what_its_trust_is_worth():
    knowledge = np.array([[0.2, 0.5], [0.5, 0.2], [0.5, 0.2]], dtype=np.float32)
    profiles = np.zeros(3, dtype=PROFILE)
    profiles["needs"], profiles["absorptive_capacity"] = [[0] * 3, [1] * 3, [1] * 3], 0.5
    surplus, distance = np.zeros(2), np.zeros(2)
    surplus_of_pairs(
        np.array([0, 0]),
        np.array([1, 2]),
        knowledge,
        profiles,
        np.ones((1, 1)),
        np.array([0, -1]),
        np.array([0.5], dtype=np.float32),
        OWN_NEEDS,
        SCALE,
        0.5,
        surplus,
        distance,
    )
    assert surplus[0] == pytest.approx(surplus[1] * exp(0.25))
    assert distance[0] == distance[1] == pytest.approx(sqrt(0.09))
