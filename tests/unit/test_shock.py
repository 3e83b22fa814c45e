import numpy as np
import pytest

from simulation.codes import Kind, Stage
from simulation.mechanisms.collaboration import collaborate
from simulation.mechanisms.demography import turn_over
from simulation.mechanisms.finance import settle
from simulation.mechanisms.shock import strike, struck_clusters
from simulation.model import EcosystemModel
from simulation.parameters.market import Shock
from simulation.scenario import load_scenario, scenario_from_values
from tests.unit.small_worlds import small_map, small_scenario, small_world
from tests.verification_runs import ecosystem, founded

SMALL = {"population.smes_per_cluster": 4, "months": 12, "programme_end_month": 8}
NO_EFFECT = {
    "shock.capital_loss": 0.0,
    "shock.demand_loss": 0.0,
    "shock.exit_multiplier": 1.0,
    "shock.advance_multiplier": 1.0,
}


def shock_of(**values):
    common = {
        "month": 3,
        "duration_months": 2,
        "sectors": (),
        "regions": (),
        "capital_loss": 0.5,
        "demand_loss": 0.5,
        "exit_multiplier": 2.0,
        "advance_multiplier": 0.5,
    }
    return Shock(**{**common, **values})


def world_with(organisations=8, month=3, **values):
    return small_world(organisations, small_scenario(shock=shock_of(**values)), month=month)


def digest_of(**overrides):
    model = EcosystemModel(load_scenario("smart-space-flexible", {**SMALL, **overrides}), seed=3)
    model.run()
    return model.state.digest()


def test_without_a_shock_its_strength_is_nothing_and_so_is_a_shock_without_strength():
    quiet = digest_of()
    assert digest_of(**{"shock.exit_multiplier": 9.0, "shock.capital_loss": 1.0}) == quiet
    assert digest_of(**{"shock.month": 5}) != quiet
    assert digest_of(**{"shock.month": 5, **NO_EFFECT}) == quiet


def test_months_before_the_shock_are_those_of_a_run_without_it():
    series = []
    for month in (0, 6):
        model = EcosystemModel(load_scenario("smart-space-flexible", {**SMALL, "shock.month": month}), seed=3)
        model.run()
        series.append(model.series)
    for name, values in series[0].items():
        assert values[:5] == series[1][name][:5], name
    assert series[0]["exits"][5:] != series[1]["exits"][5:]


@pytest.mark.parametrize(
    ("sectors", "regions", "struck"),
    [
        ((), (), [True] * 4),
        (("S1",), (), [True, False, True, False]),
        ((), ("R2",), [False, False, True, True]),
        (("S2",), ("R1",), [False, True, False, False]),
    ],
)
def test_it_strikes_the_clusters_of_its_sectors_and_regions(sectors, regions, struck):
    assert struck_clusters(shock_of(sectors=sectors, regions=regions), small_map()).tolist() == struck


def test_it_lasts_for_its_months():
    world = world_with()
    striking = []
    for world.month in range(1, 7):
        strike(world)
        striking.append(bool(world.struck.any()))
    assert striking == [False, False, True, True, False, False]


def test_capital_is_lost_once_by_struck_firms_that_have_any_and_is_no_payment():
    world = world_with(sectors=("S1",))
    organisations = world.state.organisations
    organisations.capital_cents[:] = [101, -50, 0, 400, 100, 100, 100, 100]
    organisations.kind[4] = Kind.UNIVERSITY
    before = world.state.purses.spent_cents.copy()
    for world.month in (3, 4):
        strike(world)
    assert organisations.capital_cents.tolist() == [51, -50, 0, 400, 100, 50, 100, 100]
    np.testing.assert_array_equal(world.state.purses.spent_cents, before)


def test_struck_firms_earn_less_while_it_lasts():
    gained = []
    for struck in (False, True):
        world = world_with(sectors=("S1",), capital_loss=0.0, month=3 if struck else 2)
        world.scenario.finance.income_spread = 0.0
        world.state.organisations.size[:] = 10.0
        before = world.state.organisations.capital_cents.copy()
        strike(world)
        settle(world)
        gained.append(world.state.organisations.capital_cents - before)
    np.testing.assert_array_equal(gained[1], gained[0] * np.array([0.5, 0.5, 1, 1, 0.5, 0.5, 1, 1]))


def test_more_struck_firms_exit_and_no_others():
    left = []
    for multiplier in (1.0, 8.0):
        world = world_with(4000, sectors=("S1",), exit_multiplier=multiplier, capital_loss=0.0)
        strike(world)
        turn_over(world)
        died = world.state.organisations.died_month[:4000] == 3
        sector = world.state.organisations.sector[:4000]
        left.append((died & (sector == 0), died & (sector == 1)))
    (before, others), (after, same) = left
    np.testing.assert_array_equal(others, same)
    assert (before <= after).all()
    assert 5 * before.sum() < after.sum() < 11 * before.sum()


def advanced(advance_multiplier, members, projects=200):
    """Projects of a struck and a spared region that pass a stage in a month of certain advance."""
    values = ecosystem(smes=100)
    values["shock"] |= {"month": 1, "regions": ["AT32"], "advance_multiplier": advance_multiplier}
    values["collaboration"] |= {"advance_hazard": 0.5, "failure_hazard": 0.0, "expiry_hazard": 0.0}
    world = founded(values).world
    world.month = 1
    state = world.state
    smes = np.flatnonzero(state.organisations.kind == Kind.SME)
    by_region = [smes[state.organisations.region[smes] == region][:projects] for region in (0, 1)]
    rows = np.column_stack([by_region[side] for side in members])
    new = state.projects.append(
        len(rows), identity=np.arange(1, len(rows) + 1), surplus=values["collaboration"]["start_surplus"], luck=1.0
    )
    state.projects.members[new, :2] = rows
    state.projects.member_count[new] = 2
    strike(world)
    collaborate(world)
    return int(np.count_nonzero(state.projects.stage[new] == Stage.DEVELOPMENT))


def test_projects_with_a_struck_member_advance_more_slowly_and_others_do_not():
    for members in ((0, 0), (0, 1), (1, 0)):
        assert advanced(0.0, members) == 0
    assert advanced(0.0, (1, 1)) == advanced(1.0, (1, 1)) > 60
    assert 60 < advanced(1.0, (0, 1)) < 140


def test_a_shock_on_regions_that_take_no_part_does_not_happen():
    values = ecosystem()
    values["shock"] |= {"month": 2, "regions": ["DE11"]}
    assert scenario_from_values(values, "elsewhere").shock.month == 0
    values["shock"]["regions"] = ["DE11", "AT32"]
    kept = scenario_from_values(values, "here").shock
    assert (kept.month, kept.regions) == (2, ("AT32",))
