"""Time to agreement, its limits, and what SMART-SPACE went through.

Hegselmann & Krause's rule with mandates, speed and unequal tolerances (Friedkin & Johnsen 1990), inside the model:
founding objectives, rounds, drafts, quorum, deadline and fallback as a run has them.
"""

from collections import Counter

import pytest

from simulation.codes import PartnershipStatus
from simulation.scenario import load_scenario
from simulation.state import NEVER
from tests.verification_runs import GOVERNING, after, many, mean_and_error, partnership_of

WITHIN_MONTHS = 24
OWN_OBJECTIVES = {"negotiation.country_share": 0.0}


def months_to_signature(scenario, seeds):
    """Months until each run's signature, WITHIN_MONTHS + 1 where there is none."""
    signed = (model.state.partnerships.signed_month[0] for model in many(scenario, seeds, WITHIN_MONTHS, GOVERNING))
    return [WITHIN_MONTHS + 1 if month == NEVER else int(month) for month in signed]


def share_signed(scenario, seeds):
    return sum(months <= WITHIN_MONTHS for months in months_to_signature(scenario, seeds)) / seeds


def smart_space(heterogeneity):
    """SMART-SPACE's twelve members, who have all the time they want."""
    return load_scenario(
        "smart-space-formal",
        {
            "population.smes_per_cluster": 1,
            "negotiation.heterogeneity": heterogeneity,
            "partnership.deadline_months": 0,
        },
    )


def members(number, decision, quorum):
    """Members of whom each has an objective of its own, and no deadline."""
    return partnership_of(
        number, 1, OWN_OBJECTIVES, decision=decision, quorum=quorum, deadline_months=0, coordination="shared"
    )


def history(model):
    """What SMART-SPACE's twelve months came to, in the terms of the report."""
    partnerships = model.state.partnerships
    if partnerships.signed_month[0] != NEVER:
        return "agreed"
    strong_within = partnerships.agreement_within_country[0] >= 0.8
    partial_across = 0.1 <= partnerships.agreement_across_countries[0] <= 0.8
    letter = partnerships.status[0] == PartnershipStatus.LETTER_OF_INTENT
    if strong_within and partial_across and letter and partnerships.active_month[0] == 12:
        return "sequence"
    return "other"


@pytest.mark.parametrize(
    ("levels", "seeds"),
    [((0.1, 0.3, 0.8), 8), pytest.param((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8), 40, marks=pytest.mark.slow)],
)
def test_months_to_agreement_grow_with_heterogeneity_until_agreement_is_rare(levels, seeds):
    waiting = [mean_and_error(months_to_signature(smart_space(level), seeds))[0] for level in levels]
    assert waiting == sorted(waiting)
    assert len(set(waiting)) == len(levels)
    assert share_signed(smart_space(levels[0]), seeds) == 1.0
    assert share_signed(smart_space(levels[-1]), seeds) < 0.1


@pytest.mark.parametrize(("numbers", "seeds"), [((2, 16), 12), pytest.param((2, 4, 8, 16), 60, marks=pytest.mark.slow)])
def test_unanimity_becomes_rarer_with_more_members_and_a_majority_does_not(numbers, seeds):
    unanimous = [share_signed(members(number, "unanimity", 1.0), seeds) for number in numbers]
    by_majority = [share_signed(members(number, "majority", 2 / 3), seeds) for number in numbers]
    assert unanimous == sorted(unanimous, reverse=True)
    assert unanimous[0] > unanimous[-1] + 0.2
    assert by_majority[-1] >= by_majority[0]


@pytest.mark.parametrize("seeds", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_documented_history_of_smart_space_is_its_commonest(seeds):
    scenario = load_scenario("smart-space-formal", {"population.smes_per_cluster": 2, "months": 12})
    histories = Counter(history(model) for model in many(scenario, seeds, 12, GOVERNING))
    assert histories.most_common(1)[0][0] == "sequence"
    assert set(histories) == {"sequence", "agreed", "other"}


def test_the_negotiation_of_a_formal_partnership_is_the_same_with_the_rest_of_the_month_around_it():
    scenario = load_scenario("smart-space-formal", {"population.smes_per_cluster": 2, "months": 12})
    alone, whole = after(scenario, 12, 5, GOVERNING), after(scenario, 12, 5)
    for column in ("objective_agreement", "agreement_within_country", "agreement_across_countries"):
        assert alone.series[column] == whole.series[column]
