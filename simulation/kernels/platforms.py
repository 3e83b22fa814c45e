"""Users of a platform who connect."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel
from simulation.compilation import kernel
from simulation.kernels.groups import rows_by_group
from simulation.kernels.networks import tie_between
from simulation.kernels.surplus import pair_surplus
from simulation.kernels.ties import pair_number, position_of, rising_pairs
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NEVER, NOBODY

PLATFORM = int(Channel.PLATFORM)
PROFILE_VIEW = int(Purpose.PROFILE_VIEW)


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
    born_month: NDArray[Any],
) -> NDArray[np.int64]:
    """Pairs of users who connect this month and did not know each other, rising, each once.

    Users are alive, have a broker and have signed up. Those who connect are the pairs introduced on the platform, and
    those of a user i who looks at the profile of j where the two are worth ``pair_surplus * proximity[region_i,
    region_j] >= reservation_value``. User i looks when ``uniform(key, PROFILE_VIEW, month, identity_i, 0) <
    profile_rate``, at the user in place ``int(uniform(key, PROFILE_VIEW, month, identity_i, 1) * count)`` of the list
    of all users, which are sorted by region, or without ``across`` of those in its own region. Left out are pairs of a
    user with itself, and pairs with a tie (in the adjacency, or among the ties of which ``born_month`` is this month).

    Parameters
    ----------
    channel, seeker, other : (i,)
        Columns of introductions.
    first, second, born_month : (m,)
        Columns of ties.

    Returns
    -------
    (k,) int64
        Pair numbers, see :func:`simulation.kernels.ties.pair_number`.
    """
    signed_up = np.empty(alive.size, np.bool_)
    for row in range(alive.size):
        signed_up[row] = alive[row] and broker[row] != NOBODY and platform_month[row] != NEVER
    user_offsets, users = rows_by_group(region, signed_up, proximity.shape[0])
    new_pairs = pairs_tied_in(month, first, second, born_month)
    found = np.empty(len(users) + len(channel), dtype=np.int64)
    count = 0
    for place in range(len(channel)):
        i, j = seeker[place], other[place]
        if channel[place] == PLATFORM and _strangers(i, j, offsets, neighbours, ties, new_pairs):
            found[count] = pair_number(i, j)
            count += 1
    for place in range(len(users)):
        i = users[place]
        if uniform(key, PROFILE_VIEW, month, identity[i], 0) >= profile_rate:
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
def pairs_tied_in(month: int, first: NDArray[Any], second: NDArray[Any], born_month: NDArray[Any]) -> NDArray[np.int64]:
    """Pairs of the ties (m,) born in a month, as rising numbers."""
    pairs = np.empty(born_month.size, np.int64)
    count = 0
    for tie in range(born_month.size):
        if born_month[tie] == month:
            pairs[count] = pair_number(first[tie], second[tie])
            count += 1
    return np.sort(pairs[:count])


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
