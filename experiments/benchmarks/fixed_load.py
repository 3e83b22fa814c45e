"""The fixed load of the benchmark: 10 % of firms seek a month, 32 candidates each, 16 domains.

The full model is brought to it through scenario values alone (:func:`load_values`). It runs every indicator and
every mechanism, and leaves none of them idle but the shock and the follow-on partnership.

The *core* of a month (value whom a seeker is shown, match, let the matched learn) is run on the same firms and the
same draws three times over: as a plain Mesa model, in vectorised numpy, and through this project's kernels. Those
draws are made before the clock starts: the peers have them for nothing, while the full model draws its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.purposes import Purpose
from simulation.randomness import combined, stream_key, uniforms
from simulation.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from simulation.state import Table

__all__ = ["CANDIDATES", "SCENARIO", "SEEKING", "Market", "Shown", "fixed_load", "load_values", "market_of", "shown"]

SCENARIO = "smart-space-flexible"
SEEKING = 0.1
CANDIDATES = 32

type Floats = NDArray[np.floating]
type Rows = NDArray[np.int64]

FIXED = {
    # Every SME is an innovator with room for a project, and seeks with the same probability.
    "population.innovator_share": 1.0,
    "matching.running_projects": 20,
    "matching.employees_per_project": 0.001,
    "search.seeking_rate": SEEKING,
    "search.broker_effect": 0.0,
    "search.platform_effect": 0.0,
    "search.referred_effect": 0.0,
    # 32 candidates are left on average of 37 attempts: some meet oneself, one seen before, or one's own body.
    "search.friends_of_friends": 5,
    "search.broker_clients": 7,
    "search.partner_clients": 11,
    "search.platform_candidates": 10,
    "search.event_guests": 4,
    # Every firm has a broker, no broker runs out of cases, every partner shows all its clients.
    "enrolment.registered_at_start": 1.0,
    "brokerage.cases_per_post": 1000,
    "brokerage.partner_cases_per_post": 1000,
    "coordination.introduction_days": 0.0,
    "engagement.at_start": 1.0,
    "engagement.adjustment": 0.0,
    # No mechanism idles that the scenario leaves out.
    "platform.starts_month": 1,
    "platform.connections": True,
    "s3.process": "discovery",
    "brokerage.need_form_rate": 0.02,
    "brokerage.s3_attention": 0.2,
    "instruments.owners": "agencies",
    "satisfaction.introduction_memory": 0.3,
    "satisfaction.service_memory": 0.1,
    "satisfaction.reuse": 0.5,
    "satisfaction.word_of_mouth": 0.5,
    "investment.tickets_per_region_month": 2.0,
}
"""What the load changes in the scenario, whatever the number of SMEs and months."""

FURTHER_SERVICES = {
    "awareness": 0,
    "coaching": 4,
    "mobility": 4,
    "investment_readiness": 4,
    "forum": 4,
    "exchange_group": 40,
    "referral": 4,
}
"""Kinds of service that the scenario does not offer, with their places a month and region."""

CHALLENGE: dict[str, object] = {
    "name": "Of the benchmark",
    "opens_month": 1,
    "budget_keur": 1e6,
    "grant_keur": 25.0,
    "grant_share": 0.5,
    "threshold": 0.5,
    "source_of_money": "eu",
}
FIRMS_PER_POST = 5_000


def load_values(smes: int, months: int) -> dict[str, object]:
    """Return what the load sets in the scenario ``smart-space-flexible``, by dotted key.

    Parameters
    ----------
    smes : int
        SMEs wanted; every cluster has the same number of them, at least one.
    months : int
        Length of the run, and of everything that the programme offers.
    """
    shipped = load_scenario(SCENARIO)
    clusters = len(shipped.population.regions) * len(shipped.population.sectors)
    posts = max(1.0, smes / FIRMS_PER_POST / len(shipped.brokers))
    return {
        **FIXED,
        **{f"regions.{code}.innovator_share": 1.0 for code in shipped.population.regions},
        **{f"brokers.{name}.posts": min(1000.0, posts) for name in shipped.brokers},
        **_programme(shipped, months),
        **dict.fromkeys(("months", "programme_end_month", "platform.ends_month"), months),
        "population.smes_per_cluster": max(1, round(smes / clusters)),
    }


def _programme(shipped: Scenario, months: int) -> dict[str, object]:
    """Every kind of service, and a challenge, from the first month to the last."""
    values: dict[str, object] = {}
    for name in shipped.services:
        values |= {f"services.{name}.starts_month": 1, f"services.{name}.ends_month": months}
    for kind, places in FURTHER_SERVICES.items():
        service = {
            "name": kind,
            "kind": kind,
            "starts_month": 1,
            "ends_month": months,
            "places_per_month": places,
            "cost_keur": 0.1,
            "source_of_money": "eu",
        }
        values |= {f"services.further-{kind.replace('_', '-')}.{key}": value for key, value in service.items()}
    challenge = CHALLENGE | {"closes_month": months}
    return values | {f"challenges.benchmark.{key}": value for key, value in challenge.items()}


def fixed_load(smes: int, months: int) -> Scenario:
    """Return the scenario of the full model under the fixed load; parameters as of :func:`load_values`."""
    return load_scenario(SCENARIO, load_values(smes, months))


@dataclass(frozen=True)
class Market:
    """The firms of the core, and the parameters that it reads.

    Attributes
    ----------
    knowledge : (n, 16) float32 or float64
        Level of each firm in each domain.
    needs : (n, 3) int8
        Domains that a firm needs.
    absorptive_capacity : (n,) float32 or float64
    identity : (n,) uint64
        Address of the random numbers of a firm.
    own_needs_weight, distance_scale, reservation_value, transfer_rate : float
        Parameters ``surplus.own_needs_weight``, ``surplus.cognitive_distance_scale``,
        ``matching.reservation_value`` and ``learning.transfer_rate``.
    """

    knowledge: Floats
    needs: NDArray[np.int8]
    absorptive_capacity: Floats
    identity: NDArray[np.uint64]
    own_needs_weight: float
    distance_scale: float
    reservation_value: float
    transfer_rate: float

    def __len__(self) -> int:
        return len(self.identity)

    def needs_weights(self) -> Floats:
        """Weight of every domain for every firm, (n, 16): half uniform, half on its own needs; rows sum to 1."""
        domains, wanted = self.knowledge.shape[1], self.needs.shape[1]
        weights = np.full(self.knowledge.shape, (1.0 - self.own_needs_weight) / domains, self.knowledge.dtype)
        rows = np.arange(len(self))
        for needed in self.needs.T:
            weights[rows, needed] += self.own_needs_weight / wanted
        return weights


def market_of(scenario: Scenario, organisations: Table, dtype: type[np.floating] = np.float32) -> Market:
    """Return the SMEs of a founded population as the market of the core, its levels in the given type."""
    smes = np.flatnonzero(organisations.alive & (organisations.kind == Kind.SME))
    return Market(
        knowledge=organisations.knowledge[smes].astype(dtype),
        needs=organisations.needs[smes],
        absorptive_capacity=organisations.absorptive_capacity[smes].astype(dtype),
        identity=organisations.identity[smes],
        own_needs_weight=scenario.surplus.own_needs_weight,
        distance_scale=scenario.surplus.cognitive_distance_scale,
        reservation_value=scenario.matching.reservation_value,
        transfer_rate=scenario.learning.transfer_rate,
    )


@dataclass(frozen=True)
class Shown:
    """Who seeks this month, and whom each is shown.

    Attributes
    ----------
    seekers : (s,) int64
        Rows of firms, rising.
    candidates : (s, 32) int64
        Rows of other firms; one may be shown twice.
    """

    seekers: Rows
    candidates: Rows


def shown(market: Market, month: int, seed: int = 1) -> Shown:
    """Draw the seekers of a month, each with probability one tenth, and 32 others for each, all by address."""
    key = stream_key(seed, 0)
    seekers = np.flatnonzero(uniforms(key, Purpose.SEEKING, month, market.identity) < SEEKING)
    places = combined(np.repeat(market.identity[seekers], CANDIDATES), np.tile(np.arange(CANDIDATES), len(seekers)))
    drawn = uniforms(key, Purpose.CANDIDATE_SAMPLE, month, places) * (len(market) - 1)
    candidates = drawn.astype(np.int64).reshape(len(seekers), CANDIDATES)
    candidates += candidates >= seekers[:, None]
    return Shown(seekers, candidates)
