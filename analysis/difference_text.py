"""Numbers of a contrast as text: as many digits as their interval bears out, shares in per cent.

A row is one of :func:`analysis.contrasts.contrast`.
"""

from __future__ import annotations

import math
from typing import Any

from analysis.wording import unit_words

__all__ = ["MARK", "difference_text", "interval_text", "label", "marked", "mean_text", "share_text", "with_digits"]

UNDEFINED = "–"
EVERY_PAIR = "in every pair"
MARK = "*"
"""Follows a difference whose interval excludes 0."""
MOST_DIGITS = 4


def label(row: Any) -> str:
    """Return the name of a row's indicator: shares marked, and how many pairs it rests on where not all define it."""
    name = f"{row['indicator']} %" if unit_words(row["indicator"])[1] == "per cent" else str(row["indicator"])
    return name if row["pairs"] == row["runs"] else f"{name} [{row['pairs']} of {row['runs']}]"


def with_digits(value: float | None, digits: int, sign: bool = False) -> str:
    """Return a number with so many digits after the point."""
    if value is None or math.isnan(value):
        return UNDEFINED
    shown = round(value, digits) + 0.0
    return f"{shown:{'+' if sign and shown else ''},.{digits}f}".replace("-", "−")


def mean_text(row: Any, column: str) -> str:
    """Return a value of a row in the unit it is printed in."""
    return with_digits(_scaled(row, column), _digits(row))


def difference_text(row: Any) -> str:
    """Return the difference of a row, with its sign."""
    return with_digits(_scaled(row, "difference"), _digits(row), sign=True)


def interval_text(row: Any) -> str:
    """Return the interval of a row; words where all pairs differ alike, a dash where there are too few for one."""
    low, high = _scaled(row, "low"), _scaled(row, "high")
    if low is None or high is None:
        return EVERY_PAIR if _without_spread(row) else UNDEFINED
    return f"{with_digits(low, _digits(row))} to {with_digits(high, _digits(row))}"


def _without_spread(row: Any) -> bool:
    return row["pairs"] > 1 and row["method"] == "paired t" and not math.isnan(row["difference"])


def marked(row: Any) -> str:
    """Return the mark of a difference whose interval excludes 0, a blank for others."""
    return " " if row["seen"] == "not seen" else MARK


def share_text(share: float | None) -> str:
    """Return a share in per cent, without the sign."""
    return UNDEFINED if share is None or math.isnan(share) else f"{100 * share:.0f}"


def _scaled(row: Any, column: str) -> float | None:
    value = row[column]
    return None if value is None or math.isnan(value) else unit_words(row["indicator"])[0] * value


def _digits(row: Any) -> int:
    """Digits at which half the interval shows as 3 to 30 of the last place, more if a bound would show as 0."""
    low, high = _scaled(row, "low"), _scaled(row, "high")
    if low is None or high is None or high == low:
        return 0 if _whole(row) else 1
    digits = min(MOST_DIGITS, max(0, math.ceil(-math.log10((high - low) / 6.0))))
    while digits < MOST_DIGITS and any(bound and not round(bound, digits) for bound in (low, high)):
        digits += 1
    return digits


def _whole(row: Any) -> bool:
    return all(
        _scaled(row, each) in (None, round(_scaled(row, each) or 0.0)) for each in ("reference_mean", "difference")
    )
