"""How a tie begins, whatever brought it about: a row of the table, born this month."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.state import NEVER
from simulation.world import World

__all__ = ["begin_ties", "ends_of_pairs"]

LOW_ROW = np.int64(0xFFFFFFFF)

Rows = NDArray[Any]


def ends_of_pairs(pairs: Rows) -> tuple[Rows, Rows]:
    """Lower and higher rows of pairs that are numbered ``lower << 32 | higher``."""
    return pairs >> 32, pairs & LOW_ROW


def begin_ties(
    world: World,
    first: NDArray[np.signedinteger],
    second: NDArray[np.signedinteger],
    origin: NDArray[np.int8] | int,
    used_month: int = NEVER,
    trust: float | None = None,
) -> None:
    """Add a tie for each pair of organisations.

    Parameters
    ----------
    first, second : (n,) int
        Rows of the two, first < second.
    origin : (n,) int8 or int
        How they came to be, see :class:`simulation.codes.Origin`.
    used_month : int
        Month in which the two last worked together, NEVER if they have not.
    trust : float, optional
        Trust to begin with; that of new ties where left out.
    """
    if len(first):
        world.state.ties.append(
            len(first),
            first=first,
            second=second,
            trust=world.scenario.ties.new_trust if trust is None else trust,
            born_month=world.month,
            used_month=used_month,
            origin=origin,
        )
