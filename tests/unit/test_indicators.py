import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from simulation.codes import Account, Kind, Source, Status
from simulation.counters import COUNTERS, counters_schema
from simulation.indicator_definitions import INDICATOR_NAMES, INDICATORS, REGIONAL_INDICATORS
from simulation.mechanisms.indicators import measure, measure_regions
from simulation.money import open_running_purses, pay
from simulation.randomness import stream_key
from simulation.schemas import empty_state
from simulation.state import NEVER, NOBODY
from simulation.tallies import gini
from simulation.world import World

MODEL_8 = """
smes_alive entries exits smes_registered smes_supported smes_supported_grant smes_supported_nonfinancial
smes_innovating jobs_fte sme_satisfaction_mean
introductions introductions_platform introductions_cross_sector introductions_cross_region
introductions_cross_border
collaborations collaborations_cross_border collaborations_active collaborations_programme cooperation_share
repeat_tie_share newcomer_share platform_users platform_connections
projects_started projects_funded projects_failed projects_expired innovations_commercialised
innovations_programme
innovations_cross_border market_entries_new_region market_entries_new_sector
challenges_opened challenges_covered consortia
grants_paid_keur services_cost_keur coordination_cost_keur public_cost_keur own_investment_keur
outside_investment_keur private_leverage private_per_grant public_cost_per_innovation_keur
partnership_members partnership_active partnership_signed_month engagement_mean objective_agreement
agreement_within_country agreement_across_countries follow_on_partners_continuing follow_on_funded
intermediary_skill practices_transferred peer_learning_agencies practices_in_instruments
knowledge_mean knowledge_diversity digital_maturity_mean regional_gini share_less_developed_regions
tie_count tie_clustering tie_path_length matching_gap
"""


def a_world(month=12, less_developed=()):
    """Three regions, the last an external place; nobody lives there yet."""
    codes = ("AT33", "ITH3", "CN00")
    state = empty_state(domains=2, counters=counters_schema())
    state.counters.append(1)
    open_running_purses(state)
    regions = {code: SimpleNamespace(less_developed=code in less_developed) for code in codes}
    return World(
        scenario=SimpleNamespace(regions=regions, months=60),
        key=stream_key(1, 0),
        month=month,
        state=state,
        geography=SimpleNamespace(regions=codes, has_firms=np.array([True, True, False])),
        adjacency=None,
    )


def settle(world, rows, **values):
    defaults = {"alive": True, "identity": np.arange(1, rows + 1, dtype=np.uint64), "kind": int(Kind.SME)}
    world.state.organisations.append(rows, **(defaults | values))
    return world


def tie(world, *pairs):
    first, second = np.array(sorted(pairs)).T
    world.state.ties.append(len(pairs), first=first, second=second)
    return world


def test_the_indicators_are_those_of_the_model_description_in_its_order():
    assert list(INDICATOR_NAMES) == MODEL_8.split()


def test_every_indicator_is_measured_in_the_order_of_the_definitions():
    assert tuple(measure(a_world())) == INDICATOR_NAMES
    assert tuple(measure_regions(a_world())) == tuple(indicator.name for indicator in REGIONAL_INDICATORS)


def test_every_count_since_month_1_that_is_not_money_is_a_counter():
    counts = {i.name for i in INDICATORS if i.kind == "count since month 1" and i.unit != "keur"}
    assert counts <= set(COUNTERS)


@pytest.mark.parametrize("name", COUNTERS)
def test_a_counter_of_an_indicators_name_is_what_the_indicator_says(name):
    world = a_world()
    world.count(name, 7)
    shown = {shown for shown, value in measure(world).items() if value == 7}
    assert shown == ({name} & set(INDICATOR_NAMES))


def test_an_empty_world_has_no_value_that_is_not_a_number_and_none_only_where_the_definition_says_so():
    values = measure(a_world())
    assert {type(value) for value in values.values()} <= {int, float, type(None)}
    assert {name for name, value in values.items() if value is None} == {
        indicator.name for indicator in INDICATORS if indicator.null_when
    }


def test_the_definitions_are_read_without_importing_numpy():
    code = "import sys, simulation.indicator_definitions; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_support_is_counted_for_dead_smes_too_and_once_for_each():
    world = settle(a_world(), 4, alive=[True, True, False, False], granted=[1, 0, 1, 0], served=[1, 0, 0, 1])
    values = measure(world)
    assert values["smes_alive"] == 2
    assert values["smes_supported"] == 3
    assert values["smes_supported_grant"] == 2
    assert values["smes_supported_nonfinancial"] == 2


def test_universities_and_large_firms_are_no_smes():
    world = settle(
        a_world(),
        3,
        kind=[Kind.SME, Kind.UNIVERSITY, Kind.LARGE],
        size=[10, 500, 900],
        innovations=1,
        granted=True,
    )
    values = measure(world)
    assert values["smes_alive"] == values["smes_innovating"] == values["smes_supported_grant"] == 1
    assert values["jobs_fte"] == 10.0


def test_a_collaboration_counts_as_recent_for_36_months_with_the_current_one():
    world = settle(a_world(month=50), 4, cooperated_month=[50, 15, 14, NEVER])
    assert measure(world)["cooperation_share"] == 0.5


def test_shares_of_collaborations_are_taken_of_what_was_counted():
    world = a_world()
    for name, count in {
        "collaborations": 8,
        "repeat_ties": 2,
        "collaboration_smes": 10,
        "newcomers": 4,
    }.items():
        world.count(name, count)
    values = measure(world)
    assert values["repeat_tie_share"] == 0.25
    assert values["newcomer_share"] == 0.4


def test_a_single_beneficiarys_project_is_no_collaboration():
    world = settle(a_world(), 2, region=[0, 1])
    members = np.full((3, 8), -1)
    members[:, 0], members[1:, 1] = [0, 1, 1], 0
    status = [Status.RUNNING, Status.RUNNING, Status.FAILED]
    world.state.projects.append(3, members=members, member_count=[1, 2, 2], status=status)
    assert measure(world)["collaborations_active"] == 1
    assert measure_regions(world)["collaborations_active"].tolist() == [0, 1, 0]


def test_public_cost_is_what_public_sources_paid_to_the_cent():
    world = a_world()
    pay(world.state, Source.EU, Account.GRANTS, 10_000_001)
    pay(world.state, Source.REGIONAL, Account.SERVICES, 5_000_000)
    pay(world.state, Source.NATIONAL, Account.COORDINATION, 4_999_999)
    pay(world.state, Source.OWN, Account.INVESTMENT, 30_000_003)
    pay(world.state, Source.OUTSIDE, Account.INVESTMENT, 9_999_997)
    world.count("innovations_programme", 4)
    world.state.projects.append(2, call=[0, NOBODY], own_cents=[30_000_003, 5])
    values = measure(world)
    assert values["grants_paid_keur"] == 100.00001
    assert values["public_cost_keur"] == 200.0
    assert values["own_investment_keur"] == 300.00003
    assert values["outside_investment_keur"] == 99.99997
    assert values["private_leverage"] == 2.0
    assert values["private_per_grant"] == pytest.approx(3.0)
    assert values["public_cost_per_innovation_keur"] == 50.0


def test_the_first_signature_is_the_signed_month_and_only_present_members_count():
    world = a_world()
    world.state.partnerships.append(3, signed_month=[NEVER, 20, 9], active=[False, True, False])
    world.state.partnerships.objective_agreement[:] = [np.nan, 1.0, 0.5]
    world.state.members.append(3, present=[True, False, True], engagement=[0.5, 0.1, 1.0])
    values = measure(world)
    assert values["partnership_signed_month"] == 9
    assert values["partnership_active"] == 1
    assert values["partnership_members"] == 2
    assert values["engagement_mean"] == 0.75
    assert values["objective_agreement"] == 0.75
    assert values["agreement_within_country"] is None


def test_an_agency_learned_from_peers_if_it_visited_one_or_took_over_a_practice():
    world = a_world()
    world.state.brokers.append(3, skill=[0.5, 0.6, 0.7], visited_month=[NEVER, 4, -3], transferred=[0, 0, 0])
    world.state.parks.append(1, skill=1.0, transferred=2)
    world.state.authorities.append(1, skill=0.0, visited_month=12)
    values = measure(world)
    assert values["peer_learning_agencies"] == 3
    assert values["intermediary_skill"] == pytest.approx(0.7)


def test_diversity_is_the_spread_between_living_smes_in_a_domain():
    knowledge = np.array([[0.25, 0.5], [0.75, 0.5], [1.0, 1.0]])
    values = measure(settle(a_world(), 3, alive=[True, True, False], knowledge=knowledge))
    assert values["knowledge_mean"] == 0.5
    assert values["knowledge_diversity"] == 0.125


def test_regions_are_compared_by_innovations_per_sme():
    world = settle(a_world(less_developed=("ITH3",)), 4, region=[0, 0, 0, 1], innovations=[1, 1, 1, 1])
    values = measure(world)
    assert values["regional_gini"] == 0.0
    assert values["share_less_developed_regions"] == 0.25


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([1, 1, 1, 1], 0.0),
        ([0, 0, 0, 8], 0.75),
        ([1, 3], 0.25),
        ([3, 1], 0.25),
        ([5], None),
        ([0, 0], None),
        ([], None),
    ],
)
def test_the_gini_coefficient_has_its_textbook_values(amounts, expected):
    assert gini(amounts) == expected


def test_a_triangle_with_a_tail_has_the_clustering_and_path_length_counted_by_hand():
    world = tie(settle(a_world(), 5, alive=[True, True, True, True, False]), (0, 1), (0, 2), (1, 2), (2, 3), (3, 4))
    values = measure(world)
    assert values["tie_count"] == 4
    assert values["tie_clustering"] == pytest.approx((1 + 1 + 1 / 3 + 0) / 4)
    assert values["tie_path_length"] == pytest.approx((1 + 1 + 2 + 1 + 1 + 2) * 2 / 12)


@pytest.mark.parametrize(
    ("month", "measured"), [(1, False), (11, False), (12, True), (24, True), (59, False), (60, True)]
)
def test_the_network_is_measured_yearly_and_in_the_last_month(month, measured):
    values = measure(tie(settle(a_world(month=month), 3), (0, 1), (1, 2)))
    assert (values["tie_clustering"] is not None) == measured
    assert (values["tie_path_length"] is not None) == measured
    assert values["tie_count"] == 2


def test_the_network_is_also_measured_in_a_last_month_that_ends_no_year():
    world = tie(settle(a_world(month=7), 3), (0, 1), (1, 2))
    world.scenario.months = 7
    assert measure(world)["tie_path_length"] == pytest.approx(8 / 6)


def test_the_sample_of_the_network_depends_on_identities_and_not_on_rows():
    count = 400
    ring = [(row, row + 1) for row in range(count - 1)] + [(row, row + 2) for row in range(0, count - 2, 3)]
    identities = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(977)
    forwards = tie(settle(a_world(), count, identity=identities), *ring)
    mirrored = [(count - 1 - second, count - 1 - first) for first, second in ring]
    backwards = tie(settle(a_world(), count, identity=identities[::-1]), *mirrored)
    one, other = measure(forwards), measure(backwards)
    assert one["tie_path_length"] == other["tie_path_length"]
    assert one["tie_clustering"] == pytest.approx(other["tie_clustering"], rel=1e-12)
