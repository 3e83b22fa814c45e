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

from simulation.codes import Origin
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
    organisations, introductions, ties = state.organisations, state.introductions, state.ties
    pairs = connect_users(
        world.key,
        world.month,
        world.scenario.programme.across,
        platform.profile_rate * use,
        float(world.scenario.matching.reservation_value),
        introductions.channel,
        introductions.seeker,
        introductions.other,
        organisations.alive,
        organisations.broker,
        organisations.platform_month,
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
        ties.first,
        ties.second,
        ties.born_month,
    )
    if len(pairs):
        begin_ties(world, *ends_of_pairs(pairs), int(Origin.PLATFORM))
        world.count("platform_connections", len(pairs))
