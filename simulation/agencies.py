"""Brokers, parks and authorities as agencies: end to end, in rings, with instruments of their own.

Mechanisms that treat them alike see them through this module: who takes part in the peer learning of which partnership
and in which ring, and what the instruments of a region are worth by what works in practice now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.commitments import Commitment, raised_by
from simulation.kernels.agencies import Ring, take_part
from simulation.schemas import PRACTICES
from simulation.state import State, Table
from simulation.world import World

__all__ = [
    "AGENCIES",
    "Agencies",
    "Ring",
    "agencies_of",
    "columns_of_agencies",
    "instrument_quality",
    "instrumented_services",
    "owners_of_instruments",
]

type Rows = NDArray[np.int64]
type Floats = NDArray[np.float64]

AGENCIES = ("brokers", "parks", "authorities")
"""Tables whose rows have practices, in the order in which they are laid end to end."""


@dataclass(frozen=True)
class Agencies:
    """Brokers, parks and authorities end to end, as individuals of March's model.

    Attributes
    ----------
    identities : (n,) uint64
    partnership : (n,) int64
        Active partnership in whose peer learning each takes part; NOBODY for none.
    ring : (n,) int8
        See :class:`Ring`; counts only for those who take part.
    reading, visiting : (n,) float64
        Factors of each on the rate of reading the handbook and of visiting.
    """

    identities: NDArray[np.uint64]
    partnership: Rows
    ring: NDArray[np.int8]
    reading: Floats
    visiting: Floats


def agencies_of(world: World) -> Agencies:
    """All agencies of the month: who takes part in peer learning and how.

    An agency takes part through the membership that it holds or that acts for it, where its partnership is active and
    the programme acts across regions. Partners hold a membership of their own and sign, associates one of the outer
    tier; all others are regional actors. With ``peer_learning.regional_actors`` an agency without such a membership
    takes part through the first partner of its region, as a regional actor too.
    """
    state, scenario, members = world.state, world.scenario, world.state.members
    identities, regions = world.agencies
    number, rules = len(identities), scenario.peer_learning
    agencies = Agencies(
        identities=identities,
        partnership=np.empty(number, dtype=np.int64),
        ring=np.empty(number, dtype=np.int8),
        reading=np.empty(number),
        visiting=np.empty(number),
    )
    take_part(
        identities,
        np.concatenate(columns_of_agencies(state, "member")),
        regions,
        members.identity,
        members.partnership,
        members.present,
        members.tier,
        members.region,
        members.engagement,
        state.partnerships.active,
        scenario.programme.across,
        rules.regional_actors,
        len(world.geography.regions),
        (1.0, float(rules.outer_ring_rate), float(rules.regional_actor_rate)),
        raised_by(scenario, Commitment.UPDATES),
        raised_by(scenario, Commitment.PEER_MEETINGS),
        agencies.partnership,
        agencies.ring,
        agencies.reading,
        agencies.visiting,
    )
    return agencies


def columns_of_agencies(state: State, name: str) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """One column of each table whose rows have practices, in the order in which they are laid end to end."""
    return getattr(state.brokers, name), getattr(state.parks, name), getattr(state.authorities, name)


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
