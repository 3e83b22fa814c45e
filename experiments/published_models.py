"""The published models behind the mechanisms, each run with its paper's settings and held against its result.

What runs is what the scenarios run: the mechanisms as functions of arrays. The figures marked as computed come from
a program that was written independently of this one, or from a formula.

References
----------
March (1991), Exploration and exploitation in organizational learning, Organization Science 2:71-87.
Cowan & Jonard (2004), Network structure and the diffusion of knowledge, JEDC 28:1557-1575.
Hegselmann & Krause (2002), Opinion dynamics and bounded confidence, JASSS 5(3)2.
Watts & Strogatz (1998), Collective dynamics of small-world networks, Nature 393:440-442.
Preis (1999), Linear time 1/2-approximation algorithm for maximum weighted matching, STACS 99.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from simulation.mechanisms.knowledge_exchange import exchange
from simulation.mechanisms.matching import match
from simulation.mechanisms.negotiation import negotiate
from simulation.mechanisms.networks import adjacency, clustering_coefficient, path_length, watts_strogatz
from simulation.mechanisms.peer_learning import peer_learning
from simulation.purposes import Purpose
from simulation.randomness import addressed_order, normals, stream_key, uniforms

__all__ = ["KNOWLEDGE_AT_EQUILIBRIUM", "PUBLISHED_MODELS", "P_SOCIALISATION", "PublishedFigure"]

type Values = NDArray[np.float64]

# fmt: off
P_SOCIALISATION = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
KNOWLEDGE_AT_EQUILIBRIUM: dict[float, tuple[float, ...]] = {
    0.1: (0.932, 0.909, 0.901, 0.900, 0.899, 0.901, 0.902, 0.904, 0.906),
    0.5: (0.977, 0.955, 0.935, 0.919, 0.905, 0.894, 0.884, 0.877, 0.871),
    0.9: (0.986, 0.970, 0.953, 0.937, 0.918, 0.904, 0.890, 0.876, 0.865),
}
# fmt: on
"""March: the code's knowledge by p2, one value a p1, from 4,000 replications (computed)."""


@dataclass(frozen=True)
class PublishedFigure:
    """A figure of a published model.

    Attributes
    ----------
    quantity : str
        What is measured.
    target : str
        The published value, or what it is compared with.
    measured : float
        What came out.
    low, high : float
        Least and largest value that count as reproduced; infinite where there is no such bound.
    """

    quantity: str
    target: str
    measured: float
    low: float
    high: float

    @property
    def met(self) -> bool:
        """Whether the published result came out."""
        return self.low <= self.measured <= self.high


def march_1991(replications: int = 400, tolerance: float = 0.01) -> Iterator[PublishedFigure]:
    """Yield the code's knowledge at equilibrium in every cell of the table."""
    for p_code, row in KNOWLEDGE_AT_EQUILIBRIUM.items():
        for p_socialisation, target in zip(P_SOCIALISATION, row, strict=True):
            runs = [
                peer_learning(p_socialisation=p_socialisation, p_code=p_code, seed=seed).code_knowledge[-1]
                for seed in range(replications)
            ]
            quantity = f"knowledge of the code, p1 = {p_socialisation}, p2 = {p_code}"
            measured = float(np.mean(runs))
            yield PublishedFigure(quantity, f"{target:.3f}", measured, target - tolerance, target + tolerance)


def cowan_jonard_2004(replications: int = 10) -> Iterator[PublishedFigure]:
    """Yield where on the way from ring to random network knowledge, and its variance, are largest."""
    rewiring = (0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.09, 0.15, 0.25, 0.5, 1.0)
    levels = {p: [_levels_at_rest(p, seed) for seed in range(replications)] for p in rewiring}
    means = {p: float(np.mean([each.mean() for each in runs])) for p, runs in levels.items()}
    variances = {p: float(np.mean([each.var() for each in runs])) for p, runs in levels.items()}
    small_world = (means[0.09] + means[0.15] + means[0.25]) / 3
    for end, factor, name in ((0.0001, 1.15, "ring"), (1.0, 1.04, "random network")):
        quantity = f"mean knowledge in the small world by that on the {name}"
        yield PublishedFigure(quantity, f"at least {factor}", small_world / means[end], factor, np.inf)
    peak = max(variances, key=variances.__getitem__)
    yield PublishedFigure("rewiring at which the variance peaks", "0.05 to 0.5", peak, 0.05, 0.5)


def hegselmann_krause_2002(runs: int = 100, members: int = 1000) -> Iterator[PublishedFigure]:
    """Yield clusters below the threshold of consensus, and consensus above it."""
    opinions = [_drawn(members, seed) for seed in range(runs)]
    narrow = np.array([negotiate(each, 0.15).clusters for each in opinions])
    wide = np.array([negotiate(each, 0.25).clusters for each in opinions])
    yield PublishedFigure("share in consensus, tolerance 0.15", "0", float((narrow == 1).mean()), 0.0, 0.0)
    yield PublishedFigure("clusters, tolerance 0.15", "2.2 to 2.7", float(narrow.mean()), 2.2, 2.7)
    consensus = float((wide == 1).mean())
    yield PublishedFigure("share in consensus, tolerance 0.25", "at least 0.9", consensus, 0.9, 1.0)


def watts_strogatz_1998(nodes: int = 1000, degree: int = 10) -> Iterator[PublishedFigure]:
    """Yield clustering and path length at both ends and in the small world, against the known limits."""
    ring, few, random = (_clustering_and_paths(nodes, degree, p) for p in (0.0, 0.01, 1.0))
    clustering, length = 3 * (degree - 2) / (4 * (degree - 1)), nodes / (2 * degree)
    yield _near("clustering of the ring: 3 (k - 2) / 4 (k - 1)", clustering, ring[0], 1e-12)
    yield _near("path length of the ring: n / 2k", length, ring[1], 0.02)
    yield _near("clustering of the random network: k / n", degree / nodes, random[0], 0.2)
    yield _near("path length of the random network: ln n / ln k", log(nodes) / log(degree), random[1], 0.15)
    shorter, kept = few[1] / ring[1], few[0] / ring[0]
    yield PublishedFigure("path length, 1 % rewired, by the ring's", "below 0.25", shorter, 0.0, 0.25)
    yield PublishedFigure("clustering, 1 % rewired, by the ring's", "above 0.95", kept, 0.95, 1.0)


def matching(markets: int = 100, sellers: int = 30, buyers: int = 40) -> Iterator[PublishedFigure]:
    """Yield how stable and how good the greedy matching is, on two-sided markets and on general ones."""
    from networkx import Graph, max_weight_matching
    from scipy.optimize import linear_sum_assignment

    assigned, general, blocking = [], [], 0
    for seed in range(markets):
        edges = np.array([(i, sellers + j) for i in range(sellers) for j in range(buyers)])
        worth = _lognormal(edges.shape[0], seed)
        chosen = match(edges, worth, seed=seed)
        blocking += _blocking_pairs(edges, worth, chosen)
        table = worth.reshape(sellers, buyers)
        assigned.append(float(worth[chosen].sum() / table[linear_sum_assignment(table, maximize=True)].sum()))
        edges = watts_strogatz(sellers, 6, 1.0, seed)
        worth = _lognormal(edges.shape[0], seed, counter=1)
        chosen = match(edges, worth, seed=seed)
        blocking += _blocking_pairs(edges, worth, chosen)
        graph = Graph()
        graph.add_weighted_edges_from((int(i), int(j), float(w)) for (i, j), w in zip(edges, worth, strict=True))
        best = sum(graph[i][j]["weight"] for i, j in max_weight_matching(graph))
        general.append(float(worth[chosen].sum() / best))
    yield PublishedFigure("blocking pairs", "0", blocking, 0.0, 0.0)
    for kind, shares in (("two-sided", assigned), ("general", general)):
        yield PublishedFigure(f"least share of the optimum, {kind} markets", "at least 1/2", min(shares), 0.5, 1.0)
        typical = float(np.median(shares))
        yield PublishedFigure(f"typical share of the optimum, {kind} markets", "at least 1/2", typical, 0.5, 1.0)


PUBLISHED_MODELS: dict[str, Callable[[], Iterator[PublishedFigure]]] = {
    "march-1991": march_1991,
    "cowan-jonard-2004": cowan_jonard_2004,
    "hegselmann-krause-2002": hegselmann_krause_2002,
    "watts-strogatz-1998": watts_strogatz_1998,
    "matching": matching,
}
"""Published models by name."""


def _near(quantity: str, target: float, measured: float, tolerance: float) -> PublishedFigure:
    """Return a figure that may differ by a share of its target."""
    slack = tolerance * target
    return PublishedFigure(quantity, f"{target:.4g}", measured, target - slack, target + slack)


def _levels_at_rest(rewiring: float, seed: int) -> Values:
    """Return the mean level of every agent when nothing is traded any more."""
    agents, categories, experts = 500, 5, 25
    knowledge = 10.0 * _drawn(agents * categories, seed)
    knowledge[_order(knowledge.size, seed)[:experts]] = 30.0
    network = watts_strogatz(agents, 10, rewiring, seed=seed)
    levels: Values = exchange(knowledge.reshape(agents, categories), network, rule="barter", seed=seed).mean(axis=1)
    return levels


def _clustering_and_paths(nodes: int, degree: int, rewiring: float) -> tuple[float, float]:
    edges = watts_strogatz(nodes, degree, rewiring, seed=1)
    offsets, neighbours, _ = adjacency(edges[:, 0].copy(), edges[:, 1].copy(), nodes)
    clustering, length = clustering_coefficient(offsets, neighbours), path_length(offsets, neighbours, np.arange(nodes))
    return float(clustering or 0.0), float(length or 0.0)


def _blocking_pairs(edges: NDArray[np.int64], worth: Values, chosen: NDArray[np.bool_]) -> int:
    """Return how many pairs not chosen are worth more to both than what they have."""
    held = np.zeros(edges.max() + 1)
    held[edges[chosen].ravel()] = np.repeat(worth[chosen], 2)
    return int(np.sum(~chosen & (worth > held[edges[:, 0]]) & (worth > held[edges[:, 1]])))


def _identities(number: int) -> NDArray[np.uint64]:
    return np.arange(number, dtype=np.uint64)


def _drawn(number: int, seed: int) -> Values:
    return uniforms(stream_key(seed, 0), Purpose.PUBLISHED_START, 0, _identities(number))


def _lognormal(number: int, seed: int, counter: int = 0) -> Values:
    return np.exp(normals(stream_key(seed, 0), Purpose.PUBLISHED_WORTH, 0, _identities(number), counter))


def _order(number: int, seed: int) -> NDArray[np.int64]:
    return addressed_order(stream_key(seed, 0), Purpose.PUBLISHED_EXPERTS, 0, _identities(number))
