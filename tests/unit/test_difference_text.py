import math

import pytest

from regioscope.difference_text import difference_text, interval_text, marked, mean_text, short_names, with_digits


def row(difference, half, unit="SME", mean=100.0):
    low, high = (math.nan, math.nan) if half is None else (difference - half, difference + half)
    seen = "more" if low > 0 else "less" if high < 0 else "not seen"
    return {
        "unit": unit,
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
    assert difference_text(row(0.022, 0.0044, unit="1", mean=0.23)) == "+2.2"
    assert mean_text(row(0.022, 0.0044, unit="1", mean=0.23), "reference_mean") == "23.0"


def test_without_an_interval_a_dash_stands_in_its_place():
    assert interval_text(row(3.0, None)) == "–"
    assert difference_text(row(3.0, None)) == "+3.0"


def test_no_difference_at_all_is_a_zero_without_sign():
    assert difference_text(row(0.0, 0.0)) == "0"
    assert with_digits(-0.04, 1, sign=True) == "0.0"


def test_only_an_interval_without_zero_is_marked():
    assert [marked(row(*each)) for each in ((3.0, 1.0), (-3.0, 1.0), (1.0, 3.0), (1.0, None))] == ["*", "*", " ", " "]


@pytest.mark.parametrize(
    ("arms", "short"),
    [
        (["smart-space-formal", "smart-space-flexible"], ["formal", "flexible"]),
        (["acttivate", "acttivate-grants-only"], ["acttivate", "acttivate-grants-only"]),
        (["a-b", "a-b-2"], ["b", "b-2"]),
        (["baseline"], ["baseline"]),
        (["baseline", "other"], ["baseline", "other"]),
    ],
)
def test_names_lose_the_part_that_all_share(arms, short):
    assert list(short_names(arms).values()) == short
