"""Plain twins of simulation/kernels/networks.py: lists of ties, one node and one draw at a time."""

from itertools import combinations, pairwise

from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.adjacency import adjacency as adjacency
from tests.reference.arithmetic import exp, log, power
from tests.reference.randomness import bits, combine, pair_identity, uniform


def pair_identities(first, second, identities):
    return [pair_identity(identities[i], identities[j]) for i, j in zip(first, second, strict=True)]


def pair_bits(key, purpose, month, first, second, identities):
    return [bits(key, purpose, month, pair, 0) for pair in pair_identities(first, second, identities)]


def ring_lattice(n, degree):
    half = degree // 2
    laps = min(half, (n - 1) // 2)
    ends = [(i, (i + lap + 1) % n) for lap in range(laps) for i in range(n)]
    if n and n % 2 == 0 and half >= n // 2:
        ends += [(i, i + n // 2) for i in range(n // 2)]
    return [i for i, _ in ends], [j for _, j in ends]


def are_tied(second, n, i, j):
    return any({tie % n, int(end)} == {i, j} for tie, end in enumerate(second))


def rewire(key, second, identities, probability):
    n, ends = len(identities), [int(end) for end in second]
    for tie in range(len(ends)):
        lap, i = divmod(tie, n)
        if uniform(key, Purpose.CLUSTER_REWIRING, 0, identities[i], lap) >= probability:
            continue
        for attempt in range(64):
            u = uniform(key, Purpose.CLUSTER_REWIRED_PARTNER, 0, identities[i], 64 * lap + attempt)
            partner = int(u * n)
            if partner != i and not are_tied(ends, n, i, partner):
                ends[tie] = partner
                break
    return ends


def gravity_weights(distance_km, country, exponent, scale_km, border):
    return [
        [
            power(1.0 + float(km) / scale_km, -exponent) * (border if country[i] != country[j] else 1.0)
            for j, km in enumerate(row)
        ]
        for i, row in enumerate(distance_km)
    ]


def winner(key, purpose, who, candidates, masses, counter):
    times = [
        (-log(1.0 - uniform(key, purpose, 0, combine(who, candidate), counter)) / float(mass), place)
        for place, (candidate, mass) in enumerate(zip(candidates, masses, strict=True))
        if mass > 0.0
    ]
    return min(times)[1] if times else NOBODY


def tie_count(u, mean):
    p = exp(-mean)
    total, k = p, 0
    while total <= u and k < 64:
        k += 1
        p = p * mean / k
        total += p
    return k


def gravity_ties(
    key,
    identities,
    cluster_offsets,
    cluster_identities,
    region_of_cluster,
    region_identities,
    attraction,
    mean_ties,
):
    clusters, regions = range(len(cluster_identities)), range(len(region_identities))
    members = [range(int(cluster_offsets[c]), int(cluster_offsets[c + 1])) for c in clusters]
    own_cluster = {i: c for c in clusters for i in members[c]}
    ends = []
    for i, who in enumerate(identities):
        own = own_cluster[i]
        sizes = [0 if c == own else len(members[c]) for c in clusters]
        there = [sum(sizes[c] for c in clusters if region_of_cluster[c] == r) for r in regions]
        pull = [float(attraction[region_of_cluster[own], r]) * there[r] for r in regions]
        for t in range(tie_count(uniform(key, Purpose.GRAVITY_TIE, 0, who, 0), mean_ties)):
            region = winner(key, Purpose.GRAVITY_REGION, who, region_identities, pull, t)
            masses = [size if region_of_cluster[c] == region else 0 for c, size in enumerate(sizes)]
            cluster = winner(key, Purpose.GRAVITY_CLUSTER, who, cluster_identities, masses, t)
            if NOBODY not in (region, cluster):
                u = uniform(key, Purpose.GRAVITY_PARTNER, 0, who, t)
                ends.append((i, members[cluster][int(u * len(members[cluster]))]))
    return [i for i, _ in ends], [j for _, j in ends]


def first_of_each_pair(first, second, n):
    pairs = [{int(i), int(j)} for i, j in zip(first, second, strict=True)]
    return [pair not in pairs[:tie] for tie, pair in enumerate(pairs)]


def clustering(offsets, neighbours):
    known = [{int(j) for j in neighbours[start:end]} for start, end in pairwise(offsets)]
    total, counted = 0.0, 0
    for around in known:
        k = len(around)
        if k >= 2:
            total += 2.0 * sum(j in known[i] for i, j in combinations(around, 2)) / (k * (k - 1))
            counted += 1
    return total, counted


def ties_of(row, offsets, neighbours, ties):
    places = range(int(offsets[row]), int(offsets[row + 1]))
    return [(int(neighbours[place]), int(ties[place])) for place in places]


def tie_between(first, second, offsets, neighbours, ties):
    if max(first, second) + 1 >= len(offsets):
        return NOBODY
    mine, theirs = (ties_of(row, offsets, neighbours, ties) for row in (first, second))
    searched, sought = (theirs, first) if len(theirs) < len(mine) else (mine, second)
    return next((tie for neighbour, tie in searched if neighbour == sought), NOBODY)
