import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.kernels import sums
from tests.reference import sums as plain
from tests.twin.cases import Case, assert_equals_its_twin

NUMBERS = st.floats(-1e300, 1e300) | st.sampled_from([1.0, -1.0, 2.0**-53, -(2.0**-53), 2.0**-106, 0.1, 1e16, 0.0])


@pytest.mark.parametrize("name", ["exact_sum", "exact_mean", "known_mean"])
@given(numbers=st.lists(NUMBERS, max_size=60))
def test_sums_are_rounded_once_as_by_the_twin(name, numbers):
    values = np.array(numbers, dtype=np.float64) / 64.0
    assert_equals_its_twin(getattr(sums, name), getattr(plain, name), values)


@given(numbers=st.lists(NUMBERS | st.just(math.nan), max_size=20))
def test_a_mean_of_what_is_known_leaves_the_unknown_out_as_the_twin_does(numbers):
    values = np.array(numbers, dtype=np.float64) / 64.0
    assert_equals_its_twin(sums.known_mean, plain.known_mean, values)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 64, 127, 128, 129, 136, 144, 255, 300, 1000, 2049])
def test_sums_are_rounded_on_the_way_as_numpy_does(count):
    drawn = Case(count)
    values = drawn.floats(np.float64, -1.0, 1.0, count) * 10.0 ** drawn.whole(np.int64, -9, 9, count)
    assert_equals_its_twin(sums.pairwise_sum, plain.pairwise_sum, values)
