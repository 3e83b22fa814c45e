"""Figures from stored results: what develops, what differs, where; drawn on request or written to files.

``months`` shows how the arms develop, ``differences`` what one changes against another with 95 % intervals, ``map``
where innovations arise and which regions work together. An arm has one colour in all of them.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.attribution_figure import attribution_bars
from analysis.differences_figure import differences_at, draw_differences, paired_differences
from analysis.figure_style import Drawing, arm_colours, saved
from analysis.months_figure import over_months
from analysis.region_map import region_map
from analysis.wording import scenario_arms
from experiments.output_folder import FIGURES, cannot_write

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = ["arm_colours", "attribution_bars", "over_months", "paired_differences", "region_map", "write_figures"]

KINDS = ("png", "svg")


def write_figures(results: Results, folder: str | Path | None = None) -> list[Path]:
    """Draw all figures that the results allow, and write each as PNG and SVG.

    Parameters
    ----------
    results : Results
        A comparison or a study.
    folder : str or Path, optional
        Where to; ``figures`` in the folder of the results otherwise. It is made if need be, and files of the same
        name are replaced.

    Returns
    -------
    list of Path
        ``months``, ``differences`` (the first other scenario minus the study's reference), ``differences-OTHER``
        for further scenarios, ``differences-SCENARIO-against-ARM`` for reference arms, and ``map``. A figure for
        which there are no rows is left out. The same results give the same SVG, byte by byte.

    Raises
    ------
    DataError
        If a file cannot be written.
    """
    target = results.folder / FIGURES if folder is None else Path(folder)
    written = []
    with _what_there_is_left_alone():
        for name, draw in drawable(results):
            figure = draw()
            for kind in KINDS:
                path = target / f"{name}.{kind}"
                _write(path, saved(figure, kind))
                written.append(path)
    return written


@contextmanager
def _what_there_is_left_alone() -> Iterator[None]:
    """Spare the collector of unused objects those that were there before: a figure makes it look again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def drawable(results: Results) -> Iterator[tuple[str, Callable[[], Drawing]]]:
    """Yield the name of every figure that the results have rows for, and what draws it."""
    if len(results.series):
        yield "months", partial(over_months, results)
    for name, other, reference in _comparisons(results):
        frame = differences_at(results, other, reference)
        if len(frame):
            yield name, partial(draw_differences, results, frame, other, reference)
    if len(results.regions):
        yield "map", partial(region_map, results)


def _comparisons(results: Results) -> Iterator[tuple[str, str, str]]:
    """Yield file name, other arm and reference of every comparison, the first under the plain name."""
    scenarios = scenario_arms(results)
    pairs = [(f"differences-{arm}", arm, results.reference) for arm in scenarios if arm != results.reference]
    for arm in results.arms:
        held_against = results.manifest.scenarios[arm].get("of", ())
        pairs += [(f"differences-{each}-against-{arm}", each, arm) for each in scenarios if each in held_against]
    for number, (name, other, reference) in enumerate(pairs):
        yield (_file_name(name) if number else "differences"), other, reference


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)


def _write(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
