"""Common random numbers: what a policy does not touch is the same with and without it, bit by bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.parameters.policy import GovernanceAttributes, PartnershipPreset
from simulation.scenario import load_scenario
from simulation.state import NEVER
from tests.verification_runs import after

SMALL = {"population.smes_per_cluster": 12}
LABELS = ("formal", "flexible")
FOUNDED = (
    "identity",
    "kind",
    "region",
    "sector",
    "cluster",
    "knowledge",
    "absorptive_capacity",
    "digital_maturity",
    "size",
    "capital_cents",
    "needs",
    "need_kind",
    "innovator",
    "born_month",
)
"""What an organisation is founded with; region, sector and cluster are compared by name."""


def small(name="smart-space-flexible", months=12, **overrides):
    changes = {key.replace("__", "."): value for key, value in overrides.items()}
    return load_scenario(name, {**SMALL, "months": months, **changes})


def attributes_of(label):
    """Every attribute of a preset, to be set one by one."""
    partnership = load_scenario(f"smart-space-{label}").partnership
    return {f"partnership.{name}": getattr(partnership, name) for name in PartnershipPreset.model_fields}


def assert_identical(one, other):
    assert one.series == other.series
    assert one.state.digest() == other.state.digest()


def founding(model):
    """Founded columns of every organisation, by identity, with codes and names in place of rows."""
    rows, geography = model.state.organisations, model.world.geography
    organisations = {}
    for row in range(len(rows)):
        values = {name: getattr(rows, name)[row].tolist() for name in FOUNDED}
        values["region"] = geography.regions[values["region"]]
        values["sector"] = geography.sectors[values["sector"]]
        values["needs"] = [geography.domains[domain] for domain in values["needs"]]
        del values["cluster"]
        organisations[values.pop("identity")] = values
    return organisations


def entrants(model):
    """What every firm was that entered in the run, by identity, where no later month can have changed it."""
    rows = model.state.organisations
    kept = ("sector", "region", "cluster", "needs", "need_kind", "innovator", "born_month")
    born = np.flatnonzero(rows.born_month >= 1)
    return {int(rows.identity[row]): {name: getattr(rows, name)[row].tolist() for name in kept} for row in born}


def test_presets_are_made_of_attributes_alone():
    assert set(PartnershipPreset.model_fields) == {*GovernanceAttributes.model_fields, "founded"}


@pytest.mark.parametrize("attributes", LABELS)
def test_two_labels_with_equal_attributes_are_the_same_policy(attributes):
    arms = [small(f"smart-space-{label}", 30, **attributes_of(attributes)) for label in LABELS]
    assert {arm.partnership.governance for arm in arms} == set(LABELS)
    assert arms[0].digest() == arms[1].digest()
    assert_identical(*(after(arm) for arm in arms))


def test_formal_and_flexible_differ_because_their_attributes_do():
    formal, flexible = (after(small(f"smart-space-{label}")) for label in LABELS)
    assert formal.state.digest() != flexible.state.digest()


@pytest.mark.parametrize("label", LABELS)
def test_a_policy_that_starts_in_month_24_leaves_months_1_to_23_identical(label):
    later = small(f"smart-space-{label}", 26, programme__starts_month=24)
    never = small(f"smart-space-{label}", 26, programme__active=False)
    assert_identical(after(later, 23), after(never, 23))
    with_policy, without = after(later), after(never)
    assert [values[:23] for values in with_policy.series.values()] == [
        values[:23] for values in without.series.values()
    ]
    assert with_policy.state.digest() != without.state.digest()


def test_the_same_run_twice_is_identical():
    assert_identical(after(small(months=24), seed=5), after(small(months=24), seed=5))


def test_another_seed_is_another_run():
    assert after(small(), seed=1).state.digest() != after(small(), seed=2).state.digest()


def test_a_run_in_two_parts_is_the_run_in_one():
    whole, parts = after(small(months=12)), after(small(months=12), 5)
    parts.run(7)
    assert_identical(whole, parts)


def test_the_length_of_a_scenario_changes_nothing_before_its_end():
    short, long = after(small(months=11), 11), after(small(months=48), 11)
    assert short.state.digest() == long.state.digest()


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["FRF1", "AT13", "ITC1"]))
def test_one_region_more_leaves_the_organisations_of_the_others_as_they_are(seed, added):
    regions = ["AT32", "DE21", "ITC4", "SI04"]
    few = founding(after(small(population__regions=regions), 1, seed, schedule=()))
    more = founding(after(small(population__regions=[*regions, added]), 1, seed, schedule=()))
    assert len(few) < len(more)
    assert {identity: more[identity] for identity in few} == few


def test_the_order_of_regions_in_a_file_does_not_matter():
    regions = ["AT32", "DE21", "ITC4", "SI04"]
    one, other = (small(population__regions=order) for order in (regions, regions[::-1]))
    assert_identical(after(one), after(other))


def test_an_entrant_is_the_same_firm_under_two_policies():
    with_policy, without = (entrants(after(small(months=36, programme__active=active))) for active in (True, False))
    common = with_policy.keys() & without.keys()
    assert len(common) > 0.9 * len(without) > 0
    assert all(with_policy[identity] == without[identity] for identity in common)


def test_founding_firms_have_the_same_fate_unless_a_policy_reaches_them():
    one, other = (after(small(months=24, programme__active=active)).state.organisations for active in (True, False))
    founded = one.born_month < 1
    assert (one.identity[founded] == other.identity[other.born_month < 1]).all()
    same = one.died_month[founded] == other.died_month[other.born_month < 1]
    assert same.mean() > 0.95
    assert (one.died_month[founded] != NEVER).any()
