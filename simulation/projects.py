"""How a project begins, whatever brought it about: a row of the table, its members, what is counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exponentials
from simulation.codes import Channel, Kind, Origin, Stage, Status
from simulation.kernels.networks import ties_between
from simulation.kernels.surplus import surplus_of_pairs
from simulation.purposes import Purpose
from simulation.randomness import combined, normals
from simulation.state import NEVER, NOBODY
from simulation.world import World

Rows = NDArray[np.int32]

PROGRAMME_CHANNELS = (Channel.PARTNER, Channel.PLATFORM, Channel.GROUP, Channel.EVENT, Channel.CALL)
"""Channels that exist through a programme only: what they bring about is programme-made."""


def made_by_programme(channel: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Whether each project or pair came about through a channel that exists through a programme only."""
    return np.isin(channel, [int(c) for c in PROGRAMME_CHANNELS])


def project_limits(world: World) -> NDArray[np.float32]:
    """Most projects of each organisation: one, one more for so many employees, up to the rule's limit."""
    rule = world.scenario.matching
    carried = np.floor(world.state.organisations.size / np.float32(rule.employees_per_project))
    limits: NDArray[np.float32] = np.minimum(np.float32(rule.running_projects), np.float32(1.0) + carried)
    return limits


def first_challenge(world: World) -> int:
    """Row of the first challenge in the table of calls: challenges stand after the calls."""
    return len(world.state.calls) - len(world.scenario.challenges)


def mission_members(world: World) -> NDArray[np.bool_]:
    """Living organisations in a running project of a consortium that met a challenge."""
    projects, alive = world.state.projects, world.state.organisations.alive
    taking_part = np.zeros(len(alive), dtype=np.bool_)
    if world.scenario.challenges:
        running = (projects.status == Status.RUNNING) & (projects.call >= first_challenge(world))
        members = projects.members[running]
        taking_part[members[members != NOBODY]] = True
        taking_part &= alive
    return taking_part


def surplus_now(
    world: World, first: NDArray[np.int32], second: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Surplus and cognitive distance of pairs as they are now."""
    state, rules, adjacency = world.state, world.scenario.surplus, world.adjacency
    organisations = state.organisations
    surplus, distance = np.empty(len(first)), np.empty(len(first))
    if len(first):
        surplus_of_pairs(
            first,
            second,
            organisations.knowledge,
            organisations.needs,
            organisations.absorptive_capacity,
            organisations.region,
            world.proximity,
            adjacency.offsets,
            adjacency.neighbours,
            adjacency.ties,
            state.ties.trust,
            rules.own_needs_weight,
            rules.cognitive_distance_scale,
            rules.trust,
            surplus,
            distance,
        )
    return surplus, distance


def begin_projects(
    world: World,
    first: Rows,
    second: Rows,
    pair: NDArray[np.uint64],
    surplus: NDArray[np.float64],
    cognitive_distance: NDArray[np.float64],
    channel: NDArray[np.int8],
    partnership: NDArray[np.int16] | int = NOBODY,
    call: NDArray[np.int64] | int = NOBODY,
    grant_cents: NDArray[np.int64] | int = 0,
    granted_share: NDArray[np.float64] | float = 0.0,
    others: Rows | None = None,
) -> slice:
    """Begin one project for each pair, each single beneficiary (``second`` = NOBODY), or each consortium.

    Parameters
    ----------
    first, second : (n,) int32
        The initiator and its partner.
    pair : (n,) uint64
        Address of the pair; with the month it makes the project's own.
    others : (n, up to 6) int32, optional
        Further members of each project, then NOBODY; only a project with a partner has any.

    Returns
    -------
    slice
        Rows of the projects.
    """
    state = world.state
    organisations, projects, geography = state.organisations, state.projects, world.geography
    together = second != NOBODY
    partner = np.where(together, second, first)
    region, sector = organisations.region, organisations.sector
    identity = combined(pair, np.full(len(pair), world.month & 0xFFFF, dtype=np.uint64))
    spread = world.scenario.collaboration.luck_spread
    luck = exponentials(spread * normals(world.key, Purpose.PROJECT_LUCK, 0, identity) - 0.5 * spread * spread)
    new = projects.append(
        len(first),
        identity=identity,
        surplus=surplus,
        cognitive_distance=cognitive_distance,
        channel=channel,
        luck=luck,
        partnership=partnership,
        call=call,
        grant_cents=grant_cents,
        granted_share=granted_share,
        started_month=world.month,
        stage=int(Stage.SCOPING),
        status=int(Status.RUNNING),
        target_region=region[partner],
        target_sector=sector[partner],
        member_count=1 + together,
        cross_region=region[first] != region[partner],
        cross_border=geography.across_border[region[first], region[partner]],
    )
    projects.members[new, 0] = first
    projects.members[new, 1] = second
    if others is not None:
        _take_in(world, new, others)
    _credit_members(world, new, first, partner)
    _count_beginnings(world, new, together)
    np.add.at(organisations.running_projects, first, 1)
    for side in partners_of(world, new):
        np.add.at(organisations.running_projects, side, 1)
        organisations.cooperated_month[side] = world.month
    organisations.cooperated_month[first[together]] = world.month
    return new


def _take_in(world: World, new: slice, others: Rows) -> None:
    """Make further organisations members of new projects."""
    projects, region, geography = world.state.projects, world.state.organisations.region, world.geography
    projects.members[new, 2 : 2 + others.shape[1]] = others
    projects.member_count[new] += np.count_nonzero(others != NOBODY, axis=1).astype(np.int8)
    lead = region[projects.members[new, 0]]
    for place in range(others.shape[1]):
        known = others[:, place] != NOBODY
        seat = np.where(known, region[others[:, place]], lead)
        projects.cross_region[new] |= seat != lead
        projects.cross_border[new] |= geography.across_border[seat, lead]


def partners_of(world: World, new: slice) -> list[Rows]:
    """The second, third, ... members of projects, each of those that have one; nobody after the last."""
    projects = world.state.projects
    members = projects.members[new]
    most = int(projects.member_count[new].max(initial=0))
    return [members[members[:, place] != NOBODY, place] for place in range(1, most)]


def _credit_members(world: World, new: slice, first: Rows, partner: Rows) -> None:
    """A project through a partnership is a success of the memberships on its two sides, or of the one on both."""
    state = world.state
    projects, members, brokers = state.projects, state.members, state.brokers
    through = np.flatnonzero(projects.partnership[new] != NOBODY)
    if not len(through):
        return
    sides = []
    for side in (first, partner):
        broker = state.organisations.broker[side[through]]
        acting = np.where(broker == NOBODY, NOBODY, brokers.member[broker])
        inside = members.partnership[acting] == projects.partnership[new][through]
        sides.append(np.where((acting != NOBODY) & inside, acting, NOBODY))
    sides[1] = np.where(sides[1] == sides[0], NOBODY, sides[1])
    for name, acting in zip(("first_member", "second_member"), sides, strict=True):
        getattr(projects, name)[new][through] = acting
        np.add.at(members.success_now, acting[acting != NOBODY], world.scenario.engagement.project_points)


def _count_beginnings(world: World, new: slice, together: NDArray[np.bool_]) -> None:
    state = world.state
    projects, organisations = state.projects, state.organisations
    pairs = int(np.count_nonzero(together))
    world.count("projects_started", len(together))
    if not pairs:
        return
    one, other = projects.members[new][together, 0], projects.members[new][together, 1]
    programme = made_by_programme(projects.channel[new])[together]
    world.count("collaborations", pairs)
    world.count("collaborations_cross_border", int(np.count_nonzero(projects.cross_border[new][together])))
    world.count("collaborations_programme", int(np.count_nonzero(programme)))
    world.count("repeat_ties", _worked_together_before(world, one, other))
    for side in (one, *partners_of(world, new)):
        is_sme = organisations.kind[side] == Kind.SME
        world.count("collaboration_smes", int(np.count_nonzero(is_sme)))
        world.count("newcomers", int(np.count_nonzero(is_sme & (organisations.cooperated_month[side] == NEVER))))


def _worked_together_before(world: World, one: Rows, other: Rows) -> int:
    adjacency, ties = world.adjacency, world.state.ties
    tie = ties_between(one, other, adjacency.offsets, adjacency.neighbours, adjacency.ties)
    known = tie[tie != NOBODY]
    by_project = np.isin(ties.origin[known], [int(Origin.PROJECT), int(Origin.PROGRAMME)])
    return int(np.count_nonzero(by_project | (ties.used_month[known] != NEVER)))
