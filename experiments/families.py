"""The families of scenarios that a documented initiative stands for, and what is expected of their arms.

A family is the initiative as documented (its head), the same without one of its components (removals), and the
reference arms of the head. An expectation holds the head against one of these in the indicator through which the
component works, with the sign that causal studies of such an instrument let one expect. It is read, never enforced:
nothing in the model knows of it.

References
----------
Bakhshi et al. (2013), Creative Credits: a randomized controlled industrial policy experiment, Nesta.
Boudreau et al. (2017), A field experiment on search costs and the formation of scientific collaborations, Review of
Economics and Statistics 99:565-576.
Cai & Szeidl (2018), Interfirm relationships and business performance, Quarterly Journal of Economics 133:1229-1282.
Santoleri et al. (2024), The causal effects of R&D grants: evidence from a regression discontinuity, Review of
Economics and Statistics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["ALL", "FAMILIES", "Expectation", "Family", "Sign", "families_of", "with_costs"]

Sign = Literal["+", "0 or open", "open"]

GROWTH = "grants of 30 to 50 keur had no effect on growth (Santoleri et al. 2024)"
PAIRS = "meetings and matchmaking made pairs (Boudreau et al. 2017, Cai & Szeidl 2018)"
NO_ESTIMATE = "no causal estimate exists"
COST = "what an arm costs the public is no effect; where it differs, the arms are not at equal cost"


@dataclass(frozen=True)
class Expectation:
    """What a component of an initiative is expected to do.

    Attributes
    ----------
    without : str
        The arm without it: a removal of the family, or the kind of a reference arm.
    indicator : str
        Indicator through which it works, or on which studies report.
    sign : str
        Of the head minus that arm.
    because : str
        On what the sign rests.
    """

    without: str
    indicator: str
    sign: Sign
    because: str


@dataclass(frozen=True)
class Family:
    """An initiative's scenarios.

    Attributes
    ----------
    name : str
        By which it is asked for, and its folder.
    head : str
        Scenario of what took place; its facts are judged.
    removals : tuple of str
        Scenarios that lack a component, or have another in its place.
    expectations : tuple of Expectation
        What is compared.
    """

    name: str
    head: str
    removals: tuple[str, ...]
    expectations: tuple[Expectation, ...]


# fmt: off
FAMILIES: tuple[Family, ...] = (
    Family("smart-space", "smart-space-formal", ("smart-space-flexible",), (
        Expectation("smart-space-flexible", "introductions_cross_border", "open", NO_ESTIMATE),
        Expectation("smart-space-flexible", "innovations_cross_border", "open", NO_ESTIMATE),
        Expectation("none", "collaborations", "+", PAIRS),
        Expectation("none", "innovations_commercialised", "open", NO_ESTIMATE),
    )),
    Family("circular-40", "circular-40", (), (
        Expectation("none", "collaborations", "+", PAIRS),
        Expectation("none", "innovations_commercialised", "open", NO_ESTIMATE),
    )),
    Family("acttivate", "acttivate", ("acttivate-grants-only", "acttivate-services-only"), (
        Expectation("acttivate-services-only", "innovations_commercialised", "open", NO_ESTIMATE),
        Expectation("acttivate-services-only", "jobs_fte", "0 or open", GROWTH),
        Expectation("acttivate-grants-only", "innovations_commercialised", "open", NO_ESTIMATE),
        Expectation("acttivate-grants-only", "jobs_fte", "open", NO_ESTIMATE),
        Expectation("acttivate-grants-only", "introductions_cross_sector", "+", PAIRS),
        Expectation("none", "collaborations", "+", PAIRS),
        Expectation("none", "jobs_fte", "open", NO_ESTIMATE),
    )),
    Family("gosmart", "gosmart", ("gosmart-no-brokers",), (
        Expectation("gosmart-no-brokers", "introductions_cross_border", "+", PAIRS),
        Expectation("gosmart-no-brokers", "collaborations_cross_border", "+", PAIRS),
        Expectation("gosmart-no-brokers", "collaborations", "open", NO_ESTIMATE),
        Expectation("gosmart-no-brokers", "innovations_commercialised", "open", NO_ESTIMATE),
        Expectation("none", "collaborations", "+", PAIRS),
    )),
    Family("p2b", "p2b", ("p2b-no-peers",), (
        Expectation("p2b-no-peers", "practices_transferred", "open", NO_ESTIMATE),
        Expectation("p2b-no-peers", "intermediary_skill", "open", NO_ESTIMATE),
        Expectation("p2b-no-peers", "introductions", "open", NO_ESTIMATE),
        Expectation("p2b-no-peers", "collaborations", "open", NO_ESTIMATE),
        Expectation("p2b-no-peers", "innovations_commercialised", "open", NO_ESTIMATE),
    )),
    Family("kickstart-s3", "kickstart-s3", ("kickstart-s3-no-missions",), (
        Expectation("kickstart-s3-no-missions", "collaborations", "open", NO_ESTIMATE),
        Expectation("kickstart-s3-no-missions", "innovations_programme", "open", NO_ESTIMATE),
        Expectation("kickstart-s3-no-missions", "innovations_commercialised", "open", NO_ESTIMATE),
        Expectation("none", "collaborations", "+", PAIRS),
    )),
)
# fmt: on
"""The five initiatives; SMART-SPACE and its follow-on are a family each."""


def with_costs(expectations: tuple[Expectation, ...]) -> list[Expectation]:
    """Return the expectations arm by arm, what it costs the public first."""
    arms = dict.fromkeys(each.without for each in expectations)
    found = []
    for arm in arms:
        found.append(Expectation(arm, "public_cost_keur", "open", COST))
        found += [each for each in expectations if each.without == arm]
    return found


ALL = "initiatives"
"""Case that stands for all families."""


def families_of(case: str) -> tuple[Family, ...]:
    """Return the families that a case names: all, one, or none where it names another kind of case."""
    return tuple(family for family in FAMILIES if case in (ALL, family.name))
