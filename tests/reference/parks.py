"""Plain twins of simulation/kernels/parks.py, one park at a time."""

import numpy as np

from simulation.codes import Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import bits, combine


def lowest(drawn, address, wanted):
    order = sorted(range(len(drawn)), key=lambda place: (int(drawn[place]), int(address[place])))
    return np.array(order[:wanted], dtype=np.int64)


def admit(key, identity, region, kind, alive, park, park_identity, park_region, places):
    tenants = [int(np.count_nonzero(park == here)) for here in range(len(places))]
    for here, taken in enumerate(tenants):
        waiting = [
            row
            for row in range(len(park))
            if alive[row] and kind[row] == Kind.SME and park[row] == NOBODY and region[row] == park_region[here]
        ]
        address = {row: combine(identity[row], park_identity[here]) for row in waiting}
        waiting.sort(key=lambda row: (int(bits(key, Purpose.PARK_ADMISSION, 0, address[row], 0)), int(address[row])))
        park[waiting[: max(0, int(places[here]) - taken)]] = here
