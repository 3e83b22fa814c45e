"""The core in vectorised numpy: no loop over firms or pairs, blocks that fit into the cache.

The pairwise-stable matching is found in rounds: in each, every pair that is the best one left for both its firms
is introduced, and whoever is introduced drops out. Under a strict order of pairs this ends in the same matching
as taking them one by one by falling surplus.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.benchmarks.fixed_load import Floats, Market, Rows, Shown

__all__ = ["VectorisedNumpy"]

BLOCK = 128
"""Seekers valued at a time: the differences of their 4,096 pairs stay in the processor's cache."""


class VectorisedNumpy:
    """A market of firms as arrays.

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

    def __init__(self, market: Market) -> None:
        self.market = market
        self.knowledge = market.knowledge.copy()
        self.wants = market.needs_weights()
        self.introductions = np.empty((0, 2), dtype=np.int64)
        self._shown = Shown(np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.int64))

    def show(self, shown: Shown) -> None:
        """Say who seeks in the next month, and whom each is shown."""
        self._shown = shown

    def step(self) -> None:
        """Simulate one month."""
        seekers, candidates = self._shown.seekers, self._shown.candidates
        surplus = np.empty(candidates.shape, dtype=self.knowledge.dtype)
        for start in range(0, len(seekers), BLOCK):
            block = slice(start, start + BLOCK)
            surplus[block] = self.surplus_of(seekers[block], candidates[block])
        worth_it = surplus >= self.market.reservation_value
        seeker = np.repeat(seekers, worth_it.sum(axis=1))
        self.introductions = introduce(seeker, candidates[worth_it], surplus[worth_it], len(self.market))
        self.learn()

    def surplus_of(self, seekers: Rows, candidates: Rows) -> Floats:
        """What each pair is worth, (s, c)."""
        market = self.market
        difference = self.knowledge[candidates] - self.knowledge[seekers][:, None, :]
        squares = np.einsum("scd,scd->sc", difference, difference)
        more = np.maximum(difference, 0.0)
        own_gain = np.einsum("scd,sd->sc", more, self.wants[seekers])
        others_gain = np.einsum("scd,scd->sc", more - difference, self.wants[candidates])
        ability = market.absorptive_capacity[seekers][:, None] + market.absorptive_capacity[candidates]
        reach = market.distance_scale * (0.5 + 0.5 * ability)
        understanding = np.exp(-(squares / difference.shape[2]) / (reach * reach))
        result: Floats = 2.0 * np.sqrt(own_gain * others_gain) * understanding
        return result

    def learn(self) -> None:
        """The introduced learn what the other knows better, from the levels before."""
        first, second = self.introductions.T
        difference = self.knowledge[second] - self.knowledge[first]
        rate = (self.market.transfer_rate * self.market.absorptive_capacity)[:, None]
        self.knowledge[first] += rate[first] * np.maximum(difference, 0.0)
        self.knowledge[second] += rate[second] * np.maximum(-difference, 0.0)


def introduce(seeker: Rows, other: Rows, surplus: Floats, firms: int) -> Rows:
    """Return the pairwise-stable matching, (m, 2)."""
    order = np.argsort(-surplus, kind="stable")
    first, second = seeker[order], other[order]
    free = np.ones(firms, dtype=np.bool_)
    best = np.empty(firms, dtype=np.int64)
    found: list[NDArray[np.int64]] = [np.empty((0, 2), dtype=np.int64)]
    while len(first):
        places = np.arange(len(first))
        best[first] = best[second] = len(first)
        np.minimum.at(best, first, places)
        np.minimum.at(best, second, places)
        matched = (best[first] == places) & (best[second] == places)
        found.append(np.stack((first[matched], second[matched]), axis=1))
        free[first[matched]] = free[second[matched]] = False
        left = free[first] & free[second]
        first, second = first[left], second[left]
    return np.concatenate(found)
