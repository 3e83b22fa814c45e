"""Every parameter of the model: type, unit, bounds and meaning."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from simulation.parameters.declaration import Name, Section, parameter
from simulation.parameters.facts import Fact
from simulation.parameters.market import (
    Brokerage,
    Calls,
    Collaboration,
    Demography,
    Enrolment,
    Finance,
    Investment,
    Learning,
    Matching,
    Networks,
    Platform,
    Population,
    Satisfaction,
    Search,
    Services,
    Shock,
    Surplus,
    Ties,
)
from simulation.parameters.missions import Challenge, Missions, SmartSpecialisation
from simulation.parameters.places import (
    Authority,
    Broker,
    Call,
    Domain,
    Park,
    PartnershipFounding,
    Region,
    Sector,
    Service,
    University,
)
from simulation.parameters.policy import (
    Coordination,
    Engagement,
    FollowOn,
    Instruments,
    Negotiation,
    Partnership,
    PeerLearning,
    Programme,
)

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class ScenarioParameters(Section):
    """All of a scenario: what is simulated, where, under which policy, by which rules."""

    title: Name
    start: Month = parameter("year-month", "Calendar month of month 1")
    months: int = parameter("month", "Length of a run", ge=1, le=1200)
    programme_end_month: int = parameter("month", "Last month of the programme", ge=1, le=1200)
    warm_up_months: int = parameter("month", "Months without policy before month 1", ge=0, le=600)
    price_year: int = parameter("year", "Year of all prices", ge=1990, le=2100)
    facts: tuple[Fact, ...] = Field(description="Documented figures with their source and one role")

    population: Population
    networks: Networks
    enrolment: Enrolment
    search: Search
    platform: Platform
    surplus: Surplus
    matching: Matching
    brokerage: Brokerage
    collaboration: Collaboration
    applications: Calls
    provision: Services
    learning: Learning
    finance: Finance
    investment: Investment
    satisfaction: Satisfaction
    ties: Ties
    demography: Demography
    shock: Shock
    programme: Programme
    partnership: Partnership
    negotiation: Negotiation
    engagement: Engagement
    follow_on: FollowOn
    coordination: Coordination
    peer_learning: PeerLearning
    missions: Missions
    s3: SmartSpecialisation
    instruments: Instruments

    domains: dict[str, Domain]
    sectors: dict[str, Sector]
    regions: dict[str, Region]
    brokers: dict[str, Broker]
    parks: dict[str, Park]
    authorities: dict[str, Authority]
    universities: dict[str, University]
    partnerships: dict[str, PartnershipFounding]
    calls: dict[str, Call]
    services: dict[str, Service]
    challenges: dict[str, Challenge]


CATALOGUES = (
    "domains",
    "sectors",
    "regions",
    "brokers",
    "parks",
    "authorities",
    "universities",
    "partnerships",
    "calls",
    "services",
    "challenges",
)
"""Keys of :class:`ScenarioParameters` that hold named entries rather than parameters."""

__all__ = ["CATALOGUES", "ScenarioParameters", "Section"]
