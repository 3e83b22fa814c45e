"""The auction of the optimal matching: bids, prices, and the bound that prices give.

Loops of :mod:`simulation.mechanisms.matching`. An arc is a pair as one side sees it: a bidder on the left, and on the
right somebody with places for which bidders compete.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.state import NOBODY

__all__ = ["bid_for_partners", "bound_of_prices", "mean_of_best", "opposite_sides", "rows_of", "untangle"]

type Rows = NDArray[np.int64]
type Floats = NDArray[np.float64]

UNSEEN, LEFT, RIGHT = -1, 0, 1


@kernel
def rows_of(ends: Rows, nodes: int) -> tuple[Rows, Rows]:
    """Positions in (m,) ``ends`` by node, in rising order: those of v are ``rows[offsets[v]:offsets[v + 1]]``.

    Returns
    -------
    offsets : (nodes + 1,) int64
    rows : (m,) int64
    """
    offsets = np.zeros(nodes + 1, np.int64)
    for e in range(ends.size):
        offsets[ends[e] + 1] += 1
    for v in range(nodes):
        offsets[v + 1] += offsets[v]
    free = offsets[:nodes].copy()
    rows = np.empty(ends.size, np.int64)
    for e in range(ends.size):
        rows[free[ends[e]]] = e
        free[ends[e]] += 1
    return offsets, rows


@kernel
def arcs_of(ends: Rows, nodes: int) -> Rows:
    """Number of (m,) ``ends`` that each node is: (nodes,) int64."""
    counts = np.zeros(nodes, np.int64)
    for e in range(ends.size):
        counts[ends[e]] += 1
    return counts


@kernel
def opposite_sides(first: Rows, second: Rows, nodes: int) -> tuple[NDArray[np.int8], bool]:
    """Side of every node, so that as many edges as the distance can tell lead from left (0) to right (1).

    Of nodes that hang together the lowest that is the first end of an edge stands on the left, and so do those at an
    even distance from it; the others, and nodes without edges, on the right.

    Returns
    -------
    side : (nodes,) int8
    two_sided : bool
        Whether every edge leads from one side to the other: there is no odd cycle.
    """
    side = np.full(nodes, RIGHT, np.int8)
    for e in range(first.size):
        side[first[e]] = LEFT
    divided = True
    for e in range(first.size):
        divided = divided and side[second[e]] == RIGHT
    if divided:
        return side, True
    out_offsets, out_rows = rows_of(first, nodes)
    in_offsets, in_rows = rows_of(second, nodes)
    side[:] = UNSEEN
    waiting = np.empty(nodes, np.int64)
    for root in range(nodes):
        if side[root] != UNSEEN or out_offsets[root] == out_offsets[root + 1]:
            continue
        side[root] = LEFT
        waiting[0] = root
        seen, asked = 1, 0
        while asked < seen:
            v = waiting[asked]
            asked += 1
            for k in range(out_offsets[v], out_offsets[v + 1]):
                u = second[out_rows[k]]
                if side[u] == UNSEEN:
                    side[u] = RIGHT - side[v]
                    waiting[seen] = u
                    seen += 1
            for k in range(in_offsets[v], in_offsets[v + 1]):
                u = first[in_rows[k]]
                if side[u] == UNSEEN:
                    side[u] = RIGHT - side[v]
                    waiting[seen] = u
                    seen += 1
    two_sided = True
    for e in range(first.size):
        two_sided = two_sided and side[first[e]] != side[second[e]]
    for v in range(nodes):
        if side[v] == UNSEEN:
            side[v] = RIGHT
    return side, two_sided


@kernel
def mean_of_best(left: Rows, weights: Floats, nodes: int) -> float:
    """Mean, over the nodes that are the left end of an arc, of the largest weight of their arcs; 0 without arcs."""
    best = np.full(nodes, -np.inf)
    for e in range(left.size):
        best[left[e]] = max(best[left[e]], weights[e])
    total, count = 0.0, 0
    for v in range(nodes):
        if best[v] > -np.inf:
            total += best[v]
            count += 1
    return total / count if count else 0.0


@kernel
def put_in_the_cheapest(
    price: float, arc: int, place_price: Floats, place_arc: Rows, addresses: NDArray[np.uint64]
) -> None:
    """Take the first place of a heap at a higher price, and let the then cheapest come first.

    Of two places of the same price that counts as cheaper whose arc has the lower address, then position.
    """
    here = 0
    while True:
        child = 2 * here + 1
        if child + 1 < place_arc.size and is_cheaper(
            place_price[child + 1], place_arc[child + 1], place_price[child], place_arc[child], addresses
        ):
            child += 1
        if child >= place_arc.size or not is_cheaper(place_price[child], place_arc[child], price, arc, addresses):
            break
        place_price[here], place_arc[here] = place_price[child], place_arc[child]
        here = child
    place_price[here], place_arc[here] = price, arc


@kernel
def is_cheaper(price: float, arc: int, other_price: float, other_arc: int, addresses: NDArray[np.uint64]) -> bool:
    """Whether a place comes before another: by price, then by address and position of its arc; empty ones first."""
    if price != other_price or arc == other_arc:
        return price < other_price
    if arc == NOBODY or other_arc == NOBODY:
        return arc == NOBODY
    return (addresses[arc], arc) < (addresses[other_arc], other_arc)


@kernel
def bid_for_partners(
    left: Rows,
    right: Rows,
    weights: Floats,
    addresses: NDArray[np.uint64],
    bids: Rows,
    places: Rows,
    step: float,
) -> tuple[NDArray[np.bool_], Floats]:
    """Auction: bidders outbid each other until nobody wants a place at its price.

    Every right node has ``places``, no more than arcs, each with a price that begins at 0 and never falls; its own
    price is the lowest of them. A left node i may hold ``bids[i]`` arcs. While it may hold more it looks for the arc
    that it does not hold of the largest value, ``weights - price of right`` (equal ones: the lowest address, then
    position), and if that is above 0 takes the cheapest place there from whom held it (of equally cheap ones that
    whose arc has the lowest address, then position). The price of this place rises by the lead over the second best
    value, that of another arc which i does not hold or at least 0, plus ``step``, but not beyond the weight. Nodes bid
    in rising order, as long as they may; one that was outbid bids next.

    Parameters
    ----------
    left, right : (m,) int64
    weights : (m,) float64
        What the arc is worth; nobody bids for 0 or less.
    addresses : (m,) uint64
    bids, places : (nodes,) int64
        Most arcs of each left, and of each right node.
    step : float
        Above 0.

    Returns
    -------
    chosen : (m,) bool
        The arcs held in the end. They are worth all that is possible, less at most ``step`` for each.
    price : (nodes,) float64
        Of each right node; 0 where it has no places.
    """
    nodes = places.size
    offsets, rows = rows_of(left, nodes)
    asked = arcs_of(right, nodes)
    start = np.zeros(nodes + 1, np.int64)
    for j in range(nodes):
        start[j + 1] = start[j] + min(places[j], asked[j])
    place_price = np.zeros(start[nodes])
    place_arc = np.full(start[nodes], NOBODY, np.int64)
    price = np.zeros(nodes)
    for j in range(nodes):
        if start[j] == start[j + 1]:
            price[j] = np.inf
    chosen = np.zeros(left.size, np.bool_)
    for node in range(nodes):
        for _ in range(min(bids[node], offsets[node + 1] - offsets[node])):
            i = node
            while i != NOBODY:
                best, lead, second = NOBODY, 0.0, 0.0
                for k in range(offsets[i], offsets[i + 1]):
                    e = rows[k]
                    value = weights[e] - price[right[e]]
                    if value <= 0.0 or value < second or chosen[e]:
                        continue
                    if value > lead or (value == lead and addresses[e] < addresses[best]):
                        best, lead, second = e, value, lead
                    elif value > second:
                        second = value
                if best == NOBODY:
                    break
                j = right[best]
                top, end = start[j], start[j + 1]
                outbid = place_arc[top]
                raised = min(place_price[top] + (lead - second) + step, weights[best])
                put_in_the_cheapest(raised, best, place_price[top:end], place_arc[top:end], addresses)
                price[j] = place_price[top]
                chosen[best] = True
                i = NOBODY
                if outbid != NOBODY:
                    chosen[outbid] = False
                    i = left[outbid]
    for j in range(nodes):
        if start[j] == start[j + 1]:
            price[j] = 0.0
    return chosen, price


@kernel
def bound_of_prices(left: Rows, right: Rows, weights: Floats, bids: Rows, places: Rows, price: Floats) -> float:
    """What no choice of arcs can exceed: places at their prices, and what each bidder would gain at these prices.

    The sum, over right nodes with arcs, of ``places`` (at most the number of their arcs) times ``price``; plus, over
    left nodes, of the ``bids`` largest values ``weights - price of right`` of their arcs to nodes with places, as far
    as they are above 0. By weak duality this holds for any prices of 0 or more.
    """
    nodes = places.size
    offsets, rows = rows_of(left, nodes)
    asked = arcs_of(right, nodes)
    total = 0.0
    asking = price.copy()
    for j in range(nodes):
        total += min(places[j], asked[j]) * price[j]
        if places[j] < 1:
            asking[j] = np.inf
    for i in range(nodes):
        gains = np.zeros(min(bids[i], offsets[i + 1] - offsets[i]))
        for k in range(offsets[i], offsets[i + 1]):
            gain = weights[rows[k]] - asking[right[rows[k]]]
            for place in range(gains.size):
                if gain > gains[place]:
                    gain, gains[place] = gains[place], gain
        for place in range(gains.size):
            total += gains[place]
    return total


@kernel
def untangle(tail: Rows, head: Rows, edge: Rows, weights: Floats, nodes: int) -> NDArray[np.bool_]:
    """Of arcs that form paths and rings, the edges of the best choice in which no two meet.

    Every node is the tail of one arc at most, and the head of one. Paths are followed from their beginnings in rising
    order, then rings from their lowest nodes; of two equal choices that counts which leaves the later arc out, of a
    ring that without its last arc.

    Parameters
    ----------
    tail, head : (m,) int64
    edge : (m,) int64
        Edge that each arc stands for, a row of ``weights``; two arcs may stand for the same edge.
    weights : (e,) float64
        Of edges, above 0.

    Returns
    -------
    (e,) bool
    """
    leaving = np.full(nodes, NOBODY, np.int64)
    entered = np.zeros(nodes, np.bool_)
    for k in range(tail.size):
        leaving[tail[k]] = k
        entered[head[k]] = True
    chosen = np.zeros(weights.size, np.bool_)
    chain = np.empty(tail.size, np.int64)
    for rings in (False, True):
        for start in range(nodes):
            if leaving[start] == NOBODY or (entered[start] and not rings):
                continue
            length, v = 0, start
            while leaving[v] != NOBODY:
                chain[length] = edge[leaving[v]]
                length += 1
                onward = head[leaving[v]]
                leaving[v] = NOBODY
                v = onward
            if not rings or length == 1:
                take_alternate(chain[:length], weights, chosen)
            elif worth_alternate(chain[: length - 1], weights) >= worth_alternate(chain[1:length], weights):
                take_alternate(chain[: length - 1], weights, chosen)
            else:
                take_alternate(chain[1:length], weights, chosen)
    return chosen


@kernel
def worth_alternate(chain: Rows, weights: Floats) -> float:
    """Largest sum of weights of edges of a path, no two of them consecutive."""
    without, best = 0.0, 0.0
    for e in chain:
        without, best = best, max(best, without + weights[e])
    return best


@kernel
def take_alternate(chain: Rows, weights: Floats, chosen: NDArray[np.bool_]) -> None:
    """Mark in ``chosen`` the edges of a path of which no two are consecutive and whose sum is the largest."""
    best = np.zeros(chain.size + 1)
    for k in range(chain.size):
        before = best[k - 1] if k else 0.0
        best[k + 1] = max(best[k], before + weights[chain[k]])
    k = chain.size
    while k > 0:
        if best[k] > best[k - 1]:
            chosen[chain[k - 1]] = True
            k -= 1
        k -= 1
