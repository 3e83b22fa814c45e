"""Who leads a consortium that meets a challenge, and whom the lead sees."""

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
USUAL, ABOVE_USUAL = 0.998, 3.0
"""A normal number whose uniform number is below the first is below the second."""


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
def who_may_lead(
    regions: NDArray[np.bool_],
    kind: NDArray[Any],
    region: NDArray[Any],
    innovator: NDArray[np.bool_],
    broker: NDArray[Any],
    park: NDArray[Any],
    room: NDArray[np.bool_],
    idle_parks: NDArray[np.bool_],
    at_hand: NDArray[np.int32],
    case_capacity: NDArray[Any],
    cases: NDArray[Any],
    cases_needed: int,
    rows: NDArray[np.int64],
    leaders: NDArray[np.int64],
) -> int:
    """Those who may lead a consortium, and who would facilitate it.

    One may lead that has room, sits in one of the ``regions``, is an innovator, a university, a provider or an SME with
    a broker, and has somebody who facilitates: its own park if that is idle, or else its broker, without one that of
    its region ``at_hand``, if it has ``cases_needed`` left.

    Parameters
    ----------
    regions, at_hand : (regions,)
        From :func:`brokers_at_hand`.
    kind, region, innovator, broker, park, room : (n,)
        Columns of organisations, and whether each is solvent and open to one more project.
    idle_parks : (parks,) bool
    case_capacity, cases : (brokers,)
    rows, leaders : (n,) int64
        Filled from the front with their rows, rising, and the brokers that would facilitate, NOBODY for the park.

    Returns
    -------
    int
        How many they are.
    """
    may_lead = np.empty(room.size, np.bool_)
    for row in range(room.size):
        apart = (kind[row] == UNIVERSITY) | (kind[row] == PROVIDER)
        registered = (kind[row] == SME) & (broker[row] != NOBODY)
        may_lead[row] = room[row] & innovator[row] & (apart | registered)
    count = 0
    for row in range(room.size):
        if not may_lead[row] or not regions[region[row]]:
            continue
        leader = NOBODY
        if park[row] == NOBODY or not idle_parks[park[row]]:
            leader = broker[row] if broker[row] != NOBODY else at_hand[region[row]]
            if leader == NOBODY or case_capacity[leader] - cases[leader] < cases_needed:
                continue
        rows[count], leaders[count] = row, leader
        count += 1
    return count


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
    room: NDArray[np.bool_],
    knowledge: NDArray[Any],
    park_skill: NDArray[np.float64],
    broker_identity: NDArray[np.uint64],
    broker_region: NDArray[Any],
    broker_skill: NDArray[np.float64],
    case_capacity: NDArray[Any],
    lead_error: float,
    cases_needed: int,
    idle_parks: NDArray[np.bool_],
    cases: NDArray[Any],
) -> int:
    """The innovator who seems to know most of what is asked for; whoever facilitates it spends its time.

    Of those :func:`who_may_lead`. One seems to know ``fit_to_objective + lead_error (1 - skill) z`` with the skill of
    who facilitates and z at (MISSION_LEAD, month, combine(identity, identity of the challenge), 0). Of equals the one
    of the lowest address leads.

    Parameters
    ----------
    regions : (regions,) bool
    identity, kind, region, innovator, broker, park, room, knowledge
        Columns of organisations, and whether each is solvent and open to one more project.
    park_skill, idle_parks : (parks,)
        Skill is at most 1. The park that facilitates is idle no more.
    broker_identity, broker_region, broker_skill, case_capacity, cases : (brokers,)
        The cases of the broker that facilitates rise by ``cases_needed``.

    Returns
    -------
    int
        Row of the lead, NOBODY if nobody can lead.
    """
    at_hand = brokers_at_hand(broker_identity, broker_region, case_capacity, cases, regions.size)
    rows, leaders = np.empty(room.size, np.int64), np.empty(room.size, np.int64)
    count = who_may_lead(
        regions,
        kind,
        region,
        innovator,
        broker,
        park,
        room,
        idle_parks,
        at_hand,
        case_capacity,
        cases,
        cases_needed,
        rows,
        leaders,
    )
    address, u = np.empty(count, np.uint64), np.empty(count)
    for place in range(count):
        address[place] = identity[rows[place]]
    for place in range(count):
        address[place] = combine(address[place], challenge_identity)
    for place in range(count):
        u[place] = uniform(key, MISSION_LEAD, month, address[place], 0)
    lead, most = NOBODY, 0.0
    for place in range(count):
        row, leader = rows[place], leaders[place]
        error = lead_error * (1.0 - (park_skill[park[row]] if leader == NOBODY else broker_skill[leader]))
        seems = fit_to_objective(knowledge[row], weights)
        if lead != NOBODY and u[place] < USUAL and seems + error * ABOVE_USUAL < most:
            continue
        seems += error * normal(key, MISSION_LEAD, month, address[place], 0)
        if lead == NOBODY or seems > most or (seems == most and address[place] < address[lead]):
            lead, most = place, seems
    if lead == NOBODY:
        return NOBODY
    if leaders[lead] == NOBODY:
        idle_parks[park[rows[lead]]] = False
    else:
        cases[leaders[lead]] += cases_needed
    return int(rows[lead])


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
    room: NDArray[np.bool_],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    candidates: NDArray[np.int64],
) -> int:
    """Fill ``candidates`` with those whom a lead can ask and who have room, in rising order.

    Seen are neighbours, clients of the broker ``near`` the lead, tenants of its park, and with ``on_platform`` in the
    ``regions`` those with a broker who signed up and those who are ``shown``; without ``across`` only in its region.

    Parameters
    ----------
    near : int
        NOBODY where there is no broker.
    regions : (regions,) bool
    shown : (n,) bool
        Or empty, for nobody.
    region, broker, park, platform_month, room : (n,)
        Columns of organisations, and whether each is solvent and open to one more project.
    candidates : (n,) int64

    Returns
    -------
    int
        How many they are.
    """
    known, user = np.zeros(region.size, np.bool_), np.zeros(region.size, np.bool_)
    for place in range(offsets[lead], offsets[lead + 1]):
        known[neighbours[place]] = True
    house = park[lead]
    for row in range(region.size):
        client, tenant = (near != NOBODY) & (broker[row] == near), (house != NOBODY) & (park[row] == house)
        known[row] = room[row] & (known[row] | client | tenant)
    if on_platform:
        for row in range(region.size):
            user[row] = room[row] & (broker[row] != NOBODY) & (platform_month[row] != NEVER)
        for row in range(shown.size):
            user[row] |= room[row] & shown[row]
    known[lead], user[lead] = False, False
    count = 0
    for row in range(region.size):
        candidates[count] = row
        count += int((known[row] | (user[row] & regions[region[row]])) & (across | (region[row] == region[lead])))
    return count
