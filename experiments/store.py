"""Keeping results: a manifest and tables of Parquet parts, safe at any moment and never counted twice.

Series and horizons of a batch are written before its runs, so that a run that is listed is complete.
Readers drop duplicates; :meth:`Store.merge` removes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from experiments.manifest import Manifest, write_manifest
from experiments.output_folder import TABLES
from experiments.parts import (
    made_by_others,
    part_paths,
    read_parts,
    remove,
    replace_parts,
    without_duplicates,
    write_part,
)
from experiments.result_tables import KEYS, SORTED_BY, Ended, tables_of
from experiments.specification import RunSpecification

__all__ = ["Store"]

WRITTEN = ("series", "horizons", "failures", "runs")
"""The tables in the order in which a batch is written."""


class Store:
    """The results of one study in one folder, for the process that writes them.

    Parameters
    ----------
    folder : Path
        A folder that was checked and is held by this process.
    manifest : Manifest
        What is stored there.
    command : callable
        Gives, for a specification, the command that runs it again.
    """

    def __init__(self, folder: Path, manifest: Manifest, command: Callable[[RunSpecification], str]) -> None:
        self.folder = folder
        self.manifest = manifest
        self._command = command

    def begin(self, fresh: bool) -> None:
        """Write the manifest; forget every stored row before it if asked to start afresh."""
        if fresh:
            for name in TABLES:
                replace_parts(self.folder / name, None, self.manifest.model)
        write_manifest(self.folder, self.manifest)

    def stored(self) -> set[tuple[str, str]]:
        """Return (scenario, run_id) of every run that is stored and complete."""
        rows = read_parts(self.folder / "runs", self.manifest.model, ("scenario", "run_id"))
        if rows is None:
            return set()
        return set(zip(rows["scenario"].to_pylist(), rows["run_id"].to_pylist(), strict=True))

    def has_rows_of_other_code(self) -> bool:
        """Whether runs are stored that another version of the model made."""
        return made_by_others(self.folder / "runs", self.manifest.model)

    def write(self, ended: Sequence[Ended]) -> None:
        """Write outcomes as one part of each table that they have rows for, in an order of their own."""
        in_order = sorted(ended, key=lambda each: (each[0].scenario.name, each[0].replicate, each[0].run_id))
        tables = tables_of(in_order, self._command)
        for name in WRITTEN:
            if name in tables:
                write_part(self.folder / name, tables[name], self.manifest.model)

    def merge(self) -> None:
        """Merge parts so that every key stands once; drop rows of other code and failures made good."""
        stored = self.stored()
        for name in TABLES:
            folder = self.folder / name
            paths = part_paths(folder)
            rows = read_parts(folder, self.manifest.model)
            if rows is None:
                remove(paths)
                continue
            kept = merged(name, rows, stored)
            if len(paths) > 1 or kept.num_rows != rows.num_rows:
                replace_parts(folder, kept, self.manifest.model)


def merged(name: str, rows: pa.Table, stored: set[tuple[str, str]]) -> pa.Table:
    """Return the rows of a table once each, in an order that does not depend on when they were written."""
    if name == "failures":
        rows = _not_made_good(rows, stored)
    return without_duplicates(rows, KEYS[name]).sort_by([(column, "ascending") for column in SORTED_BY[name]])


def _not_made_good(rows: pa.Table, stored: set[tuple[str, str]]) -> pa.Table:
    keys = zip(rows["scenario"].to_pylist(), rows["run_id"].to_pylist(), strict=True)
    return rows.filter(pa.array([key not in stored for key in keys], pa.bool_()))
