"""Counting firms by region and what other tables hold, and measures of the network straight from the list of ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source, Status
from simulation.compilation import kernel
from simulation.kernels.sums import exact_mean, exact_sum, known_mean
from simulation.state import NEVER, NOBODY

RUNNING = int(Status.RUNNING)
REGIONAL, OWN, OUTSIDE = int(Source.REGIONAL), int(Source.OWN), int(Source.OUTSIDE)
GRANTS, SERVICES, COORDINATION = int(Account.GRANTS), int(Account.SERVICES), int(Account.COORDINATION)
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
) -> None:
    """Count and sum up the organisations of one kind by region, in the order of their rows.

    Parameters
    ----------
    sme : int
        The kind that is counted.
    since_month : int
        First month in which the start of a project counts as recent.
    counts : (regions + 1, 9) int64
        Alive; of these registered, innovating and cooperating since ``since_month``; dead or alive:
        supported, granted, served, and their innovations; alive, with a broker and signed up to the platform. The last
        row is that of all regions together.
    sums : (regions + 2, 3 + domains) float64
        Size, satisfaction, digital maturity and knowledge of those alive. The last row but one is that of all
        regions together: the first three by :func:`exact_sum`, knowledge added up in the order of the regions. The last
        has the squared knowledge of those alive. Both arrays are zero at first and filled in place.
    """
    regions, domains = len(counts) - 1, knowledge.shape[1]
    squares = sums[regions + 1, 3:]
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
        levels, known = sums[place, 3:], knowledge[row]
        for domain in range(domains):
            level = np.float64(known[domain])
            levels[domain] += level
            squares[domain] += level * level
    for here in range(regions):
        for each in range(counts.shape[1]):
            counts[regions, each] += counts[here, each]
        for domain in range(3, 3 + domains):
            sums[regions, domain] += sums[here, domain]
    of_regions = np.empty(regions)
    for each in range(3):
        for here in range(regions):
            of_regions[here] = sums[here, each]
        sums[regions, each] = exact_sum(of_regions)


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
def tally_intermediaries(
    broker_visited_month: NDArray[np.int16],
    broker_transferred: NDArray[np.int16],
    broker_instrument: NDArray[np.int8],
    broker_skill: NDArray[np.float64],
    park_visited_month: NDArray[np.int16],
    park_transferred: NDArray[np.int16],
    park_instrument: NDArray[np.int8],
    park_skill: NDArray[np.float64],
    authority_visited_month: NDArray[np.int16],
    authority_transferred: NDArray[np.int16],
    authority_instrument: NDArray[np.int8],
) -> tuple[int, int, float]:
    """What :func:`tally_agencies` counts in three tables together, and the mean skill of brokers and parks.

    Returns
    -------
    learners, practices : int
        Of brokers, parks and authorities.
    skill : float
        :func:`exact_mean` of the skill of brokers and parks.
    """
    learners, practices = tally_agencies(broker_visited_month, broker_transferred, broker_instrument)
    more_learners, more_practices = tally_agencies(park_visited_month, park_transferred, park_instrument)
    learners, practices = learners + more_learners, practices + more_practices
    more_learners, more_practices = tally_agencies(authority_visited_month, authority_transferred, authority_instrument)
    skill = np.empty(broker_skill.size + park_skill.size)
    for row in range(broker_skill.size):
        skill[row] = broker_skill[row]
    for row in range(park_skill.size):
        skill[broker_skill.size + row] = park_skill[row]
    return learners + more_learners, practices + more_practices, exact_mean(skill)


@kernel
def tally_records(
    status: NDArray[np.int8],
    member_count: NDArray[np.int8],
    call: NDArray[np.int16],
    own_cents: NDArray[np.int64],
    source: NDArray[np.int8],
    account: NDArray[np.int8],
    spent_cents: NDArray[np.int64],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    alive: NDArray[np.bool_],
) -> tuple[int, int, int, int, int, int, int, int]:
    """Running projects, what purses spent, and ties.

    Parameters
    ----------
    status, member_count, call, own_cents : (p,)
        Columns of projects.
    source, account, spent_cents : (purses,)
        Columns of purses.
    first, second, alive : (ties,), (ties,), (n,)
        Ends of the ties, and whether each organisation is alive.

    Returns
    -------
    active : int
        Running projects with two members or more.
    own_of_funded : int
        Sum of ``own_cents`` where the call is not NOBODY.
    grants, services, coordination : int
        Cents that the EU, the national and the regional level spent, by account.
    own, outside : int
        Cents of organisations and of outside investors, spent for whatever account.
    ties : int
        Ties whose two ends are alive.
    """
    active, own_of_funded = 0, 0
    for project in range(len(status)):
        active += int((status[project] == RUNNING) & (member_count[project] >= 2))
        own_of_funded += own_cents[project] * int(call[project] != NOBODY)
    grants, services, coordination, own, outside = 0, 0, 0, 0, 0
    for purse in range(len(source)):
        spent, public = spent_cents[purse], int(source[purse] <= REGIONAL)
        grants += spent * (public & int(account[purse] == GRANTS))
        services += spent * (public & int(account[purse] == SERVICES))
        coordination += spent * (public & int(account[purse] == COORDINATION))
        own += spent * int(source[purse] == OWN)
        outside += spent * int(source[purse] == OUTSIDE)
    ties = 0
    for tie in range(len(first)):
        ties += int(alive[np.uint64(first[tie])]) & int(alive[np.uint64(second[tie])])
    return active, own_of_funded, grants, services, coordination, own, outside, ties


@kernel
def tally_partnerships(
    present: NDArray[np.bool_],
    engagement: NDArray[np.float64],
    active: NDArray[np.bool_],
    signed_month: NDArray[np.int16],
    applied_month: NDArray[np.int16],
    continuing: NDArray[np.int16],
    funded: NDArray[np.bool_],
    objective_agreement: NDArray[np.float64],
    agreement_within_country: NDArray[np.float64],
    agreement_across_countries: NDArray[np.float64],
) -> tuple[int, float, int, int, int, int, int, float, float, float]:
    """Members of all partnerships, and where the partnerships stand.

    Parameters
    ----------
    present, engagement : (n,)
        Columns of members.
    active, signed_month, applied_month, continuing, funded : (p,)
        Columns of partnerships.
    objective_agreement, agreement_within_country, agreement_across_countries : (p,)
        Columns of partnerships.

    Returns
    -------
    members : int
        Members who are present.
    engagement : float
        :func:`exact_mean` of theirs.
    at_work : int
        1 if a partnership is active, else 0.
    signed : int
        First month in which one signed; NEVER if none has.
    applied, continuing, funded : int
        Partnerships that applied, the members who continue in these, and partnerships that are funded.
    agreement, within_country, across_countries : float
        :func:`known_mean` of the last three columns.
    """
    of_members = np.empty(present.size)
    members = 0
    for row in range(present.size):
        of_members[members] = engagement[row]
        members += int(present[row])
    at_work, signed, applied, partners, won = 0, NEVER, 0, 0, 0
    for row in range(active.size):
        at_work |= int(active[row])
        month = int(signed_month[row])
        if month != NEVER and (signed == NEVER or month < signed):
            signed = month
        has_applied = int(applied_month[row] != NEVER)
        applied += has_applied
        partners += continuing[row] * has_applied
        won += int(funded[row])
    return (
        members,
        exact_mean(of_members[:members]),
        at_work,
        signed,
        applied,
        partners,
        won,
        known_mean(objective_agreement),
        known_mean(agreement_within_country),
        known_mean(agreement_across_countries),
    )


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
