"""Memory that a month gives back and the next takes again."""

from functools import cache

import numpy as np

__all__ = ["keep_freed_memory"]

LARGEST = 32 * 1024**2 - 2 * 4096
"""Bytes of the largest block whose release the GNU C library learns from, less what it adds."""


@cache
def keep_freed_memory() -> None:
    """Let this process keep what it frees, up to some ten MB, instead of returning it to the system at once.

    The GNU C library returns a block that is larger than any it has seen freed, and asks for it again; the system then
    clears every page anew, which costs a month of 100,000 SMEs a twentieth of its time. Here a large block is taken and
    freed, without being written to, once a process. Other C libraries decide for themselves.
    """
    np.empty(LARGEST, dtype=np.uint8)
