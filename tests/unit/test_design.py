"""Designs: which values of the uncertainties stand at which points."""

import builtins
import sys
from collections import Counter
from itertools import combinations
from math import prod

import pytest

from experiments.design import DesignChoice, Range, count_points, design_points
from experiments.fractional_factorial import differing_attributes, fold_over, preset_table
from experiments.study import STUDY_FOLDER, load_study
from simulation.errors import UsageError
from simulation.scenario import load_scenario

TWO = {"a": Range(0.0, 1.0), "b": Range(1.0, 100.0, "log")}


def test_a_grid_holds_every_combination_with_both_ends_of_a_range():
    uncertainties = {"a": Range(0.0, 1.0, levels=3), "b": ("x", "y"), "c": Range(1.0, 100.0, "log", levels=3)}
    points = design_points(DesignChoice("grid"), uncertainties, 1)
    assert len(points) == count_points(DesignChoice("grid"), uncertainties) == 18
    assert {point["a"] for point in points} == {0.0, 0.5, 1.0}
    assert {point["c"] for point in points} == {1.0, 10.0, 100.0}
    assert points[0] == {"a": 0.0, "b": "x", "c": 1.0}
    assert len({tuple(point.values()) for point in points}) == 18


def test_without_uncertainties_there_is_one_point_without_values():
    assert design_points(DesignChoice("grid"), {}, 1) == ({},)


def test_a_latin_hypercube_has_one_point_in_every_layer_of_every_uncertainty():
    points = design_points(DesignChoice("lhs", 50), {"a": Range(0.0, 50.0), "b": Range(0.0, 50.0)}, 3)
    for key in ("a", "b"):
        assert sorted(int(point[key]) for point in points) == list(range(50))


def test_every_value_of_a_list_and_every_whole_number_has_an_equal_share_of_a_latin_hypercube():
    uncertainties = {"a": ("x", "y", "z"), "b": Range(4, 9, whole=True)}
    points = design_points(DesignChoice("lhs", 60), uncertainties, 1)
    assert Counter(point["a"] for point in points) == {"x": 20, "y": 20, "z": 20}
    assert Counter(point["b"] for point in points) == dict.fromkeys(range(4, 10), 10)
    assert all(type(point["b"]) is int for point in points)


def test_a_log_scale_gives_every_factor_of_ten_the_same_number_of_points():
    points = design_points(DesignChoice("lhs", 40), {"a": Range(0.01, 100.0, "log")}, 1)
    assert sum(point["a"] < 0.1 for point in points) == sum(point["a"] > 10.0 for point in points) == 10


@pytest.mark.parametrize("kind", ["lhs", "sobol", "morris"])
def test_the_seed_alone_decides_a_sample(kind):
    choice = DesignChoice(kind, 4)
    assert design_points(choice, TWO, 1) == design_points(choice, TWO, 1)
    assert design_points(choice, TWO, 1) != design_points(choice, TWO, 2)


def test_a_saltelli_sample_has_points_times_uncertainties_plus_two_points_in_blocks():
    points = design_points(DesignChoice("sobol", 8), TWO, 1)
    assert len(points) == count_points(DesignChoice("sobol", 8), TWO) == 32
    first, second = points[0], points[3]
    assert points[1] == {**first, "a": second["a"]}
    assert points[2] == {**first, "b": second["b"]}


def test_a_step_of_a_morris_trajectory_changes_one_uncertainty():
    points = design_points(DesignChoice("morris", 5), TWO, 1)
    assert len(points) == count_points(DesignChoice("morris", 5), TWO) == 15
    for start in range(0, 15, 3):
        for before, after in zip(points[start : start + 2], points[start + 1 : start + 3], strict=True):
            assert sum(before[key] != after[key] for key in TWO) == 1


def test_values_at_the_ends_of_shares_stay_within_the_range_and_the_list():
    assert Range(0.1, 0.7).at(1.0) == 0.7
    assert Range(3, 5, whole=True).at(1.0) == 5
    assert Range(3, 300, "log", whole=True).at(0.0) == 3
    points = design_points(DesignChoice("morris", 20), {"a": ("x", "y", "z"), "b": Range(1, 3, whole=True)}, 1)
    assert {point["a"] for point in points} == {"x", "y", "z"}
    assert {point["b"] for point in points} == {1, 2, 3}


def test_one_at_a_time_starts_from_the_scenario_and_leaves_the_others_at_its_values():
    own = {"a": 0.25, "b": "x"}
    points = design_points(DesignChoice("one-at-a-time"), {"a": Range(0.0, 1.0), "b": ("x", "y", "z")}, 1, own)
    assert points == (
        {"a": 0.25, "b": "x"},
        {"a": 0.0, "b": "x"},
        {"a": 1.0, "b": "x"},
        {"a": 0.25, "b": "y"},
        {"a": 0.25, "b": "z"},
    )


def test_without_salib_the_message_says_how_to_get_it(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    ordinary = builtins.__import__

    def without(name, *rest, **named):
        if name.partition(".")[0] == "SALib":
            raise ModuleNotFoundError(name)
        return ordinary(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"sobol needs SALib.*regioscope\[analysis\]"):
        design_points(DesignChoice("sobol", 4), TWO, 1)


@pytest.mark.parametrize("factors", [1, 11, 16])
def test_main_effects_of_the_fold_over_are_clear_of_each_other_and_of_all_pairs(factors):
    rows = fold_over(factors)
    assert len(set(rows)) == (2 if factors == 1 else 32 if factors > 5 else len(set(rows)))
    for size in (1, 2, 3):
        for columns in combinations(range(factors), size):
            total = sum(prod(row[column] for column in columns) for row in rows)
            assert total == 0, columns


def test_the_fold_over_holds_both_whole_policies_and_no_more_than_sixteen_factors():
    rows = fold_over(16)
    assert rows[0] == (-1,) * 16
    assert rows[16] == (1,) * 16
    for factors in (0, 17):
        with pytest.raises(ValueError, match="1 to 16 factors"):
            fold_over(factors)


def test_the_main_effect_is_the_shapley_share_where_no_three_attributes_interact():
    factors = 4

    def outcome(signs):
        pairs = sum((i + 1) * signs[i] * signs[i + 1] for i in range(factors - 1))
        return sum((i + 2) * sign for i, sign in enumerate(signs)) + pairs

    rows = fold_over(factors)
    for factor in range(factors):
        effect = sum(row[factor] * outcome(row) for row in rows) / 16
        assert effect == pytest.approx(shapley(outcome, factors, factor))


def shapley(outcome, factors, factor):
    """Return the mean change that a factor makes over all sets of factors changed before it, weighted by orders."""
    others = [each for each in range(factors) if each != factor]
    total = 0.0
    for size in range(factors):
        changes = []
        for before in combinations(others, size):
            signs = [1 if each in before else -1 for each in range(factors)]
            without = outcome(signs)
            signs[factor] = 1
            changes.append(outcome(signs) - without)
        total += sum(changes) / len(changes) / factors
    return total


def test_the_file_of_governance_attributes_is_the_fold_over_of_what_differs_between_the_presets():
    scenario = load_scenario("smart-space-formal")
    written = (STUDY_FOLDER / "governance-attributes.csv").read_text()
    assert written == preset_table(scenario, "formal", "flexible")
    presets = scenario.partnership.presets
    same = set(type(presets["formal"]).model_fields) - set(differing_attributes(scenario, ("formal", "flexible")))
    assert all(getattr(presets["formal"], each) == getattr(presets["flexible"], each) for each in same)


def test_the_first_row_of_the_governance_attributes_is_the_formal_form_and_row_17_the_flexible_one():
    study = load_study("governance-attributes")
    scenario = study.arms[0].scenario
    assert scenario.with_overrides(study.points[0]).digest() == load_scenario("smart-space-formal").digest()
    assert scenario.with_overrides(study.points[16]).digest() == load_scenario("smart-space-flexible").digest()
    for point in study.points:
        scenario.with_overrides(point)
