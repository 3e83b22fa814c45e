"""What the scenarios of the initiatives say against the public tables they were written from."""

from pathlib import Path

import pytest

from simulation.scenario import load_scenario
from tests.unit.published_tables import assert_published_figures, bodies, rows

INITIATIVES = {
    "circular-40": "CIRCULAR4.0",
    "acttivate": "ACTTiVAte",
    "gosmart": "GoSmart BSR",
    "p2b": "P2B",
    "kickstart-s3": "Kickstart S3 Blekinge",
}
REMOVALS = {
    "acttivate-grants-only": ("acttivate", {"programme.services": False}),
    "acttivate-services-only": ("acttivate", {"programme.calls": False}),
    "gosmart-no-brokers": ("gosmart", {"brokerage.partner_cases_per_post": 0, "brokerage.need_form_rate": 0.0}),
    "p2b-no-peers": ("p2b", {"peer_learning.handbook": False, "peer_learning.visits": False}),
    "kickstart-s3-no-missions": ("kickstart-s3", {"missions.active": False}),
}
POLICY = {
    *("programme", "partnership", "platform", "brokerage", "peer_learning", "instruments", "missions", "s3"),
    *("sectors", "regions", "brokers", "parks", "authorities", "universities"),
    *("partnerships", "calls", "services", "challenges"),
}
SAMPLE = {"population.regions", "population.sectors", "population.smes_per_cluster"}
KINDS = {
    "associate": "science_park",
    "business_association": "association",
    "chamber_of_commerce": "chamber",
    "cluster": "cluster",
    "consultancy": "broker",
    "development_agency": "agency",
    "funding_agency": "funding_agency",
    "incubator_park": "incubator",
    "innovation_agency": "agency",
    "local_authority": "municipality",
    "national_authority": "ministry",
    "national_funding_agency": "funding_agency",
    "network": "association",
    "park_association": "association",
    "public_body": "municipality",
    "regional_authority": "region",
    "regional_inhouse_agency": "agency",
    "research_org": "research_body",
    "science_park": "science_park",
    "university": "university",
}
SAME_BODY = {
    "Auvergne-Rhone-Alpes Entreprises (AURAE)": "ARDI Rhone-Alpes",
    "Grand E-nov": "AI",
    "TUAS Rosenheim": "UAS Rosenheim",
    "risingSUD": "ARII PACA",
}
"""Partners of CIRCULAR4.0 that stand in SMART-SPACE's list under another name."""

ASSUMED_SEAT = {"(public body, NL)": "NL41"}
LEFT_OUT = {"Aeroplan Cluster"}
LEADS = {"lead", "coordinator", "owner and lead"}


@pytest.fixture(scope="module")
def published_regions(data_folder):
    return {row["nuts2"]: row for row in rows(data_folder / "regional_indicators_nuts2" / "regions.csv")}


@pytest.fixture(scope="module")
def partners(data_folder):
    listed = rows(data_folder / "initiatives" / "partners.csv")
    return {name: [row for row in listed if row["initiative"] == label] for name, label in INITIATIVES.items()}


@pytest.fixture(scope="module")
def recorded(data_folder):
    return {
        (row["initiative"], row["quantity"]): float(row["value"])
        for row in rows(data_folder / "initiatives" / "facts.csv")
    }


def fact(name, quantity):
    (found,) = [each for each in load_scenario(name).facts if each.quantity == quantity]
    return found


@pytest.mark.parametrize("name", INITIATIVES)
def test_regions_of_an_initiative_have_the_published_figures(name, published_regions):
    scenario = load_scenario(name)
    known = {code: region for code, region in scenario.regions.items() if region.population}
    assert set(scenario.population.regions) <= set(known)
    for code in known:
        assert_published_figures(scenario, code, published_regions)


@pytest.mark.parametrize("name", INITIATIVES)
def test_regions_of_an_initiative_are_neighbours_where_they_share_a_land_border(name, data_folder):
    written = load_scenario(name).regions
    bordering = {(row["nuts2_a"], row["nuts2_b"]) for row in rows(data_folder / "nuts2_2021" / "neighbours.csv")}
    for one in written:
        for other in written:
            stated = other in written[one].neighbours or one in written[other].neighbours
            assert stated == ((one, other) in bordering or (other, one) in bordering), (one, other)


@pytest.mark.parametrize("name", INITIATIVES)
def test_the_members_of_an_initiative_are_the_partners_listed(name, partners):
    scenario = load_scenario(name)
    known, founding = bodies(scenario), scenario.partnerships[name]
    listed = {
        (
            SAME_BODY.get(row["partner"], row["partner"]),
            KINDS[row["type"]],
            row["nuts2"] or ASSUMED_SEAT.get(row["partner"], row["country"]),
            row["country"],
        )
        for row in partners[name]
        if row["partner"] not in LEFT_OUT
    }
    members = [known[key] for key in (*founding.founders, *founding.associates)]
    written = {(each.name, each.kind, each.region, scenario.regions[each.region].country) for each in members}
    assert len(members) == len(listed)
    assert written == listed


@pytest.mark.parametrize("name", INITIATIVES)
def test_who_is_listed_as_the_lead_leads(name, partners):
    scenario = load_scenario(name)
    (lead,) = [row["partner"] for row in partners[name] if row["role"] in LEADS]
    assert bodies(scenario)[scenario.partnerships[name].lead].name == lead


def test_the_follow_on_names_who_continued_and_who_replaced_whom(recorded):
    scenario = load_scenario("circular-40")
    earlier, later = (set(scenario.partnerships[name].founders) for name in ("smart-space", "circular-40"))
    replacements = scenario.partnerships["circular-40"].replacements
    assert len(later) == recorded["CIRCULAR4.0", "partners"]
    assert len(earlier & later) == recorded["CIRCULAR4.0", "partners_continuing_from_smart_space"]
    assert set(replacements) == earlier - later
    assert set(replacements.values()) <= later - earlier
    assert len(replacements) == recorded["CIRCULAR4.0", "partners_replaced_by_connected_body"]


@pytest.mark.parametrize("name", [*INITIATIVES, *REMOVALS])
def test_an_initiative_sets_its_policy_regions_and_sectors_and_no_physics(name):
    set_here = {
        key
        for key, each in load_scenario(name).evidence.items()
        if Path(each.file).name != "baseline.toml" and "." in key
    }
    assert set_here
    assert {key for key in set_here if key.partition(".")[0] not in POLICY} <= SAMPLE


@pytest.mark.parametrize("name", REMOVALS)
def test_a_removal_switches_one_component_off_and_nothing_else(name):
    head, settings = REMOVALS[name]
    initiative, removal = load_scenario(head), load_scenario(name)
    assert removal.digest() == initiative.with_overrides(settings).digest()
    assert removal.digest() != initiative.digest()


@pytest.mark.parametrize("name", INITIATIVES)
def test_a_run_of_an_initiative_ends_at_least_two_years_after_its_programme(name):
    scenario = load_scenario(name)
    assert scenario.months >= scenario.programme_end_month + 24


@pytest.mark.parametrize("name", INITIATIVES)
def test_every_entry_and_fact_of_an_initiative_says_where_it_comes_from(name):
    scenario = load_scenario(name)
    entries = bodies(scenario) | scenario.regions | scenario.sectors | scenario.partnerships
    entries |= scenario.calls | scenario.services | scenario.challenges
    assert [key for key, entry in entries.items() if not entry.source] == []
    assert [each.quantity for each in scenario.facts if not each.source] == []
    assert len({each.quantity for each in scenario.facts}) == len(scenario.facts)


@pytest.mark.parametrize("name", INITIATIVES)
def test_every_region_with_firms_has_a_broker(name):
    scenario = load_scenario(name)
    assert set(scenario.population.regions) <= {broker.region for broker in scenario.brokers.values()}


@pytest.mark.parametrize(
    ("name", "quantity", "key", "scale"),
    [
        ("circular-40", "partners", "partners", 1),
        ("circular-40", "partners that continue from SMART-SPACE", "partners_continuing_from_smart_space", 1),
        ("acttivate", "SMEs supported by a voucher", "smes_supported", 1),
        ("acttivate", "budget of the vouchers", "direct_funding_eur", 1000),
        ("acttivate", "highest voucher", "max_direct_funding_per_sme_eur", 1000),
        ("acttivate", "money for SMEs in all, services and vouchers", "services_and_sme_budget_eur", 1000),
        ("acttivate", "total cost", "total_cost_eur", 1000),
        ("acttivate", "contribution of the EU", "ec_contribution_eur", 1000),
        ("acttivate", "participants", "participants", 1),
        ("acttivate", "length of the project", "duration_months", 1),
        ("acttivate", "projects of the programme that reached the market", "smes_reaching_commercialisation", 1),
        ("acttivate", "money of others raised in 2018", "additional_funds_raised_2018_eur", 1000),
        ("acttivate", "SMEs in SMEBOOK", "smebook_registered_smes_lower_bound", 1),
        ("acttivate", "connections in SMEBOOK", "smebook_connections_lower_bound", 1),
        ("gosmart", "partners", "partners", 1),
        ("gosmart", "countries of the partners", "countries", 1),
        ("gosmart", "associated organisations", "associated_organisations", 1),
        ("gosmart", "budget", "budget_eur", 1000),
        ("gosmart", "length of the project", "duration_months", 1),
        ("p2b", "participants with a grant", "core_partners", 1),
        ("p2b", "countries of the participants", "core_countries", 1),
        ("p2b", "countries of the associates", "associate_countries", 1),
        ("p2b", "contribution of the EU", "ec_contribution_eur", 1000),
        ("p2b", "length of the project", "duration_months", 1),
        ("p2b", "places at the kick-off", "companies_at_kickoff_programme", 1),
        ("kickstart-s3", "partners", "partners", 1),
        ("kickstart-s3", "specialisations", "specialisation_areas", 1),
        ("kickstart-s3", "length of the project", "duration_months", 1),
        ("kickstart-s3", "collaboration platforms", "collaboration_platforms_min", 1),
    ],
)
def test_a_documented_figure_is_the_one_recorded(name, quantity, key, scale, recorded):
    assert fact(name, quantity).value == pytest.approx(recorded[INITIATIVES[name], key] / scale, abs=0.005)


def test_the_vouchers_and_services_of_acttivate_cost_what_its_smes_were_given():
    scenario = load_scenario("acttivate")
    (call,) = scenario.calls.values()
    regions = len(scenario.population.regions)
    places = sum(
        each.places_per_month * each.cost_keur * (each.ends_month - each.starts_month + 1) * regions
        for each in scenario.services.values()
    )
    staffed = scenario.platform.ends_month - scenario.platform.starts_month + 1
    services = places + staffed * scenario.platform.cost_keur
    given = fact("acttivate", "money for SMEs in all, services and vouchers").value
    assert call.budget_keur / call.grant_keur == fact("acttivate", "SMEs supported by a voucher").value
    assert call.budget_keur + services == pytest.approx(given, rel=0.01)


def test_own_money_of_acttivate_is_three_times_the_grant_by_input():
    (call,) = load_scenario("acttivate").calls.values()
    invested = fact("acttivate", "own investment of the SMEs per euro of direct funding")
    assert invested.role == "input"
    assert (1 - call.grant_share) / call.grant_share == invested.value
