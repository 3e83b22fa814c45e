"""Reading stored results: every key once, nothing half-written, nothing of other code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.manifest import Manifest, read_manifest
from experiments.output_folder import DESIGN, TABLES, shown
from experiments.parts import read_parts
from experiments.result_tables import KEYS, OF_A_RUN, SORTED_BY, empty_table
from experiments.row_order import belong_to, once_in_order
from experiments.store import finished_runs
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
        """Names of the arms, in the order in which they were asked for; those of the study, where it was swept."""
        study = self.manifest.study
        return list(self.manifest.scenarios) if study is None else [str(arm["name"]) for arm in study["arms"]]

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
            rows = once_in_order(name, self._that_count(name, rows))
        return rows if columns is None else self._selected(name, rows, columns)

    def _that_count(self, name: str, rows: pa.Table) -> pa.Table:
        """Leave out what belongs to a run that was interrupted while it was written, and failures made good."""
        if name == "runs":
            return rows
        finished = belong_to(rows, finished_runs(self.folder, self.manifest.model))
        count = finished if name in OF_A_RUN else ~finished
        return rows if count.all() else rows.filter(pa.array(count))

    def _selected(self, name: str, rows: pa.Table, columns: Sequence[str]) -> pa.Table:
        for column in columns:
            if column not in rows.column_names:
                known = {*empty_table(name).column_names, *rows.column_names, *self._factors()}
                raise DataError(f"{short_text(column)}: is not a column of {name}. {did_you_mean(column, known)}")
        return rows.select(list(columns))

    def _factors(self) -> list[str]:
        study = self.manifest.study
        return [*self.manifest.overrides, *([] if study is None else [*study["levers"], *study["uncertainties"]])]

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row a case of a study (design point and arm) with its values; no row where no study was swept.

        Raises
        ------
        DataError
            If the file is damaged.
        """
        import pandas as pd

        path = self.folder / DESIGN
        try:
            return frame(pq.ParquetFile(path).read()) if path.exists() else pd.DataFrame()
        except (pa.ArrowException, OSError) as error:
            raise DataError(
                f"{shown(path)}: is damaged ({type(error).__name__}). Delete this file and give the command "
                "again: it is written anew"
            ) from None

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


def frame(table: pa.Table) -> pd.DataFrame:
    """Return a table for pandas: whole numbers stay whole, also where some are missing."""
    import pandas as pd

    with_gaps = [
        field.name for field in table.schema if pa.types.is_integer(field.type) and table[field.name].null_count
    ]
    made: pd.DataFrame = table.drop_columns(with_gaps).to_pandas()
    if not with_gaps:
        return made
    whole = {
        name: pd.arrays.IntegerArray(table[name].fill_null(0).to_numpy().copy(), table[name].is_null().to_numpy())
        for name in with_gaps
    }
    joined: pd.DataFrame = pd.concat([made, pd.DataFrame(whole, index=made.index)], axis=1)[table.column_names]
    return joined


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
