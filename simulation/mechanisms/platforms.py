"""Platforms: registered firms of several hubs sign up, meet, and stay connected.

Claim: a platform federates hubs. It shows their clients to each other (:mod:`simulation.mechanisms.search`), and where
it is a network of its users, those who meet on it stay connected: by an introduction made through it, or because one
looks at the profile of another and the two are worth a project to each other. Its use outlives the money for
its staff for a while, and fades.

Equation: use = 1 while it is staffed, then ``kept^t`` in the t-th month after, for so many months. A user looks at a
profile with probability ``profile rate × use``. A connection is a tie like any other: it carries trust, decays,
and is forgotten unless the two work together.

References
----------
Granovetter, M. (1973). The strength of weak ties. American Journal of Sociology 78(6), 1360-1380.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel, Origin
from simulation.kernels.groups import rows_by_group
from simulation.kernels.platforms import connect_users
from simulation.new_ties import begin_ties, ends_of_pairs
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.state import NEVER, NOBODY
from simulation.world import World


def sign_up(world: World) -> None:
    """Let registered firms of the platform's regions sign up while it is staffed.

    Parameters
    ----------
    world : World
        The column ``platform_month`` of organisations changes.
    """
    if not world.platform_on:
        return
    organisations, platform, geography = world.state.organisations, world.scenario.platform, world.geography
    federated = np.ones(len(geography.regions), dtype=np.bool_)
    if platform.regions:
        federated = np.isin(geography.regions, platform.regions)
    waiting = organisations.alive & (organisations.broker != NOBODY) & (organisations.platform_month == NEVER)
    rows = np.flatnonzero(waiting & federated[organisations.region])
    if platform.sign_up_rate < 1.0:
        draw = uniforms(world.key, Purpose.PLATFORM_SIGN_UP, world.month & 0xFFFF, organisations.identity[rows])
        rows = rows[draw < platform.sign_up_rate]
    organisations.platform_month[rows] = world.month


def connect(world: World) -> None:
    """Tie users who met on the platform this month and did not know each other.

    Parameters
    ----------
    world : World
        The table of ties grows; its rows of this month, which the adjacency does not know yet, are looked at too.
    """
    platform, use = world.scenario.platform, world.platform_use
    if not platform.connections or use == 0.0:
        return
    state, rules, adjacency = world.state, world.scenario.surplus, world.adjacency
    organisations, introductions = state.organisations, state.introductions
    signed_up = organisations.alive & (organisations.broker != NOBODY) & (organisations.platform_month != NEVER)
    user_offsets, users = rows_by_group(organisations.region, signed_up, len(world.geography.regions))
    met = introductions.channel == Channel.PLATFORM
    pairs = connect_users(
        world.key,
        world.month,
        user_offsets,
        users,
        world.scenario.programme.across,
        platform.profile_rate * use,
        world.scenario.matching.reservation_value,
        introductions.seeker[met],
        introductions.other[met],
        organisations.identity,
        organisations.region,
        organisations.knowledge,
        organisations.needs,
        organisations.absorptive_capacity,
        world.proximity,
        rules.own_needs_weight,
        rules.cognitive_distance_scale,
        adjacency.offsets,
        adjacency.neighbours,
        adjacency.ties,
        _pairs_tied_this_month(world),
    )
    begin_ties(world, *ends_of_pairs(pairs), int(Origin.PLATFORM))
    world.count("platform_connections", len(pairs))


def _pairs_tied_this_month(world: World) -> NDArray[np.int64]:
    """Pairs of ties younger than the adjacency, as rising numbers."""
    ties = world.state.ties
    young = ties.born_month == world.month
    pairs: NDArray[np.int64] = np.sort(ties.first[young].astype(np.int64) << 32 | ties.second[young])
    return pairs
