"""Options that every command which computes runs has in common, and the exit code of an interruption."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["INTERRUPTED", "LARGEST_SEED", "Fresh", "Jobs", "Seed", "Threads"]

LARGEST_SEED = 2**32 - 1
INTERRUPTED = 130

Seed = Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Seed of all random numbers.")]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=10_000, help="Processes; all available cores where that pays if left out."),
]
Threads = Annotated[
    int,
    typer.Option(min=1, max=1024, help="Threads that share the work of one run; the results are the same to the bit."),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Forget what DIR holds and compute everything.")]
