"""``regioscope sweep``: a study from the first run to the last, on this machine or in a batch queue."""

from __future__ import annotations

import json
import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regioscope.queue_options import Account, Memory, Partition, Prelude, Tasks, Time
from regioscope.run_options import INTERRUPTED, Fresh, Jobs

if TYPE_CHECKING:
    from experiments.computation import Tally
    from experiments.interruption import Stopped
    from experiments.job_arrays import QueueWishes
    from experiments.sweep import Sweep
    from regioscope.terminal import TerminalListener

__all__ = ["sweep"]


class Engine(StrEnum):
    """Where runs are computed."""

    local = "local"
    slurm = "slurm"


def sweep(
    study: Annotated[
        str | None,
        typer.Argument(metavar="[STUDY]", help="Name or path of a study; lists those there are if left out."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for results; dated if left out.")] = None,
    jobs: Jobs = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Compute one of N parts, counted from 1; each has whole points.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Compute here, or submit a job array.")] = Engine.local,
    wait: Annotated[bool, typer.Option("--wait", help="With slurm: watch until the array has left the queue.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan from a quick trial, and stop.")] = False,
    fresh: Fresh = False,
    tasks: Tasks = None,
    partition: Partition = None,
    account: Account = None,
    time: Time = None,
    mem: Memory = None,
    prelude: Prelude = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan or the outcome as JSON.")] = False,
) -> None:
    """Run a study: every policy at every design point, as often as it asks.

    The same command again computes only what is missing. Several processes may compute one study into one folder.
    """
    if study is None:
        _list()
        return
    from experiments.output_folder import dated_folder
    from experiments.shards import WHOLE, parse_shard
    from experiments.study import load_study
    from regioscope.queue_options import wishes_of
    from regioscope.sweeping import sweep_of
    from simulation.errors import UsageError

    part = WHOLE if shard is None else parse_shard(shard)
    wishes = wishes_of(partition, account, time, mem, prelude)
    if engine is Engine.local and (wait or tasks or any((partition, account, time, mem, prelude))):
        raise UsageError("--wait, --tasks, --partition, --account, --time, --mem, --prelude: need --engine slurm")
    if shard is not None and (engine is Engine.slurm or fresh or out is None):
        raise UsageError("--shard: needs --out, and goes neither with --fresh nor with --engine slurm")
    loaded = load_study(study)
    asked = sweep_of(loaded, out or dated_folder(loaded.name), part, fresh, tries=shard is None)
    if dry_run:
        _print_plan(asked, jobs, as_json)
    elif engine is Engine.slurm:
        _submit(asked, jobs or 1, tasks, wishes, wait)
    else:
        _compute(asked, jobs, as_json)


def _list() -> None:
    from experiments.study import list_studies

    for name, title in list_studies():
        print(f"{name:22}  {title}".rstrip())


def _print_plan(asked: Sweep, jobs: int | None, as_json: bool) -> None:
    from regioscope.plan_text import plan_as_data, plan_text
    from regioscope.terminal import TerminalListener

    with TerminalListener() as listener:
        plan = asked.plan(jobs, listener)
    print(json.dumps(plan_as_data(plan), indent=2) if as_json else plan_text(plan))


def _compute(asked: Sweep, jobs: int | None, as_json: bool) -> None:
    from experiments.interruption import Stopped
    from experiments.sweep import sweep as compute
    from regioscope.terminal import TerminalListener

    with TerminalListener() as listener:
        try:
            tally = compute(asked, listener, jobs=jobs)
        except Stopped as stopped:
            _say_how_to_go_on(asked, stopped, listener, jobs)
            raise typer.Exit(INTERRUPTED) from None
    _print_outcome(asked, tally, as_json)
    tally.see_that_all_finished(asked.command, asked.folder)


def _say_how_to_go_on(asked: Sweep, stopped: Stopped, listener: TerminalListener, jobs: int | None) -> None:
    """Say it, and put the task of a job array back into its queue where its time is up."""
    from experiments.batch_queue import requeue_this_task

    listener.says(f"{stopped.asked}: stopped; finished runs are kept. To go on: {_again(asked, jobs)}")
    if stopped.asked in ("SIGUSR1", "SIGTERM"):
        why_not = requeue_this_task(finished_any=stopped.computed > 0)
        if why_not:
            listener.says(why_not)


def _again(asked: Sweep, jobs: int | None = None) -> str:
    words = ["regioscope sweep", shlex.quote(asked.study.given), "--out", shlex.quote(str(asked.folder))]
    words += [] if jobs is None else ["--jobs", str(jobs)]
    return " ".join(words + ([] if asked.shard.of == 1 else ["--shard", str(asked.shard)]))


def _print_outcome(asked: Sweep, tally: Tally, as_json: bool) -> None:
    if as_json:
        failed = [
            {"run_id": each.run_id, "error": outcome.error, "message": outcome.message}
            for each, outcome in tally.failed
        ]
        counts = {"folder": str(asked.folder), "kept": tally.kept, "computed": tally.computed, "failed": failed}
        print(json.dumps(counts, indent=2))
        return
    runs = f"{tally.computed:,} computed, {tally.kept:,} stored before, {len(tally.failed):,} failed"
    part = "" if asked.shard.of == 1 else f" of shard {asked.shard}"
    print(f"runs{part}  {runs}")
    print(f"results  {asked.folder}")
    print(f"next     regioscope status {shlex.quote(str(asked.folder))}")


def _submit(asked: Sweep, jobs: int, tasks: int | None, wishes: QueueWishes, wait: bool) -> None:
    from dataclasses import replace

    from experiments.batch_queue import queued_jobs, submit, watch
    from regioscope.submission import ArrayWatcher, prepared
    from regioscope.terminal import TerminalListener
    from simulation.errors import DataError

    again = f"{_again(asked)} --engine slurm"
    with TerminalListener() as listener:
        submitted = queued_jobs(asked.folder)
        if submitted is not None and (asked.fresh or not wait):
            raise DataError(
                f"{asked.folder}: job array {submitted.job} is still in the queue for it. Watch it with --wait, "
                f"without --fresh, or end it with: scancel {submitted.job}"
            )
        if submitted is None:
            work = prepared(asked, jobs, tasks, wishes, listener)
            if work is None:
                print(f"results  {asked.folder}")
                return
            submitted = submit(work, again)
            for note in submitted.notes:
                listener.says(note)
            print(f"job array {submitted.job}: {submitted.tasks} tasks of at most {submitted.minutes} min")
            print(f"script   {submitted.script}")
        if wait:
            watcher = ArrayWatcher(replace(asked, fresh=False), listener)
            try:
                watch(submitted, watcher, watcher.count)
            except KeyboardInterrupt:
                listener.says(f"No longer watching; the tasks go on. To watch again: {again} --wait")
                raise typer.Exit(INTERRUPTED) from None
            listener.pauses()
            watcher.see_that_all_is_done(again)
    print(f"results  {asked.folder}")
    print(f"next     regioscope status {shlex.quote(str(asked.folder))}")
