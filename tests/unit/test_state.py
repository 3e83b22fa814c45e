"""Tables: rows come and go, and a row that is used again begins at its empty values."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from simulation.state import CACHE_LINE, NEVER, Column, Schema, Table

SCHEMA = Schema(
    "visits",
    "a visit",
    (
        Column("guest", "i4", "row", "Guest"),
        Column("month", "i2", "month", "Month", empty=NEVER),
        Column("share", "f8", "1", "Share", (3,), empty=float("nan")),
    ),
)


def some_visits(rows: int = 3) -> Table:
    table = Table(SCHEMA)
    table.append(rows, guest=np.arange(rows), month=7, share=0.5)
    return table


def test_columns_that_are_not_given_are_empty():
    table = Table(SCHEMA)
    assert table.append(2, guest=[4, 5]) == slice(0, 2)
    assert table.guest.tolist() == [4, 5]
    assert table.month.tolist() == [NEVER, NEVER]
    assert np.isnan(table.share).all()


@pytest.mark.parametrize(
    "rows",
    [1, 3, 40, 400],
    ids=["some used before", "all used before", "more than ever", "more than there is room for"],
)
def test_rows_that_were_used_before_are_empty_again(rows):
    table = some_visits()
    table.clear()
    table.append(rows, guest=9)
    assert table.guest.tolist() == [9] * rows
    assert table.month.tolist() == [NEVER] * rows
    assert np.isnan(table.share).all()


def test_rows_after_a_lower_count_are_empty_again():
    table = some_visits()
    table.count = 1
    table.append(3)
    assert table.guest.tolist() == [0, 0, 0, 0]
    assert table.month.tolist() == [7, NEVER, NEVER, NEVER]


@pytest.mark.parametrize("rows", [0, 2, 3, 400])
def test_a_table_that_is_filled_anew_forgets_its_rows(rows):
    table = some_visits()
    table.refill(rows)
    table.guest[:] = np.arange(rows)[::-1]
    assert len(table) == rows
    assert table.guest.tolist() == list(range(rows))[::-1]
    table.append(1)
    assert table.month.tolist()[-1] == NEVER


@pytest.mark.parametrize("before", [0, 1, 2, 9])
def test_rows_of_another_table_are_copied_whole_in_the_order_asked_for(before):
    source, table = some_visits(4), some_visits(before)
    source.share[2, 1] = 0.125
    table.take(source, np.array([2, 0]))
    assert table.guest.tolist() == [2, 0]
    assert table.share.tolist() == [[0.5, 0.125, 0.5], [0.5] * 3]


def test_keeping_some_rows_keeps_their_order():
    table = some_visits(4)
    table.keep(np.array([False, True, False, True]))
    assert table.guest.tolist() == [1, 3]
    table.append(1)
    assert table.guest.tolist() == [1, 3, 0]
    assert table.month.tolist() == [7, 7, NEVER]


def test_a_view_is_the_same_until_the_number_of_rows_changes():
    table = some_visits()
    before = table.guest
    assert table.guest is before
    table.append(1)
    assert len(before) == 3
    assert len(table.guest) == 4
    table.clear()
    assert len(table.guest) == 0


def test_views_show_the_rows_after_growth():
    table = some_visits()
    assert table.share.shape == (3, 3)
    table.append(1000, share=0.25)
    assert table.share.shape == (1003, 3)
    assert table.share[[2, 3, 1002], 0].tolist() == [0.5, 0.25, 0.25]
    table.share[1002] = 1.0
    assert table.storage["share"][1002].tolist() == [1.0, 1.0, 1.0]


def test_columns_begin_at_a_line_of_the_cache():
    table = some_visits(5)
    assert all(cells.ctypes.data % CACHE_LINE == 0 for cells in table.storage.values())


def test_a_copy_through_pickle_goes_on_by_itself():
    table = some_visits()
    assert len(table.guest) == 3
    copy = pickle.loads(pickle.dumps(table))
    copy.append(1, guest=8)
    copy.guest[0] = 6
    assert copy.guest.tolist() == [6, 1, 2, 8]
    assert copy.storage["guest"][0] == 6
    assert table.guest.tolist() == [0, 1, 2]


def test_no_column_of_this_name():
    with pytest.raises(AttributeError, match="table visits has no column 'host'"):
        _ = some_visits().host
