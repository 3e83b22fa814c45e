"""Differences between two arms of a comparison, from runs in pairs, with their intervals.

Replicate r of every arm has the same regions, firms, calls and luck, since a random number depends on seed,
replicate, purpose, month and identity alone. So the difference within a pair varies less than either arm:

    var(y - x) = var x + var y - 2 cov(x, y)

The interval is Student's on the n differences d_i = y_i - x_i, s their standard deviation:

    mean d ± t[(1 + level) / 2; n - 1] s / √n

It covers its level for normal differences, and nearly so for counts. It falls short where differences are rare,
one-sided events: fewer than one in a pair and ten pairs or fewer, where it covers 92 % rather than 95 %, and far
less where most samples hold no event at all.

A ratio of two totals, such as cost per innovation, is compared as the ratio of the arms' means and not as the
mean of ratios. A run without an innovation has no cost per innovation, and dropping it would keep the runs in
which innovations were many and so cheap: the mean of the ratios left would be biased. The interval is that of the
jackknife, leaving out one pair at a time.

References
----------
Student (1908), The probable error of a mean, Biometrika 6.
Law (2015), Simulation Modeling and Analysis, 5th edition, chapters 10 and 11 (paired t, common random numbers).
Miller (1974), The jackknife: a review, Biometrika 61.
Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.errors import UsageError

__all__ = [
    "PairedDifference",
    "RatioOfMeans",
    "paired_difference",
    "paired_ratio_difference",
    "ratio_of_means",
    "smallest_detectable",
]

POWER = 0.8
ROUNDING = 1e-12
"""Spread, relative to the values, that is the arithmetic's and not the runs'."""

type Values = NDArray[np.float64]


@dataclass(frozen=True)
class PairedDifference:
    """One indicator in two arms, other minus reference, over pairs of runs.

    Attributes
    ----------
    reference_mean, other_mean : float or None
        Mean of the arm over the pairs used; of a ratio, the ratio of the means. None where undefined.
    difference : float or None
        The other arm's mean minus the reference's.
    low, high : float or None
        Bounds of the interval; None for fewer than two pairs, and where all differences are equal: pairs that
        show no spread cannot say how exactly they are known.
    pairs : int
        Pairs used: those in which both runs define the indicator; of a ratio, its two totals.
    runs : int
        Pairs there are.
    reference_defined, other_defined : int
        Runs of the arm in which the indicator is defined; of a ratio, those in which its denominator is not 0.
    higher, equal, lower : float or None
        Shares of the pairs in which the other arm is above, at and below the reference, of those in which
        both runs define the indicator. None if there is no such pair.
    smallest_detectable : float or None
        True difference that as many pairs, as variable as these, would have shown with probability 0.8; None
        where there is no interval.
    level : float
        Level of the interval.
    """

    reference_mean: float | None
    other_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    pairs: int
    runs: int
    reference_defined: int
    other_defined: int
    higher: float | None
    equal: float | None
    lower: float | None
    smallest_detectable: float | None
    level: float


@dataclass(frozen=True)
class RatioOfMeans:
    """A ratio of two means over runs, with its interval.

    Attributes
    ----------
    ratio : float or None
        Mean of the numerator by mean of the denominator; None where the latter is 0.
    low, high : float or None
        Bounds of the interval; None for fewer than two runs, or where one run alone makes the denominator.
    runs : int
        Runs in which both are defined.
    level : float
        Level of the interval.
    """

    ratio: float | None
    low: float | None
    high: float | None
    runs: int
    level: float


def paired_difference(reference: ArrayLike, other: ArrayLike, level: float = 0.95) -> PairedDifference:
    """Compare an indicator in runs that are pairs, by Student's t on the differences.

    Parameters
    ----------
    reference, other : array_like
        ``(n,)``, the indicator in each run of the two arms, in the order of the pairs; NaN where undefined. A
        pair with NaN is left out of both means, so read the result together with how many were defined.
    level : float, default 0.95
        Level of the interval, between 0 and 1.

    Returns
    -------
    PairedDifference
        Other minus reference. Identical arms differ by exactly 0.

    Raises
    ------
    UsageError
        If the arms differ in length, or `level` is out of range.

    References
    ----------
    Student (1908), Biometrika 6; Law (2015), Simulation Modeling and Analysis, chapters 10 and 11.
    """
    x, y = _pairs_of(reference, other, level=level)
    both = np.isfinite(x) & np.isfinite(y)
    differences = y[both] - x[both]
    error = None
    if differences.size > 1:
        error = float(np.std(differences - differences[0], ddof=1)) / sqrt(differences.size)
        if error <= ROUNDING * max(np.abs(x[both]).max(), np.abs(y[both]).max()):
            error = 0.0
    mean = float(differences[0] + np.mean(differences - differences[0])) if differences.size else None
    return PairedDifference(
        reference_mean=_mean(x[both]),
        other_mean=_mean(y[both]),
        difference=mean,
        pairs=differences.size,
        runs=x.size,
        reference_defined=int(np.isfinite(x).sum()),
        other_defined=int(np.isfinite(y).sum()),
        level=level,
        **_shares(differences),
        **_bounds(mean, error, differences.size, level),
    )


def paired_ratio_difference(
    reference_numerator: ArrayLike,
    reference_denominator: ArrayLike,
    other_numerator: ArrayLike,
    other_denominator: ArrayLike,
    level: float = 0.95,
) -> PairedDifference:
    """Compare a ratio of two totals in runs that are pairs, by the jackknife over pairs.

    For public cost per innovation and other ratios that a run leaves undefined when its denominator is 0. The
    mean of the defined ratios would be biased, for it leaves out the runs in which the denominator came out
    worst. Compared is therefore the ratio of means, in which every pair counts:

        D = sum c' / sum k' - sum c / sum k
        se² = (n - 1) / n · sum over i of (D without pair i - mean of these)²

    with c, k of the reference and c', k' of the other arm; the interval is D ± t[(1 + level) / 2; n - 1] se.

    Parameters
    ----------
    reference_numerator, reference_denominator, other_numerator, other_denominator : array_like
        ``(n,)`` each, in the order of the pairs; NaN where undefined, which leaves the pair out.
    level : float, default 0.95
        Level of the interval, between 0 and 1.

    Returns
    -------
    PairedDifference
        Means are ratios of means. An arm whose denominators are all 0 has None, and so has the difference. Where
        one pair alone holds an arm's denominator, leaving it out leaves no ratio: the difference stands and its
        bounds are None.

    Raises
    ------
    UsageError
        If the arms differ in length, or `level` is out of range.

    References
    ----------
    Miller (1974), Biometrika 61; Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 11.
    """
    given = _pairs_of(reference_numerator, reference_denominator, other_numerator, other_denominator, level=level)
    usable = np.isfinite(given[0]) & np.isfinite(given[1]) & np.isfinite(given[2]) & np.isfinite(given[3])
    c, k, c_other, k_other = (each[usable] for each in given)
    before, after = _ratio(c, k), _ratio(c_other, k_other)
    difference = None if before is None or after is None else after - before
    error = None
    if difference is not None:
        error = _jackknife_error(_leaving_one_out(c_other, k_other) - _leaving_one_out(c, k))
    both = (k != 0) & (k_other != 0)
    return PairedDifference(
        reference_mean=before,
        other_mean=after,
        difference=difference,
        pairs=c.size,
        runs=given[0].size,
        reference_defined=int(np.isfinite(given[0][_not_zero(given[1])]).sum()),
        other_defined=int(np.isfinite(given[2][_not_zero(given[3])]).sum()),
        level=level,
        **_shares(c_other[both] / k_other[both] - c[both] / k[both]),
        **_bounds(difference, error, c.size, level),
    )


def ratio_of_means(numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95) -> RatioOfMeans:
    """Return the ratio of two means over runs, with the interval of the jackknife.

    Parameters
    ----------
    numerator, denominator : array_like
        ``(n,)`` each, one value a run; a run in which either is NaN is left out.
    level : float, default 0.95
        Level of the interval, between 0 and 1.

    Returns
    -------
    RatioOfMeans
        None for what is undefined.

    Raises
    ------
    UsageError
        If the two differ in length, or `level` is out of range.

    References
    ----------
    Miller (1974), Biometrika 61.
    """
    above, below = _pairs_of(numerator, denominator, level=level)
    usable = np.isfinite(above) & np.isfinite(below)
    above, below = above[usable], below[usable]
    ratio = _ratio(above, below)
    error = None if ratio is None else _jackknife_error(_leaving_one_out(above, below))
    bounds = _bounds(ratio, error, above.size, level)
    return RatioOfMeans(ratio=ratio, low=bounds["low"], high=bounds["high"], runs=above.size, level=level)


def smallest_detectable(error: float, pairs: int, level: float = 0.95) -> float:
    """Return the true difference that a two-sided test on so many pairs sees with probability 0.8.

        (t[(1 + level) / 2; n - 1] + t[0.8; n - 1]) s / √n

    Parameters
    ----------
    error : float
        Standard error of the mean difference, s / √n.
    pairs : int
        Number of pairs n, two or more.
    level : float, default 0.95
        The test is at 1 - level.

    References
    ----------
    Bloom (1995), Minimum detectable effects, Evaluation Review 19:547-556.
    """
    return (_student((1 + level) / 2, pairs - 1) + _student(POWER, pairs - 1)) * error


def _pairs_of(*given: ArrayLike, level: float) -> list[Values]:
    """Return what was given as columns, which must be equally long."""
    if not 0 < level < 1:
        raise UsageError(f"level = {level}: must lie between 0 and 1. Give 0.95 for a 95 % interval")
    columns = [np.asarray(each, dtype=np.float64) for each in given]
    if any(each.ndim != 1 or each.shape != columns[0].shape for each in columns):
        shapes = ", ".join(str(each.shape) for each in columns)
        raise UsageError(f"pairs of runs: every arm gives one value for each pair, not {shapes}. Sort them by pair")
    return columns


def _not_zero(denominator: Values) -> NDArray[np.bool_]:
    holds: NDArray[np.bool_] = np.isfinite(denominator) & (denominator != 0)
    return holds


def _mean(values: NDArray[Any]) -> float | None:
    return float(np.mean(values)) if values.size else None


def _ratio(numerator: Values, denominator: Values) -> float | None:
    total = np.sum(denominator)
    return float(np.sum(numerator) / total) if total else None


def _leaving_one_out(numerator: Values, denominator: Values) -> Values:
    """Return the ratio of sums without each run in turn; NaN where that leaves a denominator of 0."""
    holds = denominator != 0
    rest = np.sum(holds) - holds > 0
    without: Values = np.full(holds.shape, np.nan)
    np.divide(np.sum(numerator) - numerator, np.sum(denominator) - denominator, out=without, where=rest)
    return without


def _jackknife_error(without: Values) -> float | None:
    """Return the jackknife's standard error, from the estimates that leave out one run each."""
    if without.size < 2 or not np.isfinite(without).all():
        return None
    return float(np.std(without - without[0])) * sqrt(without.size - 1)


def _shares(differences: Values) -> dict[str, Any]:
    return {
        "higher": _mean(differences > 0),
        "equal": _mean(differences == 0),
        "lower": _mean(differences < 0),
    }


def _bounds(middle: float | None, error: float | None, pairs: int, level: float) -> dict[str, Any]:
    if middle is None or not error:
        return {"low": None, "high": None, "smallest_detectable": None}
    reach = _student((1 + level) / 2, pairs - 1) * error
    detectable = smallest_detectable(error, pairs, level)
    return {"low": middle - reach, "high": middle + reach, "smallest_detectable": detectable}


def _student(probability: float, degrees_of_freedom: int) -> float:
    """Return a quantile of Student's t; loaded here, since a frame can be read without it."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, probability))
