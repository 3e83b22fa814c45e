"""A study of many tiny runs, for what is about running rather than about results."""

import time
from pathlib import Path

import pandas as pd

from experiments.results import open_results
from experiments.runner import simulate
from experiments.specification import RunSpecification
from experiments.warm_up import warm_up
from simulation.scenario import load_scenario

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

RUNS = 2000
POINTS = 10
ARMS = 2
FEWEST_MONTHS, MANY_MONTHS, MOST_MONTHS = 2, 50, 600
TIMED_RUNS = 5


def write_tiny_study(folder: Path, runs: int = RUNS, months: int = FEWEST_MONTHS) -> Path:
    """Write a study of two arms and ten design points, and return the path of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    points = min(POINTS, max(1, runs // ARMS))
    (folder / "tiny-scenario.toml").write_text(SCENARIO.format(months=months))
    study = folder / "tiny.toml"
    study.write_text(STUDY.format(points=points, replicates=runs // (points * ARMS)))
    return study


def months_that_take(seconds: float, folder: Path) -> int:
    """Return the months for which a run of the study lasts about so long on this machine, as fast as it is today."""
    warm_up(lambda *step: None)
    few, many = _seconds_of_run(FEWEST_MONTHS, folder), _seconds_of_run(MANY_MONTHS, folder)
    assert many > few, "the timing of runs was disturbed: run the tests again on a quieter machine"
    a_month = (many - few) / (MANY_MONTHS - FEWEST_MONTHS)
    return min(MOST_MONTHS, FEWEST_MONTHS + max(0, round((seconds - few) / a_month)))


def _seconds_of_run(months: int, folder: Path) -> float:
    """Return the least processor time of a few runs of the scenario."""
    path = folder / f"{months}-months.toml"
    path.write_text(SCENARIO.format(months=months))
    scenario = load_scenario(path)
    taken = []
    for replicate in range(TIMED_RUNS):
        before = time.process_time()
        simulate(RunSpecification(scenario, seed=1, replicate=replicate))
        taken.append(time.process_time() - before)
    return min(taken)


def sorted_runs(folder: Path) -> pd.DataFrame:
    """Return the stored runs in an order of their own, without the column that may differ between machines."""
    runs = open_results(folder).runs.drop(columns="wall_seconds")
    return runs.sort_values(["arm", "run_id"], ignore_index=True)
