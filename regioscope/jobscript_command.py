"""``regioscope jobscript``: the script of a job array, for the batch queue that a cluster has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regioscope.queue_options import Account, Memory, Partition, Prelude, Tasks, Time
from regioscope.run_options import Jobs

if TYPE_CHECKING:
    from experiments.job_arrays import JobArray, QueueWishes, StudyJobs

__all__ = ["jobscript"]


def jobscript(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="Name or path of a study.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for results, which every node can reach.")],
    scheduler: Annotated[str, typer.Option(metavar="NAME", help="The batch queue: slurm, pbs, sge or lsf.")],
    jobs: Jobs = None,
    tasks: Tasks = None,
    partition: Partition = None,
    account: Account = None,
    time: Time = None,
    mem: Memory = None,
    prelude: Prelude = None,
) -> None:
    """Print the script that computes a study as a job array; submit it yourself.

    The folder is made ready. The script may be submitted again at any time: only what is missing is computed.
    """
    from experiments.job_scripts import SCHEDULERS, job_script
    from regioscope.queue_options import wishes_of
    from simulation.errors import UsageError, did_you_mean, short_text

    if scheduler not in SCHEDULERS:
        remedy = did_you_mean(scheduler, SCHEDULERS)
        raise UsageError(
            f"--scheduler {short_text(scheduler)}: is no batch queue that scripts can be written for. {remedy}"
        )
    wishes = wishes_of(partition, account, time, mem, prelude)
    array = _array(study, out, jobs or 1, tasks, wishes)
    if array is not None:
        print(job_script(array, scheduler), end="")


def _array(study: str, out: Path, jobs: int, tasks: int | None, wishes: QueueWishes) -> JobArray | None:
    """Return the job array and make the folder for what its tasks print; None where nothing is missing."""
    from experiments.job_arrays import sized
    from experiments.output_folder import cannot_write

    work = _work(study, out, jobs, tasks, wishes)
    if work is None:
        return None
    array = sized(work)
    try:
        array.outputs.mkdir(exist_ok=True)
    except OSError as error:
        raise cannot_write(array.outputs, error) from None
    return array


def _work(study: str, out: Path, jobs: int, tasks: int | None, wishes: QueueWishes) -> StudyJobs | None:
    from experiments.shards import WHOLE
    from experiments.study import load_study
    from regioscope.submission import prepared
    from regioscope.sweeping import sweep_of
    from regioscope.terminal import TerminalListener

    asked = sweep_of(load_study(study), out, WHOLE)
    with TerminalListener() as listener:
        work = prepared(asked, jobs, tasks, wishes, listener)
        if work is None:
            listener.says("Nothing is missing, so there is no script to write")
    return work
