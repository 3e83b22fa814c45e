"""What ``regioscope compare`` prints: cost first, then differences with their intervals, then how to read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
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
from regioscope.compare_tables import REFERENCE_ROWS, ROWS, contrast_table, cost_table, reference_tables
from regioscope.difference_text import short_names
from regioscope.partnership_history import calendar_month
from regioscope.terminal import WIDTH, results_console

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["print_comparison"]

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
    by_arm = {}
    for arm in results.arms:
        frame = contrast(results, arm, indicators=["public_cost_keur", *COST_PARTS])
        horizon = next((each for each in SHOWN_HORIZONS if each in set(frame["horizon"])), None)
        if horizon is not None:
            by_arm[arm] = frame[frame["horizon"] == horizon].set_index("indicator")
    console.print(cost_table(by_arm, results.reference, _is_roomy(console)))
    for arm in [each for each in scenario_arms(results) if each in by_arm and each != results.reference]:
        console.print(Text(cost_sentence(by_arm[arm])))
    kinds = {about["kind"] for about in results.manifest.scenarios.values()}
    for kind in [each for each in KINDS if each in kinds]:
        console.print(Text(f"{kind}: {KINDS[kind]}", style="dim"))


def _is_roomy(console: Console) -> bool:
    return console.width >= WIDTH


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
        console.print(contrast_table(rows, names[results.reference], names[other], _is_roomy(console)))
    for sentence in displacement_sentences(results, other, results.reference):
        console.print(Text(sentence))


def _when(results: Results, rows: pd.DataFrame, horizon: str) -> str:
    start = results.manifest.scenarios[results.reference]["start"]
    return f"{HORIZON_TITLES[horizon]} ({calendar_month(start, int(rows['month'].iloc[0]))})"


def _print_reference_arms(console: Console, results: Results) -> None:
    frame = additionality(results, indicators=list(REFERENCE_ROWS))
    if frame.empty:
        return
    horizon = next(each for each in LATEST_FIRST if each in set(frame["horizon"]))
    for arm in dict.fromkeys(frame["other"]):
        rows = frame[(frame["other"] == arm) & (frame["horizon"] == horizon)]
        console.print(f"\n[bold]What {arm} adds: {_when(results, rows, horizon).lower()}[/bold]")
        for table in reference_tables(rows, _is_roomy(console)):
            console.print(table)
        for sentence in in_the_place_of_others(rows):
            console.print(Text(sentence))
