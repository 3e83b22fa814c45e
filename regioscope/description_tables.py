"""The description of the model for a person."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from regioscope.terminal import results_console

__all__ = ["print_description"]

BOUND_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "min_length": "length ≥", "max_length": "length ≤"}


def print_description(found: dict[str, Any]) -> None:
    """Print what :func:`regioscope.describe_command.description` returns."""
    console = results_console()
    console.print(_schedule(found))
    console.print("\n[bold]Parameters, with their value in baseline[/bold]\n")
    for each in found["parameters"]:
        console.print(_parameter(each))
    for table in (_indicators(found), *_places(found), *_tables(found)):
        console.print()
        console.print(table)
    console.print(f"\nAn SME takes {found['bytes_per_sme']} bytes of state, its half of its ties included")


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("key", "indicator", "column"))
    return table


def _schedule(found: dict[str, Any]) -> Table:
    table = _table("The month, in order", "", "stage", "what happens")
    for number, stage in enumerate(found["schedule"], 1):
        table.add_row(str(number), stage["stage"], stage["meaning"])
    return table


def _parameter(each: dict[str, Any]) -> Group:
    unit = "" if each["unit"] == "1" else f" {each['unit']}"
    bounds = ", ".join(f"{BOUND_SIGNS[name]} {bound:g}" for name, bound in each["bounds"].items())
    evidence = ": ".join(part for part in (each["mark"], each["source"]) if part)
    rest = "; ".join(part for part in (each["meaning"], bounds, evidence) if part)
    heading = Text.assemble((each["key"], "cyan"), f" = {_short(each['value'])}{unit}")
    return Group(heading, Padding(Text(rest, style="dim"), (0, 0, 0, 4)))


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 50 else f"{text[:47]}..."


def _indicators(found: dict[str, Any]) -> Table:
    table = _table("Indicators", "indicator", "unit", "wanted", "code", "definition")
    for each in found["indicators"]:
        code = each["common_indicator"] or ""
        checked = "" if not code or each["code_checked"] else " (unchecked)"
        table.add_row(each["name"], each["unit"], each["direction"], f"{code}{checked}", each["definition"])
    return table


def _places(found: dict[str, Any]) -> list[Table]:
    """What results hold of regions, between them, and of a sample of the network."""
    titles = {
        "regional_indicators": "Of a region: results' table regions, at the end of each year and of the run",
        "flow_indicators": "Between two regions, or inside one: results' table flows, at the end of the run",
        "network_columns": "Ties of a sample: results' table network, at the end of replicate 0",
    }
    made = []
    for name, title in titles.items():
        table = _table(title, "column", "unit", "definition")
        for each in found[name]:
            table.add_row(each["name"], each["unit"], each["definition"])
        made.append(table)
    return made


def _tables(found: dict[str, Any]) -> list[Table]:
    made = []
    for each in found["tables"]:
        title = f"Table {each['name']}: {each['row']}, {each['bytes_per_row']} bytes a row"
        table = _table(title, "column", "type", "unit", "meaning")
        for column in each["columns"]:
            shape = f" × {column['shape'][0]}" if column["shape"] else ""
            table.add_row(column["name"], f"{column['type']}{shape}", column["unit"], column["meaning"])
        made.append(table)
    return made
