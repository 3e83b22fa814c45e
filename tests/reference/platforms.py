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


def numbers_of_pairs(first, second):
    return np.array(sorted(map(pair_of, first.tolist(), second.tolist())), dtype=np.int64)


def sign_up_firms(key, month, federated, rate, alive, broker, region, identity, platform_month):
    for row, address in enumerate(identity):
        free_to = alive[row] and broker[row] != NOBODY and platform_month[row] == NEVER and federated[region[row]]
        if free_to and (rate == 1.0 or uniform(key, Purpose.PLATFORM_SIGN_UP, month & 0xFFFF, address, 0) < rate):
            platform_month[row] = month


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
):
    known = len(neighbours) // 2
    new_pairs = numbers_of_pairs(first[known:], second[known:])
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
