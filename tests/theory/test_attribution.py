"""What each attribute carries, held against Shapley's own formula on made-up results whose coefficients are known."""

from dataclasses import replace
from itertools import combinations
from math import comb
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.attribution import ATTRIBUTED, ATTRIBUTION_COLUMNS, attribution
from analysis.attribution_figure import attribution_bars
from experiments.fractional_factorial import fold_over
from experiments.results import open_results
from simulation.errors import DataError
from tests.small_runs import made_up_run
from tests.small_sweep import put_sweep, small_study

KEYS = ("partnership.floor", "partnership.decision", "partnership.fee_keur", "partnership.binding", "partnership.pot")
LEVELS = {
    "partnership.floor": (0.8, 0.0),
    "partnership.decision": ("unanimity", "none"),
    "partnership.fee_keur": (10.0, 2.0),
    "partnership.binding": (0.9, 0.0),
    "partnership.pot": ("virtual", "real"),
}
MAIN = {(0,): 3.0, (1,): -1.5, (3,): 0.25}
PAIRS = {(0, 1): 2.0, (1, 2): -0.75, (3, 4): 1.25}
TRIPLE = {(0, 2, 4): 0.5}
FULL = [tuple(1 if point >> place & 1 else -1 for place in range(len(KEYS))) for point in range(2 ** len(KEYS))]
"""All combinations, the first policy first."""


def outcome(signs, coefficients):
    """y of one combination of attributes."""
    return 40.0 + sum(b * np.prod([signs[each] for each in term]) for term, b in coefficients.items())


def made_up_results(coefficients, replicates=8, rows=None, luck=None, indicator="collaborations", **study):
    """Results of a two-level study of one arm; luck is ``(replicates, points)``, that of the replicate by default."""
    signs = fold_over(len(KEYS)) if rows is None else rows
    luck = np.arange(replicates)[:, None] ** 2 * np.ones(len(signs)) if luck is None else luck
    values = {key: [LEVELS[key][(row[place] + 1) // 2] for row in signs] for place, key in enumerate(KEYS)}
    points = list(range(len(signs)))
    cases = {"case": points, "point": points, "arm": "formal", "scenario": "formal", "stored_as": points}
    runs = pd.DataFrame(
        {
            "replicate": replicate,
            "point": point,
            "arm": "formal",
            indicator: outcome(row, coefficients) + luck[replicate, point],
        }
        for replicate in range(replicates)
        for point, row in enumerate(signs)
    )
    record = {
        "given": "attributes.toml",
        "design": {"kind": "csv"},
        "replicates": replicates,
        "uncertainties": {key: list(dict.fromkeys(column)) for key, column in values.items()},
        **study,
    }
    return SimpleNamespace(
        folder=Path("out"),
        arms=["formal"],
        design=pd.DataFrame({**cases, **values}),
        runs=runs,
        manifest=SimpleNamespace(study=record),
    )


def shapley_values(coefficients):
    """What each attribute adds, averaged over all orders, by the sum over all subsets of the others."""
    number = len(KEYS)

    def worth(changed):
        return outcome([1 if each in changed else -1 for each in range(number)], coefficients)

    return [
        sum(
            (worth({*subset, player}) - worth(subset)) / (number * comb(number - 1, size))
            for size in range(number)
            for subset in combinations([each for each in range(number) if each != player], size)
        )
        for player in range(number)
    ]


def effects_of(frame):
    return frame[frame["part"] == "attribute"].set_index("attribute")["effect"]


def row_of(frame, part):
    return frame[frame["part"] == part].iloc[0]


def test_main_effects_are_found_whatever_pairs_of_attributes_interact():
    frame = attribution(made_up_results(MAIN | PAIRS), ["collaborations"])
    assert effects_of(frame).to_list() == pytest.approx([6, -3, 0, 0.5, 0], abs=1e-12)


def test_without_interactions_of_three_the_effects_are_shapley_values():
    frame = attribution(made_up_results(MAIN | PAIRS), ["collaborations"])
    assert effects_of(frame).to_list() == pytest.approx(shapley_values(MAIN | PAIRS), abs=1e-12)
    assert row_of(frame, "sum")["effect"] == pytest.approx(row_of(frame, "difference")["effect"], abs=1e-12)
    assert row_of(frame, "remainder")["effect"] == pytest.approx(0, abs=1e-12)


def test_an_interaction_of_three_shows_in_the_remainder():
    frame = attribution(made_up_results(MAIN | PAIRS | TRIPLE, rows=FULL), ["collaborations"])
    assert effects_of(frame).to_list() == pytest.approx([6, -3, 0, 0.5, 0], abs=1e-12)
    assert sum(shapley_values(MAIN | PAIRS | TRIPLE)) == pytest.approx(row_of(frame, "difference")["effect"])
    assert row_of(frame, "difference")["effect"] == pytest.approx(4.5)
    assert row_of(frame, "remainder")["effect"] == pytest.approx(2 * 0.5)
    assert row_of(frame, "remainder")["share"] == pytest.approx(1 / 4.5)


def test_the_fold_over_shows_an_interaction_of_three_unless_its_signs_are_those_of_an_attribute():
    clear = attribution(made_up_results(MAIN | TRIPLE), ["collaborations"])
    assert effects_of(clear).to_list() == pytest.approx([6, -3, 0, 0.5, 0], abs=1e-12)
    assert row_of(clear, "remainder")["effect"] == pytest.approx(2 * 0.5)
    mixed = attribution(made_up_results(MAIN | {(0, 1, 2): 0.5}), ["collaborations"])
    assert effects_of(mixed).to_list() == pytest.approx([6, -3, 0, 0.5 + 2 * 0.5, 0], abs=1e-12)
    assert row_of(mixed, "remainder")["effect"] == pytest.approx(0, abs=1e-12)


def test_shares_are_of_the_whole_difference_and_negative_where_an_attribute_works_against_it():
    frame = attribution(made_up_results(MAIN), ["collaborations"])
    shares = frame.set_index("part")["share"]
    assert shares["attribute"].to_list() == pytest.approx([6 / 3.5, -3 / 3.5, 0, 0.5 / 3.5, 0], abs=1e-12)
    assert (shares["sum"], shares["difference"]) == pytest.approx((1, 1))


def test_luck_that_all_points_of_a_replicate_share_leaves_no_spread_and_so_no_interval():
    frame = attribution(made_up_results(MAIN), ["collaborations"])
    assert frame[["low", "high"]].isna().all(axis=None)


def test_intervals_are_students_over_replicates():
    luck = np.random.default_rng(7).normal(size=(10, 32))
    frame = attribution(made_up_results(MAIN, 10, luck=luck), ["collaborations"])
    effects = 6 + luck @ np.array(fold_over(len(KEYS)))[:, 0] / 16
    half = 2.2621571628 * effects.std(ddof=1) / np.sqrt(10)
    row = frame.iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((effects.mean() - half, effects.mean() + half))
    assert (row["replicates_used"], row["replicates"], row["runs_used"]) == (10, 10, 320)
    assert row["share_low"] < row["share"] < row["share_high"]


def test_the_remainder_rests_on_all_points_and_the_difference_on_the_two_policies_alone():
    luck = np.random.default_rng(7).normal(size=(10, 32))
    frame = attribution(made_up_results(MAIN, 10, luck=luck, rows=FULL), ["collaborations"])
    part = frame.set_index("part")
    assert (part["runs_used"]["remainder"], part["runs_used"]["difference"]) == (320, 20)
    effects = part["effect"]
    assert effects["sum"] + effects["remainder"] == pytest.approx(effects["difference"])
    assert effects["attribute"].sum() == pytest.approx(effects["sum"])


def test_where_the_difference_is_not_told_from_nothing_there_are_effects_but_no_shares():
    luck = np.random.default_rng(3).normal(size=(6, 32))
    frame = attribution(made_up_results({(0,): 2.0, (1,): -2.0}, 6, luck=luck), ["collaborations"])
    assert effects_of(frame).iloc[:2].to_list() == pytest.approx([4, -4], abs=0.5)
    assert frame["share"].isna().all()


def test_a_replicate_that_leaves_an_indicator_undefined_at_one_point_is_left_out_of_all_of_its_rows():
    results = made_up_results(MAIN, indicator="objective_agreement")
    results.runs.loc[results.runs["replicate"].eq(2) & results.runs["point"].eq(5), "objective_agreement"] = np.nan
    frame = attribution(results, ["objective_agreement"])
    assert set(zip(frame["replicates_used"], frame["replicates"], strict=True)) == {(7, 8)}
    assert row_of(frame, "difference")["effect"] == pytest.approx(3.5)


def test_values_stand_in_the_table_as_in_a_study_file():
    frame = attribution(made_up_results(MAIN), ["collaborations"])
    assert tuple(frame.columns) == ATTRIBUTION_COLUMNS
    assert list(zip(frame["attribute"], frame["first"], frame["second"], strict=True))[:2] == [
        ("partnership.floor", "0.8", "0.0"),
        ("partnership.decision", "unanimity", "none"),
    ]
    assert frame["part"].to_list() == ["attribute"] * 5 + ["sum", "remainder", "difference"]


def test_points_that_are_the_same_run_are_read_where_they_are_stored():
    twice = fold_over(len(KEYS)) * 2
    results = made_up_results(MAIN | PAIRS, rows=twice)
    results.design["stored_as"] %= 32
    results.runs = results.runs[results.runs["point"] < 32].sample(frac=1, random_state=1)
    frame = attribution(results, ["collaborations"])
    assert effects_of(frame).to_list() == pytest.approx([6, -3, 0, 0.5, 0], abs=1e-12)
    assert set(frame.loc[frame["part"] == "attribute", "runs_used"]) == {8 * 32}


def test_missing_runs_are_refused_with_their_points_and_the_command_that_computes_them():
    results = made_up_results(MAIN)
    hole = results.runs["point"].eq(4) & results.runs["replicate"].isin([1, 6])
    results.runs = results.runs[~hole & ~(results.runs["point"].eq(30) & results.runs["replicate"].eq(0))]
    expected = (
        r"3 of 256 runs are missing \(design point 4: replicates 1, 6; design point 30: replicate 0\)\. "
        r"`regioscope sweep attributes\.toml --out out` computes them"
    )
    with pytest.raises(DataError, match=expected):
        attribution(results)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (fold_over(5)[:-1], "unbalanced: partnership.floor has one of its values more often"),
        ([(s, s, *row[2:]) for s, row in zip([-1] * 16 + [1] * 16, fold_over(5), strict=True)], "mixes the effects of"),
        (fold_over(5)[16:], "partnership.floor takes one value"),
        ([(a, b, a * b, c, a * c) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)], "with the interaction of"),
        (
            [row for row in FULL if np.prod(row) < 0],
            "no design point has the value of every key that the first point has not",
        ),
    ],
)
def test_a_design_in_which_effects_are_mixed_is_refused(rows, expected):
    with pytest.raises(DataError, match=expected):
        attribution(made_up_results(MAIN, rows=rows))


def three_values():
    results = made_up_results(MAIN)
    results.design.loc[3, "partnership.fee_keur"] = 5.0
    return results


def two_arms():
    results = made_up_results(MAIN)
    results.arms = ["formal", "flexible"]
    return results


def a_comparison():
    results = made_up_results(MAIN)
    results.manifest.study = None
    return results


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (three_values(), "partnership.fee_keur takes 3 values in the design"),
        (made_up_results(MAIN, design={"kind": "lhs"}), "of kind lhs, not a two-level factorial"),
        (two_arms(), "has 2 arms. Name one with arm=: formal, flexible"),
        (a_comparison(), "holds no study"),
    ],
)
def test_results_of_anything_but_a_two_level_factorial_are_refused_by_name(results, expected):
    with pytest.raises(DataError, match=expected):
        attribution(results)


def test_a_ratio_is_refused_and_its_totals_are_named():
    with pytest.raises(DataError, match="Ask for its totals: public_cost_keur, innovations_programme"):
        attribution(made_up_results(MAIN), ["public_cost_per_innovation_keur"])


def test_a_study_that_stops_by_itself_is_refused():
    results = made_up_results(MAIN)
    results.manifest.study["replicates"] = {"until": "collaborations"}
    with pytest.raises(DataError, match="its study stops by itself"):
        attribution(results)


def faster_is_better(specification):
    """Made-up runs in which speed brings 5 introductions, random matching costs 2, both together bring 1 more."""
    measured = made_up_run(specification)
    speed = 1 if specification.factors["negotiation.speed"] == 0.5 else -1
    rule = 1 if specification.factors["matching.rule"] == "random" else -1
    gain = 2.5 * speed - rule + 0.5 * speed * rule
    return replace(measured, series={**measured.series, "introductions": [20 + gain * 2] * specification.months})


def test_a_stored_grid_of_two_values_each_is_attributed_arm_by_arm_and_a_hole_is_not(tmp_path):
    study = small_study(tmp_path / "study")
    folder = put_sweep(tmp_path / "all", study, simulate=faster_is_better)
    frame = attribution(open_results(folder), ["introductions"], arm="flexible")
    assert effects_of(frame).to_dict() == {"negotiation.speed": 10, "matching.rule": -4}
    assert row_of(frame, "difference")["effect"] == 6
    holed = put_sweep(
        tmp_path / "holed", study, lambda each: (each.point, each.replicate, each.arm) != (3, 1, "formal")
    )
    with pytest.raises(DataError, match=r"1 of 8 runs are missing \(design point 3: replicate 1\)"):
        attribution(open_results(holed), arm="formal")
    with pytest.raises(DataError, match="8 of 8 runs are missing"):
        attribution(open_results(put_sweep(tmp_path / "none", study, lambda each: False)), arm="formal")


def test_the_headlines_are_attributed_by_default():
    results = made_up_results(MAIN)
    for name in ATTRIBUTED:
        results.runs[name] = results.runs["collaborations"]
    assert tuple(dict.fromkeys(attribution(results)["indicator"])) == ATTRIBUTED


def test_a_figure_has_a_bar_an_attribute_and_one_each_for_remainder_and_difference():
    luck = np.random.default_rng(3).normal(size=(6, 32))
    results = made_up_results(MAIN, 6, luck=luck, title="What each attribute carries")
    results.manifest.seed, results.manifest.code = 1, {}
    figure = attribution_bars(results, ["collaborations"])
    (axes,) = figure.axes
    found = attribution(results, ["collaborations"])
    assert [bar.get_width() for bar in axes.patches] == found.loc[found["part"] != "sum", "effect"].to_list()
    written = {each.get_text() for each in figure.texts}
    assert {"floor: 0.8 → 0.0", "fee (thousand euro): 10.0 → 2.0", "all attributes at once"} <= written
