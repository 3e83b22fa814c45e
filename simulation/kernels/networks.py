"""Rings, rewiring, gravity and what networks look like: loops of :mod:`simulation.mechanisms.networks`."""

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp, log, power
from simulation.compilation import kernel
from simulation.kernels.adjacency import adjacency
from simulation.kernels.groups import rows_by_group
from simulation.purposes import Purpose
from simulation.randomness import bits, combine, pair_identity, uniform
from simulation.state import NOBODY

__all__ = [
    "adjacency",
    "are_tied",
    "clustering",
    "first_of_each_pair",
    "gravity_ties",
    "gravity_weights",
    "pair_bits",
    "pair_identities",
    "rewire",
    "ring_lattice",
    "tie_count",
    "winner",
]

type Rows = NDArray[np.int64]
type Identities = NDArray[np.uint64]

CLUSTER_REWIRING = int(Purpose.CLUSTER_REWIRING)
CLUSTER_REWIRED_PARTNER = int(Purpose.CLUSTER_REWIRED_PARTNER)
GRAVITY_TIE = int(Purpose.GRAVITY_TIE)
GRAVITY_REGION = int(Purpose.GRAVITY_REGION)
GRAVITY_CLUSTER = int(Purpose.GRAVITY_CLUSTER)
GRAVITY_PARTNER = int(Purpose.GRAVITY_PARTNER)
ATTEMPTS = 64
MOST_TIES = 64


@kernel
def pair_identities(first: Rows, second: Rows, identities: Identities) -> Identities:
    """Identity of each tie: the symmetric ``pair_identity`` of the identities (n,) of its ends (m,)."""
    ties = np.empty(first.size, np.uint64)
    for e in range(first.size):
        ties[e] = pair_identity(identities[first[e]], identities[second[e]])
    return ties


@kernel
def pair_bits(
    key: np.uint64, purpose: int, month: int, first: Rows, second: Rows, identities: Identities
) -> Identities:
    """64 bits for each tie, at (purpose, month, :func:`pair_identities`, 0)."""
    ties = pair_identities(first, second, identities)
    for e in range(ties.size):
        ties[e] = bits(key, purpose, month, ties[e], 0)
    return ties


@kernel
def ring_lattice(n: int, degree: int) -> tuple[Rows, Rows]:
    """Ties of n nodes on a ring, each to its ``degree`` (even) nearest, or to all if there are no more.

    In laps: lap l ties every node i, in rising order, to (i + l + 1) modulo n, so that the first end of tie e
    is e modulo n. There are min(degree / 2, (n - 1) // 2) laps; if n is even and degree / 2 is at least n /
    2, half a lap follows that ties i < n / 2 to i + n / 2.

    Returns
    -------
    first, second : (m,) int64
    """
    laps = min(degree // 2, max(n - 1, 0) // 2)
    half_lap = n // 2 if n >= 2 and n % 2 == 0 and degree // 2 >= n // 2 else 0
    ties = laps * n + half_lap
    first = np.empty(ties, np.int64)
    second = np.empty(ties, np.int64)
    for e in range(ties):
        first[e] = e % n
        second[e] = (e % n + e // n + 1) % n
    return first, second


@kernel
def are_tied(second: Rows, n: int, i: int, j: int) -> bool:
    """Whether i and j are tied in a (rewired) ring of n nodes, where the first end of tie e is e modulo n."""
    tied = False
    for e in range(i, second.size, n):
        tied = tied or second[e] == j
    for e in range(j, second.size, n):
        tied = tied or second[e] == i
    return tied


@kernel
def rewire(key: np.uint64, second: Rows, identities: Identities, probability: float) -> Rows:
    """Move the second end of each ring tie to a random node with the given probability.

    Ties of :func:`ring_lattice` over n = identities.size nodes, in rising order, month 0. Tie e of i = e
    modulo n in lap l = e // n is moved if u at (CLUSTER_REWIRING, identity_i, l) is below ``probability``: to
    floor(u n), u at (CLUSTER_REWIRED_PARTNER, identity_i, 64 l + attempt), for the first of 64 attempts that
    gives neither i nor a node that i is tied to at that time, this tie included. If there is none it stays.

    Parameters
    ----------
    second : (m,) int64
        Second ends, as :func:`ring_lattice` orders them.
    identities : (n,) uint64
    probability : float

    Returns
    -------
    (m,) int64
        New second ends.
    """
    n = identities.size
    moved = second.copy()
    for e in range(second.size):
        i, lap = e % n, e // n
        if uniform(key, CLUSTER_REWIRING, 0, identities[i], lap) >= probability:
            continue
        for attempt in range(ATTEMPTS):
            u = uniform(key, CLUSTER_REWIRED_PARTNER, 0, identities[i], lap * ATTEMPTS + attempt)
            j = int(u * n)
            if j != i and not are_tied(moved, n, i, j):
                moved[e] = j
                break
    return moved


@kernel
def gravity_weights(
    distance_km: NDArray[np.float64], country: Rows, exponent: float, scale_km: float, border: float
) -> NDArray[np.float64]:
    """Attraction between regions: (1 + km / scale_km)^-exponent, times ``border`` between two countries.

    (r, r) and (r,) -> (r, r) float64.
    """
    weights = np.empty(distance_km.shape)
    for a in range(country.size):
        for b in range(country.size):
            weights[a, b] = power(1.0 + distance_km[a, b] / scale_km, -exponent)
            if country[a] != country[b]:
                weights[a, b] *= border
    return weights


@kernel
def winner(
    key: np.uint64,
    purpose: int,
    who: np.uint64,
    candidates: Identities,
    masses: NDArray[np.float64],
    counter: int,
) -> int:
    """A random candidate, with probability proportional to its mass.

    A further candidate changes only the draws that it wins.

    A race: the time of candidate c is -log(1 - u) / mass_c, u at (purpose, month 0, combine(who,
    candidate_c), counter). The shortest wins, of equals the first; candidates with a mass of 0 do not run.
    NOBODY if nobody runs.
    """
    times = np.empty(masses.size)
    for c in range(masses.size):
        u = uniform(key, purpose, 0, combine(who, candidates[c]), counter)
        times[c] = -log(1.0 - u) / masses[c]
    best, shortest = NOBODY, np.inf
    for c in range(masses.size):
        if masses[c] > 0.0 and times[c] < shortest:
            best, shortest = c, times[c]
    return best


@kernel
def tie_count(u: float, mean: float) -> int:
    """The Poisson number at the quantile u: the smallest k with p_0 + ... + p_k > u, at most 64.

    p_0 = exp(-mean), p_k = p_(k-1) mean / k (from left to right), summed in rising order.
    """
    term = exp(-mean)
    total = term
    k = 0
    while total <= u and k < MOST_TIES:
        k += 1
        term = term * mean / k
        total += term
    return k


@kernel
def gravity_ties(
    key: np.uint64,
    identities: Identities,
    cluster_offsets: Rows,
    cluster_identities: Identities,
    region_of_cluster: Rows,
    region_identities: Identities,
    attraction: NDArray[np.float64],
    mean_ties: float,
) -> tuple[Rows, Rows]:
    """Ties between clusters, drawn by each organisation for itself.

    A region more changes only the ties that it takes.

    Organisation i draws :func:`tie_count` ties, u at (GRAVITY_TIE, month 0, identity_i, 0). For its t-th tie,
    t from 0:

    * a region by :func:`winner` at (GRAVITY_REGION, identity_i, counter t), with mass attraction[own region,
      region] × organisations there (in clusters other than the own);
    * a cluster by :func:`winner` at (GRAVITY_CLUSTER, identity_i, counter t) over all clusters, with mass =
      organisations in it where it lies in that region and is not the own, else 0;
    * an organisation there, the floor(u × organisations)-th, u at (GRAVITY_PARTNER, month 0, identity_i, t).

    A tie without a region or cluster to go to is left out. The same pair may be drawn more than once.

    Parameters
    ----------
    identities : (n,) uint64
        Of the organisations, those of a cluster together.
    cluster_offsets : (c + 1,) int64
        The organisations of cluster c are cluster_offsets[c] to cluster_offsets[c + 1] - 1.
    cluster_identities : (c,) uint64
    region_of_cluster : (c,) int64
    region_identities : (r,) uint64
    attraction : (r, r) float64
        From :func:`gravity_weights`.
    mean_ties : float
        Mean number of ties that an organisation draws; each counts at both ends.

    Returns
    -------
    first, second : (m,) int64
        Ties in rising order of the organisation that draws, then of t.
    """
    n, clusters, regions = identities.size, region_of_cluster.size, region_identities.size
    counts = np.empty(n, np.int64)
    drawn = np.empty(n)
    for i in range(n):
        drawn[i] = uniform(key, GRAVITY_TIE, 0, identities[i], 0)
    for i in range(n):
        counts[i] = tie_count(drawn[i], mean_ties)
    first = np.empty(counts.sum(), np.int64)
    second = np.empty(first.size, np.int64)
    # the clusters of each region side by side, with their addresses and masses
    starts, listed = rows_by_group(region_of_cluster, np.ones(clusters, np.bool_), regions)
    addresses, masses, place_of = np.empty(clusters, np.uint64), np.empty(clusters), np.empty(clusters, np.int64)
    organisations = np.zeros(regions)
    for place in range(clusters):
        c = listed[place]
        addresses[place], masses[place] = cluster_identities[c], cluster_offsets[c + 1] - cluster_offsets[c]
        place_of[c] = place
        organisations[region_of_cluster[c]] += masses[place]
    region_masses = np.empty(regions)
    ties = 0
    for own in range(clusters):
        home, size = region_of_cluster[own], masses[place_of[own]]
        masses[place_of[own]] = 0.0
        for r in range(regions):
            others = organisations[r] - size if r == home else organisations[r]
            region_masses[r] = attraction[home, r] * others
        for i in range(cluster_offsets[own], cluster_offsets[own + 1]):
            for t in range(counts[i]):
                region = winner(key, GRAVITY_REGION, identities[i], region_identities, region_masses, t)
                if region == NOBODY:
                    continue
                there = slice(starts[region], starts[region + 1])
                target = winner(key, GRAVITY_CLUSTER, identities[i], addresses[there], masses[there], t)
                if target == NOBODY:
                    continue
                place = there.start + target
                u = uniform(key, GRAVITY_PARTNER, 0, identities[i], t)
                first[ties] = i
                second[ties] = cluster_offsets[listed[place]] + np.int64(u * masses[place])
                ties += 1
        masses[place_of[own]] = size
    return first[:ties].copy(), second[:ties].copy()


@kernel
def tie_between(first: int, second: int, offsets: Rows, neighbours: NDArray[np.int32], ties: NDArray[np.int32]) -> int:
    """Row of the tie between two nodes; NOBODY (-1) where there is none or one of them is newer than the adjacency.

    Looks through the neighbours of the one with fewer of them (the first where they have equally many), in their
    stored order.
    """
    if max(first, second) + 1 >= offsets.size:
        return NOBODY
    if offsets[second + 1] - offsets[second] < offsets[first + 1] - offsets[first]:
        first, second = second, first
    for place in range(offsets[first], offsets[first + 1]):
        if neighbours[place] == second:
            return int(ties[place])
    return NOBODY


@kernel
def first_of_each_pair(first: Rows, second: Rows, n: int) -> NDArray[np.bool_]:
    """Whether a tie (m,) is the first of those between its two ends, whichever is named first."""
    offsets, neighbours, ties = adjacency(first, second, n)
    is_first = np.ones(first.size, np.bool_)
    tied_from = np.full(n, NOBODY, np.int64)
    for i in range(n):
        for place in range(offsets[i], offsets[i + 1]):
            j = neighbours[place]
            if tied_from[j] == i:
                is_first[ties[place]] = False
            tied_from[j] = i
    return is_first


@kernel
def clustering(offsets: Rows, neighbours: NDArray[np.int32]) -> tuple[float, int]:
    """Sum of the local clustering coefficients, in rising order of node, and number of nodes that have one.

    For a node with k >= 2 neighbours: twice the ties among them, divided by k (k - 1). No pair may be tied
    twice.
    """
    n = offsets.size - 1
    neighbour_of = np.full(n, NOBODY, np.int64)
    total, counted = 0.0, 0
    for i in range(n):
        degree = offsets[i + 1] - offsets[i]
        if degree < 2:
            continue
        for place in range(offsets[i], offsets[i + 1]):
            neighbour_of[neighbours[place]] = i
        ties = 0
        for place in range(offsets[i], offsets[i + 1]):
            j = neighbours[place]
            for further in range(offsets[j], offsets[j + 1]):
                if neighbour_of[neighbours[further]] == i:
                    ties += 1
        total += ties / (degree * (degree - 1))
        counted += 1
    return total, counted
