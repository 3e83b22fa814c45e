"""Who is introduced to whom: a matching that no pair would leave, the one worth the most, or a random one.

*Stable*: edges are taken by falling weight as long as everybody concerned has capacity left. Both ends value
an edge by the same weight, so the result is pairwise stable: every edge left out finds, at one of its ends
(or brokers), only edges taken that are at least as good and no capacity left. It weighs at least half of the
optimum (Preis 1999), a third where every edge also takes a case of one broker, a quarter where it takes one
of two. Under a strict total order (weight, then address) it is the only stable matching, whatever the
schedule (Manne & Halappanavar 2014).

*Optimal*: a platform that clears the month. All pairs together are worth as much as possible, whatever a pair
that is left apart would rather have: an auction finds them, and its prices bound what may be missing
(:mod:`simulation.assignment`).

*Random*: the null model. Edges are taken in a random order, up to as many as ``stable`` takes.

References
----------
Bertsekas, D. P. (1988). The auction algorithm: a distributed relaxation method for the assignment problem. Annals of
Operations Research 14, 105-123.
Manne, F., Halappanavar, M. (2014). New effective multithreaded matching algorithms. Proc. IPDPS, 519-528.
Preis, R. (1999). Linear time 1/2-approximation algorithm for maximum weighted matching in general graphs.
Proc. STACS, 259-269.
Shapley, L. S., Shubik, M. (1971). The assignment game I: the core. International Journal of Game Theory 1, 111-130.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.assignment import Assignment, assign
from simulation.codes import Channel
from simulation.edges import Brokers, ends_of
from simulation.errors import UsageError
from simulation.kernels.matching import decreasing_order, match_in_order, rising_order
from simulation.kernels.networks import pair_bits
from simulation.projects import made_by_programme
from simulation.purposes import Purpose
from simulation.randomness import stream_key
from simulation.state import NOBODY
from simulation.world import World

__all__ = ["Brokers", "edge_addresses", "introduce", "match", "optimal_matching", "random_matching", "stable_matching"]

type Rows = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Addresses = NDArray[np.uint64]
type Chosen = NDArray[np.bool_]

RULES = ("stable", "optimal", "random")
RANDOM_ORDERS = 32

BID_STEP = 1e-4
"""Bid step of :func:`match`, in parts of the mean weight of bidders' best edges."""


def match(edges: ArrayLike, weights: ArrayLike, capacity: ArrayLike = 1, rule: str = "stable", seed: int = 0) -> Chosen:
    """Choose edges so that nobody has more of them than its capacity.

    Parameters
    ----------
    edges : (m, 2) int
        Pairs that could be introduced, nodes counted from 0.
    weights : (m,) float
        What each pair is worth to both, 0 or more.
    capacity : int or (n,) int
        Most edges of every node, or of each.
    rule : {"stable", "optimal", "random"}
        ``optimal`` makes the sum of weights as large as it can be, less at most 0.0001 of the mean of the best
        weights in sight for each edge taken, on any market without odd cycles, so on any between two sides; with odd
        cycles what these cost may be missing too. Edges of weight 0 are not taken. ``random`` takes as many edges as
        ``stable``; where several random orders all end earlier, as many as the longest.
    seed : int
        Breaks ties between equal weights or bids, and makes the random order.

    Returns
    -------
    (m,) bool
        The chosen edges.

    Raises
    ------
    UsageError
        If a weight is negative or not finite, an edge joins a node to itself or names a node that does not
        exist, a capacity is negative, or the rule is unknown.

    References
    ----------
    Preis (1999); Manne & Halappanavar (2014); Bertsekas (1988).
    """
    limits = _limits(capacity)
    first, second, nodes = ends_of(edges, limits.size if limits.ndim else None)
    worth = np.ascontiguousarray(weights, dtype=np.float64)
    if worth.shape != first.shape:
        raise UsageError(f"weights of shape {worth.shape} for {first.size} edges: must be ({first.size},)")
    wrong = np.flatnonzero(~(np.isfinite(worth) & (worth >= 0.0)))
    if wrong.size:
        raise UsageError(f"weights[{wrong[0]}] = {worth[wrong[0]]}: must be finite and 0 or more")
    if rule not in RULES:
        raise UsageError(f"rule = {rule!r}: must be one of {', '.join(RULES)}")
    key = stream_key(seed, 0)
    places = np.ascontiguousarray(np.broadcast_to(limits, (nodes,)))
    identities = np.arange(nodes, dtype=np.uint64)
    addresses = edge_addresses(key, Purpose.MATCHING_TIE_BREAK, 0, first, second, identities)
    if rule == "optimal":
        return optimal_matching(first, second, worth, addresses, places).chosen
    stable = stable_matching(first, second, worth, addresses, places)
    if rule == "stable":
        return stable
    pairs = int(np.count_nonzero(stable))
    longest = np.zeros(first.size, dtype=np.bool_)
    for attempt in range(RANDOM_ORDERS):
        order = edge_addresses(key, Purpose.MATCHING_RANDOM_ORDER, attempt, first, second, identities)
        chosen = random_matching(first, second, worth, order, places, pairs)
        if np.count_nonzero(chosen) > np.count_nonzero(longest) or attempt == 0:
            longest = chosen
        if np.count_nonzero(longest) == pairs:
            break
    return longest


def edge_addresses(
    key: np.uint64, purpose: int, month: int, first: Rows, second: Rows, identities: Addresses
) -> Addresses:
    """64 random bits for each edge, at (purpose, month, identity of the pair, 0).

    Parameters
    ----------
    purpose : Purpose
        MATCHING_TIE_BREAK or MATCHING_RANDOM_ORDER.
    first, second : (m,) int64
    identities : (n,) uint64
        Of the organisations.

    Returns
    -------
    (m,) uint64
    """
    return pair_bits(key, int(purpose), month, first, second, identities)


def stable_matching(
    first: Rows,
    second: Rows,
    weights: Floats,
    addresses: Addresses,
    capacity: Rows,
    brokers: Brokers | None = None,
    reservation: float = 0.0,
) -> Chosen:
    """The pairwise-stable matching: edges by falling weight, equal ones by address.

    Parameters
    ----------
    first, second : (m,) int64
        Ends of the edges, rows of ``capacity``.
    weights : (m,) float64
    addresses : (m,) uint64
        From :func:`edge_addresses`.
    capacity : (n,) int64
        Most edges of each organisation.
    brokers : Brokers, optional
        None: edges need no broker.
    reservation : float
        Edges of less weight are not taken.

    Returns
    -------
    (m,) bool
    """
    return _match(
        first,
        second,
        weights,
        decreasing_order(weights, addresses),
        capacity,
        brokers,
        reservation,
        first.size,
    )


def optimal_matching(
    first: Rows,
    second: Rows,
    weights: Floats,
    addresses: Addresses,
    capacity: Rows,
    brokers: Brokers | None = None,
    reservation: float = 0.0,
    epsilon: float = BID_STEP,
    rounds: int = 1,
) -> Assignment:
    """The matching worth the most, and a bound on what may be missing.

    Parameters as in :func:`stable_matching`; edges of weight 0 are not taken.

    Parameters
    ----------
    epsilon : float
        Bid step, in parts of the mean weight of bidders' best edges; and the gap at which no more auctions are held.
    rounds : int
        Most auctions, where brokers' cases have to be priced; otherwise there is one.

    Returns
    -------
    Assignment
    """
    through = Brokers.nobody(first.size) if brokers is None else brokers
    return assign(first, second, weights, addresses, capacity, through, reservation, epsilon, rounds)


def random_matching(
    first: Rows,
    second: Rows,
    weights: Floats,
    addresses: Addresses,
    capacity: Rows,
    pairs: int,
    brokers: Brokers | None = None,
    reservation: float = 0.0,
) -> Chosen:
    """The null model: edges in the order of their addresses, under the same limits.

    The walk ends when ``pairs`` are taken or none is left.

    Parameters as in :func:`stable_matching`; ``pairs`` is how many edges that one takes.
    """
    return _match(first, second, weights, rising_order(addresses), capacity, brokers, reservation, pairs)


def _match(
    first: Rows,
    second: Rows,
    weights: Floats,
    order: Rows,
    capacity: Rows,
    brokers: Brokers | None,
    reservation: float,
    pairs: int,
) -> Chosen:
    through = Brokers.nobody(first.size) if brokers is None else brokers
    return match_in_order(
        first,
        second,
        weights,
        order,
        capacity,
        through.of_first,
        through.of_second,
        through.between_partners,
        through.cases,
        through.partner_cases,
        float(reservation),
        int(pairs),
    )


def _limits(capacity: ArrayLike) -> Rows:
    limits = np.asarray(capacity)
    if limits.ndim > 1 or not np.issubdtype(limits.dtype, np.integer) or (limits < 0).any():
        raise UsageError(f"capacity = {capacity!r}: must be a whole number, or (n,) of them, 0 or more")
    return limits.astype(np.int64)


def introduce(world: World) -> None:
    """Choose this month's introductions among the candidates, within everybody's capacity.

    Every organisation takes at most one introduction a month, a broker its cases; a case counts at both brokers.
    The optimal rule leaves in ``world.matching_gap`` what may be missing.
    """
    state, rule = world.state, world.scenario.matching
    candidates, brokers = state.candidates, state.brokers
    state.introductions.clear()
    brokers.cases[:] = 0
    brokers.partner_cases[:] = 0
    world.matching_gap = None
    if not len(candidates):
        return
    first, second = candidates.seeker.astype(np.int64), candidates.other.astype(np.int64)
    through = Brokers(
        candidates.seeker_broker.astype(np.int64),
        candidates.other_broker.astype(np.int64),
        candidates.channel == Channel.PARTNER,
        brokers.case_capacity.astype(np.int64),
        brokers.partner_case_capacity.astype(np.int64),
    )
    one_each = np.ones(len(state.organisations), dtype=np.int64)
    identities = state.organisations.identity
    addresses = edge_addresses(world.key, Purpose.MATCHING_TIE_BREAK, world.month, first, second, identities)
    market = (first, second, candidates.weight)
    limits = (one_each, through, rule.reservation_value)
    if rule.rule == "optimal":
        best = optimal_matching(*market, addresses, *limits, rule.auction_epsilon, rule.auction_rounds)
        chosen, world.matching_gap = best.chosen, best.gap
    else:
        chosen = stable_matching(*market, addresses, *limits)
    if rule.rule == "random":
        order = edge_addresses(world.key, Purpose.MATCHING_RANDOM_ORDER, world.month, first, second, identities)
        chosen = random_matching(*market, order, one_each, int(np.count_nonzero(chosen)), *limits[1:])
    rows = np.flatnonzero(chosen)
    state.introductions.append(len(rows), **{column.name: cells[rows] for column, cells in candidates.columns()})
    _spend_cases(world)
    _count_introductions(world)


def _spend_cases(world: World) -> None:
    """Charge the cases to the brokers, and credit the memberships through which partners were introduced."""
    introductions, brokers, members = world.state.introductions, world.state.brokers, world.state.members
    of_first, of_second = introductions.seeker_broker, introductions.other_broker
    between = introductions.channel == Channel.PARTNER
    other_too = (of_second != NOBODY) & (of_second != of_first)
    for side, counted in ((of_first, of_first != NOBODY), (of_second, other_too)):
        np.add.at(brokers.cases, side[counted], 1)
        np.add.at(brokers.partner_cases, side[counted & between], 1)
        acting = brokers.member[side[counted & between]]
        np.add.at(members.success_now, acting, world.scenario.engagement.introduction_points)


def _count_introductions(world: World) -> None:
    introductions, organisations = world.state.introductions, world.state.organisations
    seeker, other = introductions.seeker, introductions.other
    region, other_region = organisations.region[seeker], organisations.region[other]
    across_border = world.geography.across_border[region, other_region]
    for name, counted in (
        ("introductions_platform", introductions.channel == Channel.PLATFORM),
        ("introductions_cross_sector", organisations.sector[seeker] != organisations.sector[other]),
        ("introductions_cross_region", region != other_region),
        ("introductions_cross_border", across_border),
    ):
        world.count(name, int(np.count_nonzero(counted)))
    world.count("introductions", len(introductions))
    for side in (seeker, other):
        organisations.served[side[made_by_programme(introductions.channel)]] = True
