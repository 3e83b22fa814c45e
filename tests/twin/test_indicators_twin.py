import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.codes import Status
from simulation.kernels import indicators
from tests.reference import indicators as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

MONTHS = st.sampled_from([-32768, -40, -1, 0, 1, 12, 59])
FRACTIONS = st.floats(0.0, 1.0, width=32)


@st.composite
def organisations(draw):
    count, regions, domains = draw(st.integers(0, 40)), draw(st.integers(1, 4)), draw(st.integers(1, 5))

    def column(values, dtype, size=count):
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=dtype)

    yes_no = st.booleans()
    return (
        column(st.integers(0, 3), np.int8),
        0,
        column(yes_no, np.bool_),
        column(yes_no, np.bool_),
        column(yes_no, np.bool_),
        column(st.integers(0, regions - 1), np.int16),
        column(MONTHS, np.int16),
        column(MONTHS, np.int16),
        column(st.integers(-1, 2), np.int32),
        column(MONTHS, np.int16),
        column(st.integers(0, 5), np.int16),
        column(st.floats(1.0, 250.0, width=32), np.float32),
        column(st.floats(-1.0, 1.0, width=32), np.float32),
        column(FRACTIONS, np.float32),
        column(FRACTIONS, np.float32, count * domains).reshape(count, domains),
        draw(st.integers(-35, 60)),
        np.zeros((regions + 1, 9), dtype=np.int64),
        np.zeros((regions + 2, 3 + domains)),
    )


@st.composite
def networks(draw):
    count = draw(st.integers(1, 90))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda ends: ends[0] < ends[1])
    ties = draw(st.lists(pair, unique=True, max_size=200)) if count > 1 else []
    ends = np.array(ties, dtype=np.int32).reshape(-1, 2)
    alive = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    sampled = np.flatnonzero(alive)[: draw(st.integers(0, 64))]
    return np.ascontiguousarray(ends[:, 0]), np.ascontiguousarray(ends[:, 1]), alive, sampled


@given(columns=organisations())
def test_firms_are_tallied_as_by_the_twin_to_the_last_bit(columns):
    assert_equals_its_twin(indicators.tally_firms, plain.tally_firms, *columns)


def agencies(drawn):
    instrument = drawn.whole(np.int8, -1, 1, drawn.size * 16).reshape(drawn.size, 16)
    return drawn.months(drawn.size, 7), drawn.whole(np.int16, 0, 2, drawn.size), instrument


@every_case
def test_agencies_that_learn_are_counted_as_by_the_twin(case):
    drawn = Case(case)
    assert_equals_its_twin(indicators.tally_agencies, plain.tally_agencies, *agencies(drawn))
    tables = (
        *agencies(drawn),
        drawn.floats(np.float64, 0.0, 1.0, drawn.size),
        *agencies(drawn),
        drawn.floats(np.float64, 0.0, 1.0, drawn.size),
        *agencies(drawn),
    )
    assert_equals_its_twin(indicators.tally_intermediaries, plain.tally_intermediaries, *tables)


@every_case
@given(network=networks())
def test_projects_money_and_ties_are_tallied_as_by_the_twin(case, network):
    drawn = Case(case)
    status, members = drawn.one_of(np.int8, list(Status), drawn.size), drawn.whole(np.int8, 1, 3, drawn.size)
    money = drawn.one_of(np.int64, [0, 7, 10**12], drawn.size)
    projects = (status, members, drawn.rows(0, 2, drawn.size).astype(np.int16), money)
    source, account = drawn.whole(np.int8, 0, 4, drawn.size), drawn.whole(np.int8, 0, 3, drawn.size)
    purses = (source, account, drawn.one_of(np.int64, [0, 1, 10**14], drawn.size))
    assert_equals_its_twin(indicators.tally_records, plain.tally_records, *projects, *purses, *network[:3])


@every_case
def test_partnerships_are_tallied_as_by_the_twin(case):
    drawn = Case(case)
    partnerships = (
        drawn.yes(0.5, drawn.size),
        drawn.months(drawn.size, 7),
        drawn.months(drawn.size, 7),
        drawn.whole(np.int16, 0, 9, drawn.size),
        drawn.yes(0.5, drawn.size),
        *(
            np.where(drawn.yes(0.5, drawn.size), drawn.floats(np.float64, 0.0, 1.0, drawn.size), np.nan)
            for _ in range(3)
        ),
    )
    members = drawn.yes(0.5, drawn.size), drawn.floats(np.float64, 0.0, 1.0, drawn.size)
    assert_equals_its_twin(indicators.tally_partnerships, plain.tally_partnerships, *members, *partnerships)


@given(word=st.integers(0, 2**64 - 1))
def test_ones_are_counted_as_by_the_twin(word):
    assert indicators.bits_set(np.uint64(word)) == plain.bits_set(word)


@pytest.mark.parametrize("measure", ["sum_path_lengths", "sum_clustering"])
@given(network=networks())
def test_a_network_is_measured_as_by_the_twin(measure, network):
    assert_equals_its_twin(getattr(indicators, measure), getattr(plain, measure), *network)


def large_network():
    """Rings with shortcuts, where every 29th is gone, and those who are left."""
    count = 300
    ring = np.arange(count)
    ends = np.sort([(row, (row + step) % count) for row in ring for step in (1, 2, 17)], axis=1).astype(np.int32)
    return ends[:, 0].copy(), ends[:, 1].copy(), ring % 29 != 0, np.flatnonzero(ring % 29 != 0)


def test_a_full_word_of_sources_is_followed_as_by_the_twin():
    *network, living = large_network()
    assert_equals_its_twin(indicators.sum_path_lengths, plain.sum_path_lengths, *network, living[:64])


@pytest.mark.parametrize("sampled", [64, 65, 200, 289])
def test_the_clustering_of_several_words_is_that_of_the_twin(sampled):
    *network, living = large_network()
    totals, _ = assert_equals_its_twin(indicators.sum_clustering, plain.sum_clustering, *network, living[:sampled])
    assert (totals > 0.0).all()
