"""What every figure shares: page, colours of the arms, heading, caption, files that repeat.

Figures are drawn on a page measured in inches from its top left corner, so that nothing moves when a label grows
longer. Colours are those of Okabe & Ito 2008 without yellow, which is lost on white paper. An arm keeps its colour
from one comparison to the next: see :func:`arm_colours`.

References
----------
Okabe, M. & Ito, K. (2008). Color universal design: how to make figures and presentations that are friendly to
colorblind people.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from analysis.wording import ARM_WORDS, COMPARISON_WORDS, kind_of, scenario_arms, short_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from experiments.results import Results

__all__ = [
    "GREY",
    "INK",
    "MARGIN",
    "WIDTH",
    "Drawing",
    "about_the_arms",
    "about_the_runs",
    "arm_colours",
    "arm_styles",
    "arms_asked",
    "caption_height",
    "compared_with",
    "frameless",
    "heading_height",
    "in_style",
    "saved",
    "wrapped",
]

WIDTH = 9.5
MARGIN = 0.35
INK = "#222222"
GREY = "#8C8C8C"
DOTS_PER_INCH = 160
PNG_EFFORT = {"compress_level": 3}
"""As small as with the usual 6, in two thirds of the time."""
CAPTION_CHARACTERS = 145
HEADING_CHARACTERS = 132
TITLE_CHARACTERS = 74
HEADING_LINE = 0.175
CAPTION_LINE = 0.165

BLUE, VERMILLION, GREEN, PURPLE, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"
ORANGE, SKY = "#E69F00", "#56B4E9"
OWN_COLOURS = {"smart-space-flexible": BLUE, "smart-space-formal": VERMILLION}
FURTHER_COLOURS = (GREEN, PURPLE, BLACK)
REFERENCE_COLOURS = {"none": GREY, "separate": ORANGE, "random": SKY}
STYLES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1.5, 1.5)))

STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.linewidth": 0.6,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "figure.facecolor": "white",
    "axes.unicode_minus": True,
    "svg.hashsalt": "regioscope",
    "svg.fonttype": "path",
    "text.hinting": "none",  # letters keep their distances at any size, and are drawn faster
}


class Drawing(Figure):
    """A figure on a page of fixed width that shows itself in a notebook, whatever the backend."""

    def __init__(self, height: float) -> None:
        super().__init__(figsize=(WIDTH, height))
        self.page_height = height

    def axes_at(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes, in inches from the page's top left corner."""
        high = self.page_height
        return self.add_axes((left / WIDTH, 1 - (top + height) / high, width / WIDTH, height / high))

    def write_at(self, left: float, top: float, text: str, **how: Any) -> Text:
        """Write a text whose top left corner is given in inches."""
        return self.text(left / WIDTH, 1 - top / self.page_height, text, **{"va": "top", "ha": "left", **how})

    def heading(self, title: str, below: Sequence[str]) -> None:
        """Write the question that the figure answers, and below it the lines that say what is compared."""
        size = 13 * min(1.0, TITLE_CHARACTERS / len(title))
        self.write_at(MARGIN, 0.22, title, fontsize=size, fontweight="bold")
        self.write_at(MARGIN, 0.50, "\n".join(below), fontsize=8.5, color="#555555", linespacing=1.3)

    def caption(self, lines: Sequence[str]) -> None:
        """Write the caption at the foot of the page."""
        top = self.page_height - caption_height(lines)
        self.write_at(MARGIN, top, "\n".join(lines), fontsize=8, color="#444444", linespacing=1.3)

    def _repr_png_(self) -> bytes:
        return saved(self, "png")


def heading_height(below: Sequence[str]) -> float:
    """Return the inches that a heading takes at the top of a page."""
    return 0.55 + HEADING_LINE * len(below)


def caption_height(lines: Sequence[str]) -> float:
    """Return the inches that a caption takes at the foot of a page, its margin included."""
    return CAPTION_LINE * len(lines) + 0.15


def in_style[**Asked](draw: Callable[Asked, Drawing]) -> Callable[Asked, Drawing]:
    """Draw with the project's style alone, whatever the user's settings; they are back afterwards."""
    from functools import wraps

    @wraps(draw)
    def drawn(*given: Asked.args, **named: Asked.kwargs) -> Drawing:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(STYLE)
            return draw(*given, **named)

    return drawn


def saved(figure: Figure, kind: str) -> bytes:
    """Return the bytes of a figure as ``png`` or ``svg``, the same bytes for the same figure."""
    written = BytesIO()
    how: dict[str, Any] = {"metadata": {"Date": None, "Creator": None}}
    if kind == "png":
        how = {"metadata": {"Software": None}, "pil_kwargs": PNG_EFFORT}
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure.savefig(written, format=kind, dpi=DOTS_PER_INCH, **how)
    return written.getvalue()


def wrapped(*sentences: str, characters: int = CAPTION_CHARACTERS) -> list[str]:
    """Return the lines of a caption; empty sentences are left out."""
    return textwrap.wrap(" ".join(each for each in sentences if each), characters)


def frameless(axes: Axes) -> None:
    """Leave an axes without frame, ticks and ground."""
    axes.set_axis_off()
    axes.patch.set_alpha(0)


def arm_colours(results: Results) -> dict[str, str]:
    """Return the colour of every arm, the same in every figure and comparison.

    ``smart-space-flexible`` is blue and ``smart-space-formal`` vermillion, also where the other is missing. Other
    scenarios take green, purple and black by sorted name, and again from green where there are more than three:
    lines then differ in style (:func:`arm_styles`). Reference arms have the colour of their kind.
    """
    further = sorted(set(scenario_arms(results)) - set(OWN_COLOURS))
    colours = OWN_COLOURS | {arm: FURTHER_COLOURS[n % len(FURTHER_COLOURS)] for n, arm in enumerate(further)}
    return {arm: colours.get(arm) or REFERENCE_COLOURS[kind_of(results, arm)] for arm in results.arms}


def arm_styles(results: Results) -> dict[str, Any]:
    """Return the line style of every arm: solid, another one for each further arm of the same colour."""
    styles: dict[str, Any] = {}
    seen: dict[str, int] = {}
    colours = arm_colours(results)
    for arm in sorted(results.arms, key=lambda arm: (kind_of(results, arm) != "scenario", len(arm), arm)):
        number = seen.get(colours[arm], 0)
        seen[colours[arm]] = number + 1
        styles[arm] = STYLES[number % len(STYLES)]
    return styles


def arms_asked(results: Results, arms: Sequence[str] | None) -> list[str]:
    """Return the arms to draw, in the study's order.

    Raises
    ------
    DataError
        If one of them is not in the results.
    """
    from simulation.errors import DataError, did_you_mean, short_text

    for arm in arms or ():
        if arm not in results.arms:
            raise DataError(f"{short_text(arm)}: is no arm of these results. {did_you_mean(arm, results.arms)}")
    return [arm for arm in results.arms if arms is None or arm in arms]


def compared_with(results: Results, arm: str) -> str:
    """Return how a title names the arm that others are compared with."""
    return COMPARISON_WORDS.get(kind_of(results, arm)) or short_names(results)[arm]


def about_the_arms(results: Results, arms: Sequence[str]) -> list[str]:
    """Say in the lines of a heading what the names of the arms stand for."""
    names = short_names(results)
    said = []
    for arm in arms:
        words = ARM_WORDS.get(kind_of(results, arm))
        if words:
            said.append(f"{names[arm]} ({words}{_otherwise_as(results, arm)})")
        else:
            said.append(arm if names[arm] == arm else f"{names[arm]} ({arm})")
    return wrapped(", ".join(said), characters=HEADING_CHARACTERS)


def _otherwise_as(results: Results, arm: str) -> str:
    """Say which scenarios a reference arm belongs to, where it is not all of them."""
    own = scenario_arms(results)
    of = [each for each in own if each in results.manifest.scenarios[arm].get("of", ())]
    return "" if of in ([], own) else f", otherwise as {' and '.join(short_names(results)[each] for each in of)}"


def about_the_runs(results: Results, arms: Sequence[str]) -> str:
    """Say how many runs an arm, with which seed, of which code."""
    numbers = {arm: int((results.runs["scenario"] == arm).sum()) for arm in arms}
    if len(set(numbers.values())) == 1:
        number = next(iter(numbers.values()))
        runs = f"{number} {'run' if number == 1 else 'runs'} an arm"
    else:
        runs = "Runs: " + ", ".join(f"{short_names(results)[arm]} {number}" for arm, number in numbers.items())
    code: Mapping[str, Any] = results.manifest.code
    return f"{runs}, seed {results.manifest.seed}. Regioscope {code.get('version', 'of unknown version')}."
