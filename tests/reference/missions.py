"""Plain twins of simulation/kernels/missions.py, one domain and one candidate at a time."""

from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY


def covered_by(weights, best):
    total = 0.0
    for weight, level in zip(weights.tolist(), best, strict=True):
        total += weight * float(level)
    return total


def addition(weights, best, levels):
    total = 0.0
    for weight, level, known in zip(weights.tolist(), levels, best, strict=True):
        if level - known > 0.0:
            total += weight * (level - known)
    return total


def form_consortium(
    lead, candidates, lot, knowledge, weights, threshold, reservation_value, least_members, most_members
):
    members = [int(lead)]
    left = list(range(len(candidates)))

    def best():
        return [max(float(knowledge[row, d]) for row in members) for d in range(len(weights))]

    while len(members) < most_members and left:
        known = best()
        short = covered_by(weights, known) < threshold
        if not short and len(members) >= least_members:
            break
        offers = {place: addition(weights, known, knowledge[candidates[place]].tolist()) for place in left}
        chosen = min(left, key=lambda place: (-offers[place], lot[place], place))
        if short and offers[chosen] < reservation_value:
            break
        members.append(int(candidates[chosen]))
        left.remove(chosen)
    rows = members + [NOBODY] * (MOST_MEMBERS - len(members))
    return rows, len(members), covered_by(weights, best())
