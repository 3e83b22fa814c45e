"""What each attribute carries of the difference between two policies: bars with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.ticker import MaxNLocator

from analysis.attribution import attribution
from analysis.figure_style import GREY, INK, MARGIN, WIDTH, Drawing, caption_height, heading_height, in_style, wrapped
from analysis.wording import plain_words, unit_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.results import Results

__all__ = ["DRAWN", "attribution_bars"]

DRAWN = ("collaborations_programme", "innovations_commercialised", "public_cost_keur")
"""Indicators that are drawn unless asked otherwise."""

MOST_PANELS = 4
LABELS, GAP, PANELS_TOP, ROW, TICKS_HEIGHT = 2.95, 0.25, 0.55, 0.27, 0.4
THICKNESS = 0.62
ATTRIBUTE_COLOUR, WHOLE_COLOUR = "#56B4E9", "#999999"
WHOLE_WORDS = {"remainder": "interactions of three and more", "difference": "all attributes at once"}
SMALL: dict[str, Any] = {"fontsize": 8.5}


@in_style
def attribution_bars(results: Results, indicators: Sequence[str] = DRAWN, arm: str | None = None) -> Drawing:
    """Draw what each attribute carries of the difference between two policies.

    Parameters
    ----------
    results : Results
        A two-level factorial study; see :func:`analysis.attribution.attribution`.
    indicators : sequence of str
        One panel each, four at most.
    arm : str, optional
        Arm of a study that has several.

    Returns
    -------
    matplotlib Figure
        One row an attribute, in the study's order, then the interactions of three and more attributes and the whole
        difference.

    Raises
    ------
    DataError
        If :func:`analysis.attribution.attribution` refuses the results.
    """
    drawn = list(indicators)[:MOST_PANELS]
    frame = attribution(results, drawn, arm)
    frame = frame[frame["part"] != "sum"]
    labels = _labels(frame[frame["indicator"] == drawn[0]] if drawn else frame)
    study = results.manifest.study
    assert study is not None
    lines = wrapped(*_caption(results, frame))
    below = wrapped("Each row: first policy's value → second policy's value. Left of 0: less; right of 0: more.")
    top = heading_height(below) + PANELS_TOP
    figure = Drawing(top + ROW * len(labels) + TICKS_HEIGHT + caption_height(lines))
    figure.heading(str(study["title"]), below)
    for row, label in enumerate(labels):
        how = {**SMALL, "ha": "right", "va": "center_baseline"}
        figure.write_at(MARGIN + LABELS - 0.1, top + ROW * (row + 0.5), label, **how)
    width = (WIDTH - 2 * MARGIN - LABELS) / max(1, len(drawn))
    for place, indicator in enumerate(drawn):
        left = MARGIN + LABELS + place * width
        _draw_panel(figure, frame[frame["indicator"] == indicator], indicator, (left, top), width - GAP)
    figure.caption(lines)
    return figure


def _labels(rows: pd.DataFrame) -> list[str]:
    """Return what stands before each row: the attribute and its two values."""
    names = [str(key).rpartition(".")[2] for key in rows["attribute"]]
    names = names if len(set(names)) == len(names) else [str(key) for key in rows["attribute"]]
    values = zip(rows["part"], names, rows["first"], rows["second"], strict=True)
    return [WHOLE_WORDS.get(part) or f"{_in_words(name)}: {a} → {b}" for part, name, a, b in values]


def _in_words(name: str) -> str:
    return name.replace("_keur", " (thousand euro)").replace("_", " ")


def _draw_panel(figure: Drawing, rows: pd.DataFrame, indicator: str, corner: tuple[float, float], width: float) -> None:
    left, top = corner
    factor, unit = unit_words(indicator)
    unit = "percentage points" if unit == "per cent" else unit
    title = "\n".join(wrapped(plain_words(indicator), characters=max(14, int(width * 12))))
    figure.write_at(left, top - PANELS_TOP, title, fontsize=8.5, fontweight="bold")
    figure.write_at(left, top - 0.17, unit, fontsize=8, color="#555555")
    axes = figure.axes_at(left, top, width, ROW * len(rows))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color="#555555", linewidth=0.8, zorder=3)
    attributes = int((rows["part"] == "attribute").sum())
    axes.axhline(attributes - 0.5, color=GREY, linewidth=0.6, zorder=1)
    for number, (part, *found) in enumerate(zip(*(rows[c] for c in ("part", "effect", "low", "high")), strict=True)):
        _draw_bar(axes, number, [factor * float(each) for each in found], part == "attribute")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    axes.yaxis.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.grid(axis="x", color="#E6E6E6", linewidth=0.6)
    axes.set_axisbelow(True)


def _draw_bar(axes: Axes, row: int, found: Sequence[float], is_attribute: bool) -> None:
    effect, low, high = found
    if not isfinite(effect):
        return
    axes.barh(row, effect, THICKNESS, color=ATTRIBUTE_COLOUR if is_attribute else WHOLE_COLOUR, zorder=2)
    if isfinite(low) and isfinite(high):
        axes.plot([low, high], [row, row], color=INK, linewidth=1.2, solid_capstyle="butt", zorder=4)


def _caption(results: Results, frame: pd.DataFrame) -> list[str]:
    replicates = int(frame["replicates"].max()) if len(frame) else 0
    runs = int(frame["runs_used"].max()) if len(frame) else 0
    return [
        f"Blue: what changing the attribute alone adds, averaged over the values of the others, from {runs:,} runs in "
        f"{replicates} replicates whose design points share their luck. Grey: what only three or more attributes "
        "together add as far as the design shows it, and the difference between the two policies.",
        "Lines: 95 % intervals (Student's t over replicates); one in twenty misses its true value by luck. They tell "
        "how exactly the runs show the model's effect, not whether the assumptions are right.",
        f"At the end of the run. Seed {results.manifest.seed}. "
        f"Regioscope {results.manifest.code.get('version', 'of unknown version')}.",
    ]
