"""Users of a platform: who signs up, and who connect."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel
from simulation.compilation import kernel
from simulation.kernels.groups import rows_by_group
from simulation.kernels.networks import tie_between
from simulation.kernels.orders import rising_order
from simulation.kernels.surplus import pair_surplus
from simulation.kernels.ties import pair_number, position_of, rising_pairs
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NEVER, NOBODY

PLATFORM = int(Channel.PLATFORM)
PLATFORM_SIGN_UP = int(Purpose.PLATFORM_SIGN_UP)
PROFILE_VIEW = int(Purpose.PROFILE_VIEW)


@kernel
def sign_up_firms(
    key: np.uint64,
    month: int,
    federated: NDArray[np.bool_],
    rate: float,
    alive: NDArray[np.bool_],
    broker: NDArray[np.int32],
    region: NDArray[np.int16],
    identity: NDArray[np.uint64],
    platform_month: NDArray[np.int16],
) -> None:
    """Write the month where a firm signs up to the platform.

    Those may that are alive, have a broker, have never signed up and are in a federated region. One signs up if rate is
    1, or else if uniform(key, PLATFORM_SIGN_UP, month & 0xFFFF, identity, 0) < rate.

    Parameters
    ----------
    federated : (regions,) bool
    alive, broker, region, identity, platform_month : (n,)
        Columns of organisations; the last is changed in place.
    """
    for row in range(alive.size):
        if platform_month[row] == NEVER and alive[row] and broker[row] != NOBODY and federated[region[row]]:
            drawn = 0.0 if rate >= 1.0 else uniform(key, PLATFORM_SIGN_UP, month & 0xFFFF, identity[row], 0)
            if drawn < rate:
                platform_month[row] = month


@kernel
def connect_users(
    key: np.uint64,
    month: int,
    across: bool,
    profile_rate: float,
    reservation_value: float,
    channel: NDArray[Any],
    seeker: NDArray[Any],
    other: NDArray[Any],
    alive: NDArray[np.bool_],
    broker: NDArray[Any],
    platform_month: NDArray[Any],
    identity: NDArray[Any],
    region: NDArray[Any],
    knowledge: NDArray[Any],
    needs: NDArray[Any],
    absorptive_capacity: NDArray[Any],
    proximity: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    first: NDArray[Any],
    second: NDArray[Any],
) -> NDArray[np.int64]:
    """Pairs of users who connect this month and did not know each other, rising, each once.

    Users are alive, have a broker and have signed up. Those who connect are the pairs introduced on the platform, and
    those of a user i who looks at the profile of j where the two are worth ``pair_surplus * proximity[region_i,
    region_j] >= reservation_value``. User i looks when ``uniform(key, PROFILE_VIEW, month, identity_i, 0) <
    profile_rate``, at the user in place ``int(uniform(key, PROFILE_VIEW, month, identity_i, 1) * count)`` of the list
    of all users, which are sorted by region, or without ``across`` of those in its own region. Left out are pairs of a
    user with itself, and pairs with a tie.

    Parameters
    ----------
    channel, seeker, other : (i,)
        Columns of introductions.
    offsets, neighbours, ties : (n + 1,), (2 k,), (2 k,)
        Adjacency of the first k ties.
    first, second : (m,)
        Columns of all ties.

    Returns
    -------
    (k,) int64
        Pair numbers, see :func:`simulation.kernels.ties.pair_number`.
    """
    signed_up = np.empty(alive.size, np.bool_)
    for row in range(alive.size):
        signed_up[row] = alive[row] and broker[row] != NOBODY and platform_month[row] != NEVER
    user_offsets, users = rows_by_group(region, signed_up, proximity.shape[0])
    known = len(neighbours) // 2
    new_pairs = numbers_of_pairs(first[known:], second[known:])
    found = np.empty(len(users) + len(channel), dtype=np.int64)
    count = 0
    for place in range(len(channel)):
        i, j = seeker[place], other[place]
        if channel[place] == PLATFORM and _strangers(i, j, offsets, neighbours, ties, new_pairs):
            found[count] = pair_number(i, j)
            count += 1
    address, looks = np.empty(len(users), np.uint64), np.empty(len(users))
    for place in range(len(users)):
        address[place] = identity[users[place]]
    for place in range(len(users)):
        looks[place] = uniform(key, PROFILE_VIEW, month, address[place], 0)
    for place in range(len(users)):
        i = users[place]
        if looks[place] >= profile_rate:
            continue
        start, end = 0, len(users)
        if not across:
            start, end = user_offsets[region[i]], user_offsets[region[i] + 1]
        j = users[start + int(uniform(key, PROFILE_VIEW, month, identity[i], 1) * (end - start))]
        if not _strangers(i, j, offsets, neighbours, ties, new_pairs):
            continue
        value, _ = pair_surplus(i, j, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale)
        if value * proximity[region[i], region[j]] >= reservation_value:
            found[count] = pair_number(i, j)
            count += 1
    return rising_pairs(found[:count])


@kernel
def numbers_of_pairs(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int64]:
    """Pairs of ties (m,) as rising numbers."""
    pairs = np.empty(first.size, np.int64)
    for tie in range(first.size):
        pairs[tie] = pair_number(first[tie], second[tie])
    return pairs[rising_order(pairs.view(np.uint64))]


@kernel
def _strangers(
    i: int,
    j: int,
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    new_pairs: NDArray[Any],
) -> bool:
    """Whether two are different and have no tie yet."""
    if i == j or tie_between(i, j, offsets, neighbours, ties) != NOBODY:
        return False
    return bool(position_of(pair_number(i, j), new_pairs) == NOBODY)
