"""What a mechanism is given: the scenario, the state, the month, the addresses of randomness, the map.

A mechanism of the month is a function of a :class:`World` that changes its state and returns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.geography import Geography
from simulation.scenario import Scenario
from simulation.state import NOBODY, State


def as_proposed[Proposal: NDArray[Any]](agents: str, decision: str, proposal: Proposal) -> Proposal:
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
    proximity : (regions, regions) float64
        Factor on surplus from distance and borders; follows from the scenario and never changes.
    representation : (brokers, choices) int32
        Memberships that each broker can act for, the first present one counting: its own, its parent's, an authority's.
    event_regions : (regions,) bool
        Regions where a service holds an event this month.
    event_guests : (organisations,) bool
        Organisations with a place at an event this month.
    exchange_groups : int
        Number of exchange groups of firms.
    core_domains : (sectors, domains) bool
        Core domains of each sector.
    """

    scenario: Scenario
    key: np.uint64
    month: int
    state: State
    geography: Geography
    adjacency: Adjacency
    decide: Callable[[str, str, Any], Any] = as_proposed
    proximity: NDArray[np.float64] = field(default_factory=lambda: np.ones((0, 0)))
    representation: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int32))
    event_regions: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    event_guests: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    exchange_groups: int = 0
    core_domains: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))

    @property
    def policy_on(self) -> bool:
        """Whether the programme acts this month."""
        programme = self.scenario.programme
        return programme.active and programme.starts_month <= self.month <= self.scenario.programme_end_month

    @property
    def platform_on(self) -> bool:
        """Whether a staffed platform shows registered firms to each other this month."""
        platform = self.scenario.platform
        return self.policy_on and platform.staffed and platform.starts_month <= self.month <= platform.ends_month

    def partnership_row(self, name: str | None) -> int:
        """Row of a partnership of the scenario; NOBODY for None."""
        return NOBODY if name is None else sorted(self.scenario.partnerships).index(name)

    def count(self, counter: str, increase: int) -> None:
        """Add to a cumulative counter; nothing is counted before month 1."""
        if self.month >= 1:
            self.state.counters.storage[counter][0] += increase
