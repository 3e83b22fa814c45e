"""``regioscope rerun`` and ``regioscope verify``: stored runs once more, bit by bit."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from regioscope.run_options import LARGEST_SEED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.reproduction import Changed, Reproduction, StoredRun
    from experiments.results import Results
    from experiments.table_difference import Difference

__all__ = ["rerun", "verify"]

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print what came out as JSON.")]


def rerun(
    folder: Folder,
    run_id: Annotated[str, typer.Argument(metavar="RUN_ID", help="Identity of the run, or how it alone begins.")],
    as_json: AsJson = False,
) -> None:
    """Run one stored run again and compare it bit by bit.

    The run is made from what DIR says of it alone; no scenario file is read. Nothing is stored. Ends with 4 if
    anything came out otherwise.
    """
    from experiments.reproduction import changed_environment, stored_run
    from experiments.results import open_results

    results = open_results(folder)
    changed = changed_environment(results.manifest)
    reproductions = _reproduced(results, [stored_run(results, run_id)], changed, as_json)
    if as_json:
        print(_as_json(changed, reproductions))
    _see_that_all_came_out(reproductions)


def verify(
    folder: Folder,
    sample: Annotated[int, typer.Option(min=1, max=10**7, help="How many runs.")] = 5,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Another seed takes other runs.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Run some of the stored runs again, taken at random, and compare them bit by bit.

    The same command takes the same runs. Ends with 4 if anything came out otherwise.
    """
    from experiments.output_folder import shown
    from experiments.reproduction import changed_environment, sampled_runs
    from experiments.results import open_results
    from simulation.errors import DataError

    results = open_results(folder)
    changed = changed_environment(results.manifest)
    runs = sampled_runs(results, sample, seed)
    if not runs:
        raise DataError(f"{shown(folder)}: holds no finished run of its model yet. Give the command again later")
    reproductions = _reproduced(results, runs, changed, as_json)
    if as_json:
        print(_as_json(changed, reproductions))
    else:
        identical = sum(each.is_identical for each in reproductions)
        print(f"{identical} of {len(reproductions)} runs bit-identical, of {results.table('runs').num_rows} stored")
    _see_that_all_came_out(reproductions)


def _reproduced(
    results: Results, runs: Sequence[StoredRun], changed: Sequence[Changed], as_json: bool
) -> list[Reproduction]:
    """Run again one by one, saying first what has changed since, and of each what came out."""
    from experiments.reproduction import reproduce, see_that_the_model_is_the_same
    from experiments.warm_up import warm_up
    from regioscope.terminal import TerminalListener

    see_that_the_model_is_the_same(results)
    if not as_json:
        _print_environment(changed)
    found = []
    with TerminalListener() as listener:
        warm_up(listener.compiling)
        listener.pauses()
        for run in runs:
            found.append(reproduce(results, run))
            if not as_json:
                _print_reproduction(found[-1])
    return found


def _print_environment(changed: Sequence[Changed]) -> None:
    if not changed:
        print("same code, packages and processor as when the results were made")
    for each in changed:
        print(f"{each.what}: {each.then} when the results were made, {each.now} now")


def _print_reproduction(found: Reproduction) -> None:
    run = found.run
    case = f", point {run.point}, {run.arm}" if run.point is not None else ""
    print(f"{run.run_id}  {run.scenario}{case}, replicate {run.replicate}, seed {run.seed}: {_what_came_out(found)}")
    for each in found.differences:
        print(f"  {_difference(each)}")


def _what_came_out(found: Reproduction) -> str:
    if found.failure is not None:
        return f"failed {'again' if found.run.failure == found.failure else 'now'}: {found.failure}"
    if found.run.failure is not None:
        return f"finished now, and failed when the results were made: {found.run.failure}"
    if found.differences:
        return f"differs in {', '.join(each.table for each in found.differences)}"
    tables = [name for name, rows in found.rows.items() if rows]
    return f"bit-identical, {sum(found.rows.values())} rows of {len(tables)} tables"


def _difference(found: Difference) -> str:
    place = ", ".join([found.table, *(f"{key} {value}" for key, value in found.row.items()), found.column])
    stored, again = ("undefined" if each is None else each for each in (found.stored, found.again))
    return f"first in {place}: {stored} stored, {again} now"


def _as_json(changed: Sequence[Changed], reproductions: Sequence[Reproduction]) -> str:
    about: dict[str, Any] = {
        "identical": sum(each.is_identical for each in reproductions),
        "of": len(reproductions),
        "environment": [asdict(each) for each in changed],
        "runs": [{"identical": each.is_identical, **asdict(each)} for each in reproductions],
    }
    return json.dumps(about, indent=2, ensure_ascii=False, default=str)


def _see_that_all_came_out(reproductions: Sequence[Reproduction]) -> None:
    from simulation.errors import IncompleteError

    others = [each for each in reproductions if not each.is_identical]
    if others:
        first = others[0]
        where = f" {_difference(first.differences[0])}" if first.differences else f" {_what_came_out(first)}"
        raise IncompleteError(
            f"{len(others)} of {len(reproductions)} runs did not come out again. The first, {first.run.run_id}:{where}"
        )
