"""When a design point has replicates enough: as soon as a paired interval is narrow enough, looked at batch by batch.

The decision after a batch rests on exactly the replicates up to it, at the end of the runs, so that it is the same for
any number of processes and shards. Stopping when an interval happens to be narrow makes it cover the truth a little
less often than it says, the less the larger the smallest number of replicates. Pairs that all differ by the same have
no interval, and so none that is narrow.

References
----------
Chow & Robbins (1965), Annals of Mathematical Statistics 36:457-462: stopping at a fixed width is consistent.
Law (2015), Simulation Modeling and Analysis, chapter 9.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from experiments.paired import paired_difference
from experiments.study_file import Until

__all__ = ["has_enough", "looks"]


def looks(rule: int | Until) -> list[int]:
    """Return the numbers of replicates after which a design point is looked at; the last is the largest allowed."""
    if isinstance(rule, int):
        return [rule]
    return [*range(rule.minimum, rule.maximum, rule.batch), rule.maximum]


def has_enough(
    rule: Until,
    replicates: int,
    values: Sequence[Mapping[int, float | None]],
) -> bool:
    """Whether a design point needs no further replicate.

    Parameters
    ----------
    rule : Until
        What is watched.
    replicates : int
        Replicates that were asked for so far.
    values : sequence of mapping of int to float
        The indicator by replicate in both arms; runs that failed are missing, None stands where it is undefined.
    """
    if replicates >= rule.maximum:
        return True
    pairs = [
        (values[0].get(replicate), values[1].get(replicate))
        for replicate in range(replicates)
        if replicate in values[0] and replicate in values[1]
    ]
    columns = [[float("nan") if value is None else value for value in column] for column in zip(*pairs, strict=True)]
    if not columns:
        return False
    found = paired_difference(columns[0], columns[1])
    return found.low is not None and found.high is not None and found.high - found.low <= rule.width
