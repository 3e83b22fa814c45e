"""Options of the commands that give a study to a batch queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from experiments.job_arrays import QueueWishes

__all__ = ["Account", "Memory", "Partition", "Prelude", "Tasks", "Time", "wishes_of"]

Tasks = Annotated[
    int | None,
    typer.Option(min=1, max=10**6, help="Tasks of the job array; by predicted time if left out."),
]
Partition = Annotated[str | None, typer.Option(metavar="P", help="Partition or queue of the tasks.")]
Account = Annotated[str | None, typer.Option(metavar="A", help="Account or project that the tasks are charged to.")]
Time = Annotated[
    str | None, typer.Option(metavar="H:M", help="Time limit of a task; from the predicted time if left out.")
]
Memory = Annotated[str | None, typer.Option("--mem", metavar="M", help="Memory of a task, as in 2G.")]
Prelude = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Lines of a shell that every task runs first, such as module load.")
]


def wishes_of(
    partition: str | None, account: str | None, time: str | None, memory: str | None, prelude: Path | None
) -> QueueWishes:
    """Return what the options ask of a queue.

    Raises
    ------
    UsageError
        If a value is not of the form that queues take, or the prelude cannot be read.
    """
    from experiments.job_arrays import QueueWishes, minutes_of, read_prelude

    return QueueWishes(
        partition=partition,
        account=account,
        minutes=None if time is None else minutes_of(time),
        memory=memory,
        prelude="" if prelude is None else read_prelude(prelude),
    )
