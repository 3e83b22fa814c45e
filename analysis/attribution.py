"""How much of the difference between two policies each of their attributes carries, from a two-level factorial study.

In such a study every attribute takes the value of one policy or that of the other: ``x = -1`` is the value in the
study's first row, ``x = +1`` the other one. An attribute's main effect in replicate r is

    e_i = mean of y where x_i = +1, minus mean of y where x_i = -1     (2 b_i of y = b0 + sum b_i x_i + ...)

over all design points, which share the luck of the replicate: a difference within a pair. As long as no three
attributes interact, it is the attribute's Shapley share in the difference between the policies, and the effects add up
to it; see :mod:`experiments.fractional_factorial`. Both policies are design points themselves, so that the remainder

    (y where all x = +1) - (y where all x = -1) - sum of e_i

is measured, not assumed: it is what interactions of three and more attributes carry. It says less than it may seem to.
In a fraction of all combinations an interaction of three has the signs of one attribute, or of none: the former stands
in that attribute's effect, and only the latter in the remainder, where such interactions may cancel each other out. Its
interval is wider than those of single effects, since it adds up all that no attribute stands for.

Intervals are 95 % each, Student's t over replicates (:mod:`experiments.paired`); those of shares are the jackknife's.
Of twenty effects that are truly 0, one is expected to exclude 0 by luck.

References
----------
Box & Hunter 1961, Technometrics 3(3), 311-351: designs in which no main effect is mixed with an interaction of two.
Shapley 1953, Contributions to the Theory of Games II, 307-317: the share of a player.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.contrasts import DIFFERENCE_OF, RATIO_OF, definition_of, see_that_it_is_an_arm
from experiments.output_folder import shown
from experiments.paired import paired_difference, ratio_of_means
from simulation.errors import DataError, short_text
from simulation.indicator_definitions import Indicator

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = ["ATTRIBUTED", "ATTRIBUTION_COLUMNS", "attribution"]

ATTRIBUTED = (
    "collaborations_programme",
    "collaborations",
    "innovations_programme",
    "innovations_commercialised",
    "public_cost_keur",
)
"""Indicators whose difference is attributed unless asked otherwise."""

ATTRIBUTION_COLUMNS: tuple[str, ...] = (
    "indicator", "unit", "direction", "part", "attribute", "first", "second", "effect", "low", "high",
    "share", "share_low", "share_high", "replicates_used", "replicates", "runs_used",
)  # fmt: skip
NUMBERS = ("effect", "low", "high", "share", "share_low", "share_high")
COUNTS = ("replicates_used", "replicates", "runs_used")

KINDS = ("csv", "grid")
"""Designs that may hold two values a column; the others sample ranges."""
KEY = ["replicate", "point", "arm"]
LISTED = 5
"""Design points, and replicates of each, that a message names."""

type Values = NDArray[np.float64]


@dataclass(frozen=True)
class _TwoLevelDesign:
    """The design points of one arm: which attributes take which of their two values.

    Attributes
    ----------
    attributes : tuple of str
        Dotted keys.
    levels : tuple of (object, object)
        First and second value of each.
    signs : ndarray
        ``(points, attributes)``, -1 for the first value and +1 for the second.
    stored_as : tuple of (int, str)
        Design point and arm under which the runs of each point stand: its own, unless an earlier one is the same run.
    """

    attributes: tuple[str, ...]
    levels: tuple[tuple[object, object], ...]
    signs: NDArray[np.int64]
    stored_as: tuple[tuple[int, str], ...]

    def effects(self, values: Values) -> Iterator[tuple[Values, Values]]:
        """Yield, attribute by attribute, the means with its first and its second value in each replicate."""
        for column in self.signs.T:
            yield values[:, column < 0].mean(axis=1), values[:, column > 0].mean(axis=1)

    def policies(self, values: Values) -> tuple[Values, Values]:
        """Return the value with all attributes at the first, and at the second value, in each replicate."""
        first, second = ((self.signs == sign).all(axis=1) for sign in (-1, 1))
        return values[:, first].mean(axis=1), values[:, second].mean(axis=1)

    def runs_at(self, points: NDArray[np.bool_]) -> int:
        """Return how many runs a replicate has at some design points."""
        return len({place for place, chosen in zip(self.stored_as, points.tolist(), strict=True) if chosen})


def attribution(results: Results, indicators: Sequence[str] | None = None, arm: str | None = None) -> pd.DataFrame:
    """Divide the difference between two policies among the attributes in which they differ.

    Parameters
    ----------
    results : Results
        A two-level factorial study, from :func:`experiments.results.open_results`: its design is a CSV file, or a
        grid, in which every uncertainty takes exactly two values, each in half of the design points and all pairs and
        triples of attributes in balance, and both policies are design points. ``governance-attributes`` is one.
    indicators : sequence of str, optional
        Indicators at the end of the run, derived ones included; no ratios. By default :data:`ATTRIBUTED`.
    arm : str, optional
        Arm of a study that has several.

    Returns
    -------
    pandas.DataFrame
        For each indicator one row an attribute (``part`` is ``"attribute"``), then its ``"sum"``, the
        ``"remainder"`` that interactions of three and more attributes carry, and the ``"difference"`` between the
        two policies, which is sum plus remainder. ``first`` and ``second`` are the attribute's values as in a study
        file; ``effect`` is what the second changes, in the indicator's unit, with the bounds ``low`` and ``high`` of
        its 95 % interval; these are NaN where replicates show no spread.
        ``share`` is the effect by the whole difference, below 0 where an attribute works against it; shares are NaN
        where the difference itself is not told from 0. ``replicates_used`` of ``replicates`` define the indicator at
        every design point, and the row rests on ``runs_used`` runs.

    Raises
    ------
    DataError
        If the results are of anything else, the design mixes main effects with each other or with interactions of
        two, runs are missing, or an indicator or arm is unknown or a ratio.
    """
    definitions = [_attributable(name) for name in (ATTRIBUTED if indicators is None else indicators)]
    arm = _arm_of(results, arm)
    design = _two_level_design(results, arm)
    runs, replicates = _runs_of_points(results, design)
    shape = (replicates, len(design.signs))
    rows = [row for each in definitions for row in _rows(design, each, _values(runs, each.name).reshape(shape))]
    types = dict.fromkeys(ATTRIBUTION_COLUMNS, "str") | dict.fromkeys(NUMBERS, "float64")
    return pd.DataFrame(rows, columns=list(ATTRIBUTION_COLUMNS)).astype(types | dict.fromkeys(COUNTS, "int64"))


def _attributable(indicator: str) -> Indicator:
    definition = definition_of(indicator)
    if indicator in RATIO_OF:
        above, below = RATIO_OF[indicator]
        raise DataError(
            f"{indicator}: is a ratio of totals, whose difference is no sum of effects. "
            f"Ask for its totals: {', '.join([*above, below])}"
        )
    return definition


def _arm_of(results: Results, arm: str | None) -> str:
    study = results.manifest.study
    if study is None:
        raise _refused(results, "holds no study", "Sweep a two-level factorial study, such as governance-attributes")
    if arm is None:
        if len(results.arms) > 1:
            raise _refused(results, f"has {len(results.arms)} arms", f"Name one with arm=: {', '.join(results.arms)}")
        return results.arms[0]
    see_that_it_is_an_arm(results, arm)
    return arm


def _refused(results: Results, rule: str, remedy: str) -> DataError:
    return DataError(f"{shown(results.folder)}: {rule}. {remedy}")


def _two_level_design(results: Results, arm: str) -> _TwoLevelDesign:
    """Return the design of an arm, once it is seen that effects can be told apart in it."""
    study = results.manifest.study
    assert study is not None
    kind = study["design"]["kind"]
    if kind not in KINDS:
        remedy = "Give the points in a file, each column with two values (kind = 'csv')"
        raise _refused(results, f"its design is of kind {short_text(str(kind))}, not a two-level factorial", remedy)
    table = results.design
    if not len(table):
        raise _refused(results, "its table of design points is missing", f"`{_command(results)}` writes it")
    points = table[table["arm"] == arm].sort_values("point")
    attributes = tuple(study["uncertainties"])
    levels = tuple(_levels(results, key, points[key]) for key in attributes)
    values = [points[key] == second for key, (_, second) in zip(attributes, levels, strict=True)]
    signs = np.where(np.column_stack(values), 1, -1).astype(np.int64)
    _see_that_effects_are_clear(results, attributes, signs)
    cases = table.set_index("case").loc[points["stored_as"]]
    stored_as = tuple(zip(cases["point"].tolist(), cases["arm"].tolist(), strict=True))
    return _TwoLevelDesign(attributes, levels, signs, stored_as)


def _levels(results: Results, key: str, values: pd.Series[Any]) -> tuple[object, object]:
    found = list(dict.fromkeys(values.tolist()))
    if len(found) != 2:
        number = "one value" if len(found) == 1 else f"{len(found)} values"
        raise _refused(results, f"{key} takes {number} in the design", "A two-level factorial gives every key two")
    return found[0], found[1]


def _see_that_effects_are_clear(results: Results, attributes: Sequence[str], signs: NDArray[np.int64]) -> None:
    """Raise DataError unless main effects are clear of each other and of all interactions of two."""
    remedy = "Use a design of resolution IV: a full factorial, or the fold-over of a Hadamard matrix"
    for number, key in enumerate(attributes):
        if signs[:, number].sum():
            raise _refused(results, f"the design is unbalanced: {key} has one of its values more often", remedy)
    for first, second in combinations(range(len(attributes)), 2):
        pair = f"{attributes[first]} and {attributes[second]}"
        product = signs[:, first] * signs[:, second]
        if product.sum():
            raise _refused(results, f"the design is unbalanced: it mixes the effects of {pair}", remedy)
        for third in np.flatnonzero(product @ signs).tolist():
            if third not in (first, second):
                mixed = f"it mixes the effect of {attributes[third]} with the interaction of {pair}"
                raise _refused(results, f"the design is unbalanced: {mixed}", remedy)
    if not (signs == 1).all(axis=1).any():
        rule = "no design point has the value of every key that the first point has not"
        raise _refused(results, rule, "Add both policies to the design as points of their own")


def _runs_of_points(results: Results, design: _TwoLevelDesign) -> tuple[pd.DataFrame, int]:
    """Return the runs replicate by replicate, in each point by point, and how many replicates there are."""
    study = results.manifest.study
    assert study is not None
    replicates = study["replicates"]
    if not isinstance(replicates, int):
        rule = "its study stops by itself, so design points differ in their number of replicates"
        raise _refused(results, rule, "Give replicates as a number")
    wanted = [(replicate, *place) for replicate in range(replicates) for place in design.stored_as]
    stored = results.runs.reindex(columns=results.runs.columns.union(KEY, sort=False)).set_index(KEY)
    missing = [key for key in dict.fromkeys(wanted) if key not in stored.index]
    if missing:
        rule = f"{len(missing):,} of {len(set(wanted)):,} runs are missing ({_listed(missing)})"
        raise _refused(results, rule, f"`{_command(results)}` computes them and nothing else")
    return stored.loc[wanted], replicates


def _command(results: Results) -> str:
    study = results.manifest.study
    assert study is not None
    return f"regioscope sweep {shlex.quote(study['given'])} --out {shlex.quote(str(results.folder))}"


def _listed(missing: Iterable[tuple[int, int, str]]) -> str:
    """Say which replicates are missing at which design points, both counted from 0 as in the tables."""
    holes: dict[int, list[int]] = {}
    for replicate, point, _ in missing:
        holes.setdefault(point, []).append(replicate)
    said = [
        f"design point {point}: {'replicate' if len(at) == 1 else 'replicates'} {_in_short(at)}"
        for point, at in sorted(holes.items())[:LISTED]
    ]
    more = len(holes) - LISTED
    return "; ".join([*said, *([f"and {more} design points more"] if more > 0 else [])])


def _in_short(replicates: Sequence[int]) -> str:
    shown_first = ", ".join(map(str, replicates[:LISTED]))
    return shown_first if len(replicates) <= LISTED else f"{shown_first} and {len(replicates) - LISTED} more"


def _values(runs: pd.DataFrame, indicator: str) -> Values:
    if indicator in DIFFERENCE_OF:
        whole, part = DIFFERENCE_OF[indicator]
        return _values(runs, whole) - _values(runs, part)
    return runs[indicator].to_numpy(dtype=np.float64, na_value=np.nan).copy()


def _rows(design: _TwoLevelDesign, indicator: Indicator, values: Values) -> Iterator[dict[str, Any]]:
    """Yield the rows of an indicator, whose values are ``(replicates, points)``."""
    values[~np.isfinite(values).all(axis=1)] = np.nan
    effects = list(design.effects(values))
    policies = design.policies(values)
    whole = policies[1] - policies[0]
    total = np.sum([second - first for first, second in effects], axis=0)
    everything = design.runs_at(np.ones(len(design.signs), dtype=bool))
    corners = design.runs_at(abs(design.signs.sum(axis=1)) == len(design.attributes))
    same = {"indicator": indicator.name, "unit": indicator.unit, "direction": indicator.direction}
    for key, levels, pair in zip(design.attributes, design.levels, effects, strict=True):
        first, second = (_as_written(each) for each in levels)
        about = {"part": "attribute", "attribute": key, "first": first, "second": second}
        yield {**same, **about, **_measured(pair, whole, everything)}
    for part, words, pair, points in (
        ("sum", "all attributes, added up", (np.zeros_like(total), total), everything),
        ("remainder", "interactions of three and more", (total, whole), everything),
        ("difference", "all attributes at once", policies, corners),
    ):
        yield {**same, "part": part, "attribute": words, "first": "", "second": "", **_measured(pair, whole, points)}


def _as_written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _measured(pair: tuple[Values, Values], whole: Values, points: int) -> dict[str, Any]:
    """Return an effect with its interval and its share in the whole difference, one value a replicate in each."""
    found = paired_difference(*pair)
    about = {"effect": found.difference, "low": found.low, "high": found.high}
    if _told_from_nothing(whole):
        share = ratio_of_means(pair[1] - pair[0], whole)
        about |= {"share": share.ratio, "share_low": share.low, "share_high": share.high}
    used = {"replicates_used": found.pairs, "replicates": found.runs, "runs_used": found.pairs * points}
    return {**dict.fromkeys(NUMBERS), **about, **used}


def _told_from_nothing(whole: Values) -> bool:
    """Whether a difference lies off 0: its interval, or itself where replicates show no spread."""
    found = paired_difference(np.zeros_like(whole), whole)
    if found.low is None or found.high is None:
        return bool(found.difference)
    return found.low > 0 or found.high < 0
