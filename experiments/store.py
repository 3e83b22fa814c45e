"""Keeping results: a manifest and tables of Parquet parts, safe at any moment and never counted twice.

What a run measured is written before its row in ``runs``, so that a run that is listed is complete.
Readers drop duplicates; :meth:`Store.merge` removes them. Several stores may write into one folder at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from experiments.manifest import Manifest, read_manifest, write_manifest
from experiments.merging import TableOfParts
from experiments.output_folder import TABLES
from experiments.parts import made_by_others, part_paths, read_parts, remove_parts, unfinished_parts, write_part
from experiments.result_tables import OF_A_RUN, Ended, repeated, tables_of
from experiments.row_order import RUN, once_in_order
from experiments.specification import RunSpecification

__all__ = ["Store", "finished_runs", "stored_runs"]

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
    writer : str
        Letters and digits that mark the parts of this writer (``2of8``), where several write into one folder.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, command: Callable[[RunSpecification], str], writer: str = ""
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self._command = command
        self._writer = writer

    def begin(self, fresh: bool) -> None:
        """Write the manifest; forget every stored row before it if asked to start afresh."""
        if fresh:
            for name in TABLES:
                folder = self.folder / name
                remove_parts([*part_paths(folder), *unfinished_parts(folder)])
        write_manifest(self.folder, self.manifest)

    def stored(self) -> set[tuple[str, str]]:
        """Return (scenario, run_id) of every run that is stored and complete."""
        return stored_runs(self.folder, self.manifest.model)

    def has_rows_of_other_code(self) -> bool:
        """Whether runs are stored that another version of the model made."""
        return made_by_others(self.folder / "runs", self.manifest.model)

    def write(self, ended: Sequence[Ended]) -> None:
        """Write outcomes as one part of each table that they have rows for, in an order of their own."""
        in_order = sorted(ended, key=lambda each: (each[0].scenario_name, each[0].replicate, each[0].run_id))
        tables = tables_of(in_order, self._command, str(self.manifest.code["version"]))
        for name in WRITTEN:
            if name in tables:
                write_part(self.folder / name, tables[name], self.manifest.model, self._writer)

    def repeat(self, specifications: Sequence[RunSpecification], holders: Mapping[str, str]) -> None:
        """Write what is stored of runs under another name too.

        Parameters
        ----------
        specifications : sequence of RunSpecification
            The runs under the names that want them.
        holders : mapping of str to str
            By ``run_id``, a name under which the run is stored.
        """
        under_a_name: dict[tuple[str, str], list[RunSpecification]] = {}
        for each in specifications:
            under_a_name.setdefault((each.scenario_name, holders[each.run_id]), []).append(each)
        if not under_a_name:
            return
        for name in (*OF_A_RUN, "runs"):
            rows = read_parts(self.folder / name, self.manifest.model)
            if rows is not None:
                wanted = pa.array(list({each.run_id for each in specifications}), pa.string())
                rows = once_in_order(name, rows.filter(pc.is_in(rows["run_id"], value_set=wanted)))
                copies = [repeated(name, rows, same, holder) for (_, holder), same in under_a_name.items()]
                write_part(self.folder / name, pa.concat_tables(copies), self.manifest.model, self._writer)

    def merge(self) -> None:
        """Merge parts so that every key stands once; drop failures made good, and what dead writers left.

        The parts of this store's writer; where it has no name those of all, and rows of other code are dropped.
        Others may write, read and merge in the same folder meanwhile.
        """
        for name in TABLES:
            table = TableOfParts(self.folder / name, self.manifest.model, self._writer, self._finished)
            table.merge(others_go=not self._writer and self._is_still_the_model())

    def _is_still_the_model(self) -> bool:
        """Whether the folder is of this store's model: another code may have taken it over meanwhile."""
        manifest = read_manifest(self.folder)
        return manifest is not None and manifest.model == self.manifest.model

    def _finished(self) -> pa.Table:
        return finished_runs(self.folder, self.manifest.model)


def finished_runs(folder: Path, model: str) -> pa.Table:
    """Return (scenario, run_id) of every run in a folder that is stored and complete; one may stand twice."""
    rows = read_parts(folder / "runs", model, RUN)
    return pa.table({name: pa.array([], pa.string()) for name in RUN}) if rows is None else rows.select(RUN)


def stored_runs(folder: Path, model: str) -> set[tuple[str, str]]:
    """Return (scenario, run_id) of every run in a folder that is stored and complete."""
    rows = finished_runs(folder, model)
    return set(zip(rows["scenario"].to_pylist(), rows["run_id"].to_pylist(), strict=True))
