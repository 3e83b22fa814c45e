"""Catalogues of a scenario: regions, domains, sectors, and the bodies that act in them."""

from __future__ import annotations

from typing import Literal

from simulation.parameters.declaration import Name, Section, entry, parameter


class Region(Section):
    """A NUTS 2 region, or an ``external`` place that has members but no firms."""

    name: Name
    country: Name = parameter("ISO 3166 alpha-2", "Country of the region")
    latitude: float = parameter("degree", "Latitude of the centroid", ge=-90.0, le=90.0)
    longitude: float = parameter("degree", "Longitude of the centroid", ge=-180.0, le=180.0)
    population: int = entry(0, "Inhabitants; 0 where not known", "person", ge=0, le=10**9)
    gdp_per_head_eur: float = entry(0.0, "Gross domestic product per head; 0 where not known", "EUR", ge=0.0, le=1e6)
    innovation_index: float = entry(100.0, "Regional innovation index, EU = 100", "EU = 100", ge=0.0, le=300.0)
    institutional_quality: float = entry(1.0, "Quality of institutions: scales what services achieve", ge=0.0, le=2.0)
    innovator_share: float | None = entry(
        None, "Share of innovation-active firms; the population's where not said", ge=0.0, le=1.0
    )
    priorities: dict[str, float] = entry({}, "Weights of domains in the regional strategy; empty: drawn by address")
    neighbours: tuple[str, ...] = entry((), "Regions that share a land border", "NUTS code")
    less_developed: bool = entry(False, "Gross domestic product per head below three quarters of the EU's")
    external: bool = entry(False, "A place without firms, seat of associates")
    smes_weight: float = entry(1.0, "SMEs of a cluster here per smes_per_cluster", ge=0.0, le=100.0)
    exit_multiplier: float = entry(1.0, "Exit hazard here relative to demography's", ge=0.0, le=10.0)
    birth_ratio: float = entry(1.0, "Entries per exit", ge=0.0, le=10.0)
    source: str = entry("", "Where these figures come from")


class Domain(Section):
    """A field of technology, or of social or regulatory knowledge."""

    name: Name
    tags: tuple[str, ...] = entry((), "Labels such as green or digital")


class Sector(Section):
    """A profile over domains: the core domains in which its firms know much."""

    name: Name
    core: tuple[str, ...] = parameter("domain", "Domains in which the sector's firms know much", min_length=1)
    source: str = entry("", "Where the profile comes from")


class Body(Section):
    """A body with a seat and, where it is a founding member of a partnership, an objective vector."""

    name: Name
    region: Name = parameter("NUTS code", "Seat")
    objective: dict[str, float] = entry({}, "Weights of domains; empty: from the region or drawn by address")
    source: str = entry("", "Where the entry comes from")


class Broker(Body):
    """An intermediary with clients: innovation broker, hub, cluster organisation, association, agency, chamber."""

    kind: Literal["broker", "hub", "cluster", "association", "agency", "chamber", "centre"]
    parent: str | None = entry(None, "The body this one belongs to and acts for in a partnership")
    posts: float = entry(1.0, "Brokers employed, in full posts", "post", gt=0.0, le=1000.0)


class Park(Body):
    """A science park or incubator: places for tenants who meet each other."""

    kind: Literal["science_park", "incubator"]
    places: int = entry(40, "Firms that can be tenants", "organisation", ge=0, le=10**6)


class Authority(Body):
    """A region, ministry or funding agency; it has no clients and brings the brokers it names."""

    kind: Literal["region", "funding_agency", "ministry", "municipality"]
    brokers: tuple[str, ...] = entry((), "Brokers it names; empty: those of its region that no other member names")


class University(Body):
    """A university or research body: an organisation of the market that may also be a member."""

    kind: Literal["university", "research_body"]


class PartnershipFounding(Section):
    """Who founds a partnership, who leads it, and whom the founders name besides."""

    name: Name
    founders: tuple[str, ...] = parameter("member", "Founding members", min_length=1)
    lead: str = parameter("member", "Member that coordinates under the form `lead`")
    named: tuple[str, ...] = entry((), "Bodies whom the founders name: they may join a partnership of named members")
    associates: tuple[str, ...] = entry((), "Members of the outer tier: in peer learning, not in negotiation")
    source: str = entry("", "Where the list comes from")


class Call(Section):
    """A call for projects: who may apply, for how much, and from which purse."""

    name: Name
    opens_month: int = parameter("month", "First month of application", ge=1, le=1200)
    closes_month: int = parameter("month", "Month of the decision", ge=1, le=1200)
    budget_keur: float = parameter("keur", "Money to grant", ge=0.0, le=1e7)
    grant_keur: float = parameter("keur", "Largest grant of a project", gt=0.0, le=1e5)
    grant_share: float = parameter("1", "Share of a project's cost that the grant pays", gt=0.0, le=1.0)
    beneficiaries: Literal["single", "pair"] = parameter("1", "One organisation, or two that know each other")
    partners_from: Literal["anywhere", "one_region", "one_country", "two_countries"] = parameter(
        "1", "Where the two of a pair sit; without programme.across always in one region"
    )
    source_of_money: Literal["eu", "national", "regional"] = parameter("1", "Who pays")
    partnership: str | None = entry(None, "Partnership whose pot pays, and whose being active opens the call")
    regions: tuple[str, ...] = entry((), "Eligible regions; empty: all", "NUTS code")
    sectors: tuple[str, ...] = entry((), "Eligible sectors; empty: all")
    source: str = entry("", "Where these figures come from")


class Service(Section):
    """A service for registered firms; it acts through state only."""

    name: Name
    kind: Literal["diagnosis", "training", "event"]
    starts_month: int = parameter("month", "First month", ge=1, le=1200)
    ends_month: int = parameter("month", "Last month", ge=1, le=1200)
    places_per_month: int = parameter("organisation", "Places a month and region", ge=0, le=10**6)
    cost_keur: float = parameter("keur", "Public cost of a place", ge=0.0, le=1e4)
    source_of_money: Literal["eu", "national", "regional"] = parameter("1", "Who pays")
    partnership: str | None = entry(None, "Partnership whose being active offers the service")
    regions: tuple[str, ...] = entry((), "Regions where it is offered; empty: all", "NUTS code")
    source: str = entry("", "Where these figures come from")
