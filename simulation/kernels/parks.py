"""The places of parks: the loops of :mod:`simulation.mechanisms.parks`."""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import bits, combine
from simulation.state import NOBODY

__all__ = ["admit", "lowest"]

PARK_ADMISSION = int(Purpose.PARK_ADMISSION)
SME = int(Kind.SME)


@kernel
def lowest(drawn: NDArray[np.uint64], address: NDArray[np.uint64], wanted: int) -> NDArray[np.int64]:
    """Places of the ``wanted`` lowest of (n,) ``drawn``, of equal ones those of the lowest (n,) ``address``, rising."""
    taken = np.zeros(drawn.size, np.bool_)
    chosen = np.empty(min(wanted, drawn.size), np.int64)
    for turn in range(chosen.size):
        best = -1
        for place in range(drawn.size):
            if taken[place]:
                continue
            first = best < 0 or drawn[place] < drawn[best]
            if first or (drawn[place] == drawn[best] and address[place] < address[best]):
                best = place
        taken[best] = True
        chosen[turn] = best
    return chosen


@kernel
def admit(
    key: np.uint64,
    identity: NDArray[np.uint64],
    region: NDArray[np.int16],
    kind: NDArray[np.int8],
    alive: NDArray[np.bool_],
    park: NDArray[np.int32],
    park_identity: NDArray[np.uint64],
    park_region: NDArray[np.int16],
    places: NDArray[np.int32],
) -> None:
    """Fill the free places of each park, park by park, with living SMEs of its region that are tenants of none.

    Those with the lowest bits at (PARK_ADMISSION, month 0, combine(identity, identity of the park), 0) come first, of
    equals those of the lowest combined identity.

    Parameters
    ----------
    identity, region, kind, alive : (n,)
        Columns of organisations.
    park : (n,) int32
        Park of each organisation; written where it is admitted.
    park_identity, park_region, places : (parks,)
    """
    free = places.astype(np.int64)
    for row in range(park.size):
        if park[row] != NOBODY:
            free[park[row]] -= 1
    regions = 0
    for here in range(places.size):
        regions = max(regions, int(park_region[here]) + 1)
    has_places = np.zeros(regions + 1, np.bool_)
    for here in range(places.size):
        has_places[park_region[here]] |= free[here] > 0
    outside = np.empty(park.size + 1, np.int32)
    count = 0
    for row in range(park.size):
        near = has_places[np.uint64(min(region[row], regions))]
        outside[count] = row
        count += int(near & alive[row] & (kind[row] == SME) & (park[row] == NOBODY))
    if count == 0:
        return
    outside = outside[:count]
    waiting = np.empty(outside.size, np.int64)
    address, drawn = np.empty(outside.size, np.uint64), np.empty(outside.size, np.uint64)
    for here in range(places.size):
        if free[here] <= 0:
            continue
        count = 0
        for firm in outside:
            if region[firm] == park_region[here] and park[firm] == NOBODY:
                waiting[count] = firm
                address[count] = combine(identity[firm], park_identity[here])
                count += 1
        for place in range(count):
            drawn[place] = bits(key, PARK_ADMISSION, 0, address[place], 0)
        for admitted in lowest(drawn[:count], address[:count], free[here]):
            park[waiting[admitted]] = here
