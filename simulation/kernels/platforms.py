"""Users of a platform who connect."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.kernels.networks import tie_between
from simulation.kernels.surplus import pair_surplus
from simulation.kernels.ties import pair_number, position_of, rising_pairs
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

PROFILE_VIEW = int(Purpose.PROFILE_VIEW)


@kernel
def connect_users(
    key: np.uint64,
    month: int,
    user_offsets: NDArray[Any],
    users: NDArray[Any],
    across: bool,
    profile_rate: float,
    reservation_value: float,
    introduced_first: NDArray[Any],
    introduced_second: NDArray[Any],
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
    new_pairs: NDArray[Any],
) -> NDArray[np.int64]:
    """Pairs of users who connect this month and did not know each other, rising, each once.

    Those are the pairs introduced on the platform, and those of a user i who looks at the profile of j where the two
    are worth ``pair_surplus * proximity[region_i, region_j] >= reservation_value``. User i looks when ``uniform(key,
    PROFILE_VIEW, month, identity_i, 0) < profile_rate``, at the user in place ``int(uniform(key, PROFILE_VIEW,
    month, identity_i, 1) * count)`` of the list of all users, which are sorted by region (``user_offsets``), or
    without ``across`` of those in its own region. Left out are pairs of a user with itself, pairs with a tie (in the
    adjacency, or among ``new_pairs``, rising numbers as :func:`simulation.kernels.ties.pair_number` gives them).

    Returns
    -------
    (k,) int64
        Pair numbers.
    """
    found = np.empty(len(users) + len(introduced_first), dtype=np.int64)
    count = 0
    for place in range(len(introduced_first)):
        i, j = introduced_first[place], introduced_second[place]
        if _strangers(i, j, offsets, neighbours, ties, new_pairs):
            found[count] = pair_number(i, j)
            count += 1
    for place in range(len(users)):
        i = users[place]
        if uniform(key, PROFILE_VIEW, month, identity[i], 0) >= profile_rate:
            continue
        first, last = 0, len(users)
        if not across:
            first, last = user_offsets[region[i]], user_offsets[region[i] + 1]
        j = users[first + int(uniform(key, PROFILE_VIEW, month, identity[i], 1) * (last - first))]
        if not _strangers(i, j, offsets, neighbours, ties, new_pairs):
            continue
        value, _ = pair_surplus(i, j, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale)
        if value * proximity[region[i], region[j]] >= reservation_value:
            found[count] = pair_number(i, j)
            count += 1
    return rising_pairs(found[:count])


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
