import pytest

from simulation.scenario import load_scenario
from tests.unit.published_tables import assert_published_figures, bodies, rows

ALPINE_REGIONS = ("ITH3", "FRF1", "FRL0", "SI04", "DE11", "AT32", "ITC4", "DE21", "ITC1", "FRK2", "AT13")
KINDS = {
    "chamber_of_commerce": "chamber",
    "innovation_agency": "agency",
    "science_park": "science_park",
    "cluster": "cluster",
    "university": "university",
    "research_org": "research_body",
    "national_funding_agency": "funding_agency",
    "regional_authority": "region",
}


@pytest.fixture(scope="module")
def baseline():
    return load_scenario("baseline")


@pytest.fixture(scope="module")
def smart_space():
    return load_scenario("smart-space-flexible")


@pytest.fixture(scope="module")
def published_regions(data_folder):
    return {row["nuts2"]: row for row in rows(data_folder / "regional_indicators_nuts2" / "regions.csv")}


@pytest.mark.parametrize("region", ALPINE_REGIONS)
def test_a_region_has_the_published_figures(region, baseline, published_regions):
    assert_published_figures(baseline, region, published_regions)


def test_neighbours_are_those_that_share_a_land_border(baseline, data_folder):
    bordering = {region: set() for region in ALPINE_REGIONS}
    for row in rows(data_folder / "nuts2_2021" / "neighbours.csv"):
        if row["nuts2_a"] in bordering and row["nuts2_b"] in bordering:
            bordering[row["nuts2_a"]].add(row["nuts2_b"])
            bordering[row["nuts2_b"]].add(row["nuts2_a"])
    assert {region: set(baseline.regions[region].neighbours) for region in ALPINE_REGIONS} == bordering


def test_the_founders_of_smart_space_are_the_partners_listed(smart_space, data_folder):
    listed = {
        (row["partner"], KINDS[row["type"]], row["nuts2"], row["country"])
        for row in rows(data_folder / "initiatives" / "partners.csv")
        if row["initiative"] == "SMART-SPACE"
    }
    known = bodies(smart_space)
    founders = [known[key] for key in smart_space.partnerships["smart-space"].founders]
    written = {(each.name, each.kind, each.region, smart_space.regions[each.region].country) for each in founders}
    assert len(founders) == 12
    assert written == listed


def test_the_coordinator_listed_leads_smart_space(smart_space, data_folder):
    (coordinator,) = [
        row["partner"]
        for row in rows(data_folder / "initiatives" / "partners.csv")
        if row["initiative"] == "SMART-SPACE" and row["role"] == "partnership coordinator"
    ]
    assert bodies(smart_space)[smart_space.partnerships["smart-space"].lead].name == coordinator


@pytest.mark.parametrize(
    ("fact", "quantity"),
    [("partners listed", "listed_partners"), ("countries of the partners", "countries")],
)
def test_a_documented_count_of_smart_space_is_the_one_recorded(fact, quantity, smart_space, data_folder):
    (recorded,) = [
        row["value"]
        for row in rows(data_folder / "initiatives" / "facts.csv")
        if (row["initiative"], row["quantity"]) == ("SMART-SPACE", quantity)
    ]
    (written,) = [each.value for each in smart_space.facts if each.quantity == fact]
    assert written == int(recorded)


def test_nine_partners_continue_in_the_follow_on_as_recorded(data_folder):
    (recorded,) = [
        row["value"]
        for row in rows(data_folder / "initiatives" / "facts.csv")
        if row["quantity"] == "partners_continuing_from_smart_space"
    ]
    (written,) = [each.value for each in load_scenario("circular-40").facts if "continue" in each.quantity]
    assert written == int(recorded) == 9


def test_every_fact_has_one_role_and_a_source(smart_space):
    assert smart_space.facts
    for fact in smart_space.facts:
        assert fact.role in {"input", "validation"}
        assert fact.source


def test_every_parameter_of_the_baseline_says_where_its_value_comes_from(baseline):
    catalogues = {"domains", "sectors", "regions", "brokers"}
    bare = [
        key
        for key, evidence in baseline.evidence.items()
        if key.split(".")[0] not in catalogues | {"title", "facts"} and not evidence.source
    ]
    empty = {"parks", "authorities", "universities", "partnerships", "calls", "services", "challenges"}
    assert set(bare) <= empty


def test_every_region_and_broker_of_the_shipped_scenarios_says_where_it_comes_from(smart_space):
    entries = smart_space.regions | bodies(smart_space) | smart_space.calls | smart_space.services
    assert [key for key, entry in entries.items() if not entry.source] == []


def test_the_formal_and_the_flexible_smart_space_differ_in_their_governance_only(smart_space):
    formal = load_scenario("smart-space-formal")
    as_flexible = formal.with_overrides({"partnership.governance": "flexible"})
    assert formal.digest() != smart_space.digest()
    assert as_flexible.digest() == smart_space.digest()


def test_every_region_has_a_broker(smart_space):
    assert {broker.region for broker in smart_space.brokers.values()} == set(ALPINE_REGIONS)


def test_a_member_without_clients_brings_a_broker_of_its_region(smart_space):
    known = bodies(smart_space)
    for key in smart_space.partnerships["smart-space"].founders:
        if key in smart_space.brokers:
            continue
        named = getattr(known[key], "brokers", ())
        brought = [broker for name, broker in smart_space.brokers.items() if name in named or broker.parent == key]
        assert [broker.region for broker in brought] == [known[key].region]


def test_sectors_have_related_and_far_sectors(baseline):
    cores = [set(sector.core) for sector in baseline.sectors.values()]
    shared = {len(a & b) for i, a in enumerate(cores) for b in cores[:i]}
    assert shared == {0, 1}
    assert all(len(core) == 3 for core in cores)
    assert len(baseline.domains) == 16


def test_the_baseline_starts_with_about_two_thousand_smes(baseline):
    population = baseline.population
    assert len(population.regions) * len(population.sectors) * population.smes_per_cluster == 2024
