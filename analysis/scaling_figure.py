"""How a month's time grows with the number of SMEs: the full model beside the core of its peers."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.figure_style import (
    GREY,
    INK,
    MARGIN,
    WIDTH,
    Drawing,
    caption_height,
    heading_height,
    in_style,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.benchmarks.scaling import ScalingPoint

__all__ = ["time_against_smes"]

LINES = {
    "mesa": ("plain Mesa, core alone", "#D55E00", "s"),
    "numpy": ("vectorised numpy, core alone", "#009E73", "^"),
    "full model": ("Regioscope, full model", "#0072B2", "o"),
}
BESIDE: dict[str, Any] = {"xytext": (9, 0), "ha": "left"}
ABOVE: dict[str, Any] = {"xytext": (-4, 9), "va": "bottom", "ha": "right"}
PANEL_HEIGHT = 3.9
LABEL_WIDTH = 2.3
LEFT = 0.75
SECOND_MS = 1e3


@in_style
def time_against_smes(points: Sequence[ScalingPoint]) -> Drawing:
    """Draw the time of a month against the number of SMEs, both on logarithmic axes.

    Parameters
    ----------
    points : sequence of ScalingPoint
        What was measured at each size.
    """
    below = ["10 % of firms seek a month, 32 candidates each, 16 domains; one core, all mechanisms and indicators on"]
    caption = wrapped(
        "The full model draws its own candidates; the peers simulate search, matching and learning alone, on draws "
        "made before. Grey lines: the same time for every SME. Both axes are logarithmic.",
        "regioscope bench --chart measures and draws this figure.",
    )
    top = heading_height(below) + 0.15
    drawing = Drawing(top + PANEL_HEIGHT + 0.65 + caption_height(caption))
    drawing.heading("How long does a month take?", below)
    axes = drawing.axes_at(MARGIN + LEFT, top, WIDTH - 2 * MARGIN - LEFT - LABEL_WIDTH, PANEL_HEIGHT)
    _set_axes(axes, points)
    ends = {each.what: each for each in sorted(points, key=lambda each: each.smes)}
    for what, (label, colour, marker) in LINES.items():
        mine = sorted((each for each in points if each.what == what), key=lambda each: each.smes)
        if mine:
            sizes, times = [each.smes for each in mine], [each.month_ms for each in mine]
            axes.plot(sizes, times, color=colour, marker=marker, markersize=4, linewidth=1.6, zorder=3)
            axes.annotate(
                f"{label}\n{_time_an_sme(mine[-1].ns_per_sme)} an SME",
                (sizes[-1], times[-1]),
                textcoords="offset points",
                color=colour,
                fontsize=8.5,
                annotation_clip=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
                **_place_of_label(mine[-1], list(ends.values())),
            )
    drawing.caption(caption)
    return drawing


def _place_of_label(end: ScalingPoint, ends: Sequence[ScalingPoint]) -> dict[str, Any]:
    """Beside the end of a line, away from the nearest other line that ends there; above it where it ends earlier."""
    largest = max(each.smes for each in ends)
    if end.smes <= largest / 2:
        return ABOVE
    others = [each.month_ms for each in ends if each.smes > largest / 2 and each.what != end.what]
    if not others:
        return BESIDE | {"va": "center"}
    nearest = min(others, key=lambda ms: abs(log(ms / end.month_ms)))
    return BESIDE | {"va": "bottom" if nearest < end.month_ms else "top"}


def _set_axes(axes: Axes, points: Sequence[ScalingPoint]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    sizes = [each.smes for each in points]
    times = [each.month_ms for each in points]
    axes.set_xlim(min(sizes) * 0.8, max(sizes) * 1.25)
    axes.set_ylim(min(times) * 0.5, max(times) * 2.0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda smes, _: f"{smes:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda ms, _: _duration(ms)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("SMEs")
    axes.set_ylabel("time of a month")
    axes.spines[["top", "right"]].set_visible(False)
    ends = axes.get_xlim()
    for ns in (10.0**power for power in range(6)):
        axes.plot(ends, [each * ns * 1e-6 for each in ends], color=GREY, linewidth=0.5, alpha=0.45, zorder=1)
    axes.tick_params(colors=INK)


def _duration(ms: float) -> str:
    if ms < 1.0:
        return f"{ms * 1e3:,.0f} µs"
    return f"{ms:,.0f} ms" if ms < SECOND_MS else f"{ms / SECOND_MS:,.0f} s"


def _time_an_sme(ns: float) -> str:
    return f"{ns:.0f} ns" if ns < 1e3 else f"{ns / 1e3:.1f} µs"
