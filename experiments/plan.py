"""What a study will take: how many runs, how long, how much room, from a few of its own runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.processes import available_cores
from experiments.result_tables import Ended, tables_of
from experiments.runner import Simulate, perform
from experiments.shards import Shard
from experiments.specification import RunSpecification
from experiments.study import Study

__all__ = ["Plan", "Trial", "plan_of", "trial"]

ENOUGH_SECONDS = 2.0
FEWEST, MOST = 4, 12
"""Runs of a trial: spread over the study, until they have taken long enough to tell."""

START_SECONDS = 3.0
"""What several processes take to start, each importing and loading compiled code."""


@dataclass(frozen=True)
class Trial:
    """A few runs of a study.

    Attributes
    ----------
    ended : list of (RunSpecification, Outcome)
        What they gave, to be kept.
    run_seconds, slowest_seconds : float
        Mean time of a run that was not the first in its process, and the longest; 0 where none was tried.
    run_bytes : float
        Room that a run takes in the stored tables.
    """

    ended: list[Ended]
    run_seconds: float
    slowest_seconds: float
    run_bytes: float


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


def trial(missing: Sequence[RunSpecification], simulate: Simulate) -> Trial:
    """Run a few of the missing runs, spread over the study, in this process.

    Parameters
    ----------
    missing : sequence of RunSpecification
        What is to be computed, with compiled code in place.
    simulate : callable
        Gives what is measured in a run.
    """
    count = min(len(missing), MOST)
    ended: list[Ended] = []
    seconds: list[float] = []
    for place in range(count):
        specification = missing[place * len(missing) // count]
        began = time.perf_counter()
        ended.append((specification, perform(specification, simulate)))
        seconds.append(time.perf_counter() - began)
        if place + 1 >= FEWEST and sum(seconds) >= ENOUGH_SECONDS:
            break
    timed = seconds[1:] or seconds
    mean = sum(timed) / len(timed) if timed else 0.0
    return Trial(ended, mean, max(timed, default=0.0), _bytes_of(ended))


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


def _bytes_of(ended: Sequence[Ended]) -> float:
    """Return the room of one run: what parts grow by, from a part of a few runs to one of twice as many."""
    small, large = ended[: len(ended) // 2], ended
    if not small:
        return 0.0
    return max(_stored(large) - _stored(small), 0) / (len(large) - len(small))


def _stored(ended: Sequence[Ended]) -> int:
    total = 0
    for table in tables_of(list(ended), lambda specification: "").values():
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        total += sink.getvalue().size
    return total
