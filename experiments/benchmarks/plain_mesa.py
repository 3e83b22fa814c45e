"""The core as an idiomatic Mesa model: one object an agent, plain Python, nothing of this project inside.

A month: the firms that seek value those whom they are shown; pairs are introduced by falling surplus as long as
both are free, so that no two firms would rather have each other; the introduced learn from each other.
"""

from __future__ import annotations

from math import exp, sqrt
from operator import itemgetter

import mesa

from experiments.benchmarks.fixed_load import Market, Shown

__all__ = ["Firm", "PlainMesa"]


class Firm(mesa.Agent):  # type: ignore[misc]
    """A firm with a level of knowledge in each domain.

    Attributes
    ----------
    knowledge : list of float
        Level in each domain.
    wants : list of float
        Weight that it gives to each domain.
    absorptive_capacity : float
        Ability to use what others know.
    partner : Firm or None
        To whom it is introduced this month.
    """

    model: PlainMesa

    def __init__(
        self, model: PlainMesa, knowledge: list[float], wants: list[float], absorptive_capacity: float
    ) -> None:
        super().__init__(model)
        self.knowledge = knowledge
        self.wants = wants
        self.absorptive_capacity = absorptive_capacity
        self.partner: Firm | None = None

    def look_for_partner(self) -> None:
        """Value everybody whom it is shown this month, and propose those who are worth it."""
        for other in self.model.shown_to(self):
            surplus = self.surplus_with(other)
            if surplus >= self.model.reservation_value:
                self.model.proposals.append((surplus, self, other))

    def surplus_with(self, other: Firm) -> float:
        """What a pair is worth: what each could learn from the other, as far as they understand each other."""
        own_gain = others_gain = squares = 0.0
        domains = zip(self.knowledge, other.knowledge, self.wants, other.wants, strict=True)
        for mine, theirs, i_want, they_want in domains:
            difference = theirs - mine
            squares += difference * difference
            if difference > 0.0:
                own_gain += i_want * difference
            else:
                others_gain -= they_want * difference
        ability = self.absorptive_capacity + other.absorptive_capacity
        reach = self.model.distance_scale * (0.5 + 0.5 * ability)
        distance = sqrt(squares / len(self.knowledge))
        return 2.0 * sqrt(own_gain * others_gain) * exp(-((distance / reach) ** 2))

    def learn_with(self, other: Firm) -> None:
        """Both learn what the other knows better, from the levels before."""
        own_rate = self.model.transfer_rate * self.absorptive_capacity
        others_rate = self.model.transfer_rate * other.absorptive_capacity
        levels = list(zip(self.knowledge, other.knowledge, strict=True))
        self.knowledge = [mine + own_rate * max(0.0, theirs - mine) for mine, theirs in levels]
        other.knowledge = [theirs + others_rate * max(0.0, mine - theirs) for mine, theirs in levels]

    def part(self) -> None:
        """Be free again."""
        self.partner = None


class PlainMesa(mesa.Model):  # type: ignore[misc]
    """A market of firms.

    Parameters
    ----------
    market : Market
        Firms and parameters.

    Attributes
    ----------
    introductions : list of (Firm, Firm)
        Those of the last month.
    """

    def __init__(self, market: Market) -> None:
        super().__init__()
        self.distance_scale = market.distance_scale
        self.reservation_value = market.reservation_value
        self.transfer_rate = market.transfer_rate
        self.firms = Firm.create_agents(
            self,
            len(market),
            market.knowledge.tolist(),
            market.needs_weights().tolist(),
            market.absorptive_capacity.tolist(),
        ).to_list()
        self.proposals: list[tuple[float, Firm, Firm]] = []
        self.introductions: list[tuple[Firm, Firm]] = []
        self._shown: dict[Firm, list[Firm]] = {}

    def show(self, shown: Shown) -> None:
        """Say who seeks in the next month, and whom each is shown."""
        rows = zip(shown.seekers.tolist(), shown.candidates.tolist(), strict=True)
        self._shown = {self.firms[i]: [self.firms[j] for j in others] for i, others in rows}

    def shown_to(self, firm: Firm) -> list[Firm]:
        """Whom a firm is shown this month: nobody, if it does not seek."""
        return self._shown.get(firm, [])

    def step(self) -> None:
        """Simulate one month."""
        self.proposals = []
        self.agents.do("part")
        self.agents.do("look_for_partner")
        self.introduce()
        for first, second in self.introductions:
            first.learn_with(second)

    def introduce(self) -> None:
        """Introduce pairs by falling surplus, each firm once at most."""
        self.introductions = []
        for _, first, second in sorted(self.proposals, key=itemgetter(0), reverse=True):
            if first.partner is None and second.partner is None:
                first.partner, second.partner = second, first
                self.introductions.append((first, second))

    def knowledge(self) -> list[list[float]]:
        """Levels of all firms."""
        return [firm.knowledge for firm in self.firms]
