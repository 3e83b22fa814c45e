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

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.assignment import Assignment, assign
from simulation.codes import Channel
from simulation.edges import Brokers, ends_of
from simulation.errors import UsageError
from simulation.kernels.matching import match_in_order, record_introductions
from simulation.kernels.networks import pair_bits
from simulation.kernels.orders import rising_order
from simulation.kernels.stable_matching import match_best_first
from simulation.projects import made_by_programme
from simulation.purposes import Purpose
from simulation.randomness import stream_key
from simulation.world import World

__all__ = [
    "Brokers",
    "TieBreak",
    "edge_addresses",
    "introduce",
    "match",
    "optimal_matching",
    "random_matching",
    "stable_matching",
]

type Rows = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Addresses = NDArray[np.uint64]
type Chosen = NDArray[np.bool_]

COUNTERS = (
    "introductions_platform",
    "introductions_cross_sector",
    "introductions_cross_region",
    "introductions_cross_border",
)
RULES = ("stable", "optimal", "random")
RANDOM_ORDERS = 32

BID_STEP = 1e-4
"""Bid step of :func:`match`, in parts of the mean weight of bidders' best edges."""

THROUGH_PROGRAMME = made_by_programme(np.array(Channel, dtype=np.int8))
"""Whether each channel exists through a programme only, by its code."""


class TieBreak(NamedTuple):
    """Where edges of equal weight get their random bits: at (MATCHING_TIE_BREAK, month, identity of the pair, 0).

    Attributes
    ----------
    key : uint64
    month : int
    identities : (n,) uint64
        Of the organisations; that of a pair follows.
    """

    key: np.uint64
    month: int
    identities: Addresses


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
    if rule == "optimal":
        addresses = edge_addresses(key, Purpose.MATCHING_TIE_BREAK, 0, first, second, identities)
        return optimal_matching(first, second, worth, addresses, places).chosen
    stable = stable_matching(first, second, worth, TieBreak(key, 0, identities), places)
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
    ties: TieBreak,
    capacity: Rows,
    brokers: Brokers | None = None,
    reservation: float = 0.0,
) -> Chosen:
    """The pairwise-stable matching: edges by falling weight, equal ones by address.

    It is the fastest where edges with the same first end stand side by side.

    Parameters
    ----------
    first, second : (m,) int64 or int32
        Ends of the edges, rows of ``capacity``.
    weights : (m,) float64
    ties : TieBreak
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
    through = Brokers.nobody(first.size) if brokers is None else brokers
    return match_best_first(
        first,
        second,
        weights,
        *ties,
        capacity,
        through.of_first,
        through.of_second,
        through.between_partners,
        through.cases,
        through.partner_cases,
        float(reservation),
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
    addresses : (m,) uint64
        From :func:`edge_addresses`; break ties between equal bids.
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

    Parameters as in :func:`stable_matching`; ``addresses`` are those of :func:`edge_addresses`, and ``pairs`` is how
    many edges that one takes.
    """
    through = Brokers.nobody(first.size) if brokers is None else brokers
    return match_in_order(
        first,
        second,
        weights,
        rising_order(addresses),
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
    state = world.state
    candidates, introductions = state.candidates, state.introductions
    state.brokers.cases[:] = 0
    state.brokers.partner_cases[:] = 0
    world.matching_gap = None
    if not len(candidates):
        introductions.clear()
        return
    introductions.take(candidates, np.flatnonzero(_chosen(world)))
    _record(world)


def _chosen(world: World) -> Chosen:
    """Choose among the candidates by the rule of the scenario: (candidates,) bool."""
    candidates, brokers, rule = world.state.candidates, world.state.brokers, world.scenario.matching
    organisations = world.state.organisations
    first, second, weights, identities = candidates.seeker, candidates.other, candidates.weight, organisations.identity
    through = Brokers(
        candidates.seeker_broker,
        candidates.other_broker,
        candidates.channel == Channel.PARTNER,
        brokers.case_capacity,
        brokers.partner_case_capacity,
    )
    one_each = np.ones(len(organisations), dtype=np.int64)
    if rule.rule != "optimal":
        ties = TieBreak(world.key, world.month, identities)
        stable = stable_matching(first, second, weights, ties, one_each, through, rule.reservation_value)
    if rule.rule == "stable":
        return stable
    first, second = first.astype(np.int64), second.astype(np.int64)
    limits = (through.widened(), rule.reservation_value)
    purpose = Purpose.MATCHING_TIE_BREAK if rule.rule == "optimal" else Purpose.MATCHING_RANDOM_ORDER
    order = edge_addresses(world.key, purpose, world.month, first, second, identities)
    if rule.rule == "random":
        pairs = int(np.count_nonzero(stable))
        return random_matching(first, second, weights, order, one_each, pairs, *limits)
    auction = (rule.auction_epsilon, rule.auction_rounds)
    best = optimal_matching(first, second, weights, order, one_each, *limits, *auction)
    world.matching_gap = best.gap
    return best.chosen


def _record(world: World) -> None:
    """Address this month's introductions, charge them to brokers, credit members, mark who is served, count them."""
    introductions, organisations, brokers = world.state.introductions, world.state.organisations, world.state.brokers
    members = world.state.members
    counted = record_introductions(
        introductions.seeker,
        introductions.other,
        introductions.seeker_broker,
        introductions.other_broker,
        introductions.channel,
        THROUGH_PROGRAMME,
        organisations.region,
        organisations.sector,
        world.geography.across_border,
        brokers.member,
        members.partnership,
        organisations.identity,
        world.scenario.engagement.introduction_points,
        organisations.served,
        brokers.cases,
        brokers.partner_cases,
        members.success_now,
        introductions.identity,
        introductions.partnership,
    )
    for name, count in zip(COUNTERS, counted, strict=True):
        world.count(name, count)
    world.count("introductions", len(introductions))
