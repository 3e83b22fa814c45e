"""Keeping results: a manifest and tables of Parquet parts, safe at any moment and never counted twice.

What a run measured is written before its row in ``runs``, so that a run that is listed is complete.
Readers drop duplicates; :meth:`Store.merge` removes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

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
from experiments.result_tables import KEYS, OF_A_RUN, SORTED_BY, Ended, repeated, tables_of
from experiments.specification import RunSpecification

__all__ = ["Store", "merged", "stored_runs"]

WRITTEN = (*OF_A_RUN, "failures", "runs")
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
        return stored_runs(self.folder, self.manifest.model)

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

    def repeat(self, specifications: Sequence[RunSpecification], holders: Mapping[str, str]) -> None:
        """Write what is stored of runs under another name too.

        Parameters
        ----------
        specifications : sequence of RunSpecification
            The runs under the names that want them.
        holders : mapping of str to str
            By ``run_id``, a name under which the run is stored.
        """
        if not specifications:
            return
        wanted = pa.array([each.run_id for each in specifications], pa.string())
        for name in (*OF_A_RUN, "runs"):
            rows = read_parts(self.folder / name, self.manifest.model)
            if rows is not None:
                rows = merged(name, rows.filter(pc.is_in(rows["run_id"], value_set=wanted)), set())
                copies = [repeated(name, rows, each, holders[each.run_id]) for each in specifications]
                write_part(self.folder / name, pa.concat_tables(copies), self.manifest.model)

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


def stored_runs(folder: Path, model: str) -> set[tuple[str, str]]:
    """Return (scenario, run_id) of every run in a folder that is stored and complete."""
    rows = read_parts(folder / "runs", model, ("scenario", "run_id"))
    return set() if rows is None else set(_keys(rows))


def merged(name: str, rows: pa.Table, stored: set[tuple[str, str]]) -> pa.Table:
    """Return the rows of a table once each, in an order that does not depend on when they were written.

    Parameters
    ----------
    name : str
        The table.
    rows : pyarrow.Table
        At least the columns by which a row is known and sorted.
    stored : set of (str, str)
        (scenario, run_id) of the runs that are stored: their failures are forgotten.
    """
    if name == "failures":
        rows = rows.filter(pa.array([key not in stored for key in _keys(rows)], pa.bool_()))
    return without_duplicates(rows, KEYS[name]).sort_by([(column, "ascending") for column in SORTED_BY[name]])


def _keys(rows: pa.Table) -> list[tuple[str, str]]:
    return list(zip(rows["scenario"].to_pylist(), rows["run_id"].to_pylist(), strict=True))
