"""Edges as a caller gives them, checked once, then two columns of nodes; and the brokers through whom they go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.errors import UsageError
from simulation.state import NOBODY

__all__ = ["Brokers", "ends_of"]


@dataclass(frozen=True)
class Brokers:
    """The third side of a matching: through whom each edge goes, and how many cases a broker can take.

    Attributes
    ----------
    of_first, of_second : (m,) int64
        Broker of each side of each edge, or NOBODY. Each loses one case; the same broker on both sides loses
        one.
    between_partners : (m,) bool
        The edge is a case with a partner's client and counts in ``partner_cases`` as well.
    cases, partner_cases : (b,) int64
        What each broker can take, and how much of that between partners.
    """

    of_first: NDArray[np.int64]
    of_second: NDArray[np.int64]
    between_partners: NDArray[np.bool_]
    cases: NDArray[np.int64]
    partner_cases: NDArray[np.int64]

    @classmethod
    def nobody(cls, edges: int) -> Brokers:
        """No broker at any of so many edges."""
        none, empty = np.full(edges, NOBODY, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return cls(none, none, np.zeros(edges, dtype=np.bool_), empty, empty)

    def widened(self) -> Brokers:
        """The same with int64 columns, however narrow they are."""
        columns = (self.of_first, self.of_second, self.cases, self.partner_cases)
        of_first, of_second, cases, partner_cases = (column.astype(np.int64) for column in columns)
        return Brokers(of_first, of_second, self.between_partners, cases, partner_cases)

    def of(self, kept: NDArray[np.bool_]) -> Brokers:
        """The brokers of some of the edges."""
        return Brokers(
            self.of_first[kept], self.of_second[kept], self.between_partners[kept], self.cases, self.partner_cases
        )


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
