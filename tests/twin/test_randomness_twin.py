import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import arithmetic, randomness
from tests.reference import arithmetic as plain_arithmetic
from tests.reference import randomness as plain_randomness

words = st.integers(0, 2**32 - 1)
longs = st.integers(0, 2**64 - 1)
purposes = st.integers(0, 2**16 - 1)
months = st.integers(0, 2**16 - 1)
any_float = st.floats(allow_nan=True, allow_infinity=True, allow_subnormal=True)
addresses = st.tuples(longs, purposes, months, longs, st.integers(0, 2**26 - 1))


def as_arguments(address):
    key, purpose, month, identity, counter = address
    return np.uint64(key), purpose, month, np.uint64(identity), counter


def same_bits(mine, plain):
    """Equal in every bit, the sign of zero included; one NaN is like another."""
    both_undefined = math.isnan(mine) and math.isnan(plain)
    return both_undefined or (mine == plain and math.copysign(1.0, mine) == math.copysign(1.0, plain))


@pytest.mark.parametrize("name", ["exp", "log", "normal_quantile"])
@given(x=any_float)
def test_a_function_of_one_number_equals_its_twin_for_any_float(name, x):
    assert same_bits(getattr(arithmetic, name)(x), getattr(plain_arithmetic, name)(x))


@given(x=any_float, y=any_float)
def test_power_equals_its_twin_for_any_two_floats(x, y):
    assert same_bits(arithmetic.power(x, y), plain_arithmetic.power(x, y))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("exp", -746.0, 711.0),
        ("exp", -1.0, 1.0),
        ("log", 0.0, 4.0),
        ("log", 0.0, 1e300),
        ("normal_quantile", 0.0, 1.0),
    ],
)
def test_a_function_equals_its_twin_all_along_its_range(name, low, high):
    points = np.linspace(low, high, 3001)
    mine = [getattr(arithmetic, name)(float(x)) for x in points]
    assert all(same_bits(a, getattr(plain_arithmetic, name)(float(x))) for a, x in zip(mine, points, strict=True))


@given(x=st.floats(1e-6, 1e6), y=st.floats(-50.0, 50.0))
def test_power_equals_its_twin_over_the_range_the_model_uses(x, y):
    assert same_bits(arithmetic.power(x, y), plain_arithmetic.power(x, y))


@given(x=st.floats(5e-324, 1e308), near=st.floats(-800.0, 750.0))
def test_power_equals_its_twin_near_overflow_and_underflow(x, near):
    y = near / math.log(x) if math.log(x) else near
    assert same_bits(arithmetic.power(x, y), plain_arithmetic.power(x, y))


@given(x=st.floats(5e-324, 1e308), size=st.floats(-700.0, 700.0))
def test_an_ordinary_power_has_the_bits_of_any_power(x, size):
    y = size / math.log(x) if abs(math.log(x)) > 1e-3 else size
    assert same_bits(arithmetic.ordinary_power(x, y), plain_arithmetic.power(x, y))


def test_columns_of_arithmetic_equal_their_twins():
    x = np.linspace(0.001, 20.0, 200)
    assert arithmetic.exponentials(x).tolist() == plain_arithmetic.exponentials(x.tolist())
    assert arithmetic.logarithms(x).tolist() == plain_arithmetic.logarithms(x.tolist())
    shares = np.array([*np.linspace(-0.1, 1.1, 2500), 0.075, 0.925, 1e-300, 0.0, 1.0, np.nan])
    quantiles = np.array([plain_arithmetic.normal_quantile(share) for share in shares.tolist()])
    assert repr(arithmetic.normal_quantiles(shares).tolist()) == repr(quantiles.tolist())


@given(counter=st.tuples(words, words, words, words), key=st.tuples(words, words))
def test_philox_equals_its_twin(counter, key):
    mine = randomness.philox(tuple(map(np.uint64, counter)), tuple(map(np.uint64, key)))
    assert tuple(map(int, mine)) == plain_randomness.philox(counter, key)


@pytest.mark.parametrize("name", ["bits", "uniform", "normal"])
@given(address=addresses)
def test_a_draw_equals_its_twin(name, address):
    assert getattr(randomness, name)(*as_arguments(address)) == getattr(plain_randomness, name)(*address)


@given(address=addresses, shape=st.floats(0.01, 200.0))
def test_a_gamma_equals_its_twin(address, shape):
    assert randomness.gamma(*as_arguments(address), shape) == plain_randomness.gamma(*address, shape)


@given(address=addresses, alpha=st.lists(st.floats(0.001, 30.0), min_size=1, max_size=8))
def test_dirichlet_shares_equal_their_twin(address, alpha):
    key, purpose, month, identity, _ = as_arguments(address)
    mine = randomness.dirichlet(key, purpose, identity, np.array(alpha), len(alpha), month)
    assert mine.tolist() == plain_randomness.dirichlet(key, purpose, identity, alpha, len(alpha), month)


@given(a=longs, b=longs)
def test_combined_and_paired_identities_equal_their_twins(a, b):
    assert randomness.combine(np.uint64(a), np.uint64(b)) == plain_randomness.combine(a, b)
    assert randomness.pair_identity(np.uint64(a), np.uint64(b)) == plain_randomness.pair_identity(a, b)


@given(address=addresses, identities=st.lists(longs, max_size=20))
def test_columns_of_draws_and_orders_equal_their_twins(address, identities):
    key, purpose, month, _, counter = as_arguments(address)
    who = np.array(identities, np.uint64)
    for name in ("uniforms", "normals", "addressed_order"):
        mine = getattr(randomness, name)(key, purpose, month, who, counter)
        assert mine.tolist() == getattr(plain_randomness, name)(key, purpose, month, identities, counter)
    assert randomness.combined(who, who[::-1]).tolist() == plain_randomness.combined(identities, identities[::-1])


def test_an_order_breaks_equal_draws_by_identity():
    key, identities = randomness.stream_key(1, 0), np.array([7, 3, 7, 3], np.uint64)
    order = randomness.addressed_order(key, 40, 1, identities)
    chosen = identities[order].tolist()
    assert sum(a != b for a, b in pairwise(chosen)) == 1
    assert order.tolist() == plain_randomness.addressed_order(key, 40, 1, identities)
