import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.codes import Channel
from simulation.kernels import matching
from simulation.state import NOBODY
from tests.reference import matching as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case


@st.composite
def markets(draw):
    count, ends, brokers = draw(st.integers(0, 25)), draw(st.integers(2, 8)), draw(st.integers(1, 4))
    end, broker = st.integers(0, ends - 1), st.integers(NOBODY, brokers - 1)
    pair = st.tuples(end, end).filter(lambda rows: rows[0] != rows[1])
    pairs = np.array(draw(st.lists(pair, min_size=count, max_size=count)), np.int64).reshape(-1, 2)
    units = st.integers(0, 3)
    return (
        pairs[:, 0].copy(),
        pairs[:, 1].copy(),
        draw(arrays(np.float64, count, elements=st.sampled_from([0.0, 0.05, 0.1, 0.1 + 1e-17, 0.7]))),
        np.array(draw(st.permutations(range(count))), np.int64),
        draw(arrays(np.int64, ends, elements=units)),
        draw(arrays(np.int64, count, elements=broker)),
        draw(arrays(np.int64, count, elements=broker)),
        draw(arrays(np.bool_, count)),
        draw(arrays(np.int64, brokers, elements=units)),
        draw(arrays(np.int64, brokers, elements=units)),
        draw(st.sampled_from([-1.0, 0.0, 0.05, 0.1, 2.0])),
        draw(st.integers(0, 8)),
    )


@given(market=markets())
def test_edges_are_taken_as_by_the_twin_and_capacities_left_alone(market):
    before = [np.copy(column) for column in market]
    chosen = matching.match_in_order(*market)
    assert chosen.dtype == np.bool_
    assert chosen.tolist() == plain.match_in_order(*market)
    assert all((now == then).all() for now, then in zip(market, before, strict=True))


@given(data=st.data())
def test_the_twin_sees_the_same_room_for_an_edge_and_takes_the_same(data):
    units = [data.draw(arrays(np.int32, 3, elements=st.integers(0, 2))) for _ in range(3)]
    broker = st.integers(NOBODY, 2)
    ends = data.draw(st.sampled_from([(0, 1), (1, 2), (2, 0)]))
    question = (*ends, data.draw(broker), data.draw(broker), data.draw(st.booleans()), *units)
    there, _ = assert_equals_its_twin(matching.has_room, plain.has_room, *question)
    if there:
        assert_equals_its_twin(matching.take_room, plain.take_room, *question)


@every_case
def test_the_twin_charges_credits_and_counts_introductions_alike(case):
    drawn = Case(case)
    count, organisations, brokers, members, regions = drawn.size, 12, 4, 3, 3
    seeker = drawn.whole(np.int32, 0, organisations - 1, count)
    channel = drawn.one_of(np.int8, list(Channel), count)
    seeker_broker = drawn.rows(0, brokers, count)
    question = (
        seeker,
        ((seeker + drawn.whole(np.int32, 1, organisations - 1, count)) % organisations).astype(np.int32),
        np.where(channel == Channel.PARTNER, np.abs(seeker_broker), seeker_broker),
        drawn.rows(0, brokers, count),
        channel,
        drawn.yes(0.5, len(Channel)),
        drawn.whole(np.int16, 0, regions - 1, organisations),
        drawn.whole(np.int8, 0, 2, organisations),
        drawn.yes(0.5, regions * regions).reshape(regions, regions),
        drawn.whole(np.int32, 0, members - 1, brokers),
        drawn.whole(np.int16, 0, 1, members),
        drawn.identities(organisations),
        0.3,
        drawn.yes(0.2, organisations),
        np.zeros(brokers, np.int32),
        np.zeros(brokers, np.int32),
        drawn.floats(np.float64, 0.0, 2.0, members),
        np.zeros(count, np.uint64),
        np.zeros(count, np.int16),
    )
    assert_equals_its_twin(matching.record_introductions, plain.record_introductions, *question)
