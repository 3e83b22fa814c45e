"""What a study will take: how many runs, how long, how much room, from a few of its own runs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.processes import available_cores
from experiments.result_tables import Ended, tables_of
from experiments.shards import Shard
from experiments.specification import RunSpecification
from experiments.study import Study

__all__ = ["Plan", "Trial", "plan_of", "spread"]

ENOUGH_SECONDS = 2.0
FEWEST, MOST = 4, 12
"""Runs of a trial: spread over the study, until they have taken long enough to tell."""

START_SECONDS = 3.0
"""What several processes take to start, each importing and loading compiled code."""


class Trial:
    """A few runs of a study, one after the other, until they have taken long enough to tell how long all will take."""

    def __init__(self) -> None:
        self.tried: list[Ended] = []
        self._seconds: list[float] = []
        self._began = 0.0

    def until_enough(self, specifications: Iterable[RunSpecification]) -> Iterator[RunSpecification]:
        """Yield specifications as they are asked for, until enough of their runs were noted."""
        for specification in specifications:
            if len(self.tried) >= FEWEST and sum(self._seconds) >= ENOUGH_SECONDS:
                return
            self._began = time.perf_counter()
            yield specification

    def note(self, ended: Ended) -> None:
        """Take a run that has just ended."""
        self._seconds.append(time.perf_counter() - self._began)
        self.tried.append(ended)

    @property
    def run_seconds(self) -> float:
        """Mean time of a run that was not the first in its process; 0 where none was tried."""
        return sum(self._timed) / len(self._timed) if self._timed else 0.0

    @property
    def slowest_seconds(self) -> float:
        """Longest time of a run."""
        return max(self._timed, default=0.0)

    @property
    def run_bytes(self) -> float:
        """Room of one run: what parts grow by, from a part of half of these runs to one of them all."""
        half = len(self.tried) // 2
        if not half:
            return 0.0
        return max(_stored(self.tried) - _stored(self.tried[:half]), 0) / (len(self.tried) - half)

    @property
    def _timed(self) -> list[float]:
        return self._seconds[1:] or self._seconds


@dataclass(frozen=True)
class Plan:
    """What a study, or a shard of it, will take.

    Attributes
    ----------
    points, arms : int
        Design points, and arms that run at each.
    fewest, most : int
        Runs that are asked for: at least, and at most where a study stops by itself.
    missing : int
        Of the runs asked for at least, those that are not stored.
    jobs : int
        Processes.
    run_seconds, slowest_seconds : float or None
        Predicted time of a run, and of a long one; None where nothing was tried.
    seconds, bytes : float or None
        Predicted time of all that is missing, and the room it takes.
    shard : str
        Which part of the study; empty for the whole.
    """

    points: int
    arms: int
    fewest: int
    most: int
    missing: int
    jobs: int
    run_seconds: float | None
    slowest_seconds: float | None
    seconds: float | None
    bytes: float | None
    shard: str = ""


def spread(runs: int, cases: int) -> list[int]:
    """Return the places of a trial's runs among those that are missing: over all cases, but of the first replicates.

    A study that is interrupted is then still a balanced one.

    Parameters
    ----------
    runs : int
        Runs that are missing, replicate by replicate.
    cases : int
        Runs of a replicate.
    """
    first = min(runs, max(cases, MOST))
    count = min(first, MOST)
    return [place * first // count for place in range(count)]


def plan_of(
    study: Study, shard: Shard, asked: tuple[int, int], missing: int, tried: Trial | None, jobs: int | None
) -> Plan:
    """Return the plan of a study or a shard of it.

    Parameters
    ----------
    study : Study
        What is asked.
    shard : Shard
        Which part of it.
    asked : tuple of int
        Runs asked for, at least and at most.
    missing : int
        Of the fewest, those not stored.
    tried : Trial, optional
        A few of its runs.
    jobs : int, optional
        Number of processes; all available cores if left out.
    """
    processes = available_cores() if jobs is None else jobs
    timed = tried is not None and tried.run_seconds > 0.0
    run_seconds = tried.run_seconds if tried is not None and timed else None
    seconds = None
    if run_seconds is not None:
        alone = run_seconds * missing
        seconds = alone if processes == 1 or missing == 1 else alone / min(processes, missing) + START_SECONDS
    return Plan(
        points=len(study.points),
        arms=len(study.arms),
        fewest=asked[0],
        most=asked[1],
        missing=missing,
        jobs=processes,
        run_seconds=run_seconds,
        slowest_seconds=tried.slowest_seconds if tried is not None and timed else None,
        seconds=seconds,
        bytes=tried.run_bytes * missing if tried is not None and timed else None,
        shard="" if shard.of == 1 else str(shard),
    )


def _stored(ended: Sequence[Ended]) -> int:
    total = 0
    for table in tables_of(list(ended), lambda specification: "", "").values():
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        total += sink.getvalue().size
    return total
