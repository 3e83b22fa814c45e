"""A stored table: a folder of Parquet parts, each complete from the moment it has its name.

Every part notes the digest of the model that made it, so that rows of another model
are never taken for this one's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.output_folder import cannot_write, shown, sync_folder
from simulation.errors import DataError

__all__ = ["part_paths", "read_parts", "replace_parts", "without_duplicates", "write_part"]

PART = "part-*.parquet"
TEMPORARY = ".unfinished-"
MODEL = b"regioscope.simulation"
MOST_ROWS = 500_000
"""Rows of a merged part."""


def part_paths(folder: Path) -> list[Path]:
    """Return the parts of a table, oldest first."""
    return sorted(folder.glob(PART))


def write_part(folder: Path, table: pa.Table, model: str) -> Path:
    """Write rows under a temporary name, flush them to the disk, and give them their name.

    Parameters
    ----------
    folder : Path
        Folder of the table; made if it is missing.
    table : pyarrow.Table
        The rows.
    model : str
        Digest of the model's sources.
    """
    name = f"part-{time.time_ns():020d}-{os.getpid()}.parquet"
    unfinished, finished = folder / f"{TEMPORARY}{name}", folder / name
    noted = table.replace_schema_metadata({MODEL: model.encode()})
    try:
        folder.mkdir(exist_ok=True)
        try:
            with unfinished.open("wb") as file:
                pq.write_table(noted, file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(finished)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise cannot_write(finished, error) from error
    sync_folder(folder)
    return finished


def read_parts(folder: Path, model: str, columns: Sequence[str] | None = None) -> pa.Table | None:
    """Read the rows that a model made, oldest first; None where there are none.

    Raises
    ------
    DataError
        If a part is damaged.
    """
    tables = []
    for path in part_paths(folder):
        table = _read(path, columns)
        if table is not None and (table.schema.metadata or {}).get(MODEL, b"").decode() == model:
            tables.append(table.replace_schema_metadata())
    if not tables:
        return None
    return pa.concat_tables(tables, promote_options="permissive")


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table | None:
    try:
        return pq.ParquetFile(path).read(columns=None if columns is None else list(columns))
    except FileNotFoundError:
        return None  # merged into another part meanwhile
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            f"{shown(path)}: is damaged ({type(error).__name__}). Delete this file and give the command "
            "again: only the runs it held are computed"
        ) from None


def made_by_others(folder: Path, model: str) -> bool:
    """Whether a table has parts of another model."""
    for path in part_paths(folder):
        noted = pq.read_schema(path).metadata or {}
        if noted.get(MODEL, b"").decode() != model:
            return True
    return False


def without_duplicates(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Keep the last row of every key, in order."""
    rows = table.select(list(keys)).append_column("row", pa.array(range(table.num_rows), pa.int64()))
    last = rows.group_by(list(keys)).aggregate([("row", "max")])["row_max"].combine_chunks()
    if len(last) == table.num_rows:
        return table
    return table.take(last.sort())


def replace_parts(folder: Path, table: pa.Table | None, model: str) -> None:
    """Put rows in the place of all parts of a table; what was there goes when they are safely written."""
    before = part_paths(folder)
    if table is not None:
        for start in range(0, table.num_rows, MOST_ROWS):
            write_part(folder, table.slice(start, MOST_ROWS), model)
    remove([*before, *folder.glob(f"{TEMPORARY}*")])


def remove(paths: Iterable[Path]) -> None:
    """Delete files that may be gone already."""
    for path in paths:
        path.unlink(missing_ok=True)
