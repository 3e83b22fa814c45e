"""Plain twins of simulation/kernels/stable_matching.py: one sort of all edges, then a walk down the order."""

import math
from itertools import accumulate, chain

import numpy as np

from simulation.purposes import Purpose
from tests.reference.matching import decreasing_order, has_room, take_room
from tests.reference.networks import pair_bits


def match_best_first(
    first,
    second,
    weights,
    key,
    month,
    identities,
    capacity,
    broker_of_first,
    broker_of_second,
    between_partners,
    broker_capacity,
    partner_capacity,
    reservation,
):
    addresses = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first, second, identities)
    tables = capacity.tolist(), broker_capacity.tolist(), partner_capacity.tolist()
    chosen = [False] * len(first)
    for e in decreasing_order(weights, addresses):
        concerned = first[e], second[e], broker_of_first[e], broker_of_second[e], between_partners[e]
        if weights[e] >= reservation and has_room(*concerned, *tables):
            take_room(*concerned, *tables)
            chosen[e] = True
    return chosen


def sections_by_weight(weights, reservation):
    worth_it = [e for e, weight in enumerate(weights.tolist()) if weight >= reservation]
    worths = [float(weights[e]) for e in worth_it]
    spread = max(worths) - min(worths) if worths else 0.0
    count = max(1, len(worth_it) // 16) if 0.0 < spread < math.inf else 1
    sections = [[] for _ in range(count)]
    for e, worth in zip(worth_it, worths, strict=True):
        sections[math.floor((max(worths) - worth) / spread * (count - 1)) if count > 1 else 0].append(e)
    starts = list(accumulate(map(len, sections), initial=0))
    return np.array(starts, np.int64), np.array(list(chain(*sections)), np.int32)


def put_in_place(edge, weight, place, heap, heap_weights, first, second, key, month, identities):
    addresses = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first, second, identities)
    heap[place], heap_weights[place] = edge, weight

    def rank(k):
        return -heap_weights[k], addresses[heap[k]], heap[k]

    below = [2 * place + 1, 2 * place + 2]
    while better := [k for k in below if k < len(heap) and rank(k) < rank(place)]:
        child = min(better, key=rank)
        heap[[place, child]], heap_weights[[place, child]] = heap[[child, place]], heap_weights[[child, place]]
        place, below = child, [2 * child + 1, 2 * child + 2]


def wins_tie(e, f, first, second, key, month, identities):
    edges = [e, f]
    mine, theirs = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first[edges], second[edges], identities)
    return (mine, e) < (theirs, f)
