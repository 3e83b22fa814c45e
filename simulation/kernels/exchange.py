"""Knowledge that moves along ties: the loops of :mod:`simulation.mechanisms.knowledge_exchange`."""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Status
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import bits
from simulation.state import NOBODY

__all__ = ["barter_sweep", "draw_to_front", "pairs_of_partners", "teach_each_other", "transfer"]

BARTERED_DOMAIN = int(Purpose.BARTERED_DOMAIN)
RUNNING = int(Status.RUNNING)


@kernel
def pairs_of_partners(
    status: NDArray[np.int8], members: NDArray[np.int32], member_count: NDArray[np.int8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every two members of each running project: the first two of all projects, then the other pairs of larger ones.

    Projects in the order of rows, further pairs i < j of a project's places in rising order of i, then of j.

    Parameters
    ----------
    status, members, member_count : (p,), members (p, 8)
        Columns of projects.

    Returns
    -------
    first, second : (m,) int64
        Rows of organisations.
    """
    pairs = 0
    for project in range(status.size):
        if status[project] == RUNNING:
            pairs += member_count[project] * (member_count[project] - 1) // 2
    first, second = np.empty(pairs, np.int64), np.empty(pairs, np.int64)
    count = 0
    for project in range(status.size):
        if status[project] == RUNNING and member_count[project] >= 2:
            first[count], second[count] = members[project, 0], members[project, 1]
            count += 1
    for project in range(status.size if count < pairs else 0):
        if status[project] != RUNNING:
            continue
        for i in range(member_count[project]):
            for j in range(max(i + 1, 2), member_count[project]):
                first[count], second[count] = members[project, i], members[project, j]
                count += 1
    return first, second


@kernel
def barter_sweep(
    key: np.uint64,
    month: int,
    knowledge: NDArray[np.floating],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    tie_identities: NDArray[np.uint64],
    order: NDArray[np.int64],
    rate: float,
    threshold: float,
) -> int:
    """Visit every tie once, in the given order; its ends swap knowledge if both have something to offer.

    At tie e between i = first_e and j = second_e: i offers the domains where k_i > (1 + threshold) k_j, j
    those where k_j > (1 + threshold) k_i, each in rising order. q is the smaller of the two numbers. On each
    side q domains are traded, those that :func:`draw_to_front` draws for the tie's identity; a receiver's
    level becomes k + rate (k_giver - k). Levels are read as float64, computed in float64 and stored in the
    type of ``knowledge``; the next tie sees them.

    Parameters
    ----------
    knowledge : (n, k) float32 or float64
        Changed in place.
    first, second : (m,) int64
    tie_identities : (m,) uint64
    order : (m,) int64
        Positions of ties.
    rate, threshold : float

    Returns
    -------
    int
        Number of swaps, the sum of q.
    """
    domains = knowledge.shape[1]
    offered = np.empty(domains, np.int64)
    asked = np.empty(domains, np.int64)
    swaps = 0
    for e in order:
        i, j = first[e], second[e]
        offers, asks = 0, 0
        for d in range(domains):
            own, others = np.float64(knowledge[i, d]), np.float64(knowledge[j, d])
            if own > (1.0 + threshold) * others:
                offered[offers] = d
                offers += 1
            elif others > (1.0 + threshold) * own:
                asked[asks] = d
                asks += 1
        q = min(offers, asks)
        if q == 0:
            continue
        draw_to_front(key, month, tie_identities[e], offered, offers, q)
        draw_to_front(key, month, tie_identities[e], asked, asks, q)
        for t in range(q):
            d = offered[t]
            level = np.float64(knowledge[j, d])
            knowledge[j, d] = level + rate * (np.float64(knowledge[i, d]) - level)
            d = asked[t]
            level = np.float64(knowledge[i, d])
            knowledge[i, d] = level + rate * (np.float64(knowledge[j, d]) - level)
        swaps += q
    return swaps


@kernel
def draw_to_front(
    key: np.uint64, month: int, identity: np.uint64, domains: NDArray[np.int64], count: int, wanted: int
) -> None:
    """Put the ``wanted`` drawn domains first among the first ``count``.

    Drawn are those with the smallest bits at (BARTERED_DOMAIN, month, identity, domain).

    By repeated choice: for t = 0, 1, ..., wanted - 1 the one with the smallest bits in places t to count - 1
    changes places with the one in place t; of equal bits, the earlier place. Nothing is done if all are
    wanted.
    """
    if wanted == count:
        return
    for t in range(wanted):
        best = t
        lowest = bits(key, BARTERED_DOMAIN, month, identity, domains[t])
        for place in range(t + 1, count):
            drawn = bits(key, BARTERED_DOMAIN, month, identity, domains[place])
            if drawn < lowest:
                best, lowest = place, drawn
        domains[t], domains[best] = domains[best], domains[t]


@kernel
def teach_each_other(
    knowledge: NDArray[np.floating],
    i: int,
    j: int,
    absorptive_capacity: NDArray[np.floating],
    rate: float,
    largest: NDArray[np.float64],
) -> None:
    """Let two learn from each other what one knows better, as :func:`transfer` does where they have no other tie.

    In every domain the one that knows less, with level k and absorptive capacity a, comes to ``min(k + (rate * a) *
    (k_other - k), k_other)``, in float64 of the stored levels, stored in the type of ``knowledge``.

    Parameters
    ----------
    knowledge : (n, k) float32 or float64
        Changed in place.
    largest : (k,) float64
        Largest change of a level, as stored, in each domain so far; changed in place.
    """
    one_levels, other_levels = knowledge[i], knowledge[j]
    one_share = rate * np.float64(absorptive_capacity[i])
    other_share = rate * np.float64(absorptive_capacity[j])
    for d in range(largest.size):
        one, other = np.float64(one_levels[d]), np.float64(other_levels[d])
        lead = other - one
        one_level = one + one_share * lead
        one_level = one_level if one_level < other else other
        other_level = other - other_share * lead
        other_level = other_level if other_level < one else one
        one_levels[d] = one_level if lead > 0.0 else one
        other_levels[d] = other_level if lead < 0.0 else other
        change = np.float64(one_levels[d]) - one if lead > 0.0 else np.float64(other_levels[d]) - other
        largest[d] = change if change > largest[d] else largest[d]


@kernel
def transfer(
    knowledge: NDArray[np.floating],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    absorptive_capacity: NDArray[np.floating],
    rate: float,
) -> float:
    """Both ends of every tie learn what the other knows better, all from the levels before.

    The gain of i in a domain is the sum, over its ties in rising order of tie, of rate a_i (k_j - k_i) where
    k_j > k_i, each term computed as (rate a_i) (k_j - k_i) in float64. The new level is k_i + gain, at most
    the highest k_j among its ties (so that many teachers together teach no more than the best of them knows),
    stored in the type of ``knowledge``.

    Parameters
    ----------
    knowledge : (n, k) float32 or float64
        Changed in place.
    first, second : (m,) int64
    absorptive_capacity : (n,) float32 or float64
    rate : float

    Returns
    -------
    float
        The largest change of a level, as stored.
    """
    n, domains = knowledge.shape
    ties_of = np.zeros(n, np.int32)
    for e in range(first.size):
        ties_of[first[e]] += 1
        ties_of[second[e]] += 1
    largest = np.zeros(domains)
    slot = np.full(n, NOBODY, np.int32)
    learners = np.empty(min(n, 2 * first.size), np.int64)
    count = 0
    for e in range(first.size):
        if ties_of[first[e]] == 1 and ties_of[second[e]] == 1:
            teach_each_other(knowledge, first[e], second[e], absorptive_capacity, rate, largest)
            continue
        for i in (first[e], second[e]):
            if slot[i] == NOBODY:
                slot[i] = count
                learners[count] = i
                count += 1
    gain = np.zeros((count, domains))
    ceiling = np.full((count, domains), -np.inf)
    for e in range(first.size if count > 0 else 0):
        if slot[first[e]] == NOBODY:
            continue
        for i, j in ((first[e], second[e]), (second[e], first[e])):
            share = rate * np.float64(absorptive_capacity[i])
            own_levels, others_levels = knowledge[i], knowledge[j]
            own_gain, own_ceiling = gain[slot[i]], ceiling[slot[i]]
            for d in range(domains):
                own, others = np.float64(own_levels[d]), np.float64(others_levels[d])
                own_gain[d] += share * (others - own) if others > own else 0.0
                highest = others if others > own else -np.inf
                own_ceiling[d] = highest if highest > own_ceiling[d] else own_ceiling[d]
    for s in range(count):
        for d in range(domains):
            if gain[s, d] > 0.0:
                before = np.float64(knowledge[learners[s], d])
                knowledge[learners[s], d] = min(before + gain[s, d], ceiling[s, d])
                largest[d] = max(largest[d], np.float64(knowledge[learners[s], d]) - before)
    most = 0.0
    for d in range(domains):
        most = max(most, largest[d])
    return most
