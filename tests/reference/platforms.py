"""Plain twins of simulation/kernels/platforms.py, one user at a time."""

from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.networks import tie_between
from tests.reference.randomness import uniform
from tests.reference.surplus import pair_surplus


def pair_of(one, other):
    return (min(one, other) << 32) + max(one, other)


def _strangers(i, j, offsets, neighbours, ties, new_pairs):
    return i != j and tie_between(i, j, offsets, neighbours, ties) == NOBODY and pair_of(i, j) not in set(new_pairs)


def connect_users(
    key,
    month,
    user_offsets,
    users,
    across,
    profile_rate,
    reservation_value,
    introduced_first,
    introduced_second,
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
    new_pairs,
):
    def is_worth_it(one, other):
        rules = (own_needs_weight, distance_scale)
        worth, _ = pair_surplus(one, other, knowledge, needs, absorptive_capacity, *rules)
        return worth * float(proximity[region[one], region[other]]) >= reservation_value

    met = list(zip(introduced_first.tolist(), introduced_second.tolist(), strict=True))
    for user in users.tolist():
        looks, where = (uniform(key, Purpose.PROFILE_VIEW, month, identity[user], counter) for counter in (0, 1))
        listed = users.tolist()
        if not across:
            listed = listed[user_offsets[region[user]] : user_offsets[region[user] + 1]]
        if looks < profile_rate:
            other = listed[int(where * len(listed))]
            if other != user and is_worth_it(user, other):
                met.append((user, other))
    return sorted({pair_of(*pair) for pair in met if _strangers(*pair, offsets, neighbours, ties, new_pairs.tolist())})
