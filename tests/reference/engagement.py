"""Plain twins of simulation/kernels/engagement.py, one membership at a time."""

import numpy as np

from simulation.codes import MemberKind
from simulation.purposes import Purpose
from simulation.state import NEVER, NOBODY
from tests.reference.randomness import combine, uniform


def success_of(success, half_success):
    return success / (success + half_success)


def engagement_target(owed, success, capacity, offers, least):
    wished = least + (1.0 - least) * success
    return max(owed, wished * (min(1.0, capacity / offers) if offers > 0.0 else 1.0))


def address_of(row, identity, partnership, partnership_identity):
    return combine(identity[row], partnership_identity[partnership[row]])


def draw_members(key, purpose, month, identity, partnership, partnership_identity, hazard, concerned, struck):
    for row in range(len(identity)):
        draw = uniform(key, purpose, month, address_of(row, identity, partnership, partnership_identity), 0)
        struck[row] = concerned[row] and draw < hazard[row]
    return int(np.count_nonzero(struck))


def move_engagement(
    key,
    month,
    identity,
    partnership,
    present,
    joined_month,
    engagement,
    offers,
    success,
    offers_now,
    success_now,
    partnership_identity,
    active,
    active_month,
    capacity_share,
    bound,
    floor,
    enforcement,
    binding,
    broker_member,
    partner_case_capacity,
    rules,
    moved,
    sharing,
    hazard,
    at_work,
    leaving,
):
    half_success, memory, least, adjustment, reinforcement, drift = rules
    giving_cases = active & (active_month < month) & (capacity_share > 0.0)
    at_work[:] = present & active[partnership]
    for row, here in enumerate(partnership.tolist()):
        sharing[row] = bool(present[row]) and joined_month[row] < month and bool(giving_cases[here])
        for average, now in ((offers, offers_now), (success, success_now)):
            if sharing[row]:
                average[row] += (now[row] - average[row]) / memory
            now[row] = 0.0
        draw = uniform(key, Purpose.ENFORCEMENT, month, address_of(row, identity, partnership, partnership_identity), 0)
        owed = float(floor[here]) if bound[here] and draw < enforcement[here] else 0.0
        capacity = float(sum(partner_case_capacity[broker_member == row].tolist()))
        y = success_of(float(success[row]), half_success)
        target = engagement_target(owed, y, capacity, float(offers[row]), least)
        now = float(engagement[row])
        moved[row] = now + min(1.0, adjustment * (1.0 + reinforcement * now)) * (target - now)
        hazard[row] = drift * (1.0 - y)
        if bound[here]:
            hazard[row] *= 1.0 - float(binding[here])
    purpose = Purpose.LEAVING
    return draw_members(key, purpose, month, identity, partnership, partnership_identity, hazard, at_work, leaving)


def joining_hazards(
    key,
    month,
    identity,
    partnership,
    kind,
    body,
    region,
    named,
    present,
    left_month,
    engagement,
    success,
    partnership_identity,
    active,
    named_only,
    broker_member,
    neighbour,
    rules,
    hazard,
    outside,
    joining,
):
    rate, half_success, recruiting = rules
    for row, here in enumerate(partnership.tolist()):
        acted_for = kind[row] == MemberKind.BROKER and broker_member[body[row]] != NOBODY
        wanted = named[row] or not named_only[here]
        outside[row] = not present[row] and left_month[row] == NEVER and active[here] and wanted and not acted_for
    joining[:] = False
    if not outside.any():
        return 0, 0
    regions = range(len(neighbour))
    for row, here in enumerate(partnership.tolist()):
        own = int(region[row])
        near = [place for place in regions if place == own or neighbour[own, place]]
        members = {
            place: [
                each
                for each in range(len(partnership))
                if present[each] and partnership[each] == here and region[each] == place
            ]
            for place in near
        }
        total = 0.0
        for place in near:
            here_total = 0.0
            for each in members[place]:
                y = success_of(float(success[each]), half_success)
                here_total += y * (1.0 + recruiting * float(engagement[each]))
            total += here_total
        count = sum(len(each) for each in members.values())
        hazard[row] = rate * (total / count) if count else 0.0
    purpose = Purpose.JOINING
    count = draw_members(key, purpose, month, identity, partnership, partnership_identity, hazard, outside, joining)
    return int(outside.sum()), count
