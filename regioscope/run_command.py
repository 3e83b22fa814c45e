"""``regioscope run``: one scenario, one or several replicates, stored and shown."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regioscope.run_options import INTERRUPTED, LARGEST_SEED, Fresh, Jobs, Seed, Threads

if TYPE_CHECKING:
    from experiments.computation import Tally
    from experiments.replication import Request
    from experiments.specification import RunSpecification

__all__ = ["run"]


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario.")],
    replicates: Annotated[int, typer.Option(min=1, max=10**7, help="Runs that differ by luck alone.")] = 1,
    replicate: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_SEED, help="Run this one replicate alone, counted from 0."),
    ] = None,
    seed: Seed = 1,
    months: Annotated[
        int | None, typer.Option(min=1, max=1200, help="Length of a run instead of the scenario's.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter; repeatable.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the results; a dated one under results/ where left out."),
    ] = None,
    jobs: Jobs = None,
    threads: Threads = 1,
    fresh: Fresh = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run a scenario, store every indicator, and show what happened.

    The same command again computes only what is missing; more replicates into the same folder extend it.
    """
    from simulation.errors import UsageError

    if replicate is not None and replicates != 1:
        raise UsageError("--replicate and --replicates: give one of them. --replicate runs a single one alone")
    wanted = range(replicates) if replicate is None else range(replicate, replicate + 1)
    request = _request(scenario, wanted, seed, months, settings or [])
    folder = out or _dated(request)
    tally = _replicate(request, folder, jobs, threads, fresh)
    _show(request, folder, tally, as_json)


def _request(name: str, replicates: range, seed: int, months: int | None, settings: list[str]) -> Request:
    from experiments.arms import arms_of
    from experiments.replication import Request
    from regioscope.command_text import run_text
    from regioscope.scenario_commands import parsed_settings

    factors = parsed_settings(settings)
    arms = arms_of([name], factors, months)

    def command(specification: RunSpecification) -> str:
        return run_text(name, seed, months, factors, f"--replicate {specification.replicate}")

    return Request(arms, factors, seed, replicates, command, "run", months)


def _dated(request: Request) -> Path:
    from experiments.output_folder import dated_folder

    return dated_folder(request.scenario.name)


def _replicate(request: Request, folder: Path, jobs: int | None, threads: int, fresh: bool) -> Tally:
    from functools import partial

    from experiments.processes import available_cores
    from experiments.replication import replicate
    from experiments.runner import simulate
    from regioscope.terminal import TerminalListener

    computed = replicate
    if threads > 1:
        computed = partial(replicate, simulate=partial(simulate, threads=threads))
        jobs = jobs or max(1, available_cores() // threads)
    with TerminalListener() as listener:
        try:
            return computed(request, folder, listener, jobs=jobs, fresh=fresh)
        except KeyboardInterrupt:
            listener.says(f"Interrupted; finished runs are kept. To go on: {_resuming(request, folder)}")
            raise typer.Exit(INTERRUPTED) from None


def _resuming(request: Request, folder: Path) -> str:
    from regioscope.command_text import run_text

    first, count = request.replicates[0], len(request.replicates)
    which = f"--replicates {count}" if first == 0 else f"--replicate {first}"
    out = f"--out {shlex.quote(str(folder))}"
    return run_text(request.arms[0].given, request.seed, request.asked_months, request.factors, which, out)


def _show(request: Request, folder: Path, tally: Tally, as_json: bool) -> None:
    from experiments.results import open_results
    from regioscope.run_report import print_report, report_as_json

    results = open_results(folder)
    if as_json:
        print(report_as_json(request, results, tally))
    else:
        print_report(request, results, tally)
    tally.see_that_all_finished(request.command, folder)
