"""Entrepreneurial discovery: regions' priorities move to where their firms find something to gain.

Claim: what a region should specialise in is not known to its authorities beforehand; it shows in what its firms see in
each other (Foray, David & Hall 2009; Hausmann & Rodrik 2003). Under ``fixed`` priorities stay as they are.

Equation: ``p <- p + rate (v - p)`` for each region with an introduction this month that the two would not decline;
``v`` is in proportion to the sum over the region's sides of introductions of ``S max(0, k_jd - k_id)``, i the
organisation of the region and j the other one.

References
----------
Foray, David & Hall (2009), Knowledge Economists Policy Brief 9.
Hausmann & Rodrik (2003), Journal of Development Economics 72:603-633.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.strategy import see_surplus_by_domain
from simulation.world import World


def discover(world: World) -> None:
    """Move the priorities of regions, under ``s3.process = "discovery"`` and while the programme acts.

    Parameters
    ----------
    world : World
        ``strategies.priorities`` change.
    """
    if world.scenario.s3.process != "discovery" or not world.policy_on or not len(world.state.introductions):
        return
    priorities = world.state.strategies.priorities
    seen = surplus_by_domain(world)
    total = seen.sum(axis=1)
    moving = np.flatnonzero(total > 0.0)
    if len(moving):
        shown = seen[moving] / total[moving, None]
        priorities[moving] += world.scenario.s3.rate * (shown - priorities[moving])


def surplus_by_domain(world: World) -> NDArray[np.float64]:
    """What each region's organisations see in this month's introductions, by domain: (regions, domains) float64."""
    introductions, organisations = world.state.introductions, world.state.organisations
    seen = np.zeros((len(world.geography.regions), organisations.knowledge.shape[1]))
    see_surplus_by_domain(
        introductions.seeker,
        introductions.other,
        introductions.surplus,
        np.float32(world.scenario.matching.reservation_value),
        organisations.region,
        organisations.knowledge,
        seen,
    )
    return seen
