"""Where innovations arise and which regions work together: regions at their centroids, flows as strips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10, sqrt
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.figure_style import (
    MARGIN,
    WIDTH,
    Drawing,
    about_the_arms,
    about_the_runs,
    arm_colours,
    arms_asked,
    caption_height,
    heading_height,
    in_style,
    wrapped,
)
from analysis.map_panel import (
    Point,
    Projection,
    Strip,
    draw_circles,
    draw_graticule,
    draw_strips,
    height_of,
    label_regions,
    points_axes,
    projection_of,
)
from analysis.regional_means import PAIR, across_regions, by_pair, by_region, counted, differences, ending
from analysis.wording import calendar_words, kind_of, scenario_arms, short_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.results import Results

__all__ = ["region_map"]

MOST_PANELS = 6
MOST_NAMED = 16
LONGEST_NAME = 18
LARGEST_RADIUS = {1: 15.0, 2: 11.0, 3: 8.0}
WIDEST_STRIP = {1: 8.0, 2: 6.0, 3: 4.5}
LABEL_SIZE = {1: 8.0, 2: 6.5, 3: 6.0}
PANEL_HEAD, GAP = 0.6, 0.25
KEY_HEIGHT, KEY_CELL, KEY_WIDTH = 0.85, 1.5, 4.3
KEY_TEXT: dict[str, Any] = {"fontsize": 7.5, "va": "center_baseline"}
STRIP_GREY = "#9C9C9C"
DOT = 1.0


@dataclass(frozen=True)
class Layout:
    """How panels of one size stand on the page, in inches, and how large in points what is largest gets."""

    columns: int
    panels: int
    top: float
    width: float
    height: float
    largest_radius: float
    widest_strip: float
    most_innovations: float
    most_collaborations: float

    @property
    def rows(self) -> int:
        """Rows of panels."""
        return ceil(self.panels / self.columns)

    @property
    def key_has_a_cell(self) -> bool:
        """Whether the last row leaves a cell free that can take the key."""
        return self.columns == 2 and self.panels % 2 == 1

    @property
    def bottom(self) -> float:
        """Where the panels end."""
        return self.top + self.rows * (PANEL_HEAD + self.height + GAP)

    def place(self, panel: int) -> Point:
        """Return where the head of a panel begins: left, top."""
        row, column = divmod(panel, self.columns)
        return MARGIN + column * (self.width + GAP), self.top + row * (PANEL_HEAD + self.height + GAP)

    def radius(self, innovations: float) -> float:
        """Return the radius of a circle whose area stands for innovations."""
        return self.largest_radius * sqrt(abs(innovations) / self.most_innovations)

    def width_of(self, collaborations: float) -> float:
        """Return the width of a strip that stands for collaborations."""
        return self.widest_strip * collaborations / self.most_collaborations


@in_style
def region_map(results: Results, arms: Sequence[str] | None = None) -> Drawing:
    """Draw what regions brought to market and how many collaborations join them, a panel an arm.

    Parameters
    ----------
    results : Results
        A study whose tables ``regions`` and ``flows`` have rows.
    arms : sequence of str, optional
        Arms to draw, six panels at most; otherwise scenarios first, then reference arms. Where two scenarios are
        among them, a panel shows their difference.

    Returns
    -------
    matplotlib Figure
        Means over the runs, at the end of each run.

    Raises
    ------
    DataError
        If an arm is unknown, or no run has regions.
    """
    drawn, left_out, compared = _chosen(results, arms)
    whole = {arm: ending(results.regions, arm) for arm in drawn}
    flows = {arm: ending(results.flows, arm) for arm in drawn}
    places = _centroids(results, whole)
    lines = wrapped(*_caption(results, drawn, left_out, compared, flows))
    below = about_the_arms(results, drawn)
    layout = _layout_of(heading_height(below) + 0.1, len(drawn) + bool(compared), places, whole, flows)
    foot = 0.1 if layout.key_has_a_cell else KEY_HEIGHT
    figure = Drawing(layout.bottom + foot + caption_height(lines))
    figure.heading("Where do innovations arise, and which regions work together?", below)
    panels = [arm for arm in drawn if arm in (compared or drawn)]
    after = [arm for arm in drawn if arm not in panels]
    for number, arm in enumerate(panels + after):
        place = number + (bool(compared) and arm in after)
        _draw_arm(figure, layout, place, results, arm, places, whole[arm], flows[arm])
    if compared:
        _draw_difference(figure, layout, len(panels), results, compared, places, whole, flows)
    _draw_key(figure, layout, arm_colours(results)[drawn[0]], bool(compared))
    figure.caption(lines)
    return figure


def _chosen(results: Results, arms: Sequence[str] | None) -> tuple[list[str], list[str], tuple[str, str] | None]:
    """Return the arms that get a panel, those that get none, and the two (reference first) that are compared."""
    from simulation.errors import DataError

    there = set(results.regions["scenario"]) if len(results.regions) else set()
    asked = [arm for arm in arms_asked(results, arms) if arm in there]
    if not asked:
        raise DataError("These results hold no rows of regions, so there is no map. Compute them again with --fresh")
    scenarios = [arm for arm in scenario_arms(results) if arm in asked]
    ordered = scenarios + [arm for arm in asked if arm not in scenarios]
    two = len(scenarios) == 2 or (len(asked) == 2 and arms is not None)
    compared = (ordered[0], ordered[1]) if two else None
    most = MOST_PANELS - bool(compared)
    return ordered[:most], ordered[most:], compared


def _centroids(results: Results, whole: Mapping[str, pd.DataFrame]) -> dict[str, Point]:
    """Return longitude and latitude of every region that an arm measures."""
    found: dict[str, Point] = {}
    for arm, rows in whole.items():
        entries = results.manifest.scenarios[arm]["values"]["regions"]
        for code in sorted(set(rows["region"])):
            found[code] = (float(entries[code]["longitude"]), float(entries[code]["latitude"]))
    return found


def _layout_of(
    top: float,
    panels: int,
    places: Mapping[str, Point],
    whole: Mapping[str, pd.DataFrame],
    flows: Mapping[str, pd.DataFrame],
) -> Layout:
    columns = 1 if panels == 1 else 2 if panels <= 4 else 3
    width = 7.0 if columns == 1 else (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns
    height = min(1.1 * width, max(0.5 * width, height_of(list(places.values()), 72 * width) / 72))
    most = max(each for rows in whole.values() for each in by_region(rows).values())
    widest = max((float(total.max()) for rows in flows.values() if len(total := by_pair(rows).sum(axis=1))), default=0)
    crowded = min(1.0, MOST_NAMED / len(places))
    return Layout(
        columns,
        panels,
        top,
        width,
        height,
        largest_radius=LARGEST_RADIUS[columns] * sqrt(crowded),
        widest_strip=WIDEST_STRIP[columns] * crowded,
        most_innovations=most or 1.0,
        most_collaborations=widest or 1.0,
    )


def _panel(
    figure: Drawing, layout: Layout, number: int, places: Mapping[str, Point], head: Sequence[tuple[str, Any]]
) -> tuple[Axes, Projection]:
    """Return the axes of a panel in points, with its head written and its graticule drawn."""
    left, top = layout.place(number)
    for row, (text, how) in enumerate(head):
        figure.write_at(left, top + (0.19 + 0.145 * (row - 1) if row else 0.0), text, **how)
    axes = figure.axes_at(left, top + PANEL_HEAD, layout.width, layout.height)
    points_axes(axes, layout.width * 72, layout.height * 72)
    projection = projection_of(list(places.values()), layout.width * 72, layout.height * 72)
    draw_graticule(axes, projection)
    dots = [projection(*place) for place in places.values()]
    draw_circles(axes, dots, [DOT] * len(dots), facecolor=STRIP_GREY, edgecolor="none")
    return axes, projection


def _head(title: str, colour: str, lines: Sequence[str]) -> list[tuple[str, Any]]:
    small = {"fontsize": 7.5, "color": "#555555"}
    return [(title, {"fontsize": 9.5, "fontweight": "bold", "color": colour}), *((line, small) for line in lines)]


def _draw_arm(
    figure: Drawing,
    layout: Layout,
    number: int,
    results: Results,
    arm: str,
    places: Mapping[str, Point],
    whole: pd.DataFrame,
    flows: pd.DataFrame,
) -> None:
    colour = arm_colours(results)[arm]
    title = short_names(results)[arm]
    said = counted(results.runs[results.runs["scenario"] == arm])
    axes, projection = _panel(figure, layout, number, places, _head(title, colour, said))
    at = {code: projection(*place) for code, place in places.items() if code in set(whole["region"])}
    strips = [
        Strip(at[region], at[other_region], layout.width_of(programme), layout.width_of(other))
        for region, other_region, programme, other in by_pair(flows).reset_index().itertuples(index=False)
    ]
    paint = colour if kind_of(results, arm) != "none" else STRIP_GREY
    draw_strips(axes, strips, paint, STRIP_GREY)
    radii = {code: layout.radius(each) for code, each in by_region(whole).items()}
    draw_circles(axes, [at[c] for c in radii], list(radii.values()), facecolor=colour, edgecolor="white", linewidth=0.8)
    label_regions(axes, _labels(results, arm, at, layout), at, radii, LABEL_SIZE[layout.columns])


def _labels(results: Results, arm: str, codes: Mapping[str, Point], layout: Layout) -> dict[str, str]:
    """Return the code of every region, with a short name where there is room."""
    if layout.columns == 3 or len(codes) > MOST_NAMED:
        return {code: code for code in codes}
    entries = results.manifest.scenarios[arm]["values"]["regions"]
    return {code: f"{code}\n{_shortened(entries[code]['name'])}" for code in codes}


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    cut = max(name.rfind(each, 4, LONGEST_NAME) for each in " -/,")
    return f"{name[: cut if cut > 0 else LONGEST_NAME - 1]}…"


def _draw_difference(
    figure: Drawing,
    layout: Layout,
    number: int,
    results: Results,
    compared: tuple[str, str],
    places: Mapping[str, Point],
    whole: Mapping[str, pd.DataFrame],
    flows: Mapping[str, pd.DataFrame],
) -> None:
    """Draw a panel of the second arm minus the first: pale where the interval holds 0."""
    reference, other = compared
    names, colours = short_names(results), arm_colours(results)
    said = ["in the colour of the arm that has more,", "pale or hollow where the 95 % interval holds 0"]
    head = _head(f"{names[other]} − {names[reference]}", "#222222", said)
    axes, projection = _panel(figure, layout, number, places, head)
    at = {code: projection(*place) for code, place in places.items()}
    pairs = differences(flows[reference], flows[other], PAIR, "collaborations")
    regions = differences(whole[reference], whole[other], ["region"], "innovations")
    for arm, sign in ((reference, -1), (other, 1)):
        for seen, opacity in ((False, 0.22), (True, 0.9)):
            strips = [
                Strip(at[a], at[b], layout.width_of(abs(each.mean)), 0.0)
                for (a, b), each in pairs.items()
                if a != b and each.mean * sign > 0 and each.seen is seen
            ]
            draw_strips(axes, strips, colours[arm], STRIP_GREY, opacity)
            codes = [c for (c,), each in regions.items() if each.mean * sign > 0 and each.seen is seen]
            radii = [layout.radius(regions[(c,)].mean) for c in codes]
            face = colours[arm] if seen else "white"
            draw_circles(axes, [at[c] for c in codes], radii, facecolor=face, edgecolor=colours[arm], linewidth=0.8)
    radii_of = {code: layout.radius(regions[(code,)].mean) if (code,) in regions else 1.0 for code in at}
    label_regions(axes, _labels(results, other, at, layout), at, radii_of, LABEL_SIZE[layout.columns])


def _draw_key(figure: Drawing, layout: Layout, colour: str, with_difference: bool) -> None:
    """Draw what areas and widths stand for, in a free cell of the panels or below them."""
    in_cell = layout.key_has_a_cell
    left, top = layout.place(layout.panels) if in_cell else (MARGIN, layout.bottom)
    width, height = (KEY_WIDTH, KEY_CELL) if in_cell else (WIDTH - 2 * MARGIN, KEY_HEIGHT)
    axes = figure.axes_at(left, top + (PANEL_HEAD if in_cell else 0.0), width, height)
    points_axes(axes, width * 72, height * 72)
    high = height * 72
    _key_of_circles(axes, layout, high - 14)
    _key_of_strips(axes, layout, high - 38, colour)
    said = ["Coloured side of a line: made by the programme;", "grey side: all others."]
    said += ["The difference is on the same scale."] if with_difference else []
    x, y = (2.0, high - 62) if in_cell else (330.0, high - 12)
    axes.text(x, y, "\n".join(said), fontsize=7.5, va="top", linespacing=1.35)


def _key_of_circles(axes: Axes, layout: Layout, y: float) -> None:
    x = 2.0
    for value in _round_values(layout.most_innovations):
        radius = layout.radius(value)
        draw_circles(axes, [(x + radius, y)], [radius], facecolor="#555555", edgecolor="white", linewidth=0.8)
        axes.text(x + 2 * radius + 3, y, f"{value:g}", **KEY_TEXT)
        x += 2 * radius + 16 + 5 * len(f"{value:g}")
    axes.text(x, y, "innovations of a region's SMEs", **KEY_TEXT)


def _key_of_strips(axes: Axes, layout: Layout, y: float, colour: str) -> None:
    x = 2.0
    for value in _round_values(layout.most_collaborations):
        half = layout.width_of(value) / 2
        draw_strips(axes, [Strip((x, y), (x + 26, y), half, half)], colour, STRIP_GREY)
        axes.text(x + 29, y, f"{value:g}", **KEY_TEXT)
        x += 42 + 5 * len(f"{value:g}")
    axes.text(x, y, "collaborations between two regions", **KEY_TEXT)


def _round_values(largest: float) -> list[float]:
    """Return two round numbers that show a scale: the largest of 1, 2, 5 and their tens, and about half of it."""
    ladder = [step * 10.0**power for power in range(-3, 7) for step in (1, 2, 5)]
    below = [each for each in ladder if each <= largest * 1.0001]
    return below[-2:] or [10.0 ** round(log10(largest))]


def _fewest_runs(results: Results, arms: Sequence[str]) -> int:
    return min(int((results.runs["scenario"] == arm).sum()) for arm in arms)


def _caption(
    results: Results,
    drawn: Sequence[str],
    left_out: Sequence[str],
    compared: tuple[str, str] | None,
    flows: Mapping[str, pd.DataFrame],
) -> list[str]:
    about = results.manifest.scenarios
    ends = sorted({calendar_words(about[arm]["start"], int(about[arm]["months"])) for arm in drawn})
    what = (
        f"Means over the runs from month 1 to the end ({', '.join(ends)}). Area of a circle: innovations that the "
        "region's SMEs took part in, one for each SME. Width of a line: collaborations begun between the two regions, "
        "one that joins three of them counted for each pair; those inside a region have no line. Regions "
        "stand at their centroids."
    )
    names = short_names(results)
    pairs = 0
    if compared and not flows[compared[0]].empty:
        rows = flows[compared[0]]
        pairs = len(across_regions(rows).drop_duplicates(PAIR))
    luck = (
        "Of one pair of runs there is no interval, so all is pale."
        if compared and _fewest_runs(results, compared) < 2
        else f"Where two arms do not truly differ, 1 in 20 of the {pairs} lines of the difference stands out by luck."
        if pairs
        else ""
    )
    more = f"Not drawn: {', '.join(names[arm] for arm in left_out)}." if left_out else ""
    missing = [] if all(len(flows[arm]) for arm in drawn) else ["Flows between regions are not stored."]
    return [what, *missing, luck, more, about_the_runs(results, drawn)]
