"""Stopping in time: Ctrl-C, a batch queue's warning or the system's request ends a run sooner than its process.

While runs are computed, the first of these signals lets those that have begun come to their end, for a grace that
is bounded, since who sends them may kill soon after. At any other moment, and on a second Ctrl-C, work stops at once.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Interruption", "Overdue", "Stopped", "interruptible"]

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
"""What a terminal, a system that shuts down, a terminal that is closed and batch queues send."""

GRACE_SECONDS = 20.0
"""For how long runs that have begun may go on; well below the minute of warning that jobs ask a queue for."""


class Overdue(BaseException):
    """The grace is over for a run in this very process."""


class Stopped(KeyboardInterrupt):
    """Work was stopped by a signal; what was finished is stored.

    Parameters
    ----------
    asked : str
        Name of the signal.

    Attributes
    ----------
    computed : int
        Runs that were finished before.
    """

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked
        self.computed = 0


class Interruption:
    """Whether the work is asked to stop, and how long what has begun may still take.

    Parameters
    ----------
    grace : float
        Seconds that runs which have begun may go on for.

    Attributes
    ----------
    asked : str
        Name of the signal that was received; empty while there was none.
    dropped : int
        Runs that had begun and outlasted the grace.
    """

    def __init__(self, grace: float = GRACE_SECONDS) -> None:
        self.grace = grace
        self.asked = ""
        self.dropped = 0
        self._deadline = 0.0
        self._letting_end = False
        self._in_this_process = False

    @property
    def overdue(self) -> bool:
        """Whether the grace is over."""
        return bool(self.asked) and time.monotonic() > self._deadline

    @contextmanager
    def letting_runs_end(self) -> Iterator[None]:
        """Let a signal be noted rather than obeyed at once: runs are being computed."""
        self._letting_end = True
        try:
            yield
        finally:
            self._letting_end = False

    @contextmanager
    def run_in_this_process(self) -> Iterator[None]:
        """Bound a run that this process computes itself: it ends with :class:`Overdue` where it outlasts the grace."""
        self._in_this_process = True
        if self.asked:
            self._set_alarm(max(self._deadline - time.monotonic(), 0.01))
        try:
            yield
        finally:
            self._in_this_process = False
            if self.asked:
                self._set_alarm(0.0)

    def _set_alarm(self, seconds: float) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, seconds)

    def heard(self, number: int, frame: FrameType | None) -> None:
        """Take a signal.

        Raises
        ------
        Stopped
            Where nothing is worth waiting for, or the user insists.
        Overdue
            When the grace of a run in this process is over.
        """
        if number == getattr(signal, "SIGALRM", None):
            if self._in_this_process:
                raise Overdue
            return
        insists = bool(self.asked) and number == signal.SIGINT
        self.asked = self.asked or signal.Signals(number).name
        if insists or not self._letting_end:
            raise Stopped(self.asked)
        if not self._deadline:
            self._deadline = time.monotonic() + self.grace
            if self._in_this_process:
                self._set_alarm(self.grace)


@contextmanager
def interruptible(grace: float = GRACE_SECONDS) -> Iterator[Interruption]:
    """Listen for signals that ask to stop; outside the main thread, which alone may listen, nothing is heard.

    Parameters
    ----------
    grace : float
        Seconds that runs which have begun may go on for.
    """
    interruption = Interruption(grace)
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    before: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}
    for name in (*NAMES, "SIGALRM"):
        number = getattr(signal, name, None)
        kept_out = name == "SIGHUP" and number is not None and signal.getsignal(number) is signal.SIG_IGN  # nohup
        if number is not None and not kept_out:
            before[number] = signal.signal(number, interruption.heard)
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
