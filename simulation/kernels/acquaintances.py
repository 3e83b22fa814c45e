"""Kernels of casual acquaintance: a friend of a friend, or somebody of the same cluster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.kernels.groups import rows_by_group
from simulation.kernels.networks import tie_between
from simulation.kernels.ties import pair_number, position_of, rising_pairs
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

CASUAL_PARTNER = int(Purpose.CASUAL_PARTNER)
CASUAL_TIE = int(Purpose.CASUAL_TIE)
ATTEMPTS = 4
COUNTERS_PER_TIE = 16


@kernel
def casual_ties(
    key: np.uint64,
    month: int,
    draw: NDArray[np.float64],
    identity: NDArray[np.uint64],
    alive: NDArray[np.bool_],
    cluster: NDArray[np.int32],
    cluster_offsets: NDArray[np.int64],
    cluster_rows: NDArray[np.int32],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    new_pairs: NDArray[np.int64],
    rate: float,
) -> NDArray[np.int64]:
    """Casual ties of a month: with a friend of a friend, or else with somebody of the cluster.

    Each living organisation, in the order of rows, looks for floor(rate + draw) partners. For its t-th (from
    0) it tries, until one is suitable,

    * attempts a = 0 to 3, if it has neighbours: its neighbour number floor(v d), of whose d' neighbours
      number floor(w d'), with v, w = uniform(key, CASUAL_PARTNER, month, identity, 16 t + 2 a and 16 t + 2 a
      + 1), counted from 0 in adjacency order;
    * attempts a = 0 to 3, if it has a cluster: number floor(x c) of the c living organisations of its
      cluster, with x = uniform(key, CASUAL_PARTNER, month, identity, 16 t + 8 + a).

    Suitable is a living other organisation with which it has neither a tie in the adjacency nor one of
    ``new_pairs``. After eight failures there is no t-th tie.

    Parameters
    ----------
    key : uint64
        Key of the run.
    month : int
        Month; its lowest 16 bits are the address.
    draw : (n,) float64
        uniform(key, CASUAL_TIE, month, identity, 0) of each organisation.
    identity, alive, cluster : (n,)
        Columns of organisations.
    cluster_offsets, cluster_rows : (clusters + 1,) int64, (living,) int32
        Living organisations of each cluster, from :func:`simulation.kernels.groups.rows_by_group`.
    offsets, neighbours, ties : (n + 1,) int64, (2 m,) int32, (2 m,) int32
        Adjacency at the start of the month.
    new_pairs : (k,) int64
        From :func:`begun_ties`.
    rate : float
        Mean number of casual ties that an organisation makes in a month.

    Returns
    -------
    (c,) int64
        :func:`pair_number` of the new ties, rising, each once.
    """
    when = month & 0xFFFF
    looking = np.empty(identity.size, np.int64)
    lookers = 0
    for row in range(identity.size):
        looking[lookers] = row
        lookers += int(alive[row] & (rate + draw[row] >= 1.0))
    met = _first_met(key, when, identity, looking[:lookers], offsets, neighbours)
    found = np.empty(lookers * (int(np.floor(rate)) + 1), np.int64)
    count = 0
    for place in range(lookers):
        row = looking[place]
        for tie in range(int(np.floor(rate + draw[row]))):
            for attempt in range(2 * ATTEMPTS):
                counter = COUNTERS_PER_TIE * tie
                if tie == 0 and attempt == 0:
                    other = met[place]
                elif attempt < ATTEMPTS:
                    v = uniform(key, CASUAL_PARTNER, when, identity[row], counter + 2 * attempt)
                    w = uniform(key, CASUAL_PARTNER, when, identity[row], counter + 2 * attempt + 1)
                    other = _friend_of_friend(row, v, w, offsets, neighbours)
                else:
                    x = uniform(key, CASUAL_PARTNER, when, identity[row], counter + ATTEMPTS + attempt)
                    other = _of_cluster(cluster[row], x, cluster_offsets, cluster_rows)
                if other in (NOBODY, row) or not alive[other]:
                    continue
                pair = pair_number(row, other)
                known = tie_between(row, other, offsets, neighbours, ties) != NOBODY
                if known or position_of(pair, new_pairs) != NOBODY:
                    continue
                found[count] = pair
                count += 1
                break
    return rising_pairs(found[:count])


@kernel
def casual_meetings(
    key: np.uint64,
    month: int,
    identity: NDArray[np.uint64],
    alive: NDArray[np.bool_],
    cluster: NDArray[np.int32],
    clusters: int,
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    new_pairs: NDArray[np.int64],
    rate: float,
) -> NDArray[np.int64]:
    """:func:`casual_ties` among the living of each cluster, with the draws of the month.

    Parameters
    ----------
    key, month
        Address; the draw of an organisation is uniform(key, CASUAL_TIE, month & 0xFFFF, identity, 0).
    clusters : int
        Number of clusters; the other arguments are those of :func:`casual_ties`.

    Returns
    -------
    (c,) int64
        :func:`pair_number` of the new ties, rising, each once.
    """
    draw = np.empty(identity.size)
    for row in range(identity.size):
        draw[row] = uniform(key, CASUAL_TIE, month & 0xFFFF, identity[row], 0)
    in_offsets, in_rows = rows_by_group(cluster, alive, clusters)
    return casual_ties(
        key, month, draw, identity, alive, cluster, in_offsets, in_rows, offsets, neighbours, ties, new_pairs, rate
    )


@kernel
def _first_met(
    key: np.uint64,
    when: int,
    identity: NDArray[np.uint64],
    looking: NDArray[np.int64],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Friend of a friend whom each of (k,) rows meets in the first attempt at its first tie, drawn side by side.

    By :func:`_friend_of_friend` with v, w = uniform(key, CASUAL_PARTNER, when, identity, 0 and 1).
    """
    address = np.empty(looking.size, np.uint64)
    for place in range(looking.size):
        address[place] = identity[looking[place]]
    v, w = np.empty(looking.size), np.empty(looking.size)
    for place in range(looking.size):
        v[place] = uniform(key, CASUAL_PARTNER, when, address[place], 0)
        w[place] = uniform(key, CASUAL_PARTNER, when, address[place], 1)
    met = np.empty(looking.size, np.int64)
    for place in range(looking.size):
        met[place] = _friend_of_friend(looking[place], v[place], w[place], offsets, neighbours)
    return met


@kernel
def _friend_of_friend(row: int, v: float, w: float, offsets: NDArray[np.int64], neighbours: NDArray[np.int32]) -> int:
    """Neighbour number floor(w d') of neighbour number floor(v d); NOBODY without neighbours."""
    degree = offsets[row + 1] - offsets[row]
    if degree == 0:
        return NOBODY
    friend = neighbours[offsets[row] + int(v * degree)]
    friends = offsets[friend + 1] - offsets[friend]
    return int(neighbours[offsets[friend] + int(w * friends)])


@kernel
def _of_cluster(cluster: int, x: float, offsets: NDArray[np.int64], rows: NDArray[np.int32]) -> int:
    """Living organisation number floor(x c) of a cluster; NOBODY without a cluster."""
    if cluster == NOBODY:
        return NOBODY
    living = offsets[cluster + 1] - offsets[cluster]
    if living == 0:
        return NOBODY
    return int(rows[offsets[cluster] + int(x * living)])
