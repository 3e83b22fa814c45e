"""Plain twins of simulation/kernels/exchange.py: lists of levels, one tie at a time."""

from itertools import combinations

import numpy as np

from simulation.codes import Status
from simulation.purposes import Purpose
from tests.reference.randomness import bits


def pairs_of_partners(status, members, member_count):
    teams = [
        members[project].tolist()[: int(member_count[project])]
        for project in range(len(status))
        if status[project] == Status.RUNNING
    ]
    pairs = [(team[0], team[1]) for team in teams if len(team) > 1]
    pairs += [pair for team in teams for pair in list(combinations(team, 2))[1:]]
    return tuple(np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))


def draw_to_front(key, month, identity, domains, count, wanted):
    if wanted >= count:
        return
    for t in range(wanted):
        drawn = [bits(key, Purpose.BARTERED_DOMAIN, month, identity, domain) for domain in domains[:count]]
        smallest = drawn.index(min(drawn[t:]), t)
        domains[t], domains[smallest] = int(domains[smallest]), int(domains[t])


def learn_domains(knowledge, learner, teacher, domains, rate):
    for domain in domains:
        level = float(knowledge[learner, domain])
        knowledge[learner, domain] = level + rate * (float(knowledge[teacher, domain]) - level)


def barter_sweep(key, month, knowledge, first, second, tie_identities, order, rate, threshold):
    swaps = 0
    for tie in order.tolist():
        i, j = int(first[tie]), int(second[tie])
        mine, theirs = ([float(level) for level in knowledge[row]] for row in (i, j))
        offered = [d for d in range(len(mine)) if mine[d] > (1.0 + threshold) * theirs[d]]
        asked = [d for d in range(len(mine)) if theirs[d] > (1.0 + threshold) * mine[d]]
        traded = min(len(offered), len(asked))
        for domains in (offered, asked):
            draw_to_front(key, month, tie_identities[tie], domains, len(domains), traded)
        learn_domains(knowledge, j, i, offered[:traded], rate)
        learn_domains(knowledge, i, j, asked[:traded], rate)
        swaps += traded
    return swaps


def teach_each_other(knowledge, i, j, absorptive_capacity, rate, largest):
    levels = [[float(level) for level in knowledge[row]] for row in (i, j)]
    for learner, mine, theirs in ((i, *levels), (j, *reversed(levels))):
        share = rate * float(absorptive_capacity[learner])
        for domain in (domain for domain in range(len(mine)) if theirs[domain] > mine[domain]):
            learned = mine[domain] + share * (theirs[domain] - mine[domain])
            knowledge[learner, domain] = min(learned, theirs[domain])
            largest[domain] = max(largest[domain], float(knowledge[learner, domain]) - mine[domain])


def transfer(knowledge, first, second, absorptive_capacity, rate):
    before = [[float(level) for level in row] for row in knowledge]
    teachers = [[] for _ in before]
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        teachers[i].append(j)
        teachers[j].append(i)
    change = 0.0
    for i, mine in enumerate(before):
        for domain, level in enumerate(mine):
            better = [before[j][domain] for j in teachers[i] if before[j][domain] > level]
            gain = 0.0
            for taught in better:
                gain += (rate * float(absorptive_capacity[i])) * (taught - level)
            if better:
                knowledge[i, domain] = min(level + gain, max(better))
                change = max(change, abs(float(knowledge[i, domain]) - level))
    return change
