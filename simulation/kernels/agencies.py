"""Agencies in their rings, and a month of their practice: the loops of :mod:`simulation.agencies` and peer learning.

Columns of agencies have one value an agency (n,), their beliefs one row an agency (n, m); those of members one value a
membership, those of partnerships one a partnership (p,).
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Tier
from simulation.compilation import kernel
from simulation.kernels.peer_learning import (
    better_peers,
    learn_through_code,
    replace_staff,
    skill,
    staff_leaving,
    train,
    turn_reality,
    visit,
)
from simulation.state import NOBODY

__all__ = ["Ring", "practise", "renew_practices", "share_practices", "take_part"]

type Beliefs = NDArray[np.int8]
type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Identities = NDArray[np.uint64]
type Members = NDArray[np.int32]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int64]


class Ring(IntEnum):
    """Rings of peer learning, from the inside."""

    PARTNER = 0
    ASSOCIATE = 1
    REGIONAL_ACTOR = 2


PARTNER, OUTER, REGIONAL_ACTOR = int(Ring.PARTNER), int(Ring.ASSOCIATE), int(Ring.REGIONAL_ACTOR)
ASSOCIATE = int(Tier.ASSOCIATE)


@kernel
def take_part(
    identity: Identities,
    member: NDArray[np.int32],
    region: NDArray[np.int16],
    member_identity: Identities,
    member_partnership: NDArray[np.int16],
    member_present: Flags,
    member_tier: NDArray[np.int8],
    member_region: NDArray[np.int16],
    member_engagement: Floats,
    active: Flags,
    across: bool,
    inviting: bool,
    regions: int,
    rates: tuple[float, float, float],
    updates: float,
    meetings: float,
    partnership: Rows,
    ring: NDArray[np.int8],
    reading: Floats,
    visiting: Floats,
) -> None:
    """Say in which partnership and ring each agency takes part, and how readily it reads and visits.

    An agency takes part through the membership ``member`` if that works, that is, is present in an active partnership;
    otherwise, if regions are ``inviting``, through the first working member of its region that is no associate.
    Without ``across`` no membership works.
    Through a membership of its own identity it is an associate or a partner, as its tier says; all others are regional
    actors. With e the engagement of that membership, 0 without, reading is ``rates[ring] (1 + updates e)`` and
    visiting ``rates[ring] (1 + meetings e)``.

    Parameters
    ----------
    rates : three floats
        Of partners, associates and regional actors.
    updates, meetings : float
    partnership, ring, reading, visiting : (n,)
        Filled; NOBODY is the partnership of who does not take part.
    """
    first = np.empty(regions, np.int64)
    for place in range(regions):
        first[place] = NOBODY
    works = np.zeros(member_identity.size, np.bool_)
    for row in range(member_identity.size - 1, -1, -1):
        works[row] = across and member_present[row] and active[member_partnership[row]]
        if works[row] and member_tier[row] != ASSOCIATE and inviting:
            first[member_region[row]] = row
    for agency in range(identity.size):
        through = np.int64(member[agency])
        if through != NOBODY and not works[through]:
            through = np.int64(NOBODY)
        if through == NOBODY:
            through = first[region[agency]]
        partnership[agency], ring[agency], engaged = NOBODY, REGIONAL_ACTOR, 0.0
        if through != NOBODY:
            partnership[agency], engaged = member_partnership[through], member_engagement[through]
            if member_identity[through] == identity[agency]:
                ring[agency] = OUTER if member_tier[through] == ASSOCIATE else PARTNER
        rate = rates[ring[agency]]
        reading[agency] = rate * (1.0 + updates * engaged)
        visiting[agency] = rate * (1.0 + meetings * engaged)


@kernel
def practise(
    key: np.uint64,
    month: int,
    identities: Identities,
    region: Months,
    member: tuple[Members, Members, Members],
    practices: tuple[Beliefs, Beliefs, Beliefs],
    learned: tuple[Flags, Flags, Flags],
    visited_month: tuple[Months, Months, Months],
    transferred: tuple[Months, Months, Months],
    skills: tuple[Floats, Floats, Floats],
    member_identity: Identities,
    member_partnership: Months,
    member_present: Flags,
    member_tier: NDArray[np.int8],
    member_region: Months,
    member_engagement: Floats,
    code_identities: Identities,
    active: Flags,
    handbook: Beliefs,
    reality_identity: np.uint64,
    reality: Beliefs,
    across: bool,
    inviting: bool,
    regions: int,
    rates: tuple[float, float, float],
    updates: float,
    meetings: float,
    handbooks: bool,
    visits: bool,
    training_ring: int,
    sharing: tuple[float, float, float, float],
    training_adoption: float,
    renewal: tuple[float, float, float, float],
) -> tuple[int, int, int]:
    """A month of practice of brokers, parks and authorities, whose columns change in place.

    Laid end to end, they take part (:func:`take_part`) and share practices (:func:`share_practices`); brokers who take
    part and whose ring is at most the ``training_ring`` are taught by
    :func:`simulation.kernels.peer_learning.train`; then staff and reality are renewed (:func:`renew_practices`). What
    each took over while sharing adds to ``transferred``.

    Parameters
    ----------
    member, practices, learned, visited_month, transferred, skills : of brokers, parks, authorities
        Columns of the three tables.
    training_ring : int
        Outermost ring that is invited, NOBODY in a month without training.
    sharing, renewal : four floats
        Rules of :func:`share_practices` and of :func:`renew_practices`.

    Returns
    -------
    visits, practices, trained : int
        Number of visits, of practices taken over while sharing, and of brokers trained.
    """
    number, brokers = identities.size, practices[0].shape[0]
    beliefs, known = np.empty((number, reality.size), np.int8), np.empty((number, reality.size), np.bool_)
    acting = np.empty(number, np.int32)
    visited, taken_over, skill_now = np.empty(number, np.int16), np.empty(number, np.int16), np.empty(number)
    end = 0
    for table in range(3):
        acted, last = member[table], visited_month[table]
        start, end = end, end + last.size
        believed, taken = practices[table].ravel(), learned[table].ravel()
        their_beliefs, their_knowledge = beliefs[start:end].ravel(), known[start:end].ravel()
        for cell in range(believed.size):
            their_beliefs[cell], their_knowledge[cell] = believed[cell], taken[cell]
        for row in range(last.size):
            acting[start + row], visited[start + row] = acted[row], last[row]
    partnership, ring = np.empty(number, np.int64), np.empty(number, np.int8)
    reading, visiting = np.empty(number), np.empty(number)
    take_part(
        identities,
        acting,
        region,
        member_identity,
        member_partnership,
        member_present,
        member_tier,
        member_region,
        member_engagement,
        active,
        across,
        inviting,
        regions,
        rates,
        updates,
        meetings,
        partnership,
        ring,
        reading,
        visiting,
    )
    before = beliefs.copy()
    made, shared = share_practices(
        key,
        month,
        identities,
        code_identities,
        beliefs,
        handbook,
        reality,
        partnership,
        reading,
        visiting,
        visited,
        handbooks,
        visits,
        sharing,
        taken_over,
    )
    trained = 0
    for broker in range(brokers):
        if partnership[broker] != NOBODY and ring[broker] <= training_ring:
            who = slice(broker, broker + 1)
            taught = train(key, month, identities[who], beliefs[who], reality, training_adoption)
            for d in range(reality.size):
                beliefs[broker, d] = taught[0, d]
            trained += 1
    renew_practices(key, month, identities, before, beliefs, known, reality_identity, reality, renewal, skill_now)
    end = 0
    for table in range(3):
        last, more, able = visited_month[table], transferred[table], skills[table]
        start, end = end, end + last.size
        believed, taken = practices[table].ravel(), learned[table].ravel()
        their_beliefs, their_knowledge = beliefs[start:end].ravel(), known[start:end].ravel()
        for cell in range(believed.size):
            believed[cell], taken[cell] = their_beliefs[cell], their_knowledge[cell]
        for row in range(last.size):
            last[row], able[row] = visited[start + row], skill_now[start + row]
            more[row] += taken_over[start + row]
    return made, shared, trained


@kernel
def share_practices(
    key: np.uint64,
    month: int,
    identities: Identities,
    code_identities: Identities,
    beliefs: Beliefs,
    handbook: Beliefs,
    reality: Beliefs,
    partnership: Rows,
    reading: Floats,
    visiting: Floats,
    visited_month: NDArray[np.int16],
    handbooks: bool,
    visits: bool,
    rules: tuple[float, float, float, float],
    taken_over: NDArray[np.int16],
) -> tuple[int, int]:
    """Handbooks, then visits, among the agencies of each partnership; beliefs change in place.

    With ``handbooks``, the agencies of a partnership and its handbook learn from each other by
    :func:`simulation.kernels.peer_learning.learn_through_code`, reading with probability ``min(1, p reading)``. With
    ``visits``, an agency whose ``(month - visited month) × visiting`` is at least the months between visits, and takes
    part, goes to one of :func:`simulation.kernels.peer_learning.better_peers`, all by the skills after reading.

    Parameters
    ----------
    code_identities, handbook : (p,) uint64, (p, m) int8
        The handbook of each partnership and its address.
    rules : four floats
        p, the probability that the handbook learns, months between visits, adoption on a visit.
    taken_over : (n,) int16
        Filled: dimensions in which an agency now believes something else than before, and not nothing.

    Returns
    -------
    visits, practices : int
        Number of visits, and sum of ``taken_over``.
    """
    p_socialisation, p_code, visit_months, adoption = rules
    before = beliefs.copy()
    rows = np.empty(identities.size, np.int64)
    for here in range(code_identities.size if handbooks else 0):
        count = 0
        for i in range(identities.size):
            rows[count] = i
            count += int(partnership[i] == here)
        if count == 0:
            continue
        who, believed, probability = (
            np.empty(count, np.uint64),
            np.empty((count, reality.size), np.int8),
            np.empty(count),
        )
        for k in range(count):
            who[k], probability[k] = identities[rows[k]], min(1.0, p_socialisation * reading[rows[k]])
            for d in range(reality.size):
                believed[k, d] = beliefs[rows[k], d]
        learned, code = learn_through_code(
            key, month, who, code_identities[here], believed, handbook[here], reality, probability, p_code, True
        )
        for d in range(reality.size):
            handbook[here, d] = code[d]
            for k in range(count):
                beliefs[rows[k], d] = learned[k, d]
    due, guests = np.empty(identities.size, np.bool_), 0
    for i in range(identities.size):
        waited = month - np.int64(visited_month[i])
        due[i] = visits and partnership[i] != NOBODY and waited * visiting[i] >= visit_months
        guests += int(due[i])
    made = 0
    if guests > 0:
        hosts = better_peers(key, month, identities, skill(beliefs, reality), partnership, due)
        readiness = np.empty(hosts.size)
        for i in range(hosts.size):
            readiness[i] = adoption
        learned = visit(key, month, identities, beliefs, hosts, readiness)
        for i in range(hosts.size):
            if hosts[i] != NOBODY:
                for d in range(reality.size):
                    beliefs[i, d] = learned[i, d]
                visited_month[i] = month
                made += 1
    practices = 0
    for i in range(identities.size):
        taken_over[i] = 0
        for d in range(reality.size if partnership[i] != NOBODY else 0):
            if beliefs[i, d] != before[i, d] and beliefs[i, d] != 0:
                taken_over[i] += 1
                practices += 1
    return made, practices


@kernel
def renew_practices(
    key: np.uint64,
    month: int,
    identities: Identities,
    before: Beliefs,
    beliefs: Beliefs,
    learned: Flags,
    reality_identity: np.uint64,
    reality: Beliefs,
    rules: tuple[float, float, float, float],
    skills: Floats,
) -> None:
    """Note what was learned from others since ``before``, replace staff, then turn reality.

    A belief is ``learned`` where it was or has changed, and says something; a newcomer of
    :func:`simulation.kernels.peer_learning.replace_staff` has learned nothing. Reality changes as
    :func:`simulation.kernels.peer_learning.turn_reality` has it.

    Parameters
    ----------
    before, beliefs : (n, m) int8
        Beliefs of newcomers replace those of who goes.
    learned : (n, m) bool
        Changed in place.
    reality : (m,) int8
        Changed in place.
    rules : four floats
        Turnover, the probabilities that a newcomer is right and undecided, turbulence.
    skills : (n,) float64
        Filled with the skills in the end.
    """
    turnover, right, undecided, turbulence = rules
    known, now, then = learned.ravel(), beliefs.ravel(), before.ravel()
    for cell in range(known.size):
        known[cell] = (known[cell] | (now[cell] != then[cell])) & (now[cell] != 0)
    leaving = staff_leaving(key, month, identities, turnover)
    for i in range(identities.size):
        if leaving[i]:
            for d in range(reality.size):
                learned[i, d] = False
    staffed = replace_staff(key, month, identities, beliefs, reality, turnover, right, undecided)
    turned = turn_reality(key, month, reality_identity, reality, turbulence)
    able, new = skill(staffed, turned), staffed.ravel()
    for i in range(identities.size):
        skills[i] = able[i]
    for cell in range(now.size):
        now[cell] = new[cell]
    for d in range(reality.size):
        reality[d] = turned[d]
