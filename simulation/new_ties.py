"""How ties begin, whatever brought them about: rows of the table, born this month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.new_ties import write_ties
from simulation.state import NEVER
from simulation.world import World

__all__ = ["begin_ties"]


def begin_ties(
    world: World, pairs: NDArray[np.int64], origin: int, used_month: int = NEVER, trust: float | None = None
) -> None:
    """Add a tie for each pair of organisations.

    Parameters
    ----------
    pairs : (n,) int64
        The two of each, as :func:`simulation.kernels.ties.pair_number` gives them.
    origin : int
        How they came to be, see :class:`simulation.codes.Origin`.
    used_month : int
        Month in which the two last worked together, NEVER if they have not.
    trust : float, optional
        Trust to begin with; that of new ties where left out.
    """
    ties = world.state.ties
    start = ties.lengthen(len(pairs))
    write_ties(
        pairs,
        start,
        world.month,
        used_month,
        int(origin),
        world.scenario.ties.new_trust if trust is None else trust,
        ties.first,
        ties.second,
        ties.trust,
        ties.born_month,
        ties.used_month,
        ties.origin,
        ties.running_projects,
    )
