import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import instruments
from tests.reference import instruments as plain

BELIEFS = st.integers(-1, 1)


@given(data=st.data(), key=st.integers(0, 2**64 - 1).map(np.uint64), month=st.integers(0, 500))
def test_instruments_take_over_what_the_twin_says(data, key, month):
    owners, dimensions = data.draw(st.integers(0, 5)), data.draw(st.integers(1, 6))
    identities = data.draw(arrays(np.uint64, owners))
    held, beliefs = (data.draw(arrays(np.int8, (owners, dimensions), elements=BELIEFS)) for _ in range(2))
    learned = data.draw(arrays(np.bool_, (owners, dimensions)))
    probability = data.draw(st.sampled_from([0.0, 0.3, 0.5, 1.0]))
    before = held.copy()
    mine = instruments.take_into_instruments(key, month, identities, held, beliefs, learned, probability)
    assert mine.dtype == np.int8
    assert mine.tolist() == plain.take_into_instruments(key, month, identities, held, beliefs, learned, probability)
    assert (held == before).all()
