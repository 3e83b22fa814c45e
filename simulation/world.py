"""What a mechanism is given: the scenario, the state, the month, the addresses of randomness, the map.

A mechanism of the month is a function of a :class:`World` that changes its state and returns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulation.geography import Geography
from simulation.scenario import Scenario
from simulation.state import State

Proposal = TypeVar("Proposal", bound=NDArray[Any])


def as_proposed(agents: str, decision: str, proposal: Proposal) -> Proposal:
    """Every agent decides as its rule proposes."""
    return proposal


@dataclass(frozen=True)
class Adjacency:
    """The ties of every organisation: those of row i are ``neighbours[offsets[i]:offsets[i + 1]]``."""

    offsets: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    ties: NDArray[np.int32]


@dataclass
class World:
    """One run in one month.

    Attributes
    ----------
    decide : callable
        ``decide(table, decision, proposal)``: what the agents of a table (``"brokers"``, ``"members"``, ...) make of
        what their rule proposes, one value a row. Rules propose for all at once; an agent's class may decide otherwise.
    served, guests : arrays by region
        Set by services in a month and read by enrolment and search in the same month.
    """

    scenario: Scenario
    key: np.uint64
    month: int
    state: State
    geography: Geography
    adjacency: Adjacency
    decide: Callable[[str, str, Any], Any] = as_proposed
    event_regions: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    @property
    def policy_on(self) -> bool:
        """Whether the programme acts this month."""
        programme = self.scenario.programme
        return programme.active and programme.starts_month <= self.month <= self.scenario.programme_end_month

    def count(self, counter: str, increase: int) -> None:
        """Add to a cumulative counter; nothing is counted before month 1."""
        if self.month >= 1:
            self.state.counters._columns[counter][0] += increase
