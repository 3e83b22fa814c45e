"""Threads of one run: work whose rows do not depend on each other is cut into slices that run side by side.

Kernels release the interpreter's lock. A slice reads what no slice changes and writes its own rows alone, and nothing
is summed across slices, so that a run has the same bits with any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

__all__ = ["in_slices"]

FEWEST_ROWS = 64
"""Rows of a slice that are worth waking a thread."""


def in_slices[Result](threads: int, rows: int, work: Callable[[int, int], Result]) -> list[Result]:
    """Do work on rows in as many slices as there are threads, or in fewer where the rows are few.

    Parameters
    ----------
    threads : int
        Threads of the run; with one everything is done in the caller's, at once.
    rows : int
        Number of rows.
    work : callable
        ``work(start, end)`` does the rows from ``start`` to ``end - 1``.

    Returns
    -------
    list
        What each slice returned, in the order of rows.
    """
    slices = max(1, min(threads, rows // FEWEST_ROWS))
    if slices == 1:
        return [work(0, rows)]
    bounds = [rows * each // slices for each in range(slices + 1)]
    return list(_pool(threads).map(work, bounds[:-1], bounds[1:]))


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Threads that wait for work until the process ends."""
    return ThreadPoolExecutor(threads, thread_name_prefix="regioscope")
