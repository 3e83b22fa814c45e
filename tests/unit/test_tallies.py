from simulation.indicator_definitions import INDICATOR_NAMES
from simulation.mechanisms.indicators import measure
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario
from simulation.schedule import MONTH, Stage
from simulation.tallies import columns_of

SMALL = {"population.smes_per_cluster": 3, "months": 14, "programme_end_month": 14}


def run_with(stage, **options):
    return EcosystemModel(load_scenario("smart-space-formal", SMALL), schedule=(*MONTH, stage), **options)


def test_months_worked_out_together_are_those_worked_out_one_by_one_types_included():
    months = []
    model = run_with(Stage("keep", lambda world: months.append(measure(world)), ""))
    model.run()
    alone = {name: [month[name] for month in months] for name in INDICATOR_NAMES}
    assert repr(columns_of(months)) == repr(alone) == repr(model.series)


def test_the_series_is_the_same_whether_it_is_read_every_month_or_at_the_end():
    every_month, at_the_end = (run_with(Stage("nothing", lambda world: None, "")) for _ in range(2))
    for _ in range(14):
        every_month.step()
        assert len(every_month.series["smes_alive"]) == every_month.month
    at_the_end.run()
    assert repr(every_month.series) == repr(at_the_end.series)


def test_what_a_stage_of_ones_own_measures_stands_beside_the_indicators():
    model = run_with(Stage("own", lambda world: {"month_of_world": world.month}, ""))
    model.run()
    assert model.series["month_of_world"] == list(range(1, 15))
    assert set(model.series) == {*INDICATOR_NAMES, "month_of_world"}
