from types import SimpleNamespace

import numpy as np

from simulation.codes import Account, Origin
from simulation.mechanisms.mobility import visit_partners
from simulation.money import cents, spent_cents
from tests.unit.small_worlds import register, small_scenario, small_world, tie


def world_with_visits(organisations=40, **changes):
    visits = {
        "kind": "mobility",
        "starts_month": 1,
        "ends_month": 12,
        "places_per_month": 2,
        "cost_keur": 1.5,
        "source_of_money": "eu",
        "partnership": None,
        "regions": (),
        "staff_days": 0.0,
        "refers": False,
    }
    scenario = small_scenario(services={"visits": SimpleNamespace(**visits | changes)})
    world = small_world(organisations, scenario)
    world.state.organisations.innovator[:] = True
    register(world, slice(None), 0)
    return world


def test_a_visit_leaves_a_trusted_tie_to_another_region_and_costs_a_place():
    world = world_with_visits()
    visit_partners(world)
    ties, region = world.state.ties, world.state.organisations.region
    assert 2 <= len(ties) <= 4
    assert (region[ties.first] != region[ties.second]).all()
    assert (ties.trust == 0.5).all()
    assert (ties.origin == Origin.MOBILITY).all()
    assert len(world.adjacency.neighbours) == 2 * len(ties)
    assert spent_cents(world.state, (Account.SERVICES,)) == 4 * cents(1.5)
    assert np.count_nonzero(world.state.organisations.served) == 4


def test_a_guest_copies_part_of_the_largest_lead_and_the_host_loses_nothing():
    world = world_with_visits(regions=("R1", "R2"), places_per_month=1)
    organisations = world.state.organisations
    organisations.broker[organisations.region == 1] = -1
    organisations.knowledge[organisations.region == 0] = [0.2, 0.2, 0.2, 0.2, 0.9]
    organisations.knowledge[organisations.region == 1] = [0.4, 0.7, 0.1, 0.2, 0.9]
    visit_partners(world)
    (guest,) = np.flatnonzero(organisations.served)
    np.testing.assert_allclose(organisations.knowledge[guest], [0.2, 0.3, 0.2, 0.2, 0.9], rtol=1e-6)
    assert (organisations.knowledge[organisations.region == 1] == np.float32([0.4, 0.7, 0.1, 0.2, 0.9])).all()


def test_a_tie_that_exists_is_raised_and_not_doubled():
    world = world_with_visits(organisations=2, places_per_month=1)
    row = tie(world, 0, 1, trust=0.2)
    visit_partners(world)
    assert len(world.state.ties) == 1
    assert world.state.ties.trust[row] == 0.5
    world.state.ties.trust[row] = 0.8
    visit_partners(world)
    assert world.state.ties.trust[row] == np.float32(0.8)


def test_hosts_sit_in_the_regions_of_the_partnerships_members():
    world = world_with_visits(partnership="p")
    world.scenario.partnerships = {"p": None}
    world.state.partnerships.append(1, active=True)
    world.state.members.append(2, partnership=0, region=[1, 0], present=[True, False])
    visit_partners(world)
    assert set(world.state.organisations.region[world.state.organisations.served]) == {0}


def test_nobody_travels_where_nobody_elsewhere_could_be_a_host():
    world = world_with_visits()
    world.state.organisations.innovator[world.state.organisations.region == 1] = False
    visit_partners(world)
    served = world.state.organisations.served
    assert set(world.state.organisations.region[served]) == {1}
    assert spent_cents(world.state, (Account.SERVICES,)) == 2 * cents(1.5)


def test_without_a_programme_across_regions_visits_stay_inside_their_region():
    world = world_with_visits()
    world.scenario.programme.across = False
    visit_partners(world)
    ties, region = world.state.ties, world.state.organisations.region
    assert len(ties)
    assert (region[ties.first] == region[ties.second]).all()
    assert (ties.first != ties.second).all()
