"""The rows of a stored table: once each, in an order that does not depend on when they were written."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.result_tables import KEYS, SORTED_BY

__all__ = ["RUN", "belong_to", "of_runs", "once_in_order", "repeats_a_key", "runs_of"]

RUN = ("scenario", "run_id")
"""What a run is known by."""


def once_in_order(name: str, rows: pa.Table) -> pa.Table:
    """Return the rows of a table sorted, the last of every key.

    Parameters
    ----------
    name : str
        The table.
    rows : pyarrow.Table
        At least the columns by which a row is known and sorted, oldest first.
    """
    if stands_once_in_order(name, rows):
        return rows
    keys = rows.select(SORTED_BY[name]).append_column("row", pa.array(np.arange(rows.num_rows)))
    order = pc.sort_indices(keys, sort_keys=[(column, "ascending") for column in keys.column_names])
    changes = _changes(keys.select(KEYS[name]).take(order))
    last = pa.array(np.append(changes[1:], True))
    return rows.take(order.filter(last))


def stands_once_in_order(name: str, rows: pa.Table) -> bool:
    """Whether rows are sorted and hold every key once."""
    before, after = rows.slice(0, max(rows.num_rows - 1, 0)), rows.slice(1)
    rises, equal = np.zeros(before.num_rows, bool), np.ones(before.num_rows, bool)
    for column in SORTED_BY[name]:
        rises |= equal & pc.less(before[column], after[column]).to_numpy()
        equal &= pc.equal(before[column], after[column]).to_numpy()
        if not (rises | equal).all():
            return False
    return bool(rises.all())


def repeats_a_key(name: str, rows: pa.Table) -> bool:
    """Whether a key stands in several rows."""
    keys = list(KEYS[name])
    return not stands_once_in_order(name, rows) and rows.group_by(keys).aggregate([]).num_rows < rows.num_rows


def runs_of(rows: pa.Table) -> pa.Table:
    """Return (scenario, run_id) of the runs that rows belong to, once each."""
    keys = rows.select(RUN)
    return keys.filter(pa.array(_changes(keys))).group_by(list(RUN), use_threads=False).aggregate([])


def belong_to(rows: pa.Table, runs: pa.Table) -> np.ndarray:
    """Say of every row whether its run is one of some runs: (rows,) bool."""
    found = np.zeros(rows.num_rows, bool)
    for scenario in pc.unique(runs["scenario"]).to_pylist():
        wanted = runs.filter(pc.equal(runs["scenario"], scenario))["run_id"].combine_chunks()
        own = pc.and_(pc.equal(rows["scenario"], scenario), pc.is_in(rows["run_id"], value_set=wanted))
        found |= own.to_numpy()
    return found


def of_runs(rows: pa.Table, runs: pa.Table) -> pa.Table:
    """Return the rows that belong to some runs."""
    return rows.filter(pa.array(belong_to(rows, runs)))


def _changes(keys: pa.Table) -> np.ndarray:
    """Say of every row whether it differs from the one before it."""
    changes = np.zeros(keys.num_rows, bool)
    changes[:1] = True
    for column in keys.columns:
        changes[1:] |= pc.not_equal(column.slice(1), column.slice(0, max(len(column) - 1, 0))).to_numpy()
    return changes
