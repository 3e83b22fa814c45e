"""Plain twins of simulation/kernels/demography.py, one organisation and one project at a time."""

import math
from collections import Counter

import numpy as np

from simulation.codes import Kind, Status
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.networks import tie_between
from tests.reference.randomness import combine, uniform
from tests.reference.ties import pair_number, pairs_of_members


def age_class(age_months):
    if age_months <= 12:
        return 0
    return 1 if age_months <= 60 else 2


def exits(
    draw,
    month,
    alive,
    kind,
    born_month,
    capital_cents,
    cluster,
    hazards,
    cluster_multiplier,
    insolvency_multiplier,
):
    smes = [row for row in range(len(draw)) if alive[row] and kind[row] == Kind.SME]
    ages = {row: age_class(month - int(born_month[row])) for row in smes}
    regional = {row: float(cluster_multiplier[cluster[row]]) for row in smes}
    insolvent = {row: insolvency_multiplier if capital_cents[row] < 0 else 1.0 for row in smes}
    plain, weighted = [0.0] * 3, [0.0] * 3
    for row in smes:
        plain[ages[row]] += regional[row]
        weighted[ages[row]] += regional[row] * insolvent[row]

    def hazard(row):
        c = ages[row]
        if weighted[c] == 0.0:
            return 0.0
        return ((float(hazards[c]) * regional[row]) * insolvent[row]) * (plain[c] / weighted[c])

    return np.array([row for row in smes if draw[row] < hazard(row)], dtype=np.int32)


def leave_market(
    key,
    month,
    identity,
    alive,
    kind,
    born_month,
    capital_cents,
    cluster,
    hazards,
    cluster_multiplier,
    insolvency_multiplier,
    died_month,
    broker,
    park,
    group,
):
    draw = np.array([uniform(key, Purpose.EXIT, month & 0xFFFF, address, 0) for address in identity])
    firms = (alive, kind, born_month, capital_cents, cluster)
    leaving = exits(draw, month, *firms, hazards, cluster_multiplier, insolvency_multiplier)
    alive[leaving], died_month[leaving] = False, month
    for column in (broker, park, group):
        column[leaving] = NOBODY
    return leaving


def stationary_ages(key, identity, hazards, multiplier):
    ages = []
    for address, scale in zip(identity, multiplier.tolist(), strict=True):
        survival, cumulated = 1.0, [1.0]
        for age in range(1200):
            survival = survival * (1.0 - min(1.0, float(hazards[age_class(age + 1)]) * scale))
            cumulated.append(cumulated[-1] + survival)
        u = uniform(key, Purpose.FOUNDING_AGE, 0, address, 0)
        ages.append(next(age for age, c in enumerate(cumulated) if c > u * cumulated[1200]))
    return np.array(ages, dtype=np.int64)


def end_projects_of_the_dead(month, alive, running_projects, status, ended_month, members, member_count):
    ended = []
    for project in range(len(status)):
        taking_part = members[project].tolist()[: int(member_count[project])]
        if status[project] == Status.RUNNING and not all(alive[member] for member in taking_part):
            status[project], ended_month[project] = Status.EXPIRED, month
            for member in taking_part:
                running_projects[member] -= 1
            ended.append(project)
    return np.array(ended, dtype=np.int32)


def births(key, month, leaving, cluster, birth_ratio, cluster_identity):
    left_by_cluster = Counter(cluster[leaving].tolist())
    cluster, identity = [], []
    for place in range(len(birth_ratio)):
        left = left_by_cluster[place]
        if left == 0:
            continue
        address, moment = int(cluster_identity[place]), month & 0xFFFF
        u = uniform(key, Purpose.ENTRY, moment, address, 0)
        for k in range(math.floor(left * float(birth_ratio[place]) + u)):
            cluster.append(place)
            identity.append(combine(combine(address, moment), k))
    return np.array(cluster, dtype=np.int32), np.array(identity, dtype=np.uint64)


def entrant_ties(key, month, identity, cluster, cluster_offsets, cluster_rows, first_row, ties_each):
    pairs = []
    for entrant, (address, place) in enumerate(zip(identity, cluster, strict=True)):
        incumbents = cluster_rows[cluster_offsets[place] : cluster_offsets[place + 1]].tolist()
        partners = []
        for t in range(ties_each if incumbents else 0):
            for a in range(8):
                u = uniform(key, Purpose.ENTRANT_PARTNER, month & 0xFFFF, address, 8 * t + a)
                partner = incumbents[int(u * len(incumbents))]
                if partner not in partners:
                    partners.append(partner)
                    break
        pairs += [pair_number(partner, first_row + entrant) for partner in partners]
    return np.array(pairs, dtype=np.int64)


def release_ties(ended, members, member_count, offsets, neighbours, ties, running_projects):
    for project in ended.tolist():
        for one, other in pairs_of_members(project, members, member_count):
            tie = tie_between(one, other, offsets, neighbours, ties)
            if tie != NOBODY:
                running_projects[tie] -= 1
