"""Plain twins of simulation/kernels/collaboration.py, one introduction and one project at a time."""

from simulation.purposes import Purpose
from simulation.schemas import Stage, Status
from tests.reference.arithmetic import power
from tests.reference.randomness import uniform

NOTHING, STARTED, DECLINED = 0, 1, 2


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
    outcome = [NOTHING] * len(pair)
    for place, worth in enumerate(float(value) for value in surplus):
        if worth < reservation_value:
            outcome[place] = DECLINED
        elif capital_cents[first[place]] >= 0 and capital_cents[second[place]] >= 0:
            probability = 2.0 * start_probability * worth / (worth + start_surplus)
            drawn = uniform(key, Purpose.COLLABORATION_START, month, pair[place], 0)
            outcome[place] = STARTED if drawn < probability else NOTHING
    return outcome


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
    grant_cents,
    grant_paid_cents,
    served_until_month,
    running_projects,
    advance,
    failure,
    expiry,
    surplus_reference,
    surplus_exponent,
    grant_multiplier,
    services_multiplier,
    funded_expiry,
):
    for project in (row for row in running.tolist() if started_month[row] != month):
        organisations = members[project][: member_count[project]].tolist()
        worth = power(float(surplus[project]) / surplus_reference, surplus_exponent)
        a = advance * worth * float(luck[project])
        if grant_cents[project] > 0:
            a = a * grant_multiplier
        if any(served_until_month[row] >= month for row in organisations):
            a = a * services_multiplier
        f, x = failure, expiry
        if grant_paid_cents[project] < grant_cents[project]:
            x = x * funded_expiry
        total = a + f + x
        if total > 1.0:
            a, f, x = a / total, f / total, x / total
        u = uniform(key, Purpose.STAGE_OUTCOME, month, identity[project], 0)
        end = None
        if u < a:
            passed_month[project] = month
            if stage[project] == Stage.MARKET:
                end = Status.COMMERCIALISED
            else:
                stage[project] += 1
        elif u < a + f:
            end = Status.FAILED
        elif u < a + f + x:
            end = Status.EXPIRED
        if end is not None:
            status[project], ended_month[project] = end, month
            for row in organisations:
                running_projects[row] -= 1
