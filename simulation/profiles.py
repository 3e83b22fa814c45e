"""What pairs read of organisations, in one place a row.

A mechanism that walks through all organisations is best served by columns. One that looks at pairs reads a few values
of rows that lie far apart, and of a million rows every column of these would be a wait for memory of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.profiles import PROFILE, write_profiles
from simulation.state import Column, cells_of
from simulation.world import World

__all__ = ["profiles_of"]

PROFILES = Column("profiles", PROFILE, "1", "What is read of an organisation when somebody looks at it")


def profiles_of(world: World, rows: NDArray[np.int32]) -> NDArray[Any]:
    """Profiles as the columns of organisations are now.

    Parameters
    ----------
    world : World
    rows : (r,) int32
        Organisations that will be looked at.

    Returns
    -------
    (at least n,) of :data:`simulation.kernels.profiles.PROFILE`
        By row; what stands elsewhere than in ``rows`` is of no account. The next call writes over it.
    """
    organisations = world.state.organisations
    if len(world.profiles) < len(organisations):
        world.profiles = cells_of(PROFILES, len(organisations) + len(organisations) // 8)
    write_profiles(
        rows,
        organisations.identity,
        organisations.absorptive_capacity,
        organisations.broker,
        organisations.region,
        organisations.needs,
        world.profiles,
    )
    return world.profiles
