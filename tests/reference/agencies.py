"""Plain twins of simulation/kernels/agencies.py, one agency at a time."""

import numpy as np

from simulation.agencies import Ring
from simulation.codes import Tier
from simulation.state import NOBODY
from tests.reference.peer_learning import (
    better_peers,
    learn_through_code,
    replace_staff,
    skill,
    staff_leaving,
    train,
    turn_reality,
    visit,
)


def take_part(
    identity,
    member,
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
):
    present = np.flatnonzero(member_present & across).tolist()
    working = [row for row in present if active[member_partnership[row]]]
    for agency in range(len(identity)):
        place = region[agency]
        partners = [row for row in working if member_region[row] == place and member_tier[row] != Tier.ASSOCIATE]
        through = [int(member[agency])] if member[agency] in working else partners if inviting else []
        partnership[agency], ring[agency], engaged = NOBODY, Ring.REGIONAL_ACTOR, 0.0
        if through:
            row = through[0]
            partnership[agency], engaged = member_partnership[row], float(member_engagement[row])
            if member_identity[row] == identity[agency]:
                ring[agency] = Ring.ASSOCIATE if member_tier[row] == Tier.ASSOCIATE else Ring.PARTNER
        reading[agency] = float(rates[ring[agency]]) * (1.0 + updates * engaged)
        visiting[agency] = float(rates[ring[agency]]) * (1.0 + meetings * engaged)


def practise(
    key,
    month,
    identities,
    region,
    member,
    practices,
    learned,
    visited_month,
    transferred,
    skills,
    member_identity,
    member_partnership,
    member_present,
    member_tier,
    member_region,
    member_engagement,
    code_identities,
    active,
    handbook,
    reality_identity,
    reality,
    across,
    inviting,
    regions,
    rates,
    updates,
    meetings,
    handbooks,
    visits,
    training_ring,
    sharing,
    training_adoption,
    renewal,
):
    partnership, ring = np.empty(len(identities), np.int64), np.empty(len(identities), np.int8)
    reading, visiting = np.empty(len(identities)), np.empty(len(identities))
    take_part(
        identities,
        np.concatenate(member),
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
    beliefs, known, visited = (np.concatenate(columns) for columns in (practices, learned, visited_month))
    before, taken_over, skill_now = beliefs.copy(), np.zeros(len(beliefs), np.int16), np.zeros(len(beliefs))
    made, taken = share_practices(
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
    invited = (partnership != NOBODY) & (ring <= training_ring)
    trained = np.flatnonzero(invited[: len(practices[0])])
    if len(trained):
        beliefs[trained] = train(key, month, identities[trained], beliefs[trained], reality, training_adoption)
    renew_practices(key, month, identities, before, beliefs, known, reality_identity, reality, renewal, skill_now)
    ends = np.cumsum([len(column) for column in visited_month])[:-1]
    for columns, now in ((practices, beliefs), (learned, known), (visited_month, visited), (skills, skill_now)):
        for column, part in zip(columns, np.split(now, ends), strict=True):
            column[:] = part
    for column, more in zip(transferred, np.split(taken_over, ends), strict=True):
        column += more
    return made, taken, len(trained)


def share_practices(
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
    visited_month,
    handbooks,
    visits,
    rules,
    taken_over,
):
    p_socialisation, p_code, visit_months, adoption = rules
    before = beliefs.copy()
    for here, address in enumerate(code_identities if handbooks else ()):
        rows = np.flatnonzero(partnership == here)
        if len(rows):
            probability = [min(1.0, p_socialisation * float(reading[row])) for row in rows]
            beliefs[rows], handbook[here] = learn_through_code(
                key, month, identities[rows], address, beliefs[rows], handbook[here], reality, probability, p_code
            )
    hosts = np.full(len(identities), NOBODY)
    if visits:
        waited = [(month - int(last)) * float(speed) for last, speed in zip(visited_month, visiting, strict=True)]
        due = [group != NOBODY and time >= visit_months for group, time in zip(partnership, waited, strict=True)]
        hosts = np.array(better_peers(key, month, identities, skill(beliefs, reality), partnership, due), np.int64)
        learned = visit(key, month, identities, beliefs, hosts, [adoption] * len(hosts))
        beliefs[:] = np.array(learned, dtype=np.int8).reshape(beliefs.shape)
    for agency, host in enumerate(hosts.tolist()):
        visited_month[agency] = visited_month[agency] if host == NOBODY else month
        new = [now for now, then in zip(beliefs[agency], before[agency], strict=True) if now not in (0, then)]
        taken_over[agency] = len(new)
    return int(np.count_nonzero(hosts != NOBODY)), sum(taken_over.tolist())


def renew_practices(key, month, identities, before, beliefs, learned, reality_identity, reality, rules, skills):
    turnover, right, undecided, turbulence = rules
    learned |= beliefs != before
    learned &= beliefs != 0
    learned[staff_leaving(key, month, identities, turnover)] = False
    staffed = replace_staff(key, month, identities, beliefs, reality, turnover, right, undecided)
    beliefs[:] = np.array(staffed, dtype=np.int8).reshape(beliefs.shape)
    reality[:] = turn_reality(key, month, reality_identity, reality, turbulence)
    skills[:] = skill(beliefs, reality)
