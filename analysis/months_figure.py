"""How the arms develop: small multiples over calendar months, median and band of the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.contrasts import definition_of
from analysis.figure_style import (
    MARGIN,
    WIDTH,
    Drawing,
    about_the_arms,
    about_the_runs,
    arm_colours,
    arm_styles,
    arms_asked,
    caption_height,
    heading_height,
    in_style,
    wrapped,
)
from analysis.wording import calendar_words, kind_of, plain_words, short_names, unit_words
from simulation.indicator_definitions import COUNT, STATE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.results import Results

__all__ = ["DEVELOPING", "apart", "over_months"]

DEVELOPING = (
    "smes_registered",
    "public_cost_keur",
    "collaborations",
    "collaborations_programme",
    "innovations_commercialised",
    "innovations_programme",
)
"""Indicators that are drawn over the months unless others are asked for."""

COLUMNS = 2
LEFT, PANEL_WIDTH, PANEL_HEIGHT = 0.45, 2.95, 1.95
COLUMN_WIDTH = (WIDTH - 2 * MARGIN) / COLUMNS + 0.1
ROW_HEIGHT = PANEL_HEIGHT + 0.85
LABEL_POINTS = 8.0
LONGEST_LABEL = 16
BAND = (0.05, 0.5, 0.95)
MOST_TICKS = 7


@dataclass(frozen=True)
class Course:
    """How one indicator goes in one arm: months, and the quantiles of the runs in each."""

    arm: str
    start: float
    months: NDArray[np.float64]
    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]
    runs: int

    @property
    def years(self) -> NDArray[np.float64]:
        """The end of every month as a calendar year with fraction."""
        return self.start + self.months / 12


@in_style
def over_months(
    results: Results, arms: Sequence[str] | None = None, indicators: Sequence[str] | None = None
) -> Drawing:
    """Draw how indicators develop over the calendar months of a study.

    Parameters
    ----------
    results : Results
        A comparison or a study of one scenario.
    arms : sequence of str, optional
        Arms to draw; all of them otherwise.
    indicators : sequence of str, optional
        One panel each; see ``DEVELOPING``.

    Returns
    -------
    matplotlib Figure
        Line: median of an arm's runs. Band: 5 to 95 % of them. A month is drawn where at least half of the runs
        define the indicator, and stands at its end.

    Raises
    ------
    DataError
        If an arm or an indicator is not in the results.
    """
    drawn = arms_asked(results, arms)
    names = _known(results, DEVELOPING if indicators is None else indicators)
    courses = {name: [course for arm in drawn if (course := course_of(results, arm, name))] for name in names}
    lines = wrapped(*_caption(results, drawn, courses))
    rows = ceil(len(names) / COLUMNS)
    below = about_the_arms(results, drawn)
    top = heading_height(below)
    figure = Drawing(top + rows * ROW_HEIGHT + caption_height(lines))
    subject = "How do the scenarios develop" if len(drawn) > 1 else "How does the scenario develop"
    figure.heading(f"{subject}, and what goes on when the programme ends?", below)
    for place, name in enumerate(names):
        left = MARGIN + LEFT + (place % COLUMNS) * COLUMN_WIDTH
        axes = figure.axes_at(left, top + 0.5 + (place // COLUMNS) * ROW_HEIGHT, PANEL_WIDTH, PANEL_HEIGHT)
        _draw_panel(axes, results, name, courses[name])
        _mark_programme_ends(axes, results, drawn, labelled=place == 0)
    figure.caption(lines)
    return figure


def _known(results: Results, indicators: Sequence[str]) -> list[str]:
    from simulation.errors import DataError, did_you_mean, short_text

    for name in indicators:
        if name not in results.series.columns:
            known = [str(each) for each in results.series.columns]
            raise DataError(f"{short_text(name)}: is no indicator of the series. {did_you_mean(name, known)}")
    return list(indicators)


def course_of(results: Results, arm: str, indicator: str) -> Course | None:
    """Return the course of an indicator in an arm; None where no month is defined in half of the runs."""
    rows = results.series[results.series["scenario"] == arm]
    if rows.empty:
        return None
    values = rows.pivot(index="month", columns="run_id", values=indicator)
    table = values.to_numpy(dtype=np.float64, na_value=np.nan)
    shown = 2 * np.count_nonzero(~np.isnan(table), axis=1) >= table.shape[1]
    if not shown.any():
        return None
    quantile = np.nanquantile if np.isnan(table).any() else np.quantile  # the former goes month by month
    low, median, high = unit_words(indicator)[0] * quantile(table[shown], BAND, axis=1)
    months = values.index.to_numpy(dtype=np.float64)[shown]
    start = _year(results.manifest.scenarios[arm]["start"])
    return Course(arm, start, months, low, median, high, table.shape[1])


def _year(start: str) -> float:
    year, month = (int(part) for part in start.split("-"))
    return year + (month - 1) / 12


def _draw_panel(axes: Axes, results: Results, indicator: str, courses: Sequence[Course]) -> None:
    colours, styles = arm_colours(results), arm_styles(results)
    for course in sorted(courses, key=lambda course: kind_of(results, course.arm) == "scenario"):
        colour = colours[course.arm]
        if course.runs > 1:
            axes.fill_between(course.years, course.low, course.high, color=colour, alpha=0.13, linewidth=0)
        axes.plot(course.years, course.median, color=colour, linewidth=1.6, linestyle=styles[course.arm])
    unit = unit_words(indicator)[1]
    axes.set_title(plain_words(indicator), loc="left", fontsize=9.5, fontweight="bold", pad=15)
    axes.text(0, 1.03, unit, transform=axes.transAxes, fontsize=8, color="#555555", va="bottom")
    axes.spines[["top", "right"]].set_visible(False)
    if not courses:
        axes.set_axis_off()
        axes.text(0, 0.9, "undefined in these runs", transform=axes.transAxes, fontsize=8.5, color="#555555")
        return
    _set_limits(axes, courses, whole=unit != "ratio")
    _label_ends(axes, courses, colours, short_names(results))


def _set_limits(axes: Axes, courses: Sequence[Course], whole: bool) -> None:
    first = min(course.start for course in courses)
    last = max(course.years[-1] for course in courses)
    axes.set_xlim(first, last)
    _set_ticks(axes, first, last)
    lowest = min(float(course.low.min()) for course in courses)
    highest = max(float(course.high.max()) for course in courses)
    room = 0.06 * (highest - min(lowest, 0.0)) or 1.0
    axes.set_ylim(0 if lowest >= 0 else lowest - room, highest + room)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=whole))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    axes.grid(axis="y", color="#E6E6E6", linewidth=0.6)
    axes.set_axisbelow(True)


def _set_ticks(axes: Axes, first: float, last: float) -> None:
    """Mark calendar years, or months of a short run, few enough to be read."""
    begin, end = round(first * 12), round(last * 12)
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 600) if (end - begin) / step < MOST_TICKS)
    marked = range(-(-begin // step) * step, end + 1, step)
    axes.set_xticks([month / 12 for month in marked])
    axes.set_xticklabels([f"{m // 12}" if step >= 12 else f"{m // 12}-{m % 12 + 1:02}" for m in marked])


def _label_ends(axes: Axes, courses: Sequence[Course], colours: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Name every arm where its line ends; names that would cover each other move apart."""
    low, high = axes.get_ylim()
    points = PANEL_HEIGHT * 72
    written = {arm: name if len(name) <= LONGEST_LABEL else _in_two_lines(name) for arm, name in names.items()}
    heights = [LABEL_POINTS * (1.28 + 1.15 * written[course.arm].count("\n")) / points for course in courses]
    ends = [(float(course.median[-1]) - low) / (high - low) for course in courses]
    for course, end, place in zip(courses, ends, apart(ends, heights, low=0.03), strict=True):
        colour = colours[course.arm]
        reached = (course.years[-1] - axes.get_xlim()[0]) / (axes.get_xlim()[1] - axes.get_xlim()[0])
        axes.plot(
            [reached, 1.012, 1.035], [end, end if reached == 1 else place, place],
            transform=axes.transAxes, color=colour, linewidth=0.7, clip_on=False,
        )  # fmt: skip
        axes.text(
            1.045, place, written[course.arm], transform=axes.transAxes, color=colour, fontsize=LABEL_POINTS,
            va="center", fontweight="bold", linespacing=1.1,
        )  # fmt: skip


def _in_two_lines(name: str) -> str:
    """Break a long name at the hyphen next to its middle, or cut it where there is none."""
    hyphens = [place for place, letter in enumerate(name) if letter == "-"]
    if not hyphens:
        return f"{name[: LONGEST_LABEL - 1]}…"
    middle = min(hyphens, key=lambda place: abs(place - len(name) / 2)) + 1
    return "\n".join(
        part if len(part) <= LONGEST_LABEL else f"{part[: LONGEST_LABEL - 1]}…"
        for part in (name[:middle], name[middle:])
    )


def apart(
    places: Sequence[float], heights: Sequence[float], low: float = 0.0, high: float = 1.0
) -> NDArray[np.float64]:
    """Return places of labels that do not cover each other, moved as little as possible in the sum of squares.

    With the room ``steps[i]`` that the labels below take, ``place[i] - steps[i]`` must not fall: the nearest such
    series is the isotonic regression.

    Parameters
    ----------
    places : (n,) sequence of float
        Where the middles of labels would best stand.
    heights : (n,) sequence of float
        Heights of the labels.
    low, high : float
        Where the lowest and the highest may stand at most; `low` is kept where there is no room for both.

    Returns
    -------
    (n,) array
    """
    wanted, tall = np.asarray(places, dtype=np.float64), np.asarray(heights, dtype=np.float64)
    order = np.argsort(wanted, kind="stable")
    between = (tall[order][1:] + tall[order][:-1]) / 2
    steps = np.concatenate(([0.0], np.cumsum(between)))
    level = _never_falling(wanted[order] - steps)
    moved = np.empty_like(wanted)
    moved[order] = np.clip(level, low, max(low, high - steps[-1])) + steps
    return moved


def _never_falling(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the isotonic regression: neighbours out of order take their common mean."""
    means: list[float] = []
    sizes: list[int] = []
    for value in values:
        means.append(float(value))
        sizes.append(1)
        while len(means) > 1 and means[-2] > means[-1]:
            mean, size = means.pop(), sizes.pop()
            means[-1] = (means[-1] * sizes[-1] + mean * size) / (sizes[-1] + size)
            sizes[-1] += size
    return np.repeat(means, sizes)


def _mark_programme_ends(axes: Axes, results: Results, arms: Sequence[str], labelled: bool) -> None:
    """Mark the month in which a programme ends, once where the arms share it."""
    about = results.manifest.scenarios
    left, right = axes.get_xlim()
    ends = {_year(about[arm]["start"]) + about[arm]["programme_end_month"] / 12 for arm in arms}
    for end in sorted(ends):
        if left < end <= right:
            axes.axvline(end, color="#555555", linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
    inside = [end for end in sorted(ends) if left < end <= right]
    if labelled and inside:
        said = "programme ends" if len(inside) == 1 else "programmes end"
        axes.text(
            inside[0], 0.03, f"{said} ", transform=axes.get_xaxis_transform(), fontsize=7.5, color="#555555", ha="right"
        )


def _caption(results: Results, arms: Sequence[str], courses: Mapping[str, Sequence[Course]]) -> list[str]:
    about = results.manifest.scenarios
    runs = max((course.runs for each in courses.values() for course in each), default=0)
    band = (
        "Line: median of an arm's runs; band: 5 to 95 % of them, the luck of the draw under one set of assumptions."
        if runs > 1
        else "Line: the one run of an arm, so there is no band."
    )
    few = "With so few runs the band is nearly from the lowest to the highest." if 1 < runs < 20 else ""
    ends = {
        calendar_words(about[arm]["start"], about[arm]["programme_end_month"])
        for arm in arms
        if about[arm]["programme_end_month"] <= about[arm]["months"]
    }
    end = f"Broken upright line: end of the programme ({', '.join(sorted(ends))})."
    end = end if ends else "The runs stop before the programme ends."
    years = sorted({str(about[arm]["values"].get("price_year", "")) for arm in arms} - {""})
    money = f"Thousand euro of {', '.join(years)}." if years and any("keur" in name for name in courses) else ""
    counts = _from_when(list(courses))
    partly = "A month is drawn where at least half of the runs define the indicator."
    return [band, few, counts, partly if _has_holes(results, arms, courses) else "", money, end,
            about_the_runs(results, arms)]  # fmt: skip


def _from_when(indicators: Sequence[str]) -> str:
    """Say what is counted since month 1 and what stands as it is in the month."""
    kinds = {name: definition_of(name).kind for name in indicators}
    states = [plain_words(name) for name, kind in kinds.items() if kind == STATE]
    counts = "Counts run from month 1. " if COUNT in kinds.values() else ""
    return f"{counts}As they stand in the month: {', '.join(states)}." if states else counts.strip()


def _has_holes(results: Results, arms: Sequence[str], courses: Mapping[str, Sequence[Course]]) -> bool:
    rows = results.series[results.series["scenario"].isin(arms)]
    return bool(rows[list(courses)].isna().to_numpy().any())
