"""Parameters of policy: the programme, partnerships, negotiation, engagement, coordination, peer learning."""

from __future__ import annotations

from typing import Literal

from simulation.parameters.declaration import Section, parameter, share


class Programme(Section):
    """When policy acts at all."""

    active: bool = parameter("1", "Partnerships, calls, services and platform exist")
    across: bool = parameter(
        "1",
        "Members and the platform show firms to each other across regions, agencies learn from peers elsewhere; false: "
        "the same budgets of calls and services inside each region. Every call is then split equally over its "
        "regions and takes pairs of one region; those of a partnership, and its services, are offered whether or "
        "not it is active, the calls "
        "in its founders' regions",
    )
    starts_month: int = parameter("month", "First month of every policy of the scenario", ge=1, le=1200)
    budget_keur: float = parameter(
        "keur",
        "Public money, coordination included, at which calls, services and the platform stop; 0: none",
        ge=0.0,
        le=1e7,
    )
    calls: bool = parameter("1", "Calls are held; false removes them all")
    services: bool = parameter("1", "Services and the platform are offered; false removes them all")


class GovernanceAttributes(Section):
    """What formal and flexible partnerships are made of; every attribute can be set alone."""

    eligible: Literal["named", "neighbourhood"] = parameter(
        "1", "Who may join: bodies whom the founders name, or any body in member or neighbouring regions"
    )
    decision: Literal["unanimity", "majority", "none"] = parameter("1", "What makes the common objective binding")
    quorum: float = share("Share of members who must be able to sign one draft")
    joining_cost_keur: float = parameter("keur", "Running cost of a member when it joins", ge=0.0, le=1e4)
    fee_keur: float = parameter("keur / year", "Running cost of a member", ge=0.0, le=1e4)
    deadline_months: int = parameter("month", "Months from the first round to the deadline; 0: none", ge=0, le=1200)
    floor: float = share("Engagement owed in a month in which it is enforced")
    enforcement: float = share("Share of months in which the floor is enforced")
    binding: float = share("Share of the leaving hazard that the agreement takes away")
    term_months: int = parameter("month", "Months until renewal; 0: open", ge=0, le=1200)
    sharing: float = share("Share of clients that two fully engaged members show each other")
    pot: Literal["virtual", "real"] = parameter("1", "Each authority pays its own side, or all is pooled and ranked")
    coordination: Literal["shared", "lead", "nao"] = parameter("1", "Who coordinates")
    fallback: Literal["letter_of_intent", "none"] = parameter("1", "What happens at the deadline without agreement")


class PartnershipPreset(Section):
    """A named set of governance attributes."""

    eligible: Literal["named", "neighbourhood"] | None = None
    decision: Literal["unanimity", "majority", "none"] | None = None
    quorum: float | None = None
    joining_cost_keur: float | None = None
    fee_keur: float | None = None
    deadline_months: int | None = None
    floor: float | None = None
    enforcement: float | None = None
    binding: float | None = None
    term_months: int | None = None
    sharing: float | None = None
    pot: Literal["virtual", "real"] | None = None
    coordination: Literal["shared", "lead", "nao"] | None = None
    fallback: Literal["letter_of_intent", "none"] | None = None
    founded: bool | None = None


class Partnership(GovernanceAttributes):
    """Governance of the partnerships of a scenario."""

    governance: str = parameter("1", "Name of the preset; read nowhere else")
    founded: bool = parameter("1", "Whether the partnerships of the scenario are founded at all")
    renewal_months: int = parameter(
        "month", "Months an old agreement holds while its renewal is negotiated", ge=0, le=120
    )
    presets: dict[str, PartnershipPreset]


class Negotiation(Section):
    """Bounded confidence among members with mandates."""

    heterogeneity: float = share("Distance of the members' objectives from the common mean at the start")
    country_share: float = share("Share of that heterogeneity that members of a country have in common")
    concentration: float = parameter("1", "Dirichlet parameter of drawn priorities", gt=0.0, le=100.0)
    tolerance: float = parameter("1", "Mean distance up to which a member listens", ge=0.0, le=1.0)
    tolerance_variation: float = parameter("1", "Coefficient of variation of tolerance between members", ge=0.0, le=5.0)
    border_discount: float = share("Tolerance lost towards members of another country")
    speed: float = share("Share of the way to the neighbourhood's mean moved in a round")
    anchor: float = share("Weight of the mandate against the neighbourhood")
    signing_distance: float = share("Distance from the draft within which a member can sign")


class Engagement(Section):
    """How much of its effort a member gives, and whether it stays."""

    at_start: float = share("Engagement of a new member")
    least: float = share("Engagement of a member without any success")
    half_success: float = parameter("point / month", "Success at which engagement is halfway", gt=0.0, le=10.0)
    adjustment: float = share("Share of the way to the target moved in a month")
    memory_months: int = parameter("month", "Memory of offers and successes", ge=1, le=120)
    introduction_points: float = parameter("point", "An introduction through the partnership", ge=0.0, le=100.0)
    project_points: float = parameter("point", "A project through the partnership", ge=0.0, le=100.0)
    market_points: float = parameter("point", "A commercialisation through the partnership", ge=0.0, le=100.0)
    drift: float = share("Monthly leaving hazard of a member without success and without binding")
    joining_rate: float = share("Monthly joining hazard when members nearby have full success")
    commitments: tuple[float, ...] = parameter(
        "1",
        "Shares of engaged effort: promotion, cooperation events, updates, reinforcement, peer meetings, recruiting",
        min_length=6,
        max_length=6,
    )


class FollowOn(Section):
    """Who goes on to a follow-on partnership, and whether its application is funded."""

    continue_least: float = share("Probability that a member without engagement and success applies again")
    log_odds: float = parameter(
        "1", "Log odds that an application without trust and joint success is funded", ge=-10.0, le=10.0
    )
    trust_effect: float = parameter(
        "1", "Rise of the log odds with the full trust of those who continue", ge=0.0, le=20.0
    )
    success_effect: float = parameter("1", "Rise of the log odds with their full joint success", ge=0.0, le=20.0)


class Coordination(Section):
    """What coordination costs in time and money."""

    meetings_divisor: float = parameter("month", "Months between two meetings of the same pair", gt=0.0, le=120.0)
    meeting_days: float = parameter("day", "Staff time of a meeting at each end", ge=0.0, le=20.0)
    day_cost_keur: float = parameter("keur / day", "Public cost of a staff day", ge=0.0, le=10.0)
    lead_weight: int = parameter("1", "Times the lead's opinion counts in the draft", ge=1, le=10)
    introduction_days: float = parameter("day", "Time of the lead for a case between partners", ge=0.0, le=20.0)
    nao_members_per_post: int = parameter("member", "Members served by a post of an administrative organisation", ge=1)
    nao_set_up_months: int = parameter("month", "Months before an administrative organisation works", ge=0, le=120)


class PeerLearning(Section):
    """Agencies learn from each other and from the code they write together."""

    handbook: bool = parameter("1", "Members write and read a handbook of good practice")
    visits: bool = parameter("1", "Members visit better peers")
    right_at_start: float = share("Practice beliefs that are right at the start")
    undecided_at_start: float = share("Practice beliefs that are undecided at the start")
    p_socialisation: float = share("Monthly probability of learning a dimension from the handbook")
    p_code: float = share("Monthly probability that the handbook learns from one better member")
    turnover: float = share("Monthly probability that a member's staff is replaced")
    turbulence: float = share("Monthly probability that the right practice changes in a dimension")
    visit_months: int = parameter("month", "Months between visits", ge=1, le=120)
    visit_adoption: float = share("Probability that a differing belief moves at a visit")
    outer_ring_rate: float = share("Reading and visiting of associates relative to partners")
    regional_actor_rate: float = share("Reading and visiting of regional actors relative to partners")
    regional_actors: bool = parameter(
        "1", "Partners bring in the agencies of their region that take part through no membership"
    )
    visit_cost_keur: float = parameter("keur", "Public cost of a visit", ge=0.0, le=1e3)
    emerging_month: int = parameter(
        "month", "Month in which an emerging technology changes what works; 0: none", ge=0, le=1200
    )
    emerging_share: float = share("Share of the dimensions of practice in which the emerging technology changes it")
    training_months: tuple[int, ...] = parameter("month", "Months in which brokers are trained; empty: none")
    training_ring: Literal["partner", "associate", "regional_actor"] = parameter(
        "1", "Outermost ring whose brokers are trained"
    )
    training_adoption: float = share("Probability that training moves a belief that is not the right one")
    training_cost_keur: float = parameter("keur", "Public cost of training a broker", ge=0.0, le=1e3)
    source_of_money: Literal["eu", "national", "regional"] = parameter(
        "1", "Who pays for training and, while the programme lasts, for visits"
    )


class Instruments(Section):
    """What authorities make of practices that they learned from others: instruments for all firms of a region."""

    owners: Literal["nobody", "authorities", "agencies"] = parameter(
        "1", "Who takes practices into its own instrument: nobody, authorities, or brokers and parks too"
    )
    adoption_hazard: float = share("Monthly probability that an owner takes a practice it learned into its instrument")
    adoption_cost_keur: float = parameter(
        "keur", "Cost to the region of taking a practice into an instrument", ge=0.0, le=1e4
    )
    service_effect: float = share(
        "Rise of what a place in a diagnosis or training achieves under an instrument that is right in all dimensions"
    )
    promotion_effect: float = parameter(
        "1", "Promotion added to a region's brokers by an instrument that is right in all dimensions", ge=0.0, le=10.0
    )
