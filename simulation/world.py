"""What a mechanism is given: the scenario, the state, the month, the addresses of randomness, the map.

A mechanism of the month is a function of a :class:`World` that changes its state and returns nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.geography import Founding, Geography, exit_hazards, founding_of, region_column
from simulation.kernels.profiles import PROFILE
from simulation.money import cents, left_of_budget
from simulation.parameters.places import Service
from simulation.parameters.policy import Partnership
from simulation.scenario import Scenario
from simulation.state import NOBODY, State

ROUNDING = 1e-12
"""By how much rounding may miss a share of members."""


def as_proposed[Proposal: NDArray[Any]](agents: str, decision: str, proposal: Proposal) -> Proposal:
    """Every agent decides as its rule proposes."""
    return proposal


@dataclass(frozen=True)
class Adjacency:
    """The ties of every organisation: those of row i are ``neighbours[offsets[i]:offsets[i + 1]]``."""

    offsets: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    ties: NDArray[np.int32]


def quorum_of(attributes: Partnership) -> float:
    """Share of members who must be able to sign one draft: all of them under unanimity."""
    return 1.0 if attributes.decision == "unanimity" else attributes.quorum


@dataclass(frozen=True)
class Terms:
    """What members owe each other, as columns with one value a partnership; they follow from the scenario.

    Attributes
    ----------
    signatures : (partnerships,) float64
        Share of members who must be able to sign one draft, 1 under unanimity; less what rounding may take from it.
    floor, enforcement, binding : (partnerships,) float64
        As the attributes of governance say.
    lead_weight : (partnerships,) float64
        How often the opinion of the lead counts in a draft, 1 where no member leads.
    named_only : (partnerships,) bool
        Whether only those whom the founders name may join.
    """

    signatures: NDArray[np.float64]
    floor: NDArray[np.float64]
    enforcement: NDArray[np.float64]
    binding: NDArray[np.float64]
    lead_weight: NDArray[np.float64]
    named_only: NDArray[np.bool_]


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
    governance : tuple of Partnership
        Attributes of each partnership, its own where it has any; empty where all have the scenario's.
    struck : (clusters,) bool
        Clusters that a shock strikes this month; empty where there is none.
    platform_unpaid : bool
        Whether the programme's budget does not suffice for the platform's staff this month.
    event_regions : (regions,) bool
        Regions where a service holds an event this month; empty: none.
    event_guests : (organisations,) bool
        Organisations with a place at an event this month; empty: none.
    reached : (organisations,) bool
        Organisations that an awareness service reaches this month; empty: none.
    exchange_groups : int
        Number of exchange groups of firms.
    core_domains : (sectors, domains) bool
        Core domains of each sector.
    matching_gap : float or None
        Share of the optimum that may be missing from this month's introductions; None where no rule bounds it.
    profiles : (at least organisations,) of PROFILE
        Room for what pairs read of organisations; see :func:`simulation.profiles.profiles_of`.
    threads : int
        Threads of the run, which change no bit of it.
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
    governance: tuple[Partnership, ...] = ()
    struck: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    platform_unpaid: bool = False
    event_regions: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    event_guests: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    reached: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    exchange_groups: int = 0
    core_domains: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))
    matching_gap: float | None = None
    profiles: NDArray[Any] = field(default_factory=lambda: np.zeros(0, dtype=PROFILE))
    threads: int = 1

    def __post_init__(self) -> None:
        # What is worked out once goes into the dictionary of attributes, and from then on Python takes three times as
        # long to find any of them, unless the object does not share the keys of that dictionary with others.
        self.__dict__ = dict(self.__dict__)

    @property
    def policy_on(self) -> bool:
        """Whether the programme acts this month."""
        programme = self.scenario.programme
        return programme.active and programme.starts_month <= self.month <= self.scenario.programme_end_month

    @property
    def calls_on(self) -> bool:
        """Whether the programme holds calls this month."""
        return self.policy_on and self.scenario.programme.calls

    @property
    def services_on(self) -> bool:
        """Whether the programme offers services this month."""
        return self.policy_on and self.scenario.programme.services

    @property
    def missions_on(self) -> bool:
        """Whether challenges are posed this month."""
        return self.policy_on and self.scenario.missions.active

    @property
    def platform_on(self) -> bool:
        """Whether a staffed platform shows registered firms to each other this month."""
        platform = self.scenario.platform
        in_time = platform.starts_month <= self.month <= platform.ends_month
        return self.services_on and platform.staffed and in_time and not self.platform_unpaid

    @property
    def programme_left_cents(self) -> int | None:
        """Public money that the programme's budget leaves, neither spent nor promised; None without such a budget."""
        budget = cents(self.scenario.programme.budget_keur)
        return left_of_budget(self.state, budget) if budget else None

    @property
    def struck_firms(self) -> NDArray[np.bool_]:
        """Firms that a shock strikes this month, universities never: (organisations,) bool."""
        organisations = self.state.organisations
        if not self.struck.size:
            return np.zeros(len(organisations), dtype=np.bool_)
        firms: NDArray[np.bool_] = self.struck[organisations.cluster] & (organisations.kind != Kind.UNIVERSITY)
        return firms

    def attributes(self, partnership: int) -> Partnership:
        """Governance of the partnership in a row."""
        return self.governance[partnership] if self.governance else self.scenario.partnership

    @cached_property
    def terms(self) -> Terms:
        """Terms of every partnership, worked out once."""
        every = [self.attributes(row) for row in range(len(self.state.partnerships))]
        weight = self.scenario.coordination.lead_weight
        return Terms(
            signatures=np.array([quorum_of(each) for each in every], dtype=np.float64) - ROUNDING,
            floor=np.array([each.floor for each in every], dtype=np.float64),
            enforcement=np.array([each.enforcement for each in every], dtype=np.float64),
            binding=np.array([each.binding for each in every], dtype=np.float64),
            lead_weight=np.array([weight if each.coordination == "lead" else 1.0 for each in every], dtype=np.float64),
            named_only=np.array([each.eligible == "named" for each in every], dtype=np.bool_),
        )

    @cached_property
    def agencies(self) -> tuple[NDArray[np.uint64], NDArray[np.int16]]:
        """Identities and regions of brokers, parks and authorities, laid end to end: those they began the run with."""
        tables = (self.state.brokers, self.state.parks, self.state.authorities)
        return np.concatenate([each.identity for each in tables]), np.concatenate([each.region for each in tables])

    @cached_property
    def founding(self) -> Founding:
        """What newborns are drawn with."""
        return founding_of(self.scenario, self.geography)

    @cached_property
    def exit_hazards(self) -> NDArray[np.float64]:
        """Monthly hazards of exit by age class: (3,) float64."""
        return exit_hazards(self.scenario)

    @cached_property
    def exit_multipliers(self) -> NDArray[np.float64]:
        """Exit hazard in each cluster relative to demography's, where no shock strikes: (clusters,) float64."""
        return self._of_clusters("exit_multiplier")

    @cached_property
    def birth_ratios(self) -> NDArray[np.float64]:
        """Entries per exit in each cluster: (clusters,) float64."""
        return self._of_clusters("birth_ratio")

    def _of_clusters(self, name: str) -> NDArray[np.float64]:
        """One figure of each cluster's region."""
        of_regions = region_column(self.scenario, self.geography, name)
        return np.ascontiguousarray(of_regions[self.geography.cluster_region])

    @cached_property
    def less_developed(self) -> tuple[int, ...]:
        """Rows of the less developed regions with firms."""
        regions = self.geography.regions
        rows = np.flatnonzero(self.geography.has_firms).tolist()
        return tuple(row for row in rows if self.scenario.regions[regions[row]].less_developed)

    @cached_property
    def institutions(self) -> NDArray[np.float64]:
        """Quality of institutions: (regions,) float64."""
        regions = self.scenario.regions
        return np.array([regions[code].institutional_quality for code in self.geography.regions], dtype=np.float64)

    @cached_property
    def services(self) -> tuple[tuple[str, Service], ...]:
        """Services of the scenario with their keys, in the order of these."""
        return tuple(sorted(self.scenario.services.items()))

    @cached_property
    def partnership_names(self) -> tuple[str, ...]:
        """Keys of the partnerships in the scenario, in the order of their rows."""
        return tuple(sorted(self.scenario.partnerships))

    @cached_property
    def own_per_grant(self) -> NDArray[np.float64]:
        """Own money that each call asks for a euro of grant, in the order of the calls' keys, then each challenge."""
        calls, challenges = self.scenario.calls, self.scenario.challenges
        shares = [calls[name].grant_share for name in sorted(calls)]
        shares += [challenges[name].grant_share for name in sorted(challenges)]
        return np.array([(1.0 - share) / share for share in shares], dtype=np.float64)

    @cached_property
    def vouchers(self) -> NDArray[np.bool_]:
        """Whether each call pays by vouchers; challenges, and last no call at all, do not. Empty if no call does."""
        paid = [self.scenario.calls[name].voucher for name in sorted(self.scenario.calls)]
        return np.array([*paid, *[False] * (len(self.scenario.challenges) + 1)] if any(paid) else [], dtype=np.bool_)

    @property
    def platform_use(self) -> float:
        """Use made of the platform: 1 while it is staffed, then less every month, for as long as it lives on."""
        platform = self.scenario.platform
        if self.platform_on:
            return 1.0
        ended = min(platform.ends_month, self.scenario.programme_end_month)
        since = self.month - ended
        programme = self.scenario.programme
        was_staffed = programme.active and programme.services and platform.staffed and platform.starts_month <= ended
        if not (was_staffed and programme.starts_month <= ended and 1 <= since <= platform.lives_on_months):
            return 0.0
        return math.prod([platform.use_kept] * since)

    def partner_clients(self) -> NDArray[np.bool_]:
        """Organisations that may take part in partner cases, by sector and size: (organisations,) bool."""
        rules, organisations = self.scenario.brokerage, self.state.organisations
        size = organisations.size
        chosen: NDArray[np.bool_] = (size >= rules.client_size_least) & (size <= rules.client_size_most)
        if rules.client_sectors:
            wanted = np.isin(self.geography.sectors, rules.client_sectors)
            chosen &= wanted[organisations.sector]
        return chosen

    def offers(self, partnership: str | None) -> bool:
        """Whether calls and services of a partnership are offered: while it is active, in any case where it is None.

        Where the programme does not act across regions nothing waits for a partnership; but what belongs to a
        follow-on is offered only if its application was funded.
        """
        row = self.partnership_row(partnership)
        if row == NOBODY or partnership is None:
            return True
        if self.scenario.programme.across:
            return bool(self.state.partnerships.active[row])
        return self.scenario.partnerships[partnership].follows is None or bool(self.state.partnerships.funded[row])

    def priorities_of(self, regions: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Mean of the priorities of the chosen regions, as they are now: weights over domains."""
        chosen = self.state.strategies.priorities[regions]
        mean: NDArray[np.float64] = chosen.sum(axis=0) / max(len(chosen), 1)
        return mean

    def partnership_row(self, name: str | None) -> int:
        """Row of a partnership of the scenario; NOBODY for None."""
        return NOBODY if name is None else self.partnership_names.index(name)

    def count(self, counter: str, increase: int) -> None:
        """Add to a cumulative counter; nothing is counted before month 1."""
        if increase and self.month >= 1:
            self.state.counters.storage[counter][0] += increase
