"""What ``regioscope run`` prints: the months of one run, or the spread of several, and where it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from experiments.computation import Tally
from experiments.headline_indicators import HEADLINES, Spread, spreads
from experiments.replication import Request
from experiments.results import Results
from experiments.specification import HORIZONS
from regioscope.month_table import LEGEND, month_table
from regioscope.partnership_history import calendar_month, events
from regioscope.terminal import WIDTH, results_console
from simulation.indicator_definitions import INDICATOR_NAMES, INDICATORS
from simulation.scenario import Scenario

__all__ = ["print_report", "report_as_json"]

UNDEFINED = "–"
HORIZON_TITLES = {
    "end": "programme end",
    "plus12": "12 months later",
    "plus24": "24 months later",
    "last": "last month",
}
DEFINITIONS = {indicator.name: indicator for indicator in INDICATORS}


def print_report(request: Request, results: Results, tally: Tally) -> None:
    """Print the results of a request for a person."""
    console = results_console()
    runs = _asked_for(results.table("runs"), request)
    console.print(_heading(request, runs))
    if runs.num_rows == 1:
        _print_single(console, request, results)
    elif runs.num_rows:
        _print_horizons(console, request, results)
    stored = "run" if runs.num_rows == 1 else "runs"
    where = Text.assemble(f"{runs.num_rows} {stored} stored in ", (str(results.folder), "bold"))
    console.print(where, soft_wrap=True)


def _heading(request: Request, runs: pa.Table) -> Text:
    scenario = request.scenario
    last = calendar_month(scenario.start, scenario.months)
    several = len(request.replicates) > 1
    which = f"{runs.num_rows} replicates" if several else f"replicate {request.replicates[0]}"
    about = f"{scenario.name}, {scenario.start} to {last}, seed {request.seed}, {which}"
    changes = "".join(f"\n  {key} = {value}" for key, value in request.factors.items())
    return Text.assemble((scenario.title, "bold"), "\n", (about, "dim"), (changes, "dim"))


def _asked_for(table: pa.Table, request: Request) -> pa.Table:
    """Return the rows of the runs that were asked for, which may be fewer than are stored."""
    if not table.num_rows:
        return table
    wanted = pa.array([each.run_id for each in request.specifications()], pa.string())
    named = pc.equal(table["scenario"], request.scenario.name)
    return table.filter(pc.and_(pc.is_in(table["run_id"], value_set=wanted), named))


def _single_series(request: Request, results: Results) -> dict[str, list[float | None]]:
    table = _asked_for(results.table("series"), request)
    return {name: table[name].to_pylist() for name in INDICATOR_NAMES}


def _print_single(console: Console, request: Request, results: Results) -> None:
    scenario = request.scenario
    series = _single_series(request, results)
    console.print()
    console.print(month_table(series, scenario, roomy=console.width >= WIDTH))
    console.print(LEGEND)
    console.print("\n[bold]What happened[/bold]")
    for date, sentence in _events(series, scenario):
        console.print(f"  [cyan]{date}[/cyan]  {sentence}")
    _print_horizons(console, request, results)


def _events(series: Mapping[str, Sequence[float | None]], scenario: Scenario) -> list[tuple[str, str]]:
    needs_agreement = scenario.partnership.decision != "none"
    return events(series, scenario.start, needs_agreement, scenario.programme_end_month)


def _print_horizons(console: Console, request: Request, results: Results) -> None:
    table = _asked_for(results.table("horizons"), request)
    title = "What is left when the money ends"
    if not table.num_rows:
        end = calendar_month(request.scenario.start, request.scenario.programme_end_month)
        title = f"At the end of the run, before the programme's end ({end})"
        runs = _asked_for(results.table("runs"), request)
        table = runs.append_column("horizon", pa.array(["last"] * runs.num_rows, pa.string()))
    console.print(f"\n[bold]{title}[/bold]")
    console.print(_horizon_table(spreads(table, HEADLINES), request))
    console.print(Text(_reading(request), style="dim"))


def _reading(request: Request) -> str:
    """How to read the numbers, and what they do not say."""
    several = (
        'Median over replicates (5 to 95 % of them; "in 3": defined in 3 runs): the luck of the draw under one set of '
        "assumptions, not the range of what may be true. "
    )
    return (
        f"{several if len(request.replicates) > 1 else ''}Counts run from month 1; {UNDEFINED} is undefined. keur: "
        f"thousand euro of {request.scenario.price_year}, joining costs, fees and meetings included. The cost of an "
        "innovation is gross: all public cost over the innovations that the programme made.\n"
    )


def _horizon_table(by_horizon: Mapping[str, Mapping[str, Spread]], request: Request) -> Table:
    scenario = request.scenario
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("indicator", no_wrap=True)
    for name in by_horizon:
        month = scenario.months if name == "last" else scenario.programme_end_month + HORIZONS[name]
        date = calendar_month(scenario.start, month)
        table.add_column(f"{HORIZON_TITLES[name]}\n{date}", justify="right", overflow="fold")
    for name in HEADLINES:
        cells = [_spread_text(name, by_horizon[horizon][name]) for horizon in by_horizon]
        if any(cell != UNDEFINED for cell in cells):
            table.add_row(f"{name} %" if _is_share(name) else name, *cells)
    return table


def _is_share(name: str) -> bool:
    return DEFINITIONS[name].unit == "1"


def _spread_text(name: str, spread: Spread) -> str:
    if spread.median is None or spread.p05 is None or spread.p95 is None:
        return UNDEFINED
    if spread.runs == 1:
        return number(name, spread.median)
    seldom = "" if spread.defined == spread.runs else f" in {spread.defined}"
    return f"{number(name, spread.median)} ({number(name, spread.p05)}–{number(name, spread.p95)}){seldom}"


def number(name: str, value: float) -> str:
    """Return a value of an indicator for a person: shares in per cent, large numbers shortened."""
    if _is_share(name):
        return f"{100 * value:.0f}"
    if abs(value) >= 1e6:
        return f"{value / 1e6:.2f}M"
    if abs(value) >= 1e5:
        return f"{value / 1e3:.0f}k"
    return f"{value:,.0f}" if abs(value) >= 10 or float(value).is_integer() else f"{value:.1f}"


def report_as_json(request: Request, results: Results, tally: Tally) -> str:
    """Return the summary for a program, with every indicator at each horizon."""
    runs = _asked_for(results.table("runs"), request)
    horizons = spreads(_asked_for(results.table("horizons"), request), INDICATOR_NAMES)
    summary: dict[str, Any] = {
        "scenario": request.scenario.name,
        "title": request.scenario.title,
        "start": request.scenario.start,
        "months": request.scenario.months,
        "seed": request.seed,
        "overrides": dict(request.factors),
        "runs": runs.num_rows,
        "kept": tally.kept,
        "computed": tally.computed,
        "failed": [
            {"replicate": each.replicate, "message": failed.message, "command": request.command(each)}
            for each, failed in tally.failed
        ],
        "horizons": {
            horizon: {
                "month": results.manifest.scenarios[request.scenario.name]["horizons"][horizon],
                "indicators": {name: asdict(spread) for name, spread in by_name.items()},
            }
            for horizon, by_name in horizons.items()
        },
        "out": str(results.folder),
    }
    if runs.num_rows == 1:
        series = _single_series(request, results)
        summary["events"] = [{"month": date, "event": text} for date, text in _events(series, request.scenario)]
    return json.dumps(summary, indent=2, ensure_ascii=False, default=str)
