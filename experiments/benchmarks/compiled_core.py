"""The core through this project's own kernels: what the full model's search, matching and learning run on."""

from __future__ import annotations

import numpy as np

from experiments.benchmarks.fixed_load import Market, Shown
from simulation.kernels.profiles import PROFILE
from simulation.kernels.surplus import pair_surpluses
from simulation.mechanisms.knowledge_exchange import transfer
from simulation.mechanisms.matching import TieBreak, stable_matching
from simulation.randomness import stream_key

__all__ = ["CompiledCore"]


class CompiledCore:
    """A market of firms as the columns of the model, in one region and without ties.

    Parameters
    ----------
    market : Market
        Firms and parameters.

    Attributes
    ----------
    knowledge : (n, 16) float
    introductions : (m, 2) int64
        Those of the last month.
    """

    def __init__(self, market: Market, seed: int = 1) -> None:
        self.market = market
        self.knowledge = market.knowledge.copy()
        self.introductions = np.empty((0, 2), dtype=np.int64)
        self._month = 0
        self._key = stream_key(seed, 0)
        self._profiles = np.zeros(len(market), dtype=PROFILE)
        self._profiles["needs"], self._profiles["absorptive_capacity"] = market.needs, market.absorptive_capacity
        self._one_each = np.ones(len(market), dtype=np.int64)
        self.show(Shown(np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.int64)))

    def show(self, shown: Shown) -> None:
        """Say who seeks in the next month, and whom each is shown."""
        self._first = np.repeat(shown.seekers, shown.candidates.shape[1])
        self._second = shown.candidates.ravel()

    def step(self) -> None:
        """Simulate one month."""
        market, first, second = self.market, self._first, self._second
        self._month += 1
        surplus, distance = np.empty(len(first)), np.empty(len(first))
        pair_surpluses(
            first,
            second,
            self.knowledge,
            self._profiles,
            market.own_needs_weight,
            market.distance_scale,
            surplus,
            distance,
        )
        ties = TieBreak(self._key, self._month, market.identity)
        chosen = stable_matching(first, second, surplus, ties, self._one_each, reservation=market.reservation_value)
        self.introductions = np.stack((first[chosen], second[chosen]), axis=1)
        rate = market.transfer_rate
        transfer(self.knowledge, first[chosen], second[chosen], market.absorptive_capacity, rate)
