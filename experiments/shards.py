"""Shards: how a study is cut among processes that know nothing of each other.

A shard owns whole design points, all arms and replicates of them, so that every pair of runs and every decision to
stop stands in one shard. A study with fewer points than shards, and a fixed number of replicates, is cut by point and
replicate instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulation.errors import UsageError, short_text

__all__ = ["WHOLE", "Shard", "parse_shard"]

MOST = 10**6


@dataclass(frozen=True)
class Shard:
    """One of several parts of a study.

    Attributes
    ----------
    number : int
        Which one, from 1.
    of : int
        How many there are.
    """

    number: int
    of: int

    @property
    def writer(self) -> str:
        """Mark of the parts that this shard writes: ``2of8``; empty where it is the whole study."""
        return f"{self.number}of{self.of}" if self.of > 1 else ""

    def owns(self, point: int, replicate: int, points: int, stops_by_itself: bool) -> bool:
        """Whether a design point's replicate is computed by this shard.

        Parameters
        ----------
        point, replicate : int
            Both from 0.
        points : int
            Design points of the study.
        stops_by_itself : bool
            Whether the number of replicates depends on what comes out; points are not divided then.
        """
        divided = points < self.of and not stops_by_itself
        unit = replicate * points + point if divided else point
        return unit % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


WHOLE = Shard(1, 1)


def parse_shard(text: str) -> Shard:
    """Return the shard that ``I/N`` names.

    Raises
    ------
    UsageError
        If it is none.
    """
    found = re.fullmatch(r"(\d{1,7})/(\d{1,7})", text.strip())
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of <= MOST:
        raise UsageError(f"--shard {short_text(text)}: is no shard. Write I/N with I from 1 to N, as in 2/8")
    return Shard(number, of)
