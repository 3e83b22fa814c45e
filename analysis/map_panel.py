"""One panel of a map in points: regions placed, circles, strips between them, labels that keep apart.

The axes of a panel count points (1/72 inch) from its lower left corner, so that areas and widths on paper are in
proportion to what they stand for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, ceil, cos, floor, hypot, radians, sin
from typing import TYPE_CHECKING, Any

from matplotlib.collections import PolyCollection
from matplotlib.patheffects import withStroke

from analysis.figure_style import INK, frameless

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Projection",
    "Strip",
    "draw_circles",
    "draw_graticule",
    "draw_strips",
    "height_of",
    "label_regions",
    "points_axes",
    "projection_of",
]

type Point = tuple[float, float]
type Box = tuple[float, float, float, float]

BORDER = (32.0, 25.0)
SMALLEST_SPAN = 1.0
LETTER = 0.6
DIRECTIONS = [radians(degrees) for degrees in range(0, 360, 45)]
INWARD = 0.12
STEPS = (1, 2, 5, 10, 20)


@dataclass(frozen=True)
class Projection:
    """Longitude and latitude to points: equirectangular, true to scale at the middle latitude."""

    width: float
    height: float
    middle: Point
    shrink: float
    scale: float

    def __call__(self, longitude: float, latitude: float) -> Point:
        """Return where a place lies in the panel."""
        return (
            self.width / 2 + (longitude - self.middle[0]) * self.shrink * self.scale,
            self.height / 2 + (latitude - self.middle[1]) * self.scale,
        )

    def inverse(self, x: float, y: float) -> Point:
        """Return the longitude and latitude of a point of the panel."""
        return (
            self.middle[0] + (x - self.width / 2) / (self.shrink * self.scale),
            self.middle[1] + (y - self.height / 2) / self.scale,
        )


@dataclass(frozen=True)
class Strip:
    """A flow between two places, in points: the coloured and the grey part of its width lie side by side."""

    begin: Point
    end: Point
    coloured: float
    grey: float


def height_of(places: Sequence[Point], width: float) -> float:
    """Return the height of a panel of given width that some places fill, both in points."""
    span_x, span_y, _ = _spans(places)
    return 2 * BORDER[1] + (width - 2 * BORDER[0]) * span_y / span_x


def projection_of(places: Sequence[Point], width: float, height: float) -> Projection:
    """Return the projection in which all places, given as (longitude, latitude), lie inside a panel."""
    span_x, span_y, middle = _spans(places)
    scale = min((width - 2 * BORDER[0]) / span_x, (height - 2 * BORDER[1]) / span_y)
    return Projection(width, height, middle, cos(radians(middle[1])), scale)


def _spans(places: Sequence[Point]) -> tuple[float, float, Point]:
    longitudes, latitudes = zip(*places, strict=True)
    middle = (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
    span_x = (max(longitudes) - min(longitudes)) * cos(radians(middle[1]))
    return max(span_x, SMALLEST_SPAN), max(max(latitudes) - min(latitudes), SMALLEST_SPAN), middle


def points_axes(axes: Axes, width: float, height: float) -> None:
    """Make the axes of a panel count points."""
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    frameless(axes)


def draw_graticule(axes: Axes, projection: Projection) -> None:
    """Draw a few meridians and parallels with their degrees, for there is no coast to go by."""
    west, south = projection.inverse(0, 0)
    east, north = projection.inverse(projection.width, projection.height)
    step = next((step for step in STEPS if (north - south) / step <= 4), STEPS[-1])
    line: dict[str, Any] = {"color": "#E8E8E8", "linewidth": 0.6, "zorder": 0}
    text: dict[str, Any] = {"fontsize": 6, "color": "#9A9A9A", "zorder": 0}
    for degree in range(ceil(south / step) * step, floor(north) + 1, step):
        y = projection(west, degree)[1]
        axes.plot([0, projection.width], [y, y], **line)
        axes.text(1, y + 1, _degrees(degree, "N", "S"), va="bottom", **text)
    for degree in range(ceil(west / step) * step, floor(east) + 1, step):
        x = projection(degree, south)[0]
        axes.plot([x, x], [0, projection.height], **line)
        if 25 < x < projection.width - 25:
            axes.text(x + 1, 1, _degrees(degree, "E", "W"), va="bottom", **text)


def _degrees(degree: int, positive: str, negative: str) -> str:
    return f"{abs(degree)}°" + (f" {positive if degree > 0 else negative}" if degree else "")


def draw_strips(axes: Axes, strips: Sequence[Strip], colour: str, grey: str, opacity: float = 0.8) -> None:
    """Draw flows, the widest first so that none hides a narrower one."""
    ordered = sorted(strips, key=lambda strip: -(strip.coloured + strip.grey))
    sides: list[list[Point]] = []
    colours = []
    for strip in ordered:
        whole = strip.coloured + strip.grey
        for near, far, paint in (
            (-whole / 2, strip.coloured - whole / 2, colour),
            (strip.coloured - whole / 2, whole / 2, grey),
        ):
            if far > near:
                sides.append(_parallel(strip, near, far))
                colours.append(paint)
    axes.add_collection(PolyCollection(sides, facecolors=colours, linewidths=0, alpha=opacity, zorder=1))


def _parallel(strip: Strip, near: float, far: float) -> list[Point]:
    """Return the corners of the part of a strip between two distances from its middle line."""
    (x0, y0), (x1, y1) = strip.begin, strip.end
    length = hypot(x1 - x0, y1 - y0) or 1.0
    across = (-(y1 - y0) / length, (x1 - x0) / length)
    corners = ((x0, y0, near), (x1, y1, near), (x1, y1, far), (x0, y0, far))
    return [(x + off * across[0], y + off * across[1]) for x, y, off in corners]


def draw_circles(axes: Axes, places: Sequence[Point], radii: Sequence[float], **how: Any) -> None:
    """Draw circles of given radii in points."""
    if places:
        x, y = zip(*places, strict=True)
        axes.scatter(x, y, s=[(2 * radius) ** 2 for radius in radii], zorder=3, **how)


def label_regions(
    axes: Axes, names: Mapping[str, str], places: Mapping[str, Point], radii: Mapping[str, float], size: float
) -> None:
    """Write the name of every region beside its circle, where it covers circles and other names least."""
    circles = [(x - radii[r], y - radii[r], x + radii[r], y + radii[r]) for r, (x, y) in places.items()]
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    taken: list[Box] = []
    for region in sorted(places, key=lambda region: (-_crowd(places[region], places), region)):
        lines = names[region].split("\n")
        extent = LETTER * size * max(map(len, lines)), 1.2 * size * len(lines)
        outward = _direction_outward(places[region], places)
        choices = [_beside(places[region], radii[region] + 2, angle, *extent) for angle in DIRECTIONS]
        costs = [
            _covered(box, [*taken, *circles], (x0, y0, x1, y1)) + INWARD * _area(box) * (1 - cos(angle - outward))
            for box, angle in zip(choices, DIRECTIONS, strict=True)
        ]
        best = costs.index(min(costs))
        taken.append(choices[best])
        _write_label(axes, names[region], choices[best], cos(DIRECTIONS[best]), size)


def _write_label(axes: Axes, name: str, box: Box, rightward: float, size: float) -> None:
    """Write a name in its box, against the side that the circle is on."""
    side = "center" if abs(rightward) < 0.1 else "left" if rightward > 0 else "right"
    x = {"left": box[0], "center": (box[0] + box[2]) / 2, "right": box[2]}[side]
    axes.text(
        x, (box[1] + box[3]) / 2, name, ha=side, va="center", fontsize=size, color=INK, linespacing=1.05, zorder=5,
        path_effects=[withStroke(linewidth=1.8, foreground="white")],
    )  # fmt: skip


def _crowd(place: Point, places: Mapping[str, Point]) -> float:
    return sum(1 / (20 + hypot(place[0] - x, place[1] - y)) for x, y in places.values())


def _direction_outward(place: Point, places: Mapping[str, Point]) -> float:
    """Return the angle from the middle of all places to one of them, in radians."""
    middle = [sum(each[axis] for each in places.values()) / len(places) for axis in (0, 1)]
    return atan2(place[1] - middle[1], place[0] - middle[0])


def _beside(place: Point, distance: float, angle: float, width: float, height: float) -> Box:
    """Return the box of a label that touches a circle in a direction."""
    right, up = cos(angle), sin(angle)
    x = place[0] + right * distance + (width / 2 if right > 0.1 else -width / 2 if right < -0.1 else 0.0)
    y = place[1] + up * (distance + height / 2)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _covered(box: Box, taken: Sequence[Box], panel: Box) -> float:
    """Return what a label would cover, counting what leaves the panel ten times."""
    return sum(_overlap(box, other) for other in taken) + 10 * (_area(box) - _overlap(box, panel))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)
