"""Parameters of the market: firms, networks, enrolment, search, surplus, matching, projects, learning, money."""

from __future__ import annotations

from typing import Literal

from simulation.parameters.declaration import Section, parameter, share


class Population(Section):
    """Who there is at the start."""

    regions: tuple[str, ...] = parameter("NUTS code", "Regions of the run, from the catalogue", min_length=1)
    sectors: tuple[str, ...] = parameter("sector", "Sectors of the run, from the catalogue", min_length=1)
    smes_per_cluster: int = parameter("organisation", "SMEs in every cluster at the start", ge=1, le=10**6)
    universities_per_region: int = parameter("organisation", "Universities in every region", ge=0, le=1000)
    providers_per_cluster: int = parameter("organisation", "Solution providers in every cluster", ge=0, le=10**5)
    large_per_cluster: int = parameter("organisation", "Large firms in every cluster", ge=0, le=10**5)
    innovator_share: float = share("Innovation-active firms, where a region says nothing")
    knowledge_core: float = share("Mean level in the core domains of the sector")
    knowledge_other: float = share("Mean level in the other domains")
    knowledge_spread: float = share("Half width of the uniform spread of levels between firms, relative to the mean")
    absorptive_capacity_alpha: int = parameter("1", "First parameter of the Beta law", ge=1, le=20)
    absorptive_capacity_beta: int = parameter("1", "Second parameter of the Beta law", ge=1, le=20)
    absorptive_capacity_shift: float = parameter(
        "1", "Shift of absorptive capacity for an innovation index of twice the EU's", ge=-1.0, le=1.0
    )
    digital_maturity_alpha: int = parameter("1", "First parameter of the Beta law", ge=1, le=20)
    digital_maturity_beta: int = parameter("1", "Second parameter of the Beta law", ge=1, le=20)
    size_median: float = parameter("employee", "Median size of an SME", gt=0.0, le=249.0)
    size_spread: float = parameter("1", "Standard deviation of ln size", ge=0.0, le=3.0)
    need_kind_weights: tuple[float, ...] = parameter(
        "1",
        "Relative frequency of needs: technology, supply, production, customer, research, finance",
        min_length=6,
        max_length=6,
    )


class Networks(Section):
    """Cluster networks at the founding."""

    mean_degree: float = parameter("tie", "Mean number of ties of an organisation", ge=0.0, le=100.0)
    within_cluster_degree: int = parameter("tie", "Neighbours on the ring inside the cluster, even", ge=0, le=100)
    rewiring: float = share("Share of ring ties that are rewired inside the cluster")
    gravity_distance_exponent: float = parameter("1", "Decay of ties between clusters with distance", ge=0.0, le=5.0)
    gravity_border: float = share("Ties across a border relative to domestic ones at the same distance")
    founding_trust: float = share("Trust of the youngest founding tie")
    founding_age_months: int = parameter("month", "Oldest founding tie", ge=1, le=600)


class Enrolment(Section):
    """How firms become clients of a broker."""

    registered_at_start: float = share("SMEs registered at the start")
    monthly_rate: float = share("Monthly probability of an unregistered firm with maturity one half")
    maturity_offset: float = parameter("1", "Added to digital maturity in the rate", ge=0.0, le=2.0)
    neighbour_effect: float = parameter("1", "Increase of the rate when all neighbours are registered", ge=0.0, le=10.0)
    event_effect: float = parameter("1", "Increase of the rate in a month with an event in the region", ge=0.0, le=10.0)
    awareness_effect: float = parameter("1", "Increase of the rate in a month of awareness", ge=0.0, le=100.0)


class Search(Section):
    """Who looks for a partner, and whom they see."""

    seeking_rate: float = share("Monthly probability that an innovator looks for a partner")
    broker_effect: float = parameter("1", "Increase when its broker had cases to spare last month", ge=0.0, le=10.0)
    platform_effect: float = parameter("1", "Increase when a platform is staffed", ge=0.0, le=10.0)
    referred_effect: float = parameter("1", "Increase after a referral to a search for a partner", ge=0.0, le=10.0)
    friends_of_friends: int = parameter("candidate", "Candidates met through ties", ge=0, le=64)
    broker_clients: int = parameter("candidate", "Clients of the own broker seen", ge=0, le=64)
    partner_clients: int = parameter("candidate", "Clients of partner brokers seen if all were visible", ge=0, le=64)
    partner_clients_each: int = parameter("candidate", "Of these, clients that one partner broker shows", ge=0, le=64)
    platform_candidates: int = parameter("candidate", "Candidates from a staffed platform", ge=0, le=64)
    park_tenants: int = parameter("candidate", "Tenants of the own park seen", ge=0, le=64)
    group_members: int = parameter("candidate", "Members of the own exchange group seen", ge=0, le=64)
    event_guests: int = parameter("candidate", "Guests met at an event of the region", ge=0, le=64)
    judgement_noise: float = parameter("1", "Standard deviation of the error in ln surplus", ge=0.0, le=5.0)


class Platform(Section):
    """A platform on which registered firms are shown to each other."""

    staffed: bool = parameter("1", "Somebody answers")
    starts_month: int = parameter("month", "First month", ge=1, le=1200)
    ends_month: int = parameter("month", "Last month", ge=1, le=1200)
    cost_keur: float = parameter("keur / month", "Public cost of the staff", ge=0.0, le=1e4)
    regions: tuple[str, ...] = parameter("NUTS code", "Regions whose hubs it federates; empty: all")
    sign_up_rate: float = share("Monthly probability that a registered firm of these regions signs up")
    connections: bool = parameter("1", "Users who meet on it stay connected, by a tie")
    profile_rate: float = share("Monthly probability that a user looks at the profile of another")
    lives_on_months: int = parameter("month", "Months for which it is used after its staff has gone", ge=0, le=1200)
    use_kept: float = share("Use kept from month to month after its staff has gone")


class Surplus(Section):
    """What a pair is worth."""

    cognitive_distance_scale: float = parameter("1", "Distance at which understanding falls to 1/e", gt=0.0, le=10.0)
    own_needs_weight: float = share("Weight of the firm's own needs against all domains")
    distance_decay: float = parameter("1", "Exponent of geographical distance", ge=0.0, le=5.0)
    distance_scale_km: float = parameter("km", "Distance below which geography hardly matters", gt=0.0, le=1e4)
    border: float = parameter("1", "Loss of ln surplus across a border", ge=0.0, le=5.0)
    trust: float = parameter("1", "Gain of ln surplus with full trust", ge=0.0, le=5.0)


class Matching(Section):
    """How introductions are chosen."""

    rule: Literal["stable", "optimal", "random"] = parameter(
        "1", "Pairwise-stable matching, that of the largest worth, or the null model"
    )
    reservation_value: float = parameter("1", "Surplus below which a firm declines", ge=0.0, le=1.0)
    running_projects: int = parameter("project", "Most projects of an organisation at a time", ge=1, le=20)
    employees_per_project: float = parameter(
        "employee", "Employees for which an organisation can run one project more than one", gt=0.0, le=1e4
    )
    auction_epsilon: float = parameter(
        "1",
        "Bid step of the optimal rule, in parts of the mean weight of bidders' best pairs; and the gap at which no "
        "more auctions are held",
        ge=1e-6,
        le=1.0,
    )
    auction_rounds: int = parameter(
        "auction / month", "Most auctions of the optimal rule, each with other prices of brokers' cases", ge=1, le=1000
    )


class Brokerage(Section):
    """What a broker can do in a month."""

    cases_per_post: int = parameter("case / month", "Cases of a post without meetings", ge=0, le=1000)
    partner_cases_per_post: int = parameter("case / month", "Of these, cases with partners' clients", ge=0, le=1000)
    staff_days_per_post: float = parameter("day / month", "Working days of a post", gt=0.0, le=31.0)
    client_sectors: tuple[str, ...] = parameter("sector", "Sectors whose firms take part in partner cases; empty: all")
    client_size_least: float = parameter("employee", "Smallest firm in a partner case", ge=0.0, le=1e6)
    client_size_most: float = parameter("employee", "Largest firm in a partner case", ge=0.0, le=1e6)
    two_countries: bool = parameter("1", "Partner cases are between two countries only")
    need_form_rate: float = share(
        "Monthly probability that a client who may take part in partner cases fills in a need form"
    )
    need_form_gain: float = share("Share of a broker's missing sight that a seeker's need form makes up for")
    need_form_cost_keur: float = parameter("keur", "Public cost of taking a need form", ge=0.0, le=100.0)
    s3_attention: float = share("Share of the clients shown who are the better fit to the common objective of two")


class Collaboration(Section):
    """From an introduction to the market: competing hazards."""

    start_probability: float = share("Probability that an introduction becomes a project, at the half-value surplus")
    start_surplus: float = parameter("1", "Surplus at which that probability holds", gt=0.0, le=1.0)
    advance_hazard: float = share("Monthly hazard of passing a stage")
    failure_hazard: float = share("Monthly hazard of failure")
    expiry_hazard: float = share("Monthly hazard of expiry")
    surplus_exponent: float = parameter("1", "Exponent of surplus in the advance", ge=0.0, le=3.0)
    grant_multiplier: float = parameter("1", "Advance of a funded project relative to others", ge=0.0, le=10.0)
    services_multiplier: float = parameter("1", "Advance of a project with a served member", ge=0.0, le=10.0)
    coaching_multiplier: float = parameter("1", "Advance past scoping with a coached member", ge=0.0, le=10.0)
    tested_expiry_multiplier: float = parameter(
        "1", "Expiry in scoping with a member that tested before investing, relative to others", ge=0.0, le=10.0
    )
    funded_expiry_multiplier: float = parameter("1", "Expiry while funded relative to others", ge=0.0, le=10.0)
    luck_spread: float = parameter("1", "Standard deviation of a project's own ln advance", ge=0.0, le=3.0)
    satisfaction_memory: float = share("Weight of the last project in a member's satisfaction")


class Calls(Section):
    """What all calls have in common."""

    apply_probability: float = share("Probability that an eligible applicant applies while a call is open")
    evaluation_error: float = parameter("1", "Standard deviation of the error in ln surplus", ge=0.0, le=5.0)
    refused_start: float = share("Probability that a refused project starts anyway")
    grant_months: int = parameter("month", "Months over which a grant is paid", ge=1, le=120)
    single_surplus: float = parameter("1", "Surplus at which a project of one beneficiary is valued", ge=0.0, le=1.0)
    s3_weight: float = parameter(
        "1",
        "Weight of fit in the ranking, to the partnership's objective or else the regions' priorities",
        ge=0.0,
        le=10.0,
    )
    suppliers_seen: int = parameter(
        "candidate", "Suppliers an applicant for a voucher sees besides its contacts", ge=0, le=64
    )


class Services(Section):
    """What services change in the state."""

    diagnosis_maturity: float = share("Share of the gap to full digital maturity closed by a diagnosis")
    training_absorption: float = share("Share of the gap to full absorptive capacity closed by a training")
    take_up: float = share("Monthly probability that a registered firm asks for a place")
    served_months: int = parameter("month", "Months during which a served firm's projects pass stages faster", ge=0)
    awareness_reach: float = share("Monthly probability that an awareness service reaches an SME of its regions")
    awareness_maturity: float = share("Share of the gap to full digital maturity closed by awareness")
    referred_months: int = parameter("month", "Months during which a referral counts", ge=0, le=1200)
    referred_take_up: float = share("Monthly probability that a referred firm asks for a place on its route")
    coached_months: int = parameter("month", "Months during which a coaching helps", ge=0, le=1200)
    tested_months: int = parameter("month", "Months during which a test before investing counts", ge=0, le=1200)
    ready_months: int = parameter("month", "Months during which a firm is ready for investors", ge=0, le=1200)
    mobility_trust: float = share("Trust of a tie that a visit makes, and least trust after one")
    mobility_learning: float = share("Share of the host's lead closed in the one domain in which it is largest")
    group_size: int = parameter("organisation", "Firms in an exchange group", ge=2, le=100)
    group_take_up: float = share("Probability that a registered firm asks for a place when groups are formed")
    group_learning: float = share("Monthly share of the gap to the others' mean closed in a group, times capacity")


class Learning(Section):
    """Learning inside collaborations, own research and forgetting."""

    rule: Literal["transfer", "barter"] = parameter("1", "Directed transfer, or barter")
    transfer_rate: float = share("Share of the gap closed in a month, times absorptive capacity")
    barter_rate: float = share("Share of the gap a receiver closes in a traded domain")
    barter_threshold: float = parameter("1", "Relative lead below which nothing is offered", ge=0.0, le=10.0)
    fading: float = share("Monthly loss of knowledge")
    own_research: float = share("Monthly share of the distance to the frontier closed in one core domain")


class Finance(Section):
    """Own capital, own shares and outside money."""

    capital_at_start_keur: float = parameter("keur / employee", "Capital at the start", ge=0.0, le=1e4)
    monthly_income_keur: float = parameter("keur / employee / month", "Mean monthly surplus of a firm", ge=0.0, le=1e3)
    income_spread: float = parameter("1", "Standard deviation of monthly income, relative to its mean", ge=0.0, le=10.0)
    commercialisation_keur: float = parameter("keur", "Income of a member at commercialisation", ge=0.0, le=1e5)
    project_cost_keur: float = parameter("keur / month", "Cost of a running project for each member", ge=0.0, le=1e4)
    outside_probability: float = share("Probability that a project entering the pilot finds outside money")
    outside_keur: float = parameter("keur", "Outside money of such a project", ge=0.0, le=1e5)
    jobs_per_commercialisation: float = parameter(
        "employee", "Growth of a member at commercialisation", ge=0.0, le=100.0
    )


class Investment(Section):
    """Investors whom a forum brings together with firms."""

    tickets_per_region_month: float = parameter("ticket / month", "Tickets of a region's investors", ge=0.0, le=1000.0)
    ticket_keur: float = parameter("keur", "Outside money of a ticket", ge=0.0, le=1e5)


class Satisfaction(Section):
    """What firms do about having got more or less than they expected."""

    introduction_memory: float = share("Weight of the last introduction in a firm's satisfaction")
    service_memory: float = share("Weight of the last place asked for in a firm's satisfaction")
    leaving: float = share("Monthly hazard that a registered firm of satisfaction -1 leaves its broker")
    reuse: float = share("Increase of the demand for services at satisfaction 1, decrease at -1")
    word_of_mouth: float = share("Increase of what a registered neighbour counts at satisfaction 1, decrease at -1")


class Ties(Section):
    """Relational credit: trust grows with use and decays without."""

    decay: float = share("Trust kept from month to month")
    stage_gain: float = share("Share of the missing trust gained when a stage is passed together")
    failure_factor: float = share("Trust kept at a failure")
    forgotten_below: float = share("Trust below which a tie is gone")
    new_trust: float = share("Trust of a new tie")
    casual_rate: float = parameter("tie / organisation / month", "Casual ties", ge=0.0, le=10.0)


class Shock(Section):
    """A shock from outside: the only thing under which resilience can be spoken of."""

    month: int = parameter("month", "First month of the shock; 0: none", ge=0, le=1200)
    duration_months: int = parameter("month", "Months that it lasts", ge=1, le=1200)
    sectors: tuple[str, ...] = parameter("sector", "Sectors that it strikes; empty: all")
    regions: tuple[str, ...] = parameter("NUTS code", "Regions that it strikes; empty: all")
    capital_loss: float = share("Share of a struck firm's capital lost at once")
    demand_loss: float = share("Share of a struck firm's monthly income lost while it lasts")
    exit_multiplier: float = parameter("1", "Exit hazard of struck firms relative to others", ge=0.0, le=100.0)
    advance_multiplier: float = parameter(
        "1", "Advance of projects with a struck member relative to others", ge=0.0, le=10.0
    )


class Demography(Section):
    """Entry and exit."""

    exit_first_year: float = share("Probability of exit in the first year")
    exit_years_two_to_five: float = share("Yearly probability of exit in years two to five")
    exit_later: float = share("Yearly probability of exit after five years")
    entrant_ties: int = parameter("tie", "Ties an entrant brings", ge=0, le=50)
    insolvency_multiplier: float = parameter(
        "1", "Exit hazard of a firm without capital relative to others", ge=1.0, le=20.0
    )
