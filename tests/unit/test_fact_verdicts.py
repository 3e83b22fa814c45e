import pytest

from experiments.fact_verdicts import fact_verdicts, judged, month_of
from experiments.replication import replicate
from experiments.results import open_results
from simulation.parameters.facts import Fact
from simulation.scenario import load_scenario
from tests.small_runs import SMALL, SilentListener, made_up_run, request

THIRTY = [100.0 + run for run in range(30)]


def fact(value=100, role="validation", **keys):
    keys.setdefault("indicator", "introductions")
    return Fact(quantity="q", value=value, unit="u", source="s", role=role, **keys)


def verdict(documented, values):
    return judged(documented, 12, values).verdict


def test_the_median_and_the_middle_ninety_per_cent_of_the_runs_are_reported():
    found = judged(fact(114.5, tolerance=0.1), 12, THIRTY)
    assert (found.simulated.median, found.month, found.verdict, found.reason) == (114.5, 12, "met", "")
    assert (found.simulated.p05, found.simulated.p95) == pytest.approx((101.45, 127.55))


@pytest.mark.parametrize(("value", "came_out"), [(104.2, "met"), (104.0, "missed"), (127.1, "met"), (127.3, "missed")])
def test_a_figure_is_met_within_its_tolerance_on_either_side(value, came_out):
    assert verdict(fact(value, tolerance=0.1), THIRTY) == came_out


def test_a_right_median_in_a_wide_interval_is_missed_and_says_why():
    found = judged(fact(100, tolerance=0.1), 12, [50.0] * 5 + [100.0] * 20 + [151.0] * 5)
    assert (found.verdict, found.reason) == ("missed", "interval too wide: a factor 3.0")


def test_an_interval_that_holds_0_is_too_wide_unless_all_runs_agree():
    assert "holds 0" in judged(fact(1, tolerance=1.0), 12, [0.0] * 5 + [1.0] * 25).reason
    assert verdict(fact(0, tolerance=0.0), [0.0] * 30) == "met"


def test_bounds_are_one_sided():
    assert verdict(fact(90, bound="at_least"), THIRTY) == "met"
    assert verdict(fact(115, bound="at_least"), THIRTY) == "missed"
    assert verdict(fact(115, bound="at_least", tolerance=0.1), THIRTY) == "met"
    assert verdict(fact(115, bound="at_most"), THIRTY) == "met"
    assert verdict(fact(90, bound="at_most"), THIRTY) == "missed"


def test_a_text_is_met_inside_the_range_that_stands_for_it():
    assert verdict(fact("many", at_least=100.0), THIRTY) == "met"
    assert verdict(fact("some", at_least=10.0, at_most=110.0), THIRTY) == "missed"


@pytest.mark.parametrize(("undefined", "came_out"), [(30, "met"), (20, "met"), (19, "missed"), (15, "missed")])
def test_what_did_not_happen_must_surely_be_undefined_in_more_than_half_of_the_runs(undefined, came_out):
    values = [None] * undefined + [7.0] * (30 - undefined)
    assert verdict(fact("not reached", is_null=True), values) == came_out


def test_a_figure_that_half_of_the_runs_leave_undefined_is_missed():
    found = judged(fact(100, tolerance=0.5), 12, [100.0] * 15 + [None] * 15)
    assert (found.verdict, found.reason) == ("missed", "defined in 15 of 30 runs")


def test_only_missed_validation_targets_count():
    assert judged(fact(1, tolerance=0.1), 12, THIRTY).counts
    assert not judged(fact(1, role="calibration", tolerance=0.1), 12, THIRTY).counts
    assert not judged(fact(114, tolerance=0.1), 12, THIRTY).counts


def test_a_figure_is_judged_at_the_end_of_the_programme_unless_it_says_otherwise():
    scenario = load_scenario("baseline", {"programme_end_month": 20, "months": 60})
    moments = [fact(tolerance=0.1), fact(tolerance=0.1, horizon="plus12"), fact(tolerance=0.1, month=7)]
    assert [month_of(each, scenario) for each in moments] == [20, 32, 7]
    assert month_of(fact(role="input", indicator=None), scenario) is None


@pytest.fixture
def stored(tmp_path):
    """Twelve made-up runs, whose indicators are replicate + month, of a scenario with three months."""
    asked = request(replicates=12)
    replicate(asked, tmp_path, SilentListener(), jobs=1, simulate=made_up_run)
    return open_results(tmp_path)


def of(facts):
    scenario = load_scenario("baseline", {**SMALL, "months": 3})
    return scenario.model_copy(update={"facts": tuple(facts)})


def test_figures_are_read_from_the_stored_month_of_the_arm(stored):
    facts = [fact(8.5, tolerance=0.1, month=3), fact(7.5, tolerance=0.1)]
    found = fact_verdicts(stored, "baseline", of(facts))
    assert [(each.month, each.simulated.median, each.simulated.runs) for each in found] == [(3, 8.5, 12), (2, 7.5, 12)]


def test_one_indicator_per_another_is_their_ratio_in_each_run(stored):
    (found,) = fact_verdicts(stored, "baseline", of([fact(1.0, tolerance=0.0, per="collaborations")]))
    assert (found.simulated.median, found.verdict) == (1.0, "met")


def test_what_was_added_in_some_months_leaves_out_what_came_before(stored):
    (found,) = fact_verdicts(stored, "baseline", of([fact(2, tolerance=0.0, month=3, since_month=2)]))
    assert (found.simulated.median, found.verdict) == (2.0, "met")


def test_an_input_is_listed_as_one_and_a_figure_without_indicator_as_not_simulated(stored):
    facts = [fact(role="input", indicator=None), fact(indicator=None), fact(role="calibration", indicator=None)]
    found = fact_verdicts(stored, "baseline", of(facts))
    assert [each.verdict for each in found] == ["input", "not simulated", "not simulated"]
    assert not any(each.counts for each in found)


def test_a_figure_of_a_month_that_no_run_reaches_is_missed(stored):
    (found,) = fact_verdicts(stored, "baseline", of([fact(1, tolerance=0.1, month=4)]))
    assert (found.verdict, found.reason) == ("missed", "month 4 lies after the run's last, 3")
