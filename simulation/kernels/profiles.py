"""Profiles: what is read of an organisation whenever somebody looks at it, side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.schemas import NEEDS

__all__ = ["PROFILE", "write_profiles"]

PROFILE = np.dtype(
    {
        "names": ["identity", "absorptive_capacity", "broker", "region", "needs", "open_to_projects", "partner_client"],
        "formats": ["u8", "f4", "i4", "i2", ("i1", NEEDS), "?", "?"],
        "offsets": [0, 8, 12, 16, 18, 21, 22],
        "itemsize": 32,
    }
)
"""One row: columns of organisations, whether it takes projects, and whether it may take part in partner cases.

The last two are written and read by the search alone.
Half a line of the processor's cache, so that no row lies across two.
"""


@kernel
def write_profiles(
    rows: NDArray[Any],
    identity: NDArray[Any],
    absorptive_capacity: NDArray[Any],
    broker: NDArray[Any],
    region: NDArray[Any],
    needs: NDArray[Any],
    profiles: NDArray[Any],
) -> None:
    """Write into ``profiles`` (at least n,) of PROFILE what the columns (n,), needs (n, 3), hold in the given rows."""
    for row in rows:
        profile = profiles[row]
        profile.identity, profile.absorptive_capacity = identity[row], absorptive_capacity[row]
        profile.broker, profile.region = broker[row], region[row]
        for n in range(needs.shape[1]):
            profile.needs[n] = needs[row, n]
