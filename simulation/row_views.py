"""Rows of a table as objects: one descriptor for every column of the table's schema.

A row view holds the number of its row and nothing else, so it is never out of date: reading an attribute
reads the column, setting it writes the column. Attributes that are no columns belong to the object, as in any
Python class.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import Any, Protocol, TypeVar

import numpy as np

from simulation.errors import UsageError, short_text
from simulation.schemas import members
from simulation.state import Column, Schema, State

__all__ = ["Cell", "Membership", "RowView", "row_of"]


class RowView(Protocol):
    """What a :class:`Cell` needs to know of the object it is an attribute of."""

    row: int

    @property
    def state(self) -> State:
        """The state whose tables are read and written."""


View = TypeVar("View", bound=type)

WRITABLE: dict[str, Callable[[Any], Any]] = {"b": bool, "i": index, "u": index, "f": float}


class Cell:
    """An attribute that is one column of a table, at the row of the object.

    A single value is read as a Python number or bool. A cell of several values is read as a numpy view that
    writes through; it may no longer be the table's after the table has grown, as when organisations are born:
    read it again.

    Parameters
    ----------
    table : str
        Name of the table in :class:`simulation.state.State`.
    column : Column
        The column.
    """

    def __init__(self, table: str, column: Column) -> None:
        self.table = table
        self.column = column
        self.__doc__ = f"{column.meaning} [{column.unit}]."
        self._name = column.name
        self._is_single = column.shape == ()
        self._writable = WRITABLE[np.dtype(column.dtype).kind]

    def __get__(self, view: RowView | None, owner: type | None = None) -> Any:
        if view is None:
            return self
        cells = getattr(view.state, self.table).storage[self._name]
        return cells.item(view.row) if self._is_single else cells[view.row]

    def __set__(self, view: RowView, value: Any) -> None:
        cells = getattr(view.state, self.table).storage[self._name]
        try:
            cells[view.row] = self._writable(value) if self._is_single else value
        except (TypeError, ValueError, OverflowError) as reason:
            wanted = np.dtype(self.column.dtype).name
            raise UsageError(
                f"{type(view).__name__}.{self._name} = {short_text(repr(value))}: must be {wanted} "
                f"({self.column.meaning}); set a value of that type"
            ) from reason


def row_of(table: str, schema: Schema, without: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Give a class one :class:`Cell` for each column of a table.

    Parameters
    ----------
    table : str
        Name of the table in the state.
    schema : Schema
        Its schema.
    without : tuple of str
        Columns that the class shows otherwise.

    Raises
    ------
    TypeError
        If a column is called like something that the class already has.
    """

    def with_cells(view: View) -> View:
        for column in schema.columns:
            if column.name in without:
                continue
            if hasattr(view, column.name):
                raise TypeError(f"{view.__name__}.{column.name} exists: rename it or the column of {table!r}")
            setattr(view, column.name, Cell(table, column))
        return view

    return with_cells


@row_of("members", members(1), without=("row",))
class Membership:
    """A body's membership in a partnership: its engagement, opinion, tolerance and the rest of the row."""

    def __init__(self, state: State, row: int) -> None:
        self.state = state
        self.row = row
