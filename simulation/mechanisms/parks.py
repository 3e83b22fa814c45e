"""Parks: places where tenants meet each other.

Claim: a science park or incubator brings firms together that would not otherwise meet (institutional proximity,
Boschma 2005). It acts through its places alone: tenants see each other in the search.

Rule: a park lets its free places to SMEs of its region that are tenants of no park, in an order that is fixed for each
firm and park by address, so that a firm's turn is the same under every policy.

References
----------
Boschma (2005), Regional Studies 39:61-74.
"""

from __future__ import annotations

import numpy as np

from simulation.kernels.parks import admit
from simulation.state import State
from simulation.world import World


def let_places(world: World) -> None:
    """Let the free places of every park."""
    admit_tenants(world.key, world.state)


def admit_tenants(key: np.uint64, state: State) -> None:
    """Fill the free places of each park, park by park.

    Parameters
    ----------
    key : uint64
        Key of the run.
    state : State
        The column ``park`` of organisations changes.
    """
    organisations, parks = state.organisations, state.parks
    if not len(parks):
        return
    admit(
        key,
        organisations.identity,
        organisations.region,
        organisations.kind,
        organisations.alive,
        organisations.park,
        parks.identity,
        parks.region,
        parks.places,
    )
