"""Hosts of visits, and the ties that visits leave: the loops of :mod:`simulation.mechanisms.mobility`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.kernels.groups import rows_by_group
from simulation.kernels.networks import tie_between
from simulation.kernels.ties import pair_number, rising_pairs
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

VISIT_HOST = int(Purpose.VISIT_HOST)


@kernel
def find_hosts(
    alive: NDArray[np.bool_],
    innovator: NDArray[np.bool_],
    region: NDArray[Any],
    hosting: NDArray[np.bool_],
    hosts: NDArray[np.bool_],
    number: NDArray[np.int64],
) -> None:
    """Fill ``hosts`` (n,): living innovators in ``hosting`` regions; and ``number`` (regions,), how many each has."""
    number[:] = 0
    for row in range(region.size):
        hosts[row] = alive[row] and innovator[row] and hosting[region[row]]
        if hosts[row]:
            number[region[row]] += 1


@kernel
def choose_hosts(
    key: np.uint64,
    month: int,
    counter: int,
    guests: NDArray[np.int64],
    identity: NDArray[np.uint64],
    region: NDArray[Any],
    hosts: NDArray[np.bool_],
    number: NDArray[np.int64],
    across: bool,
    chosen: NDArray[np.int64],
) -> None:
    """Fill ``chosen`` with the host of each guest, drawn from those outside its region, without ``across`` inside it.

    It is the one at place ``int(uniform(key, VISIT_HOST, month, identity, counter) * count)`` of the list of these
    hosts, which are sorted by region, in each in rising order. Every guest has one to choose.

    Parameters
    ----------
    guests, chosen : (k,) int64
    hosts, number : (n,), (regions,)
        From :func:`find_hosts`.
    """
    offsets, rows = rows_by_group(region, hosts, number.size)
    for k in range(guests.size):
        here = region[guests[k]]
        count = rows.size - number[here] if across else number[here]
        place = np.int64(uniform(key, VISIT_HOST, month, identity[guests[k]], counter) * count)
        if not across:
            place += offsets[here]
        elif place >= offsets[here]:
            place += number[here]
        chosen[k] = rows[place]


@kernel
def tie_visitors(
    guests: NDArray[np.int64],
    hosts: NDArray[np.int64],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    least: np.float32,
    trust: NDArray[np.float32],
    pairs: NDArray[np.int64],
) -> int:
    """Raise the trust of guests and hosts who have a tie to ``least``, and list the pairs of those who have none.

    Parameters
    ----------
    guests, hosts : (k,) int64
        Who is both has no tie with itself.
    trust : (m,) float32
        Of ties, changed in place.
    pairs : (k,) int64
        Filled with the pairs without a tie, rising, each once, as numbers of
        :func:`simulation.kernels.ties.pair_number`.

    Returns
    -------
    int
        Number of these pairs.
    """
    met = np.empty(guests.size, np.int64)
    meetings, count = 0, 0
    for k in range(guests.size):
        if guests[k] != hosts[k]:
            met[meetings] = pair_number(guests[k], hosts[k])
            meetings += 1
    for pair in rising_pairs(met[:meetings]):
        tie = tie_between(pair >> 32, pair & 0xFFFFFFFF, offsets, neighbours, ties)
        if tie == NOBODY:
            pairs[count] = pair
            count += 1
        else:
            trust[tie] = max(trust[tie], least)
    return count


@kernel
def copy_raised(values: NDArray[Any], added: int, target: NDArray[Any]) -> None:
    """Fill ``target`` with ``values`` (k,), each raised by as much."""
    for place in range(values.size):
        target[place] = values[place] + added


@kernel
def insert_ties(
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    first: NDArray[Any],
    second: NDArray[Any],
    new_offsets: NDArray[np.int64],
    new_neighbours: NDArray[np.int32],
    new_ties: NDArray[np.int32],
) -> None:
    """Fill the adjacency of all ties, as :func:`simulation.kernels.networks.adjacency` has it, from that of the first.

    Parameters
    ----------
    offsets, neighbours, ties
        Adjacency of the first ``neighbours.size / 2`` ties, of the same nodes.
    first, second : (m,) int
        Ends of all ties.
    new_offsets, new_neighbours, new_ties : (n + 1,), (2 m,), (2 m,)
    """
    known = neighbours.size // 2
    gained, ends = np.zeros(offsets.size, np.int32), np.empty(2 * (first.size - known) + 1, np.int64)
    for tie in range(known, first.size):
        gained[first[tie]] += 1
        gained[second[tie]] += 1
        ends[2 * (tie - known)], ends[2 * (tie - known) + 1] = first[tie], second[tie]
    ends[-1] = offsets.size - 2
    begun, copied, shift = 0, 0, 0
    for node in rising_pairs(ends):
        end = offsets[node + 1]
        copy_raised(offsets[begun : node + 1], shift, new_offsets[begun : node + 1])
        copy_raised(neighbours[copied:end], 0, new_neighbours[copied + shift : end + shift])
        copy_raised(ties[copied:end], 0, new_ties[copied + shift : end + shift])
        begun, copied = node + 1, end
        shift += gained[node]
    new_offsets[-1] = offsets[-1] + shift
    for tie in range(known, first.size):
        for node, other in ((first[tie], second[tie]), (second[tie], first[tie])):
            place = new_offsets[node + 1] - gained[node]
            new_neighbours[place], new_ties[place] = other, tie
            gained[node] -= 1
