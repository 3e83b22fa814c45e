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

from simulation.codes import SOURCES, Account, Channel, Kind
from simulation.geography import domain_weights
from simulation.kernels.missions import form_consortium
from simulation.kernels.strategy import fit_of_applications, fit_to_objective
from simulation.money import cents, open_purses, within
from simulation.parameters.missions import Challenge
from simulation.projects import begin_projects, first_challenge, mission_members, project_limits, surplus_now
from simulation.purposes import Purpose
from simulation.randomness import combined, normals, uniforms
from simulation.state import NEVER, NOBODY
from simulation.world import World

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


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
    weights = weights_of(world, challenge)
    able = _able(world)
    lead = _lead(world, row, weights, able & regions[world.state.organisations.region], idle_parks)
    if lead == NOBODY:
        return
    rules, organisations = world.scenario.missions, world.state.organisations
    candidates = np.flatnonzero(_seen_by(world, lead, regions) & able)
    address = combined(organisations.identity[candidates], np.full(len(candidates), world.state.calls.identity[row]))
    members, count, covered = form_consortium(
        lead,
        candidates,
        uniforms(world.key, Purpose.MISSION_PARTNER, 0, address),
        organisations.knowledge,
        weights,
        challenge.threshold,
        rules.reservation_value,
        rules.least_members,
        rules.most_members,
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
    left = purses.received_cents[first] - purses.committed_cents[first] - purses.spent_cents[first]
    return first, int(within(np.array([left]), world.programme_left_cents)[0])


def _able(world: World) -> Flags:
    """Organisations that could take part in one project more."""
    organisations = world.state.organisations
    able: Flags = organisations.alive & (organisations.capital_cents >= 0)
    return able & (organisations.running_projects < project_limits(world))


def _lead(world: World, row: int, weights: Floats, able: Flags, idle_parks: Flags) -> int:
    """The innovator who seems to know most of what is asked for; whoever facilitates it spends its time.

    An SME leads if it is registered, a university or provider always. Its own park facilitates, which does so once a
    month, or else its broker, for one without a broker the one of its region with most cases left, if enough are.

    Returns
    -------
    int
        Row of the lead, NOBODY if nobody can lead.
    """
    state, rules = world.state, world.scenario.missions
    organisations, brokers, park = state.organisations, state.brokers, state.organisations.park
    broker = brokers_at_hand(world)
    by_park = np.append(idle_parks, False)[park]
    by_broker = np.append(brokers.case_capacity - brokers.cases, NOBODY)[broker] >= rules.cases
    apart = np.isin(organisations.kind, [int(Kind.UNIVERSITY), int(Kind.PROVIDER)])
    known = (organisations.kind == Kind.SME) & (organisations.broker != NOBODY)
    rows = np.flatnonzero(able & organisations.innovator & (apart | known) & (by_park | by_broker))
    if not len(rows):
        return NOBODY
    skill = np.where(by_park, np.append(state.parks.skill, 0.0)[park], np.append(brokers.skill, 0.0)[broker])
    address = combined(organisations.identity[rows], np.full(len(rows), state.calls.identity[row]))
    error = rules.lead_error * (1.0 - skill[rows])
    seems = fit_of_applications(rows, np.full(len(rows), NOBODY), organisations.knowledge, weights)
    seems += error * normals(world.key, Purpose.MISSION_LEAD, world.month & 0xFFFF, address)
    lead = int(rows[np.lexsort((address, -seems))[0]])
    if by_park[lead]:
        idle_parks[park[lead]] = False
    else:
        brokers.cases[broker[lead]] += rules.cases
    return lead


def brokers_at_hand(world: World) -> NDArray[np.int32]:
    """Broker of each organisation; of one without, that of its region with most cases left."""
    state = world.state
    brokers, organisations = state.brokers, state.organisations
    of_region = np.full(len(world.geography.regions), NOBODY, dtype=np.int32)
    rising = np.lexsort((brokers.identity, brokers.case_capacity - brokers.cases))
    of_region[brokers.region[rising]] = rising
    chosen: NDArray[np.int32] = np.where(
        organisations.broker != NOBODY, organisations.broker, of_region[organisations.region]
    )
    return chosen


def _seen_by(world: World, lead: int, regions: Flags) -> Flags:
    """Whom a lead can ask: friends, clients of its broker, tenants of its park, users of the platform.

    Users count in the eligible regions, members of running consortia among them. Where the programme does not act
    across regions, nobody from another one is seen.
    """
    organisations, adjacency, across = world.state.organisations, world.adjacency, world.scenario.programme.across
    broker, park = brokers_at_hand(world)[lead], organisations.park[lead]
    seen: Flags = (organisations.broker == broker) & (broker != NOBODY)
    seen |= (organisations.park == park) & (park != NOBODY)
    seen[adjacency.neighbours[adjacency.offsets[lead] : adjacency.offsets[lead + 1]]] = True
    if world.platform_use > 0.0:
        users = (organisations.broker != NOBODY) & (organisations.platform_month != NEVER)
        if world.scenario.missions.on_platform:
            users |= mission_members(world)
        seen |= users & regions[organisations.region]
    if not across:
        seen &= organisations.region == organisations.region[lead]
    seen[lead] = False
    return seen


def _begin(world: World, row: int, challenge: Challenge, members: Rows, grant: int, largest: int) -> None:
    """Begin the project of a consortium; what it is worth is the mean over the pairs of the lead with a partner."""
    state, geography = world.state, world.geography
    partners = members[1:]
    surplus, distance = surplus_now(world, np.full(len(partners), members[0], dtype=np.int32), partners)
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
