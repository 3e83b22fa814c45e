"""The tables that ``regioscope compare`` prints; where there are less than 100 columns they show less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.difference_text import (
    difference_text,
    interval_text,
    label,
    marked,
    mean_text,
    share_text,
    with_digits,
)
from regioscope.compare_sentences import COST_PARTS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REFERENCE_ROWS", "ROWS", "contrast_table", "cost_table", "reference_tables"]

ROWS = (
    ("smes_registered", 0),
    ("introductions", 0),
    ("introductions_cross_border", 1),
    ("collaborations", 0),
    ("collaborations_programme", 1),
    ("collaborations_other", 1),
    ("collaborations_cross_border", 1),
    ("collaborations_domestic", 1),
    ("cooperation_share", 0),
    ("innovations_commercialised", 0),
    ("innovations_programme", 1),
    ("innovations_other", 1),
    ("innovations_cross_border", 1),
    ("innovations_domestic", 1),
    ("public_cost_keur", 0),
    ("public_cost_per_innovation_keur", 0),
    ("partnership_members", 0),
    ("engagement_mean", 0),
    ("intermediary_skill", 0),
)
"""Indicators in the order of the table, with their indentation: a part stands below its total."""

REFERENCE_ROWS = ("public_cost_keur", "smes_registered", *(name for name, _ in ROWS[3:14]))
"""Indicators of what a scenario adds to its reference arms: what it costs first."""

DIFFERENCE = "difference\n(95 % interval)"
DEPTHS = dict(ROWS)
LONGEST_HEADING = 9


def cost_table(by_arm: Mapping[str, pd.DataFrame], reference: str, roomy: bool) -> Table:
    """Return the public cost of each arm and its parts at one horizon, with the difference from the reference.

    Parameters
    ----------
    by_arm : mapping of str to pandas.DataFrame
        For each arm but the reference, contrasts of the public cost and its parts with it, by indicator.
    reference : str
        The arm that the others are compared with.
    roomy : bool
        Whether there are 100 columns; without, the parts are left out.
    """
    parts = list(COST_PARTS) if roomy else []
    headings = {"coordination_cost_keur": "coordi-\nnation"}
    table = _table(
        "arm",
        "runs",
        "public\nkeur",
        *(headings.get(name, COST_PARTS[name]) for name in parts),
        DIFFERENCE,
        roomy=roomy,
    )
    names = ["public_cost_keur", *parts]
    for place, (arm, rows) in enumerate(by_arm.items()):
        whole: Any = rows.loc["public_cost_keur"]
        if place == 0:
            means = [with_digits(mean, 0) for mean in rows.loc[names, "reference_mean"].tolist()]
            table.add_row(reference, str(whole["runs"]), *means)
        means = [with_digits(mean, 0) for mean in rows.loc[names, "other_mean"].tolist()]
        table.add_row(arm, str(whole["runs"]), *means, _difference(whole))
    return table


def contrast_table(rows: pd.DataFrame, reference: str, other: str, roomy: bool) -> Table:
    """Return the differences of two arms at one horizon.

    Parameters
    ----------
    rows : pandas.DataFrame
        Contrasts by indicator.
    reference, other : str
        Short names of the arms.
    roomy : bool
        Whether there are 100 columns; without, the share of pairs without difference is left out.
    """
    shares = ["ahead\n%", "equal\n%"] if roomy else ["ahead\n%"]
    table = _table("indicator", reference, other, DIFFERENCE, *shares, "can\nsee", roomy=roomy)
    for name, depth in ROWS:
        row: Any = rows.loc[name]
        if not row["pairs"]:
            continue
        table.add_row(
            "  " * depth + label(row),
            mean_text(row, "reference_mean"),
            mean_text(row, "other_mean"),
            _difference(row),
            "" if row["direction"] == "neutral" else share_text(row["better"]),
            *([share_text(row["equal"])] if roomy else []),
            mean_text(row, "smallest_detectable") if row["seen"] == "not seen" else "",
        )
    return table


COMPARISONS = {
    "additionality": "additionality:\nminus no programme",
    "EU added value": "EU added value:\nminus separate regions",
    "matching by judgement": "matching:\nminus random pairs",
}


def reference_tables(rows: pd.DataFrame, width: int) -> list[Table]:
    """Return what a scenario adds to its reference arms: one table, or one for each where that is too wide.

    Parameters
    ----------
    rows : pandas.DataFrame
        Additionality of one scenario at one horizon.
    width : int
        Columns of the terminal.
    """
    present = [each for each in COMPARISONS if each in set(rows["comparison"])]
    whole = _reference_table(rows, present)
    if Console(width=10 * width).measure(whole).maximum <= width:
        return [whole]
    return [_reference_table(rows, [each]) for each in present]


def _reference_table(rows: pd.DataFrame, comparisons: Sequence[str]) -> Table:
    table = _table("indicator", *(COMPARISONS[each] for each in comparisons))
    by_comparison = rows.set_index(["comparison", "indicator"], drop=False)
    for name in REFERENCE_ROWS:
        rows_of_name: list[Any] = [by_comparison.loc[(each, name)] for each in comparisons]
        table.add_row("  " * DEPTHS[name] + label(rows_of_name[0]), *(_difference(row) for row in rows_of_name))
    return table


def _table(first: str, *headings: str, roomy: bool = True) -> Table:
    padding = (0, 1, 0, 0) if roomy else 0
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=padding)
    table.add_column(first, overflow="fold")
    for heading in headings:
        table.add_column(_in_lines(heading), justify="right", overflow="fold")
    return table


def _in_lines(heading: str) -> str:
    """Break a long name at its hyphens."""
    if "\n" in heading or len(heading) <= LONGEST_HEADING:
        return heading
    lines = [""]
    for part in heading.split("-"):
        joined = f"{lines[-1]}-{part}" if lines[-1] else part
        lines = [*lines[:-1], joined] if len(joined) <= LONGEST_HEADING or not lines[-1] else [*lines, part]
    return "-\n".join(lines)


def _difference(row: Any) -> Text:
    style = "" if row["seen"] == "not seen" else "bold"
    return Text(f"{difference_text(row)}{marked(row)} ({interval_text(row)})", style=style)
