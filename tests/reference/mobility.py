"""Plain twins of simulation/kernels/mobility.py, one guest and one tie at a time."""

import numpy as np

from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.networks import adjacency, tie_between
from tests.reference.randomness import uniform


def find_hosts(alive, innovator, region, hosting, hosts, number):
    hosts[:] = alive & innovator & hosting[region]
    number[:] = [sum(region[row] == place for row in np.flatnonzero(hosts)) for place in range(len(number))]


def choose_hosts(key, month, counter, guests, identity, region, hosts, number, across, chosen):
    rows = sorted(np.flatnonzero(hosts).tolist(), key=lambda row: (int(region[row]), row))
    for place, guest in enumerate(guests.tolist()):
        offered = [row for row in rows if (region[row] != region[guest]) == across]
        chosen[place] = offered[int(uniform(key, Purpose.VISIT_HOST, month, identity[guest], counter) * len(offered))]


def tie_visitors(guests, hosts, offsets, neighbours, ties, least, trust, pairs):
    met = {(min(pair), max(pair)) for pair in zip(guests.tolist(), hosts.tolist(), strict=True) if pair[0] != pair[1]}
    known = {pair: tie_between(*pair, offsets, neighbours, ties) for pair in met}
    for tie in set(known.values()) - {NOBODY}:
        trust[tie] = max(trust[tie], least)
    new = sorted(pair for pair in met if known[pair] == NOBODY)
    pairs[: len(new)] = [(lower << 32) + higher for lower, higher in new]
    return len(new)


def copy_raised(values, added, target):
    target[:] = values + added


def insert_ties(offsets, neighbours, ties, first, second, new_offsets, new_neighbours, new_ties):
    every = adjacency(first, second, len(offsets) - 1)
    new_offsets[:], new_neighbours[:], new_ties[:] = every
