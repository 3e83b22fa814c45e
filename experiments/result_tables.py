"""The columns of stored results, and how outcomes become rows of them.

What is undefined is null. Counts are whole numbers. No column but ``wall_seconds`` depends on where,
when or in how many pieces a run was computed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from experiments.code_version import code_version
from experiments.runner import Columns, FailedRun, FinishedRun, Outcome, Series
from experiments.specification import RunSpecification, horizon_months
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


def tables_of(ended: Sequence[Ended], command: Callable[[RunSpecification], str]) -> dict[str, pa.Table]:
    """Turn outcomes into rows.

    Parameters
    ----------
    ended : sequence of (RunSpecification, Outcome)
        Runs of one study, finished or failed.
    command : callable
        Gives, for a specification, the command that runs it again.

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
            rows = [_rows_of_a_run(name, each, _columns(name, each, outcome)) for each, outcome in finished]
            tables[name] = pa.concat_tables(rows)
        tables["runs"] = _runs(finished)
    if failed:
        tables["failures"] = _failures(failed, command)
    return {name: table for name, table in tables.items() if table.num_rows}


def empty_table(name: str) -> pa.Table:
    """Return a table of results without rows, with the columns that do not depend on a study's factors."""
    if name == "runs":
        return _runs([])
    if name == "failures":
        return _failures([], str)
    return pa.schema([*IDENTITY.items(), *OF_A_RUN[name].items()]).empty_table()


def series_table(specification: RunSpecification, series: Series) -> pa.Table:
    """Return one row a month of a run: its identity, the month from 1, every indicator."""
    return _rows_of_a_run("series", specification, _monthly(specification, series))


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
    reached = horizon_months(specification.scenario)
    at_horizons = {name: [series[name][month - 1] for month in reached.values()] for name in INDICATOR_TYPES}
    return {"horizon": list(reached), "month": list(reached.values()), **at_horizons}


def _rows_of_a_run(name: str, specification: RunSpecification, columns: Columns) -> pa.Table:
    types = OF_A_RUN[name]
    made = {column: _values(columns.get(column, ()), kind) for column, kind in types.items()}
    rows = len(made["month"])
    identity = (specification.run_id, specification.scenario.name, specification.replicate)
    repeated = {
        column: pa.array([value] * rows, kind) for (column, kind), value in zip(IDENTITY.items(), identity, strict=True)
    }
    return pa.table({**repeated, **made})


def repeated(name: str, rows: pa.Table, specification: RunSpecification, holder: str) -> pa.Table:
    """Return what a table holds of a run under one name as the rows that another specification of it has."""
    own = pc.and_(pc.equal(rows["run_id"], specification.run_id), pc.equal(rows["scenario"], holder))
    copy = rows.filter(own)
    if name == "runs":
        columns = _identity([specification])
    else:
        columns = {"scenario": pa.array([specification.scenario.name] * copy.num_rows, pa.string())}
    for column, values in columns.items():
        copy = copy.set_column(copy.schema.get_field_index(column), column, values)
    return copy


def _runs(finished: Sequence[tuple[RunSpecification, FinishedRun]]) -> pa.Table:
    columns = _identity([each for each, _ in finished])
    for name, kind in INDICATOR_TYPES.items():
        columns[name] = _values([outcome.measured.series[name][-1] for _, outcome in finished], kind)
    columns["wall_seconds"] = pa.array([outcome.wall_seconds for _, outcome in finished], pa.float64())
    columns["code_version"] = pa.array([code_version()] * len(finished), pa.string())
    return pa.table(columns)


def _failures(
    failed: Sequence[tuple[RunSpecification, FailedRun]], command: Callable[[RunSpecification], str]
) -> pa.Table:
    columns = _identity([each for each, _ in failed])
    columns["error"] = pa.array([outcome.error for _, outcome in failed], pa.string())
    columns["message"] = pa.array([outcome.message for _, outcome in failed], pa.string())
    columns["command"] = pa.array([command(each) for each, _ in failed], pa.string())
    columns["code_version"] = pa.array([code_version()] * len(failed), pa.string())
    return pa.table(columns)


def _identity(specifications: Sequence[RunSpecification]) -> dict[str, pa.Array]:
    columns = {
        "run_id": pa.array([each.run_id for each in specifications], pa.string()),
        "scenario": pa.array([each.scenario.name for each in specifications], pa.string()),
        "replicate": pa.array([each.replicate for each in specifications], pa.int64()),
        "seed": pa.array([each.seed for each in specifications], pa.int64()),
    }
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


def _values(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Return a column in which everything undefined is null."""
    undefined = (value is None or (isinstance(value, float) and not math.isfinite(value)) for value in values)
    return pa.array([None if each else value for each, value in zip(undefined, values, strict=True)], kind)
