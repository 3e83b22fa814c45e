"""Means over the runs of what regions have and of what flows between them, and their paired differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.paired import paired_difference

__all__ = ["PAIR", "Difference", "across_regions", "by_pair", "by_region", "counted", "differences", "ending"]

PAIR = ["region", "other_region"]


def ending(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    """Return the rows of an arm in the last month of its runs."""
    rows = table[table["scenario"] == arm]
    return rows[rows["month"] == rows["month"].max()] if len(rows) else rows


def by_region(rows: pd.DataFrame) -> dict[str, float]:
    """Return the mean of innovations over the runs, by region."""
    means = rows.groupby("region")["innovations"].mean()
    return {str(region): float(mean) for region, mean in means.items()}


def across_regions(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the flows between different regions."""
    return rows[rows["region"] != rows["other_region"]]


def by_pair(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over the runs of collaborations between different regions, the programme's and others."""
    means = across_regions(rows).groupby(PAIR)[["collaborations", "collaborations_programme"]].mean()
    return pd.DataFrame(
        {
            "programme": means["collaborations_programme"],
            "other": means["collaborations"] - means["collaborations_programme"],
        },
        dtype=np.float64,
    )


def counted(runs: pd.DataFrame) -> list[str]:
    """Say how many collaborations and innovations there are in the last month, and how many of them across a border.

    These are the arm's indicators: summed over pairs of regions, a project of several members would count for each
    pair, and summed over regions, an innovation for each member.
    """
    done = {"collaborations": "begun", "innovations_commercialised": "brought to market"}
    return [_counted(runs, indicator, words) for indicator, words in done.items()]


def _counted(runs: pd.DataFrame, indicator: str, done: str) -> str:
    noun = indicator.split("_")[0]
    total, across = (runs[name].mean() for name in (indicator, f"{noun}_cross_border"))
    return f"{total:,.0f} {noun} {done}, {across:,.0f} across a border"


@dataclass(frozen=True)
class Difference:
    """A mean difference, and whether its interval lies off 0."""

    mean: float
    seen: bool


def differences(reference: pd.DataFrame, other: pd.DataFrame, keys: list[str], name: str) -> dict[Any, Difference]:
    """Return the paired difference of every region or pair that both arms hold."""
    tables = [
        rows.pivot(index="replicate", columns=keys, values=name).astype(np.float64) for rows in (reference, other)
    ]
    replicates = tables[0].index.intersection(tables[1].index)
    found = {}
    for key in tables[0].columns.intersection(tables[1].columns):
        each = paired_difference(tables[0].loc[replicates, key], tables[1].loc[replicates, key])
        seen = each.low is not None and each.high is not None and not each.low <= 0 <= each.high
        found[key if isinstance(key, tuple) else (key,)] = Difference(each.difference or 0.0, seen)
    return found
