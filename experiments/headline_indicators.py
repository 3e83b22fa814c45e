"""The indicators that a summary shows, and their spread over replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

__all__ = ["HEADLINES", "Spread", "spread", "spreads"]

HEADLINES = (
    "smes_registered",
    "introductions",
    "introductions_cross_border",
    "collaborations",
    "collaborations_programme",
    "collaborations_cross_border",
    "cooperation_share",
    "innovations_commercialised",
    "innovations_programme",
    "innovations_cross_border",
    "public_cost_keur",
    "public_cost_per_innovation_keur",
    "partnership_members",
    "engagement_mean",
    "objective_agreement",
    "partnership_signed_month",
    "intermediary_skill",
)


@dataclass(frozen=True)
class Spread:
    """An indicator over replicates: median and 5 to 95 % range of the runs in which it is defined."""

    median: float | None
    p05: float | None
    p95: float | None
    defined: int
    runs: int


def spreads(horizons: pa.Table, names: Sequence[str]) -> dict[str, dict[str, Spread]]:
    """Return the spread of indicators at each horizon, by horizon and indicator."""
    if not horizons.num_rows:
        return {}
    by_horizon: dict[str, dict[str, Spread]] = {}
    labels = horizons["horizon"].to_pylist()
    for label in dict.fromkeys(labels):
        rows = horizons.filter(pa.array([each == label for each in labels], pa.bool_()))
        by_horizon[label] = {name: spread(rows[name].to_pylist()) for name in names}
    return by_horizon


def spread(values: Sequence[float | None]) -> Spread:
    """Return the spread of an indicator over runs, None where a run leaves it undefined."""
    import numpy as np

    defined = [value for value in values if value is not None]
    if not defined:
        return Spread(None, None, None, 0, len(values))
    low, median, high = (float(each) for each in np.quantile(defined, (0.05, 0.5, 0.95)))
    return Spread(median, low, high, len(defined), len(values))
