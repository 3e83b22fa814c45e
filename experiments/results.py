"""Reading stored results: every key once, nothing half-written, nothing of other code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from experiments.manifest import Manifest, read_manifest
from experiments.output_folder import TABLES, shown
from experiments.parts import read_parts
from experiments.result_tables import KEYS, OF_A_RUN, SORTED_BY, empty_table
from experiments.store import merged, stored_runs
from simulation.errors import DataError, did_you_mean, short_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Results", "open_results"]


class Results:
    """The results of a study, read from its folder when first asked for.

    Attributes
    ----------
    folder : Path
        Where they are.
    manifest : Manifest
        What they are the results of.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    def __repr__(self) -> str:
        return f"Results({str(self.folder)!r}: {', '.join(self.manifest.scenarios)})"

    @property
    def arms(self) -> list[str]:
        """Names of the arms, in the order in which they were asked for."""
        return list(self.manifest.scenarios)

    @property
    def reference(self) -> str:
        """Name of the arm that the others are compared with."""
        return self.manifest.reference

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a table as Arrow holds it, undefined values null.

        Parameters
        ----------
        name : str
            ``runs``, ``series``, ``horizons``, ``regions``, ``flows``, ``network`` or ``failures``.
        columns : sequence of str, optional
            Columns to read, which is quicker than to read them all; they come in this order.

        Raises
        ------
        DataError
            If the table or a column is unknown, or a part of the table is damaged.
        """
        if name not in TABLES:
            raise DataError(f"{short_text(name)}: is not a table of results. {did_you_mean(name, TABLES)}")
        needed = None if columns is None else tuple(dict.fromkeys([*columns, *KEYS[name], *SORTED_BY[name]]))
        rows = read_parts(self.folder / name, self.manifest.model, needed)
        if rows is None:
            rows = empty_table(name)
        else:
            stored = stored_runs(self.folder, self.manifest.model)
            rows = merged(name, _of_complete_runs(rows, stored) if name in OF_A_RUN else rows, stored)
        return rows if columns is None else self._selected(name, rows, columns)

    def _selected(self, name: str, rows: pa.Table, columns: Sequence[str]) -> pa.Table:
        for column in columns:
            if column not in rows.column_names:
                known = {*empty_table(name).column_names, *self.manifest.overrides}
                raise DataError(f"{short_text(column)}: is not a column of {name}. {did_you_mean(column, known)}")
        return rows.select(list(columns))

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: identity, factors, every indicator at the end of the run."""
        return frame(self.table("runs"))

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a run and month, months from 1."""
        return frame(self.table("series"))

    @cached_property
    def horizons(self) -> pd.DataFrame:
        """One row a run and horizon: ``end`` of the programme, ``plus12`` and ``plus24`` months."""
        return frame(self.table("horizons"))

    @cached_property
    def regions(self) -> pd.DataFrame:
        """One row a run, month and region: the last month of every year and of the run."""
        return frame(self.table("regions"))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """One row a run and pair of regions, a region with itself included, in the last month of the run."""
        return frame(self.table("flows"))

    @cached_property
    def network(self) -> pd.DataFrame:
        """One row an arm and tie of a sample of organisations, in the last month of replicate 0."""
        return frame(self.table("network"))

    @cached_property
    def failures(self) -> pd.DataFrame:
        """One row a run that failed: the message and the command that runs it again."""
        return frame(self.table("failures"))


def _of_complete_runs(rows: pa.Table, stored: set[tuple[str, str]]) -> pa.Table:
    """Leave out what belongs to a run that is not listed: it was interrupted while it was written."""
    complete = pa.array(sorted("/".join(key) for key in stored), pa.string())
    return rows.filter(pc.is_in(pc.binary_join_element_wise(rows["scenario"], rows["run_id"], "/"), value_set=complete))


def frame(table: pa.Table) -> pd.DataFrame:
    """Return a table for pandas: whole numbers stay whole, also where some are missing."""
    import pandas as pd

    made: pd.DataFrame = table.to_pandas()
    for name in table.column_names:
        column = table[name]
        if pa.types.is_integer(column.type) and column.null_count:
            made[name] = pd.array(column.to_pylist(), dtype="Int64")
    return made


def open_results(folder: str | Path) -> Results:
    """Open the results in a folder.

    Parameters
    ----------
    folder : str or Path
        A folder that a command wrote, the one with ``manifest.json``.

    Returns
    -------
    Results
        With the frames ``runs``, ``series``, ``horizons``, ``regions``, ``flows``, ``network`` and ``failures``.

    Raises
    ------
    DataError
        If there are no results in the folder.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    if manifest is None:
        raise DataError(
            f"{shown(path)}: holds no manifest.json, so no results. Give the folder that --out named, or "
            "that the command printed"
        )
    return Results(path, manifest)
