"""What the runs that are stored so far say of the arms: means, and paired differences with their intervals.

Only complete pairs count: a replicate of a design point of which every arm is stored. In a design with several
points a point is one observation, the mean over its replicates, for replicates of one point share its values of the
uncertainties and are not independent of each other. The interval of :mod:`experiments.paired` is then over points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.paired import PairedDifference, paired_difference
from experiments.results import Results
from experiments.rows_of_runs import read_design
from experiments.stopping_rule import has_enough, looks
from experiments.study_file import Until

__all__ = ["INTERIM_INDICATORS", "Interim", "interim_of"]

INTERIM_INDICATORS = (
    "introductions_cross_border",
    "collaborations",
    "innovations_commercialised",
    "innovations_cross_border",
    "public_cost_keur",
)
"""What is shown of results that are still coming in."""

type Values = NDArray[np.float64]


@dataclass(frozen=True)
class Interim:
    """What stored runs say so far, at the end of the runs.

    Attributes
    ----------
    arms : tuple of str
        Names of the arms; the others are compared with the first.
    is_over_points : bool
        Whether a design point is one observation, and not a replicate.
    points : int
        Design points with a complete pair; 1 where there is no design.
    design : str
        Kind of the design; empty where there is none.
    open_points : int or None
        Design points whose replicates are not enough yet; None where their number was fixed.
    pairs : int
        Replicates, over all points, of which every arm is stored.
    means : dict of str to dict
        By indicator and arm, the mean over points; None where undefined.
    differences : dict of str to dict
        By indicator and arm other than the first: that arm minus the first.
    """

    arms: tuple[str, ...]
    is_over_points: bool
    points: int
    pairs: int
    design: str = ""
    open_points: int | None = None
    means: dict[str, dict[str, float | None]] = field(default_factory=dict)
    differences: dict[str, dict[str, PairedDifference]] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """Which run of the stored ones is which: ``(points, arms, replicates)``, the row in the table or -1."""

    rows: NDArray[np.int64]

    def complete(self) -> NDArray[np.bool_]:
        """Say of every point and replicate whether all arms are stored: ``(points, replicates)``."""
        complete: NDArray[np.bool_] = (self.rows >= 0).all(axis=1)
        return complete

    def values(self, column: Values) -> Values:
        """Return an indicator of the complete pairs, NaN elsewhere: ``(points, arms, replicates)``."""
        usable = (self.rows >= 0) & self.complete()[:, None, :]
        return np.where(usable, np.append(column, np.nan)[self.rows], np.nan)


def interim_of(results: Results, indicators: Sequence[str] = INTERIM_INDICATORS) -> Interim:
    """Return what is stored so far of some indicators; no series is read.

    Parameters
    ----------
    results : Results
        A folder, finished or still being written.
    indicators : sequence of str
        Indicators of the results.

    Raises
    ------
    DataError
        If a part is damaged, or an indicator is unknown.
    """
    arms, design = _arms(results), read_design(results.folder)
    identity = ("scenario", "replicate") if design is None else ("point", "arm", "replicate")
    rule = _rule(results)
    read = dict.fromkeys((*indicators, *([] if rule is None else [rule.indicator])))
    if not results.table("runs", ("run_id",)).num_rows:
        waiting = None if design is None or rule is None else design.num_rows // len(arms)
        return Interim(arms, False, 0, 0, open_points=waiting)
    runs = results.table("runs", (*identity, *read))
    runs = runs.filter(pc.is_in(runs["scenario" if design is None else "arm"], value_set=pa.array(arms, pa.string())))
    grid = _grid_of_arms(runs, arms) if design is None else _grid_of_design(runs, design, arms)
    complete = grid.complete()
    still_open = None if rule is None else _open_points(grid, _column(runs, rule.indicator), rule, arms)
    means: dict[str, dict[str, float | None]] = {}
    differences: dict[str, dict[str, PairedDifference]] = {}
    for name in indicators:
        values = grid.values(_column(runs, name))
        means[name] = {arm: _mean(values[:, place, :]) for place, arm in enumerate(arms)}
        differences[name] = {
            arm: _difference(values[:, 0, :], values[:, place, :]) for place, arm in enumerate(arms) if place
        }
    return Interim(
        arms=arms,
        is_over_points=len(complete) > 1,
        points=int(complete.any(axis=1).sum()),
        pairs=int(complete.sum()),
        design=str((results.manifest.study or {}).get("design", {}).get("kind", "")),
        open_points=still_open,
        means=means,
        differences=differences,
    )


def _arms(results: Results) -> tuple[str, ...]:
    """Return the names of the arms, the reference first."""
    study = results.manifest.study
    if study is not None:
        return tuple(each["name"] for each in study["arms"])
    return tuple(sorted(results.arms, key=lambda arm: arm != results.reference))


def _rule(results: Results) -> Until | None:
    """Return when a point has replicates enough, where that was asked for."""
    asked = (results.manifest.study or {}).get("replicates")
    if not isinstance(asked, dict):
        return None
    first, second = asked["between"]
    return Until(asked["until"], (first, second), asked["width"], asked["batch"], asked["min"], asked["max"])


def _open_points(grid: Grid, column: Values, rule: Until, arms: Sequence[str]) -> int:
    """Count the points of which runs are still to come, looked at as :mod:`experiments.stopping_rule` does."""
    places = [arms.index(name) for name in rule.between]
    rows = np.append(column, np.nan)[grid.rows]
    return sum(not _is_settled(rows[point, places], grid.rows[point, places] >= 0, rule) for point in range(len(rows)))


def _is_settled(values: Values, stored: NDArray[np.bool_], rule: Until) -> bool:
    for number in looks(rule):
        if stored[:, :number].sum() < 2 * number:
            return False
        pairs = [dict(enumerate(each[:number].tolist())) for each in values]
        if has_enough(rule, number, pairs):
            return True
    return False


def _column(runs: pa.Table, name: str) -> Values:
    values: Values = runs[name].to_numpy(zero_copy_only=False).astype(np.float64)
    return values


def _grid_of_arms(runs: pa.Table, arms: Sequence[str]) -> Grid:
    arm = _places(runs["scenario"], arms)
    return _grid(arm, runs, len(arms), np.arange(len(arms)), len(arms))


def _grid_of_design(runs: pa.Table, design: pa.Table, arms: Sequence[str]) -> Grid:
    """Arrange the runs of a sweep, in which cases that are the same run are stored as the first of them."""
    case = runs["point"].to_numpy() * len(arms) + _places(runs["arm"], arms)
    design = design.sort_by("case")
    return _grid(case, runs, design.num_rows, design["stored_as"].to_numpy(), len(arms))


def _places(names: pa.ChunkedArray, known: Sequence[str]) -> NDArray[np.int64]:
    coded = pa.array(known, pa.string())
    places: NDArray[np.int64] = pc.index_in(names, value_set=coded).to_numpy().astype(np.int64)
    return places


def _grid(case: NDArray[np.int64], runs: pa.Table, cases: int, stored_as: NDArray[np.int64], arms: int) -> Grid:
    replicates, replicate = np.unique(runs["replicate"].to_numpy(), return_inverse=True)
    rows = np.full((cases, replicates.size), -1, dtype=np.int64)
    rows[case, replicate] = np.arange(runs.num_rows)
    return Grid(rows[stored_as].reshape(cases // arms, arms, replicates.size))


def _difference(reference: Values, other: Values) -> PairedDifference:
    """Compare two arms, ``(points, replicates)`` each; by the means of the points where there are several."""
    both = np.isfinite(reference) & np.isfinite(other)
    if len(reference) > 1:
        means = [_means(np.where(both, each, np.nan)) for each in (reference, other)]
        return paired_difference(means[0], means[1])
    counted = both[0]
    return paired_difference(reference[0, counted], other[0, counted])


def _means(values: Values) -> Values:
    """Return the mean of every point that has a value."""
    defined = np.isfinite(values)
    counts = defined.sum(axis=1)
    sums: Values = np.where(defined, values, 0.0).sum(axis=1)
    means: Values = sums[counts > 0] / counts[counts > 0]
    return means


def _mean(values: Values) -> float | None:
    means = _means(values)
    return float(means.mean()) if means.size else None
