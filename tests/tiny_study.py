"""A study of many tiny runs, for what is about running rather than about results."""

from pathlib import Path

import pandas as pd

from experiments.results import open_results

SCENARIO = """\
extends = "baseline"
title = "Three regions of a few firms"
months = {months}
programme_end_month = 1

[population]
regions = ["ITH3", "SI04", "AT32"]
sectors = ["digital", "health"]
smes_per_cluster = 1
"""

STUDY = """\
title = "Many tiny runs"
base = "tiny-scenario.toml"
replicates = {replicates}
seed = 1

[design]
kind = "lhs"
points = {points}

[levers]
"matching.rule" = ["stable", "random"]

[uncertainties]
"matching.reservation_value" = {{ low = 0.0, high = 0.4 }}
"""

POINTS = 10
ARMS = 2
MONTHS_A_SECOND = 300
FEWEST_MONTHS = 2


def write_tiny_study(folder: Path, runs: int = 2000, seconds_per_run: float = 0.0) -> Path:
    """Write a study of two arms and ten design points, and return the path of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    months = max(FEWEST_MONTHS, round(seconds_per_run * MONTHS_A_SECOND))
    points = min(POINTS, max(1, runs // ARMS))
    (folder / "tiny-scenario.toml").write_text(SCENARIO.format(months=months))
    study = folder / "tiny.toml"
    study.write_text(STUDY.format(points=points, replicates=runs // (points * ARMS)))
    return study


def sorted_runs(folder: Path) -> pd.DataFrame:
    """Return the stored runs in an order of their own, without the column that may differ between machines."""
    runs = open_results(folder).runs.drop(columns="wall_seconds")
    return runs.sort_values(["arm", "run_id"], ignore_index=True)
