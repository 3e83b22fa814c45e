"""What this machine can do at best: read memory in order, and read rows at random.

No month can be faster than reading its state once and one row of knowledge for every candidate. The floor that a
month is compared with is that time and nothing else: no writing, no arithmetic, no second look at anything.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import stream_key, uniforms

__all__ = ["MachineLimits", "gather_rows", "machine_limits", "stream"]

REPEATS = 7
LEAST_BYTES = 1 << 20
WORD_BYTES = 8
ROW_WORDS = 8


@dataclass(frozen=True)
class MachineLimits:
    """What was measured, at the size that was asked for.

    Attributes
    ----------
    stream_bytes_per_s : float
        Reading memory in order, on one core.
    row_ns : float
        Reading one row of 64 bytes at random, on one core, many under way at a time.
    """

    stream_bytes_per_s: float
    row_ns: float

    def floor_ms(self, state_bytes: float, rows: float) -> float:
        """Time to read so many bytes in order and so many rows at random, in ms."""
        return state_bytes / self.stream_bytes_per_s * 1e3 + rows * self.row_ns * 1e-6


def machine_limits(state_bytes: int, table_rows: int, rows: int) -> MachineLimits:
    """Measure the limits for a state and a table of this size, so that what fits into a cache here does so there.

    Parameters
    ----------
    state_bytes : int
        Bytes that are read in order.
    table_rows : int
        Rows of 64 bytes in the table from which rows are read at random.
    rows : int
        How many of them.
    """
    words = np.ones(max(state_bytes, LEAST_BYTES) // WORD_BYTES, dtype=np.uint64)
    table = _lines(max(table_rows, 1))
    who = np.arange(max(rows, 1), dtype=np.uint64)
    places = uniforms(stream_key(1, 0), Purpose.CANDIDATE_SAMPLE, 1, who) * len(table)
    drawn = places.astype(np.int64)
    return MachineLimits(
        stream_bytes_per_s=words.nbytes / _least_seconds(stream, words),
        row_ns=_least_seconds(gather_rows, table, drawn) / len(drawn) * 1e9,
    )


@kernel
def stream(words: NDArray[Any]) -> np.uint64:
    """Exclusive or of all words: the time it takes is that of reading them."""
    total = np.uint64(0)
    for place in range(len(words)):
        total ^= words[place]
    return total


@kernel
def gather_rows(table: NDArray[Any], rows: NDArray[Any]) -> np.uint64:
    """Exclusive or of one word of each half of the given rows: whoever reads one has the whole line in the cache."""
    first = second = np.uint64(0)
    for place in range(len(rows)):
        first ^= table[rows[place], 0]
        second ^= table[rows[place], 4]
    return first ^ second


def _lines(rows: int) -> NDArray[np.uint64]:
    """Rows of 64 bytes, each of which is one line of the cache."""
    words = np.ones((rows + 1) * ROW_WORDS, dtype=np.uint64)
    start = -words.ctypes.data % (ROW_WORDS * WORD_BYTES) // WORD_BYTES
    return words[start : start + rows * ROW_WORDS].reshape(rows, ROW_WORDS)


def _least_seconds(function: Any, *arguments: Any) -> float:
    """Processor time of the fastest of several calls, after one that compiles."""
    function(*arguments)
    taken = []
    for _ in range(REPEATS):
        began = time.process_time()
        function(*arguments)
        taken.append(time.process_time() - began)
    return max(min(taken), 1e-9)
