"""``regioscope export``: stored results as CSV files, with a codebook of their columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.results import Results

__all__ = ["export"]


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results.")],
    csv: Annotated[Path, typer.Option("--csv", metavar="FOLDER", help="Folder for the CSV files.")],
) -> None:
    """Write stored results as CSV files: one for each table, and columns.csv that says what each column means.

    An undefined value is an empty cell. What each arm is goes into arms.csv; of a comparison contrasts.csv holds
    the arms minus the reference, additionality.csv the scenarios minus their reference arms.
    """
    from experiments.output_folder import TABLES
    from experiments.results import open_results

    results = open_results(folder)
    tables = {name: results.table(name) for name in TABLES} | _derived(results)
    tables["columns"] = _codebook(tables)
    for name, table in tables.items():
        path = csv / f"{name}.csv"
        _write(path, table)
        print(f"{path}  {table.num_rows} row{'s' if table.num_rows != 1 else ''}")


def _write(path: Path, table: pa.Table) -> None:
    """Write a table whole or not at all."""
    from pyarrow import csv

    from experiments.output_folder import cannot_write

    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        csv.write_csv(table, unfinished, csv.WriteOptions(quoting_style="needed"))
        unfinished.replace(path)
    except OSError as error:
        raise cannot_write(path, error, "name another folder with --csv; the results are as they were") from None
    finally:
        if path.parent.is_dir():
            unfinished.unlink(missing_ok=True)


def _derived(results: Results) -> dict[str, pa.Table]:
    """What is worked out of the results: what each arm is, and of a comparison contrasts and additionality."""
    import pandas as pd
    import pyarrow as pa

    from analysis.additionality import additionality
    from analysis.contrasts import ALL_INDICATORS, contrast

    derived = {"arms": _arms(results)}
    others = [arm for arm in results.arms if arm != results.reference]
    if others:
        contrasts = pd.concat([contrast(results, arm, indicators=ALL_INDICATORS) for arm in others])
        derived["contrasts"] = pa.Table.from_pandas(contrasts, preserve_index=False)
        added = additionality(results, indicators=ALL_INDICATORS)
        derived["additionality"] = pa.Table.from_pandas(added, preserve_index=False)
    return derived


def _arms(results: Results) -> pa.Table:
    import json

    import pyarrow as pa

    about = results.manifest.scenarios
    columns = {
        "scenario": list(about),
        "kind": [each["kind"] for each in about.values()],
        "of": [" ".join(each["of"]) for each in about.values()],
        "title": [each["title"] for each in about.values()],
        "start": [each["start"] for each in about.values()],
        "months": [each["months"] for each in about.values()],
        "programme_end_month": [each["programme_end_month"] for each in about.values()],
        "settings": [json.dumps(each["settings"], default=str) for each in about.values()],
    }
    return pa.table(columns)


def _codebook(tables: dict[str, pa.Table]) -> pa.Table:
    import pyarrow as pa

    from regioscope.codebook import meaning_of

    columns = [(name, column) for name, table in tables.items() for column in table.column_names]
    rows = [(table, column, *meaning_of(table, column)) for table, column in columns]
    names = ("table", "column", "unit", "meaning")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
