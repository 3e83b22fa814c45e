"""Results to stdout, progress to stderr; colours only where a terminal wants them."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from experiments.plan import Plan
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
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[failed]}", style="red"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: Any = None
        self._began = 0.0
        self._done = 0
        self._failed = 0

    def __enter__(self) -> TerminalListener:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def compiling(self, name: str, number: int, steps: int) -> None:
        """Announce a step of the compilation."""
        if number == 1:
            self.says("First run of this code on this machine: compiling, a minute or less, once")
        if not self._console.is_terminal:
            self.says(f"compiling kernels {number}/{steps}: {name}")
        elif self._task is None:
            self._task = self._add("compiling kernels", steps)
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
        self._began, self._done, self._failed = time.monotonic(), 0, 0
        if runs > 1:
            self._task = self._add("runs", runs)

    def draws(self) -> None:
        """Say that figures are being drawn, where somebody looks on."""
        if self._console.is_terminal:
            self._progress.start()
            self._task = self._add("drawing the figures", None)

    def pauses(self) -> None:
        """Take what is shown off the terminal, so that results can be printed."""
        self._progress.stop()
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None

    def ended(self, specification: RunSpecification, finished: bool) -> None:
        """Count a run."""
        self._done, self._failed = self._done + 1, self._failed + (not finished)
        if self._task is not None:
            failed = f"{self._failed} failed" if self._failed else ""
            self._progress.update(self._task, completed=self._done, rate=self._rate(), failed=failed)

    def stored(self, runs: int, of: int) -> None:
        """Show how many runs of a study are stored by now, computed by whom it may be."""
        if self._task is None:
            self._task = self._add("runs stored", of)
        self._progress.update(self._task, completed=runs)

    def planned(self, plan: Plan) -> None:
        """Print what is about to be computed."""
        from regioscope.plan_text import plan_text

        self.says(plan_text(plan))

    def _add(self, description: str, total: int | None) -> TaskID:
        return self._progress.add_task(description, total=total, rate="", failed="")

    def _rate(self) -> str:
        """Runs a second, or a minute where they are slow."""
        seconds = time.monotonic() - self._began
        if seconds <= 0.0:
            return ""
        a_second = self._done / seconds
        return f"{a_second:.1f} runs/s" if a_second >= 1.0 else f"{60 * a_second:.1f} runs/min"
