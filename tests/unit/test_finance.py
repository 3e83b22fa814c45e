from types import SimpleNamespace

import numpy as np
import pytest

from simulation.codes import Account, Source, Stage, Status
from simulation.mechanisms.finance import settle
from simulation.money import cents, open_purse, spent_cents
from tests.unit.small_worlds import project, small_world

GRANT = 1_000_003


@pytest.fixture
def world():
    made = small_world(8)
    made.scenario.finance.monthly_income_keur = 0.0
    return made


def funded(world, *members, regions=()):
    sides = regions or (-1,)
    first = len(world.state.purses)
    for region in sides:
        open_purse(world.state, Source.EU, Account.GRANTS, 3 * GRANT, region)
    call = world.state.calls.append(1, first_purse=first, purse_count=len(sides)).start
    row = project(world, *members, call=call, grant_cents=GRANT)
    return row, first


def commit(world, purse, amount):
    world.state.purses.committed_cents[purse] += amount


def months(world, count):
    for _ in range(count):
        settle(world)
        world.month += 1


def test_income_follows_size_and_the_dead_earn_nothing():
    world = small_world(4000)
    organisations = world.state.organisations
    organisations.alive[0] = False
    before = organisations.capital_cents.copy()
    settle(world)
    gained = (organisations.capital_cents - before) / organisations.size
    assert gained[0] == 0
    assert gained[1:].mean() == pytest.approx(20_000, abs=3 * 20_000 / 4000**0.5)
    assert gained[1:].std() == pytest.approx(20_000, rel=0.05)


def test_members_share_the_cost_of_a_project_to_the_cent(world):
    row = project(world, 0, 1, 2)
    world.scenario.finance.project_cost_keur = 0.001
    project(world, 3)
    before = world.state.organisations.capital_cents.copy()
    settle(world)
    assert (before - world.state.organisations.capital_cents).tolist() == [100, 100, 100, 100, 0, 0, 0, 0]
    assert world.state.projects.own_cents[row] == 300
    assert spent_cents(world.state, (Account.INVESTMENT,), (Source.OWN,)) == 400


def test_a_project_that_ended_costs_nothing(world):
    project(world, 0, 1, status=int(Status.EXPIRED), ended_month=1)
    before = world.state.organisations.capital_cents.copy()
    settle(world)
    np.testing.assert_array_equal(before, world.state.organisations.capital_cents)


def test_a_grant_is_paid_out_evenly_and_to_the_cent(world):
    row, purse = funded(world, 0, 1)
    commit(world, purse, GRANT)
    paid = []
    for _ in range(26):
        months(world, 1)
        paid.append(int(world.state.projects.grant_paid_cents[row]))
    steps = np.diff([0, *paid]).tolist()
    assert steps == [GRANT // 24] * 23 + [GRANT - 23 * (GRANT // 24), 0, 0]
    assert (world.state.purses.spent_cents[purse], world.state.purses.committed_cents[purse]) == (GRANT, 0)


def test_members_of_a_funded_project_pay_the_co_funding_of_its_call(world):
    row, purse = funded(world, 0, 1)
    commit(world, purse, GRANT)
    settle(world)
    share = next(iter(world.scenario.calls.values())).grant_share
    assert world.state.projects.own_cents[row] == round(GRANT // 24 * (1.0 - share) / share)


@pytest.mark.parametrize("regions", [(), (0, 1)])
@pytest.mark.parametrize("paid_months", [0, 1, 7, 23])
def test_a_project_that_ends_gives_back_what_was_not_paid(world, regions, paid_months):
    row, purse = funded(world, 0, 7, regions=regions)
    sides = [GRANT - GRANT // 2, GRANT // 2] if regions else [GRANT]
    for side, amount in enumerate(sides):
        commit(world, purse + side, amount)
    months(world, paid_months)
    world.state.projects.status[row] = int(Status.FAILED)
    months(world, 2)
    purses = world.state.purses
    assert purses.committed_cents.tolist() == [0] * len(purses)
    assert purses.spent_cents[purse:].sum() == world.state.projects.grant_paid_cents[row]
    assert purses.spent_cents[purse:].tolist() == [paid_months * (amount // 24) for amount in sides]


def test_each_region_pays_for_its_own_member_in_a_virtual_pot(world):
    _, purse = funded(world, 7, 0, regions=(0, 1))
    commit(world, purse, GRANT // 2)
    commit(world, purse + 1, GRANT - GRANT // 2)
    months(world, 24)
    assert world.state.purses.spent_cents[purse:].tolist() == [GRANT // 2, GRANT - GRANT // 2]
    assert world.state.purses.committed_cents[purse:].tolist() == [0, 0]


def test_a_tiny_grant_is_paid_at_once(world):
    row, purse = funded(world, 0, 1)
    world.state.projects.grant_cents[row] = 5
    commit(world, purse, 5)
    settle(world)
    assert world.state.projects.grant_paid_cents[row] == 5
    assert world.state.purses.committed_cents[purse] == 0


def test_a_commercialisation_pays_its_members_creates_jobs_and_counts_once(world):
    project(world, 0, 5, status=int(Status.COMMERCIALISED), ended_month=1)
    organisations = world.state.organisations
    capital, size = organisations.capital_cents.copy(), organisations.size.copy()
    months(world, 2)
    assert (organisations.capital_cents - capital)[[0, 5, 1]].tolist() == [cents(50.0), cents(50.0), 0]
    np.testing.assert_array_equal(organisations.size[[0, 5]], size[[0, 5]] + np.float32(2.0))
    assert organisations.innovations.tolist() == [1, 0, 0, 0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("stage", "passed", "found"), [("PILOT", 1, True), ("PILOT", 0, False), ("DEVELOPMENT", 1, False)]
)
def test_outside_money_comes_when_the_pilot_is_entered(world, stage, passed, found):
    row = project(world, 0, 1, stage=int(Stage[stage]), passed_month=passed)
    settle(world)
    assert world.state.projects.outside_cents[row] == (cents(30.0) if found else 0)
    assert spent_cents(world.state, (Account.INVESTMENT,), (Source.OUTSIDE,)) == (cents(30.0) if found else 0)


def test_without_investors_no_pilot_finds_money(world):
    world.scenario.finance = SimpleNamespace(**vars(world.scenario.finance) | {"outside_probability": 0.0})
    project(world, 0, 1, stage=int(Stage.PILOT), passed_month=1)
    settle(world)
    assert spent_cents(world.state, (Account.INVESTMENT,), (Source.OUTSIDE,)) == 0
