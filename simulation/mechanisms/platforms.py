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

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Origin
from simulation.kernels.platforms import connect_users, sign_up_firms
from simulation.new_ties import begin_ties
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
    organisations, platform = world.state.organisations, world.scenario.platform
    sign_up_firms(
        world.key,
        world.month,
        _federated(world.geography.regions, platform.regions),
        float(platform.sign_up_rate),
        organisations.alive,
        organisations.broker,
        organisations.region,
        organisations.identity,
        organisations.platform_month,
    )


@lru_cache(maxsize=64)
def _federated(regions: tuple[str, ...], chosen: tuple[str, ...]) -> NDArray[np.bool_]:
    """Regions whose firms may sign up: those that the platform names, all where it names none."""
    return np.array([not chosen or region in chosen for region in regions], dtype=np.bool_)


def connect(world: World) -> None:
    """Tie users who met on the platform this month and did not know each other.

    Parameters
    ----------
    world : World
        The table of ties grows; its rows of this month, which the adjacency does not know yet, are looked at too.
    """
    platform = world.scenario.platform
    use = world.platform_use if platform.connections else 0.0
    if use == 0.0:
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
    )
    if len(pairs):
        begin_ties(world, pairs, Origin.PLATFORM)
        world.count("platform_connections", len(pairs))
