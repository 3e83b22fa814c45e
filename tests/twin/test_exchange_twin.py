import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.codes import Status
from simulation.kernels import exchange
from tests.reference import exchange as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
MONTHS = st.integers(0, 500)
SHARES = st.floats(0.0, 1.0)


@st.composite
def networks_with_levels(draw, dtype):
    agents, domains = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    node = st.integers(0, agents - 1)
    pair = st.tuples(node, node).filter(lambda ends: ends[0] != ends[1])
    listed = draw(st.lists(pair, max_size=10)) if agents > 1 else []
    ends = np.array(listed, np.int64).reshape(-1, 2)
    levels = st.sampled_from([0.0, 0.25, 1.0]) | st.floats(0.0, 1.0, width=32)
    return draw(arrays(dtype, (agents, domains), elements=levels)), ends[:, 0].copy(), ends[:, 1].copy()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(data=st.data(), key=KEYS, month=MONTHS, rate=SHARES, threshold=st.sampled_from([0.0, 0.1, 1.0]))
def test_a_sweep_of_barter_equals_its_twin_to_the_last_bit(dtype, data, key, month, rate, threshold):
    levels, first, second = data.draw(networks_with_levels(dtype))
    identities = data.draw(arrays(np.uint64, len(first)))
    order = np.array(data.draw(st.permutations(range(len(first)))), np.int64)
    mine, theirs = levels.copy(), levels.copy()
    arguments = (first, second, identities, order, rate, threshold)
    swaps = exchange.barter_sweep(key, month, mine, *arguments)
    assert swaps == plain.barter_sweep(key, month, theirs, *arguments)
    assert mine.tobytes() == theirs.tobytes()


@given(data=st.data(), key=KEYS, month=MONTHS, identity=st.integers(0, 2**64 - 1).map(np.uint64))
def test_the_drawn_domains_come_to_the_front_as_in_the_twin(data, key, month, identity):
    domains = np.array(data.draw(st.lists(st.integers(0, 30), max_size=9, unique=True)), np.int64)
    count = data.draw(st.integers(0, len(domains)))
    wanted = data.draw(st.integers(0, count))
    mine, theirs = domains.copy(), domains.copy()
    exchange.draw_to_front(key, month, identity, mine, count, wanted)
    plain.draw_to_front(key, month, identity, theirs, count, wanted)
    assert mine.tolist() == theirs.tolist()


@pytest.mark.parametrize("wanted", range(9))
def test_each_number_of_drawn_domains_comes_to_the_front_as_in_the_twin(wanted):
    mine, theirs = np.arange(10, 18), np.arange(10, 18)
    exchange.draw_to_front(np.uint64(1), 4, np.uint64(6), mine, 8, wanted)
    plain.draw_to_front(np.uint64(1), 4, np.uint64(6), theirs, 8, wanted)
    assert mine.tolist() == theirs.tolist()
    assert (mine.tolist() == list(range(10, 18))) == (wanted in (0, 8))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(data=st.data(), rate=SHARES)
def test_a_transfer_equals_its_twin_to_the_last_bit(dtype, data, rate):
    levels, first, second = data.draw(networks_with_levels(dtype))
    capacity = data.draw(arrays(dtype, len(levels), elements=st.floats(0.0, 1.5, width=32)))
    mine, theirs = levels.copy(), levels.copy()
    change = exchange.transfer(mine, first, second, capacity, rate)
    assert change == plain.transfer(theirs, first, second, capacity, rate)
    assert mine.tobytes() == theirs.tobytes()


@every_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_two_without_other_ties_learn_as_by_the_twin(dtype, case):
    drawn = Case(case)
    levels = drawn.floats(dtype, 0.0, 1.0, 2 * drawn.size).reshape(2, drawn.size)
    question = (levels, 1, 0, drawn.floats(dtype, 0.0, 1.5, 2), drawn.choice([0.0, 0.1, 1.0]), np.zeros(drawn.size))
    assert_equals_its_twin(exchange.teach_each_other, plain.teach_each_other, *question)


@every_case
def test_the_pairs_of_partners_are_those_of_the_twin(case):
    drawn = Case(case)
    members, member_count = drawn.teams(12, drawn.size)
    status = drawn.one_of(np.int8, [Status.RUNNING, Status.RUNNING, Status.FAILED], len(members))
    assert_equals_its_twin(exchange.pairs_of_partners, plain.pairs_of_partners, status, members, member_count)
