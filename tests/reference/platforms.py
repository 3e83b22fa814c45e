"""Plain twins of simulation/kernels/platforms.py, one user at a time."""

import numpy as np

from simulation.codes import Channel
from simulation.purposes import Purpose
from simulation.state import NEVER, NOBODY
from tests.reference.networks import tie_between
from tests.reference.randomness import uniform
from tests.reference.surplus import pair_surplus


def pair_of(one, other):
    return (min(one, other) << 32) + max(one, other)


def _strangers(i, j, offsets, neighbours, ties, new_pairs):
    return i != j and tie_between(i, j, offsets, neighbours, ties) == NOBODY and pair_of(i, j) not in set(new_pairs)


def pairs_tied_in(month, first, second, born_month):
    young = np.flatnonzero(born_month == month)
    return np.array(sorted(pair_of(int(first[tie]), int(second[tie])) for tie in young), dtype=np.int64)


def connect_users(
    key,
    month,
    across,
    profile_rate,
    reservation_value,
    channel,
    seeker,
    other,
    alive,
    broker,
    platform_month,
    identity,
    region,
    knowledge,
    needs,
    absorptive_capacity,
    proximity,
    own_needs_weight,
    distance_scale,
    offsets,
    neighbours,
    ties,
    first,
    second,
    born_month,
):
    new_pairs = pairs_tied_in(month, first, second, born_month)
    signed_up = np.flatnonzero(alive & (broker != NOBODY) & (platform_month != NEVER)).tolist()
    users = sorted(signed_up, key=lambda row: (int(region[row]), row))

    def is_worth_it(one, other):
        rules = (own_needs_weight, distance_scale)
        worth, _ = pair_surplus(one, other, knowledge, needs, absorptive_capacity, *rules)
        return worth * float(proximity[region[one], region[other]]) >= reservation_value

    introduced = zip(channel, seeker.tolist(), other.tolist(), strict=True)
    met = [(one, another) for through, one, another in introduced if through == Channel.PLATFORM]
    for user in users:
        looks, where = (uniform(key, Purpose.PROFILE_VIEW, month, identity[user], counter) for counter in (0, 1))
        listed = [row for row in users if across or region[row] == region[user]]
        if looks < profile_rate:
            seen = listed[int(where * len(listed))]
            if seen != user and is_worth_it(user, seen):
                met.append((user, seen))
    return sorted({pair_of(*pair) for pair in met if _strangers(*pair, offsets, neighbours, ties, new_pairs.tolist())})
