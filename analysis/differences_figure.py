"""What one arm changes against another: mean differences of paired runs with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.contrasts import LAST, contrast
from analysis.figure_style import (
    MARGIN,
    WIDTH,
    Drawing,
    about_the_arms,
    about_the_runs,
    arm_colours,
    calendar_words,
    caption_height,
    compared_with,
    heading_height,
    in_style,
    kind_of,
    plain_words,
    short_names,
    shown_unit,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.results import Results

__all__ = ["COMPARED", "Group", "differences_at", "paired_differences"]


@dataclass(frozen=True)
class Group:
    """Indicators of one unit that share an axis, each with its name in the group."""

    title: str
    rows: tuple[tuple[str, str], ...]


COMPARED = (
    Group("SMEs", (("smes_registered", "registered with a broker"),)),
    Group("Introductions", (("introductions", "all"), ("introductions_cross_border", "across a border"))),
    Group("Collaborations begun", (
        ("collaborations", "all"),
        ("collaborations_programme", "made by the programme"),
        ("collaborations_other", "all others"),
        ("collaborations_cross_border", "across a border"),
    )),
    Group("Innovations brought to market", (
        ("innovations_commercialised", "all"),
        ("innovations_programme", "made by the programme"),
        ("innovations_other", "all others"),
        ("innovations_cross_border", "across a border"),
    )),
    Group("Public cost", (
        ("public_cost_keur", "all"),
        ("grants_paid_keur", "grants"),
        ("services_cost_keur", "services"),
        ("coordination_cost_keur", "coordination"),
    )),
    Group("Public cost per innovation", (("public_cost_per_innovation_keur", "made by the programme"),)),
    Group("Shares", (
        ("cooperation_share", "SMEs that cooperate"),
        ("engagement_mean", "engagement of members"),
        ("objective_agreement", "members who could sign"),
    )),
)  # fmt: skip
"""What a figure of differences compares, by panel."""

HORIZON_WORDS = {
    "end": "when the programme ends",
    "plus12": "12 months later",
    "plus24": "24 months later",
    LAST: "in the last month",
}
AXES_LEFT, AXES_WIDTH = 2.65, 3.05
ROW, TITLE_HEIGHT, TICKS_HEIGHT = 0.29, 0.3, 0.34
COLUMN_HEADS = 0.62
DODGE = 0.17
LONGEST_NAMES = 44
SMALL = {"fontsize": 8.0}


@in_style
def paired_differences(
    results: Results,
    other: str | None = None,
    reference: str | None = None,
    horizons: Sequence[str] = ("end", "plus24"),
) -> Drawing:
    """Draw the differences between two arms with their 95 % intervals.

    Parameters
    ----------
    results : Results
        A comparison.
    other, reference : str, optional
        Differences are `other` minus `reference`: by default the first other scenario minus the study's reference.
    horizons : sequence of str
        Two at most of ``end``, ``plus12`` and ``plus24``. Where no run reaches the end of its programme, the last
        month is drawn instead.

    Returns
    -------
    matplotlib Figure
        One panel a unit, one row an indicator; an indicator that one arm leaves undefined is named in the caption.

    Raises
    ------
    DataError
        If an arm is unknown, or there is no other arm.
    """
    reference = results.reference if reference is None else reference
    other = first_other(results, reference) if other is None else other
    frame = differences_at(results, other, reference, horizons)
    groups, missing = _drawable(frame)
    lines = wrapped(*_caption(results, frame, other, reference, missing))
    below = about_the_arms(results, [reference, other])
    top = heading_height(below)
    heights = [TITLE_HEIGHT + ROW * len(group.rows) + TICKS_HEIGHT for group in groups]
    figure = Drawing(top + COLUMN_HEADS + sum(heights) + caption_height(lines) + 0.05)
    names = short_names(results)
    figure.heading(f"What does {names[other]} change, compared with {compared_with(results, reference)}?", below)
    colour = arm_colours(results)[other]
    shown = list(dict.fromkeys(frame["horizon"]))
    _write_column_heads(figure, results, frame, top, (other, reference))
    top += COLUMN_HEADS
    for group, height in zip(groups, heights, strict=True):
        _draw_group(figure, group, frame, shown, top, colour)
        top += height
    if not groups:
        figure.write_at(MARGIN, top - 0.3, "There is no pair of runs that reaches these horizons.", **SMALL)
    figure.caption(lines)
    return figure


def first_other(results: Results, reference: str) -> str:
    """Return the first other arm of a study, a scenario before any reference arm."""
    from simulation.errors import DataError

    others = [arm for arm in results.arms if arm != reference]
    if not others:
        raise DataError("These results hold one arm, so there is no difference. Compare two scenarios or more")
    return next((arm for arm in others if kind_of(results, arm) == "scenario"), others[0])


def differences_at(results: Results, other: str, reference: str, horizons: Sequence[str]) -> pd.DataFrame:
    """Return the contrast of two arms at the horizons that their runs reach, two at most, else in the last month."""
    indicators = [name for group in COMPARED for name, _ in group.rows]
    frame = contrast(results, other, reference, indicators)
    wanted = frame[frame["horizon"].isin(list(horizons)[:2])]
    return wanted if len(wanted) else frame[frame["horizon"] == LAST]


def _drawable(frame: pd.DataFrame) -> tuple[list[Group], list[str]]:
    """Return the groups with the rows that have a difference, and the words of those that have none."""
    defined = set(frame.loc[frame["difference"].notna(), "indicator"])
    asked = set(frame["indicator"])
    kept = [Group(each.title, tuple(row for row in each.rows if row[0] in defined)) for each in COMPARED]
    missing = [plain_words(name) for each in COMPARED for name, _ in each.rows if name in asked - defined]
    return [group for group in kept if group.rows], missing


def _write_column_heads(
    figure: Drawing, results: Results, frame: pd.DataFrame, top: float, arms: tuple[str, str]
) -> None:
    """Say above the axis which way is more, and above the figures at which horizon, with its marker."""
    other, reference = (short_names(results)[arm] for arm in arms)
    start = results.manifest.scenarios[arms[1]]["start"]
    colour = arm_colours(results)[arms[0]]
    middle = AXES_LEFT + AXES_WIDTH / 2
    what = f"{other} − {reference}" if len(other) + len(reference) < LONGEST_NAMES else "the difference"
    text = f"{what}\nleft of 0: less; right of 0: more"
    figure.write_at(middle, top + 0.14, text, ha="center", **SMALL, linespacing=1.25)
    for place, horizon in enumerate(dict.fromkeys(frame["horizon"])):
        left = _column(place)
        rows = frame[frame["horizon"] == horizon]
        date = calendar_words(start, int(rows["month"].iloc[0]))
        same = (rows["month"] == rows["other_month"]).all()
        heading = HORIZON_WORDS[horizon] + (f"\n{date}" if same else "\nin each arm")
        figure.write_at(left, top + 0.14, heading, **SMALL, linespacing=1.25)
        marker = Line2D(
            [(left - 0.1) / WIDTH], [1 - (top + 0.215) / figure.page_height],
            color=colour, marker="o", markersize=5, markerfacecolor=_filling(place, colour), linestyle="none",
        )  # fmt: skip
        figure.add_artist(marker)


def _column(place: int) -> float:
    return AXES_LEFT + AXES_WIDTH + 0.32 + 1.8 * place


def _filling(place: int, colour: str) -> str:
    return colour if place == 0 else "white"


def _draw_group(
    figure: Drawing, group: Group, frame: pd.DataFrame, shown: Sequence[str], top: float, colour: str
) -> None:
    unit = _unit_of(group)
    figure.write_at(MARGIN, top + 0.08, group.title, fontsize=9, fontweight="bold")
    figure.write_at(AXES_LEFT, top + 0.09, unit, fontsize=8, color="#555555")
    height = ROW * len(group.rows)
    axes = figure.axes_at(AXES_LEFT, top + TITLE_HEIGHT, AXES_WIDTH, height)
    axes.set_ylim(len(group.rows) - 0.5, -0.5)
    axes.axvline(0, color="#555555", linewidth=0.8, zorder=1)
    factor = shown_unit(group.rows[0][0])[0]
    decimals = _decimals(frame[frame["indicator"].isin([name for name, _ in group.rows])], factor)
    for row, (name, label) in enumerate(group.rows):
        middle = top + TITLE_HEIGHT + ROW * (row + 0.5)
        figure.write_at(AXES_LEFT - 0.12, middle, label, ha="right", **_VERTICAL)
        for place, horizon in enumerate(shown):
            found = frame[(frame["indicator"] == name) & (frame["horizon"] == horizon)].iloc[0]
            low, mean, high = (factor * float(found[each]) for each in ("low", "difference", "high"))
            _draw_interval(axes, row + _dodge(place, len(shown)), (low, mean, high), place, colour)
            text = _difference_text(low, mean, high, decimals)
            figure.write_at(_column(place), middle, text, **_VERTICAL)
    _finish(axes)


_VERTICAL: dict[str, Any] = {"fontsize": 8.0, "va": "center_baseline"}


def _unit_of(group: Group) -> str:
    unit = shown_unit(group.rows[0][0])[1]
    return "percentage points" if unit == "per cent" else unit


def _dodge(place: int, horizons: int) -> float:
    return 0.0 if horizons == 1 else (2 * place - 1) * DODGE


def _draw_interval(axes: Axes, row: float, found: tuple[float, float, float], place: int, colour: str) -> None:
    low, mean, high = found
    if not isfinite(mean):
        return
    if isfinite(low) and isfinite(high):
        axes.plot([low, high], [row, row], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=2)
    axes.plot(mean, row, "o", color=colour, markersize=5, markerfacecolor=_filling(place, colour), zorder=3)


def _finish(axes: Axes) -> None:
    left, right = axes.get_xlim()
    room = 0.04 * (right - left)
    axes.set_xlim(min(left, -room), max(right, room))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    axes.set_yticks([])
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.grid(axis="x", color="#E6E6E6", linewidth=0.6)
    axes.set_axisbelow(True)


def _decimals(frame: pd.DataFrame, factor: float) -> int:
    """Return the decimals that a group needs: its largest difference with three digits, two where it is small."""
    largest = factor * float(frame["difference"].abs().max())
    return 0 if largest >= 100 else 1 if largest >= 1 else 2


def _difference_text(low: float, mean: float, high: float, decimals: int) -> str:
    if not isfinite(mean):
        return "undefined"
    text = _signed(mean, decimals)
    if not (isfinite(low) and isfinite(high)):
        return text
    return f"{text} ({_signed(low, decimals, '')} to {_signed(high, decimals, '')})"


def _signed(value: float, decimals: int, plus: str = "+") -> str:
    rounded = round(value, decimals) + 0.0
    sign = plus if rounded else ""
    return f"{rounded:{sign},.{decimals}f}".replace("-", "−")


def _caption(results: Results, frame: pd.DataFrame, other: str, reference: str, missing: Sequence[str]) -> list[str]:
    names = short_names(results)
    pairs = int(frame["runs"].max()) if len(frame) else 0
    of = "pair of runs" if pairs == 1 else "pairs of runs"
    what = f"Mean of the differences {names[other]} − {names[reference]} over {pairs} {of} with the same luck"
    interval = (
        ", with 95 % intervals (Student's t on the paired differences; of a cost per innovation the difference of the "
        "ratios of means, jackknife). An interval tells how exactly the runs show the model's difference, not whether "
        "the assumptions are right; one in twenty misses its true difference by luck."
        if pairs > 1
        else "; of one pair there is no interval."
    )
    last = "No run reaches the end of the programme." if (frame["horizon"] == LAST).any() else ""
    without = f"Undefined in an arm, so without a difference: {', '.join(missing).lower()}." if missing else ""
    fewer = "Where runs leave an indicator undefined, the mean is over the pairs in which both define it."
    partly = fewer if ((frame["pairs"] < frame["runs"]) & (frame["pairs"] > 0)).any() else ""
    year = results.manifest.scenarios[reference]["values"].get("price_year", "")
    money = f"Counts and money run from month 1; thousand euro of {year}."
    return [what + interval, money, last, without, partly, about_the_runs(results, [reference, other])]
