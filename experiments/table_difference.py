"""Whether two tables of one run hold the same values, bit by bit, and where they differ first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from experiments.result_tables import KEYS, SORTED_BY

__all__ = ["Difference", "first_difference"]

DEPENDS_ON_THE_MACHINE = {"wall_seconds", "code_version"}


@dataclass(frozen=True)
class Difference:
    """The first value of a table that came out otherwise.

    Attributes
    ----------
    table : str
        The table.
    row : dict
        What its row is known by besides the run: month, region, horizon.
    column : str
        The column; ``row`` where one of the two has no such row.
    stored, again : object
        The value that is stored, and the one that came out now; None where undefined.
    """

    table: str
    row: dict[str, Any]
    column: str
    stored: Any
    again: Any


def first_difference(name: str, stored: pa.Table, again: pa.Table) -> Difference | None:
    """Return the first value in which the rows of a table differ; None if they are the same bit by bit.

    Parameters
    ----------
    name : str
        The table.
    stored, again : pyarrow.Table
        Its rows of one run. Where, when and by which version they were computed is not compared.
    """
    order = [(column, "ascending") for column in SORTED_BY[name]]
    stored, again = stored.sort_by(order), again.sort_by(order)
    known_by = [column for column in KEYS[name] if column not in ("scenario", "run_id")]
    one_sided = _one_sided(name, stored.select(known_by).to_pylist(), again.select(known_by).to_pylist())
    if one_sided is not None:
        return one_sided
    found: list[tuple[int, str]] = []
    for column in again.column_names:
        if column not in DEPENDS_ON_THE_MACHINE:
            place = _first_unequal(_column(stored, column), _column(again, column))
            found += [] if place is None else [(place, column)]
    if not found:
        return None
    place, column = min(found, key=lambda each: each[0])
    row = {key: again[key][place].as_py() for key in known_by}
    return Difference(name, row, column, *(_value(each, column, place) for each in (stored, again)))


def _one_sided(name: str, stored: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]]) -> Difference | None:
    """Return the first row that only one of two has."""
    if stored == again:
        return None
    for row in (*stored, *again):
        held = [row in each for each in (stored, again)]
        if not all(held):
            return Difference(name, dict(row), "row", *("there" if each else "not there" for each in held))
    return Difference(name, {}, "row", f"{len(stored)} rows", f"{len(again)} rows")


def _column(table: pa.Table, column: str) -> pa.Array:
    if column not in table.column_names:
        return pa.nulls(table.num_rows)
    values = table[column]
    return values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()


def _value(table: pa.Table, column: str, place: int) -> Any:
    return _column(table, column)[place].as_py()


def _first_unequal(stored: pa.Array, again: pa.Array) -> int | None:
    """Return the first place at which two columns differ: one undefined, or two values not the same bits."""
    if stored.type != again.type:
        stored = stored.cast(again.type)
    if pa.types.is_floating(again.type):
        stored, again = _bits(stored), _bits(again)
    same = pc.fill_null(pc.equal(stored, again), False)
    unequal = pc.invert(pc.or_(same, pc.and_(pc.is_null(stored), pc.is_null(again))))
    place = pc.index(unequal, True).as_py()
    return None if place < 0 else int(place)


def _bits(values: pa.Array) -> pa.Array:
    """Return the bits of numbers as whole numbers, so that 0.0 and -0.0 differ; undefined stays undefined."""
    undefined = values.is_null().to_numpy(zero_copy_only=False)
    bits = values.fill_null(0.0).to_numpy(zero_copy_only=False).astype("float64").view("int64")
    return pa.array(bits, mask=undefined)
