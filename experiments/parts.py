"""A stored table: a folder of Parquet parts, each complete from the moment it has its name.

Any number of processes may write, read and merge parts of one folder at once. Every part notes the digest of the
model that made it, so that rows of another model are never taken for this one's, and its name says when it was
written and by which writer. The rows of a run stand together in one part; where two parts hold a run, the one
whose name comes last counts (:mod:`experiments.merging`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.output_folder import cannot_write, shown, sync_folder
from simulation.errors import DataError

__all__ = ["part_paths", "read_part", "read_parts", "remove_parts", "unfinished_parts", "write_part"]

PART = "part-*.parquet"
TEMPORARY = ".unfinished-"
MODEL = b"regioscope.simulation"
BYTES_OF_A_NUMBER, BYTES_OF_A_TEXT = 8, 40
MOST_LISTINGS = 200
SECONDS_BETWEEN_LISTINGS = 0.01

with suppress(NotImplementedError):
    # Uses memory again that the default one gives back at once: a large table is read in two thirds of the time.
    pa.set_memory_pool(pa.jemalloc_memory_pool())


def part_paths(folder: Path, writer: str = "") -> list[Path]:
    """Return the parts of a table, oldest first: those of one writer, or all."""
    return sorted(path for path in folder.glob(PART) if not writer or _writer_of(path) == writer)


def _writer_of(path: Path) -> str:
    return "".join(path.stem.split("-")[3:])


def _nanoseconds_of(path: Path) -> int:
    return int(path.stem.split("-")[1])


def write_part(folder: Path, table: pa.Table, model: str, writer: str = "", after: Sequence[Path] = ()) -> Path:
    """Write rows under a temporary name, flush them to the disk, and give them their name.

    Parameters
    ----------
    folder : Path
        Folder of the table; made if it is missing.
    table : pyarrow.Table
        The rows.
    model : str
        Digest of the model's sources.
    writer : str
        Letters and digits that tell the parts of one writer, such as a shard (``2of8``), from the others'.
    after : sequence of Path
        Parts whose names come before that of the new one, whatever the clocks of their writers said.

    Raises
    ------
    DataError
        If it cannot be written; nothing is left of it then.
    """
    written = max([time.time_ns(), *(_nanoseconds_of(path) + 1 for path in after)])
    name = f"part-{written:020d}-{os.urandom(4).hex()}{f'-{writer}' if writer else ''}.parquet"
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


def read_part(path: Path, model: str, columns: Sequence[str] | None = None) -> pa.Table | None:
    """Read one part; None where another model made it.

    Raises
    ------
    FileNotFoundError
        If it is there no longer: it was merged into another part.
    DataError
        If it is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            if (file.schema_arrow.metadata or {}).get(MODEL, b"").decode() != model:
                return None
            return file.read(columns=None if columns is None else list(columns)).replace_schema_metadata()
    except (pa.ArrowException, OSError) as error:
        if not path.exists():
            raise FileNotFoundError(path) from None
        raise DataError(
            f"{shown(path)}: is damaged ({type(error).__name__}). Delete this file and give the command "
            "again: only the runs it held are computed"
        ) from None


def read_parts(folder: Path, model: str, columns: Sequence[str] | None = None) -> pa.Table | None:
    """Read the rows that a model made, oldest first; None where there are none.

    A row that is being merged meanwhile may stand there twice, and is never missing: parts are listed until nothing
    is listed that was not read.

    Raises
    ------
    DataError
        If a part is damaged, or parts are merged faster than they can be read.
    """
    tables: dict[Path, pa.Table | None] = {}
    for _ in range(MOST_LISTINGS):
        unread = [path for path in part_paths(folder) if path not in tables]
        if not unread:
            break
        for path in unread:
            try:
                tables[path] = read_part(path, model, columns)
            except FileNotFoundError:
                time.sleep(SECONDS_BETWEEN_LISTINGS)
                break
    else:
        raise DataError(f"{shown(folder)}: changes faster than it can be read. Try again when less is written there")
    rows = [tables[path] for path in sorted(tables) if tables[path] is not None]
    return pa.concat_tables(rows, promote_options="permissive") if rows else None


def bytes_in_memory(path: Path) -> int:
    """Estimate what the rows of a part take when they are read, from its footer alone."""
    kinds, rows = pq.read_schema(path).types, pq.read_metadata(path).num_rows
    return int(rows) * sum(BYTES_OF_A_NUMBER if pa.types.is_primitive(kind) else BYTES_OF_A_TEXT for kind in kinds)


def made_by_others(folder: Path, model: str) -> bool:
    """Whether a table has parts of another model."""
    for path in part_paths(folder):
        try:
            if read_part(path, model, ()) is None:
                return True
        except FileNotFoundError:
            continue
    return False


def unfinished_parts(folder: Path, seconds: float = 0.0) -> list[Path]:
    """Return the parts without a name that nothing was written to for some seconds: their writer may have died."""
    stale = []
    for path in folder.glob(f"{TEMPORARY}*"):
        try:
            if time.time() - path.stat().st_mtime >= seconds:
                stale.append(path)
        except FileNotFoundError:
            continue
    return stale


def remove_parts(paths: Iterable[Path]) -> None:
    """Delete files that may be gone already."""
    for path in paths:
        path.unlink(missing_ok=True)
