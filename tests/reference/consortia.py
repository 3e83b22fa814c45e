"""Plain twins of simulation/kernels/consortia.py, one domain and one candidate at a time."""

import numpy as np

from simulation.purposes import Purpose
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY
from tests.reference.randomness import combine, uniform
from tests.reference.strategy import fit_to_objective


def addition_to_coverage(levels, best, weights, gains):
    total = 0.0
    for domain, (level, known, weight) in enumerate(zip(levels.tolist(), best, weights.tolist(), strict=True)):
        gains[domain] = weight * (level - known) if level > known else 0.0
        total += gains[domain]
    return total


def form_consortium(
    key,
    challenge_identity,
    lead,
    candidates,
    identity,
    knowledge,
    weights,
    threshold,
    reservation_value,
    least_members,
    most_members,
    filled,
):
    members = [int(lead)]
    left = list(range(len(candidates)))
    address = [combine(identity[row], challenge_identity) for row in candidates]
    lot = [uniform(key, Purpose.MISSION_PARTNER, 0, each, 0) for each in address]

    def best():
        return [max(float(knowledge[row, d]) for row in members) for d in range(len(weights))]

    while len(members) < most_members and left:
        known = best()
        short = fit_to_objective(np.array(known), weights) < threshold
        if not short and len(members) >= least_members:
            break
        offers = {
            place: addition_to_coverage(knowledge[candidates[place]], known, weights, np.empty(len(known)))
            for place in left
        }
        chosen = min(left, key=lambda place: (-offers[place], lot[place], place))
        if short and offers[chosen] < reservation_value:
            break
        members.append(int(candidates[chosen]))
        left.remove(chosen)
    filled[:] = members + [NOBODY] * (MOST_MEMBERS - len(members))
    return len(members), fit_to_objective(np.array(best()), weights)
