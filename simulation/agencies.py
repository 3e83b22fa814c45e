"""Brokers, parks and authorities as agencies: end to end, with instruments of their own.

Mechanisms that treat them alike see them through this module: their columns, and what the instruments of a region are
worth by what works in practice now.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.agencies import Ring
from simulation.schemas import PRACTICES
from simulation.state import Table
from simulation.world import World

__all__ = [
    "AGENCIES",
    "Ring",
    "instrument_quality",
    "instrumented_services",
    "owners_of_instruments",
]

type Floats = NDArray[np.float64]

AGENCIES = ("brokers", "parks", "authorities")
"""Tables whose rows have practices, in the order in which they are laid end to end."""


def owners_of_instruments(world: World) -> tuple[Table, ...]:
    """Tables whose rows may take practices into instruments of their own."""
    owners = world.scenario.instruments.owners
    named = {"nobody": (), "authorities": ("authorities",), "agencies": AGENCIES}[owners]
    return tuple(getattr(world.state, name) for name in named)


def instrumented_services(world: World) -> Floats:
    """Factor of each region on what a place in a diagnosis or training achieves: (regions,) float64, 1 without."""
    if world.scenario.instruments.owners == "nobody":
        return np.ones(len(world.geography.regions))
    return 1.0 + world.scenario.instruments.service_effect * instrument_quality(world)


def instrument_quality(world: World) -> Floats:
    """What the instruments of each region are worth by what works now, from -1 to 1.

    Share of dimensions in which an instrument took over the right practice minus the share in which it took over a
    wrong one, mean over the owners that sit in the region; 0 where there is none.

    Returns
    -------
    (regions,) float64
    """
    regions = len(world.geography.regions)
    if world.scenario.instruments.owners == "nobody":
        return np.zeros(regions)
    balance, owners = np.zeros(regions), np.zeros(regions)
    for table in owners_of_instruments(world):
        agreeing = np.multiply(table.instrument, world.state.clock.right_practice[0], dtype=np.int64).sum(axis=1)
        balance += np.bincount(table.region, weights=agreeing, minlength=regions)
        owners += np.bincount(table.region, minlength=regions)
    quality: Floats = balance / (PRACTICES * np.maximum(1.0, owners))
    return quality
