import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import orders
from tests.reference import orders as plain

WEIGHTS = st.sampled_from([0.0, -0.0, 0.05, 0.3, -1.5, 5e-324, np.inf, -np.inf]) | st.floats(-2.0, 2.0)
ADDRESSES = st.sampled_from([0, 1, 2**11, 2**63, 2**64 - 1]) | st.integers(0, 2**64 - 1)


@given(keys=arrays(np.uint64, st.integers(0, 70), elements=ADDRESSES))
def test_keys_are_put_in_the_order_of_the_twin(keys):
    order = orders.rising_order(keys)
    assert order.dtype == np.int64
    assert order.tolist() == plain.rising_order(keys)


@given(data=st.data(), count=st.integers(0, 50))
def test_edges_are_put_in_the_order_of_the_twin_whatever_is_equal(data, count):
    weights = data.draw(arrays(np.float64, count, elements=WEIGHTS))
    addresses = data.draw(arrays(np.uint64, count, elements=ADDRESSES))
    order = orders.decreasing_order(weights, addresses)
    assert order.dtype == np.int64
    assert order.tolist() == plain.decreasing_order(weights, addresses)


def test_long_runs_of_equal_weights_and_of_equal_edges_are_put_in_the_order_of_the_twin():
    count = 600
    weights = np.arange(count) % 3 / 4.0
    addresses = (np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)
    for keys in (addresses, addresses % np.uint64(5), np.zeros(count, np.uint64)):
        assert orders.decreasing_order(weights, keys).tolist() == plain.decreasing_order(weights, keys)
        assert orders.rising_order(keys).tolist() == plain.rising_order(keys)
