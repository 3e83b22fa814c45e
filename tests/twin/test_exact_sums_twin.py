import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.kernels import exact_sums
from tests.reference import exact_sums as plain
from tests.twin.cases import assert_equals_its_twin

NUMBERS = st.floats(-1e300, 1e300) | st.sampled_from([1.0, -1.0, 2.0**-53, -(2.0**-53), 2.0**-106, 0.1, 1e16, 0.0])


@pytest.mark.parametrize("name", ["exact_sum", "exact_mean", "known_mean"])
@given(numbers=st.lists(NUMBERS, max_size=60))
def test_sums_are_rounded_once_as_by_the_twin(name, numbers):
    values = np.array(numbers, dtype=np.float64) / 64.0
    assert_equals_its_twin(getattr(exact_sums, name), getattr(plain, name), values)


@given(numbers=st.lists(NUMBERS | st.just(math.nan), max_size=20))
def test_a_mean_of_what_is_known_leaves_the_unknown_out_as_the_twin_does(numbers):
    values = np.array(numbers, dtype=np.float64) / 64.0
    assert_equals_its_twin(exact_sums.known_mean, plain.known_mean, values)
