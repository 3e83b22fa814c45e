"""Plain twins of simulation/kernels/acquaintances.py, one organisation and one attempt at a time."""

import numpy as np

from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.groups import rows_by_group
from tests.reference.networks import tie_between
from tests.reference.randomness import uniform
from tests.reference.ties import pair_number


def casual_ties(
    key,
    month,
    draw,
    identity,
    alive,
    cluster,
    cluster_offsets,
    cluster_rows,
    offsets,
    neighbours,
    ties,
    new_pairs,
    rate,
):
    taken = set(new_pairs.tolist())

    def suitable(row, other):
        return (
            other not in (NOBODY, row)
            and alive[other]
            and tie_between(row, other, offsets, neighbours, ties) == NOBODY
            and pair_number(row, other) not in taken
        )

    def attempts(row, t):
        def u(counter):
            address = (key, Purpose.CASUAL_PARTNER, month & 0xFFFF, identity[row])
            return uniform(*address, 16 * t + counter)

        for a in range(4):
            yield _friend_of_friend(row, u(2 * a), u(2 * a + 1), offsets, neighbours)
        for a in range(4):
            yield _of_cluster(int(cluster[row]), u(8 + a), cluster_offsets, cluster_rows)

    found = set()
    for row in range(len(identity)):
        if alive[row]:
            for t in range(int(rate + float(draw[row]))):
                partner = next((other for other in attempts(row, t) if suitable(row, other)), NOBODY)
                if partner != NOBODY:
                    found.add(pair_number(row, partner))
    return np.array(sorted(found), dtype=np.int64)


def casual_meetings(key, month, identity, alive, cluster, clusters, offsets, neighbours, ties, new_pairs, rate):
    draw = [uniform(key, Purpose.CASUAL_TIE, month & 0xFFFF, address, 0) for address in identity]
    living = rows_by_group(cluster, alive, clusters)
    return casual_ties(key, month, draw, identity, alive, cluster, *living, offsets, neighbours, ties, new_pairs, rate)


def number_of(u, listed):
    """The floor(u c)-th of c, counted from 0."""
    return listed[int(u * len(listed))] if listed else NOBODY


def _first_met(key, when, identity, looking, offsets, neighbours):
    met = []
    for row in looking.tolist():
        v, w = (uniform(key, Purpose.CASUAL_PARTNER, when, identity[row], counter) for counter in (0, 1))
        met.append(_friend_of_friend(row, v, w, offsets, neighbours))
    return np.array(met, dtype=np.int64)


def _friend_of_friend(row, v, w, offsets, neighbours):
    friend = number_of(v, neighbours[offsets[row] : offsets[row + 1]].tolist())
    if friend == NOBODY:
        return NOBODY
    return number_of(w, neighbours[offsets[friend] : offsets[friend + 1]].tolist())


def _of_cluster(cluster, x, offsets, rows):
    if cluster == NOBODY:
        return NOBODY
    return number_of(x, [int(row) for row in rows[offsets[cluster] : offsets[cluster + 1]]])
