"""Plain twins of simulation/kernels/collaboration.py, one introduction and one project at a time."""

import numpy as np

from simulation.codes import Stage, Status
from simulation.purposes import Purpose
from tests.reference.arithmetic import power
from tests.reference.randomness import uniform


def draw_starts(
    key,
    month,
    first,
    second,
    pair,
    surplus,
    capital_cents,
    reservation_value,
    start_probability,
    start_surplus,
):
    started, declined = [], 0
    for place, worth in enumerate(float(value) for value in surplus):
        if worth < reservation_value:
            declined += 1
        elif min(capital_cents[first[place]], capital_cents[second[place]]) >= 0:
            probability = 2.0 * start_probability * worth / (worth + start_surplus)
            if uniform(key, Purpose.COLLABORATION_START, month, pair[place], 0) < probability:
                started.append(place)
    return np.array(started, dtype=np.int64), declined


def run_hazards(
    key,
    month,
    running,
    identity,
    surplus,
    luck,
    started_month,
    passed_month,
    ended_month,
    stage,
    status,
    members,
    member_count,
    granted_share,
    grant_cents,
    grant_paid_cents,
    served_until_month,
    coached_until_month,
    tested_until_month,
    running_projects,
    advance,
    failure,
    expiry,
    surplus_reference,
    surplus_exponent,
    grant_multiplier,
    services_multiplier,
    coaching_multiplier,
    tested_expiry,
    funded_expiry,
    pace,
):
    for place, project in enumerate(running.tolist()):
        if started_month[project] == month:
            continue
        organisations = members[project][: member_count[project]].tolist()
        worth = power(float(surplus[project]) / surplus_reference, surplus_exponent)
        a = advance * worth * float(luck[project])
        granted = float(granted_share[project])
        if grant_cents[project] > 0:
            a = a * (1.0 + granted * (grant_multiplier - 1.0))
        if any(served_until_month[row] >= month for row in organisations):
            a = a * services_multiplier
        x = expiry
        if grant_paid_cents[project] < grant_cents[project]:
            x = x * (1.0 + granted * (funded_expiry - 1.0))
        scoping = stage[project] == Stage.SCOPING
        if not scoping and max(coached_until_month[row] for row in organisations) >= month:
            a = a * coaching_multiplier
        if scoping and max(tested_until_month[row] for row in organisations) >= month:
            x = x * tested_expiry
        a = a * pace[place]
        bounds = [a, a + failure, a + failure + x]
        if bounds[2] > 1.0:
            bounds = [bound * (1.0 / bounds[2]) for bound in bounds]
        u = uniform(key, Purpose.STAGE_OUTCOME, month, identity[project], 0)
        end = None
        if u < bounds[0]:
            stage[project] += 1
            passed_month[project] = month
            end = Status.COMMERCIALISED if stage[project] == Stage.MARKET else None
        elif u < bounds[1]:
            end = Status.FAILED
        elif u < bounds[2]:
            end = Status.EXPIRED
        if end is not None:
            status[project], ended_month[project] = end, month
            for row in organisations:
                running_projects[row] -= 1
