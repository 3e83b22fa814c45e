"""Ties: relational credit that grows with joint success and fades without use.

Claim: two organisations that carry a project have a tie. A stage passed together closes part of the gap to
full trust, T += gain (1 - T); a failure costs trust, T *= factor; each month T *= decay; a tie below a
threshold and without a running project is gone. Besides, each organisation now and then meets a friend of a
friend, or somebody of its cluster.

Ties that are gone are marked by trust 0 here and leave the table at the end of the month
(:mod:`simulation.mechanisms.demography`), where the adjacency is brought up to date once for all.

References
----------
Cowan, R., Jonard, N., Zimmermann, J.-B. (2007). Bilateral collaboration and the emergence of innovation networks.
Management Science 53(7), 1051-1067.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Origin
from simulation.kernels.acquaintances import casual_meetings
from simulation.kernels.ties import begun_ties, decay_trust, use_ties
from simulation.new_ties import begin_ties
from simulation.world import World

CASUAL, PROJECT = int(Origin.CASUAL), int(Origin.PROJECT)
NO_PAIRS = np.empty(0, dtype=np.int64)


def form_ties(world: World) -> None:
    """Create, use, trust and forget ties after the month's projects.

    Parameters
    ----------
    world : World
        The table of ties changes; ``adjacency`` still describes the start of the month until demography
        brings it up to date.
    """
    parameters, ties = world.scenario.ties, world.state.ties
    new_pairs = _follow_projects(world)
    decay_trust(ties.trust, ties.running_projects, parameters.decay, parameters.forgotten_below)
    organisations, adjacency = world.state.organisations, world.adjacency
    identity, alive, cluster = organisations.identity, organisations.alive, organisations.cluster
    casual = casual_meetings(
        world.key,
        world.month,
        identity,
        alive,
        cluster,
        world.geography.clusters,
        adjacency.offsets,
        adjacency.neighbours,
        adjacency.ties,
        new_pairs,
        parameters.casual_rate,
    )
    if len(casual):
        begin_ties(world, casual, CASUAL)


def _follow_projects(world: World) -> NDArray[np.int64]:
    """Create and use the ties of projects; the pairs of the new ties, rising."""
    projects, ties, adjacency = world.state.projects, world.state.ties, world.adjacency
    parameters, month = world.scenario.ties, world.month
    if not len(projects):
        return NO_PAIRS
    members, member_count, started_month = projects.members, projects.member_count, projects.started_month
    known = (adjacency.offsets, adjacency.neighbours, adjacency.ties)
    pairs, origin = begun_ties(month, started_month, projects.partnership, members, member_count, *known)
    first_new = len(ties)
    if len(pairs):
        begin_ties(world, pairs, PROJECT, month)
        ties.origin[first_new:] = origin
    use_ties(
        month,
        started_month,
        projects.passed_month,
        projects.ended_month,
        projects.status,
        members,
        member_count,
        *known,
        pairs,
        first_new,
        ties.trust,
        ties.used_month,
        ties.running_projects,
        parameters.stage_gain,
        parameters.failure_factor,
    )
    return pairs
