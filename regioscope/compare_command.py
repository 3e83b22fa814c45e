"""``regioscope compare``: scenarios on the same firms with the same luck, their differences, and how sure they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regioscope.run_options import INTERRUPTED, Fresh, Jobs, Seed

if TYPE_CHECKING:
    from experiments.computation import Tally
    from experiments.replication import Request
    from experiments.results import Results
    from regioscope.terminal import TerminalListener
    from simulation.errors import DataError

__all__ = ["compare"]


def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO SCENARIO...", help="Names or paths; the first is the reference.")
    ],
    reference: Annotated[
        bool, typer.Option("--reference", help="Add no programme, separate regions and random matching.")
    ] = False,
    replicates: Annotated[int, typer.Option(min=1, max=10**7, help="Pairs of runs that differ by luck alone.")] = 30,
    seed: Seed = 1,
    months: Annotated[
        int | None, typer.Option(min=1, max=1200, help="Length of a run instead of the scenarios'.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter in every arm; repeatable."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for results and figures; a dated one under results/ if left out."),
    ] = None,
    jobs: Jobs = None,
    fresh: Fresh = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Compare policies: by how much they differ, and how sure that is.

    Runs are paired: in every pair the firms and their luck are the same. The same command again computes only
    what is missing; more replicates into the same folder extend it.
    """
    from experiments.output_folder import dated_folder
    from regioscope.comparison import comparison_of, name_of
    from regioscope.scenario_commands import parsed_settings
    from regioscope.terminal import TerminalListener

    request = comparison_of(scenarios, replicates, seed, months, parsed_settings(settings), reference)
    folder = out or dated_folder(name_of(request))
    with TerminalListener() as listener:
        try:
            tally = _compare(request, folder, listener, jobs, fresh, as_json)
        except KeyboardInterrupt:
            listener.says(f"Interrupted; finished runs are kept. To go on: {_again(request, folder)}")
            raise typer.Exit(INTERRUPTED) from None
    tally.see_that_all_finished(request.command, folder)


def _compare(
    request: Request, folder: Path, listener: TerminalListener, jobs: int | None, fresh: bool, as_json: bool
) -> Tally:
    from experiments.replication import replicate
    from experiments.results import open_results

    tally = replicate(request, folder, listener, jobs=jobs, fresh=fresh)
    results = open_results(folder)
    if not as_json:
        from regioscope.compare_report import print_comparison

        listener.pauses()
        print_comparison(results)
    pictures, unwritten = _drawn(results, listener)
    if as_json:
        from regioscope.compare_json import comparison_as_json

        listener.pauses()
        print(comparison_as_json(request, results, tally, pictures))
    else:
        _name(pictures)
    if unwritten is not None:
        raise unwritten
    return tally


def _drawn(results: Results, listener: TerminalListener) -> tuple[list[Path], DataError | None]:
    """Draw the figures; what cannot be written is said after the results, and does not hide them."""
    from analysis.figures import write_figures
    from simulation.errors import DataError

    if not results.table("runs", ("run_id",)).num_rows:
        return [], None
    listener.draws()
    try:
        return write_figures(results), None
    except DataError as error:
        return [], error


def _name(pictures: list[Path]) -> None:
    """Name the figures, the paired differences last."""
    shown = [path for path in pictures if path.suffix == ".png"]
    for path in sorted(shown, key=lambda each: each.stem.startswith("differences")):
        print(f"figure   {path}")


def _again(request: Request, folder: Path) -> str:
    from regioscope.command_text import compare_text

    given = [arm.given for arm in request.arms if arm.kind == "scenario"]
    reference = any(arm.kind != "scenario" for arm in request.arms)
    replicates = len(request.replicates)
    return compare_text(given, reference, replicates, request.seed, request.asked_months, request.factors, folder)
