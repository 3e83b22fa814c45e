"""Income, project costs, grants, outside money, sales; all in whole cents."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Stage, Status
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import drawn_normals, uniform
from simulation.state import NOBODY

BLOCK = 1024
"""Organisations whose income is drawn side by side."""

INCOME = int(Purpose.INCOME)
INVESTOR_TICKET = int(Purpose.INVESTOR_TICKET)
RUNNING = int(Status.RUNNING)
COMMERCIALISED = int(Status.COMMERCIALISED)
PILOT = int(Stage.PILOT)


@kernel
def receive_income(
    key: np.uint64,
    month: int,
    identity: NDArray[np.uint64],
    earning: NDArray[np.bool_],
    size: NDArray[np.float32],
    capital_cents: NDArray[np.int64],
    income_cents: float,
    spread: float,
) -> None:
    """The capital of everybody who earns grows by the income of the month.

    Income is floor(((income_cents * float64(size)) * (1 + spread * z)) + 0.5) cents, with ``z = normal(key, INCOME,
    month, identity, 0)``.

    Parameters
    ----------
    month : int
        Its lowest 16 bits are the address.
    identity, earning, size : (n,)
        Columns of organisations, and which of them earn.
    capital_cents : (n,) int64
        Changed in place.
    income_cents, spread : float
        Mean income of an employee's month, and standard deviation relative to it.
    """
    rows, who = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    for start in range(0, earning.size, BLOCK):
        count = 0
        for row in range(start, min(start + BLOCK, earning.size)):
            rows[count], who[count] = row, identity[row]
            count += int(earning[row])
        z = drawn_normals(key, INCOME, month & 0xFFFF, who[:count], 0)
        for k in range(count):
            row = rows[k]
            income = income_cents * np.float64(size[row]) * (1.0 + spread * z[k])
            capital_cents[row] += np.int64(np.floor(income + 0.5))


@kernel
def grant_side(grant_cents: int, sides: int, side: int) -> int:
    """What one side pays of a grant: grant // sides, and side 0 the remainder as well; cents."""
    share = grant_cents // sides
    if side == 0:
        share += grant_cents - share * sides
    return share


@kernel
def purse_of_side(first_purse: int, purse_count: int, purse_region: NDArray[np.int16], region: int) -> int:
    """Row of the first of a call's purses with that region, or of its first purse if there is none."""
    for purse in range(first_purse, first_purse + purse_count):
        if purse_region[purse] == region:
            return purse
    return first_purse


@kernel
def pay_grants(
    status: NDArray[np.int8],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    call: NDArray[np.int16],
    grant_cents: NDArray[np.int64],
    grant_paid_cents: NDArray[np.int64],
    region: NDArray[np.int16],
    first_purse: NDArray[np.int32],
    purse_count: NDArray[np.int32],
    purse_region: NDArray[np.int16],
    spent_cents: NDArray[np.int64],
    committed_cents: NDArray[np.int64],
    grant_months: int,
) -> NDArray[np.int64]:
    """Pay the month's instalments of grants, and release what ended projects will not need.

    For each project in the order of rows with a call and grant > paid: its sides are its members if the call
    has more than one purse, else one side. Side j (member j) pays :func:`grant_side` in all, q_j = that //
    grant_months in a month, from the purse of member j's region (:func:`purse_of_side`; a single member's
    too), or from the call's first purse where the call has only one. With Q = sum of q_j, the instalments
    paid so far are k = paid // Q (0 if Q = 0), and side j has paid k q_j.

    * Running: if Q = 0 or k >= grant_months - 1, each side pays all it still owes; else q_j. The amount goes
      from committed to spent.
    * Ended: each side's rest leaves committed unspent, and the project's grant becomes what was paid.

    Parameters
    ----------
    status, members, member_count, call : (p,), members (p, 8)
        Columns of projects.
    grant_cents, grant_paid_cents : (p,) int64
        Changed in place.
    region : (n,) int16
        Column of organisations.
    first_purse, purse_count : (calls,) int32
        Columns of calls.
    purse_region : (purses,) int16
        Column of purses.
    spent_cents, committed_cents : (purses,) int64
        Changed in place.
    grant_months : int
        Number of instalments.

    Returns
    -------
    (p,) int64
        Instalment of each project this month.
    """
    instalments = np.zeros(status.size, np.int64)
    for project in range(status.size):
        if call[project] == NOBODY or grant_cents[project] <= grant_paid_cents[project]:
            continue
        funding = call[project]
        sides = int(member_count[project]) if purse_count[funding] > 1 else 1
        monthly = 0
        for side in range(sides):
            monthly += grant_side(grant_cents[project], sides, side) // grant_months
        paid_instalments = grant_paid_cents[project] // monthly if monthly > 0 else 0
        last = monthly == 0 or paid_instalments >= grant_months - 1
        for side in range(sides):
            total = grant_side(grant_cents[project], sides, side)
            instalment = total // grant_months
            left = total - paid_instalments * instalment
            purse = int(first_purse[funding])
            if purse_count[funding] > 1:
                side_region = region[members[project, side]]
                purse = purse_of_side(purse, purse_count[funding], purse_region, side_region)
            if status[project] != RUNNING:
                committed_cents[purse] -= left
                continue
            amount = left if last else instalment
            committed_cents[purse] -= amount
            spent_cents[purse] += amount
            instalments[project] += amount
        if status[project] != RUNNING:
            grant_cents[project] = grant_paid_cents[project]
            continue
        grant_paid_cents[project] += instalments[project]
    return instalments


@kernel
def pay_own_shares(
    status: NDArray[np.int8],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    own_cents: NDArray[np.int64],
    capital_cents: NDArray[np.int64],
    instalments: NDArray[np.int64],
    call: NDArray[np.int16],
    own_per_grant: NDArray[np.float64],
    cost_cents: int,
    ticket_left_cents: NDArray[np.int64],
) -> int:
    """The members of running projects pay what the grant does not.

    A running project of m members without a call costs m cost_cents. The own share of one that a call funds is
    floor(instalment own_per_grant[call] + 0.5), the co-funding that the call asks for, and nothing after the grant.
    What is left of an investor's ticket pays first; ``own`` is what remains of either.
    Each member's capital falls by own // m, the first member's by the remainder as well, and ``own_cents`` of
    the project grows.

    Parameters
    ----------
    status, members, member_count : (p,), members (p, 8)
        Columns of projects.
    own_cents : (p,) int64
        Changed in place.
    capital_cents : (n,) int64
        Changed in place.
    instalments : (p,) int64
        Grant paid this month, from :func:`pay_grants`.
    call : (p,) int16
        Column of projects.
    own_per_grant : (calls,) float64
        Own money for a euro of grant in each call.
    cost_cents : int
        Monthly cost for a member of a project without a grant.
    ticket_left_cents : (p,) int64
        Changed in place.

    Returns
    -------
    int
        Own money of all members this month, cents.
    """
    total = np.int64(0)
    for project in range(status.size):
        if status[project] != RUNNING:
            continue
        count = np.int64(member_count[project])
        own = count * cost_cents
        if call[project] != NOBODY:
            own = np.int64(math.floor(instalments[project] * own_per_grant[call[project]] + 0.5))
        from_ticket = min(own, ticket_left_cents[project])
        ticket_left_cents[project] -= from_ticket
        own -= from_ticket
        share = own // count
        for place in range(count):
            capital_cents[members[project, place]] -= share
        capital_cents[members[project, 0]] -= own - share * count
        own_cents[project] += own
        total += own
    return int(total)


@kernel
def find_outside_money(
    key: np.uint64,
    month: int,
    identity: NDArray[np.uint64],
    passed_month: NDArray[np.int16],
    stage: NDArray[np.int8],
    outside_cents: NDArray[np.int64],
    probability: float,
    amount_cents: int,
) -> int:
    """Projects that entered the pilot this month may find an investor.

    A project with passed_month == month and stage PILOT gets amount_cents if uniform(key, INVESTOR_TICKET,
    month, identity, 0) is below the probability.

    Parameters
    ----------
    identity, passed_month, stage : (p,)
        Columns of projects.
    outside_cents : (p,) int64
        Changed in place.
    probability : float
        Chance of such a project.
    amount_cents : int
        What it finds.

    Returns
    -------
    int
        Outside money found this month, cents.
    """
    total = np.int64(0)
    for project in range(identity.size):
        if passed_month[project] != month or stage[project] != PILOT:
            continue
        if uniform(key, INVESTOR_TICKET, month & 0xFFFF, identity[project], 0) < probability:
            outside_cents[project] += amount_cents
            total += amount_cents
    return int(total)


@kernel
def reward_commercialisation(
    month: int,
    status: NDArray[np.int8],
    ended_month: NDArray[np.int16],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    capital_cents: NDArray[np.int64],
    size: NDArray[np.float32],
    innovations: NDArray[np.int16],
    income_cents: int,
    jobs: float,
) -> None:
    """Every member of a project that reached the market this month earns, grows and counts an innovation.

    For each project in the order of rows with status COMMERCIALISED and ended_month == month, and each of its
    members: capital grows by income_cents, size becomes float32(float64(size) + jobs), innovations grow by 1.

    Parameters
    ----------
    status, ended_month, members, member_count : (p,), members (p, 8)
        Columns of projects.
    capital_cents, size, innovations : (n,) int64, float32, int16
        Columns of organisations, changed in place.
    income_cents, jobs : int, float
        Income of a member, and its growth in employees.
    """
    for project in range(status.size):
        if status[project] == COMMERCIALISED and ended_month[project] == month:
            for place in range(member_count[project]):
                member = members[project, place]
                capital_cents[member] += income_cents
                size[member] = np.float32(np.float64(size[member]) + jobs)
                innovations[member] += 1


@kernel
def settle_projects(
    key: np.uint64,
    month: int,
    status: NDArray[np.int8],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    paying: NDArray[np.int8],
    call: NDArray[np.int16],
    grant_cents: NDArray[np.int64],
    grant_paid_cents: NDArray[np.int64],
    own_cents: NDArray[np.int64],
    ticket_left_cents: NDArray[np.int64],
    outside_cents: NDArray[np.int64],
    identity: NDArray[np.uint64],
    passed_month: NDArray[np.int16],
    ended_month: NDArray[np.int16],
    stage: NDArray[np.int8],
    region: NDArray[np.int16],
    capital_cents: NDArray[np.int64],
    size: NDArray[np.float32],
    innovations: NDArray[np.int16],
    first_purse: NDArray[np.int32],
    purse_count: NDArray[np.int32],
    purse_region: NDArray[np.int16],
    spent_cents: NDArray[np.int64],
    committed_cents: NDArray[np.int64],
    grant_months: int,
    own_per_grant: NDArray[np.float64],
    cost_cents: int,
    outside_probability: float,
    outside_amount_cents: int,
    commercialisation_cents: int,
    jobs: float,
) -> tuple[int, int]:
    """The month's accounts of all projects: :func:`pay_grants`, :func:`pay_own_shares`, outside money, sales.

    Parameters
    ----------
    paying : (p,) int8
        Members of each project who are granted and pay, the first ones.

    Returns
    -------
    own, outside : int
        Own and outside money of the month, cents.
    """
    instalments = pay_grants(
        status,
        members,
        paying,
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
    )
    own = pay_own_shares(
        status,
        members,
        paying,
        own_cents,
        capital_cents,
        instalments,
        call,
        own_per_grant,
        cost_cents,
        ticket_left_cents,
    )
    outside = find_outside_money(
        key, month, identity, passed_month, stage, outside_cents, outside_probability, outside_amount_cents
    )
    reward_commercialisation(
        month,
        status,
        ended_month,
        members,
        member_count,
        capital_cents,
        size,
        innovations,
        commercialisation_cents,
        jobs,
    )
    return own, outside
