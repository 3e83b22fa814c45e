import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from simulation.arithmetic import (
    exp,
    exponentials,
    log,
    logarithms,
    normal_quantile,
    power,
)

LARGEST = math.nextafter(math.inf, 0.0)
SMALLEST = 5e-324


def error_in_ulp(got, exact):
    with localcontext(prec=60):
        return float(abs(Decimal(got) - exact) / Decimal(math.ulp(float(exact))))


def exact_exp(x):
    with localcontext(prec=60, Emin=-999999, Emax=999999):
        return Decimal(x).exp()


def exact_log(x):
    with localcontext(prec=60):
        return Decimal(x).ln()


def exact_power(x, y):
    with localcontext(prec=60, Emin=-999999, Emax=999999):
        return (Decimal(x).ln() * Decimal(y)).exp()


@given(x=st.floats(-745.0, 709.7))
def test_exp_is_within_one_ulp(x):
    assert error_in_ulp(exp(x), exact_exp(x)) < 1.0


def test_exp_is_within_one_ulp_all_along_the_range_the_model_uses():
    assert max(error_in_ulp(exp(float(x)), exact_exp(float(x))) for x in np.linspace(-40.0, 40.0, 2003)) < 1.0


@given(x=st.floats(SMALLEST, LARGEST, exclude_min=False))
def test_log_is_within_one_ulp(x):
    assert error_in_ulp(log(x), exact_log(x)) < 1.0 or x == 1.0


def test_log_is_within_one_ulp_around_1_and_at_the_seams_of_the_mantissa():
    around = [1.0 + k * 2.0**-j for j in range(2, 52, 3) for k in (-1, 1)]
    seams = [math.sqrt(0.5) * (1 + k * 2.0**-52) * 2.0**e for k in range(-3, 4) for e in (-1, 0, 1)]
    spread = np.linspace(0.4, 2.9, 1501).tolist()
    assert max(error_in_ulp(log(x), exact_log(x)) for x in around + seams + spread) < 1.0


@given(x=st.floats(1e-6, 1e6), y=st.floats(-50.0, 50.0))
def test_power_is_within_one_ulp_over_the_range_the_model_uses(x, y):
    assert error_in_ulp(power(x, y), exact_power(x, y)) < 1.0


@given(x=st.floats(1e-300, 1e300), share=st.floats(-1.0, 1.0))
def test_power_is_within_one_ulp_up_to_overflow(x, share):
    y = 700.0 * share / math.log(x) if x != 1.0 else share
    assert error_in_ulp(power(x, y), exact_power(x, y)) < 1.0


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0.0, 1.0), (-0.0, 1.0), (710.0, math.inf), (math.inf, math.inf), (-746.0, 0.0), (-math.inf, 0.0)],
)
def test_exp_at_and_beyond_its_bounds(x, expected):
    assert exp(x) == expected


def test_exp_reaches_the_largest_and_the_smallest_float():
    assert LARGEST * 0.9999999 < exp(709.782712893384) < math.inf
    assert exp(-745.133219101941) == SMALLEST
    assert math.isnan(exp(math.nan))


def test_log_at_and_beyond_its_bounds():
    assert log(1.0) == 0.0
    assert log(0.0) == log(-0.0) == -math.inf
    assert log(math.inf) == math.inf
    assert math.isnan(log(-1.0))
    assert math.isnan(log(-math.inf))
    assert math.isnan(log(math.nan))
    assert log(SMALLEST) == pytest.approx(-744.4400719213812, rel=1e-15)


def power_of_the_c_library(x, y):
    """The C library's pow, whose errors Python raises."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return math.copysign(math.inf, x) if y % 2.0 == 1.0 else math.inf
    except ValueError:
        if x != 0.0:
            return math.nan
        return math.copysign(math.inf, x) if y % 2.0 == 1.0 else math.inf


SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -2.0,
    3.0,
    -3.0,
    2.0**53 + 2,
    1e300,
    -1e300,
    math.inf,
    -math.inf,
    math.nan,
]


@pytest.mark.parametrize("x", SPECIAL)
@pytest.mark.parametrize("y", SPECIAL)
def test_power_has_the_special_cases_of_ieee_754(x, y):
    expected = power_of_the_c_library(x, y)
    got = power(x, y)
    assert got == pytest.approx(expected, rel=2.3e-16, abs=0.0, nan_ok=True)
    assert math.isnan(got) or math.copysign(1.0, got) == math.copysign(1.0, expected)


def test_whole_powers_of_two_are_exact():
    assert all(power(2.0, float(n)) == math.ldexp(1.0, n) for n in range(-1074, 1024, 7))


def test_the_normal_quantile_agrees_with_scipy():
    shares = np.concatenate(
        [10.0 ** np.linspace(-300, -2, 200), np.linspace(0.01, 0.99, 201), 1 - 10.0 ** np.arange(-15.0, -2)]
    )
    got = [normal_quantile(float(share)) for share in shares]
    np.testing.assert_allclose(got, ndtri(shares), rtol=2e-15, atol=1e-16)


def test_the_normal_quantile_at_and_beyond_its_bounds():
    assert (normal_quantile(0.0), normal_quantile(0.5), normal_quantile(1.0)) == (-math.inf, 0.0, math.inf)
    assert math.isnan(normal_quantile(-0.1))
    assert math.isnan(normal_quantile(1.1))
    assert math.isnan(normal_quantile(math.nan))


def test_a_column_holds_the_same_bits_as_its_single_numbers():
    x = np.linspace(0.01, 5.0, 101)
    assert exponentials(x).tolist() == [exp(value) for value in x.tolist()]
    assert logarithms(x).tolist() == [log(value) for value in x.tolist()]
