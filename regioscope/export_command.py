"""``regioscope export``: stored results as CSV files, with a codebook of their columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.results import Results

__all__ = ["export"]

CODEBOOK = "columns.csv"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results.")],
    csv: Annotated[Path, typer.Option("--csv", metavar="FOLDER", help="Folder for the CSV files.")],
) -> None:
    """Write stored results as CSV files: one for each table, and columns.csv that says what each column means.

    An undefined value is an empty cell. The contrasts of a comparison are written too.
    """
    from experiments.output_folder import TABLES
    from experiments.results import open_results

    results = open_results(folder)
    written = [_write(csv / f"{name}.csv", results.table(name)) for name in TABLES]
    contrasts = _contrasts(results)
    if contrasts is not None:
        written.append(_write(csv / "contrasts.csv", contrasts))
    written.append(_write(csv / CODEBOOK, _codebook(results, contrasts)))
    for path, rows in written:
        print(f"{path}  {rows} row{'s' if rows != 1 else ''}")


def _write(path: Path, table: pa.Table) -> tuple[Path, int]:
    """Write a table whole or not at all."""
    from pyarrow import csv

    from experiments.output_folder import cannot_write

    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        csv.write_csv(table, unfinished, csv.WriteOptions(quoting_style="needed"))
        unfinished.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        if path.parent.is_dir():
            unfinished.unlink(missing_ok=True)
    return path, table.num_rows


def _contrasts(results: Results) -> pa.Table | None:
    """Every indicator of every arm against the reference; None where there is a single arm."""
    import pandas as pd
    import pyarrow as pa

    from analysis.contrasts import contrast
    from simulation.indicator_definitions import INDICATOR_NAMES

    others = [arm for arm in results.arms if arm != results.reference]
    if not others:
        return None
    frames = [contrast(results, arm, indicators=INDICATOR_NAMES) for arm in others]
    return pa.Table.from_pandas(pd.concat(frames), preserve_index=False)


def _codebook(results: Results, contrasts: pa.Table | None) -> pa.Table:
    import pyarrow as pa

    from experiments.output_folder import TABLES
    from regioscope.codebook import meaning_of

    columns = [(name, column) for name in TABLES for column in results.table(name).column_names]
    columns += [("contrasts", column) for column in (contrasts.column_names if contrasts else ())]
    rows = [(table, column, *meaning_of(table, column)) for table, column in columns]
    names = ("table", "column", "unit", "meaning")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
