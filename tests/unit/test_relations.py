import numpy as np
import pytest

from simulation.codes import Channel, Kind, Origin, Status
from simulation.indicator_definitions import FLOW_INDICATORS, NETWORK_COLUMNS
from simulation.mechanisms.indicators import measure
from simulation.model import EcosystemModel
from simulation.relations import NETWORK_SAMPLE, measure_flows, sample_network
from simulation.scenario import load_scenario
from tests.unit.small_worlds import project, small_world, tie
from tests.verification_runs import ecosystem, founded

FLOWS = tuple(indicator.name for indicator in FLOW_INDICATORS)
PAIRS = [("R1", "R1"), ("R1", "R2"), ("R2", "R2")]


@pytest.fixture(scope="module")
def ended():
    overrides = {"population.smes_per_cluster": 12, "months": 30, "programme_end_month": 24}
    model = EcosystemModel(load_scenario("smart-space-flexible", overrides))
    model.run()
    return model


def flows_of(world):
    """What is between every pair of regions, by their codes."""
    flows = measure_flows(world)
    pairs = zip(flows["region"], flows["other_region"], strict=True)
    return {pair: {name: flows[name][place] for name in FLOWS} for place, pair in enumerate(pairs)}


def eight_organisations():
    """Rows 0 to 3 sit in R1, rows 4 to 7 in R2."""
    world = small_world(organisations=8)
    assert world.state.organisations.region.tolist() == [0] * 4 + [1] * 4
    return world


def test_columns_are_those_that_are_described(ended):
    assert tuple(measure_flows(ended.world)) == ("region", "other_region", *FLOWS)
    assert tuple(sample_network(ended.world)) == tuple(column.name for column in NETWORK_COLUMNS)
    for table in (measure_flows(ended.world), sample_network(ended.world)):
        assert len({len(cells) for cells in table.values()}) == 1
        assert {type(cell) for cells in table.values() for cell in cells} <= {int, float, str}


def test_every_pair_of_regions_has_one_row_also_where_nothing_is_between_them():
    flows = flows_of(eight_organisations())
    assert list(flows) == PAIRS
    assert all(set(cells.values()) == {0} for cells in flows.values())


def test_a_place_without_firms_has_no_row():
    values = ecosystem(regions=("DE21", "AT32"))
    outside = {"name": "Elsewhere", "country": "CN", "latitude": 35.0, "longitude": 103.0, "external": True}
    values["regions"]["AA"] = outside
    values["authorities"]["a"] = {"name": "A", "region": "AA", "kind": "ministry"}
    flows = flows_of(founded(values).world)
    assert list(flows) == [("AT32", "AT32"), ("AT32", "DE21"), ("DE21", "DE21")]
    assert sum(cells["ties"] for cells in flows.values()) > 0


def test_a_pair_of_regions_is_unordered():
    world = eight_organisations()
    tie(world, 0, 5)
    project(world, 1, 6, channel=int(Channel.FRIENDS))
    project(world, 7, 2, channel=int(Channel.FRIENDS))
    flows = flows_of(world)
    assert {pair: (cells["ties"], cells["collaborations"]) for pair, cells in flows.items()} == {
        ("R1", "R1"): (0, 0),
        ("R1", "R2"): (1, 2),
        ("R2", "R2"): (0, 0),
    }


def test_ties_are_those_between_the_living_and_a_partnerships_are_among_them():
    world = eight_organisations()
    tie(world, 0, 1)
    tie(world, 0, 2, origin=int(Origin.PROGRAMME))
    tie(world, 3, 4, origin=int(Origin.PROGRAMME))
    tie(world, 4, 5, origin=int(Origin.PROJECT))
    world.state.organisations.alive[3] = False
    flows = flows_of(world)
    assert [(flows[pair]["ties"], flows[pair]["ties_programme"]) for pair in PAIRS] == [(2, 1), (0, 0), (1, 0)]


def test_a_project_counts_once_for_each_pair_of_regions_in_which_two_members_sit():
    world = eight_organisations()
    project(world, 0, 1, 2, 5, channel=int(Channel.FRIENDS))
    assert [flows_of(world)[pair]["collaborations"] for pair in PAIRS] == [1, 1, 0]
    project(world, 4, 5, 0, 1, channel=int(Channel.FRIENDS))
    assert [flows_of(world)[pair]["collaborations"] for pair in PAIRS] == [2, 2, 1]


def test_single_beneficiaries_and_what_began_in_the_warm_up_are_no_collaborations():
    world = eight_organisations()
    project(world, 0, channel=int(Channel.CALL), status=int(Status.COMMERCIALISED))
    project(world, 0, 1, started_month=0, channel=int(Channel.FRIENDS), status=int(Status.COMMERCIALISED))
    assert all(set(cells.values()) == {0} for cells in flows_of(world).values())


def test_what_a_programme_made_and_what_reached_the_market_are_parts_of_the_collaborations():
    world = eight_organisations()
    for channel in (Channel.FRIENDS, Channel.BROKER, Channel.PARTNER, Channel.PLATFORM, Channel.CALL):
        for status in (Status.RUNNING, Status.COMMERCIALISED, Status.FAILED):
            project(world, 3, 4, channel=int(channel), status=int(status))
    between = flows_of(world)["R1", "R2"]
    shown = {name: between[name] for name in ("collaborations", "collaborations_programme", "innovations")}
    assert shown == {"collaborations": 15, "collaborations_programme": 9, "innovations": 5}


def test_pairs_of_regions_add_up_to_the_indicators(ended):
    flows, values = flows_of(ended.world), measure(ended.world)
    total = {name: sum(cells[name] for cells in flows.values()) for name in FLOWS}
    assert total["ties"] == values["tie_count"]
    assert total["collaborations"] == values["collaborations"]
    assert total["collaborations_programme"] == values["collaborations_programme"]
    assert 0 < total["ties_programme"] < total["ties"]
    assert 0 < total["innovations"] <= values["innovations_commercialised"]


def test_pairs_of_regions_of_two_countries_add_up_to_the_indicators_across_borders(ended):
    flows, country = flows_of(ended.world), ended.scenario.regions
    across = [cells for (one, other), cells in flows.items() if country[one].country != country[other].country]
    assert sum(cells["collaborations"] for cells in across) == ended.series["collaborations_cross_border"][-1]
    assert sum(cells["innovations"] for cells in across) == ended.series["innovations_cross_border"][-1]


def test_every_pair_of_regions_stands_in_rising_order(ended):
    flows = list(flows_of(ended.world))
    assert flows == sorted(flows)
    assert all(one <= other for one, other in flows)
    assert len(flows) == 11 * 12 // 2


def test_the_network_is_all_ties_of_the_sampled(ended):
    network, ties = sample_network(ended.world), ended.state.ties
    first_id = ended.unique_id_of("organisations", 0)
    kept = set(zip(network["first"], network["second"], strict=True))
    ends = np.array(sorted(kept)) - first_id
    degree = np.bincount(np.concatenate([ties.first, ties.second]))
    shown = np.bincount(ends.ravel(), minlength=len(degree))
    whole = np.flatnonzero((shown == degree) & (degree > 0))
    complete = {(one, other) for one, other in zip(ties.first, ties.second, strict=True) if {one, other} & set(whole)}
    assert {(one - first_id, other - first_id) for one, other in kept} == complete
    assert len(whole) >= NETWORK_SAMPLE - 4
    assert len(kept) == len(network["first"])


def test_the_network_names_organisations_as_their_agents_are_named(ended):
    network = sample_network(ended.world)
    first_id = ended.unique_id_of("organisations", 0)
    for side in ("first", "second"):
        for place in (0, 17, len(network[side]) - 1):
            agent = ended.organisation(network[side][place] - first_id)
            rows, row = ended.state.organisations, agent.unique_id - first_id
            assert agent.unique_id == network[side][place]
            assert network[f"{side}_region"][place] == ended.world.geography.regions[rows.region[row]]
            assert network[f"{side}_sector"][place] == ended.world.geography.sectors[rows.sector[row]]
            assert network[f"{side}_kind"][place] == Kind(rows.kind[row]).name.lower()


def test_ties_of_the_network_are_in_rising_order_and_as_they_stand_in_the_state(ended):
    network, ties = sample_network(ended.world), ended.state.ties
    ends = list(zip(network["first"], network["second"], strict=True))
    assert ends == sorted(ends)
    assert all(one < other for one, other in ends)
    first_id = ended.unique_id_of("organisations", 0)
    for place in (0, len(ends) // 2, len(ends) - 1):
        one, other = (end - first_id for end in ends[place])
        row = np.flatnonzero((ties.first == one) & (ties.second == other))[0]
        assert network["trust"][place] == ties.trust[row]
        assert network["origin"][place] == Origin(ties.origin[row]).name.lower()
        assert network["born_month"][place] == ties.born_month[row]


def test_a_sample_of_few_is_all_of_them_and_leaves_out_the_dead():
    world = eight_organisations()
    tie(world, 0, 5)
    tie(world, 1, 2)
    tie(world, 2, 7)
    world.state.organisations.alive[7] = False
    network = sample_network(world)
    assert [(one, other) for one, other in zip(network["first"], network["second"], strict=True)] == [(1, 6), (2, 3)]


def test_a_network_without_ties_has_no_row():
    assert all(cells == [] for cells in sample_network(eight_organisations()).values())


def test_looking_at_relations_changes_nothing(ended):
    before = ended.state.digest()
    measure_flows(ended.world)
    sample_network(ended.world)
    assert ended.state.digest() == before
