import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import learning
from tests.reference import learning as plain

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
LEVELS = st.floats(0.0, 1.0, width=32)


@given(
    data=st.data(),
    count=st.integers(0, 8),
    domains=st.integers(1, 6),
    rate=st.floats(0, 1),
    fading=st.floats(0, 1),
)
def test_research_and_fading_change_levels_as_the_twin_does_to_the_last_bit(data, count, domains, rate, fading):
    knowledge = data.draw(arrays(np.float32, (count, domains), elements=LEVELS))
    columns = (
        data.draw(KEYS),
        data.draw(st.integers(0, 120)),
        data.draw(arrays(np.uint64, count)),
        data.draw(arrays(np.bool_, count)),
        data.draw(arrays(np.int16, count, elements=st.integers(0, 2))),
        data.draw(arrays(np.bool_, (3, domains))),
    )
    mine, theirs = knowledge.copy(), knowledge.copy()
    learning.research_and_fade(*columns, mine, rate, fading)
    plain.research_and_fade(*columns, theirs, rate, fading)
    assert mine.tobytes() == theirs.tobytes()


def test_a_sector_without_core_domains_only_forgets():
    knowledge = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    one = (np.uint64(7), 3, np.arange(3, dtype=np.uint64), np.ones(3, np.bool_), np.zeros(3, np.int16))
    mine, theirs = knowledge.copy(), knowledge.copy()
    learning.research_and_fade(*one, np.zeros((1, 4), np.bool_), mine, 0.9, 0.25)
    plain.research_and_fade(*one, np.zeros((1, 4), np.bool_), theirs, 0.9, 0.25)
    assert mine.tobytes() == theirs.tobytes() == (knowledge * np.float32(0.75)).tobytes()
