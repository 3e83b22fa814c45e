"""Parameters of missions: challenges, the consortia that meet them, and the strategies of regions."""

from __future__ import annotations

from typing import Literal

from simulation.parameters.declaration import Name, Section, entry, parameter, share


class Challenge(Section):
    """A mission: what must be known to meet it, who would buy the solution, and the money for consortia."""

    name: Name
    opens_month: int = parameter("month", "First month in which a consortium can form", ge=1, le=1200)
    closes_month: int = parameter("month", "Last month in which a consortium can form", ge=1, le=1200)
    budget_keur: float = parameter("keur", "Money to grant", gt=0.0, le=1e7)
    grant_share: float = parameter("1", "Share of a consortium's cost that the grant pays", gt=0.0, le=1.0)
    threshold: float = parameter("1", "Coverage from which the challenge counts as met", gt=0.0, le=1.0)
    source_of_money: Literal["eu", "national", "regional"] = parameter("1", "Who pays")
    weights: dict[str, float] = entry(
        {}, "Weights of the domains it asks for; empty: the priorities of its regions, as they are that month"
    )
    grant_keur: float = entry(0.0, "Largest grant of a consortium; 0: all that is left", "keur", ge=0.0, le=1e7)
    adopter: str | None = entry(None, "Authority that would buy the solution; its region is then the market aimed at")
    regions: tuple[str, ...] = entry((), "Regions of organisations that may lead; empty: all", "NUTS code")
    source: str = entry("", "Where these figures come from")


class Missions(Section):
    """How consortia form around challenges."""

    active: bool = parameter("1", "Challenges are posed; false removes them all")
    least_members: int = parameter("organisation", "Fewest members of a consortium", ge=2, le=8)
    most_members: int = parameter("organisation", "Most members of a consortium", ge=2, le=8)
    reservation_value: float = share("Coverage that a partner must at least add while the challenge is not met")
    lead_error: float = parameter(
        "1", "Standard deviation of the error in the lead's coverage under a facilitator without skill", ge=0.0, le=1.0
    )
    cases: int = parameter("case", "Cases of a broker that facilitating a consortium takes", ge=0, le=1000)
    procurement: float = parameter("1", "Advance from the pilot to a market with an adopter, relative", ge=1.0, le=10.0)
    on_platform: bool = parameter("1", "Members of running consortia are shown on a staffed platform too")


class SmartSpecialisation(Section):
    """How regions come to their priorities."""

    process: Literal["fixed", "discovery"] = parameter(
        "1", "Priorities stay, or follow the domains in which the region's firms see surplus"
    )
    rate: float = share("Share of the way to what this month's introductions show that priorities move in a month")
