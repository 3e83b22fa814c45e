"""The columns of stored results, and how outcomes become rows of them.

What is undefined is null. Counts are whole numbers. No column but ``wall_seconds`` depends on where,
when or in how many pieces a run was computed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from experiments.code_version import code_version
from experiments.runner import FailedRun, FinishedRun, Outcome
from experiments.specification import RunSpecification, horizon_months
from simulation.indicator_definitions import INDICATORS, Indicator

__all__ = ["KEYS", "SORTED_BY", "empty_table", "is_whole", "series_table", "tables_of"]

KEYS: dict[str, tuple[str, ...]] = {
    "runs": ("scenario", "run_id"),
    "series": ("scenario", "run_id", "month"),
    "horizons": ("scenario", "run_id", "horizon"),
    "failures": ("scenario", "run_id"),
}
"""What a row of each table is known by."""

SORTED_BY: dict[str, tuple[str, ...]] = {
    "runs": ("scenario", "replicate", "run_id"),
    "series": ("scenario", "replicate", "run_id", "month"),
    "horizons": ("scenario", "replicate", "run_id", "horizon"),
    "failures": ("scenario", "replicate", "run_id"),
}

FRACTIONAL_UNITS = {"1", "keur", "keur / innovation", "full-time employee"}
FRACTIONAL_NAMES = {"tie_path_length"}

type Ended = tuple[RunSpecification, Outcome]


def is_whole(indicator: Indicator) -> bool:
    """Whether an indicator counts whole things."""
    return indicator.unit not in FRACTIONAL_UNITS and indicator.name not in FRACTIONAL_NAMES


INDICATOR_TYPES = {each.name: pa.int64() if is_whole(each) else pa.float64() for each in INDICATORS}
IDENTITY = {"run_id": pa.string(), "scenario": pa.string(), "replicate": pa.int64()}


def tables_of(ended: Sequence[Ended], command: Any) -> dict[str, pa.Table]:
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
        tables["series"] = pa.concat_tables([series_table(each, outcome.series) for each, outcome in finished])
        reached = [table for each in finished if (table := _horizons(*each)).num_rows]
        if reached:
            tables["horizons"] = pa.concat_tables(reached)
        tables["runs"] = _runs(finished)
    if failed:
        tables["failures"] = _failures(failed, command)
    return tables


def empty_table(name: str) -> pa.Table:
    """Return a table of results without rows, with the columns that do not depend on a study's factors."""
    if name == "runs":
        return _runs([])
    if name == "failures":
        return _failures([], None)
    place = {"month": pa.int64()} if name == "series" else {"horizon": pa.string(), "month": pa.int64()}
    return pa.schema([*IDENTITY.items(), *place.items(), *INDICATOR_TYPES.items()]).empty_table()


def _runs(finished: Sequence[tuple[RunSpecification, FinishedRun]]) -> pa.Table:
    columns = _identity([each for each, _ in finished])
    for name, kind in INDICATOR_TYPES.items():
        columns[name] = _values([outcome.series[name][-1] for _, outcome in finished], kind)
    columns["wall_seconds"] = pa.array([outcome.wall_seconds for _, outcome in finished], pa.float64())
    columns["code_version"] = pa.array([code_version()] * len(finished), pa.string())
    return pa.table(columns)


def _failures(failed: Sequence[tuple[RunSpecification, FailedRun]], command: Any) -> pa.Table:
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


def series_table(specification: RunSpecification, series: Mapping[str, Sequence[float | None]]) -> pa.Table:
    """Return one row a month of a run: its identity, the month from 1, every indicator."""
    months = list(range(1, specification.months + 1))
    return _rows(specification, {"month": pa.array(months, pa.int64())}, series, months)


def _horizons(specification: RunSpecification, outcome: FinishedRun) -> pa.Table:
    reached = horizon_months(specification.scenario)
    names = {
        "horizon": pa.array(list(reached), pa.string()),
        "month": pa.array(list(reached.values()), pa.int64()),
    }
    return _rows(specification, names, outcome.series, list(reached.values()))


def _rows(
    specification: RunSpecification,
    place: Mapping[str, pa.Array],
    series: Mapping[str, Sequence[float | None]],
    months: Sequence[int],
) -> pa.Table:
    identity = (specification.run_id, specification.scenario.name, specification.replicate)
    columns = {
        name: pa.array([value] * len(months), kind)
        for (name, kind), value in zip(IDENTITY.items(), identity, strict=True)
    }
    columns.update(place)
    for name, kind in INDICATOR_TYPES.items():
        columns[name] = _values([series[name][month - 1] for month in months], kind)
    return pa.table(columns)


def _values(values: Sequence[float | None], kind: pa.DataType) -> pa.Array:
    """Return a column in which everything undefined is null."""
    defined = [None if value is None or not math.isfinite(value) else value for value in values]
    return pa.array(defined, kind)
