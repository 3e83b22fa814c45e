"""Reading what a folder holds of a few runs, without reading the rows of all the others into memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.output_folder import DESIGN, shown
from experiments.parts import MODEL, part_paths
from experiments.result_tables import empty_table
from experiments.row_order import once_in_order
from simulation.errors import DataError

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = ["design_row", "read_design", "rows_of_runs"]

MOST_LISTINGS = 200
SECONDS_BETWEEN_LISTINGS = 0.01


def rows_of_runs(results: Results, name: str, run_ids: Sequence[str]) -> pa.Table:
    """Return the rows that a table has of some runs, each once and in order; safe while others write and merge.

    Parameters
    ----------
    results : Results
        The folder.
    name : str
        The table.
    run_ids : sequence of str
        Identities of the runs.

    Raises
    ------
    DataError
        If a part is damaged, or parts are merged faster than they can be read.
    """
    folder, wanted = results.folder / name, pc.field("run_id").isin(list(run_ids))
    read: dict[Path, pa.Table] = {}
    for _ in range(MOST_LISTINGS):
        unread = [path for path in part_paths(folder) if path not in read]
        if not unread:
            break
        for path in unread:
            rows = _rows(path, results.manifest.model, wanted)
            if rows is None:
                time.sleep(SECONDS_BETWEEN_LISTINGS)
                break
            read[path] = rows
    else:
        raise DataError(f"{shown(folder)}: changes faster than it can be read. Try again when less is written there")
    found = [read[path] for path in sorted(read) if read[path].num_rows]
    if not found:
        return empty_table(name)
    return once_in_order(name, pa.concat_tables(found, promote_options="permissive"))


def _rows(path: Path, model: str, wanted: pc.Expression) -> pa.Table | None:
    """Return rows of a part, none of another model's; None where the part has been merged into another."""
    try:
        schema = pq.read_schema(path)
        if (schema.metadata or {}).get(MODEL, b"").decode() != model:
            return schema.empty_table().slice(0, 0)
        return pq.read_table(path, filters=wanted, partitioning=None).replace_schema_metadata()
    except (pa.ArrowException, OSError) as error:
        if not path.exists():
            return None
        raise DataError(
            f"{shown(path)}: is damaged ({type(error).__name__}). Delete this file and give the command that made "
            "the results again: only the runs it held are computed"
        ) from None


def read_design(folder: Path) -> pa.Table | None:
    """Return the cases of a sweep, a row each; None where there is no design.

    Raises
    ------
    DataError
        If it is damaged.
    """
    path = folder / DESIGN
    if not path.exists():
        return None
    try:
        return pq.read_table(path, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            f"{shown(path)}: is damaged ({type(error).__name__}). Give the sweep again, which writes it anew"
        ) from None


def design_row(folder: Path, point: int | None, arm: str | None) -> dict[str, Any] | None:
    """Return the case of a design point and arm; None where the design has none."""
    design = read_design(folder)
    if design is None:
        return None
    rows = design.filter(pc.and_(pc.equal(design["point"], point), pc.equal(design["arm"], arm))).to_pylist()
    return dict(rows[0]) if rows else None
