from types import SimpleNamespace

import numpy as np
import pytest

from simulation.codes import Account, Source, Stage
from simulation.mechanisms.finance import settle
from simulation.mechanisms.investment import meet_investors, tickets_of_month
from simulation.money import cents, spent_cents
from simulation.state import NEVER
from tests.unit.small_worlds import project, register, small_scenario, small_world


def world_with_forum(tickets=1.0, ready=True, **changes):
    forum = {
        "kind": "forum",
        "starts_month": 1,
        "ends_month": 12,
        "places_per_month": 40,
        "cost_keur": 0.5,
        "source_of_money": "national",
        "partnership": None,
        "regions": (),
        "staff_days": 0.0,
        "refers": False,
    }
    scenario = small_scenario(services={"forum": SimpleNamespace(**forum | changes)})
    scenario.investment = SimpleNamespace(tickets_per_region_month=tickets, ticket_keur=100.0)
    world = small_world(40, scenario)
    register(world, slice(None), 0)
    world.state.organisations.ready_until_month[:] = world.month if ready else NEVER
    return world


def outside(world):
    return (world.state.projects.outside_cents // cents(1.0)).tolist()


def test_the_best_project_past_scoping_takes_the_ticket_of_its_region():
    world = world_with_forum()
    for firm, surplus, stage in ((0, 0.1, Stage.PILOT), (1, 0.2, Stage.DEVELOPMENT), (2, 0.9, Stage.SCOPING)):
        project(world, firm, surplus=surplus, stage=int(stage))
    project(world, 30, surplus=0.05, stage=int(Stage.DEVELOPMENT))
    meet_investors(world)
    assert outside(world) == [0, 100, 0, 100]
    assert spent_cents(world.state, (Account.INVESTMENT,), (Source.OUTSIDE,)) == cents(200.0)


def test_a_firm_that_is_not_ready_meets_nobody_and_costs_nothing():
    world = world_with_forum(ready=False)
    project(world, 0, surplus=0.1, stage=int(Stage.PILOT))
    meet_investors(world)
    assert outside(world) == [0]
    assert spent_cents(world.state, (Account.SERVICES,)) == 0


def test_every_place_is_paid_with_a_ticket_or_without():
    world = world_with_forum(places_per_month=3)
    meet_investors(world)
    assert spent_cents(world.state, (Account.SERVICES,), (Source.NATIONAL,)) == 6 * cents(0.5)
    assert np.count_nonzero(world.state.organisations.served) == 6


def test_a_firm_takes_one_ticket_and_a_project_that_has_money_none():
    world = world_with_forum(tickets=5.0)
    project(world, 0, surplus=0.3, stage=int(Stage.PILOT))
    project(world, 0, surplus=0.2, stage=int(Stage.PILOT))
    project(world, 1, surplus=0.2, stage=int(Stage.PILOT), outside_cents=cents(7.0))
    meet_investors(world)
    assert outside(world) == [100, 0, 7]


@pytest.mark.parametrize("tickets", [0.0, 0.25, 1.0, 2.6])
def test_tickets_of_the_months_add_up_to_the_whole_part_of_the_rate(tickets):
    months = range(1, 49)
    given = [tickets_of_month(tickets, month) for month in months]
    assert sum(given) == int(np.floor(tickets * 48))
    assert max(given) - min(given) <= 1


def test_a_ticket_pays_own_shares_until_it_is_used_up():
    world = world_with_forum()
    world.scenario.investment.ticket_keur, world.scenario.calls = 5.0, {}
    world.scenario.finance.monthly_income_keur = 0.0
    project(world, 0, 1, surplus=0.3, stage=int(Stage.DEVELOPMENT))
    before = world.state.organisations.capital_cents.copy()
    meet_investors(world)
    for world.month in (1, 2):
        settle(world)
    paid = before - world.state.organisations.capital_cents
    assert paid[:2].tolist() == [cents(1.5)] * 2
    assert not paid[2:].any()
    assert world.state.projects.own_cents[0] == cents(3.0)
    assert world.state.projects.ticket_left_cents[0] == 0
    assert spent_cents(world.state, (Account.INVESTMENT,)) == cents(8.0)
