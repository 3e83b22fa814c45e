"""Greedy matching under a strict total order: the loops of :mod:`simulation.mechanisms.matching`."""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel
from simulation.compilation import kernel
from simulation.randomness import combine
from simulation.state import NOBODY

__all__ = ["decreasing_order", "has_room", "match_in_order", "record_introductions", "rising_order", "take_room"]

PARTNER = int(Channel.PARTNER)
PLATFORM = int(Channel.PLATFORM)

DIGIT_BITS = 11
DIGITS = 1 << DIGIT_BITS
DIGIT = np.uint64(DIGITS - 1)
SIGN = np.uint64(1 << 63)
SHORT_RUN = 32
FEW = 128


@kernel
def rising_order(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Positions of (m,) uint64 keys, the smallest first; equal ones in rising position.

    By radix; by insertion where they are few.
    """
    order = np.arange(keys.size)
    if keys.size <= FEW:
        for place in range(1, keys.size):
            e, before = order[place], place
            while before > 0 and keys[order[before - 1]] > keys[e]:
                order[before] = order[before - 1]
                before -= 1
            order[before] = e
        return order
    spare = np.empty(keys.size, np.int64)
    starts = np.empty(DIGITS, np.int64)
    for shift in range(0, 64, DIGIT_BITS):
        by = np.uint64(shift)
        starts[:] = 0
        for e in range(keys.size):
            starts[np.int64((keys[e] >> by) & DIGIT)] += 1
        total = 0
        alike = False
        for digit in range(DIGITS):
            count = starts[digit]
            alike = alike or count == keys.size
            starts[digit] = total
            total += count
        if alike:
            continue
        for place in range(keys.size):
            e = order[place]
            bucket = np.int64((keys[e] >> by) & DIGIT)
            spare[starts[bucket]] = e
            starts[bucket] += 1
        order, spare = spare, order
    return order


@kernel
def decreasing_order(weights: NDArray[np.float64], addresses: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The strict total order of edges: weight falling, then address rising, then position rising.

    Parameters
    ----------
    weights : (m,) float64
        Not NaN; -0.0 counts as 0.0.
    addresses : (m,) uint64

    Returns
    -------
    (m,) int64
        Positions of edges, the best first.
    """
    keys = np.empty(weights.size, np.uint64)
    for e in range(weights.size):
        pattern = np.float64(weights[e] + 0.0).view(np.uint64)
        keys[e] = pattern if pattern & SIGN else ~(pattern | SIGN)
    order = rising_order(keys)
    start = 0
    while start < order.size:
        end = start + 1
        while end < order.size and keys[order[end]] == keys[order[start]]:
            end += 1
        if end - start > SHORT_RUN:
            run = order[start:end].copy()
            for place, rank in enumerate(rising_order(addresses[run])):
                order[start + place] = run[rank]
        else:
            for place in range(start + 1, end):
                e = order[place]
                before = place
                while before > start and addresses[order[before - 1]] > addresses[e]:
                    order[before] = order[before - 1]
                    before -= 1
                order[before] = e
        start = end
    return order


@kernel
def match_in_order(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weights: NDArray[np.float64],
    order: NDArray[np.int64],
    capacity: NDArray[np.int64],
    broker_of_first: NDArray[np.int64],
    broker_of_second: NDArray[np.int64],
    between_partners: NDArray[np.bool_],
    broker_capacity: NDArray[np.int64],
    partner_capacity: NDArray[np.int64],
    reservation: float,
    most_pairs: int,
) -> NDArray[np.bool_]:
    """Take edges in the given order as long as everybody concerned has capacity left.

    An edge takes one unit of capacity of each end; one unit of broker capacity of the brokers of its two
    sides (NOBODY: none; the same broker on both sides: one unit); and, if it is a case between partners, also
    one unit of partner capacity of the same brokers. It is taken if all of these are there and its weight is
    at least ``reservation``. The walk ends when ``most_pairs`` edges are taken.

    Parameters
    ----------
    first, second : (m,) int64
        Ends of each edge, rows of ``capacity``.
    weights : (m,) float64
    order : (m,) int64
    capacity : (n,) int64
    broker_of_first, broker_of_second : (m,) int64
        Rows of the broker tables, or NOBODY.
    between_partners : (m,) bool
    broker_capacity, partner_capacity : (b,) int64
    reservation : float
    most_pairs : int

    Returns
    -------
    (m,) bool
        The chosen edges; the capacities are left as they are.
    """
    chosen = np.zeros(first.size, np.bool_)
    left, cases, partner_cases = capacity.copy(), broker_capacity.copy(), partner_capacity.copy()
    pairs = 0
    for e in order:
        if pairs >= most_pairs:
            break
        i, j, a, b, between = first[e], second[e], broker_of_first[e], broker_of_second[e], between_partners[e]
        if weights[e] >= reservation and has_room(i, j, a, b, between, left, cases, partner_cases):
            take_room(i, j, a, b, between, left, cases, partner_cases)
            chosen[e] = True
            pairs += 1
    return chosen


@kernel
def has_room(
    i: int,
    j: int,
    a: int,
    b: int,
    between: bool,
    left: NDArray[np.signedinteger],
    cases: NDArray[np.signedinteger],
    partner_cases: NDArray[np.signedinteger],
) -> bool:
    """Whether both ends i and j have capacity left, and the brokers a and b (NOBODY: none) cases.

    Of a case ``between`` partners both brokers need partner cases too.
    """
    if left[i] < 1 or left[j] < 1:
        return False
    if a != NOBODY and (cases[a] < 1 or (between and partner_cases[a] < 1)):
        return False
    return b == NOBODY or (cases[b] >= 1 and not (between and partner_cases[b] < 1))


@kernel
def take_room(
    i: int,
    j: int,
    a: int,
    b: int,
    between: bool,
    left: NDArray[np.signedinteger],
    cases: NDArray[np.signedinteger],
    partner_cases: NDArray[np.signedinteger],
) -> None:
    """Take what :func:`has_room` asks for, one unit each; if a and b are the same broker, one unit of it."""
    left[i] -= 1
    left[j] -= 1
    if a != NOBODY:
        cases[a] -= 1
        partner_cases[a] -= between
    if b != NOBODY and b != a:
        cases[b] -= 1
        partner_cases[b] -= between


@kernel
def record_introductions(
    seeker: NDArray[np.int32],
    other: NDArray[np.int32],
    seeker_broker: NDArray[np.int32],
    other_broker: NDArray[np.int32],
    channel: NDArray[np.int8],
    through_programme: NDArray[np.bool_],
    region: NDArray[np.int16],
    sector: NDArray[np.int8],
    across_border: NDArray[np.bool_],
    member: NDArray[np.int32],
    partnership_of_member: NDArray[np.int16],
    identities: NDArray[np.uint64],
    points: float,
    served: NDArray[np.bool_],
    cases: NDArray[np.int32],
    partner_cases: NDArray[np.int32],
    success: NDArray[np.float64],
    identity: NDArray[np.uint64],
    partnership: NDArray[np.int16],
) -> tuple[int, int, int, int]:
    """Charge introductions to brokers, credit them to memberships and to whom the programme serves, count them.

    Each is given its address, ``identity = combine(identities[seeker], identities[other])``, and the ``partnership``
    of the membership that acts for the seeker's broker where it came through the channel PARTNER, else NOBODY.

    A broker of either side is charged a case, one of both sides one case. For a case between partners (channel
    PARTNER) it is charged a partner case too, and the membership that acts for it is credited with ``points``.

    Parameters
    ----------
    seeker, other, seeker_broker, other_broker, channel : (m,)
        Columns of introductions.
    through_programme : (channels,) bool
        Channels that exist through a programme only: both ends are served.
    region, sector : (n,)
        Columns of organisations.
    across_border : (regions, regions) bool
    member : (b,) int32
        Membership that acts for each broker.
    partnership_of_member : (members,) int16
    identities : (n,) uint64
        Of organisations.
    points : float
    served : (n,) bool
        Of organisations; changed in place.
    cases, partner_cases : (b,) int32
        Of brokers; changed in place.
    success : (members,) float64
        Points of memberships; changed in place.
    identity, partnership : (m,) uint64, int16
        Columns of introductions that are written.

    Returns
    -------
    platform, cross_sector, cross_region, cross_border : int
        Introductions by the platform, and between two sectors, regions, countries.
    """
    platform, cross_sector, cross_region, cross_border = 0, 0, 0, 0
    for e in range(seeker.size):
        i, j, a, b = seeker[e], other[e], seeker_broker[e], other_broker[e]
        identity[e] = combine(identities[i], identities[j])
        partnership[e] = partnership_of_member[member[a]] if channel[e] == PARTNER else NOBODY
        platform += channel[e] == PLATFORM
        cross_sector += sector[i] != sector[j]
        cross_region += region[i] != region[j]
        cross_border += across_border[region[i], region[j]]
        if through_programme[channel[e]]:
            served[i] = served[j] = True
        for side, broker in enumerate((a, b)):
            if broker == NOBODY or (side == 1 and a == b):
                continue
            cases[broker] += 1
            if channel[e] == PARTNER:
                partner_cases[broker] += 1
                success[member[broker]] += points
    return platform, cross_sector, cross_region, cross_border
