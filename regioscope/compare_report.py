"""What ``regioscope compare`` prints: cost first, then differences with their intervals, then how to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from analysis.additionality import additionality, cost_per_additional_innovation
from analysis.contrasts import contrast, first_and_latest
from analysis.wording import ARM_WORDS, HORIZON_TITLES, HORIZON_WORDS, kind_of, scenario_arms, short_names
from regioscope.compare_sentences import COST_PARTS, cost_sentence, displacement_sentences, outcome_sentences, reading
from regioscope.compare_tables import REFERENCE_ROWS, ROWS, contrast_table, cost_table, reference_tables
from regioscope.compared_arms import market, signing_sentence, what_differs
from regioscope.partnership_history import calendar_month
from regioscope.terminal import WIDTH, results_console

if TYPE_CHECKING:
    import pandas as pd

    from experiments.results import Results

__all__ = ["print_comparison"]


def print_comparison(results: Results) -> None:
    """Print a stored comparison for a person."""
    console = results_console()
    _print_arms(console, results)
    _print_costs(console, results)
    for other in scenario_arms(results)[1:]:
        _print_contrast(console, results, other)
    for arm in scenario_arms(results):
        _print_additionality(console, results, arm)
    console.print(Text(reading(results), style="dim"))
    if len(scenario_arms(results)) == len(results.arms):
        console.print(
            "What would have come without any programme, or inside each region: add --reference to the command."
        )
    console.print(Text(f"results  {results.folder}"), soft_wrap=True)


def _print_arms(console: Console, results: Results) -> None:
    """What is compared, over which months, and what became of the partnerships."""
    about = results.manifest.scenarios
    for arm in scenario_arms(results):
        reference = "  (the reference)" if arm == results.reference else ""
        last = calendar_month(about[arm]["start"], about[arm]["months"])
        lasting = f"{about[arm]['start']} to {last}"
        console.print(Text.assemble((arm, "bold"), f"  {about[arm]['title']}, {lasting}{reference}"), soft_wrap=True)
    changes = "".join(f", {key} = {value}" for key, value in results.manifest.overrides.items())
    console.print(Text(f"{market(results)}, seed {results.manifest.seed}{changes}", style="dim"), soft_wrap=True)
    for arm in scenario_arms(results):
        sentence = signing_sentence(results, arm)
        if sentence:
            console.print(Text(sentence))
    for arm in scenario_arms(results)[1:]:
        console.print(Text(what_differs(results, arm), style="dim"))


def _print_costs(console: Console, results: Results) -> None:
    console.print("\n[bold]Do the arms cost the public the same?[/bold]")
    others = [arm for arm in results.arms if arm != results.reference]
    frames = {arm: contrast(results, arm, indicators=["public_cost_keur", *COST_PARTS]) for arm in others}
    first = next((horizon for frame in frames.values() for horizon in frame["horizon"]), None)
    if first is None:
        console.print("No runs of the arms are stored that could be paired.")
        return
    console.print(Text(f"Mean public cost {HORIZON_WORDS[first]}, since month 1:"))
    at_first = {arm: _at(frame, first) for arm, frame in frames.items() if first in set(frame["horizon"])}
    console.print(cost_table(at_first, results.reference, _is_roomy(console)))
    several = len(scenario_arms(results)) > 1
    console.print()
    for arm in at_first:
        if kind_of(results, arm) == "scenario" or not several:
            reached = first_and_latest(frames[arm])
            console.print(Text(cost_sentence({name: _at(frames[arm], name) for name in reached}, results)))
            for sentence in outcome_sentences(results, arm, reached[-1]):
                console.print(Text(sentence))
    kinds = {kind_of(results, arm) for arm in results.arms}
    for kind in [each for each in ARM_WORDS if each in kinds]:
        console.print(Text(f"{kind}: {ARM_WORDS[kind]}", style="dim"))


def _at(frame: pd.DataFrame, horizon: str) -> pd.DataFrame:
    return frame[frame["horizon"] == horizon].set_index("indicator", drop=False)


def _is_roomy(console: Console) -> bool:
    return console.width >= WIDTH


def _print_contrast(console: Console, results: Results, other: str) -> None:
    frame = contrast(results, other, indicators=[name for name, _ in ROWS])
    reached = first_and_latest(frame)
    names = short_names(results)
    if not reached:
        console.print(f"\nNo pair of runs of {other} and {results.reference} is stored at a horizon that both reach.")
    for horizon in reached:
        rows = _at(frame, horizon)
        _print_when(console, results, rows, horizon, HORIZON_TITLES[horizon])
        console.print(contrast_table(rows, names[results.reference], names[other], _is_roomy(console)))
    console.print()
    for sentence in displacement_sentences(results, other, results.reference, reached[-1]) if reached else ():
        console.print(Text(sentence))


def _print_when(console: Console, results: Results, rows: pd.DataFrame, horizon: str, title: str) -> None:
    """Print the heading of a table, with the dates of both arms where they are not the same."""
    arms = rows["reference"].iloc[0], rows["other"].iloc[0]
    months = int(rows["month"].iloc[0]), int(rows["other_month"].iloc[0])
    starts = [results.manifest.scenarios[arm]["start"] for arm in arms]
    dates = [calendar_month(start, month) for start, month in zip(starts, months, strict=True)]
    when = dates[0] if len(set(dates)) == 1 else f"{dates[0]} in {arms[0]}, {dates[1]} in {arms[1]}"
    pairs = f"{rows['runs'].max()} pair{'s' if rows['runs'].max() != 1 else ''}"
    console.print(Text.assemble("\n", (f"{title} ({when}), {pairs} of runs", "bold")))
    if months[0] != months[1]:
        console.print(
            Text(
                f"Attention: this is month {months[0]} of {arms[0]} and month {months[1]} of {arms[1]}: counts and "
                "money run over unequal times, so a difference is not the policy's alone."
            )
        )


def _print_additionality(console: Console, results: Results, arm: str) -> None:
    frame = additionality(results, indicators=list(REFERENCE_ROWS))
    frame = frame[frame["other"] == arm]
    if frame.empty:
        return
    horizon = first_and_latest(frame)[-1]
    rows = frame[frame["horizon"] == horizon]
    _print_when(console, results, rows, horizon, f"What {arm} adds: {HORIZON_TITLES[horizon].lower()}")
    for table in reference_tables(rows, console.width):
        console.print(table)
    console.print()
    cost = cost_per_additional_innovation(results, arm, horizon)
    if cost is not None and cost.ratio is not None and cost.low is not None and cost.high is not None:
        bounds = f"{cost.low:,.0f} to {cost.high:,.0f}"
        console.print(
            Text(
                f"Public cost for each innovation that would not have come without the programme, whoever made it: "
                f"{cost.ratio:,.0f} keur ({bounds})."
            )
        )
    for reference in dict.fromkeys(rows["reference"]):
        if kind_of(results, reference) == "separate":
            for sentence in displacement_sentences(results, arm, reference, horizon):
                console.print(Text(sentence))
