"""What ``regioscope compare`` prints: cost first, then differences with their intervals, then how to read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.additionality import additionality
from analysis.contrasts import contrast
from experiments.results import Results
from regioscope.compare_sentences import (
    COST_PARTS,
    LATEST_FIRST,
    cost_sentence,
    displacement_sentences,
    in_the_place_of_others,
    reading,
    signing_sentence,
)
from regioscope.difference_text import (
    difference_text,
    interval_text,
    label,
    marked,
    mean_text,
    share_text,
    short_names,
    with_digits,
)
from regioscope.partnership_history import calendar_month
from regioscope.terminal import results_console

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ROWS", "print_comparison"]

ROWS = (
    ("smes_registered", 0),
    ("introductions", 0),
    ("introductions_cross_border", 1),
    ("collaborations", 0),
    ("collaborations_programme", 1),
    ("collaborations_other", 1),
    ("collaborations_cross_border", 1),
    ("cooperation_share", 0),
    ("innovations_commercialised", 0),
    ("innovations_programme", 1),
    ("innovations_other", 1),
    ("innovations_cross_border", 1),
    ("public_cost_keur", 0),
    ("public_cost_per_innovation_keur", 0),
    ("partnership_members", 0),
    ("engagement_mean", 0),
    ("intermediary_skill", 0),
)
"""Indicators in the order of the table, with their indentation: a part stands below its total."""

DEPTHS = dict(ROWS)

REFERENCE_ROWS = (
    "smes_registered",
    "collaborations",
    "collaborations_programme",
    "collaborations_other",
    "collaborations_cross_border",
    "innovations_commercialised",
    "innovations_programme",
    "innovations_other",
    "innovations_cross_border",
    "public_cost_keur",
)
DIFFERENCE = "difference (95 % interval)"

HORIZON_TITLES = {
    "end": "At the end of the programme",
    "plus12": "12 months later",
    "plus24": "24 months later",
    "last": "In the last month, before the programme's end",
}
SHOWN_HORIZONS = ("end", "plus24", "last")


def print_comparison(results: Results, figures: Sequence[Path]) -> None:
    """Print a stored comparison for a person.

    Parameters
    ----------
    results : Results
        Of a comparison.
    figures : sequence of Path
        The figures that were written; the paired differences are named last.
    """
    console = results_console()
    _print_arms(console, results)
    others = [arm for arm in scenario_arms(results) if arm != results.reference]
    names = short_names(scenario_arms(results))
    for other in others:
        _print_contrast(console, results, other, names)
    _print_reference_arms(console, results)
    console.print(Text(reading(results), style="dim"))
    console.print(Text(f"results  {results.folder}"), soft_wrap=True)
    pictures = [path for path in figures if path.suffix == ".png"]
    for path in sorted(pictures, key=lambda each: each.stem.startswith("differences")):
        console.print(Text.assemble("figure   ", (str(path), "bold")), soft_wrap=True)


def scenario_arms(results: Results) -> list[str]:
    """Return the arms that are scenarios, the reference first."""
    return [arm for arm in results.arms if results.manifest.scenarios[arm]["kind"] == "scenario"]


def _print_arms(console: Console, results: Results) -> None:
    """What is compared, and for how much public money."""
    about = results.manifest.scenarios
    for arm in scenario_arms(results):
        reference = "  (the reference)" if arm == results.reference else ""
        console.print(Text.assemble((arm, "bold"), f"  {about[arm]['title']}", reference), soft_wrap=True)
    first = about[results.reference]
    last = calendar_month(first["start"], first["months"])
    changes = "".join(f", {key} = {value}" for key, value in results.manifest.overrides.items())
    pairs = f"{results.manifest.replicates} runs of each arm asked for"
    console.print(Text(f"{first['start']} to {last}, seed {results.manifest.seed}{changes}, {pairs}", style="dim"))
    for arm in scenario_arms(results):
        sentence = signing_sentence(results, arm)
        if sentence:
            console.print(Text(sentence))
    console.print("\n[bold]Do the arms cost the public the same?[/bold]")
    _print_costs(console, results)


def _print_costs(console: Console, results: Results) -> None:
    names = ["public_cost_keur", *COST_PARTS]
    frames = {arm: contrast(results, arm, indicators=names) for arm in results.arms}
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("arm", no_wrap=True)
    for heading in ("runs", "public\nkeur", "grants", "services", "coordi-\nnation", DIFFERENCE):
        table.add_column(heading, justify="right", no_wrap=True)
    sentences = []
    for arm, frame in frames.items():
        horizon = next((each for each in SHOWN_HORIZONS if each in set(frame["horizon"])), None)
        if horizon is None:
            continue
        rows = frame[frame["horizon"] == horizon].set_index("indicator")
        whole = rows.loc["public_cost_keur"]
        means = [with_digits(float(rows.loc[name, "other_mean"]), 0) for name in names]
        compared = "" if arm == results.reference else f"{difference_text(whole)} ({interval_text(whole)})"
        table.add_row(arm, str(whole["runs"]), *means, compared)
        if arm != results.reference and arm in scenario_arms(results):
            sentences.append(cost_sentence(rows, horizon))
    console.print(table)
    for sentence in sentences:
        console.print(sentence)
    kinds = {about["kind"] for about in results.manifest.scenarios.values()}
    for kind in [each for each in KINDS if each in kinds]:
        console.print(Text(f"{kind}: {KINDS[kind]}", style="dim"))


KINDS = {
    "none": "the same regions and firms without any programme",
    "separate": "calls and services with the same budgets inside each region, no partnership, nothing seen across",
    "random": "introductions at random among those seen, as many as otherwise",
}


def _print_contrast(console: Console, results: Results, other: str, names: dict[str, str]) -> None:
    frame = contrast(results, other, indicators=[name for name, _ in ROWS])
    if frame.empty:
        console.print(f"\nNo pair of runs of {other} and {results.reference} is stored.")
    for horizon in [each for each in SHOWN_HORIZONS if each in set(frame["horizon"])]:
        rows = frame[frame["horizon"] == horizon].set_index("indicator")
        console.print(f"\n[bold]{_when(results, rows, horizon)}[/bold]")
        console.print(_contrast_table(rows, names[results.reference], names[other]))
    for sentence in displacement_sentences(results, other, results.reference):
        console.print(Text(sentence))


def _when(results: Results, rows: pd.DataFrame, horizon: str) -> str:
    start = results.manifest.scenarios[results.reference]["start"]
    return f"{HORIZON_TITLES[horizon]} ({calendar_month(start, int(rows['month'].iloc[0]))})"


def _contrast_table(rows: pd.DataFrame, reference: str, other: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("indicator", no_wrap=True)
    for heading in (reference, other, DIFFERENCE, "ahead\n%", "equal\n%", "could\nsee"):
        table.add_column(heading, justify="right", overflow="fold", no_wrap=heading == DIFFERENCE)
    for name, depth in ROWS:
        row = rows.loc[name]
        if not row["pairs"]:
            continue
        table.add_row(
            "  " * depth + label(name),
            mean_text(row, "reference_mean"),
            mean_text(row, "other_mean"),
            _difference_cell(row),
            share_text(row["better"]),
            share_text(row["equal"]),
            mean_text(row, "smallest_detectable") if row["seen"] == "not seen" else "",
        )
    return table


def _print_reference_arms(console: Console, results: Results) -> None:
    frame = additionality(results, indicators=list(REFERENCE_ROWS))
    if frame.empty:
        return
    horizon = next(each for each in LATEST_FIRST if each in set(frame["horizon"]))
    for arm in dict.fromkeys(frame["other"]):
        rows = frame[(frame["other"] == arm) & (frame["horizon"] == horizon)]
        console.print(f"\n[bold]What {arm} adds: {_when(results, rows, horizon).lower()}[/bold]")
        console.print(_reference_table(rows))
        for sentence in in_the_place_of_others(rows):
            console.print(Text(sentence))


COMPARISONS = {
    "additionality": "additionality:\nminus no programme",
    "EU added value": "EU added value:\nminus separate regions",
    "matching by judgement": "matching:\nminus random pairs",
}


def _reference_table(rows: pd.DataFrame) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("indicator", no_wrap=True)
    present = [each for each in COMPARISONS if each in set(rows["comparison"])]
    for each in present:
        table.add_column(COMPARISONS[each], justify="right")
    by_comparison = rows.set_index(["comparison", "indicator"])
    for name in REFERENCE_ROWS:
        cells = []
        for each in present:
            row = by_comparison.loc[(each, name)]
            cells.append(_difference_cell(row))
        table.add_row("  " * DEPTHS[name] + label(name), *cells)
    return table


def _difference_cell(row: Any) -> Text:
    return Text(
        f"{difference_text(row)}{marked(row)} ({interval_text(row)})", style="" if marked(row) == " " else "bold"
    )
