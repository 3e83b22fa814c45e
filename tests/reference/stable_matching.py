"""Plain twins of simulation/kernels/stable_matching.py: one sort of all edges, then a walk down the order."""

from simulation.purposes import Purpose
from simulation.state import NOBODY
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


def block_starts(first):
    starts, ends = [0], first.tolist()
    for e in range(1, len(ends)):
        length = e - starts[-1]
        if length == 64 or (length >= 16 and ends[e] != ends[e - 1]):
            starts.append(e)
    return [*starts, len(ends)] if ends else starts


def best_of_block(
    start,
    end,
    first,
    second,
    weights,
    key,
    month,
    identities,
    broker_of_first,
    broker_of_second,
    between_partners,
    left,
    cases,
    partner_cases,
    reservation,
    chosen,
):
    addresses = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first, second, identities)
    for e in decreasing_order(weights, addresses):
        concerned = first[e], second[e], broker_of_first[e], broker_of_second[e], between_partners[e]
        there = has_room(*concerned, left, cases, partner_cases)
        if start <= e < end and weights[e] >= reservation and there and not chosen[e]:
            return e
    return NOBODY


def put_in_place(block, place, heap, heap_weights, best, first, second, weights, key, month, identities):
    addresses = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first, second, identities)
    rank = {edge: number for number, edge in enumerate(decreasing_order(weights, addresses))}
    heap[place] = block
    below = [2 * place + 1, 2 * place + 2]
    while better := [k for k in below if k < len(heap) and rank[best[heap[k]]] < rank[best[heap[place]]]]:
        child = min(better, key=lambda k: rank[best[heap[k]]])
        heap[place], heap[child] = heap[child], heap[place]
        place, below = child, [2 * child + 1, 2 * child + 2]
    heap_weights[:] = weights[best[heap]]


def wins_tie(e, f, first, second, key, month, identities):
    edges = [e, f]
    mine, theirs = pair_bits(key, Purpose.MATCHING_TIE_BREAK, month, first[edges], second[edges], identities)
    return (mine, e) < (theirs, f)
