"""Who leads a consortium, whom the lead sees, and the consortium that it puts together to cover a challenge."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.compilation import kernel
from simulation.kernels.strategy import fit_to_objective
from simulation.purposes import Purpose
from simulation.randomness import combine, normal, uniform
from simulation.state import NEVER, NOBODY

SME, PROVIDER, UNIVERSITY = int(Kind.SME), int(Kind.PROVIDER), int(Kind.UNIVERSITY)
MISSION_LEAD = int(Purpose.MISSION_LEAD)
MISSION_PARTNER = int(Purpose.MISSION_PARTNER)
NEVER_AGAIN = -1.0
"""What is offered by who is a member already; no addition is below 0."""


@kernel
def has_room(
    row: int,
    alive: NDArray[Any],
    capital_cents: NDArray[Any],
    running_projects: NDArray[Any],
    size: NDArray[Any],
    rules: tuple[float, float],
) -> bool:
    """Whether an organisation could take part in one project more: alive, solvent, and below its limit.

    The limit is one project, one more for so many employees, up to a rule's limit; ``rules`` are these employees and
    that limit. All in float32.
    """
    if not alive[row] or capital_cents[row] < 0:
        return False
    per_project, most = rules
    carried = np.float32(np.floor(size[row] / np.float32(per_project)))
    return bool(np.float32(running_projects[row]) < min(np.float32(most), np.float32(1.0) + carried))


@kernel
def brokers_at_hand(
    identity: NDArray[np.uint64], region: NDArray[Any], case_capacity: NDArray[Any], cases: NDArray[Any], regions: int
) -> NDArray[np.int32]:
    """Broker of each region with most cases left, of equals the one of the highest identity; NOBODY without any.

    Columns have one value a broker. Returns (regions,) int32.
    """
    at_hand = np.full(regions, NOBODY, np.int32)
    for broker in range(region.size):
        other = at_hand[region[broker]]
        if other != NOBODY:
            left, most = case_capacity[broker] - cases[broker], case_capacity[other] - cases[other]
            if left < most or (left == most and identity[broker] < identity[other]):
                continue
        at_hand[region[broker]] = broker
    return at_hand


@kernel
def find_lead(
    key: np.uint64,
    month: int,
    challenge_identity: np.uint64,
    weights: NDArray[np.float64],
    regions: NDArray[np.bool_],
    identity: NDArray[np.uint64],
    kind: NDArray[Any],
    region: NDArray[Any],
    innovator: NDArray[np.bool_],
    broker: NDArray[Any],
    park: NDArray[Any],
    alive: NDArray[np.bool_],
    capital_cents: NDArray[Any],
    running_projects: NDArray[Any],
    size: NDArray[Any],
    knowledge: NDArray[Any],
    park_skill: NDArray[np.float64],
    broker_identity: NDArray[np.uint64],
    broker_region: NDArray[Any],
    broker_skill: NDArray[np.float64],
    case_capacity: NDArray[Any],
    limits: tuple[float, float],
    lead_error: float,
    cases_needed: int,
    idle_parks: NDArray[np.bool_],
    cases: NDArray[Any],
) -> int:
    """The innovator who seems to know most of what is asked for; whoever facilitates it spends its time.

    One may lead that has room (:func:`has_room`), sits in one of the ``regions``, is an innovator, a university, a
    provider or an SME with a broker, and has somebody who facilitates: its own park if that is idle, or else its
    broker, without one that of :func:`brokers_at_hand`, if it has ``cases_needed`` left. It seems to know
    ``fit_to_objective + lead_error (1 - skill) z`` with the skill of who facilitates and z at (MISSION_LEAD, month,
    combine(identity, identity of the challenge), 0). Of equals the one of the lowest address leads.

    Parameters
    ----------
    regions : (regions,) bool
    identity, kind, region, innovator, broker, park, alive, capital_cents, running_projects, size, knowledge
        Columns of organisations.
    park_skill, idle_parks : (parks,)
        The park that facilitates is idle no more.
    broker_identity, broker_region, broker_skill, case_capacity, cases : (brokers,)
        The cases of the broker that facilitates rise by ``cases_needed``.

    Returns
    -------
    int
        Row of the lead, NOBODY if nobody can lead.
    """
    at_hand = brokers_at_hand(broker_identity, broker_region, case_capacity, cases, regions.size)
    lead, most, lowest, leader = NOBODY, 0.0, np.uint64(0), NOBODY
    for row in range(identity.size):
        if not regions[region[row]] or not innovator[row]:
            continue
        registered = kind[row] == SME and broker[row] != NOBODY
        if not (registered or kind[row] == UNIVERSITY or kind[row] == PROVIDER):
            continue
        if not has_room(row, alive, capital_cents, running_projects, size, limits):
            continue
        by_park = park[row] != NOBODY and idle_parks[park[row]]
        near = broker[row] if broker[row] != NOBODY else at_hand[region[row]]
        if not by_park and (near == NOBODY or case_capacity[near] - cases[near] < cases_needed):
            continue
        skill = park_skill[park[row]] if by_park else broker_skill[near]
        address = combine(identity[row], challenge_identity)
        seems = fit_to_objective(knowledge[row], weights)
        seems += lead_error * (1.0 - skill) * normal(key, MISSION_LEAD, month, address, 0)
        if lead == NOBODY or seems > most or (seems == most and address < lowest):
            lead, most, lowest, leader = row, seems, address, NOBODY if by_park else near
    if lead != NOBODY:
        if leader == NOBODY:
            idle_parks[park[lead]] = False
        else:
            cases[leader] += cases_needed
    return lead


@kernel
def seen_by_lead(
    lead: int,
    near: int,
    on_platform: bool,
    across: bool,
    regions: NDArray[np.bool_],
    shown: NDArray[np.bool_],
    region: NDArray[Any],
    broker: NDArray[Any],
    park: NDArray[Any],
    platform_month: NDArray[Any],
    alive: NDArray[np.bool_],
    capital_cents: NDArray[Any],
    running_projects: NDArray[Any],
    size: NDArray[Any],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    limits: tuple[float, float],
    candidates: NDArray[np.int64],
) -> int:
    """Fill ``candidates`` with those whom a lead can ask and who have room (:func:`has_room`), in rising order.

    Seen are neighbours, clients of the broker ``near`` the lead, tenants of its park, and with ``on_platform`` in the
    ``regions`` those with a broker who signed up and those who are ``shown``; without ``across`` only in its region.

    Parameters
    ----------
    near : int
        NOBODY where there is no broker.
    regions : (regions,) bool
    shown : (n,) bool
        Or empty, for nobody.
    region, broker, park, platform_month, alive, capital_cents, running_projects, size : (n,)
        Columns of organisations.
    candidates : (n,) int64

    Returns
    -------
    int
        How many they are.
    """
    known = np.zeros(region.size, np.bool_)
    for place in range(offsets[lead], offsets[lead + 1]):
        known[neighbours[place]] = True
    count = 0
    for row in range(region.size):
        seen = known[row] or (near != NOBODY and broker[row] == near)
        seen = seen or (park[lead] != NOBODY and park[row] == park[lead])
        if not seen and on_platform and regions[region[row]]:
            seen = broker[row] != NOBODY and platform_month[row] != NEVER
            seen = seen or (shown.size > 0 and shown[row])
        if not seen or row == lead or (not across and region[row] != region[lead]):
            continue
        if has_room(row, alive, capital_cents, running_projects, size, limits):
            candidates[count] = row
            count += 1
    return count


@kernel
def form_consortium(
    key: np.uint64,
    challenge_identity: np.uint64,
    lead: int,
    candidates: NDArray[Any],
    identity: NDArray[np.uint64],
    knowledge: NDArray[Any],
    weights: NDArray[np.float64],
    threshold: float,
    reservation_value: float,
    least_members: int,
    most_members: int,
    members: NDArray[np.int32],
) -> tuple[int, float]:
    """The consortium that a lead puts together, partner by partner.

    ``best[d]`` is the highest level, as float64, of any member in domain d; coverage is the sum of ``weights[d] *
    best[d]`` over the domains in their order. The lead is the first member. While coverage is below ``threshold``
    or there are fewer than ``least_members``, and there are fewer than ``most_members`` and candidates left, the
    candidate joins with the largest addition, the sum in the order of the domains of ``weights[d] *
    (float64(knowledge[c, d]) - best[d])`` where that difference is above 0; of equal additions the smaller lot, u at
    (MISSION_PARTNER, 0, combine(identity, identity of the challenge), 0), of equal lots the earlier candidate. An
    addition below ``reservation_value`` while coverage is below ``threshold`` ends it instead.

    What a candidate would add never rises as others join, so that who once offered less than another does now is not
    asked again.

    Parameters
    ----------
    lead : int
        Row of the lead.
    candidates : (c,) int
        Rows of those whom the lead could ask, each once, without the lead.
    identity : (n,) uint64
    knowledge : (n, D) float32
        Levels.
    weights : (D,) float64
        Weights of the challenge, which add up to 1.
    threshold, reservation_value : float
        Coverage from which the challenge is met; least addition while it is not.
    least_members, most_members : int
        Bounds on the number of members, at most MOST_MEMBERS.
    members : (MOST_MEMBERS,) int32
        Filled: rows in the order of joining, then NOBODY (-1).

    Returns
    -------
    count : int
        Number of members.
    coverage : float
        What they cover together.
    """
    domains = weights.size
    members[:] = NOBODY
    members[0] = lead
    best = np.empty(domains, np.float64)
    for d in range(domains):
        best[d] = np.float64(knowledge[lead, d])
    offered = np.full(candidates.size, np.inf)
    count = 1
    coverage = fit_to_objective(best, weights)
    while (coverage < threshold or count < least_members) and count < most_members:
        chosen, largest, lot = NOBODY, 0.0, 0.0
        for place in range(candidates.size):
            if offered[place] < largest:
                continue
            addition = 0.0
            for d in range(domains):
                difference = np.float64(knowledge[candidates[place], d]) - best[d]
                if difference > 0.0:
                    addition += weights[d] * difference
            offered[place] = addition
            if chosen != NOBODY and addition == largest:
                other = uniform(key, MISSION_PARTNER, 0, combine(identity[candidates[place]], challenge_identity), 0)
                if other < lot:
                    chosen, lot = place, other
            elif chosen == NOBODY or addition > largest:
                chosen, largest = place, addition
                lot = uniform(key, MISSION_PARTNER, 0, combine(identity[candidates[place]], challenge_identity), 0)
        if chosen == NOBODY or (coverage < threshold and largest < reservation_value):
            break
        offered[chosen] = NEVER_AGAIN
        members[count] = candidates[chosen]
        count += 1
        for d in range(domains):
            best[d] = max(best[d], np.float64(knowledge[candidates[chosen], d]))
        coverage = fit_to_objective(best, weights)
    return count, coverage
