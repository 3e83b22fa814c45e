"""Counting firms by region, and measures of the network straight from the list of ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Status
from simulation.compilation import kernel
from simulation.state import NEVER, NOBODY

RUNNING = int(Status.RUNNING)
WORD = 64
"""Organisations that one pass over the ties can follow at once, one for each bit."""


@kernel
def tally_firms(
    kind: NDArray[np.int8],
    sme: int,
    alive: NDArray[np.bool_],
    granted: NDArray[np.bool_],
    served: NDArray[np.bool_],
    region: NDArray[np.int16],
    registered_month: NDArray[np.int16],
    cooperated_month: NDArray[np.int16],
    broker: NDArray[np.int32],
    platform_month: NDArray[np.int16],
    innovations: NDArray[np.int16],
    size: NDArray[np.float32],
    satisfaction: NDArray[np.float32],
    digital_maturity: NDArray[np.float32],
    knowledge: NDArray[np.float32],
    since_month: int,
    counts: NDArray[np.int64],
    sums: NDArray[np.float64],
    levels: NDArray[np.float64],
    totals: NDArray[np.float64],
) -> None:
    """Count and sum up the organisations of one kind by region, in the order of their rows.

    Parameters
    ----------
    sme : int
        The kind that is counted.
    since_month : int
        First month in which the start of a project counts as recent.
    counts : (regions, 9) int64
        Alive; of these registered, innovating and cooperating since ``since_month``; dead or alive:
        supported, granted, served, and their innovations; alive, with a broker and signed up to the platform.
    sums : (regions, 3) float64
        Size, satisfaction and digital maturity of those alive.
    levels : (regions, domains) float64
        Knowledge of those alive.
    totals : (2, domains) float64
        ``levels`` added up over regions in their order, and squared knowledge of those alive. All four are zero at
        first and filled in place.
    """
    domains = knowledge.shape[1]
    for row in range(len(kind)):
        if kind[row] != sme:
            continue
        place = np.uint64(region[row])
        counts[place, 4] += granted[row] or served[row]
        counts[place, 5] += granted[row]
        counts[place, 6] += served[row]
        counts[place, 7] += innovations[row]
        if not alive[row]:
            continue
        counts[place, 0] += 1
        counts[place, 1] += registered_month[row] != NEVER
        counts[place, 2] += innovations[row] > 0
        counts[place, 3] += cooperated_month[row] >= since_month
        counts[place, 8] += (broker[row] != NOBODY) & (platform_month[row] != NEVER)
        sums[place, 0] += np.float64(size[row])
        sums[place, 1] += np.float64(satisfaction[row])
        sums[place, 2] += np.float64(digital_maturity[row])
        for domain in range(domains):
            level = np.float64(knowledge[row, domain])
            levels[place, domain] += level
            totals[1, domain] += level * level
    for domain in range(domains):
        for each in range(len(levels)):
            totals[0, domain] += levels[each, domain]


@kernel
def tally_projects(
    status: NDArray[np.int8], member_count: NDArray[np.int8], call: NDArray[np.int16], own_cents: NDArray[np.int64]
) -> tuple[int, int]:
    """Running projects of two members or more, and the own money in all projects that a call funds.

    Parameters
    ----------
    status, member_count, call, own_cents : (p,)
        Columns of projects.

    Returns
    -------
    active : int
        Number of running projects with two members or more.
    own : int
        Sum of ``own_cents`` where the call is not NOBODY.
    """
    active, own = 0, 0
    for project in range(len(status)):
        active += int((status[project] == RUNNING) & (member_count[project] >= 2))
        own += own_cents[project] * int(call[project] != NOBODY)
    return active, own


@kernel
def sum_spending(
    source: NDArray[np.int8],
    account: NDArray[np.int8],
    spent_cents: NDArray[np.int64],
    spent: NDArray[np.int64],
) -> None:
    """Add the money spent of all purses up by source and account, cents.

    Parameters
    ----------
    source, account, spent_cents : (purses,)
        Columns of purses.
    spent : (sources, accounts) int64
        Zero at first and filled in place.
    """
    for purse in range(len(source)):
        spent[source[purse], account[purse]] += spent_cents[purse]


@kernel
def tally_agencies(
    visited_month: NDArray[np.int16], transferred: NDArray[np.int16], instrument: NDArray[np.int8]
) -> tuple[int, int]:
    """Agencies of a table that have learned from peers since month 1, and practices that instruments took over.

    Parameters
    ----------
    visited_month, transferred, instrument : (n,), (n,), (n, practices)
        Columns of brokers, parks or authorities.

    Returns
    -------
    learners : int
        Agencies that visited a peer in month 1 or later, or took over a practice.
    practices : int
        Beliefs in the instruments of all that are not 0.
    """
    learners, practices = 0, 0
    for row in range(len(visited_month)):
        learners += int((visited_month[row] >= 1) | (transferred[row] > 0))
        for practice in range(instrument.shape[1]):
            practices += int(instrument[row, practice] != 0)
    return learners, practices


@kernel
def count_ties(first: NDArray[np.int32], second: NDArray[np.int32], alive: NDArray[np.bool_]) -> int:
    """Number of ties whose two ends are alive."""
    count = 0
    for tie in range(len(first)):
        count += int(alive[np.uint64(first[tie])]) & int(alive[np.uint64(second[tie])])
    return count


@kernel
def bits_set(word: np.uint64) -> int:
    """Number of ones in a 64-bit word."""
    pairs = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    low = np.uint64(0x3333333333333333)
    fours = (pairs & low) + ((pairs >> np.uint64(2)) & low)
    eights = (fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    sixteens = eights + (eights >> np.uint64(8))
    halves = sixteens + (sixteens >> np.uint64(16))
    return int(np.int64((halves + (halves >> np.uint64(32))) & np.uint64(0x7F)))


@kernel
def sum_path_lengths(
    first: NDArray[np.int32], second: NDArray[np.int32], alive: NDArray[np.bool_], sources: NDArray[np.int64]
) -> tuple[int, int]:
    """Shortest paths from up to 64 organisations to all others that they reach.

    All sources walk at once, one bit each, so a step costs one pass over the ties (Then et al. 2014, *The
    more the merrier: efficient multi-source graph traversal*).

    Returns
    -------
    length, pairs : int
        Sum of the lengths over all reached pairs of a source and another organisation, and the number of
        these pairs.
    """
    one, other = np.empty(len(first), np.int32), np.empty(len(first), np.int32)
    ties = 0
    for tie in range(len(first)):
        one[ties], other[ties] = first[tie], second[tie]
        ties += int(alive[first[tie]] & alive[second[tie]])
    seen, reached = np.zeros(len(alive), np.uint64), np.zeros(len(alive), np.uint64)
    for bit in range(len(sources)):
        seen[sources[bit]] |= np.uint64(1) << np.uint64(bit)
        reached[sources[bit]] = seen[sources[bit]]
    length, pairs, steps, found = 0, 0, 0, 1
    while found > 0:
        steps += 1
        found = 0
        for tie in range(ties):
            here, there = np.uint64(one[tie]), np.uint64(other[tie])
            reached[there] |= seen[here]
            reached[here] |= seen[there]
        for row in range(len(alive)):
            found += bits_set(reached[row] ^ seen[row])
            seen[row] = reached[row]
        length += steps * found
        pairs += found
    return length, pairs


@kernel
def sum_clustering(
    first: NDArray[np.int32], second: NDArray[np.int32], alive: NDArray[np.bool_], sampled: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sums of the local clustering coefficients of organisations, for every 64 of them in their order.

    The coefficient is the share of the pairs of contacts that are tied themselves; with fewer than two
    contacts it is 0 (Watts & Strogatz 1998 leave that case open).

    Parameters
    ----------
    first, second : (m,) int32
        Ends of the ties; those of the dead do not count.
    sampled : (k,) int64
        Organisations, all alive.

    Returns
    -------
    (k / 64, rounded up) float64
        Coefficients added up in the order of ``sampled``.
    """
    words = (len(sampled) + WORD - 1) // WORD
    place_of = np.full(len(alive), NOBODY, np.int64)
    for place in range(len(sampled)):
        place_of[sampled[place]] = place
    contact = np.zeros(len(alive), np.bool_)
    contact_of = np.zeros((len(alive), words), np.uint64)
    contacts = np.zeros(len(sampled), np.int64)
    closed = np.zeros(len(sampled), np.int64)
    for tie in range(len(first)):
        if not (alive[first[tie]] and alive[second[tie]]):
            continue
        for one, other in ((first[tie], second[tie]), (second[tie], first[tie])):
            place = place_of[one]
            if place != NOBODY:
                contact[other] = True
                contact_of[other, place // WORD] |= np.uint64(1) << np.uint64(place % WORD)
                contacts[place] += 1
    for tie in range(len(first)):
        if not (contact[first[tie]] and contact[second[tie]]):
            continue
        for word in range(words):
            shared = contact_of[first[tie], word] & contact_of[second[tie], word]
            while shared != np.uint64(0):
                others = shared & (shared - np.uint64(1))
                closed[word * WORD + bits_set((shared ^ others) - np.uint64(1))] += 1
                shared = others
    totals = np.zeros(words)
    for place in range(len(sampled)):
        if contacts[place] > 1:
            totals[place // WORD] += 2.0 * closed[place] / (contacts[place] * (contacts[place] - 1))
    return totals
