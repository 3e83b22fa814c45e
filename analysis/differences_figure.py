"""What one arm changes against another: mean differences of paired runs with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.contrasts import LAST, contrast
from analysis.difference_text import EVERY_PAIR, UNDEFINED, difference_text, interval_text
from analysis.figure_style import (
    MARGIN,
    WIDTH,
    Drawing,
    about_the_arms,
    about_the_runs,
    arm_colours,
    caption_height,
    compared_with,
    heading_height,
    in_style,
    wrapped,
)
from analysis.wording import HORIZON_TITLES, calendar_words, kind_of, plain_words, short_names, unit_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.results import Results

__all__ = ["COMPARED", "Group", "differences_at", "draw_differences", "paired_differences"]


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
        ("collaborations_domestic", "inside a country"),
    )),
    Group("Innovations brought to market", (
        ("innovations_commercialised", "all"),
        ("innovations_programme", "made by the programme"),
        ("innovations_other", "all others"),
        ("innovations_cross_border", "across a border"),
        ("innovations_domestic", "inside a country"),
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

TWO_HORIZONS = ("end", "plus24")
AXES_LEFT, AXES_WIDTH = 2.7, 2.9
NUMBERS_LEFT, NUMBERS_WIDTH = AXES_LEFT + AXES_WIDTH + 0.3, 1.75
ROW, TITLE_HEIGHT, TICKS_HEIGHT = 0.29, 0.3, 0.34
HEAD_LINE, HEAD_CHARACTERS = 0.15, 25
DODGE = 0.17
LONGEST_NAMES = 40
LONGEST_NUMBERS = 27
SMALL: dict[str, Any] = {"fontsize": 8.5}
IN_A_ROW: dict[str, Any] = {"fontsize": 8.5, "va": "center_baseline"}

type Row = dict[str, Any]
"""A row of contrasts."""
type Rows = Mapping[tuple[str, str], Row]
"""Rows of contrasts by indicator and horizon."""


@in_style
def paired_differences(
    results: Results,
    other: str | None = None,
    reference: str | None = None,
    horizons: Sequence[str] = TWO_HORIZONS,
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
    return draw_differences(results, differences_at(results, other, reference, horizons), other, reference)


@in_style
def draw_differences(results: Results, frame: pd.DataFrame, other: str, reference: str) -> Drawing:
    """Draw the rows that :func:`differences_at` returned for two arms."""
    groups, missing = _drawable(frame)
    lines = wrapped(*_caption(results, frame, other, reference, missing))
    below = about_the_arms(results, [reference, other])
    top = heading_height(below)
    heads = _column_heads(results, frame, (other, reference))
    heads_height = 0.3 + HEAD_LINE * max([2, *(head.count("\n") + 1 for head in heads.values())])
    heights = [TITLE_HEIGHT + ROW * len(group.rows) + TICKS_HEIGHT for group in groups]
    figure = Drawing(top + heads_height + sum(heights) + caption_height(lines) + 0.05)
    names = short_names(results)
    figure.heading(f"What does {names[other]} change, compared with {compared_with(results, reference)}?", below)
    colour = arm_colours(results)[other]
    _write_column_heads(figure, heads, (names[other], names[reference]), top + 0.14, colour)
    top += heads_height
    rows = {(row["indicator"], row["horizon"]): row for row in _records(frame)}
    for group, height in zip(groups, heights, strict=True):
        _draw_group(figure, group, rows, list(heads), top, colour)
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


def differences_at(
    results: Results, other: str, reference: str, horizons: Sequence[str] = TWO_HORIZONS
) -> pd.DataFrame:
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
    return [group for group in kept if group.rows], [_in_a_sentence(words) for words in missing]


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _in_a_sentence(words: str) -> str:
    return words if words.startswith("SME") else words[:1].lower() + words[1:]


def _column_heads(results: Results, frame: pd.DataFrame, arms: tuple[str, str]) -> dict[str, str]:
    """Return what is written above the numbers of every horizon: what it is, and when, in each arm if they differ."""
    names, about = short_names(results), results.manifest.scenarios
    heads = {}
    for horizon, rows in frame.groupby("horizon", sort=False):
        months = (int(rows["other_month"].iloc[0]), int(rows["month"].iloc[0]))
        dates = [calendar_words(about[arm]["start"], month) for arm, month in zip(arms, months, strict=True)]
        said = [f"{names[arm]}: {date}" for arm, date in zip(arms, dates, strict=True)]
        said = said if len(set(dates)) > 1 else dates[:1]
        lines = [line for each in (HORIZON_TITLES[str(horizon)], *said) for line in wrap(each, HEAD_CHARACTERS)]
        heads[str(horizon)] = "\n".join(lines)
    return heads


def _write_column_heads(
    figure: Drawing, heads: Mapping[str, str], names: tuple[str, str], top: float, colour: str
) -> None:
    """Say above the axis which way is more, and above the numbers at which horizon, with its marker."""
    what = " − ".join(names) if sum(map(len, names)) < LONGEST_NAMES else "the difference"
    text = f"{what}\nleft of 0: less; right of 0: more"
    figure.write_at(AXES_LEFT + AXES_WIDTH / 2, top, text, ha="center", **SMALL, linespacing=1.25)
    for place, head in enumerate(heads.values()):
        left = _column(place)
        figure.write_at(left, top, head, **SMALL, linespacing=1.25)
        marker = Line2D(
            [(left - 0.1) / WIDTH], [1 - (top + 0.075) / figure.page_height],
            color=colour, marker="o", markersize=5, markerfacecolor=_filling(place, colour), linestyle="none",
        )  # fmt: skip
        figure.add_artist(marker)


def _column(place: int) -> float:
    return NUMBERS_LEFT + NUMBERS_WIDTH * place


def _filling(place: int, colour: str) -> str:
    return colour if place == 0 else "white"


def _draw_group(figure: Drawing, group: Group, rows: Rows, shown: Sequence[str], top: float, colour: str) -> None:
    factor, unit = unit_words(group.rows[0][0])
    figure.write_at(MARGIN, top + 0.08, group.title, fontsize=9, fontweight="bold")
    unit = "percentage points" if unit == "per cent" else unit
    figure.write_at(AXES_LEFT, top + 0.09, unit, fontsize=8, color="#555555")
    axes = figure.axes_at(AXES_LEFT, top + TITLE_HEIGHT, AXES_WIDTH, ROW * len(group.rows))
    axes.set_ylim(len(group.rows) - 0.5, -0.5)
    axes.axvline(0, color="#555555", linewidth=0.8, zorder=1)
    for number, (indicator, label) in enumerate(group.rows):
        middle = top + TITLE_HEIGHT + ROW * (number + 0.5)
        figure.write_at(AXES_LEFT - 0.12, middle, label, ha="right", **IN_A_ROW)
        for place, horizon in enumerate(shown):
            row = rows[indicator, horizon]
            low, mean, high = (factor * float(row[each]) for each in ("low", "difference", "high"))
            _draw_interval(axes, number + _dodge(place, len(shown)), (low, mean, high), place, colour)
            _write_numbers(figure, row, place, middle)
    _finish(axes)


def _write_numbers(figure: Drawing, row: Row, place: int, middle: float) -> None:
    text = _numbers(row)
    fitting = IN_A_ROW | {"fontsize": IN_A_ROW["fontsize"] * min(1.0, LONGEST_NUMBERS / len(text))}
    figure.write_at(_column(place), middle, text, **fitting)


def _numbers(row: Row) -> str:
    """Return a difference with its interval, in the digits in which the tables print them."""
    if not isfinite(row["difference"]):
        return "undefined"
    interval = interval_text(row)
    return difference_text(row) if interval == UNDEFINED else f"{difference_text(row)} ({interval})"


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
    axes.yaxis.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.grid(axis="x", color="#E6E6E6", linewidth=0.6)
    axes.set_axisbelow(True)


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
    alike = "In every pair: all pairs differ by as much, so there is no interval."
    alike = alike if any(interval_text(row) == EVERY_PAIR for row in _records(frame)) else ""
    last = "No run reaches the end of the programme." if (frame["horizon"] == LAST).any() else ""
    without = f"Undefined in an arm, so without a difference: {', '.join(missing)}." if missing else ""
    fewer = "Where runs leave an indicator undefined, the mean is over the pairs in which both define it."
    partly = fewer if ((frame["pairs"] < frame["runs"]) & (frame["pairs"] > 0)).any() else ""
    year = results.manifest.scenarios[reference]["values"].get("price_year", "")
    money = f"Counts and money run from month 1; thousand euro of {year}."
    return [what + interval, alike, money, last, without, partly, about_the_runs(results, [reference, other])]
