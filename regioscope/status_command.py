"""``regioscope status``: what stands in a folder of results, finished or still being written."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from experiments.interim import Interim
    from experiments.paired import PairedDifference
    from experiments.progress import NotedJobs, Pace, Progress
    from experiments.results import Results

__all__ = ["status"]

SAMPLES = ("lhs", "sobol")
"""Designs whose points stand evenly for the ranges of a study."""


def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say how far the runs in a folder are, and what they show so far.

    Reads what is stored and runs nothing. Safe while others write there.
    """
    from experiments.interim import interim_of
    from experiments.progress import progress_of
    from experiments.results import open_results

    results = open_results(folder)
    progress, interim = progress_of(results), interim_of(results, _indicators(results))
    if as_json:
        print(_as_json(results, progress, interim))
    else:
        _print_progress(results, progress, interim)
        _print_interim(interim)


def _indicators(results: Results) -> list[str]:
    """Return what is shown, and the indicator that the study waits for."""
    from experiments.interim import INTERIM_INDICATORS

    replicates = (results.manifest.study or {}).get("replicates")
    awaited = [replicates["until"]] if isinstance(replicates, dict) else []
    return list(dict.fromkeys([*awaited, *INTERIM_INDICATORS]))


def _print_progress(results: Results, progress: Progress, interim: Interim) -> None:
    print(f"{_what(results, progress, interim.arms)}, seed {results.manifest.seed}")
    version = results.manifest.code.get("version", "of unknown version")
    print(f"begun {results.manifest.created} by regioscope {version}")
    print(_counts(progress, interim))
    if progress.pace is not None:
        print(_pace(progress.pace))
    if progress.jobs is not None:
        print(_jobs(progress.jobs))
    for failure in progress.failures[:1]:
        print(f"the first failure, {failure.scenario}, replicate {failure.replicate}: {failure.message}")
        print(f"reproduce it with: {failure.command}")


def _what(results: Results, progress: Progress, names: Sequence[str]) -> str:
    manifest, study = results.manifest, results.manifest.study
    arms = _counted(len(names), "arm")
    replicates = _counted(progress.replicates, "replicate")
    if progress.stops_by_itself:
        replicates = f"{progress.replicates} to {progress.most_replicates} replicates"
    if not study:
        return f"{manifest.command} of {', '.join(names)}: {arms}, {replicates}"
    title = f" ({study['title']})" if study.get("title") not in (None, study["name"]) else ""
    points = _counted(int(study["points"]), "design point")
    return f"{manifest.command} of {study['name']}{title}: {arms} at {points}, {replicates}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def _counts(progress: Progress, interim: Interim) -> str:
    asked = f"{progress.asked:,}"
    if progress.stops_by_itself:
        asked = f"{asked} to {progress.cases * progress.most_replicates:,}"
    parts = [f"{progress.done:,} of {asked} runs stored"]
    if not progress.stops_by_itself and progress.done > progress.asked:
        parts = [f"{progress.done:,} runs stored, of which {asked} were asked for last"]
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if progress.missing:
        parts.append(f"{progress.missing:,} missing")
    if interim.open_points is not None:
        parts.append(f"{_counted(interim.open_points, 'design point')} without replicates enough")
    return ", ".join(parts)


def _pace(pace: Pace) -> str:
    rate = f"{pace.runs_a_minute:,.3g} runs a minute, last written {pace.seconds_since:.0f} seconds ago"
    if pace.minutes_left is None:
        return rate
    left = f"{pace.minutes_left:.0f} minutes" if pace.minutes_left < 120 else f"{pace.minutes_left / 60:.0f} hours"
    return f"{rate}; about {left if pace.minutes_left >= 1 else 'a minute'} left at that pace"


def _jobs(jobs: NotedJobs) -> str:
    where = {True: "is in the queue", False: "has left the queue", None: "was submitted; no queue answers here"}
    return f"job array {jobs.job} of {_counted(jobs.tasks, 'task')}, submitted {jobs.submitted}, {where[jobs.in_queue]}"


def _print_interim(interim: Interim) -> None:
    from regioscope.terminal import results_console

    if not interim.pairs:
        waiting = "No run is stored yet" if len(interim.arms) == 1 else "No pair of runs of all arms is stored yet"
        print(f"{waiting}.")
        return
    print(f"\n{_basis(interim)}")
    results_console().print(_table(interim))


def _basis(interim: Interim) -> str:
    """Say what the figures are means of."""
    several = len(interim.arms) > 1
    one, more = ("pair of runs", "pairs of runs") if several else ("run", "runs")
    over = f"{interim.pairs:,} {one if interim.pairs == 1 else more}"
    unit = "pair"
    if interim.is_over_points:
        own = f"each the mean of its {more}" if interim.pairs > interim.points else f"each one {one}"
        over, unit = f"{_counted(interim.points, 'design point')}, {own}", "point"
    intervals = f"; intervals of 95 % are over the {unit}s" if several else ""
    if several and interim.is_over_points and interim.design not in SAMPLES:
        intervals += f", which a design of kind {interim.design} chooses and no lot draws"
    return f"So far, at the end of the runs: means over {over}{intervals}."


def _table(interim: Interim) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("indicator", "arm"):
        table.add_column(heading, overflow="fold")
    for heading in ("mean", "difference", "95 % interval"):
        table.add_column(heading, justify="right")
    for indicator in interim.means:
        for place, row in enumerate(_rows(interim, indicator)):
            table.add_row("" if place else indicator, *map(Text, row))
    return table


def _rows(interim: Interim, indicator: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield arm, mean, difference to the reference and its interval; the reference first."""
    reference, *others = interim.arms
    means, differences = interim.means[indicator], interim.differences[indicator]
    yield reference, _number(means[reference]), "", ""
    for arm in others:
        yield arm, _number(means[arm]), *_difference(differences[arm])


def _difference(found: PairedDifference) -> tuple[str, str]:
    interval = "" if found.low is None or found.high is None else f"{_number(found.low)} to {_number(found.high)}"
    return _number(found.difference, sign="+"), interval


def _number(value: float | None, sign: str = "") -> str:
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 1000 else 2
    return f"{value:{sign},.{digits}f}"


def _as_json(results: Results, progress: Progress, interim: Interim) -> str:
    manifest = results.manifest
    about: dict[str, Any] = {
        "folder": str(results.folder),
        "command": manifest.command,
        "study": (manifest.study or {}).get("name"),
        "seed": manifest.seed,
        "created": manifest.created,
        "code_version": manifest.code.get("version"),
        "asked": progress.asked,
        "asked_at_most": progress.cases * progress.most_replicates,
        **asdict(progress),
        "interim": asdict(interim),
    }
    return json.dumps(about, indent=2, ensure_ascii=False, default=str)
