"""The state: tables of plain numpy columns, each with a written schema.

A checkpoint is these tables and nothing else. Mechanisms meet here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

NOBODY = -1
"""Row of nothing: no broker, no park, no member, no call."""

NEVER = -32768
"""Month of what has not happened."""

CACHE_LINE = 64
"""Bytes that a processor reads from memory at a time."""

ROOM = 256
"""Rows for which a table that grows has room at least: growing often costs small runs more than empty rows do."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, type, unit and meaning; ``shape`` is the shape of a cell."""

    name: str
    dtype: DTypeLike
    unit: str
    meaning: str
    shape: tuple[int, ...] = ()
    empty: float | int | bool = 0

    @cached_property
    def bytes(self) -> int:
        """Bytes of one cell."""
        return np.dtype(self.dtype).itemsize * prod(self.shape)


@dataclass(frozen=True)
class Schema:
    """The columns of a table and what one row stands for."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def bytes_per_row(self) -> int:
        """Bytes of one row."""
        return sum(column.bytes for column in self.columns)

    @cached_property
    def without_rows(self) -> dict[str, NDArray[Any]]:
        """Columns of a table without rows, which all such tables share: there is no cell to write to."""
        return {column.name: cells_of(column, 0) for column in self.columns}


class Table:
    """Rows born so far, as numpy columns that grow.

    ``storage`` holds the columns with room to grow. Reading an attribute named like a column gives a view of the
    rows born so far, the same view until the number of rows changes. A view taken before :meth:`append` may no
    longer be the table's after it: take it again.
    """

    def __init__(self, schema: Schema, capacity: int = 0) -> None:
        self.schema = schema
        self.storage = dict(schema.without_rows)
        self._capacity = 0
        self._count = 0
        # Rows from here on hold empty values; those from the count to here hold what nobody may read.
        self._used = 0
        # Columns whose views are kept as ordinary attributes, which cost a tenth of those found by __getattr__.
        self._viewed: list[str] = []
        if capacity:
            self._grow(capacity)

    def __getattr__(self, name: str) -> NDArray[Any]:
        columns = self.__dict__.get("storage", {})
        if name not in columns:
            schema = self.__dict__.get("schema")
            raise AttributeError(f"table {schema.name if schema else '?'} has no column {name!r}")
        view: NDArray[Any] = columns[name][: self._count]
        self.__dict__[name] = view
        self._viewed.append(name)
        return view

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name not in self.storage}
        return kept | {"_viewed": []}

    def __len__(self) -> int:
        return self._count

    @property
    def count(self) -> int:
        """Number of rows born so far."""
        return self._count

    @count.setter
    def count(self, rows: int) -> None:
        self._count = rows
        if rows > self._used:
            self._used = rows
        attributes, storage = self.__dict__, self.storage if rows else self.schema.without_rows
        for name in self._viewed:
            attributes[name] = storage[name][:rows]

    def append(self, rows: int, **values: Any) -> slice:
        """Add ``rows`` rows holding ``values``, the other columns at their empty value.

        Returns
        -------
        slice
            The new rows.
        """
        used = self._used
        start = self.lengthen(rows)
        new = slice(start, start + rows)
        if not rows:
            return new
        if start < used:
            self._empty(slice(start, min(start + rows, used)), values)
        for name, value in values.items():
            self.storage[name][new] = value
        return new

    def lengthen(self, rows: int) -> int:
        """Add ``rows`` rows that hold anything until the caller fills every column; the row of the first of them."""
        start = self._count
        if rows:
            self._make_room(start + rows)
            self.count = start + rows
        return start

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Keep the rows where ``kept`` is true, in their order, and forget the others."""
        remaining = int(np.count_nonzero(kept))
        if remaining == self.count:
            return
        for cells in self.storage.values():
            cells[:remaining] = cells[: self.count][kept]
        self.count = remaining

    def refill(self, rows: int) -> None:
        """Forget all rows, and have ``rows`` that hold anything until the caller fills every column."""
        if rows != self._count:
            self._count = 0
            self._make_room(rows)
            self.count = rows

    def take(self, source: Table, rows: NDArray[np.integer]) -> None:
        """Forget all rows, and have copies of these rows of a table of the same columns."""
        self.refill(len(rows))
        for name, cells in source.storage.items():
            # with a mode, so that numpy writes in place instead of checking a copy first
            cells.take(rows, axis=0, out=self.storage[name][: len(rows)], mode="clip")

    def clear(self) -> None:
        """Forget all rows."""
        if self._count:
            self.count = 0

    def columns(self) -> Iterator[tuple[Column, NDArray[Any]]]:
        """Each column of the schema with its view."""
        for column in self.schema.columns:
            yield column, self.storage[column.name][: self._count]

    def restore(self, columns: dict[str, NDArray[Any]]) -> None:
        """Replace all rows by the given columns, as a checkpoint holds them."""
        rows = len(next(iter(columns.values())))
        self.clear()
        self.append(rows, **columns)

    def _make_room(self, rows: int) -> None:
        """Have room for so many rows; where there is not, for half as many more."""
        if rows > self._capacity:
            self._grow(rows + rows // 2 + ROOM)

    def _grow(self, capacity: int) -> None:
        for column in self.schema.columns:
            grown = cells_of(column, capacity)
            if self._count:
                grown[: self._count] = self.storage[column.name][: self._count]
            self.storage[column.name] = grown
        self._capacity, self._used = capacity, self._count

    def _empty(self, rows: slice, but: Container[str]) -> None:
        for column in self.schema.columns:
            if column.name not in but:
                self.storage[column.name][rows] = column.empty


def cells_of(column: Column, rows: int) -> NDArray[Any]:
    """Empty cells that begin where a line of the processor's cache does, so that few rows lie across two."""
    # Memory of zeros that nobody has written to yet takes no room.
    taken = np.zeros(rows * column.bytes + CACHE_LINE, dtype=np.uint8)
    start = -taken.__array_interface__["data"][0] % CACHE_LINE
    cells: NDArray[Any] = np.ndarray((rows, *column.shape), column.dtype, taken, start)
    if column.empty:
        cells[:] = column.empty
    return cells


@dataclass
class State:
    """All tables of a run."""

    clock: Table
    organisations: Table
    ties: Table
    projects: Table
    brokers: Table
    parks: Table
    authorities: Table
    members: Table
    partnerships: Table
    calls: Table
    strategies: Table
    applications: Table
    purses: Table
    counters: Table
    candidates: Table
    introductions: Table

    def tables(self) -> Iterator[Table]:
        """Every table, in the order of their declaration."""
        for field in fields(self):
            yield getattr(self, field.name)

    def digest(self) -> str:
        """Digest of every cell of every table: equal states have equal digests."""
        from hashlib import blake2b

        digest = blake2b(digest_size=16)
        for table in self.tables():
            for column, cells in table.columns():
                digest.update(f"{table.schema.name}.{column.name}:{cells.shape}".encode())
                digest.update(np.ascontiguousarray(cells).tobytes())
        return digest.hexdigest()
