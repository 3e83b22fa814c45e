import numpy as np
import pytest

from simulation.codes import Account, Channel, Source
from simulation.kernels.strategy import fit_to_objective
from simulation.mechanisms.brokerage import take_need_forms
from simulation.mechanisms.search import search
from simulation.money import cents, spent_cents
from tests.unit.test_calls import a_call, after_calls
from tests.unit.test_search import candidates, world_that_looks


def test_partner_cases_are_for_clients_of_the_sectors_and_sizes_named():
    world = world_that_looks(brokerage__client_sectors=["health"], brokerage__client_size_least=8.0)
    seeker, other = candidates(world, Channel.PARTNER)
    organisations, sectors = world.state.organisations, world.geography.sectors
    assert len(seeker) > 0
    for side in (seeker, other):
        assert {sectors[code] for code in organisations.sector[side].tolist()} == {"health"}
        assert (organisations.size[side] >= 8.0).all()
    shown_by_own = world.state.candidates.channel == Channel.BROKER
    assert len(np.unique(organisations.sector[world.state.candidates.seeker[shown_by_own]])) == 2


def test_no_client_is_shown_to_partners_where_no_sector_of_the_run_is_named():
    world = world_that_looks(brokerage__client_sectors=["energy-environment"])
    assert len(candidates(world, Channel.PARTNER)[0]) == 0


@pytest.mark.parametrize("two_countries", [True, False])
def test_under_the_two_country_rule_partner_cases_cross_a_border(two_countries):
    regions = ["AT32", "AT13", "DE21"]
    world = world_of_regions(regions, two_countries)
    seeker, other = candidates(world, Channel.PARTNER)
    country = world.geography.country[world.state.organisations.region]
    assert len(seeker) > 0
    assert (country[seeker] == country[other]).any() != two_countries
    assert (world.state.candidates.channel == Channel.BROKER).any()


def world_of_regions(regions, two_countries):
    from simulation.mechanisms.governance import coordinate
    from simulation.mechanisms.partnership import found_partnerships
    from tests.verification_runs import ecosystem, founded

    values = ecosystem(regions=regions, smes=12, members=3, decision="none")
    values["population"]["innovator_share"] = 1.0
    values["search"]["seeking_rate"] = 1.0
    values["enrolment"]["registered_at_start"] = 1.0
    values["engagement"]["at_start"] = 1.0
    values["brokerage"]["two_countries"] = two_countries
    world = founded(values).world
    world.month = 1
    found_partnerships(world)
    coordinate(world)
    return world


def test_clients_of_partners_fill_in_a_form_once_and_the_eu_pays_for_each():
    world = world_that_looks(brokerage__need_form_rate=1.0, brokerage__need_form_cost_keur=0.175)
    take_need_forms(world)
    forms = int(np.count_nonzero(world.state.organisations.need_form))
    assert forms == int(np.count_nonzero(world.state.organisations.broker >= 0))
    take_need_forms(world)
    spent = spent_cents(world.state, (Account.SERVICES,), (Source.EU,))
    assert spent == forms * cents(0.175) == spent_cents(world.state, (Account.SERVICES,))


def test_no_more_forms_are_taken_than_the_programmes_budget_pays_for():
    world = world_that_looks(brokerage__need_form_rate=1.0, programme__budget_keur=1000.0)
    left = world.programme_left_cents
    world.scenario.programme.__dict__["budget_keur"] -= (left - 3 * cents(0.175) - 1) / cents(1.0)
    take_need_forms(world)
    assert np.count_nonzero(world.state.organisations.need_form) == 3
    assert 0 <= world.programme_left_cents < cents(0.175)


@pytest.mark.parametrize("closed", [{"members": 0}, {"programme__active": False}, {"brokerage__need_form_rate": 0.0}])
def test_nobody_fills_in_a_form_without_a_partnership_a_programme_or_forms(closed):
    world = world_that_looks(**{"brokerage__need_form_rate": 1.0, **closed})
    take_need_forms(world)
    assert not world.state.organisations.need_form.any()
    assert spent_cents(world.state, (Account.SERVICES,)) == 0


def test_a_broker_who_holds_a_need_form_ranks_candidates_better():
    agreement = []
    for filled in (False, True):
        world = world_that_looks(members=0, brokerage__need_form_gain=0.8)
        world.state.brokers.skill[:] = 0.6
        world.state.organisations.need_form[:] = filled
        search(world)
        seen = world.state.candidates
        shown = (seen.channel == Channel.BROKER) & (seen.surplus > 1e-6)
        agreement.append(np.corrcoef(np.log(seen.weight[shown]), np.log(seen.surplus[shown]))[0, 1])
    assert agreement[1] > agreement[0] + 0.1


def test_a_form_that_makes_up_for_everything_shows_what_a_pair_is_worth():
    world = world_that_looks(brokerage__need_form_gain=1.0)
    world.state.organisations.need_form[:] = True
    search(world)
    assert (world.state.candidates.weight == world.state.candidates.surplus).all()


def mean_fit(attention):
    """Mean fit, to an objective of medical technology alone, of partners' clients shown, and how many they are."""
    world = world_that_looks(smes=40, brokerage__s3_attention=attention)
    objective = 1.0 * (np.array(world.geography.domains) == "medical-technology")
    world.state.partnerships.objective[:] = objective
    _, other = candidates(world, Channel.PARTNER)
    fits = [fit_to_objective(world.state.organisations.knowledge[row], objective) for row in other.tolist()]
    return float(np.mean(fits)), len(fits)


def test_a_negotiated_objective_steers_whom_brokers_show_first():
    (plain, many), (steered, as_many) = (mean_fit(attention) for attention in (0.0, 1.0))
    assert min(many, as_many) > 50
    assert steered > plain * 1.2


def test_without_an_objective_attention_changes_nothing():
    assert seen_pairs(0.0, 0.0) == seen_pairs(1.0, 0.0) != seen_pairs(1.0, 1.0)


def seen_pairs(attention, weight):
    world = world_that_looks(brokerage__s3_attention=attention)
    world.state.partnerships.objective[:] = weight * (np.array(world.geography.domains) == "medical-technology")
    return [column.tolist() for column in candidates(world)]


def fit_of_funded(weight):
    def objective_of_one_domain(world):
        world.state.partnerships.objective[:] = np.eye(16)[3]

    call = a_call(beneficiaries="pair", partnership="p", budget_keur=80.0, grant_keur=10.0)
    rules = {"s3_weight": weight}
    world = after_calls(call, smes=60, members=2, rules=rules, change=objective_of_one_domain)
    members = world.state.projects.members[:, :2]
    assert len(members) > 4
    return float(world.state.organisations.knowledge[members, 3].max(axis=1).mean())


def test_a_call_that_weighs_the_objective_funds_projects_that_fit_it_better():
    assert fit_of_funded(10.0) > fit_of_funded(0.0) * 1.2


def level_of_funded(domain):
    """Mean level in domain 3 of those whom a call without a partnership funds, where regions want one domain."""

    def priorities_of_one_domain(world):
        world.state.strategies.priorities[:] = np.eye(16)[domain]

    call = a_call(beneficiaries="pair", budget_keur=80.0, grant_keur=10.0)
    world = after_calls(call, smes=60, rules={"s3_weight": 10.0}, change=priorities_of_one_domain)
    members = world.state.projects.members[:, :2]
    assert len(members) > 4
    return float(world.state.organisations.knowledge[members, 3].max(axis=1).mean())


def test_without_a_partnership_a_call_that_weighs_fit_follows_the_regions_priorities():
    assert level_of_funded(3) > level_of_funded(0) * 1.2
