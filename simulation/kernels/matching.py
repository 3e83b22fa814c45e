"""Greedy matching under a strict total order: the loops of :mod:`simulation.mechanisms.matching`."""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel
from simulation.compilation import kernel
from simulation.randomness import combine
from simulation.state import NOBODY

__all__ = ["has_room", "match_in_order", "record_introductions", "take_room"]

PARTNER = int(Channel.PARTNER)
PLATFORM = int(Channel.PLATFORM)


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
