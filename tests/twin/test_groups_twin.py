import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.kernels import groups
from tests.reference import groups as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case


@given(rows=st.lists(st.tuples(st.integers(-1, 4), st.booleans()), max_size=30))
def test_rows_are_grouped_as_by_the_twin(rows):
    group = np.array([place for place, _ in rows], np.int32)
    counted = np.array([counts for _, counts in rows], np.bool_)
    offsets, sorted_rows = groups.rows_by_group(group, counted, 5)
    assert (offsets.dtype, sorted_rows.dtype) == (np.int64, np.int32)
    assert (offsets.tolist(), sorted_rows.tolist()) == plain.rows_by_group(group, counted, 5)


def test_no_groups_and_no_rows_give_empty_lists_as_by_the_twin():
    group, counted = np.full(3, -1, np.int32), np.ones(3, np.bool_)
    for size in (0, 3):
        offsets, rows = groups.rows_by_group(group[:size], counted[:size], 0)
        assert (offsets.tolist(), rows.tolist()) == plain.rows_by_group(group[:size], counted[:size], 0)


@every_case
def test_members_of_groups_learn_what_those_of_the_twin_learn(case):
    drawn = Case(case)
    group, meeting = drawn.rows(0, 4, drawn.size), drawn.yes(0.8, drawn.size)
    offsets, rows = plain.rows_by_group(group, meeting, 4)
    question = (
        np.array(offsets, np.int64),
        np.array(rows, np.int32),
        drawn.floats(np.float32, 0.0, 1.0, drawn.size),
        drawn.floats(np.float32, 0.0, 1.0, drawn.size * 3).reshape(-1, 3),
        drawn.choice([0.01, 0.3, 1.0]),
    )
    assert_equals_its_twin(groups.learn_in_groups, plain.learn_in_groups, *question)
