"""Reading stored results: every key once, nothing half-written, nothing of other code."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from experiments.manifest import Manifest, read_manifest
from experiments.output_folder import TABLES, shown
from experiments.parts import read_parts
from experiments.result_tables import empty_table
from experiments.store import merged
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

    def table(self, name: str) -> pa.Table:
        """Return a table as Arrow holds it, undefined values null.

        Parameters
        ----------
        name : str
            ``runs``, ``series``, ``horizons`` or ``failures``.

        Raises
        ------
        DataError
            If the table is unknown or a part of it is damaged.
        """
        if name not in TABLES:
            raise DataError(f"{short_text(name)}: is not a table of results. {did_you_mean(name, TABLES)}")
        rows = read_parts(self.folder / name, self.manifest.model)
        if rows is None:
            return empty_table(name)
        runs = read_parts(self.folder / "runs", self.manifest.model, ("scenario", "run_id"))
        stored = (
            set() if runs is None else set(zip(runs["scenario"].to_pylist(), runs["run_id"].to_pylist(), strict=True))
        )
        if name in ("series", "horizons"):
            complete = pa.array(sorted({run_id for _, run_id in stored}), pa.string())
            rows = rows.filter(pc.is_in(rows["run_id"], value_set=complete))
        return merged(name, rows, stored)

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
    def failures(self) -> pd.DataFrame:
        """One row a run that failed: the message and the command that runs it again."""
        return frame(self.table("failures"))


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
        With the frames ``runs``, ``series``, ``horizons`` and ``failures``.

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
