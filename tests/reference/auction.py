"""Plain twins of simulation/kernels/auction.py: one dictionary of places, the best found by sorting all."""

from collections import deque

from simulation.state import NOBODY


def rows_of(ends, nodes):
    by_node = [[e for e in range(len(ends)) if ends[e] == v] for v in range(nodes)]
    return [sum(map(len, by_node[:v])) for v in range(nodes + 1)], [e for rows in by_node for e in rows]


def arcs_of(ends, nodes):
    return [list(ends).count(v) for v in range(nodes)]


def opposite_sides(first, second, nodes):
    edges = list(zip(first.tolist(), second.tolist(), strict=True))
    distance = {}
    for root in sorted({i for i, _ in edges}):
        if root in distance:
            continue
        distance[root] = 0
        waiting = deque([root])
        while waiting:
            v = waiting.popleft()
            for u in [j for i, j in edges if i == v] + [i for i, j in edges if j == v]:
                if u not in distance:
                    distance[u] = distance[v] + 1
                    waiting.append(u)
    side = [distance.get(v, 1) % 2 for v in range(nodes)]
    return side, all(side[i] != side[j] for i, j in edges)


def mean_of_best(left, weights, nodes):
    best = [max(w for i, w in zip(left, weights, strict=True) if i == v) for v in range(nodes) if v in left]
    total = 0.0
    for weight in best:
        total += float(weight)
    return total / len(best) if best else 0.0


def is_cheaper(price, arc, other_price, other_arc, addresses):
    return place_key(price, arc, addresses) < place_key(other_price, other_arc, addresses)


def place_key(price, arc, addresses):
    return (price, 1, int(addresses[arc]), arc) if arc != NOBODY else (price, 0, 0, 0)


def put_in_the_cheapest(price, arc, place_price, place_arc, addresses):
    places = list(zip(place_price.tolist(), place_arc.tolist(), strict=True))
    here = 0
    while children := [k for k in (2 * here + 1, 2 * here + 2) if k < len(places)]:
        child = min(children, key=lambda k: place_key(*places[k], addresses))
        if not is_cheaper(*places[child], price, arc, addresses):
            break
        places[here], here = places[child], child
    places[here] = (price, arc)
    for k, (its_price, its_arc) in enumerate(places):
        place_price[k], place_arc[k] = its_price, its_arc


def bid_for_partners(left, right, weights, addresses, bids, places, step):
    market = [(int(i), int(j), float(w)) for i, j, w in zip(left, right, weights, strict=True)]
    seen_by = [sum(other == j for _, other, _ in market) for j in range(len(places))]
    held = {j: dict.fromkeys(range(min(int(places[j]), seen_by[j])), (0.0, NOBODY)) for j in range(len(places))}

    def price(j):
        return min((paid for paid, _ in held[j].values()), default=0.0)

    def holding():
        return {arc for at in held.values() for _, arc in at.values()} - {NOBODY}

    def bid(i):
        taken = holding()
        values = [
            (-(w - price(j)), int(addresses[e]), e)
            for e, (bidder, j, w) in enumerate(market)
            if bidder == i and e not in taken and places[j] > 0 and w - price(j) > 0.0
        ]
        if not values:
            return None
        values.sort()
        lead, arc = -values[0][0], values[0][2]
        second = -values[1][0] if len(values) > 1 else 0.0
        at = held[market[arc][1]]
        place = min(at, key=lambda k: place_key(*at[k], addresses))
        paid, outbid = at[place]
        at[place] = (min(paid + (lead - second) + step, market[arc][2]), arc)
        return outbid

    for node in range(len(bids)):
        arcs = sum(bidder == node for bidder, _, _ in market)
        for _ in range(min(int(bids[node]), arcs)):
            outbid = bid(node)
            while outbid is not None and outbid != NOBODY:
                outbid = bid(market[outbid][0])
    chosen = holding()
    return [e in chosen for e in range(len(market))], [price(j) for j in range(len(places))]


def bound_of_prices(left, right, weights, bids, places, price):
    market = list(zip(left.tolist(), right.tolist(), weights.tolist(), strict=True))
    total = 0.0
    for j in range(len(places)):
        total += min(int(places[j]), sum(other == j for _, other, _ in market)) * float(price[j])
    for i in range(len(bids)):
        gains = [w - float(price[j]) for bidder, j, w in market if bidder == i and places[j] > 0]
        for gain in sorted(gains, reverse=True)[: int(bids[i])]:
            total += max(gain, 0.0)
    return total


def worth_alternate(chain, weights):
    if not len(chain):
        return 0.0
    return max(worth_alternate(chain[:-1], weights), worth_alternate(chain[:-2], weights) + float(weights[chain[-1]]))


def take_alternate(chain, weights, chosen):
    while len(chain):
        if worth_alternate(chain, weights) > worth_alternate(chain[:-1], weights):
            chosen[chain[-1]] = True
            chain = chain[:-1]
        chain = chain[:-1]


def untangle(tail, head, edge, weights, nodes):
    onward = {int(i): (int(j), int(e)) for i, j, e in zip(tail, head, edge, strict=True)}
    chosen = [False] * len(weights)
    beginnings = [v for v in range(nodes) if v in onward and v not in head.tolist()]
    for start in beginnings + list(range(nodes)):
        chain, v = [], start
        while v in onward:
            v, e = onward.pop(v)
            chain.append(e)
        if start in beginnings or len(chain) < 2:
            options = [chain]
        else:
            options = [chain[:-1], chain[1:]]
        take_alternate(max(options, key=lambda path: worth_alternate(path, weights)), weights, chosen)
    return chosen
