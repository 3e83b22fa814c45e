"""What a reference arm stands for: ``none`` no programme, ``separate`` the same budgets with nothing across."""

from functools import cache

import numpy as np
import pytest

from simulation.codes import Origin
from simulation.model import EcosystemModel
from simulation.money import cents
from simulation.projects import made_by_programme
from simulation.scenario import load_scenario
from simulation.state import NOBODY
from tests.invariants import run_checked

INITIATIVES = ("smart-space-formal", "smart-space-flexible")
ARMS = {
    "initiative": {},
    "none": {"programme.active": False, "partnership.governance": "none"},
    "separate": {"programme.across": False, "partnership.governance": "none"},
}
SMALL = {"population.smes_per_cluster": 12, "months": 30, "programme_end_month": 26}
NOTHING_OF = (
    "introductions_platform",
    "collaborations_programme",
    "innovations_programme",
    "projects_funded",
    "smes_supported",
    "smes_supported_grant",
    "smes_supported_nonfinancial",
    "partnership_members",
    "partnership_active",
    "practices_transferred",
    "peer_learning_agencies",
)


def scenario_of(arm, initiative="smart-space-flexible", **changes):
    return load_scenario(initiative, {**SMALL, **ARMS[arm], **{k.replace("__", "."): v for k, v in changes.items()}})


class Seen:
    """Counts whom the programme showed to each other, month by month."""

    def __init__(self):
        self.introductions, self.introductions_across, self.candidates_across = 0, 0, 0

    def look(self, model):
        introduced = _across(model, model.state.introductions)
        self.introductions += len(introduced)
        self.introductions_across += int(np.count_nonzero(introduced))
        self.candidates_across += int(np.count_nonzero(_across(model, model.state.candidates)))


def _across(model, pairs):
    """Whether the two of each pair that the programme made sit in two regions."""
    region, made = model.state.organisations.region, made_by_programme(pairs.channel)
    return region[pairs.seeker[made]] != region[pairs.other[made]]


@cache
def ended(arm, initiative="smart-space-flexible", pot="virtual"):
    """The model at its end, and what was seen on the way."""
    model, seen = EcosystemModel(scenario_of(arm, initiative, partnership__pot=pot), seed=3), Seen()
    while model.running:
        model.step()
        seen.look(model)
    return model, seen


def call_purses(model):
    """Rows of the purses of every call, by its name."""
    calls = model.state.calls
    rows = zip(calls.first_purse.tolist(), calls.purse_count.tolist(), strict=True)
    names = sorted(model.scenario.calls)
    return {name: slice(first, first + count) for name, (first, count) in zip(names, rows, strict=True)}


@pytest.mark.parametrize("arm", ["none", "separate"])
def test_both_initiatives_have_the_same_reference_arm(arm):
    assert len({scenario_of(arm, initiative).digest() for initiative in INITIATIVES}) == 1


@pytest.mark.parametrize("arm", ["none", "separate"])
def test_a_reference_arm_is_another_policy_than_the_initiative(arm):
    assert scenario_of(arm).digest() != scenario_of("initiative").digest()


def test_no_programme_costs_the_public_nothing():
    model, _ = ended("none")
    for name in ("grants_paid_keur", "services_cost_keur", "coordination_cost_keur", "public_cost_keur"):
        assert set(model.series[name]) == {0.0}
    assert model.series["own_investment_keur"][-1] > 0.0
    assert set(model.state.calls.first_purse.tolist()) == {NOBODY}


def test_without_a_programme_nothing_is_made_by_it():
    model, seen = ended("none")
    assert {name: set(model.series[name]) for name in NOTHING_OF} == {name: {0} for name in NOTHING_OF}
    assert (seen.introductions, seen.candidates_across) == (0, 0)
    projects = model.state.projects
    assert len(projects) > 0
    assert not made_by_programme(projects.channel).any()
    assert (projects.call == NOBODY).all()
    assert (projects.partnership == NOBODY).all()
    assert not (model.state.ties.origin == Origin.PROGRAMME).any()
    assert not (model.state.organisations.served_until_month > 0).any()


@pytest.mark.parametrize("pot", ["virtual", "real"])
def test_in_separate_regions_the_programme_brings_nobody_of_two_regions_together(pot):
    model, seen = ended("separate", pot=pot)
    assert seen.introductions > 50
    assert (seen.introductions_across, seen.candidates_across) == (0, 0)
    projects, ties, region = model.state.projects, model.state.ties, model.state.organisations.region
    made = made_by_programme(projects.channel)
    assert np.count_nonzero(made & (projects.member_count == 2)) > 10
    assert not projects.cross_region[made].any()
    through = ties.origin == Origin.PROGRAMME
    assert (region[ties.first[through]] == region[ties.second[through]]).all()


def test_in_separate_regions_agencies_learn_nothing_from_each_other_and_nobody_coordinates():
    model, _ = ended("separate")
    for name in ("practices_transferred", "peer_learning_agencies", "partnership_members", "coordination_cost_keur"):
        assert set(model.series[name]) == {0}


def test_the_initiative_does_what_separate_regions_do_not():
    model, seen = ended("initiative")
    projects = model.state.projects
    assert seen.introductions_across > 50
    assert projects.cross_region[made_by_programme(projects.channel)].any()
    assert model.series["practices_transferred"][-1] > 0


def test_firms_of_two_regions_still_find_each_other_by_themselves():
    for arm in ("none", "separate"):
        model, _ = ended(arm)
        assert model.series["introductions_cross_region"][-1] > 0
        assert model.state.projects.cross_region.any()


@pytest.mark.parametrize("pot", ["virtual", "real"])
def test_in_separate_regions_every_call_has_its_budget_to_the_cent_in_equal_parts(pot):
    model, _ = ended("separate", pot=pot)
    purses, regions = model.state.purses, int(np.count_nonzero(model.world.geography.has_firms))
    for name, rows in call_purses(model).items():
        received = purses.received_cents[rows]
        assert received.sum() == cents(model.scenario.calls[name].budget_keur)
        assert received.max() - received.min() <= 1
        assert purses.region[rows].tolist() == list(range(regions))
        assert (purses.committed_cents[rows] + purses.spent_cents[rows] <= received).all()


def test_in_separate_regions_a_call_with_applicants_everywhere_grants_all_of_every_part():
    scenario = scenario_of("separate")
    call = scenario.calls["regional-pilots"]
    model = EcosystemModel(scenario, seed=3)
    model.run(call.closes_month)
    purses, rows = model.state.purses, call_purses(model)["regional-pilots"]
    granted = purses.committed_cents[rows] + purses.spent_cents[rows]
    assert granted.tolist() == purses.received_cents[rows].tolist()
    projects = model.state.projects
    region = model.state.organisations.region[projects.members[:, 0]]
    of_call = projects.call == sorted(scenario.calls).index("regional-pilots")
    by_region = [int(projects.grant_cents[of_call & (region == place)].sum()) for place in purses.region[rows]]
    assert by_region == granted.tolist()


def test_the_calls_of_separate_regions_are_those_of_the_initiative():
    budgets = {}
    for arm in ("initiative", "separate"):
        model, _ = ended(arm)
        budgets[arm] = {
            name: int(model.state.purses.received_cents[rows].sum()) for name, rows in call_purses(model).items()
        }
    assert budgets["initiative"] == budgets["separate"]


@pytest.mark.parametrize("arm", ["initiative", "separate"])
@pytest.mark.parametrize("initiative", INITIATIVES)
def test_before_the_programme_starts_every_arm_is_the_one_without_it(arm, initiative):
    models = []
    for each in (arm, "none"):
        model = EcosystemModel(scenario_of(each, initiative, programme__starts_month=13), seed=3)
        model.run(12)
        models.append(model)
    one, other = models
    assert one.series == other.series
    assert one.state.digest() == other.state.digest()
    for model in models:
        model.run(6)
    assert one.state.digest() != other.state.digest()


@pytest.mark.parametrize("arm", ["none", "separate"])
def test_the_state_of_a_reference_arm_is_sound_after_every_month(arm):
    run_checked(EcosystemModel(scenario_of(arm, months=24, programme_end_month=22), seed=4))
