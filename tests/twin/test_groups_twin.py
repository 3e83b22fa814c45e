import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.kernels import groups
from tests.reference import groups as plain


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
