"""What one arm of a comparison makes of the indicators, measured against another, pair by pair.

Runs are paired by replicate: replicate r of every arm draws the same regions, firms and luck, so that a difference
within a pair is the difference between the arms. Intervals are those of :mod:`experiments.paired`, 95 % each:
of twenty indicators in which two arms do not truly differ, one is expected to exclude 0 by luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.headline_indicators import HEADLINES
from experiments.paired import PairedDifference, paired_difference, paired_ratio_difference
from experiments.specification import HORIZONS
from simulation.errors import DataError, did_you_mean, short_text
from simulation.indicator_definitions import COUNT, INDICATORS, Indicator

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = [
    "ALL_HORIZONS",
    "ALL_INDICATORS",
    "CONTRAST_COLUMNS",
    "CONTRAST_INDICATORS",
    "DERIVED_INDICATORS",
    "contrast",
    "definition_of",
    "first_and_latest",
    "pairs_of_runs",
]

PAIRS_OF_ONE_SIGN = 6
"""Pairs that all differ to the same side by chance in less than 5 % of cases: 2 / 2^6 = 3 %."""

LAST = "last"
"""Name of the last month as a horizon, where no run reaches the end of the programme."""

ALL_HORIZONS = (*HORIZONS, LAST)
"""Horizons that contrasts know, in their order."""

# fmt: off
DERIVED_INDICATORS: tuple[Indicator, ...] = (
    Indicator("collaborations_other", "cooperation", "project",
              "Collaborations begun that the programme neither funds nor brought together (collaborations minus "
              "collaborations_programme); its services and what firms learned in it may have helped", "more",
              kind=COUNT),
    Indicator("collaborations_domestic", "cooperation", "project",
              "Collaborations begun inside a country: collaborations minus collaborations_cross_border", "more",
              kind=COUNT),
    Indicator("innovations_other", "projects", "innovation",
              "Projects that reached the market and that the programme neither funded nor brought together "
              "(innovations_commercialised minus innovations_programme); its services and what firms learned in "
              "it may have helped", "more", kind=COUNT),
    Indicator("innovations_domestic", "projects", "innovation",
              "Projects that reached the market without members from two countries: innovations_commercialised minus "
              "innovations_cross_border", "more", kind=COUNT),
)
# fmt: on
"""Indicators that a contrast knows besides those of the results: what the programme did not make itself, and what does
not reach across a border."""

DIFFERENCE_OF = {
    "collaborations_other": ("collaborations", "collaborations_programme"),
    "innovations_other": ("innovations_commercialised", "innovations_programme"),
    "collaborations_domestic": ("collaborations", "collaborations_cross_border"),
    "innovations_domestic": ("innovations_commercialised", "innovations_cross_border"),
}
RATIO_OF = {
    "public_cost_per_innovation_keur": (("public_cost_keur",), "innovations_programme"),
    "private_leverage": (("own_investment_keur", "outside_investment_keur"), "public_cost_keur"),
}
"""Indicators that are a sum of totals by a total, and undefined where the latter is 0. The own money in funded
projects alone is no column of the results, so private_per_grant is compared over the pairs in which both define it."""

OWN_ROW_AFTER = {
    "collaborations_programme": ("collaborations_other",),
    "collaborations_cross_border": ("collaborations_domestic",),
    "innovations_programme": ("innovations_other",),
    "innovations_cross_border": ("innovations_domestic",),
}
CONTRAST_INDICATORS: tuple[str, ...] = tuple(
    name for headline in HEADLINES for name in (headline, *OWN_ROW_AFTER.get(headline, ()))
)
"""What a contrast compares unless asked otherwise: the headlines and the derived indicators."""

CONTRAST_COLUMNS: tuple[str, ...] = (
    "horizon", "month", "other_month", "indicator", "unit", "direction", "reference", "other", "reference_mean",
    "other_mean", "difference", "low", "high", "better", "equal", "pairs", "runs", "reference_defined",
    "other_defined", "smallest_detectable", "seen", "method",
)  # fmt: skip
WHOLE_COLUMNS = ("month", "other_month", "pairs", "runs", "reference_defined", "other_defined")
TEXT_COLUMNS = ("horizon", "indicator", "unit", "direction", "reference", "other", "seen", "method")

DEFINITIONS = {each.name: each for each in (*INDICATORS, *DERIVED_INDICATORS)}
ALL_INDICATORS = tuple(DEFINITIONS)
"""Indicators that contrasts know: those of the results, then the derived ones."""


@dataclass(frozen=True)
class PairsOfRuns:
    """The runs of two arms at one horizon, one row a pair in both frames, in the order of replicates.

    Of a study with several design points a row is a point: the mean of its replicates in each arm.
    """

    horizon: str
    reference: pd.DataFrame
    other: pd.DataFrame

    @property
    def same_runs(self) -> bool:
        """Whether both arms are the same runs under two names, so that they differ in nothing."""
        return bool((self.reference["run_id"].to_numpy() == self.other["run_id"].to_numpy()).all())

    def values(self, indicator: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return an indicator of the results or a derived one in both arms, NaN where undefined."""
        return _values(self.reference, indicator), _values(self.other, indicator)


def contrast(
    results: Results,
    other: str,
    reference: str | None = None,
    indicators: Sequence[str] | None = None,
    horizons: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Compare two arms of stored results, pair by pair.

    In a study with several design points a pair is a point, with the means of its replicates: the interval is then
    one over what the uncertainties may be, and the luck within a point is part of it.

    Parameters
    ----------
    results : Results
        A comparison or a study, from :func:`experiments.results.open_results`.
    other, reference : str
        Arms, as in ``results.arms``. Without `reference`, the comparison's own.
    indicators : sequence of str, optional
        Indicators of the results or derived ones (:data:`DERIVED_INDICATORS`). By default the headlines and the
        derived ones.
    horizons : sequence of str, optional
        Of ``end``, ``plus12``, ``plus24`` and ``last``. By default those that both arms reach. ``last`` is the
        last month, and there is no such horizon unless no arm of the results reaches its programme's end.

    Returns
    -------
    pandas.DataFrame
        One row a horizon and indicator. ``difference`` is the mean of other minus reference with the bounds
        ``low`` and ``high`` of its 95 % interval. ``better`` is the share of pairs in which the other arm does
        better by the indicator's direction, or is higher where that is neutral; ``equal`` the share without
        difference. Means are over the ``pairs`` in which both runs define the indicator, of ``runs`` pairs;
        ``reference_defined`` and ``other_defined`` say in how many runs each arm does.
        ``smallest_detectable`` is the true difference that as many pairs would have shown with probability
        0.8. ``seen`` is ``"more"`` or ``"less"`` if the interval lies off 0, otherwise ``"not seen"``; where all
        differences are equal there is no interval, and six such pairs are taken as seen.
        ``month`` is the horizon's in the reference and ``other_month`` in the other arm: horizons are paired
        by name, also where programmes end in different months. A horizon without pairs has no row, and a
        value that is undefined is NaN.

    Raises
    ------
    DataError
        If an arm, indicator or horizon is unknown, an arm is compared with itself, or has several runs of one
        replicate. A scenario may be compared with itself under two names, as ``compare A A`` does.
    """
    reference = results.reference if reference is None else reference
    if other == reference:
        raise DataError(f"{short_text(other)}: is the reference itself. Name another of: {', '.join(results.arms)}")
    chosen = CONTRAST_INDICATORS if indicators is None else tuple(indicators)
    definitions = [definition_of(name) for name in chosen]
    pairs = pairs_of_runs(results, other, reference, horizons)
    return typed([_row(each, indicator, reference, other) for each in pairs for indicator in definitions])


def first_and_latest(frame: pd.DataFrame) -> list[str]:
    """Return the horizons of contrasts that are shown to a person: the first, and the latest after it."""
    reached = list(dict.fromkeys(frame["horizon"]))
    return [*reached[:1], *reached[1:][-1:]]


def definition_of(indicator: str) -> Indicator:
    """Return what an indicator of the results, or a derived one, means.

    Raises
    ------
    DataError
        If there is no such indicator.
    """
    if indicator not in DEFINITIONS:
        raise DataError(f"{short_text(indicator)}: is not an indicator. {did_you_mean(indicator, DEFINITIONS)}")
    return DEFINITIONS[indicator]


def pairs_of_runs(
    results: Results, other: str, reference: str, horizons: Sequence[str] | None = None
) -> list[PairsOfRuns]:
    """Return the runs of two arms in pairs, one entry a horizon that has any.

    Parameters
    ----------
    results : Results
        A comparison.
    other, reference : str
        Two of its arms.
    horizons : sequence of str, optional
        As in :func:`contrast`.

    Raises
    ------
    DataError
        If an arm or horizon is unknown, or an arm has several runs of one replicate.
    """
    for arm in (reference, other):
        see_that_it_is_an_arm(results, arm)
    for horizon in horizons or ():
        if horizon not in ALL_HORIZONS:
            raise DataError(f"{short_text(horizon)}: is not a horizon. {did_you_mean(horizon, ALL_HORIZONS)}")
    chosen = [each for each in ALL_HORIZONS if horizons is None or each in horizons]
    rows = _rows_at_horizons(results)
    made = [_paired_at(rows[rows["horizon"] == horizon], horizon, reference, other) for horizon in chosen]
    return [each for each in made if len(each.reference)]


def see_that_it_is_an_arm(results: Results, arm: str) -> None:
    """Raise DataError, with the nearest name, if the results have no such arm."""
    if arm not in results.arms:
        raise DataError(f"{short_text(arm)}: is not an arm of these results. {did_you_mean(arm, results.arms)}")


def typed(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows of contrasts as a frame, whose columns have their types also where there is no row."""
    frame = pd.DataFrame(list(rows), columns=list(CONTRAST_COLUMNS))
    types = dict.fromkeys(CONTRAST_COLUMNS, "float64")
    return frame.astype(types | dict.fromkeys(WHOLE_COLUMNS, "int64") | dict.fromkeys(TEXT_COLUMNS, "str"))


def _rows_at_horizons(results: Results) -> pd.DataFrame:
    """Return a row a run and horizon, by arm; of runs that all stop before their programme ends, the last month."""
    if len(results.horizons):
        rows = results.horizons
    else:
        months = {name: each["months"] for name, each in results.manifest.scenarios.items()}
        rows = results.runs.assign(horizon=LAST, month=results.runs["scenario"].map(months))
    return rows if results.manifest.study is None else _of_design(results, rows)


def _of_design(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a study by arm and design point, also of points that are stored as another."""
    design = results.design[["case", "point", "arm", "stored_as"]]
    stored = design[["case", "point", "arm"]].merge(results.runs[["scenario", "run_id", "point", "arm"]])
    cases = design.rename(columns={"case": "number"}).merge(
        stored[["case", "scenario", "run_id"]], left_on="stored_as", right_on="case"
    )
    found = rows.drop(columns=["point", "arm"], errors="ignore").merge(
        cases[["scenario", "run_id", "point", "arm"]], on=["scenario", "run_id"]
    )
    return found.assign(scenario=found["arm"])


def _paired_at(rows: pd.DataFrame, horizon: str, reference: str, other: str) -> PairsOfRuns:
    key = ["point", "replicate"] if "point" in rows else "replicate"
    arms = [rows[rows["scenario"] == arm].set_index(key) for arm in (reference, other)]
    for name, runs in zip((reference, other), arms, strict=True):
        if not runs.index.is_unique:
            raise DataError(
                f"{short_text(name)}: has several runs of one replicate, so runs cannot be paired. "
                "Give the results of a comparison, in which an arm runs once a replicate"
            )
    both = arms[0].index.intersection(arms[1].index).sort_values()
    paired = (arms[0].loc[both], arms[1].loc[both])
    if "point" in rows and both.get_level_values("point").nunique() > 1:
        return PairsOfRuns(horizon, _means_at_points(paired[0]), _means_at_points(paired[1]))
    return PairsOfRuns(horizon, *paired)


def _means_at_points(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the means over the replicates of each design point: replicates of one point are no pairs of their own."""
    points = runs.groupby(level="point")
    return points.mean(numeric_only=True).assign(run_id=points["run_id"].first())


def _row(pairs: PairsOfRuns, indicator: Indicator, reference: str, other: str) -> dict[str, Any]:
    found, method = _compared(pairs, indicator.name)
    return {
        "horizon": pairs.horizon,
        "month": pairs.reference["month"].iloc[0],
        "other_month": pairs.other["month"].iloc[0],
        "indicator": indicator.name,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "reference": reference,
        "other": other,
        "reference_mean": found.reference_mean,
        "other_mean": found.other_mean,
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "better": found.lower if indicator.direction == "less" else found.higher,
        "equal": found.equal,
        "pairs": found.pairs,
        "runs": found.runs,
        "reference_defined": found.reference_defined,
        "other_defined": found.other_defined,
        "smallest_detectable": found.smallest_detectable,
        "seen": _seen(found),
        "method": method,
    }


def _compared(pairs: PairsOfRuns, indicator: str) -> tuple[PairedDifference, str]:
    found, method = _found(pairs, indicator)
    if found.difference is not None and pairs.same_runs:
        return replace(found, low=0.0, high=0.0, smallest_detectable=0.0), "the same runs"
    return found, method


def _found(pairs: PairsOfRuns, indicator: str) -> tuple[PairedDifference, str]:
    if indicator not in RATIO_OF:
        return paired_difference(*pairs.values(indicator)), "paired t"
    totals, denominator = RATIO_OF[indicator]
    above = [_sum_of(runs, totals) for runs in (pairs.reference, pairs.other)]
    below = pairs.values(denominator)
    return paired_ratio_difference(above[0], below[0], above[1], below[1]), "ratio of means, jackknife"


def _seen(found: PairedDifference) -> str:
    low, high = found.low, found.high
    if low is None or high is None:
        without_spread = found.pairs >= PAIRS_OF_ONE_SIGN and 1.0 in (found.higher, found.lower)
        low = high = found.difference if without_spread and found.difference is not None else 0.0
    return "more" if low > 0 else "less" if high < 0 else "not seen"


def _sum_of(runs: pd.DataFrame, indicators: Sequence[str]) -> NDArray[np.float64]:
    return np.sum([_values(runs, name) for name in indicators], axis=0, dtype=np.float64)


def _values(runs: pd.DataFrame, indicator: str) -> NDArray[np.float64]:
    if indicator in DIFFERENCE_OF:
        whole, part = DIFFERENCE_OF[indicator]
        return _values(runs, whole) - _values(runs, part)
    return runs[indicator].to_numpy(dtype=np.float64, na_value=np.nan)
