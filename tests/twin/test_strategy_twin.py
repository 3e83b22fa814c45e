import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import strategy
from simulation.state import NOBODY
from tests.reference import strategy as plain
from tests.twin.cases import assert_equals_its_twin

ORGANISATIONS, DOMAINS = 6, 4
LEVELS = arrays(np.float32, (ORGANISATIONS, DOMAINS), elements=st.floats(0.0, 1.0, width=32))
OBJECTIVES = arrays(np.float64, DOMAINS, elements=st.floats(0.0, 1.0))


@given(levels=LEVELS, objective=OBJECTIVES)
def test_fit_to_an_objective_equals_the_twin_to_the_last_bit(levels, objective):
    assert strategy.fit_to_objective(levels[0], objective) == plain.fit_to_objective(levels[0], objective)


@given(data=st.data(), levels=LEVELS, objective=OBJECTIVES, count=st.integers(0, 8))
def test_fit_of_applications_equals_the_twin_to_the_last_bit(data, levels, objective, count):
    first = data.draw(arrays(np.int32, count, elements=st.integers(0, ORGANISATIONS - 1)))
    second = data.draw(arrays(np.int32, count, elements=st.integers(NOBODY, ORGANISATIONS - 1)))
    fits = strategy.fit_of_applications(first, second, levels, objective)
    assert fits.tolist() == plain.fit_of_applications(first, second, levels, objective)


@given(data=st.data(), levels=LEVELS, count=st.integers(0, 8))
def test_the_surplus_seen_by_domain_is_the_twins_to_the_last_bit(data, levels, count):
    seeker, other = (data.draw(arrays(np.int32, count, elements=st.integers(0, ORGANISATIONS - 1))) for _ in range(2))
    surplus = data.draw(arrays(np.float32, count, elements=st.floats(0.0, 1.0, width=32)))
    region = np.array([0, 1, 1, 0, 2, 2], dtype=np.int16)
    question = (seeker, other, surplus, np.float32(0.25), region, levels, np.zeros((3, DOMAINS)))
    assert_equals_its_twin(strategy.see_surplus_by_domain, plain.see_surplus_by_domain, *question)
