"""A worker process: one thread, deaf to requests to stop, which its parent passes on, and dead as soon as that is.

Nothing numerical is imported at the top: the number of threads must be set before.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading

__all__ = ["become_worker", "is_to_stop"]

THREAD_SETTINGS = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
PR_SET_PDEATHSIG = 1
PARENTS_BUSINESS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")

_stop = ctypes.c_bool(False)


def become_worker(parent: int, stop: ctypes.c_bool) -> None:
    """Prepare a fresh process for running specifications.

    Parameters
    ----------
    parent : int
        Identifier of the process that the worker belongs to.
    stop : ctypes.c_bool
        In shared memory, without a lock that a killed worker might hold: true when no further run is to begin.
    """
    global _stop
    _stop = stop
    for setting in THREAD_SETTINGS:
        os.environ[setting] = "1"
    for name in PARENTS_BUSINESS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    _die_with_parent(parent)
    import experiments.runner  # noqa: F401  (imported now, rather than in the first run)


def is_to_stop() -> bool:
    """Whether the parent wants no further run to begin."""
    return _stop.value


def _die_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
    process = multiprocessing.parent_process()
    if process is not None:
        threading.Thread(target=_wait_for_end, args=(process.sentinel,), daemon=True).start()


def _wait_for_end(sentinel: int) -> None:
    """End this process when the parent has ended, on systems that do not see to it themselves."""
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
