"""Who already knows whom: small worlds inside clusters, gravity between them.

*Inside a cluster* (Watts & Strogatz 1998): a ring on which everybody knows its nearest, with a share of the
ties moved to somebody at random. Claim: a few moved ties shorten the paths almost to those of a random
network while neighbours still know each other.

    Ring: clustering 3 (k - 2) / 4 (k - 1), path length n / 2k.   Random network: about k / n and ln n / ln k.

*Between clusters*: organisations draw partners in proportion to the organisations in a region and to (1 + km
/ 50)^-exponent, less across a border.

References
----------
Watts, D. J., Strogatz, S. H. (1998). Collective dynamics of 'small-world' networks. Nature 393, 440-442.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.errors import UsageError
from simulation.kernels.networks import (
    adjacency,
    clustering,
    first_of_each_pair,
    gravity_ties,
    gravity_weights,
    rewire,
    ring_lattice,
)
from simulation.purposes import Purpose
from simulation.randomness import addressed_order, stream_key

__all__ = [
    "adjacency",
    "cluster_ties",
    "clustering_coefficient",
    "first_of_each_pair",
    "gravity_ties",
    "gravity_weights",
    "path_length",
    "sample_of_nodes",
    "watts_strogatz",
]

type Rows = NDArray[np.int64]
type Identities = NDArray[np.uint64]


def watts_strogatz(n: int, degree: int, rewiring: float, seed: int = 0) -> Rows:
    """A ring of n nodes, each tied to its nearest, with a share of the ties rewired.

    Parameters
    ----------
    n : int
        Nodes, 0 or more.
    degree : int
        Neighbours of each node on the ring, even.
    rewiring : float
        Probability that a tie is moved.
    seed : int

    Returns
    -------
    (m, 2) int64
        Edges, no two alike and none from a node to itself.

    Raises
    ------
    UsageError
        If a number is out of bounds.

    References
    ----------
    Watts & Strogatz (1998).
    """
    if n < 0:
        raise UsageError(f"n = {n!r}: must be 0 or more")
    if degree < 0 or degree % 2:
        raise UsageError(f"degree = {degree!r}: must be an even number, half on either side of a node")
    if not 0.0 <= rewiring <= 1.0:
        raise UsageError(f"rewiring = {rewiring!r}: must be a probability, between 0 and 1")
    first, second = cluster_ties(stream_key(seed, 0), np.arange(n, dtype=np.uint64), degree, rewiring)
    return np.column_stack((first, second))


def cluster_ties(key: np.uint64, identities: Identities, degree: int, rewiring: float) -> tuple[Rows, Rows]:
    """Founding ties inside one cluster.

    Parameters
    ----------
    key : uint64
    identities : (n,) uint64
        Of the cluster's organisations.
    degree : int
        Neighbours of each on the ring, even; all if there are no more than that.
    rewiring : float

    Returns
    -------
    first, second : (m,) int64
        Ends of the ties, counted within the cluster.
    """
    first, second = ring_lattice(identities.size, int(degree))
    return first, rewire(key, second, identities, float(rewiring))


def clustering_coefficient(offsets: Rows, neighbours: NDArray[np.int32]) -> float | None:
    """Mean over nodes of the share of pairs of neighbours who are tied themselves.

    Only nodes with at least two neighbours count.

    Parameters
    ----------
    offsets, neighbours
        From :func:`adjacency`, no pair tied twice.

    Returns
    -------
    float or None
        None if no node has two neighbours.
    """
    total, counted = clustering(offsets, neighbours)
    return float(total) / int(counted) if counted else None


def path_length(offsets: Rows, neighbours: NDArray[np.int32], sources: Rows) -> float | None:
    """Mean number of steps from the sources to every other node that can be reached.

    Parameters
    ----------
    offsets, neighbours
        From :func:`adjacency`.
    sources : (s,) int64
        All nodes for the exact value, else a sample (:func:`sample_of_nodes`).

    Returns
    -------
    float or None
        None if nobody can be reached.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    n = offsets.size - 1
    if n == 0 or sources.size == 0 or neighbours.size == 0:
        return None
    graph = csr_array((np.ones(neighbours.size), neighbours, offsets), shape=(n, n))
    steps = dijkstra(graph, unweighted=True, indices=sources)
    reached = np.isfinite(steps) & (steps > 0)
    pairs = int(np.count_nonzero(reached))
    return int(steps[reached].sum()) / pairs if pairs else None


def sample_of_nodes(key: np.uint64, month: int, identities: Identities, size: int) -> Rows:
    """Rows of at most ``size`` of the (n,) identities, drawn for this month.

    A node more changes the sample by at most one.
    """
    return addressed_order(key, Purpose.PATH_LENGTH_SAMPLE, month, identities)[:size]
