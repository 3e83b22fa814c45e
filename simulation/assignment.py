"""The assignment market: pairs that are worth as much as possible together, and a bound on what is missing.

*Auction*: on the left stand bidders, on the right those whom they see, each with places at prices that rise while bids
are made (:mod:`simulation.kernels.auction`). When nobody is outbid any more, the pairs are worth all that is possible
less at most one bid step for each (Bertsekas 1988), and the prices are those of the assignment market's core (Shapley &
Shubik 1971): by weak duality no choice of pairs can be worth more than all places at their prices plus all that bidders
would gain at these prices. The gap to this bound is known every month, whatever the pairs are worth in the end.

Who stands where: whoever is named first in an edge stands on the left, and so do all at an even distance from it.
Where no odd cycle exists this makes two sides. Where organisations that look for a partner are seen by others that
look too, everybody stands on both sides, with every edge in both directions and half of the worth. The prices then
bound what pairs and halves of pairs can be worth (Balinski 1965); the arcs of an auction form paths and rings, from
which the best pairs are taken. Only rings of odd length lose by that.

*Time of brokers*: where the broker follows from the bidder (all edges of a bidder go through the one broker), the
auction itself shares its cases out: as many bidders as it has no case for are kept idle, by places that all its bidders
prefer to any partner. Elsewhere a case has a price of its own, which is taken off the worth of all edges that need it.
Prices rise where more cases are asked for than there are, and fall where some are left (subgradient steps of Polyak's
length), auction after auction, until the gap is closed or the rounds are over. Of each auction those pairs are kept for
which there are cases, and others added by falling weight; the best of all rounds counts, and the stable matching.

References
----------
Balinski, M. L. (1965). Integer programming: methods, uses, computation. Management Science 12(3), 253-313.
Bertsekas, D. P. (1988). The auction algorithm: a distributed relaxation method for the assignment problem. Annals of
Operations Research 14, 105-123.
Polyak, B. T. (1969). Minimization of unsmooth functionals. USSR Computational Mathematics and Mathematical Physics
9(3), 14-29.
Shapley, L. S., Shubik, M. (1971). The assignment game I: the core. International Journal of Game Theory 1, 111-130.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from simulation.edges import Brokers
from simulation.kernels.auction import bid_for_partners, bound_of_prices, mean_of_best, opposite_sides, untangle
from simulation.kernels.matching import match_in_order
from simulation.kernels.orders import decreasing_order
from simulation.state import NOBODY

__all__ = ["Assignment", "assign"]

type Rows = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Chosen = NDArray[np.bool_]

PATIENCE = 4
"""Rounds without a better bound after which steps are halved, from the best prices so far."""


@dataclass(frozen=True)
class Assignment:
    """Chosen edges, and how far from the optimum they can be.

    Attributes
    ----------
    chosen : (m,) bool
    worth : float
        Sum of their weights.
    bound : float
        What no choice can exceed.
    """

    chosen: Chosen
    worth: float
    bound: float

    @property
    def gap(self) -> float | None:
        """Share of the optimum that may be missing, at most; None where there is nothing to choose."""
        return max(0.0, 1.0 - self.worth / self.bound) if self.bound > 0.0 else None


@dataclass(frozen=True)
class _Edges:
    """Edges that could be chosen, and what limits them."""

    first: Rows
    second: Rows
    weights: Floats
    addresses: NDArray[np.uint64]
    capacity: Rows
    brokers: Brokers

    @property
    def worthwhile(self) -> Chosen:
        """Edges for which everybody concerned has any capacity."""
        brokers = self.brokers
        free: Chosen = (self.capacity[self.first] > 0) & (self.capacity[self.second] > 0)
        if not brokers.cases.size:
            return free
        cases, partner_cases = np.append(brokers.cases, 1), np.append(brokers.partner_cases, 1)
        for broker in (brokers.of_first, brokers.of_second):
            free &= (cases[broker] > 0) & (~brokers.between_partners | (partner_cases[broker] > 0))
        return free

    def of(self, kept: Chosen) -> _Edges:
        """Some of the edges."""
        if kept.all():
            return self
        return _Edges(
            self.first[kept],
            self.second[kept],
            self.weights[kept],
            self.addresses[kept],
            self.capacity,
            self.brokers.of(kept),
        )

    def taken(self, order: Rows) -> Chosen:
        """Edges in an order, as long as everybody concerned has capacity left."""
        brokers = self.brokers
        return match_in_order(
            self.first,
            self.second,
            self.weights,
            order,
            self.capacity,
            brokers.of_first,
            brokers.of_second,
            brokers.between_partners,
            brokers.cases,
            brokers.partner_cases,
            0.0,
            self.first.size,
        )


@dataclass(frozen=True)
class _Market:
    """The arcs that are bid for.

    Attributes
    ----------
    left, right : (k,) int64
        Nodes; those beyond the organisations are places of idleness at brokers.
    edge : (k,) int64
        Row of the edge that an arc stands for; of an arc to idleness NOBODY.
    bids, places : (nodes,) int64
    reward : float
        Weight of the arcs to idleness.
    idle : int
        How many bidders have to be idle.
    two_sided : bool
        Whether every edge is one arc; otherwise it is two.
    step : float
        Bid step.
    """

    left: Rows
    right: Rows
    edge: Rows
    addresses: NDArray[np.uint64]
    bids: Rows
    places: Rows
    reward: float
    idle: int
    two_sided: bool
    step: float

    def auction(self, worth: Floats) -> tuple[Rows, float]:
        """Arcs held in the end and the bound that prices give, with edges of a certain worth."""
        weights = np.append(worth, self.reward)[self.edge]
        held, price = bid_for_partners(
            self.left, self.right, weights, self.addresses, self.bids, self.places, self.step
        )
        bound = bound_of_prices(self.left, self.right, weights, self.bids, self.places, price)
        bound -= self.reward * self.idle
        arcs = np.flatnonzero(held & (self.edge != NOBODY))
        return arcs, bound if self.two_sided else 0.5 * bound


def assign(
    first: Rows,
    second: Rows,
    weights: Floats,
    addresses: NDArray[np.uint64],
    capacity: Rows,
    brokers: Brokers,
    reservation: float,
    epsilon: float,
    rounds: int,
) -> Assignment:
    """Choose the edges that are worth the most together, and bound what may be missing.

    Parameters
    ----------
    first, second : (m,) int64
        Ends of the edges, rows of ``capacity``. Where edges go through brokers, who is first looks for a partner.
    weights : (m,) float64
    addresses : (m,) uint64
        Break ties between equal bids.
    capacity : (n,) int64
        Most edges of each organisation.
    brokers : Brokers
    reservation : float
        Edges of less weight are not taken, nor those of weight 0.
    epsilon : float
        Bid step, in parts of the mean weight of bidders' best edges; and the gap at which no more rounds are made.
    rounds : int
        Most auctions, where cases are priced.

    Returns
    -------
    Assignment
    """
    offered = _Edges(first, second, weights, addresses, capacity, brokers)
    live = (weights >= reservation) & (weights > 0.0) & offered.worthwhile
    edges = offered.of(live)
    market, priced = _market(edges, epsilon)
    if market.two_sided and not priced.any():
        arcs, bound = market.auction(edges.weights)
        found = np.zeros(edges.first.size, dtype=np.bool_)
        found[market.edge[arcs]] = True
        worth = _sum(edges.weights, found)
    else:
        found, worth, bound = _price_cases(edges, market, _charges(edges.brokers, priced), epsilon, rounds)
    chosen = np.zeros(first.size, dtype=np.bool_)
    chosen[np.flatnonzero(live)[found]] = True
    return Assignment(chosen, worth, max(worth, bound))


def _market(edges: _Edges, epsilon: float) -> tuple[_Market, Chosen]:
    """Return the arcs that are bid for, and the edges whose brokers' cases have to be priced."""
    left, right, edge = edges.first, edges.second, np.arange(edges.first.size)
    side, two_sided = opposite_sides(left, right, edges.capacity.size)
    turned = side[left] != 0
    if not two_sided:
        left, right, edge = np.append(left, right), np.append(right, left), np.append(edge, edge)
    elif turned.any():
        left, right = np.where(turned, right, left), np.where(turned, left, right)
    step = epsilon * mean_of_best(left, edges.weights[edge], edges.capacity.size)
    limits = edges.capacity
    market = _Market(left, right, edge, edges.addresses[edge], limits, limits, 0.0, 0, two_sided, step)
    binding = (edges.brokers.of_first != NOBODY) | (edges.brokers.of_second != NOBODY)
    if not two_sided or not binding.any():
        return market, binding
    followed = binding & np.append(_following(edges, binding, market), False)[edges.brokers.of_first]
    return _with_idleness(market, edges, followed), binding & ~followed


def _following(edges: _Edges, binding: Chosen, market: _Market) -> Chosen:
    """Return brokers who follow from the bidder: all edges of their bidders go through this one, to its own side."""
    brokers, first = edges.brokers, edges.first
    of_first, of_second = brokers.of_first, brokers.of_second
    broker_of = np.full(edges.capacity.size, NOBODY, dtype=np.int64)
    broker_of[first] = of_first
    changing = np.zeros(edges.capacity.size, dtype=np.bool_)
    changing[first[broker_of[first] != of_first]] = True
    elsewhere = (of_first == NOBODY) | ((of_second != NOBODY) & (of_second != of_first)) | brokers.between_partners
    strange = binding & (elsewhere | changing[first] | (edges.capacity[first] != 1) | (market.left != first))
    follows = np.ones(len(brokers.cases), dtype=np.bool_)
    for side in (of_first, of_second):
        follows[side[strange & (side != NOBODY)]] = False
    return follows


def _with_idleness(market: _Market, edges: _Edges, followed: Chosen) -> _Market:
    """Return the market with a place of idleness for every bidder too many at a broker who follows from the bidder."""
    bidders, rows = np.unique(edges.first[followed], return_index=True)
    broker = edges.brokers.of_first[followed][rows]
    cases = edges.brokers.cases
    idle = np.maximum(0, np.bincount(broker, minlength=cases.size) - cases)
    return replace(
        market,
        left=np.append(market.left, bidders),
        right=np.append(market.right, edges.capacity.size + broker),
        edge=np.append(market.edge, np.full(bidders.size, NOBODY)),
        addresses=np.append(market.addresses, np.zeros(bidders.size, dtype=np.uint64)),
        bids=np.append(market.bids, np.zeros_like(idle)),
        places=np.append(market.places, idle),
        reward=float(edges.weights.max()) + market.step,
        idle=int(idle.sum()),
    )


def _charges(brokers: Brokers, priced: Chosen) -> tuple[list[Rows], Rows]:
    """Return what each edge takes a unit of, up to four rows of the second: cases, then partner cases, of brokers."""
    count = len(brokers.cases)
    other = np.where(brokers.of_second == brokers.of_first, NOBODY, brokers.of_second)
    cases = [np.where(priced, broker, NOBODY) for broker in (brokers.of_first, other)]
    between = [np.where(brokers.between_partners & (broker != NOBODY), broker + count, NOBODY) for broker in cases]
    return cases + between, np.append(brokers.cases, brokers.partner_cases)


def _price_cases(
    edges: _Edges, market: _Market, charges: tuple[list[Rows], Rows], epsilon: float, rounds: int
) -> tuple[Chosen, float, float]:
    """Auction after auction, with other prices of cases: the best edges, their worth, and the best bound."""
    charged, supply = charges
    by_weight = decreasing_order(edges.weights, edges.addresses)
    best = edges.taken(by_weight)
    worth, bound = _sum(edges.weights, best), np.inf
    price = best_price = np.zeros(supply.size)
    trust, waited = 1.0, 0
    for _ in range(rounds):
        prices, net = np.append(price, 0.0), edges.weights.copy()
        for unit in charged:
            net -= prices[unit]
        arcs, reached = market.auction(net)
        reached += fsum((price * supply).tolist())
        found = edges.taken(_order(edges, market, arcs, net, by_weight))
        if (now := _sum(edges.weights, found)) > worth:
            best, worth = found, now
        waited += 1
        if reached < bound:
            bound, best_price, waited = reached, price, 0
        asked = [np.bincount(unit[market.edge[arcs]] + 1, minlength=supply.size + 1)[1:] for unit in charged]
        excess = np.sum(asked, axis=0) * (1.0 if market.two_sided else 0.5) - supply
        excess[(price == 0.0) & (excess < 0.0)] = 0.0
        if worth >= (1.0 - epsilon) * bound or not excess.any():
            break
        if waited == PATIENCE:
            trust, waited, price = 0.5 * trust, 0, best_price
        length = trust * (reached - worth) / fsum((excess * excess).tolist())
        price = np.maximum(0.0, price + length * excess)
    return best, worth, float(bound)


def _order(edges: _Edges, market: _Market, arcs: Rows, net: Floats, by_weight: Rows) -> Rows:
    """Return edges in the order in which they are taken: those of the auction, then the others by falling weight."""
    held = market.edge[arcs]
    preferred = np.zeros(net.size, dtype=np.bool_)
    preferred[held] = True
    if not market.two_sided and edges.capacity.max(initial=0) <= 1:
        preferred = untangle(market.left[arcs], market.right[arcs], held, net, edges.capacity.size)
    rows = np.flatnonzero(preferred)
    ranked = rows[decreasing_order(net[rows], edges.addresses[rows])]
    return np.append(ranked, by_weight[~preferred[by_weight]])


def _sum(weights: Floats, chosen: Chosen) -> float:
    """Sum, the same whatever the order."""
    return fsum(weights[chosen].tolist())
