"""Merging the parts of a stored table into few large ones, while others write, read and merge there.

Parts are named in the order of time. Where several hold a run, the last of them counts. A part is deleted only
by a process that has read it whole and has seen every row of it that counts in a part whose name comes later, or has
written that part itself. The last holder of a row is therefore never deleted, whoever merges at once, and wherever
a merge is killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from experiments.parts import (
    bytes_in_memory,
    part_paths,
    read_part,
    remove_parts,
    unfinished_parts,
    write_part,
)
from experiments.result_tables import OF_A_RUN, SORTED_BY
from experiments.row_order import belong_to, of_runs, once_in_order, repeats_a_key, runs_of

__all__ = ["TableOfParts"]

FULL = 125_000_000
"""Bytes in memory from which a part is left as it is; merged ones have up to about twice as many."""

MOST_ROUNDS = 50
SECONDS_OF_A_WRITER = 3600.0
"""Age from which what an unfinished batch left is taken for that of a dead writer."""


@dataclass(frozen=True)
class Part:
    """What merging needs to know of a part.

    Attributes
    ----------
    path : Path
        Its file.
    runs : pyarrow.Table
        (scenario, run_id) of the runs that it has rows of.
    size : int
        Bytes that its rows take in memory.
    repeats : bool
        Whether a key stands in it more than once.
    """

    path: Path
    runs: pa.Table
    size: int
    repeats: bool


class TableOfParts:
    """The parts of one table, for a process that merges them.

    Parameters
    ----------
    folder : Path
        Folder of the table.
    model : str
        Digest of the model whose rows are kept.
    writer : str
        Whose parts are merged; those of all where it is empty.
    listed : callable
        Gives (scenario, run_id) of the runs that are finished at the moment.
    """

    def __init__(self, folder: Path, model: str, writer: str, listed: Callable[[], pa.Table]) -> None:
        self.folder = folder
        self._model = model
        self._writer = writer
        self._listed = listed
        self._known: dict[Path, Part] = {}

    def merge(self, others_go: bool) -> None:
        """Merge parts until there is nothing left to merge, or others go on writing for too long.

        Parameters
        ----------
        others_go : bool
            Whether parts of other models are deleted.

        Raises
        ------
        DataError
            If a part is damaged or cannot be written; every row is still there.
        """
        for _ in range(MOST_ROUNDS):
            try:
                if not self._merge_once(others_go):
                    break
            except FileNotFoundError:
                continue
        if not self._writer:
            remove_parts(unfinished_parts(self.folder, SECONDS_OF_A_WRITER))

    def _merge_once(self, others_go: bool) -> bool:
        """Merge what is listed now; say whether there was anything to do."""
        parts, of_others = self._parts()
        of_others = of_others if others_go else []
        kept = self._runs_that_count(parts)
        superseded = [part.path for part, runs in zip(parts, kept, strict=True) if not len(runs)]
        batches = [batch for batch in _batches(parts, kept) if len(batch) > 1 or not _stays(*batch[0])]
        for batch in batches:
            self._rewrite(batch)
        remove_parts([*superseded, *of_others])
        return bool(batches or superseded or of_others)

    def _parts(self) -> tuple[list[Part], list[Path]]:
        """Return the parts, oldest first, and the files of other models."""
        parts, of_others = [], []
        for path in part_paths(self.folder, self._writer):
            known = self._known.get(path) or self._look_into(path)
            if known is None:
                of_others.append(path)
            else:
                parts.append(known)
        self._known = {part.path: part for part in parts}
        return parts, of_others

    def _look_into(self, path: Path) -> Part | None:
        keys = read_part(path, self._model, SORTED_BY[self.folder.name])
        return None if keys is None else self._part(path, keys, bytes_in_memory(path))

    def _part(self, path: Path, keys: pa.Table, size: int) -> Part:
        return Part(path, runs_of(keys), size, repeats_a_key(self.folder.name, keys))

    def _runs_that_count(self, parts: Sequence[Part]) -> list[pa.Table]:
        """Return, of every part, the runs whose rows it is to keep."""
        if not parts:
            return []
        runs = pa.concat_tables([part.runs for part in parts])
        holder = np.repeat(np.arange(len(parts)), [len(part.runs) for part in parts])
        counts = self._are_the_last(runs, holder) & ~self._are_of_no_use(runs, [part.path for part in parts], holder)
        if counts.all():
            return [part.runs for part in parts]
        return [runs.filter(pa.array(counts & (holder == number))) for number in range(len(parts))]

    def _are_the_last(self, runs: pa.Table, holder: np.ndarray) -> np.ndarray:
        held = runs.append_column("holder", pa.array(holder)).append_column("row", pa.array(np.arange(len(runs))))
        newest = held.group_by(["scenario", "run_id"], use_threads=False).aggregate([("row", "max")])["row_max"]
        last = np.zeros(len(runs), bool)
        last[newest.to_numpy()] = True
        return last

    def _are_of_no_use(self, runs: pa.Table, paths: Sequence[Path], holder: np.ndarray) -> np.ndarray:
        """Failures of runs that have finished since, and what a dead writer left of a run that is not listed."""
        if self.folder.name == "failures":
            return belong_to(runs, self._listed())
        if self.folder.name not in OF_A_RUN:
            return np.zeros(len(runs), bool)
        old = np.array([time.time() - path.stat().st_mtime >= SECONDS_OF_A_WRITER for path in paths], bool)[holder]
        unlisted: np.ndarray = old & ~belong_to(runs, self._listed()) if old.any() else old
        return unlisted

    def _rewrite(self, batch: Sequence[tuple[Part, pa.Table]]) -> None:
        """Put one part in the place of several."""
        tables = []
        for part, runs in batch:
            rows = read_part(part.path, self._model)
            if rows is not None:
                tables.append(rows if len(runs) == len(part.runs) else of_runs(rows, runs))
        rows = once_in_order(self.folder.name, pa.concat_tables(tables, promote_options="permissive"))
        paths = [part.path for part, _ in batch]
        path = write_part(self.folder, rows, self._model, self._writer, after=paths)
        self._known[path] = self._part(path, rows, bytes_in_memory(path))
        remove_parts(paths)


def _stays(part: Part, runs: pa.Table) -> bool:
    """Whether every row of a part counts, once."""
    return not part.repeats and len(runs) == len(part.runs)


def _batches(parts: Sequence[Part], kept: Sequence[pa.Table]) -> Iterator[list[tuple[Part, pa.Table]]]:
    """Put parts together that are to become one; those that are full and in order stay as they are."""
    batch: list[tuple[Part, pa.Table]] = []
    size = 0
    for part, runs in zip(parts, kept, strict=True):
        if len(runs) and (part.size < FULL or not _stays(part, runs)):
            batch.append((part, runs))
            size += part.size
        if size >= FULL:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
