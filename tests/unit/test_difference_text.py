import math

import pytest

from analysis.difference_text import difference_text, interval_text, label, marked, mean_text, with_digits


def row(difference, half, indicator="introductions", mean=100.0, pairs=30):
    low, high = (math.nan, math.nan) if half is None else (difference - half, difference + half)
    seen = "more" if low > 0 else "less" if high < 0 else "not seen"
    return {
        "indicator": indicator,
        "pairs": pairs,
        "runs": 30,
        "method": "paired t",
        "reference_mean": mean,
        "other_mean": mean + difference,
        "difference": difference,
        "low": low,
        "high": high,
        "seen": seen,
    }


@pytest.mark.parametrize(
    ("difference", "half", "difference_shown", "interval_shown"),
    [
        (51.53, 8.3, "+52", "43 to 60"),
        (2.151, 0.44, "+2.2", "1.7 to 2.6"),
        (-0.0304, 0.0212, "−0.030", "−0.052 to −0.009"),
        (-288.1, 42.0, "−288", "−330 to −246"),
        (1500.0, 400.0, "+1,500", "1,100 to 1,900"),
    ],
)
def test_a_difference_has_the_digits_that_its_interval_bears_out(difference, half, difference_shown, interval_shown):
    shown = row(difference, half)
    assert difference_text(shown) == difference_shown
    assert interval_text(shown) == interval_shown


def test_shares_are_printed_in_per_cent():
    assert difference_text(row(0.022, 0.0044, indicator="cooperation_share", mean=0.23)) == "+2.2"
    assert mean_text(row(0.022, 0.0044, indicator="cooperation_share", mean=0.23), "reference_mean") == "23.0"


def test_a_ratio_is_no_share():
    assert mean_text(row(0.2, 0.1, indicator="private_leverage", mean=2.0), "reference_mean") == "2.00"


def test_one_pair_has_a_dash_in_the_place_of_an_interval_and_pairs_without_spread_say_so():
    assert interval_text(row(3.0, None, pairs=1)) == "–"
    assert interval_text(row(3.0, None)) == "in every pair"
    assert difference_text(row(3.0, None)) == "+3"


@pytest.mark.parametrize(
    ("difference", "half", "shown"),
    [
        (12.2, 12.0, "0.2 to 24.2"),
        (-5.2, 5.1, "−10.3 to −0.1"),
        (3.4, 3.6, "−0.2 to 7.0"),
        (0.65, 0.68, "−0.03 to 1.33"),
    ],
)
def test_a_bound_beside_zero_shows_on_which_side_it_is(difference, half, shown):
    assert interval_text(row(difference, half)) == shown


def test_an_indicator_that_not_all_pairs_define_says_how_many_do():
    assert label(row(3.0, 1.0, indicator="engagement_mean")) == "engagement_mean %"
    assert label(row(3.0, 1.0, indicator="engagement_mean", pairs=4)) == "engagement_mean % [4 of 30]"


def test_no_difference_at_all_is_a_zero_without_sign():
    assert difference_text(row(0.0, 0.0)) == "0"
    assert with_digits(-0.04, 1, sign=True) == "0.0"


def test_only_an_interval_without_zero_is_marked():
    assert [marked(row(*each)) for each in ((3.0, 1.0), (-3.0, 1.0), (1.0, 3.0), (1.0, None))] == ["*", "*", " ", " "]
