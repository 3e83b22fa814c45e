"""Demography: firms exit and enter, and take their ties and projects with them.

Claim: the hazard of exit falls with age and differs by region; a firm without capital is more likely to be
the one that exits, but insolvency does not change how many do. As many firms enter a cluster as leave it,
unless the region says otherwise. Monthly hazards come from yearly probabilities p by 1 - (1 - p)^(1/12): with
20 % in the first year and 13.9 % a year up to the fifth, 80 % survive one year and 44 % five.

Only SMEs exit and enter. The dead stay in the table, without broker, park or group; a project that loses a
member expires. At the end of the stage ties that are gone leave the table and the adjacency is brought up to date.

References
----------
Eurostat (2023). Business demography statistics: survival rates of enterprises.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind, Origin
from simulation.kernels.demography import births, end_projects_of_the_dead, entrant_ties, leave_market, release_ties
from simulation.kernels.groups import rows_by_group
from simulation.kernels.ties import turn_ties_over
from simulation.new_ties import begin_ties
from simulation.newborns import found_organisations
from simulation.world import Adjacency, World

ENTRANT = int(Origin.ENTRANT)
NO_ROWS = np.empty(0, dtype=np.int32)


def turn_over(world: World) -> None:
    """Let firms exit and enter, end the projects of the dead, and bring ties and adjacency up to date.

    Parameters
    ----------
    world : World
        Organisations, projects, ties and ``adjacency`` change; counts ``exits``, ``entries`` and
        ``projects_expired``.
    """
    leaving = _let_exit(world)
    ended = _end_projects(world, leaving)
    old_ties = len(world.state.ties)
    _let_enter(world, leaving)
    _renew_ties(world, old_ties)
    if len(ended):
        projects, known = world.state.projects, world.adjacency
        release_ties(
            ended,
            projects.members,
            projects.member_count,
            known.offsets,
            known.neighbours,
            known.ties,
            world.state.ties.running_projects,
        )


def _let_exit(world: World) -> NDArray[np.int32]:
    """Rows of the firms that exit, after they have left the market."""
    organisations = world.state.organisations
    leaving = leave_market(
        world.key,
        world.month,
        organisations.identity,
        organisations.alive,
        organisations.kind,
        organisations.born_month,
        organisations.capital_cents,
        organisations.cluster,
        world.exit_hazards,
        _exit_multipliers(world),
        world.scenario.demography.insolvency_multiplier,
        organisations.died_month,
        organisations.broker,
        organisations.park,
        organisations.group,
    )
    if len(leaving):
        world.count("exits", len(leaving))
    return leaving


def _exit_multipliers(world: World) -> NDArray[np.float64]:
    """Exit hazard in each cluster relative to demography's: its region's, and more where a shock strikes."""
    if not world.struck.size:
        return world.exit_multipliers
    multipliers = world.exit_multipliers.copy()
    multipliers[world.struck] *= world.scenario.shock.exit_multiplier
    return multipliers


def _end_projects(world: World, leaving: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows of the projects that ended because a member left."""
    projects, organisations = world.state.projects, world.state.organisations
    if not len(leaving) or not len(projects):
        return NO_ROWS
    ended = end_projects_of_the_dead(
        world.month,
        organisations.alive,
        organisations.running_projects,
        projects.status,
        projects.ended_month,
        projects.members,
        projects.member_count,
    )
    world.count("projects_expired", len(ended))
    return ended


def _let_enter(world: World, leaving: NDArray[np.int32]) -> None:
    """Let the month's entrants enter, and bring their ties."""
    if not len(leaving):
        return
    geography, organisations = world.geography, world.state.organisations
    cluster, identity = births(
        world.key, world.month, leaving, organisations.cluster, world.birth_ratios, geography.cluster_identity
    )
    if not len(cluster):
        return
    offsets, rows = rows_by_group(organisations.cluster, organisations.alive, geography.clusters)
    entrants = found_organisations(organisations, world.founding, world.key, cluster, Kind.SME, identity, world.month)
    world.count("entries", len(cluster))
    pairs = entrant_ties(
        world.key,
        world.month,
        identity,
        cluster,
        offsets,
        rows,
        entrants.start,
        world.scenario.demography.entrant_ties,
    )
    if len(pairs):
        begin_ties(world, pairs, ENTRANT)


def _renew_ties(world: World, old_ties: int) -> None:
    """Take those of the old ties that are of the dead or forgotten out of the table; bring the adjacency up to date."""
    ties, known = world.state.ties, world.adjacency
    gone, offsets, neighbours, rows = turn_ties_over(
        world.state.organisations.alive,
        old_ties,
        known.offsets,
        known.neighbours,
        known.ties,
        ties.first,
        ties.second,
        ties.trust,
        ties.born_month,
        ties.used_month,
        ties.origin,
        ties.running_projects,
    )
    if gone:
        ties.count -= gone
    world.adjacency = Adjacency(offsets, neighbours, rows)
