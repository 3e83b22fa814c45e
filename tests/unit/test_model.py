import mesa
import numpy as np
import pytest

from simulation.agents import SME
from simulation.errors import RunError, UsageError
from simulation.model import FIRST_OTHER_ID, EcosystemModel
from simulation.schedule import MONTH as THE_MONTH
from simulation.schedule import Stage
from simulation.state import Table
from tests.tiny_ecosystem import founded, model, scenario

ORDER = (
    "negotiation",
    "policy",
    "peer learning",
    "enrolment",
    "search",
    "matching",
    "collaboration",
    "learning",
    "finance",
    "ties",
    "demography",
    "indicators",
)


def test_the_month_has_its_twelve_stages_in_order():
    assert tuple(dict.fromkeys(stage.name for stage in THE_MONTH)) == ORDER
    names = [stage.name for stage in THE_MONTH]
    assert names == sorted(names, key=ORDER.index)


def test_a_step_is_a_month_and_a_row_of_the_series():
    run = model()
    run.step()
    run.step()
    assert (run.month, run.world.month, run.time) == (2, 2, 2.0)
    assert run.series["alive"] == [9, 9]
    assert run.series["mean_size"][0] is None
    assert run.series["mean_size"][1] is not None


def test_run_goes_to_the_end_of_the_scenario_and_beyond_only_on_request():
    run = model()
    run.run(months=4)
    assert (run.month, run.running) == (4, True)
    run.run()
    assert (run.month, run.running) == (24, False)
    run.run()
    assert run.month == 24
    run.run(months=np.int64(1))
    assert run.month == 25


def test_the_loop_of_mesa_stops_at_the_end_of_the_scenario():
    run = model()
    run.run_model()
    assert (run.month, len(run.series["alive"])) == (24, 24)


@pytest.mark.parametrize("months", [0, -3, 1.5, "12", True])
def test_months_that_are_no_positive_whole_number_are_refused(months):
    with pytest.raises(UsageError, match="whole number of at least 1"):
        model().run(months)


def test_warm_up_months_are_over_before_the_first_and_leave_no_row():
    run = model(scenario(warm_up_months=3))
    assert (run.month, run.series) == (0, {})
    assert run.state.organisations.size[5] == 6.0 + 3.0
    run.step()
    assert run.month == 1
    assert len(run.series["alive"]) == 1


def test_a_run_that_goes_on_from_a_checkpoint_ends_like_one_that_was_never_stopped():
    chosen = scenario(warm_up_months=2)
    whole = model(chosen)
    whole.run(6)
    part = model(chosen)
    part.run(2)
    kept = founded(chosen)
    for table, columns in zip(kept.tables(), part.state.tables(), strict=True):
        copy_table(table, columns)
    resumed = EcosystemModel(chosen, schedule=whole._schedule, state=kept)
    assert resumed.month == 2
    resumed.run(4)
    assert resumed.state.digest() == whole.state.digest()


def copy_table(to: Table, table: Table) -> None:
    to.restore({column.name: cells.copy() for column, cells in table.columns()})


def test_looking_at_agents_changes_nothing():
    watched, alone = model(), model()
    for _ in range(4):
        assert len(watched.agents) > 0
        watched.step()
        alone.step()
    assert watched.state.digest() == alone.state.digest()


def test_the_scenario_of_a_model_is_kept():
    run = model()
    assert run.agents[0].scenario is run.scenario
    with pytest.raises(AttributeError, match="another model"):
        run.scenario = scenario()


def test_an_overridden_step_is_a_step():
    class Counting(EcosystemModel):
        def __init__(self, *args, **options):
            self.steps_seen = 0
            super().__init__(*args, **options)

        def step(self):
            super().step()
            self.steps_seen += 1

    run = model(scenario(warm_up_months=5), cls=Counting)
    run.run(3)
    assert (run.steps_seen, run.month) == (3, 3)


def test_a_model_whose_month_was_broken_off_says_so_instead_of_standing_still():
    def interrupted(world):
        if world.month == 2:
            raise KeyboardInterrupt

    run = model(schedule=[Stage("interruption", interrupted, "")])
    with pytest.raises(KeyboardInterrupt):
        run.run(3)
    for _ in range(2):
        with pytest.raises(RunError, match="month 2 was not simulated"):
            run.step()


def test_agents_of_other_classes_are_numbered_above_all_rows():
    class Observer(mesa.Agent):
        pass

    run = model()
    before = Observer(run)
    firms = run.agents_by_type[SME]
    after = Observer(run)
    run.step()
    assert [before.unique_id, after.unique_id] == [FIRST_OTHER_ID, FIRST_OTHER_ID + 1]
    assert {before, after} <= set(run.agents)
    assert max(firms.get("unique_id")) < FIRST_OTHER_ID


def test_a_seed_out_of_range_is_refused():
    with pytest.raises(UsageError, match="seed"):
        model(seed=-1)
