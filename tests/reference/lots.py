"""Plain twins of simulation/kernels/lots.py, one draw at a time."""

import numpy as np

from tests.reference.randomness import uniform


def draw_below(key, purpose, month, addresses, counter, limit, places, drawn):
    draws = [uniform(key, purpose, month, address, counter) for address in addresses]
    low = [place for place, u in enumerate(draws) if u < limit]
    places[: len(low)], drawn[: len(low)] = low, [draws[place] for place in low]
    return len(low)


def drawn_before(one, other, drawn, identity):
    return (int(drawn[one]), int(identity[one])) < (int(drawn[other]), int(identity[other]))


def sink_in_heap(heap, at, drawn, identity):
    below = [place for place in (2 * at + 1, 2 * at + 2) if place < len(heap)]
    later = [place for place in below if drawn_before(heap[at], heap[place], drawn, identity)]
    if later:
        latest = max(later, key=lambda place: (int(drawn[heap[place]]), int(identity[heap[place]])))
        heap[at], heap[latest] = heap[latest], heap[at]
        sink_in_heap(heap, latest, drawn, identity)


def first_by_lot(drawn, identity, group, groups, most):
    first = []
    for each in range(groups):
        members = [place for place in range(len(drawn)) if group[place] == each]
        members.sort(key=lambda place: (int(drawn[place]), int(identity[place])))
        first += members[: max(0, most)]
    return np.array(first, dtype=np.int64)
