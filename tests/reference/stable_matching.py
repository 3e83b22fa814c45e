"""Plain twins of simulation/kernels/stable_matching.py: one sort of all edges, then a walk down the order."""

from itertools import groupby

import numpy as np

from simulation.purposes import Purpose
from tests.reference.matching import has_room, take_room
from tests.reference.networks import pair_bits
from tests.reference.orders import decreasing_order


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


def runs_of(first):
    begun, place = [], 0
    for _, edges in groupby(first.tolist()):
        length = len(list(edges))
        begun += range(place, place + length, 64)
        place += length
    return np.array([*begun, place], np.int64)


def best_left(start, end, second, weights, left, tried, reservation, first, key, month, identities):
    addresses = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first, second, identities)
    could = [e for e in range(start, end) if weights[e] >= reservation and not tried[e] and left[second[e]] > 0]
    return min(could, key=lambda e: (-weights[e], addresses[e], e), default=-1)


def ranked(heap, heap_weights, best, first, second, key, month, identities):
    """How good the edge of the run at a place of the heap is, the best the lowest."""
    addresses = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first, second, identities)
    return lambda place: (-heap_weights[place], addresses[best[heap[place]]], best[heap[place]])


def swap(heap, heap_weights, place, other):
    heap[[place, other]], heap_weights[[place, other]] = heap[[other, place]], heap_weights[[other, place]]


def rise(run, weight, heap, heap_weights, *edges):
    place = len(heap) - 1
    heap[place], heap_weights[place] = run, weight
    rank = ranked(heap, heap_weights, *edges)
    while place > 0 and rank(place) < rank((place - 1) // 2):
        swap(heap, heap_weights, place, (place - 1) // 2)
        place = (place - 1) // 2


def put_in_place(run, weight, place, heap, heap_weights, *edges):
    heap[place], heap_weights[place] = run, weight
    rank = ranked(heap, heap_weights, *edges)
    below = [2 * place + 1, 2 * place + 2]
    while better := [k for k in below if k < len(heap) and rank(k) < rank(place)]:
        child = min(better, key=rank)
        swap(heap, heap_weights, place, child)
        place, below = child, [2 * child + 1, 2 * child + 2]


def wins_tie(e, f, first, second, key, month, identities):
    edges = [e, f]
    mine, theirs = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first[edges], second[edges], identities)
    return (mine, e) < (theirs, f)
