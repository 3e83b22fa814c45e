"""Designs: which values of the uncertainties a study looks at, as design points.

A design works on shares in [0, 1) of every uncertainty, which stand for values by equal parts: of a range on its scale,
of the whole numbers in it, or of the values of a list. The same design and seed give the same points on every machine:
values of ranges are rounded to twelve digits, below which the logarithms of two machines may differ.

References
----------
McKay, Beckman & Conover 1979, Technometrics 21(2), 239-245: Latin hypercube samples.
Saltelli 2002, Computer Physics Communications 145(2), 280-297: N (D + 2) points for first and total indices.
Morris 1991, Technometrics 33(2), 161-174: trajectories of one step at a time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, get_args

from simulation.errors import UsageError

__all__ = ["DESIGN_KINDS", "SAMPLED", "DesignChoice", "DesignKind", "Range", "count_points", "design_points"]

DesignKind = Literal["grid", "lhs", "sobol", "morris", "one-at-a-time", "csv"]
DESIGN_KINDS: tuple[str, ...] = get_args(DesignKind)
SAMPLED: tuple[str, ...] = ("lhs", "sobol", "morris")
"""Kinds that need a number of points."""

SIGNIFICANT_DIGITS = 12
MORRIS_LEVELS = 4


@dataclass(frozen=True)
class Range:
    """What an uncertainty may be between two ends.

    Attributes
    ----------
    low, high : float
        Both ends, which may be reached.
    scale : str
        ``linear``, or ``log`` for equal shares of the logarithm.
    levels : int or None
        Number of values in a grid, both ends among them.
    whole : bool
        Whether the parameter takes whole numbers only; every one of them then has an equal share.
    """

    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"
    levels: int | None = None
    whole: bool = False

    def at(self, share: float) -> float | int:
        """Return the value at a share from 0 to 1 of the range."""
        if self.whole:
            number = math.floor(self._between(self.low, self.high + 1, share))
            return int(min(max(number, self.low), self.high))
        return min(max(_rounded(self._between(self.low, self.high, share)), float(self.low)), float(self.high))

    def grid_values(self) -> tuple[float | int, ...]:
        """Return `levels` values from end to end, at equal steps of the scale."""
        levels = self.levels or 2
        values = [self._between(self.low, self.high, step / (levels - 1)) for step in range(levels)]
        if self.whole:
            return tuple(round(value) for value in values)
        return (float(self.low), *(_rounded(value) for value in values[1:-1]), float(self.high))

    def _between(self, low: float, high: float, share: float) -> float:
        if self.scale == "log":
            return low * math.exp(math.log(high / low) * share)
        return low + (high - low) * share


def _rounded(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


@dataclass(frozen=True)
class DesignChoice:
    """Which design a study asks for.

    Attributes
    ----------
    kind : str
        ``grid``, ``lhs``, ``sobol``, ``morris``, ``one-at-a-time`` or ``csv``.
    points : int or None
        Points of ``lhs``; N of ``sobol``, which makes N (D + 2) points of D uncertainties; trajectories of ``morris``,
        each of D + 1 points; None for the other kinds.
    file : str or None
        File of ``csv`` as the study names it.
    """

    kind: DesignKind = "grid"
    points: int | None = None
    file: str | None = None


type Uncertainty = Range | tuple[Any, ...]


def count_points(choice: DesignChoice, uncertainties: Mapping[str, Uncertainty]) -> int:
    """Return how many points a design has at most, without making them."""
    points, dimensions = choice.points or 0, len(uncertainties)
    if choice.kind == "sobol":
        return points * (dimensions + 2)
    if choice.kind == "morris":
        return points * (dimensions + 1)
    if choice.kind == "lhs":
        return points
    sizes = [(each.levels or 2) if isinstance(each, Range) else len(each) for each in uncertainties.values()]
    if choice.kind == "one-at-a-time":
        ends = [2 if isinstance(each, Range) else len(each) for each in uncertainties.values()]
        return 1 + sum(ends)
    return math.prod(sizes)


def design_points(
    choice: DesignChoice,
    uncertainties: Mapping[str, Uncertainty],
    seed: int,
    own: Mapping[str, object] | None = None,
) -> tuple[dict[str, object], ...]:
    """Return the values of the uncertainties at every design point.

    Parameters
    ----------
    choice : DesignChoice
        Any kind but ``csv``, whose points stand in a file.
    uncertainties : mapping of str to Range or tuple
        By dotted key; the values of a tuple are drawn with equal shares. Without any there is one point without values.
    seed : int
        Of the sampled kinds.
    own : mapping of str to object, optional
        The scenario's own values, which ``one-at-a-time`` starts from.

    Raises
    ------
    UsageError
        If SALib, which makes ``sobol`` and ``morris``, is not installed.
    """
    if not uncertainties:
        return ({},)
    if choice.kind == "one-at-a-time":
        return _one_at_a_time(uncertainties, own or {})
    if choice.kind == "grid":
        values = [each.grid_values() if isinstance(each, Range) else each for each in uncertainties.values()]
        return tuple(dict(zip(uncertainties, combination, strict=True)) for combination in product(*values))
    rows = _shares(choice, tuple(uncertainties), seed)
    return tuple(
        {key: _value_at(each, share) for (key, each), share in zip(uncertainties.items(), row, strict=True)}
        for row in rows
    )


def _value_at(uncertainty: Uncertainty, share: float) -> object:
    if isinstance(uncertainty, Range):
        return uncertainty.at(share)
    return uncertainty[min(int(share * len(uncertainty)), len(uncertainty) - 1)]


def _one_at_a_time(
    uncertainties: Mapping[str, Uncertainty], own: Mapping[str, object]
) -> tuple[dict[str, object], ...]:
    start = {key: own[key] for key in uncertainties}
    points = [start]
    for key, each in uncertainties.items():
        values: Sequence[object] = (each.at(0.0), each.at(1.0)) if isinstance(each, Range) else each
        points += [{**start, key: value} for value in values if value != start[key]]
    return tuple(points)


def _shares(choice: DesignChoice, keys: tuple[str, ...], seed: int) -> list[list[float]]:
    points = choice.points or 0
    if choice.kind == "lhs":
        from scipy.stats import qmc

        hypercube: list[list[float]] = qmc.LatinHypercube(len(keys), rng=seed).random(points).tolist()
        return hypercube
    problem = {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        raise UsageError(
            f"A design of kind {choice.kind} needs SALib, which is not installed. "
            "Install regioscope with its extra: pip install 'regioscope[analysis]'"
        ) from None
    if choice.kind == "sobol":
        sample = sobol.sample(problem, points, calc_second_order=False, seed=seed)
    else:
        sample = morris.sample(problem, points, num_levels=MORRIS_LEVELS, seed=seed)
    rows: list[list[float]] = sample.tolist()
    return rows
