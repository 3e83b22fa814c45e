"""Plain twins of simulation/kernels/governance.py, one body at a time."""

from math import floor

import numpy as np

from simulation.codes import MemberKind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import uniform


def members_present(present, partnership, partnerships):
    return np.array([np.count_nonzero(present & (partnership == here)) for here in range(partnerships)])


def represent(present, partnership, kind, body, active, choices, broker_member, park_member, authority_member):
    for broker, listed in enumerate(choices.tolist()):
        there = [choice for choice in listed if choice != NOBODY and present[choice]]
        at_work = [choice for choice in there if active[partnership[choice]]]
        broker_member[broker] = next(iter(at_work + there), NOBODY)
    for wanted, member in ((MemberKind.PARK, park_member), (MemberKind.AUTHORITY, authority_member)):
        for each in range(len(member)):
            own = np.flatnonzero(present & (kind == wanted) & (body == each)).tolist()
            member[each] = own[0] if own else NOBODY
    return members_present(present, partnership, len(active))


def hold_meetings(partnership, lead, days_each, days_of_lead, of, present, offers, broker_member, posts, days_lost):
    here = [row for row in range(len(of)) if present[row] and of[row] == partnership]
    for row in here:
        days_lost[row] = days_of_lead if row == lead else days_each
    acting = broker_member == (lead if lead != NOBODY else np.nan)
    return float(np.sum(days_lost[here])), float(np.sum(offers[here])), float(np.sum(posts[acting]))


def allot_cases(
    key,
    month,
    identity,
    member,
    posts,
    days_lost,
    partnership,
    present,
    engagement,
    active,
    capacity_share,
    rules,
    days,
    promotion,
    cases,
    partner_cases,
):
    days_per_post, cases_per_post, partner_cases_per_post, promoting = rules
    for broker, row in enumerate(member.tolist()):
        lost, share, engaged = 0.0, 0.0, 0.0
        if row != NOBODY:
            lost = float(days_lost[row]) / member.tolist().count(row)
            share = float(capacity_share[partnership[row]])
            engaged = float(engagement[row]) if present[row] and active[partnership[row]] else 0.0
        days[broker] = max(0.0, days_per_post * float(posts[broker]) - lost)
        full = float(days[broker]) / days_per_post
        luck = uniform(key, Purpose.BROKER_TURN, month, identity[broker], 0)
        promotion[broker] = (1.0 + promoting * engaged) - 1.0
        cases[broker] = floor(full * cases_per_post + luck)
        partner_cases[broker] = floor(full * partner_cases_per_post * share + luck)
