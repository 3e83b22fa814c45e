"""How a project begins, whatever brought it about: a row of the table, its members, what is counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel, Stage, Status
from simulation.kernels.projects import count_beginnings, draw_luck, engage_members, seat_members, with_room
from simulation.kernels.surplus import surplus_of_pairs
from simulation.profiles import profiles_of
from simulation.state import NOBODY
from simulation.world import World

Rows = NDArray[np.int32]

PROGRAMME_CHANNELS = (Channel.PARTNER, Channel.PLATFORM, Channel.GROUP, Channel.EVENT, Channel.CALL)
"""Channels that exist through a programme only: what they bring about is programme-made."""

MADE_BY_PROGRAMME: NDArray[np.bool_] = np.isin(np.arange(len(Channel)), PROGRAMME_CHANNELS)
"""Whether each channel is one of these, by code."""

NO_OTHERS = np.empty((0, 0), dtype=np.int32)

COUNTED = (
    "collaborations",
    "collaborations_cross_border",
    "collaborations_programme",
    "repeat_ties",
    "collaboration_smes",
    "newcomers",
)
"""Counters of beginnings, in the order of the kernel."""


def made_by_programme(channel: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Whether each project or pair came about through a channel that exists through a programme only."""
    made: NDArray[np.bool_] = MADE_BY_PROGRAMME[channel]
    return made


def project_limits(world: World) -> NDArray[np.float32]:
    """Most projects of each organisation: one, one more for so many employees, up to the rule's limit."""
    rule = world.scenario.matching
    carried = np.floor(world.state.organisations.size / np.float32(rule.employees_per_project))
    limits: NDArray[np.float32] = np.minimum(np.float32(rule.running_projects), np.float32(1.0) + carried)
    return limits


def with_room_for_projects(world: World) -> NDArray[np.bool_]:
    """Living organisations that could take part in one more project."""
    organisations, rule = world.state.organisations, world.scenario.matching
    return with_room(
        organisations.alive,
        organisations.size,
        organisations.running_projects,
        rule.running_projects,
        rule.employees_per_project,
    )


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
    world: World, first: NDArray[np.int32], second: NDArray[np.int32], tie: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Surplus and cognitive distance of pairs as they are now; ``tie`` is the row of the tie of each, or NOBODY."""
    state, rules = world.state, world.scenario.surplus
    organisations = state.organisations
    surplus, distance = np.empty(len(first)), np.empty(len(first))
    if len(first):
        surplus_of_pairs(
            first,
            second,
            organisations.knowledge,
            profiles_of(world, np.concatenate((first, second))),
            world.proximity,
            tie,
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
    state, adjacency = world.state, world.adjacency
    organisations, projects, ties, members = state.organisations, state.projects, state.ties, state.members
    new = projects.append(
        len(first),
        surplus=surplus,
        cognitive_distance=cognitive_distance,
        channel=channel,
        partnership=partnership,
        call=call,
        grant_cents=grant_cents,
        granted_share=granted_share,
        started_month=world.month,
        stage=int(Stage.SCOPING),
        status=int(Status.RUNNING),
    )
    spread = world.scenario.collaboration.luck_spread
    draw_luck(world.key, world.month, new.start, pair, spread, projects.identity, projects.luck)
    seat_members(
        new.start,
        first,
        second,
        NO_OTHERS if others is None else others,
        organisations.region,
        organisations.sector,
        world.geography.across_border,
        projects.members,
        projects.member_count,
        projects.target_region,
        projects.target_sector,
        projects.cross_region,
        projects.cross_border,
    )
    counts = count_beginnings(
        new.start,
        projects.members,
        projects.member_count,
        projects.cross_border,
        projects.channel,
        MADE_BY_PROGRAMME,
        organisations.kind,
        organisations.cooperated_month,
        adjacency.offsets,
        adjacency.neighbours,
        adjacency.ties,
        ties.origin,
        ties.used_month,
    )
    world.count("projects_started", len(first))
    for counter, increase in zip(COUNTED, counts.tolist(), strict=True):
        world.count(counter, increase)
    engage_members(
        world.month,
        new.start,
        projects.members,
        projects.member_count,
        projects.partnership,
        projects.first_member,
        projects.second_member,
        organisations.running_projects,
        organisations.cooperated_month,
        organisations.broker,
        state.brokers.member,
        members.partnership,
        members.success_now,
        world.scenario.engagement.project_points,
    )
    return new
