"""What one run is: a scenario, a seed, a replicate, a number of months, and the identity that follows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from experiments.arms import Arm, settings_of
from experiments.code_version import simulation_digest
from simulation.scenario import Scenario

__all__ = ["HORIZONS", "RunSpecification", "horizon_months", "replications"]

HORIZONS: dict[str, int] = {"end": 0, "plus12": 12, "plus24": 24}
"""Horizons by name, with the months after the end of the programme."""


@dataclass(frozen=True)
class RunSpecification:
    """One run that can be paid for.

    Attributes
    ----------
    origin : Scenario
        What the run's scenario is made of, the same object for many runs.
    seed, replicate : int
        First parts of the address of every random number; replicates count from 0.
    factors : mapping of str to object
        What this run's study sets, by dotted key: a column each in the results.
    scenario_digest : str
        Digest of the canonical JSON of the run's scenario.
    changes : mapping of str to object
        Overrides by dotted key that make the run's scenario of `origin`, the number of months among them.
    point, arm : int and str, optional
        Design point and arm, where the run belongs to a design.
    """

    origin: Scenario
    seed: int
    replicate: int
    factors: Mapping[str, object] = field(default_factory=dict)
    scenario_digest: str = ""
    changes: Mapping[str, object] = field(default_factory=dict)
    point: int | None = None
    arm: str | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with every override applied, made when first asked for."""
        return self.origin.with_overrides(self.changes) if self.changes else self.origin

    @property
    def scenario_name(self) -> str:
        """Name of the scenario, which no override changes."""
        return self.origin.name

    @property
    def months(self) -> int:
        """Length of the run."""
        months = self.changes.get("months", self.origin.months)
        assert isinstance(months, int)
        return months

    @cached_property
    def run_id(self) -> str:
        """Digest of everything that decides the run, the model's code included; 32 hexadecimal digits."""
        decides = [
            self.scenario_digest or self.scenario.digest(),
            self.seed,
            self.replicate,
            self.months,
            simulation_digest(),
        ]
        return hashlib.blake2b(json.dumps(decides).encode(), digest_size=16).hexdigest()

    @property
    def key(self) -> tuple[str, str]:
        """What a row of the results is known by: (scenario, run_id); one run can stand under two names."""
        return self.scenario_name, self.run_id


def replications(
    arms: Sequence[Arm], seed: int, replicates: Iterable[int], factors: Mapping[str, object]
) -> list[RunSpecification]:
    """Return one specification for each replicate and arm, replicate by replicate.

    A study that is interrupted is then a smaller one of the same arms.
    """
    digests = [arm.scenario.digest() for arm in arms]
    settings = [settings_of(arm, factors) for arm in arms]
    columns = [{key: each[key] for key in factors} for each in settings]
    return [
        RunSpecification(arm.scenario, seed, replicate, own, digest)
        for replicate in replicates
        for arm, own, digest in zip(arms, columns, digests, strict=True)
    ]


def horizon_months(scenario: Scenario) -> dict[str, int]:
    """Return the month of every horizon that a run of the scenario reaches."""
    months = {name: scenario.programme_end_month + later for name, later in HORIZONS.items()}
    return {name: month for name, month in months.items() if month <= scenario.months}
