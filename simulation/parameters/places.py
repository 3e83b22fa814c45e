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


class OwnAttributes(Section):
    """Attributes of governance in which one partnership differs from the scenario's ``partnership``."""

    eligible: Literal["named", "neighbourhood"] | None = entry(None, "Who may join")
    decision: Literal["unanimity", "majority", "none"] | None = entry(None, "What makes the common objective binding")
    quorum: float | None = entry(None, "Share of members who must be able to sign one draft", ge=0.0, le=1.0)
    joining_cost_keur: float | None = entry(None, "Running cost of a member when it joins", "keur", ge=0.0, le=1e4)
    fee_keur: float | None = entry(None, "Running cost of a member", "keur / year", ge=0.0, le=1e4)
    deadline_months: int | None = entry(
        None, "Months from the first round to the deadline; 0: none", "month", ge=0, le=1200
    )
    floor: float | None = entry(None, "Engagement owed in a month in which it is enforced", ge=0.0, le=1.0)
    enforcement: float | None = entry(None, "Share of months in which the floor is enforced", ge=0.0, le=1.0)
    binding: float | None = entry(None, "Share of the leaving hazard that the agreement takes away", ge=0.0, le=1.0)
    term_months: int | None = entry(None, "Months until renewal; 0: open", "month", ge=0, le=1200)
    coordination: Literal["shared", "lead", "nao"] | None = entry(None, "Who coordinates")
    fallback: Literal["letter_of_intent", "none"] | None = entry(None, "What happens at the deadline without agreement")


class PartnershipFounding(Section):
    """Who founds a partnership, who leads it, whom the founders name besides, and when and with what money it works."""

    name: Name
    founders: tuple[str, ...] = parameter("member", "Founding members", min_length=1)
    lead: str = parameter("member", "Member that coordinates under the form `lead`")
    named: tuple[str, ...] = entry((), "Bodies whom the founders name: they may join a partnership of named members")
    associates: tuple[str, ...] = entry((), "Members of the outer tier: in peer learning, not in negotiation")
    funded_from_month: int = entry(0, "First month; 0: the programme's first", "month", ge=0, le=1200)
    ends_month: int = entry(0, "Last month, after which its members part; 0: open", "month", ge=0, le=1200)
    budget_keur: float = entry(
        0.0, "Money for its meetings, staff and fees, spent before the regions pay; 0: none", "keur", ge=0.0, le=1e7
    )
    source_of_money: Literal["eu", "national", "regional"] = entry("eu", "Who gives that budget")
    attributes: OwnAttributes | None = entry(None, "Governance where it differs from the scenario's")
    follows: str | None = entry(
        None, "Earlier partnership whose members apply for this one, with the founders that are not among them"
    )
    applies_month: int = entry(0, "Month of that application", "month", ge=0, le=1200)
    replacements: dict[str, str] = entry(
        {}, "For a member of the earlier partnership, the connected body that applies in its place if it does not"
    )
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
    partners_sectors: Literal["any", "two_sectors"] = entry("any", "Sectors of the two of a pair")
    source_of_money: Literal["eu", "national", "regional"] = parameter("1", "Who pays")
    least_grant_keur: float = entry(0.0, "Smallest grant of a project; less is not granted", "keur", ge=0.0, le=1e5)
    voucher: bool = entry(
        False, "The beneficiary brings a provider or university of its choice, who is paid and pays nothing"
    )
    runs: int = entry(1, "Times the call is held, with equal parts of its budget", "run", ge=1, le=1000)
    every_months: int = entry(0, "Months from one opening to the next", "month", ge=0, le=1200)
    resubmission: bool = entry(False, "Who was refused applies once more, at the next run or a call that follows")
    follows: str | None = entry(None, "Call whose refused applicants may apply here once more", "call")
    partnership: str | None = entry(None, "Partnership whose pot pays, and whose being active opens the call")
    regions: tuple[str, ...] = entry((), "Eligible regions; empty: all", "NUTS code")
    sectors: tuple[str, ...] = entry((), "Eligible sectors; empty: all")
    source: str = entry("", "Where these figures come from")


class Service(Section):
    """A service for registered firms; it acts through state only."""

    name: Name
    kind: Literal[
        "diagnosis",
        "training",
        "event",
        "awareness",
        "coaching",
        "mobility",
        "investment_readiness",
        "forum",
        "exchange_group",
        "referral",
    ]
    starts_month: int = parameter("month", "First month", ge=1, le=1200)
    ends_month: int = parameter("month", "Last month", ge=1, le=1200)
    places_per_month: int = parameter("organisation", "Places a month and region", ge=0, le=10**6)
    cost_keur: float = parameter("keur", "Public cost of a place", ge=0.0, le=1e4)
    source_of_money: Literal["eu", "national", "regional"] = parameter("1", "Who pays")
    partnership: str | None = entry(None, "Partnership whose being active offers the service")
    staff_days: float = entry(
        0.0, "Days that a broker of the firm spends on a place, out of its days for cases", "day", ge=0.0, le=31.0
    )
    refers: bool = entry(False, "A diagnosis that also corrects the firm's needs and refers it to what it needs")
    regions: tuple[str, ...] = entry((), "Regions where it is offered; empty: all", "NUTS code")
    source: str = entry("", "Where these figures come from")
