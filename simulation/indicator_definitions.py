"""What every indicator means: name, unit, definition, direction, nearest common indicator.

Common indicators are those of Interreg and the European Regional Development Fund. Numpy is not imported
here, so that ``regioscope describe`` can print the list at once.

References
----------
Regulation (EU) 2021/1058 on the European Regional Development Fund and on the Cohesion Fund, Annex I.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["more", "less", "neutral"]
IndicatorKind = Literal["count since month 1", "state", "share"]

COUNT: IndicatorKind = "count since month 1"
STATE: IndicatorKind = "state"
SHARE: IndicatorKind = "share"


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes
    ----------
    name : str
        Column in the results.
    group : str
        What it is about.
    unit : str
        Unit of the value.
    definition : str
        What is counted, summed or averaged, and where it differs from the common indicator.
    direction : str
        Whether a programme wants ``"more"`` or ``"less"`` of it, or ``"neutral"``.
    common_indicator : str or None
        Code of the nearest common output (RCO) or result (RCR) indicator of the funds.
    code_checked : bool
        Whether code and title were confirmed in a document of the 2021-2027 programmes, which apply
        Regulation (EU) 2021/1058.
    kind : str
        A count since month 1, never falling; a state of the month just done; or a share or ratio.
    null_when : str
        When it is undefined; empty if it never is.
    """

    name: str
    group: str
    unit: str
    definition: str
    direction: Direction
    common_indicator: str | None = None
    code_checked: bool = False
    kind: IndicatorKind = STATE
    null_when: str = ""


@dataclass(frozen=True)
class ResultColumn:
    """A column of the results that is no indicator.

    Attributes
    ----------
    name : str
        Column in the results.
    unit : str
        Unit of the value, or what it names.
    definition : str
        What it says.
    """

    name: str
    unit: str
    definition: str


# fmt: off
FIRMS = (
    Indicator("smes_alive", "firms", "SME", "SMEs that exist", "neutral"),
    Indicator("entries", "firms", "SME", "SMEs founded", "neutral", kind=COUNT),
    Indicator("exits", "firms", "SME", "SMEs that ceased to exist", "neutral", kind=COUNT),
    Indicator("smes_registered", "firms", "SME", "SMEs that exist and are registered with a broker", "more"),
    Indicator("smes_supported", "firms", "SME",
              "SMEs, existing or not, that ever received a grant, a service or an introduction that the "
              "programme made, each counted once; RCO01 counts larger enterprises too", "more", "RCO01"),
    Indicator("smes_supported_grant", "firms", "SME",
              "SMEs, existing or not, that ever received a grant", "more", "RCO02"),
    Indicator("smes_supported_nonfinancial", "firms", "SME",
              "SMEs, existing or not, that ever received a service or an introduction that the programme made",
              "more", "RCO04"),
    Indicator("smes_innovating", "firms", "SME",
              "SMEs that exist and ever brought an innovation to market; RCR03 counts only those that did so "
              "because of support", "more", "RCR03", code_checked=True),
    Indicator("jobs_fte", "firms", "full-time employee", "Employees of all SMEs that exist", "more"),
    Indicator("sme_satisfaction_mean", "firms", "1",
              "Mean satisfaction of SMEs that exist: realised minus expected", "more",
              null_when="no SME exists"),
)

COOPERATION = (
    Indicator("introductions", "cooperation", "introduction",
              "Pairs introduced, declined ones included", "more", kind=COUNT),
    Indicator("introductions_platform", "cooperation", "introduction",
              "Introductions of pairs seen on the platform", "more", kind=COUNT),
    Indicator("introductions_cross_sector", "cooperation", "introduction",
              "Introductions between two sectors", "more", kind=COUNT),
    Indicator("introductions_cross_region", "cooperation", "introduction",
              "Introductions between two regions", "more", kind=COUNT),
    Indicator("introductions_cross_border", "cooperation", "introduction",
              "Introductions between two countries", "more", kind=COUNT),
    Indicator("collaborations", "cooperation", "project",
              "Projects of two or more members begun", "more", kind=COUNT),
    Indicator("collaborations_cross_border", "cooperation", "project",
              "Collaborations begun with members from two countries", "more", kind=COUNT),
    Indicator("collaborations_active", "cooperation", "project",
              "Collaborations running now, whenever they began", "more"),
    Indicator("collaborations_programme", "cooperation", "project",
              "Collaborations begun that a call funds, or whose pair was seen through a partnership, the "
              "platform, an exchange group or an event", "more", kind=COUNT),
    Indicator("cooperation_share", "cooperation", "1",
              "Share of SMEs that exist with a collaboration begun in the last 36 months, the current one "
              "included", "more", kind=SHARE, null_when="no SME exists"),
    Indicator("repeat_tie_share", "cooperation", "1",
              "Share of the collaborations begun since month 1 whose first two members had begun one "
              "together before and have not lost touch since", "neutral", kind=SHARE,
              null_when="no collaboration began"),
    Indicator("newcomer_share", "cooperation", "1",
              "Of the SMEs in collaborations begun since month 1, counted once for each collaboration, the "
              "share for whom it was the first", "neutral", kind=SHARE,
              null_when="no SME began a collaboration"),
    Indicator("platform_users", "cooperation", "SME",
              "SMEs that exist, are registered and have signed up to the platform, staffed or not", "more"),
    Indicator("platform_connections", "cooperation", "tie",
              "Ties that the platform made between users who did not know each other, whether or not they last",
              "more", kind=COUNT),
)

PROJECTS = (
    Indicator("projects_started", "projects", "project",
              "Projects begun, with one member or more", "more", kind=COUNT),
    Indicator("projects_funded", "projects", "project", "Projects that a call funds", "more", kind=COUNT),
    Indicator("projects_failed", "projects", "project", "Projects that failed", "less", kind=COUNT),
    Indicator("projects_expired", "projects", "project",
              "Projects that ended without success or failure", "less", kind=COUNT),
    Indicator("innovations_commercialised", "projects", "innovation",
              "Projects that reached the market", "more", kind=COUNT),
    Indicator("innovations_programme", "projects", "innovation",
              "Projects that reached the market and that a call funded, or whose pair was seen through a "
              "partnership, the platform, an exchange group or an event", "more", kind=COUNT),
    Indicator("innovations_cross_border", "projects", "innovation",
              "Projects with members from two countries that reached the market", "more", kind=COUNT),
    Indicator("market_entries_new_region", "projects", "innovation",
              "Innovations for a market outside the initiator's region", "more", kind=COUNT),
    Indicator("market_entries_new_sector", "projects", "innovation",
              "Innovations for a market outside the initiator's sector", "more", kind=COUNT),
    Indicator("challenges_opened", "projects", "challenge", "Challenges posed", "neutral", kind=COUNT),
    Indicator("challenges_covered", "projects", "challenge",
              "Challenges for which at least one consortium with the knowledge asked for began a project",
              "more", kind=COUNT),
    Indicator("consortia", "projects", "project",
              "Projects begun by a consortium that covers a challenge", "more", kind=COUNT),
)

MONEY = (
    Indicator("grants_paid_keur", "money", "keur",
              "Grants paid by the EU, the national and the regional level", "neutral", kind=COUNT),
    Indicator("services_cost_keur", "money", "keur", "Public money spent on services", "neutral", kind=COUNT),
    Indicator("coordination_cost_keur", "money", "keur",
              "Public money spent on coordination, staff time included", "less", kind=COUNT),
    Indicator("public_cost_keur", "money", "keur",
              "Public money spent on grants, services and coordination", "less", kind=COUNT),
    Indicator("own_investment_keur", "money", "keur",
              "Money that the members of projects spent themselves; RCR02 counts supported projects only",
              "more", "RCR02", kind=COUNT),
    Indicator("outside_investment_keur", "money", "keur",
              "Money of outside investors spent on projects", "more", kind=COUNT),
    Indicator("private_leverage", "money", "1",
              "Own and outside money per euro of public cost", "more", kind=SHARE,
              null_when="no public money was spent"),
    Indicator("private_per_grant", "money", "1",
              "Own money in funded projects per euro of grants paid", "more", kind=SHARE,
              null_when="no grant was paid"),
    Indicator("public_cost_per_innovation_keur", "money", "keur / innovation",
              "Public cost per innovation that the programme made (innovations_programme); a gross figure: neither are "
              "those subtracted that would have come anyway, nor those counted that its services helped", "less",
              kind=SHARE,
              null_when="the programme made no innovation"),
)

PARTNERSHIP = (
    Indicator("partnership_members", "partnership", "member",
              "Members of all partnerships and tiers now; RCO87 counts the partners of supported projects, "
              "associated ones included, so it compares where the partnership is the supported project",
              "neutral", "RCO87", code_checked=True),
    Indicator("partnership_active", "partnership", "yes/no",
              "1 if any partnership shares anything now, otherwise 0", "neutral"),
    Indicator("partnership_signed_month", "partnership", "month",
              "First month in which a partnership signed its common objective; a letter of intent is no "
              "signature of it", "less", null_when="none has signed"),
    Indicator("engagement_mean", "partnership", "1",
              "Mean engagement of present members", "more", null_when="nobody is a member"),
    Indicator("objective_agreement", "partnership", "1",
              "Share of a partnership's members who could sign the best draft, mean over partnerships",
              "more", kind=SHARE, null_when="no round of negotiation took place"),
    Indicator("agreement_within_country", "partnership", "1",
              "Share of members who could sign the best draft of their country, mean over countries weighted "
              "by members, then over partnerships", "more", kind=SHARE,
              null_when="no partnership had two members of one country in a round"),
    Indicator("agreement_across_countries", "partnership", "1",
              "Share of pairs of members from two countries within twice the signing distance, mean over "
              "partnerships", "more", kind=SHARE,
              null_when="no partnership had members of two countries in a round"),
    Indicator("follow_on_partners_continuing", "partnership", "member",
              "Members of a partnership that applied again for one that follows it, whether or not it was funded, all "
              "applications together", "more", null_when="none has applied"),
    Indicator("follow_on_funded", "partnership", "partnership",
              "Follow-on applications that were funded", "more"),
)

INTERMEDIARIES = (
    Indicator("intermediary_skill", "intermediaries", "1",
              "Mean skill of brokers and parks: share of practices right, undecided ones counting one half",
              "more", null_when="there is neither broker nor park"),
    Indicator("practices_transferred", "intermediaries", "practice",
              "Practices that agencies took over from peers or the handbook", "more", kind=COUNT),
    Indicator("peer_learning_agencies", "intermediaries", "agency",
              "Brokers, parks and authorities that visited a peer since month 1 or ever took over a practice",
              "more"),
    Indicator("practices_in_instruments", "intermediaries", "practice",
              "Practices that authorities, or agencies, learned from others and hold in instruments of their own, "
              "right or wrong", "more"),
)

KNOWLEDGE = (
    Indicator("knowledge_mean", "knowledge and territory", "1",
              "Mean knowledge level of SMEs that exist, over all domains", "more", null_when="no SME exists"),
    Indicator("knowledge_diversity", "knowledge and territory", "1",
              "Standard deviation of knowledge between SMEs that exist in a domain, mean over domains: how "
              "differently firms know, as Cowan & Jonard 2004 follow the variance", "neutral",
              null_when="no SME exists"),
    Indicator("digital_maturity_mean", "knowledge and territory", "1",
              "Mean digital maturity of SMEs that exist", "more", null_when="no SME exists"),
    Indicator("regional_gini", "knowledge and territory", "1",
              "Gini coefficient, over regions counted alike, of innovations brought to market by a region's "
              "SMEs per SME that exists there", "less", kind=SHARE,
              null_when="fewer than two regions have SMEs, or none has an innovation"),
    Indicator("share_less_developed_regions", "knowledge and territory", "1",
              "Of the innovations that SMEs took part in, one for each SME, the share of SMEs in less "
              "developed regions", "more", kind=SHARE,
              null_when="no region with firms is less developed, or no SME has an innovation"),
)

NETWORK = (
    Indicator("tie_count", "network and market", "tie", "Ties between organisations that exist", "neutral"),
    Indicator("tie_clustering", "network and market", "1",
              "Mean share of the pairs of an organisation's contacts that are tied themselves, fewer than "
              "two contacts counting 0, from a sample of 256 organisations", "neutral",
              null_when="neither a year nor the run ends, or nobody exists"),
    Indicator("tie_path_length", "network and market", "tie",
              "Mean number of ties on the shortest path from a sample of 64 organisations to all whom they "
              "can reach", "neutral", null_when="neither a year nor the run ends, or nobody is tied"),
    Indicator("matching_gap", "network and market", "1",
              "Share of the optimum that may be missing at most: 1 minus what the month's introductions are worth to "
              "whoever shows the pairs, per unit of the bound that the prices of the optimal rule give (ODD 7.17)",
              "less", kind=SHARE, null_when="matching.rule is not optimal, or no pair could be introduced"),
)

INDICATORS: tuple[Indicator, ...] = (
    *FIRMS, *COOPERATION, *PROJECTS, *MONEY, *PARTNERSHIP, *INTERMEDIARIES, *KNOWLEDGE, *NETWORK,
)
"""All indicators, in the order of the results' columns."""

INDICATOR_NAMES: tuple[str, ...] = tuple(indicator.name for indicator in INDICATORS)
"""Columns of the results."""

REGIONAL_INDICATORS: tuple[Indicator, ...] = (
    Indicator("smes_alive", "regions", "SME", "SMEs of the region that exist", "neutral"),
    Indicator("smes_registered", "regions", "SME",
              "SMEs of the region that exist and are registered", "more"),
    Indicator("innovations", "regions", "innovation",
              "Innovations that SMEs of the region, existing or not, took part in, one for each SME", "more"),
    Indicator("knowledge_mean", "regions", "1",
              "Mean knowledge level of the region's SMEs, over all domains", "more",
              null_when="no SME exists there"),
    Indicator("jobs_fte", "regions", "full-time employee", "Employees of the region's SMEs", "more"),
    Indicator("collaborations_active", "regions", "project",
              "Collaborations running now whose initiator sits in the region", "more"),
)
"""Headline indicators of a region."""

FLOW_INDICATORS: tuple[Indicator, ...] = (
    Indicator("ties", "flows", "tie",
              "Ties between organisations of the two regions, or of the one, that exist", "neutral"),
    Indicator("ties_programme", "flows", "tie",
              "Of these, ties that a project through a partnership created, its calls included", "more"),
    Indicator("collaborations", "flows", "project",
              "Projects begun with members in the two regions, or two members in the one", "more", kind=COUNT),
    Indicator("collaborations_programme", "flows", "project",
              "Of these, collaborations that a call funds, or whose pair was seen through a partnership, the "
              "platform, an exchange group or an event", "more", kind=COUNT),
    Indicator("innovations", "flows", "innovation",
              "Of these collaborations, made by the programme or not, those that reached the market", "more",
              kind=COUNT),
)
"""What is between two regions, or inside one."""

NETWORK_COLUMNS: tuple[ResultColumn, ...] = (
    ResultColumn("first", "identifier", "Organisation of the lower number, as unique_id of its agent"),
    ResultColumn("second", "identifier", "Organisation of the higher number, as unique_id of its agent"),
    ResultColumn("first_region", "region", "Region of the first"),
    ResultColumn("second_region", "region", "Region of the second"),
    ResultColumn("first_sector", "sector", "Sector of the first"),
    ResultColumn("second_sector", "sector", "Sector of the second"),
    ResultColumn("first_kind", "name", "Kind of the first: sme, university, provider or large"),
    ResultColumn("second_kind", "name", "Kind of the second"),
    ResultColumn("trust", "1", "Relational credit, 0 to 1"),
    ResultColumn("origin", "name",
                 "How the tie came to be: founding, entrant, casual, project, programme (a project through a "
                 "partnership), or platform"),
    ResultColumn("born_month", "month", "Month in which the tie came to be; 0 or less before the run"),
)
"""A tie of the sampled network."""
