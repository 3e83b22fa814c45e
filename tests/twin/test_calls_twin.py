import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.codes import PartnersFrom
from simulation.kernels import calls
from simulation.state import NOBODY
from tests.reference import calls as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
ORGANISATIONS = 8


@st.composite
def applicants(draw):
    """Rows of single applicants and of pairs."""
    row = st.integers(0, ORGANISATIONS - 1)
    pair = st.tuples(row, row | st.just(NOBODY)).filter(lambda ends: ends[0] != ends[1])
    ends = np.array(draw(st.lists(pair, max_size=15)), np.int32).reshape(-1, 2)
    return ends[:, 0].copy(), ends[:, 1].copy()


@given(
    data=st.data(),
    key=KEYS,
    call=KEYS,
    months_open=st.integers(1, 4),
    probability=st.sampled_from([0.0, 0.3, 0.6, 1.0]),
    who=applicants(),
    partners_from=st.sampled_from(PartnersFrom),
    two_sectors=st.booleans(),
)
def test_the_twin_lets_the_same_apply_in_every_month_of_a_call(
    data, key, call, months_open, probability, who, partners_from, two_sectors
):
    identity = data.draw(arrays(np.uint64, ORGANISATIONS))
    eligible = data.draw(arrays(np.bool_, ORGANISATIONS))
    region = data.draw(arrays(np.int16, ORGANISATIONS, elements=st.integers(0, 2)))
    country = np.array([0, 0, 1], np.int16)[region]
    sector = data.draw(arrays(np.int16, ORGANISATIONS, elements=st.integers(0, 1)))
    for month in range(months_open):
        question = (
            key,
            call,
            months_open,
            month,
            probability,
            *who,
            identity,
            eligible,
            region,
            country,
            sector,
            int(partners_from),
            two_sectors,
        )
        applied = calls.draw_applications(*question)
        assert applied.dtype == np.int64
        assert applied.tolist() == plain.draw_applications(*question)


def test_of_thousands_the_same_apply_as_by_the_twin():
    case, count = Case(0), 2500
    rows = np.arange(count, dtype=np.int32)
    partner = np.where(rows % 3 == 0, NOBODY, (rows * 7 + 1) % count).astype(np.int32)
    region, sector = (case.whole(np.int16, 0, last, count) for last in (2, 1))
    who = (rows, partner, case.identities(count), case.yes(0.7, count), region, region // 2, sector)
    question = (case.key, np.uint64(5), 3, 1, 0.6, *who, int(PartnersFrom.ONE_COUNTRY), True)
    applied = calls.draw_applications(*question).tolist()
    assert len(applied) > 100
    assert applied == plain.draw_applications(*question)


@every_case
@pytest.mark.parametrize("smes_only", [False, True])
def test_the_same_are_eligible_as_by_the_twin(case, smes_only):
    drawn = Case(case)
    question = (
        *(drawn.yes(0.8, drawn.size), drawn.rows(0, 3, drawn.size), drawn.one_of(np.int8, [0, 0, 1], drawn.size)),
        *(drawn.one_of(np.int64, [0, 5, 10**9, -1], drawn.size), drawn.whole(np.int16, 0, 2, drawn.size)),
        *(drawn.whole(np.int16, 0, 1, drawn.size), drawn.one_of(np.int8, [0, 0, 1, 2], drawn.size)),
        *(np.array([True, True, False]), np.array([True, bool(case % 2)]), smes_only),
    )
    assert_equals_its_twin(calls.find_eligible, plain.find_eligible, *question)


ONE_REGION, ONE_COUNTRY, TWO_COUNTRIES, SINGLE = range(4)
WHO_APPLIES = {
    PartnersFrom.ANYWHERE: [ONE_REGION, ONE_COUNTRY, TWO_COUNTRIES, SINGLE],
    PartnersFrom.ONE_REGION: [ONE_REGION, SINGLE],
    PartnersFrom.ONE_COUNTRY: [ONE_REGION, ONE_COUNTRY, SINGLE],
    PartnersFrom.TWO_COUNTRIES: [TWO_COUNTRIES, SINGLE],
}


@pytest.mark.parametrize("partners_from", PartnersFrom)
def test_pairs_that_sit_where_a_call_does_not_want_them_are_left_out_as_by_the_twin(partners_from):
    first, second = np.array([0, 0, 0, 3], np.int32), np.array([1, 2, 3, NOBODY], np.int32)
    region, country = np.array([0, 0, 1, 2], np.int16), np.array([0, 0, 0, 1], np.int16)
    sector = np.zeros(4, np.int16)
    who = (first, second, np.arange(4, dtype=np.uint64), np.ones(4, np.bool_), region, country, sector)
    question = (np.uint64(1), np.uint64(2), 1, 0, 1.0, *who, int(partners_from), False)
    applied = calls.draw_applications(*question).tolist()
    assert applied == plain.draw_applications(*question) == WHO_APPLIES[partners_from]


@given(
    data=st.data(),
    who=applicants(),
    least=st.integers(0, 5),
    largest=st.integers(0, 9),
    alone=st.booleans(),
    purses=st.integers(1, 3),
)
def test_grants_and_what_they_leave_equal_the_twin_to_the_cent(data, who, least, largest, alone, purses):
    order = np.array(data.draw(st.permutations(range(len(who[0])))), np.int64)
    side_of = data.draw(arrays(np.int64, ORGANISATIONS, elements=st.integers(0, purses - 1)))
    left = data.draw(arrays(np.int64, purses, elements=st.integers(0, 20)))
    room = data.draw(arrays(np.int64, ORGANISATIONS, elements=st.sampled_from([1, 1, 0, 2])))
    left_to_twin, room_to_twin = left.copy(), room.copy()
    rules = (least, largest, alone)
    grants = calls.fund_in_order(order, *who, side_of, left, *rules, room)
    assert grants.dtype == np.int64
    assert grants.tolist() == plain.fund_in_order(order, *who, side_of, left_to_twin, *rules, room_to_twin)
    assert left.tolist() == left_to_twin.tolist()
    assert room.tolist() == room_to_twin.tolist()


@given(data=st.data(), who=applicants())
def test_the_same_refused_ones_begin_anyway_as_by_the_twin(data, who):
    order = np.array(data.draw(st.permutations(range(len(who[0])))), np.int64)
    willing = data.draw(arrays(np.bool_, len(order)))
    room = data.draw(arrays(np.int64, ORGANISATIONS, elements=st.integers(0, 2)))
    room_to_twin = room.copy()
    begins = calls.begin_anyway(order, *who, willing, room)
    assert begins.tolist() == plain.begin_anyway(order, *who, willing, room_to_twin)
    assert room.tolist() == room_to_twin.tolist()


def test_an_empty_purse_on_one_side_is_treated_as_by_the_twin():
    first, second = np.array([0, 2], np.int32), np.array([1, 3], np.int32)
    for paying in ([9, 0], [0, 9], [9, 1], [1, 9]):
        mine, theirs = np.array(paying), np.array(paying)
        sides = np.array([0, 1, 1, 0])
        question = (np.arange(2), first, second, sides)
        grants = calls.fund_in_order(*question, mine, 0, 5, False, np.ones(4, np.int64))
        assert grants.tolist() == plain.fund_in_order(*question, theirs, 0, 5, False, np.ones(4, np.int64))
        assert mine.tolist() == theirs.tolist()
