"""Plain twins of simulation/kernels/finance.py, one project and one cent at a time."""

import math

import numpy as np

from simulation.codes import Stage, Status
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import normal, uniform


def partners(project, members, member_count):
    return members[project].tolist()[: int(member_count[project])]


def receive_income(key, month, identity, earning, size, capital_cents, income_cents, spread):
    for row in range(len(capital_cents)):
        if earning[row]:
            z = normal(key, Purpose.INCOME, month & 0xFFFF, identity[row], 0)
            income = (income_cents * float(size[row])) * (1.0 + spread * z)
            capital_cents[row] += math.floor(income + 0.5)


def grant_side(grant_cents, sides, side):
    each, remainder = divmod(grant_cents, sides)
    return each + remainder if side == 0 else each


def purse_of_side(first_purse, purse_count, purse_region, region):
    own = range(first_purse, first_purse + purse_count)
    return next((purse for purse in own if purse_region[purse] == region), first_purse)


def pay_grants(
    status,
    members,
    member_count,
    call,
    grant_cents,
    grant_paid_cents,
    region,
    first_purse,
    purse_count,
    purse_region,
    spent_cents,
    committed_cents,
    grant_months,
):
    instalments = [0] * len(status)
    for project in range(len(status)):
        grant, paid, row = int(grant_cents[project]), int(grant_paid_cents[project]), int(call[project])
        if row == NOBODY or grant <= paid:
            continue
        first, count = int(first_purse[row]), int(purse_count[row])
        purses = [first]
        if count > 1:
            regions = [region[member] for member in partners(project, members, member_count)]
            purses = [purse_of_side(first, count, purse_region, place) for place in regions]
        owed = [grant_side(grant, len(purses), side) for side in range(len(purses))]
        monthly = [amount // grant_months for amount in owed]
        times = paid // sum(monthly) if sum(monthly) else 0
        for purse, whole, each in zip(purses, owed, monthly, strict=True):
            rest = whole - times * each
            if status[project] != Status.RUNNING:
                committed_cents[purse] -= rest
                continue
            amount = rest if sum(monthly) == 0 or times >= grant_months - 1 else each
            committed_cents[purse] -= amount
            spent_cents[purse] += amount
            instalments[project] += amount
        if status[project] == Status.RUNNING:
            grant_paid_cents[project] += instalments[project]
        else:
            grant_cents[project] = paid
    return np.array(instalments, dtype=np.int64)


def pay_own_shares(
    status,
    members,
    member_count,
    own_cents,
    capital_cents,
    instalments,
    call,
    own_per_grant,
    cost_cents,
    ticket_left_cents,
):
    total = 0
    for project in range(len(status)):
        if status[project] != Status.RUNNING:
            continue
        paying = partners(project, members, member_count)
        own = len(paying) * cost_cents
        if call[project] != NOBODY:
            own = math.floor(float(instalments[project]) * float(own_per_grant[call[project]]) + 0.5)
        left = int(ticket_left_cents[project])
        ticket_left_cents[project], own = max(0, left - own), max(0, own - left)
        for side, member in enumerate(paying):
            capital_cents[member] -= grant_side(own, len(paying), side)
        own_cents[project] += own
        total += own
    return total


def find_outside_money(key, month, identity, passed_month, stage, outside_cents, probability, amount_cents):
    total = 0
    for project in range(len(identity)):
        entered = passed_month[project] == month and stage[project] == Stage.PILOT
        address = (key, Purpose.INVESTOR_TICKET, month & 0xFFFF, identity[project], 0)
        if entered and uniform(*address) < probability:
            outside_cents[project] += amount_cents
            total += amount_cents
    return total


def reward_commercialisation(
    month, status, ended_month, members, member_count, capital_cents, size, innovations, income_cents, jobs
):
    for project in range(len(status)):
        if status[project] == Status.COMMERCIALISED and ended_month[project] == month:
            for member in partners(project, members, member_count):
                capital_cents[member] += income_cents
                size[member] = np.float32(float(size[member]) + jobs)
                innovations[member] += 1


def settle_projects(
    key,
    month,
    status,
    members,
    member_count,
    paying,
    call,
    grant_cents,
    grant_paid_cents,
    own_cents,
    ticket_left_cents,
    outside_cents,
    identity,
    passed_month,
    ended_month,
    stage,
    region,
    capital_cents,
    size,
    innovations,
    first_purse,
    purse_count,
    purse_region,
    spent_cents,
    committed_cents,
    grant_months,
    own_per_grant,
    cost_cents,
    outside_probability,
    outside_amount_cents,
    commercialisation_cents,
    jobs,
):
    granted = (call, grant_cents, grant_paid_cents, region, first_purse, purse_count, purse_region)
    instalments = pay_grants(status, members, paying, *granted, spent_cents, committed_cents, grant_months)
    shares = (own_cents, capital_cents, instalments, call, own_per_grant, cost_cents, ticket_left_cents)
    own = pay_own_shares(status, members, paying, *shares)
    entered = (identity, passed_month, stage, outside_cents, outside_probability, outside_amount_cents)
    outside = find_outside_money(key, month, *entered)
    sold = (status, ended_month, members, member_count, capital_cents, size, innovations)
    reward_commercialisation(month, *sold, commercialisation_cents, jobs)
    return own, outside
