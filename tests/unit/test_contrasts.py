from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.additionality import additionality, displacement
from analysis.contrasts import CONTRAST_COLUMNS, CONTRAST_INDICATORS, DERIVED_INDICATORS, contrast, definition_of
from experiments.headline_indicators import HEADLINES
from simulation.errors import DataError
from simulation.indicator_definitions import INDICATOR_NAMES

MONTHS = {"end": 36, "plus24": 60}


def made_up_results(arms, replicates=6, months=MONTHS, kinds=None, **levels):
    """Results in which an indicator is luck of the replicate plus, by arm, a level or one value a replicate."""
    rows = []
    for arm in arms:
        for replicate in range(replicates):
            values = dict.fromkeys(INDICATOR_NAMES, 20.0 + replicate**2)
            values |= {name: np.broadcast_to(level[arm], replicates)[replicate] for name, level in levels.items()}
            for horizon, month in months.items():
                about = {"run_id": f"{arm.removesuffix('-2')} {replicate}", "scenario": arm, "replicate": replicate}
                rows.append({**about, "horizon": horizon, "month": month, **values})
    frame = pd.DataFrame(rows, columns=["run_id", "scenario", "replicate", "horizon", "month", *INDICATOR_NAMES])
    about = {arm: {"kind": "scenario", "of": [], "months": 60, **(kinds or {}).get(arm, {})} for arm in arms}
    return SimpleNamespace(
        horizons=frame,
        runs=frame.drop(columns=["horizon", "month"]).drop_duplicates(["scenario", "replicate"]),
        arms=list(arms),
        reference=arms[0],
        manifest=SimpleNamespace(scenarios=about, reference=arms[0], study=None),
    )


def with_reference_arms(**levels):
    kinds = {kind: {"kind": kind, "of": ["formal", "flexible"]} for kind in ("none", "separate", "random")}
    return made_up_results(["formal", "flexible", *kinds], kinds=kinds, **levels)


def row_of(frame, indicator, horizon="end"):
    return frame[(frame["indicator"] == indicator) & (frame["horizon"] == horizon)].iloc[0]


def test_a_contrast_has_one_row_a_horizon_and_indicator():
    frame = contrast(made_up_results(["formal", "flexible"]), "flexible")
    assert tuple(frame.columns) == CONTRAST_COLUMNS
    assert list(zip(frame["horizon"], frame["indicator"], strict=True)) == [
        (horizon, indicator) for horizon in ("end", "plus24") for indicator in CONTRAST_INDICATORS
    ]
    assert set(CONTRAST_INDICATORS) == {*HEADLINES, *(each.name for each in DERIVED_INDICATORS)}


def test_an_arm_held_against_itself_differs_in_nothing():
    frame = contrast(made_up_results(["formal", "formal-2"]), "formal-2", indicators=INDICATOR_NAMES)
    assert (frame[["difference", "low", "high", "better", "smallest_detectable"]] == 0).all(axis=None)
    assert (frame["equal"] == 1).all()
    assert set(frame["seen"]) == {"not seen"}


def test_differences_are_the_other_arms_minus_the_references():
    luck = np.arange(6.0)
    results = made_up_results(["formal", "flexible"], introductions={"formal": luck, "flexible": 2 * luck + 7})
    row = row_of(contrast(results, "flexible"), "introductions")
    assert (row["reference_mean"], row["other_mean"], row["difference"], row["seen"]) == (2.5, 12, 9.5, "more")
    row = row_of(contrast(results, "formal", reference="flexible"), "introductions")
    assert (row["difference"], row["seen"], row["better"]) == (-9.5, "less", 0)


def test_better_follows_the_direction_of_the_indicator():
    levels = {name: {"formal": 5.0, "flexible": 4.0} for name in ("introductions", "public_cost_keur", "exits")}
    frame = contrast(made_up_results(["formal", "flexible"], **levels), "flexible", indicators=list(levels))
    better = {row["indicator"]: (row["direction"], row["better"]) for _, row in frame.iterrows()}
    assert better == {"introductions": ("more", 0), "public_cost_keur": ("less", 1), "exits": ("neutral", 0)}


def test_runs_are_paired_by_replicate_whatever_their_order_and_those_without_a_partner_are_left_out():
    luck = np.array([1.0, 10, 100, 1000, 10000, 100000])
    results = made_up_results(["formal", "flexible"], introductions={"formal": luck, "flexible": luck + 1})
    shuffled = results.horizons.sample(frac=1, random_state=1)
    results.horizons = shuffled[(shuffled["scenario"] != "flexible") | (shuffled["replicate"] != 2)]
    row = row_of(contrast(results, "flexible"), "introductions")
    assert (row["runs"], row["pairs"], row["difference"], row["better"]) == (5, 5, 1, 1)


def test_what_the_programme_did_not_make_is_the_rest():
    levels = {
        "collaborations": {"formal": 50.0, "flexible": 53.0},
        "collaborations_programme": {"formal": 10.0, "flexible": 18.0},
        "innovations_commercialised": {"formal": 12.0, "flexible": 15.0},
        "innovations_programme": {"formal": 2.0, "flexible": 4.0},
    }
    frame = contrast(made_up_results(["formal", "flexible"], **levels), "flexible")
    assert row_of(frame, "collaborations_other")["difference"] == -5
    assert row_of(frame, "innovations_other")["difference"] == 1


def test_an_arm_is_not_compared_with_itself_under_one_name():
    with pytest.raises(DataError, match="is the reference itself"):
        contrast(made_up_results(["formal", "flexible"]), "formal")


@pytest.mark.parametrize(("replicates", "seen"), [(5, "not seen"), (6, "more")])
def test_pairs_that_all_differ_alike_have_no_interval_and_six_of_them_are_seen(replicates, seen):
    levels = {"introductions": {"formal": 3.0, "flexible": 13.0}}
    frame = contrast(made_up_results(["formal", "flexible"], replicates, **levels), "flexible")
    row = row_of(frame, "introductions")
    assert (row["difference"], row["seen"]) == (10, seen)
    assert frame.loc[row.name, ["low", "high", "smallest_detectable"]].isna().all()
    assert row_of(frame, "collaborations")["seen"] == "not seen"


def test_what_does_not_reach_across_a_border_is_the_rest_of_all():
    levels = {
        "collaborations": {"formal": 50.0, "flexible": 53.0},
        "collaborations_cross_border": {"formal": 10.0, "flexible": 18.0},
    }
    frame = contrast(made_up_results(["formal", "flexible"], **levels), "flexible")
    assert row_of(frame, "collaborations_domestic")["difference"] == -5


def test_an_indicator_that_few_runs_define_says_how_many():
    nan = np.nan
    results = made_up_results(
        ["formal", "flexible"],
        partnership_signed_month={"formal": [20, nan, nan, 22, nan, nan], "flexible": [10, 9, 8, 12, 7, nan]},
    )
    row = row_of(contrast(results, "flexible"), "partnership_signed_month")
    assert (row["pairs"], row["runs"], row["reference_defined"], row["other_defined"]) == (2, 6, 2, 5)
    assert (row["reference_mean"], row["difference"]) == (21, -10)


def test_whole_numbers_with_gaps_are_read_as_well():
    results = made_up_results(["formal", "flexible"])
    months = [20, None, 22] * 8
    results.horizons["partnership_signed_month"] = pd.array(months, dtype="Int64")
    assert row_of(contrast(results, "flexible"), "partnership_signed_month")["pairs"] == 4


def test_cost_per_innovation_is_the_ratio_of_means():
    results = made_up_results(
        ["formal", "flexible"],
        public_cost_keur={"formal": 100.0, "flexible": 120.0},
        innovations_programme={"formal": [0, 2, 2, 0, 1, 1], "flexible": [2, 1, 3, 1, 3, 2]},
        public_cost_per_innovation_keur={"formal": np.nan, "flexible": np.nan},
    )
    row = row_of(contrast(results, "flexible"), "public_cost_per_innovation_keur")
    assert (row["reference_mean"], row["other_mean"], row["difference"]) == (100, 60, -40)
    assert (row["method"], row["pairs"], row["reference_defined"]) == ("ratio of means, jackknife", 6, 4)


def test_every_derived_indicator_has_a_definition_and_a_name_of_its_own():
    for indicator in DERIVED_INDICATORS:
        assert indicator.name not in INDICATOR_NAMES
        assert definition_of(indicator.name) is indicator


def test_where_programmes_end_in_different_months_horizons_are_paired_by_name():
    results = made_up_results(["formal", "flexible"])
    rows = results.horizons
    rows.loc[rows["scenario"] == "flexible", "month"] += 12
    row = contrast(results, "flexible", horizons=["end"]).iloc[0]
    assert (row["month"], row["other_month"], row["runs"]) == (36, 48, 6)


def test_runs_that_stop_before_the_programme_ends_are_compared_in_their_last_month():
    results = made_up_results(["formal", "flexible"])
    results.horizons = results.horizons[:0]
    frame = contrast(results, "flexible")
    assert set(zip(frame["horizon"], frame["month"], frame["runs"], strict=True)) == {("last", 60, 6)}


def test_a_horizon_that_one_arm_does_not_reach_has_no_row():
    results = made_up_results(["formal", "flexible"])
    rows = results.horizons
    results.horizons = rows[(rows["scenario"] == "formal") | (rows["horizon"] == "end")]
    assert set(contrast(results, "flexible")["horizon"]) == {"end"}


def test_a_contrast_without_pairs_keeps_its_columns_and_their_types():
    results = made_up_results(["formal", "flexible"])
    full, empty = contrast(results, "flexible"), contrast(results, "flexible", horizons=["plus12"])
    assert len(empty) == 0
    assert tuple(empty.columns) == CONTRAST_COLUMNS
    assert (empty.dtypes == full.dtypes).all()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"other": "flexibel"}, "flexibel: is not an arm of these results. Did you mean flexible?"),
        ({"reference": "formel"}, "formel: is not an arm of these results. Did you mean formal?"),
        ({"indicators": ["introduction"]}, "introduction: is not an indicator. Did you mean introductions?"),
        ({"horizons": ["plus13"]}, "plus13: is not a horizon. Did you mean plus12?"),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest_name(asked, message):
    with pytest.raises(DataError) as raised:
        contrast(made_up_results(["formal", "flexible"]), **{"other": "flexible", **asked})
    assert str(raised.value) == message


def test_several_runs_of_one_replicate_are_not_paired():
    results = made_up_results(["formal", "flexible"])
    results.horizons = pd.concat([results.horizons, results.horizons[:1]])
    with pytest.raises(DataError, match="formal: has several runs of one replicate"):
        contrast(results, "flexible")


def test_each_scenario_is_held_against_each_of_its_reference_arms():
    frame = additionality(with_reference_arms(), indicators=["introductions"], horizons=["end"])
    assert tuple(frame.columns) == ("comparison", *CONTRAST_COLUMNS)
    assert list(zip(frame["comparison"], frame["other"], frame["reference"], strict=True)) == [
        (comparison, scenario, arm)
        for scenario in ("formal", "flexible")
        for comparison, arm in (
            ("additionality", "none"),
            ("EU added value", "separate"),
            ("matching by judgement", "random"),
        )
    ]


def test_without_reference_arms_there_is_no_additionality_and_no_displacement():
    results = made_up_results(["formal", "flexible"])
    assert list(additionality(results).columns) == ["comparison", *CONTRAST_COLUMNS]
    assert len(additionality(results)) == 0
    assert displacement(results, "flexible", "end") is None


def test_additionality_of_an_arm_without_a_horizon_in_common_has_no_row():
    results = with_reference_arms()
    results.horizons = results.horizons[results.horizons["scenario"] != "none"]
    assert set(additionality(results)["reference"]) == {"separate", "random"}


@pytest.mark.parametrize(
    ("made_without_programme", "total", "share"),
    [(40.0, 50.0, 0.0), (50.0, 50.0, 1.0), (44.0, 50.0, 0.4), (35.0, 50.0, -0.5)],
)
def test_what_came_in_place_of_others_is_what_the_gain_falls_short_of_what_was_made(
    made_without_programme, total, share
):
    arms = {"formal": 0.0, "flexible": 0.0, "separate": 0.0, "random": 0.0}
    results = with_reference_arms(
        collaborations=arms | {"flexible": total, "none": made_without_programme},
        collaborations_programme=arms | {"flexible": 10.0, "none": 0.0},
        innovations_commercialised=arms | {"flexible": [9, 8, 7, 9, 8, 7], "none": [5, 4, 3, 4, 5, 3]},
        innovations_programme=arms | {"flexible": [4, 5, 6, 6, 5, 4], "none": 0.0},
    )
    found = displacement(results, "flexible", "plus24")
    made = found.collaborations
    assert (made.programme, made.gain.difference) == (10, total - made_without_programme)
    assert made.others.difference == made.gain.difference - made.programme
    assert made.in_place_of_others.ratio == pytest.approx(share)
    assert found.innovations.in_place_of_others.ratio == pytest.approx((5 - 4) / 5)
    assert found.innovations.in_place_of_others.low < 0.2 < found.innovations.in_place_of_others.high


def test_a_programme_that_makes_nothing_takes_no_place():
    arms = dict.fromkeys(("formal", "flexible", "none", "separate", "random"), 0.0)
    found = displacement(with_reference_arms(collaborations_programme=arms), "formal", "end")
    assert (found.collaborations.programme, found.collaborations.in_place_of_others.ratio) == (0, None)


def test_displacement_at_a_horizon_not_reached_is_none_and_of_an_unknown_arm_an_error():
    results = with_reference_arms()
    assert displacement(results, "flexible", "plus12") is None
    with pytest.raises(DataError, match="is not an arm"):
        displacement(results, "flexible-2", "end")
    with pytest.raises(DataError, match="is not a horizon"):
        displacement(results, "flexible", "ende")
