"""The kernels of the indicators again, one organisation and one path at a time."""

import math

import numpy as np

from simulation.codes import Account, Source, Status
from tests.reference.sums import exact_mean, known_mean

NEVER = -32768


def tally_firms(
    kind,
    sme,
    alive,
    granted,
    served,
    region,
    registered_month,
    cooperated_month,
    broker,
    platform_month,
    innovations,
    size,
    satisfaction,
    digital_maturity,
    knowledge,
    since_month,
    counts_of_regions,
    sums_of_regions,
):
    regions = len(counts_of_regions) - 1
    counts = [[0] * 9 for _ in range(regions)]
    sums = [[0.0] * 3 for _ in range(regions)]
    levels = [[0.0] * knowledge.shape[1] for _ in range(regions)]
    squares = [0.0] * knowledge.shape[1]
    for row in (row for row in range(len(kind)) if kind[row] == sme):
        place = int(region[row])
        exists = bool(alive[row])
        told = [
            exists,
            exists and registered_month[row] != NEVER,
            exists and innovations[row] > 0,
            exists and cooperated_month[row] >= since_month,
            granted[row] or served[row],
            granted[row],
            served[row],
            int(innovations[row]),
            exists and broker[row] >= 0 and platform_month[row] != NEVER,
        ]
        counts[place] = [count + int(more) for count, more in zip(counts[place], told, strict=True)]
        if exists:
            added = [float(size[row]), float(satisfaction[row]), float(digital_maturity[row])]
            sums[place] = [total + more for total, more in zip(sums[place], added, strict=True)]
            known = [float(level) for level in knowledge[row]]
            levels[place] = [total + level for total, level in zip(levels[place], known, strict=True)]
            squares = [total + level * level for total, level in zip(squares, known, strict=True)]
    counts_of_regions[:] = [*counts, [sum(each) for each in zip(*counts, strict=True)]]
    together = [math.fsum(each) for each in zip(*sums, strict=True)]
    level_of_all = [0.0] * knowledge.shape[1]
    for known in levels:
        level_of_all = [total + level for total, level in zip(level_of_all, known, strict=True)]
    by_region = [[*some, *known] for some, known in zip(sums, levels, strict=True)]
    sums_of_regions[:] = [*by_region, [*together, *level_of_all], [0.0, 0.0, 0.0, *squares]]


def tally_records(status, member_count, call, own_cents, source, account, spent_cents, first, second, alive):
    active = [s == Status.RUNNING and count > 1 for s, count in zip(status, member_count, strict=True)]
    own_of_funded = sum(int(own) for own, row in zip(own_cents, call, strict=True) if row >= 0)
    spent = {(s, a): 0 for s in Source for a in Account}
    for purse, amount in enumerate(spent_cents.tolist()):
        spent[Source(int(source[purse])), Account(int(account[purse]))] += amount
    public = [
        sum(spent[s, account] for s in (Source.EU, Source.NATIONAL, Source.REGIONAL))
        for account in (Account.GRANTS, Account.SERVICES, Account.COORDINATION)
    ]
    private = [sum(spent[source, a] for a in Account) for source in (Source.OWN, Source.OUTSIDE)]
    return (sum(map(bool, active)), own_of_funded, *public, *private, count_ties(first, second, alive))


def tally_partnerships(
    present,
    engagement,
    active,
    signed_month,
    applied_month,
    continuing,
    funded,
    objective_agreement,
    agreement_within_country,
    agreement_across_countries,
):
    signed = [int(month) for month in signed_month if month != NEVER]
    partners = [int(each) for month, each in zip(applied_month, continuing, strict=True) if month != NEVER]
    return (
        int(present.sum()),
        exact_mean(engagement[present]),
        int(any(active)),
        min(signed, default=NEVER),
        len(partners),
        sum(partners),
        int(funded.sum()),
        known_mean(objective_agreement),
        known_mean(agreement_within_country),
        known_mean(agreement_across_countries),
    )


def tally_agencies(visited_month, transferred, instrument):
    learners = {row for row, month in enumerate(visited_month) if month > 0}
    learners |= {row for row, taken in enumerate(transferred) if taken > 0}
    return len(learners), sum(belief != 0 for beliefs in instrument.tolist() for belief in beliefs)


def tally_intermediaries(
    broker_visited_month,
    broker_transferred,
    broker_instrument,
    broker_skill,
    park_visited_month,
    park_transferred,
    park_instrument,
    park_skill,
    authority_visited_month,
    authority_transferred,
    authority_instrument,
):
    tables = (
        (broker_visited_month, broker_transferred, broker_instrument),
        (park_visited_month, park_transferred, park_instrument),
        (authority_visited_month, authority_transferred, authority_instrument),
    )
    learners, practices = zip(*(tally_agencies(*table) for table in tables), strict=True)
    return sum(learners), sum(practices), exact_mean(np.array([*broker_skill, *park_skill]))


def contacts(first, second, alive):
    """The set of contacts of every organisation that exists."""
    known = {row: set() for row in range(len(alive))}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if alive[one] and alive[other]:
            known[one].add(other)
            known[other].add(one)
    return known


def count_ties(first, second, alive):
    return sum(len(others) for others in contacts(first, second, alive).values()) // 2


def bits_set(word):
    return bin(int(word)).count("1")


def sum_path_lengths(first, second, alive, sources):
    known = contacts(first, second, alive)
    length = pairs = 0
    for source in sources.tolist():
        distance = {source: 0}
        queue = [source]
        for row in queue:
            for other in sorted(known[row] - distance.keys()):
                distance[other] = distance[row] + 1
                queue.append(other)
        length += sum(distance.values())
        pairs += len(distance) - 1
    return length, pairs


def clustering(known, row):
    degree = len(known[row])
    closed = sum(one < other and other in known[one] for one in known[row] for other in known[row])
    return 2.0 * closed / (degree * (degree - 1)) if degree > 1 else 0.0


def sum_clustering(first, second, alive, sampled):
    known = contacts(first, second, alive)
    totals = []
    for place, row in enumerate(sampled.tolist()):
        if place % 64 == 0:
            totals.append(0.0)
        totals[-1] += clustering(known, row)
    return np.array(totals, dtype=np.float64)
