"""Introductions that become projects, and the monthly hazards of running projects."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import ordinary_power
from simulation.codes import Stage, Status
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import uniform

COLLABORATION_START = int(Purpose.COLLABORATION_START)
STAGE_OUTCOME = int(Purpose.STAGE_OUTCOME)
RUNNING = int(Status.RUNNING)
COMMERCIALISED = int(Status.COMMERCIALISED)
FAILED = int(Status.FAILED)
EXPIRED = int(Status.EXPIRED)
SCOPING = int(Stage.SCOPING)
MARKET = int(Stage.MARKET)


@kernel
def draw_starts(
    key: np.uint64,
    month: int,
    first: NDArray[Any],
    second: NDArray[Any],
    pair: NDArray[Any],
    surplus: NDArray[Any],
    capital_cents: NDArray[Any],
    reservation_value: float,
    start_probability: float,
    start_surplus: float,
) -> tuple[NDArray[np.int64], int]:
    """Positions of the introductions that become a project, in rising order, and the number of those declined.

    Both firms now see the surplus S. Below the reservation value they decline. Otherwise, unless one of them has
    capital below zero, a project starts when ``uniform(key, COLLABORATION_START, month, pair, 0)`` is below ``2 *
    start_probability * S / (S + start_surplus)``.
    """
    drawn = np.empty(len(first))
    for k in range(len(first)):
        drawn[k] = uniform(key, COLLABORATION_START, month, pair[k], 0)
    started = np.empty(len(first), dtype=np.int64)
    count = 0
    declined = 0
    for k in range(len(first)):
        if surplus[k] < reservation_value:
            declined += 1
        elif drawn[k] < 2.0 * start_probability * surplus[k] / (surplus[k] + start_surplus):
            started[count] = k
            count += int(capital_cents[first[k]] >= 0 and capital_cents[second[k]] >= 0)
    return started[:count].copy(), declined


@kernel
def run_hazards(
    key: np.uint64,
    month: int,
    running: NDArray[Any],
    identity: NDArray[Any],
    surplus: NDArray[Any],
    luck: NDArray[Any],
    started_month: NDArray[Any],
    passed_month: NDArray[Any],
    ended_month: NDArray[Any],
    stage: NDArray[Any],
    status: NDArray[Any],
    members: NDArray[Any],
    member_count: NDArray[Any],
    granted_share: NDArray[Any],
    grant_cents: NDArray[Any],
    grant_paid_cents: NDArray[Any],
    served_until_month: NDArray[Any],
    coached_until_month: NDArray[Any],
    tested_until_month: NDArray[Any],
    running_projects: NDArray[Any],
    advance: float,
    failure: float,
    expiry: float,
    surplus_reference: float,
    surplus_exponent: float,
    grant_multiplier: float,
    services_multiplier: float,
    coaching_multiplier: float,
    tested_expiry: float,
    funded_expiry: float,
    pace: NDArray[np.float64],
) -> None:
    """One month of competing hazards for the projects in the rows ``running``, in their order.

    Projects begun this month wait. Otherwise, with S the project's surplus, the probabilities are
    ``a = advance * power(S / surplus_reference, surplus_exponent) * luck``, times ``1 + g (grant_multiplier -
    1)`` if a grant was committed, g its ``granted_share``, times ``services_multiplier`` if a member is still
    served this month, past SCOPING times ``coaching_multiplier`` if a member is still coached this month, times the
    ``pace`` of its place in ``running`` last; ``f = failure``; ``x = expiry``, times ``1 + g (funded_expiry - 1)``
    while a part of the grant is unpaid, in SCOPING times ``tested_expiry`` if a member's test still counts. With
    ``u = uniform(key, STAGE_OUTCOME, month, identity, 0)``: u < a passes to the next stage (a project that reaches
    MARKET is commercialised and ends), u < a + f fails, u < a + f + x expires; if the sum s = a + f + x is above 1,
    each of these three bounds is multiplied by 1 / s. An ended project leaves its members' count of running projects.
    Multiplications in the order written; all in float64; surpluses are 0 or more, and so is their exponent.
    """
    who = np.empty(len(running), dtype=np.uint64)
    worth = np.empty(len(running))
    drawn = np.empty(len(running))
    for place in range(len(running)):
        who[place] = identity[running[place]]
        worth[place] = np.float64(surplus[running[place]]) / surplus_reference
    for place in range(len(running)):
        drawn[place] = uniform(key, STAGE_OUTCOME, month, who[place], 0)
    for place in range(len(running)):
        ratio = worth[place]
        factor = ordinary_power(ratio if ratio > 0.0 else 1.0, surplus_exponent)
        worth[place] = 0.0 if ratio == 0.0 and surplus_exponent > 0.0 else factor
    for place in range(len(running)):
        p = running[place]
        if started_month[p] == month:
            continue
        a = advance * worth[place] * float(luck[p])
        x = expiry
        if grant_cents[p] > 0:
            granted = np.float64(granted_share[p])
            a *= 1.0 + granted * (grant_multiplier - 1.0)
            if grant_paid_cents[p] < grant_cents[p]:
                x *= 1.0 + granted * (funded_expiry - 1.0)
        served, coached, tested = False, False, False
        for m in range(member_count[p]):
            member = members[p, m]
            served |= served_until_month[member] >= month
            coached |= coached_until_month[member] >= month
            tested |= tested_until_month[member] >= month
        if served:
            a *= services_multiplier
        if stage[p] == SCOPING:
            x *= tested_expiry if tested else 1.0
        elif coached:
            a *= coaching_multiplier
        a *= pace[place]
        total = a + failure + x
        scale = 1.0
        if total > 1.0:
            scale = 1.0 / total
        u = drawn[place]
        if u < a * scale:
            stage[p] += 1
            passed_month[p] = month
            if stage[p] == MARKET:
                status[p] = COMMERCIALISED
        elif u < (a + failure) * scale:
            status[p] = FAILED
        elif u < total * scale:
            status[p] = EXPIRED
        if status[p] != RUNNING:
            ended_month[p] = month
            for m in range(member_count[p]):
                running_projects[members[p, m]] -= 1
