"""A shock: an event outside the model that strikes the firms of some sectors and regions for a while.

Claim: a shock takes part of a firm's capital at once; while it lasts, struck firms earn less and exit more often, and
their projects advance more slowly. It is the same under every policy, and the only thing under which resilience can be
spoken of: how much less is lost, and how soon it is regained, under one policy than under another.

Equations, for firms of the struck clusters, in months ``month <= t < month + duration_months``: ``capital <- capital -
floor(capital_loss capital)`` in the first month, where capital is above zero; income times ``1 - demand_loss``; exit
hazard times ``exit_multiplier``; advance of a project with a struck member times ``advance_multiplier``. The rules are
the project's own. The effects on income, exits and advance are taken where these are drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.geography import Geography
from simulation.parameters.market import Shock
from simulation.world import World


def strike(world: World) -> None:
    """Say which clusters are struck this month, and take the capital that a shock destroys when it begins.

    Parameters
    ----------
    world : World
        ``struck`` is set; capital of organisations changes in the shock's first month. Capital that is lost is no
        payment: no purse changes.
    """
    shock = world.scenario.shock
    if not shock.month or world.month < shock.month:
        return
    lasts = world.month < shock.month + shock.duration_months
    world.struck = struck_clusters(shock, world.geography) if lasts else np.zeros(0, dtype=np.bool_)
    if world.month == shock.month:
        _destroy_capital(world)


def struck_clusters(shock: Shock, geography: Geography) -> NDArray[np.bool_]:
    """Clusters of the sectors and regions that a shock names: (clusters,) bool; without names all of them."""
    sector, region = geography.cluster_sector, geography.cluster_region
    struck = np.ones(geography.clusters, dtype=np.bool_)
    if shock.sectors:
        struck &= np.isin(geography.sectors, shock.sectors)[sector]
    if shock.regions:
        struck &= np.isin(geography.regions, shock.regions)[region]
    return struck


def _destroy_capital(world: World) -> None:
    organisations = world.state.organisations
    capital = organisations.capital_cents
    rows = np.flatnonzero(world.struck_firms & organisations.alive & (capital > 0))
    capital[rows] -= np.floor(world.scenario.shock.capital_loss * capital[rows]).astype(np.int64)
