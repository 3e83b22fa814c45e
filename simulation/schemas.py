"""The written schema of every table of the state."""

from __future__ import annotations

from functools import cache

from simulation.state import NEVER, NOBODY, Column, Schema, State, Table

PRACTICES = 16
"""Dimensions of an agency's practice."""

MOST_MEMBERS = 8
"""Most members of a project."""

NEEDS = 3
"""Domains an organisation needs."""


@cache
def organisations(domains: int) -> Schema:
    """Schema of organisations in the market; ``domains`` is the number of knowledge domains."""
    return Schema(
        "organisations",
        "an organisation of the market, dead or alive",
        (
            Column("knowledge", "f4", "1", "Level in each domain, 0 to 1", (domains,)),
            Column("identity", "u8", "address", "Address of its random numbers"),
            Column("capital_cents", "i8", "cent", "Own capital"),
            Column("cluster", "i4", "row", "Cluster: sector in a region"),
            Column("broker", "i4", "row", "Broker where it is registered", empty=NOBODY),
            Column("park", "i4", "row", "Park where it is a tenant", empty=NOBODY),
            Column("group", "i4", "row", "Exchange group", empty=NOBODY),
            Column("absorptive_capacity", "f4", "1", "Ability to use what others know, 0 to 1"),
            Column("digital_maturity", "f4", "1", "Digital maturity, 0 to 1"),
            Column("size", "f4", "employee", "Full-time employees"),
            Column("satisfaction", "f4", "1", "Realised minus expected, as a moving average"),
            Column("region", "i2", "row", "Region"),
            Column("sector", "i2", "row", "Sector"),
            Column("born_month", "i2", "month", "Month of foundation", empty=NEVER),
            Column("died_month", "i2", "month", "Month of exit", empty=NEVER),
            Column("registered_month", "i2", "month", "Month of registration", empty=NEVER),
            Column("cooperated_month", "i2", "month", "Last start of a project with others", empty=NEVER),
            Column("platform_month", "i2", "month", "Month in which it signed up to the platform", empty=NEVER),
            Column("served_until_month", "i2", "month", "Last month in which a service still helps", empty=NEVER),
            Column("referred_until_month", "i2", "month", "Last month in which a referral still counts", empty=NEVER),
            Column("coached_until_month", "i2", "month", "Last month in which a coaching still helps", empty=NEVER),
            Column("tested_until_month", "i2", "month", "Last month in which a test still counts", empty=NEVER),
            Column("ready_until_month", "i2", "month", "Last month in which it is ready for investors", empty=NEVER),
            Column("innovations", "i2", "innovation", "Innovations brought to market"),
            Column("needs", "i1", "domain", "Domains it needs", (NEEDS,)),
            Column("need_kind", "i1", "code", "Kind of need, see NeedKind"),
            Column("kind", "i1", "code", "Kind, see Kind"),
            Column("alive", "?", "yes/no", "Whether it exists"),
            Column("innovator", "?", "yes/no", "Whether it is innovation-active"),
            Column("need_form", "?", "yes/no", "Whether its broker holds a need form that it filled in"),
            Column("granted", "?", "yes/no", "Whether it ever received a grant"),
            Column(
                "served", "?", "yes/no", "Whether it ever received a service, or an introduction that a programme made"
            ),
            Column("running_projects", "i1", "project", "Projects it takes part in now"),
        ),
    )


TIES = Schema(
    "ties",
    "a tie between two organisations, first < second",
    (
        Column("first", "i4", "row", "Organisation of the lower row"),
        Column("second", "i4", "row", "Organisation of the higher row"),
        Column("trust", "f4", "1", "Relational credit, 0 to 1"),
        Column("born_month", "i2", "month", "Month of birth"),
        Column("used_month", "i2", "month", "Month of last use", empty=NEVER),
        Column("origin", "i1", "code", "How it came to be, see Origin"),
        Column("running_projects", "i1", "project", "Projects both take part in now"),
    ),
)

PROJECTS = Schema(
    "projects",
    "a collaboration or a single beneficiary's project",
    (
        Column("identity", "u8", "address", "Address of its random numbers"),
        Column("grant_cents", "i8", "cent", "Grant committed"),
        Column("granted_share", "f4", "1", "Grant in parts of the largest that its call gives"),
        Column("grant_paid_cents", "i8", "cent", "Grant paid so far"),
        Column("own_cents", "i8", "cent", "Own money of the members so far"),
        Column("outside_cents", "i8", "cent", "Outside money so far"),
        Column("ticket_left_cents", "i8", "cent", "Of an investor's ticket, what is left for own shares"),
        Column("members", "i4", "row", "Organisations taking part, the initiator first", (MOST_MEMBERS,), NOBODY),
        Column("first_member", "i4", "row", "Member of the partnership on the initiator's side", empty=NOBODY),
        Column("second_member", "i4", "row", "Member of the partnership on the other side", empty=NOBODY),
        Column("surplus", "f4", "1", "Surplus of the pair when it began"),
        Column("luck", "f4", "1", "The project's own factor on advance"),
        Column("cognitive_distance", "f4", "1", "Distance of the pair when it began"),
        Column("started_month", "i2", "month", "Month of the start"),
        Column("passed_month", "i2", "month", "Month in which a stage was last passed", empty=NEVER),
        Column("ended_month", "i2", "month", "Month of the end", empty=NEVER),
        Column("call", "i2", "row", "Call that funds it", empty=NOBODY),
        Column("partnership", "i2", "row", "Partnership through which it came about", empty=NOBODY),
        Column("target_region", "i2", "row", "Region of the market aimed at"),
        Column("target_sector", "i2", "row", "Sector of the market aimed at"),
        Column("member_count", "i1", "organisation", "Number of members"),
        Column("status", "i1", "code", "What became of it, see Status"),
        Column("stage", "i1", "code", "Stage, see Stage"),
        Column("channel", "i1", "code", "Where the pair was seen, see Channel"),
        Column("cross_region", "?", "yes/no", "Members from two regions"),
        Column("cross_border", "?", "yes/no", "Members from two countries"),
    ),
)

PRACTICE_COLUMNS = (
    Column("practices", "i1", "belief", "Belief in each dimension of practice: -1, 0 undecided, 1", (PRACTICES,)),
    Column("skill", "f8", "1", "Share of practices right, undecided ones counting one half"),
    Column("visited_month", "i2", "month", "Last visit to a peer", empty=NEVER),
    Column("transferred", "i2", "practice", "Practices taken over from peers or the handbook"),
    Column("learned", "?", "yes/no", "Whether the belief was taken over from others", (PRACTICES,)),
    Column("instrument", "i1", "belief", "Practice its instrument took over: -1, 0 none, 1", (PRACTICES,)),
)

BROKERS = Schema(
    "brokers",
    "an intermediary with clients",
    (
        Column("identity", "u8", "address", "Address of its random numbers"),
        Column("region", "i2", "row", "Region"),
        Column("member", "i4", "row", "Membership that acts for it, its own or its parent's", empty=NOBODY),
        Column("posts", "f8", "post", "Brokers employed"),
        Column("days", "f8", "day / month", "Staff days left for cases this month"),
        Column("case_capacity", "i4", "case", "Cases it can take this month"),
        Column("partner_case_capacity", "i4", "case", "Of these, cases with partners' clients"),
        Column("cases", "i4", "case", "Cases taken this month"),
        Column("partner_cases", "i4", "case", "Cases with partners' clients taken this month"),
        Column("promotion", "f8", "1", "Effort that raises enrolment this month"),
        *PRACTICE_COLUMNS,
    ),
)

PARKS = Schema(
    "parks",
    "a science park or incubator",
    (
        Column("identity", "u8", "address", "Address of its random numbers"),
        Column("region", "i2", "row", "Region"),
        Column("member", "i4", "row", "Its membership", empty=NOBODY),
        Column("places", "i4", "organisation", "Places for tenants"),
        *PRACTICE_COLUMNS,
    ),
)

AUTHORITIES = Schema(
    "authorities",
    "a region, ministry or funding agency",
    (
        Column("identity", "u8", "address", "Address of its random numbers"),
        Column("region", "i2", "row", "Region"),
        Column("member", "i4", "row", "Its membership", empty=NOBODY),
        *PRACTICE_COLUMNS,
    ),
)


@cache
def members(domains: int) -> Schema:
    """Schema of memberships; ``domains`` is the number of domains an objective is spread over."""
    return Schema(
        "members",
        "a body and a partnership: a membership that is, was or may come to be",
        (
            Column("identity", "u8", "address", "Address of the body's random numbers"),
            Column("partnership", "i2", "row", "Partnership"),
            Column("kind", "i1", "code", "Kind of body, see MemberKind"),
            Column("row", "i4", "row", "Row of the body in the table of its kind"),
            Column("tier", "i1", "code", "Tier, see Tier"),
            Column("region", "i2", "row", "Region of the body"),
            Column("country", "i2", "row", "Country of the body"),
            Column("founder", "?", "yes/no", "Whether it founds the partnership, or is its associate from the start"),
            Column("named", "?", "yes/no", "Whether the founders name it"),
            Column("present", "?", "yes/no", "Whether it is a member now"),
            Column("can_sign", "?", "yes/no", "Whether the best draft lies within its signing distance"),
            Column(
                "mandate",
                "f8",
                "1",
                "Objective at the founding or last renewal, weights over domains",
                (domains,),
            ),
            Column("opinion", "f8", "1", "Objective now, weights over domains", (domains,)),
            Column("tolerance", "f8", "1", "Distance up to which it listens"),
            Column("engagement", "f8", "1", "Share of its effort it gives, 0 to 1"),
            Column("offers", "f8", "case / month", "Partner cases offered, moving average"),
            Column("success", "f8", "point / month", "Successes through the partnership, moving average"),
            Column("offers_now", "f8", "case", "Partner cases offered since engagement was last updated"),
            Column("success_now", "f8", "point", "Successes since engagement was last updated"),
            Column("joined_month", "i2", "month", "Month of joining", empty=NEVER),
            Column("left_month", "i2", "month", "Month of leaving", empty=NEVER),
        ),
    )


@cache
def partnerships(domains: int) -> Schema:
    """Schema of partnerships; ``domains`` is the number of domains the objective is spread over."""
    return Schema(
        "partnerships",
        "a partnership",
        (
            Column("identity", "u8", "address", "Address of its random numbers"),
            Column("status", "i1", "code", "Where it stands, see PartnershipStatus"),
            Column("active", "?", "yes/no", "Whether anything is shared"),
            Column("negotiating", "?", "yes/no", "Whether rounds take place"),
            Column("founded_month", "i2", "month", "Month of the first round", empty=NEVER),
            Column("active_month", "i2", "month", "Month in which it became active", empty=NEVER),
            Column("signed_month", "i2", "month", "Month of the common objective's signature", empty=NEVER),
            Column("term_end_month", "i2", "month", "Last month of the agreement", empty=NEVER),
            Column("lead", "i4", "row", "Membership of the lead", empty=NOBODY),
            Column("rounds", "i2", "round", "Rounds of negotiation so far"),
            Column("bound", "?", "yes/no", "Whether floor, enforcement, binding and fee are in force"),
            Column("purse", "i4", "row", "Purse of its own budget", empty=NOBODY),
            Column("applied_month", "i2", "month", "Month of its application as a follow-on", empty=NEVER),
            Column("continuing", "i2", "member", "Members of the earlier partnership that apply again"),
            Column("funded", "?", "yes/no", "Whether that application is funded"),
            Column("objective", "f8", "1", "Common objective or best draft, weights over domains", (domains,)),
            Column("objective_agreement", "f8", "1", "Share who could sign the best draft", empty=float("nan")),
            Column("agreement_within_country", "f8", "1", "Agreement within countries", empty=float("nan")),
            Column("agreement_across_countries", "f8", "1", "Agreement across countries", empty=float("nan")),
            Column("capacity_share", "f8", "1", "Share of cases that coordination leaves possible"),
            Column("handbook", "i1", "belief", "Good-practice handbook: -1, 0 nothing said, 1", (PRACTICES,)),
        ),
    )


CALLS = Schema(
    "calls",
    "a call for projects, or after the calls a challenge for consortia",
    (
        Column("identity", "u8", "address", "Address of its random numbers"),
        Column("first_purse", "i4", "row", "First of its purses", empty=NOBODY),
        Column("purse_count", "i4", "purse", "One pooled purse, or one for each region"),
        Column("decided", "?", "yes/no", "Whether the decision was taken"),
        Column("applications", "i4", "application", "Applications received"),
        Column("funded", "i4", "project", "Projects funded"),
    ),
)


@cache
def strategies(domains: int) -> Schema:
    """Schema of the strategies of regions; ``domains`` is the number of domains priorities are spread over."""
    return Schema(
        "strategies",
        "the innovation strategy of a region",
        (Column("priorities", "f8", "1", "Priorities now, weights over domains", (domains,)),),
    )


APPLICATIONS = Schema(
    "applications",
    "an application that waits for the decision",
    (
        Column("call", "i2", "row", "Call"),
        Column("first", "i4", "row", "Applicant"),
        Column("second", "i4", "row", "Its partner", empty=NOBODY),
        Column("identity", "u8", "address", "Address of its random numbers"),
        Column("surplus", "f4", "1", "Surplus"),
        Column("cognitive_distance", "f4", "1", "Distance of the pair"),
        Column("resubmitted", "?", "yes/no", "Whether it was refused before"),
    ),
)

PURSES = Schema(
    "purses",
    "money of one source for one account",
    (
        Column("received_cents", "i8", "cent", "Money put in"),
        Column("spent_cents", "i8", "cent", "Money spent"),
        Column("committed_cents", "i8", "cent", "Money promised and not yet spent"),
        Column("region", "i2", "row", "Region whose side it pays", empty=NOBODY),
        Column("source", "i1", "code", "Where the money comes from, see Source"),
        Column("account", "i1", "code", "What it is for, see Account"),
    ),
)

CANDIDATES = Schema(
    "candidates",
    "a pair that somebody sees this month",
    (
        Column("seeker", "i4", "row", "Organisation that looks for a partner"),
        Column("other", "i4", "row", "Organisation that is seen"),
        Column("weight", "f8", "1", "Surplus as the one who shows the pair sees it"),
        Column("surplus", "f4", "1", "Surplus of the pair"),
        Column("cognitive_distance", "f4", "1", "Distance of the pair"),
        Column("seeker_broker", "i4", "row", "Broker that spends a case for the seeker, or NOBODY"),
        Column("other_broker", "i4", "row", "Broker that spends a case for the other, or NOBODY"),
        Column("channel", "i1", "code", "Where the pair was seen, see Channel"),
    ),
)

INTRODUCTIONS = Schema(
    "introductions",
    "an introduction made this month",
    (
        *CANDIDATES.columns,
        Column("identity", "u8", "address", "Address of the pair as seen by the seeker"),
        Column("partnership", "i2", "row", "Partnership through which it is seen", empty=NOBODY),
    ),
)

CLOCK = Schema(
    "clock",
    "the run",
    (
        Column("month", "i2", "month", "Months done; negative in the warm-up"),
        Column("right_practice", "i1", "belief", "What works, in each dimension of practice", (PRACTICES,)),
    ),
)


def empty_state(domains: int, counters: Schema) -> State:
    """A state without rows; ``counters`` holds one column for each cumulative indicator."""
    return State(
        clock=Table(CLOCK),
        organisations=Table(organisations(domains)),
        ties=Table(TIES),
        projects=Table(PROJECTS),
        brokers=Table(BROKERS),
        parks=Table(PARKS),
        authorities=Table(AUTHORITIES),
        members=Table(members(domains)),
        partnerships=Table(partnerships(domains)),
        calls=Table(CALLS),
        strategies=Table(strategies(domains)),
        applications=Table(APPLICATIONS),
        purses=Table(PURSES),
        counters=Table(counters),
        candidates=Table(CANDIDATES),
        introductions=Table(INTRODUCTIONS),
    )
