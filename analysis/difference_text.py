"""Numbers of a comparison as text: as many digits as their interval bears out, shares in per cent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

__all__ = [
    "difference_text",
    "interval_text",
    "label",
    "marked",
    "mean_text",
    "share_text",
    "short_names",
    "with_digits",
]

UNDEFINED = "–"
SHARE = "1"
MARK = "*"
"""Follows a difference whose interval excludes 0."""


def label(name: str) -> str:
    """Return the name of an indicator as the table prints it, shares marked."""
    from analysis.contrasts import definition_of

    return f"{name} %" if definition_of(name).unit == SHARE else name


def short_names(arms: Sequence[str]) -> dict[str, str]:
    """Return names without the part that all share: ``formal`` and ``flexible`` of two smart-space arms."""
    if len(arms) < 2:
        return {arm: arm for arm in arms}
    parts = [arm.split("-") for arm in arms]
    shared = 0
    while all(len(each) > shared + 1 and each[shared] == parts[0][shared] for each in parts):
        shared += 1
    return {arm: "-".join(each[shared:]) for arm, each in zip(arms, parts, strict=True)}


def with_digits(value: float | None, digits: int, sign: bool = False) -> str:
    """Return a number with so many digits after the point."""
    if value is None or math.isnan(value):
        return UNDEFINED
    shown = round(value, digits) + 0.0
    return f"{shown:{'+' if sign and shown else ''},.{digits}f}".replace("-", "−")


def mean_text(row: Any, column: str) -> str:
    """Return a value of a row of contrasts in the unit it is printed in."""
    return with_digits(_scaled(row, row[column]), _digits(row))


def difference_text(row: Any) -> str:
    """Return the difference of a row of contrasts, with its sign."""
    return with_digits(_scaled(row, row["difference"]), _digits(row), sign=True)


def marked(row: Any) -> str:
    """Return the mark of a difference whose interval excludes 0, a blank for others."""
    return " " if row["seen"] == "not seen" else MARK


def interval_text(row: Any) -> str:
    """Return the interval of a row of contrasts; a dash where there are too few pairs for one."""
    low, high = (_scaled(row, row[bound]) for bound in ("low", "high"))
    if low is None or high is None:
        return UNDEFINED
    return f"{with_digits(low, _digits(row))} to {with_digits(high, _digits(row))}"


def share_text(share: float | None) -> str:
    """Return a share in per cent, without the sign."""
    return UNDEFINED if share is None or math.isnan(share) else f"{100 * share:.0f}"


def _scaled(row: Any, value: float | None) -> float | None:
    if value is None or math.isnan(value):
        return None
    return 100.0 * value if row["unit"] == SHARE else value


def _digits(row: Any) -> int:
    """Digits after the point, so that half the interval shows as 3 to 30 of its last place; three at most."""
    low, high = (_scaled(row, row[bound]) for bound in ("low", "high"))
    if low is None or high is None:
        return 1
    half = (high - low) / 2.0
    if half <= 0.0:
        return 0 if _whole(row) else 1
    return min(3, max(0, math.ceil(-math.log10(half / 3.0))))


def _whole(row: Any) -> bool:
    return all(float(row[column]).is_integer() for column in ("reference_mean", "other_mean", "difference"))
