"""Missions: a challenge asks for knowledge that nobody has alone, and a consortium comes together to cover it.

Claim: a mission gives a direction, not a beneficiary. Who knows most of what it asks for takes the lead and adds the
partner that covers most of what is still missing, until the challenge is met or nobody adds enough; how well leads are
found depends on the support system's skill and time (Mazzucato 2018). A public body that would buy the solution
shortens the way from the pilot to the market (Edler & Georghiou 2007).

Equation: ``coverage = sum_d w_d max_i k_id`` over the members i. The lead has the largest ``sum_d w_d k_id +
lead_error (1 - skill) z``, skill that of the broker or park that would facilitate; partners come by largest marginal
coverage; the challenge is met from its threshold on.

A challenge is a call for consortia: it has a row behind the calls, a purse, a grant and co-funding as they have.

References
----------
Edler & Georghiou (2007), Research Policy 36:949-963.
Mazzucato (2018), Industrial and Corporate Change 27:803-815.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import SOURCES, Account, Channel
from simulation.geography import domain_weights
from simulation.kernels.consortia import form_consortium
from simulation.kernels.missions import brokers_at_hand, find_lead, seen_by_lead
from simulation.kernels.networks import tie_between
from simulation.kernels.strategy import fit_to_objective
from simulation.money import cents, open_purses
from simulation.parameters.missions import Challenge
from simulation.projects import begin_projects, first_challenge, mission_members, surplus_now, with_room_for_projects
from simulation.randomness import combined
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY
from simulation.world import World

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.int32]

NONE_SHOWN: Flags = np.zeros(0, dtype=np.bool_)
"""Members of consortia where the platform does not show them."""


def run_challenges(world: World) -> None:
    """Pose the challenges of this month, and let one lead of each look for a consortium.

    Where the programme does not act across regions, one lead in each region, with partners and money of that region.

    Parameters
    ----------
    world : World
        Purses, ``calls``, projects and the cases of brokers change; counts ``challenges_opened``,
        ``challenges_covered``, ``consortia`` and ``projects_funded``.
    """
    if not world.scenario.challenges or not world.missions_on:
        return
    idle_parks = np.ones(len(world.state.parks), dtype=np.bool_)
    for row, name in enumerate(sorted(world.scenario.challenges), first_challenge(world)):
        challenge = world.scenario.challenges[name]
        if not challenge.opens_month <= world.month <= challenge.closes_month:
            continue
        where = eligible_regions(world, challenge)
        if world.state.calls.first_purse[row] == NOBODY:
            _open(world, row, challenge, where)
        for regions in [where] if world.scenario.programme.across else np.diag(where)[where]:
            _look_for_a_consortium(world, row, challenge, regions, idle_parks)
        world.state.calls.decided[row] = world.month == challenge.closes_month


def eligible_regions(world: World, challenge: Challenge) -> Flags:
    """Regions whose organisations may lead: (regions,) bool."""
    return world.geography.with_firms(challenge.regions)


def weights_of(world: World, challenge: Challenge) -> Floats:
    """What a challenge asks for, as shares over the domains: its own weights, or what its regions give priority to."""
    if challenge.weights:
        return domain_weights(world.geography, challenge.weights)
    return world.priorities_of(eligible_regions(world, challenge))


def coverage(knowledge: NDArray[np.float32], weights: Floats) -> float:
    """What several organisations cover together.

    Parameters
    ----------
    knowledge : (members, domains) float32
        Their levels.
    weights : (domains,) float64
        What the challenge asks for, adding up to 1.
    """
    best = knowledge.astype(np.float64).max(axis=0, initial=0.0)
    return float(fit_to_objective(best, weights))


def _open(world: World, row: int, challenge: Challenge, where: Flags) -> None:
    """One purse, or where the programme does not act across regions one for each region in equal parts."""
    calls, budget = world.state.calls, cents(challenge.budget_keur)
    source = SOURCES[challenge.source_of_money]
    regions = [NOBODY] if world.scenario.programme.across else np.flatnonzero(where).tolist() or [NOBODY]
    opened = open_purses(world.state, source, Account.GRANTS, budget, regions)
    calls.first_purse[row], calls.purse_count[row] = opened.start, len(regions)
    world.count("challenges_opened", 1)


def _look_for_a_consortium(world: World, row: int, challenge: Challenge, regions: Flags, idle_parks: Flags) -> None:
    """One lead asks partner by partner; a consortium that covers the challenge is funded while there is money."""
    purse, left = _money_left(world, row, regions)
    if left <= 0:
        return
    weights, room = weights_of(world, challenge), _with_room(world)
    lead = _lead(world, row, weights, regions, room, idle_parks)
    if lead == NOBODY:
        return
    rules, organisations = world.scenario.missions, world.state.organisations
    members = np.empty(MOST_MEMBERS, dtype=np.int32)
    count, covered = form_consortium(
        world.key,
        world.state.calls.identity[row],
        lead,
        _candidates(world, lead, regions, room),
        organisations.identity,
        organisations.knowledge,
        weights,
        float(challenge.threshold),
        float(rules.reservation_value),
        rules.least_members,
        rules.most_members,
        members,
    )
    world.state.calls.applications[row] += 1
    if covered >= challenge.threshold and count >= rules.least_members:
        largest = cents(challenge.grant_keur) or cents(challenge.budget_keur)
        world.state.purses.committed_cents[purse] += min(largest, left)
        _begin(world, row, challenge, members[:count], min(largest, left), largest)


def _money_left(world: World, row: int, regions: Flags) -> tuple[int, int]:
    """The purse that would pay a consortium of these regions, and the cents that it and the programme have left."""
    calls, purses = world.state.calls, world.state.purses
    first, count = int(calls.first_purse[row]), int(calls.purse_count[row])
    if count > 1:
        first += int(np.flatnonzero(regions[purses.region[first : first + count]])[0])
    left = int(purses.received_cents[first] - purses.committed_cents[first] - purses.spent_cents[first])
    budget = world.programme_left_cents
    return first, left if budget is None else min(budget, left)


def _with_room(world: World) -> Flags:
    """Solvent organisations that could take part in one project more: (organisations,) bool."""
    return with_room_for_projects(world) & (world.state.organisations.capital_cents >= 0)


def _lead(world: World, row: int, weights: Floats, regions: Flags, room: Flags, idle_parks: Flags) -> int:
    """The innovator of the given regions who seems to know most of what is asked for; NOBODY if nobody can lead.

    An SME leads if it is registered, a university or provider always. Its own park facilitates, which does so once a
    month, or else its broker, for one without a broker the one of its region with most cases left, if enough are.
    """
    state, rules = world.state, world.scenario.missions
    organisations, brokers = state.organisations, state.brokers
    return find_lead(
        world.key,
        world.month,
        state.calls.identity[row],
        weights,
        regions,
        organisations.identity,
        organisations.kind,
        organisations.region,
        organisations.innovator,
        organisations.broker,
        organisations.park,
        room,
        organisations.knowledge,
        state.parks.skill,
        brokers.identity,
        brokers.region,
        brokers.skill,
        brokers.case_capacity,
        float(rules.lead_error),
        rules.cases,
        idle_parks,
        brokers.cases,
    )


def _candidates(world: World, lead: int, regions: Flags, room: Flags) -> NDArray[np.int64]:
    """Whom a lead can ask: friends, clients of its broker, tenants of its park, users of the platform.

    Users count in the eligible regions, members of running consortia among them. Where the programme does not act
    across regions, nobody from another one is seen.
    """
    organisations, brokers = world.state.organisations, world.state.brokers
    on_platform = world.platform_use > 0.0
    in_consortia = on_platform and world.scenario.missions.on_platform
    near = int(organisations.broker[lead])
    if near == NOBODY:
        at_hand = brokers_at_hand(brokers.identity, brokers.region, brokers.case_capacity, brokers.cases, len(regions))
        near = int(at_hand[organisations.region[lead]])
    candidates = np.empty(len(organisations), dtype=np.int64)
    count = seen_by_lead(
        lead,
        near,
        on_platform,
        world.scenario.programme.across,
        regions,
        mission_members(world) if in_consortia else NONE_SHOWN,
        organisations.region,
        organisations.broker,
        organisations.park,
        organisations.platform_month,
        room,
        world.adjacency.offsets,
        world.adjacency.neighbours,
        candidates,
    )
    return candidates[:count]


def _begin(world: World, row: int, challenge: Challenge, members: Rows, grant: int, largest: int) -> None:
    """Begin the project of a consortium; what it is worth is the mean over the pairs of the lead with a partner."""
    state, geography = world.state, world.geography
    lead, partners, network = int(members[0]), members[1:], world.adjacency
    ties = [tie_between(lead, int(row), network.offsets, network.neighbours, network.ties) for row in partners]
    surplus, distance = surplus_now(world, np.full_like(partners, lead), partners, np.array(ties, dtype=np.int64))
    new = begin_projects(
        world,
        members[:1],
        members[1:2],
        combined(state.organisations.identity[members[:1]], state.calls.identity[row : row + 1]),
        surplus.sum(keepdims=True) / len(partners),
        distance.sum(keepdims=True) / len(partners),
        np.array([int(Channel.CALL)], dtype=np.int8),
        call=row,
        grant_cents=grant,
        granted_share=grant / largest,
        others=members[2:][None, :],
    )
    if challenge.adopter is not None:
        seat = world.scenario.authorities[challenge.adopter].region
        state.projects.target_region[new] = geography.regions.index(seat)
    state.organisations.granted[members] = True
    world.count("projects_funded", 1)
    world.count("consortia", 1)
    world.count("challenges_covered", int(state.calls.funded[row] == 0))
    state.calls.funded[row] += 1
