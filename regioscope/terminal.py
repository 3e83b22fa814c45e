"""Results to stdout, progress to stderr; colours only where a terminal wants them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from experiments.specification import RunSpecification

__all__ = ["WIDTH", "TerminalListener", "results_console"]

WIDTH = 100


def results_console() -> Console:
    """The console for results, 100 columns wide at most."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


class TerminalListener:
    """Shows on stderr how far the work is; use as a context manager."""

    def __init__(self) -> None:
        console = Console(stderr=True, highlight=False)
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: Any = None

    def __enter__(self) -> TerminalListener:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def compiling(self, name: str, number: int, steps: int) -> None:
        """Announce a step of the compilation."""
        if number == 1:
            self.says("First run of this code on this machine: compiling, some 20 seconds, once")
        if not self._console.is_terminal:
            self.says(f"compiling kernels {number}/{steps}: {name}")
        elif self._task is None:
            self._task = self._progress.add_task("compiling kernels", total=steps)
        if self._task is not None:
            self._progress.update(self._task, completed=number - 1, description=f"compiling kernels: {name}")

    def says(self, message: str) -> None:
        """Print a line."""
        self._console.print(message, markup=False, soft_wrap=True)

    def begins(self, runs: int) -> None:
        """Begin to show how many runs have ended."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        if runs > 1:
            self._task = self._progress.add_task("runs", total=runs)

    def draws(self) -> None:
        """Say that figures are being drawn, where somebody looks on."""
        if self._console.is_terminal:
            self._progress.start()
            self._task = self._progress.add_task("drawing the figures", total=None)

    def pauses(self) -> None:
        """Take what is shown off the terminal, so that results can be printed."""
        self._progress.stop()
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None

    def ended(self, specification: RunSpecification, finished: bool) -> None:
        """Count a run."""
        if self._task is not None:
            self._progress.advance(self._task)
