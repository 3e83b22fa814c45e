"""The columns of stored results, and how outcomes become rows of them.

What is undefined is null. Counts are whole numbers. No column but ``wall_seconds`` depends on where,
when or in how many pieces a run was computed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.runner import Columns, FailedRun, FinishedRun, Outcome, Series
from experiments.specification import HORIZONS, RunSpecification
from simulation.indicator_definitions import (
    FLOW_INDICATORS,
    INDICATORS,
    NETWORK_COLUMNS,
    REGIONAL_INDICATORS,
    Indicator,
    ResultColumn,
)

__all__ = ["KEYS", "OF_A_RUN", "SORTED_BY", "empty_table", "is_whole", "repeated", "series_table", "tables_of"]

KEYS: dict[str, tuple[str, ...]] = {
    "runs": ("scenario", "run_id"),
    "series": ("scenario", "run_id", "month"),
    "horizons": ("scenario", "run_id", "horizon"),
    "regions": ("scenario", "run_id", "month", "region"),
    "flows": ("scenario", "run_id", "month", "region", "other_region"),
    "network": ("scenario", "run_id", "month", "first", "second"),
    "failures": ("scenario", "run_id"),
}
"""What a row of each table is known by."""

SORTED_BY: dict[str, tuple[str, ...]] = {
    name: ("scenario", "replicate", *(column for column in key if column != "scenario")) for name, key in KEYS.items()
}

FRACTIONAL_UNITS = {"1", "keur", "keur / innovation", "full-time employee"}
FRACTIONAL_NAMES = {"tie_path_length"}

type Ended = tuple[RunSpecification, Outcome]
type Types = dict[str, pa.DataType]


def is_whole(indicator: Indicator) -> bool:
    """Whether an indicator counts whole things."""
    return indicator.unit not in FRACTIONAL_UNITS and indicator.name not in FRACTIONAL_NAMES


def _indicator_types(indicators: Sequence[Indicator]) -> Types:
    return {each.name: pa.int64() if is_whole(each) else pa.float64() for each in indicators}


def _column_type(column: ResultColumn) -> pa.DataType:
    return {"identifier": pa.int64(), "month": pa.int64(), "1": pa.float64()}.get(column.unit, pa.string())


IDENTITY: Types = {"run_id": pa.string(), "scenario": pa.string(), "replicate": pa.int64()}
MONTH: Types = {"month": pa.int64()}
REGION: Types = {"region": pa.string()}
OTHER_REGION: Types = {"other_region": pa.string()}
INDICATOR_TYPES = _indicator_types(INDICATORS)

OF_A_RUN: dict[str, Types] = {
    "series": {**MONTH, **INDICATOR_TYPES},
    "horizons": {"horizon": pa.string(), **MONTH, **INDICATOR_TYPES},
    "regions": {**MONTH, **REGION, **_indicator_types(REGIONAL_INDICATORS)},
    "flows": {**MONTH, **REGION, **OTHER_REGION, **_indicator_types(FLOW_INDICATORS)},
    "network": {**MONTH, **{each.name: _column_type(each) for each in NETWORK_COLUMNS}},
}
"""Columns, after those that say which run, of the tables that have several rows a run."""


def tables_of(ended: Sequence[Ended], command: Callable[[RunSpecification], str], code: str) -> dict[str, pa.Table]:
    """Turn outcomes into rows.

    Parameters
    ----------
    ended : sequence of (RunSpecification, Outcome)
        Runs of one study, finished or failed.
    command : callable
        Gives, for a specification, the command that runs it again.
    code : str
        Version of the code that a study was begun with, which stands in every row.

    Returns
    -------
    dict of str to pyarrow.Table
        By name of the table, without tables that get no row.
    """
    finished = [(each, outcome) for each, outcome in ended if isinstance(outcome, FinishedRun)]
    failed = [(each, outcome) for each, outcome in ended if isinstance(outcome, FailedRun)]
    tables: dict[str, pa.Table] = {}
    if finished:
        for name in OF_A_RUN:
            columns = [_columns(name, each, outcome) for each, outcome in finished]
            tables[name] = _rows_of_runs(name, [each for each, _ in finished], columns)
        tables["runs"] = _runs(finished, code)
    if failed:
        tables["failures"] = _failures(failed, command, code)
    return {name: table for name, table in tables.items() if table.num_rows}


def empty_table(name: str) -> pa.Table:
    """Return a table of results without rows, with the columns that do not depend on a study's factors."""
    if name == "runs":
        return _runs([], "")
    if name == "failures":
        return _failures([], str, "")
    return pa.schema([*IDENTITY.items(), *OF_A_RUN[name].items()]).empty_table()


def series_table(specification: RunSpecification, series: Series) -> pa.Table:
    """Return one row a month of a run: its identity, the month from 1, every indicator."""
    return _rows_of_runs("series", [specification], [_monthly(specification, series)])


def _columns(name: str, specification: RunSpecification, outcome: FinishedRun) -> Columns:
    """What a run has for a table with several rows a run; a network that was not taken has no column."""
    measured = outcome.measured
    if name == "series":
        return _monthly(specification, measured.series)
    if name == "horizons":
        return _at_horizons(specification, measured.series)
    return {"regions": measured.regions, "flows": measured.flows, "network": measured.network}[name]


def _monthly(specification: RunSpecification, series: Series) -> Columns:
    return {"month": list(range(1, specification.months + 1)), **series}


def _at_horizons(specification: RunSpecification, series: Series) -> Columns:
    reached = _horizons(specification)
    at_horizons = {name: [series[name][month - 1] for month in reached.values()] for name in INDICATOR_TYPES}
    return {"horizon": list(reached), "month": list(reached.values()), **at_horizons}


def _horizons(specification: RunSpecification) -> dict[str, int]:
    """Return the month of every horizon that a run reaches, without making its scenario."""
    end = specification.changes.get("programme_end_month", specification.origin.programme_end_month)
    assert isinstance(end, int)
    return {name: end + later for name, later in HORIZONS.items() if end + later <= specification.months}


def _rows_of_runs(name: str, specifications: Sequence[RunSpecification], columns: Sequence[Columns]) -> pa.Table:
    rows = [len(each.get("month", ())) for each in columns]
    of_run = pa.array(np.repeat(np.arange(len(rows)), rows))
    identity = {
        column: values.take(of_run) for column, values in _identity(specifications).items() if column in IDENTITY
    }
    made = {
        column: _values(chain.from_iterable(each.get(column, ()) for each in columns), kind)
        for column, kind in OF_A_RUN[name].items()
    }
    return pa.table({**identity, **made})


def repeated(name: str, rows: pa.Table, specifications: Sequence[RunSpecification], holder: str) -> pa.Table:
    """Return what a table holds of runs under one name as the rows that they have under another.

    Parameters
    ----------
    name : str
        The table.
    rows : pyarrow.Table
        Its rows, every key once.
    specifications : sequence of RunSpecification
        The runs, of one scenario name.
    holder : str
        The name under which ``rows`` holds them.
    """
    wanted = pa.array([each.run_id for each in specifications], pa.string())
    copy = rows.filter(pc.and_(pc.equal(rows["scenario"], holder), pc.is_in(rows["run_id"], value_set=wanted)))
    if name == "runs":
        copy = copy.take(pc.index_in(wanted, value_set=copy["run_id"].combine_chunks()))
        columns = _identity(specifications)
    else:
        columns = {"scenario": pa.repeat(pa.scalar(specifications[0].scenario_name), copy.num_rows)}
    for column, values in columns.items():
        copy = copy.set_column(copy.schema.get_field_index(column), column, values)
    return copy


def _runs(finished: Sequence[tuple[RunSpecification, FinishedRun]], code: str) -> pa.Table:
    columns = _identity([each for each, _ in finished])
    for name, kind in INDICATOR_TYPES.items():
        columns[name] = _values([outcome.measured.series[name][-1] for _, outcome in finished], kind)
    columns["wall_seconds"] = pa.array([outcome.wall_seconds for _, outcome in finished], pa.float64())
    columns["code_version"] = pa.array([code] * len(finished), pa.string())
    return pa.table(columns)


def _failures(
    failed: Sequence[tuple[RunSpecification, FailedRun]], command: Callable[[RunSpecification], str], code: str
) -> pa.Table:
    columns = _identity([each for each, _ in failed])
    columns["error"] = pa.array([outcome.error for _, outcome in failed], pa.string())
    columns["message"] = pa.array([outcome.message for _, outcome in failed], pa.string())
    columns["command"] = pa.array([command(each) for each, _ in failed], pa.string())
    columns["code_version"] = pa.array([code] * len(failed), pa.string())
    return pa.table(columns)


def _identity(specifications: Sequence[RunSpecification]) -> dict[str, pa.Array]:
    columns = {
        "run_id": pa.array([each.run_id for each in specifications], pa.string()),
        "scenario": pa.array([each.scenario_name for each in specifications], pa.string()),
        "replicate": pa.array([each.replicate for each in specifications], pa.int64()),
        "seed": pa.array([each.seed for each in specifications], pa.int64()),
    }
    if any(each.point is not None for each in specifications):
        columns["point"] = pa.array([each.point for each in specifications], pa.int64())
        columns["arm"] = pa.array([each.arm for each in specifications], pa.string())
    factors = dict.fromkeys(key for each in specifications for key in each.factors)
    for key in factors:
        columns[key] = factor_column([each.factors.get(key) for each in specifications])
    return columns


def factor_column(values: Sequence[object]) -> pa.Array:
    """Return what was set as one column: lists, tables and kinds that do not go together as JSON."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and float in kinds:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())  # type: ignore[arg-type]
    for kind, stored in ((bool, pa.bool_()), (int, pa.int64()), (str, pa.string())):
        if kinds == {kind}:
            return pa.array(values, stored)
    return pa.array([None if value is None else json.dumps(value, default=str) for value in values], pa.string())


def _values(values: Iterable[Any], kind: pa.DataType) -> pa.Array:
    """Return a column in which everything undefined is null."""
    listed = list(values)
    try:
        column = pa.array(listed, kind, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        undefined = (isinstance(value, float) and not math.isfinite(value) for value in listed)
        return pa.array([None if each else value for each, value in zip(undefined, listed, strict=True)], kind)
    if pa.types.is_floating(kind):
        finite = pc.is_finite(column)
        return column if pc.all(finite).as_py() is not False else pc.if_else(finite, column, None)
    return column
