"""Edges as a caller gives them: checked once, then two columns of nodes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.errors import UsageError

__all__ = ["ends_of"]


def ends_of(edges: ArrayLike, nodes: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """The two ends of each edge, and the number of nodes.

    Parameters
    ----------
    edges : (m, 2) int
        Pairs of nodes, counted from 0. A pair may be listed more than once.
    nodes : int, optional
        Number of nodes; without it the highest node named plus one.

    Returns
    -------
    first, second : (m,) numpy.int64
    nodes : int

    Raises
    ------
    UsageError
        If the shape is not (m, 2), a node is not a whole number in range, or an edge joins a node to itself.
    """
    pairs = np.asarray(edges)
    if pairs.size == 0:
        pairs = np.zeros((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise UsageError(f"edges of shape {pairs.shape}: must be (m, 2), one row of two nodes for each edge")
    if not np.issubdtype(pairs.dtype, np.integer):
        raise UsageError(f"edges of type {pairs.dtype}: nodes must be whole numbers; convert them to integers")
    highest = int(pairs.max(initial=-1))
    limit = highest + 1 if nodes is None else nodes
    if int(pairs.min(initial=0)) < 0 or highest >= limit:
        wrong = int(np.flatnonzero(((pairs < 0) | (pairs >= limit)).any(axis=1))[0])
        raise UsageError(f"edges[{wrong}] = {pairs[wrong].tolist()}: with {limit} nodes each must be 0 to {limit - 1}")
    loops = np.flatnonzero(pairs[:, 0] == pairs[:, 1])
    if loops.size:
        raise UsageError(
            f"edges[{loops[0]}] = {pairs[loops[0]].tolist()}: an edge must join two different nodes; remove it"
        )
    first = np.ascontiguousarray(pairs[:, 0], dtype=np.int64)
    second = np.ascontiguousarray(pairs[:, 1], dtype=np.int64)
    return first, second, limit
