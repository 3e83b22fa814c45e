"""One run for a notebook: a scenario in, a tidy frame out, nothing stored and nothing printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    import pandas as pd

    from experiments.specification import RunSpecification

__all__ = ["RunResult", "run"]


@dataclass(frozen=True)
class RunResult:
    """What one run left.

    Attributes
    ----------
    specification : RunSpecification
        What was run: scenario, seed, replicate, months, ``run_id``.
    values : dict of str to list
        Every indicator by month, None where undefined.
    """

    specification: RunSpecification
    values: dict[str, list[float | None]]

    @property
    def indicators(self) -> dict[str, float | None]:
        """Every indicator at the end of the run, None where undefined."""
        return {name: values[-1] for name, values in self.values.items()}

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a month: ``run_id, scenario, replicate, seed, month``, then every indicator."""
        from experiments.result_tables import series_table
        from experiments.results import frame

        table: pd.DataFrame = frame(series_table(self.specification, self.values))
        table.insert(3, "seed", self.specification.seed)
        return table

    def __repr__(self) -> str:
        what = self.specification
        which = f"seed={what.seed}, replicate={what.replicate}"
        return f"RunResult({what.scenario.name!r}, {which}, {what.months} months)"


def run(
    scenario: Scenario | str | Path,
    seed: int = 1,
    months: int | None = None,
    replicate: int = 0,
    overrides: Mapping[str, Any] | None = None,
) -> RunResult:
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or the name or path of one.
    seed, replicate : int
        First parts of the address of every random number, 0 to 2^32 - 1.
    months : int, optional
        Length of the run instead of the scenario's.
    overrides : mapping of str to object, optional
        Values by dotted key.

    Returns
    -------
    RunResult
        With ``.series`` (a frame, one row a month) and ``.indicators`` (at the end).

    Raises
    ------
    ScenarioError
        If the scenario or an override is wrong or unknown.
    """
    from experiments.runner import simulate
    from experiments.specification import RunSpecification

    factors = dict(overrides or {})
    changes = factors if months is None else {**factors, "months": months}
    if isinstance(scenario, Scenario):
        resolved = scenario.with_overrides(changes) if changes else scenario
    else:
        resolved = load_scenario(scenario, changes)
    specification = RunSpecification(resolved, seed, replicate, factors)
    return RunResult(specification, simulate(specification).series)
