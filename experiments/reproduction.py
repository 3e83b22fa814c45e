"""Running a stored run once more, from what its folder says of it alone, and comparing the two bit by bit.

A run is its scenario, seed, replicate and the model's code, so that the same run again must give the same rows,
whatever the machine and the number of processes. What differs nevertheless is named: table, row and column.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from experiments.code_version import code_version, machine, package_versions, simulation_digest
from experiments.manifest import Manifest
from experiments.output_folder import shown
from experiments.result_tables import OF_A_RUN, tables_of
from experiments.results import Results
from experiments.rows_of_runs import design_row, rows_of_runs
from experiments.runner import FailedRun, FinishedRun, Simulate, perform, simulate
from experiments.specification import RunSpecification
from experiments.table_difference import Difference, first_difference
from simulation.errors import DataError, did_you_mean, short_text
from simulation.scenario import Scenario, scenario_from_layers, scenario_from_values

__all__ = [
    "Changed",
    "Reproduction",
    "StoredRun",
    "changed_environment",
    "reproduce",
    "sampled_runs",
    "see_that_the_model_is_the_same",
    "specification_of",
    "stored_run",
]

FEWEST_DIGITS = 6
"""Digits of a run's identity that name it, where no other run begins with them."""

COMPARED = (*OF_A_RUN, "runs")


@dataclass(frozen=True)
class StoredRun:
    """A run that a folder holds: its row in ``runs``, or in ``failures`` with the message it failed with."""

    run_id: str
    scenario: str
    replicate: int
    seed: int
    point: int | None = None
    arm: str | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Reproduction:
    """A stored run and the same run again.

    Attributes
    ----------
    run : StoredRun
        What was run again.
    rows : dict of str to int
        Rows compared in each table.
    differences : tuple of Difference
        The first of each table, in the order of the tables.
    failure : str or None
        Why the run could not be finished now.
    """

    run: StoredRun
    rows: dict[str, int]
    differences: tuple[Difference, ...] = ()
    failure: str | None = None

    @property
    def is_identical(self) -> bool:
        """Whether every value came out again, bit by bit."""
        return not self.differences and self.failure is None and self.run.failure is None


@dataclass(frozen=True)
class Changed:
    """Something that results could depend on and that is not as it was when they were made."""

    what: str
    then: str
    now: str


def see_that_the_model_is_the_same(results: Results) -> None:
    """See that the results are of the code that would run now.

    Raises
    ------
    DataError
        With the version that made them, if the model's code is another.
    """
    manifest = results.manifest
    if manifest.model != simulation_digest():
        made = manifest.code.get("version", "another version")
        raise DataError(
            f"{shown(results.folder)}: was made by the model of version {made}, and this is {code_version()}, whose "
            "model is another: the same run would be another one. Install that version and give the command again"
        )


def changed_environment(manifest: Manifest) -> list[Changed]:
    """Return what of code, packages and machine differs from what the results were made with."""
    then = {"regioscope": str(manifest.code.get("version", "")), **manifest.packages, **manifest.machine}
    now = {"regioscope": code_version(), **package_versions(), **machine()}
    return [
        Changed(what, then.get(what, "not noted"), now.get(what, "none"))
        for what in {**then, **now}
        if then.get(what) != now.get(what)
    ]


def stored_run(results: Results, run_id: str) -> StoredRun:
    """Return the run that an identity names.

    Parameters
    ----------
    results : Results
        A folder of results.
    run_id : str
        Identity of a run as its row holds it, or its first six digits or more where they name one run alone.

    Raises
    ------
    DataError
        If no run, or more than one, is named.
    """
    stored = _runs(results, "runs") + _runs(results, "failures")
    named = [each for each in stored if each.run_id == run_id]
    if not named and len(run_id) >= FEWEST_DIGITS:
        named = [each for each in stored if each.run_id.startswith(run_id.lower())]
    found = {each.run_id for each in named}
    if len(found) == 1:
        return named[0]
    if found:
        rule, remedy = f"is how {len(found)} runs begin", "Give more digits"
    else:
        rule = f"is no run in {shown(results.folder)}"
        otherwise = "The column run_id of runs names them" if stored else "No run is stored there"
        remedy = did_you_mean(run_id, {each.run_id for each in stored}, otherwise)
    raise DataError(f"{short_text(run_id)}: {rule}. {remedy}")


def sampled_runs(results: Results, count: int, seed: int) -> list[StoredRun]:
    """Return some of the finished runs, each as likely as any other; the same ones for the same seed.

    Parameters
    ----------
    results : Results
        A folder of results.
    count : int
        How many, at most.
    seed : int
        Another seed gives other runs.
    """

    def drawn(run: StoredRun) -> bytes:
        return hashlib.blake2b(f"{seed}/{run.run_id}".encode(), digest_size=16).digest()

    by_identity = {each.run_id: each for each in reversed(_runs(results, "runs"))}
    return sorted(by_identity.values(), key=drawn)[:count]


def _runs(results: Results, name: str) -> list[StoredRun]:
    columns = ["run_id", "scenario", "replicate", "seed"]
    columns += ["point", "arm"] if results.manifest.study else []
    columns += ["message"] if name == "failures" else []
    table = results.table(name)
    rows = table.select([column for column in columns if column in table.column_names]).to_pylist()
    return [StoredRun(**({"failure": row.pop("message")} if "message" in row else {}), **row) for row in rows]


def specification_of(results: Results, run: StoredRun) -> RunSpecification:
    """Return what a stored run was, from the manifest and the design alone.

    Raises
    ------
    DataError
        If they do not give the run that is stored: one of them was changed or exchanged.
    """
    scenario, digest = _of_design(results, run) if run.point is not None else _of_arm(results.manifest, run)
    specification = RunSpecification(
        scenario, run.seed, run.replicate, scenario_digest=scenario.digest(), point=run.point, arm=run.arm
    )
    if specification.scenario_digest != digest or specification.run_id != run.run_id:
        raise DataError(
            f"{shown(results.folder)}: manifest.json and the design do not give run {run.run_id}: one of them is not "
            "of these results. Put back the one that was made with them"
        )
    return specification


def _of_arm(manifest: Manifest, run: StoredRun) -> tuple[Scenario, str]:
    about = manifest.scenarios.get(run.scenario, {})
    if "values" not in about:
        raise DataError(f"{short_text(run.scenario)}: the manifest has no values of this scenario. {_damaged()}")
    return scenario_from_values(about["values"], run.scenario), str(about["digest"])


def _of_design(results: Results, run: StoredRun) -> tuple[Scenario, str]:
    manifest, study = results.manifest, results.manifest.study or {}
    case = design_row(results.folder, run.point, run.arm)
    layers = manifest.scenarios.get(run.scenario, {}).get("layers")
    levers = {each["name"]: each["levers"] for each in study.get("arms", ())}
    if case is None or layers is None or run.arm not in levers:
        raise DataError(f"{shown(results.folder)}: says nothing of the case of run {run.run_id}. {_damaged()}")
    overrides = {} if study.get("months") is None else {"months": study["months"]}
    uncertain = study.get("uncertainties", {})
    overrides |= levers[run.arm] | {key: _as_given(case[key], given) for key, given in uncertain.items()}
    return scenario_from_layers(run.scenario, layers, overrides), str(case["digest"])


def _damaged() -> str:
    return "Put back the manifest.json and design.parquet that were made with these results"


def _as_given(value: Any, given: Any) -> Any:
    """Return a value of the design as the study gives it, which a column holds as JSON where kinds are mixed."""
    alternatives = given if isinstance(given, list) else ()
    return next((each for each in alternatives if value == each or value == json.dumps(each)), value)


def reproduce(results: Results, run: StoredRun, simulate: Simulate = simulate) -> Reproduction:
    """Run a stored run once more and compare.

    Parameters
    ----------
    results : Results
        The folder that holds it.
    run : StoredRun
        One of its runs.
    simulate : callable
        Gives what is measured in a run of a specification.

    Raises
    ------
    DataError
        If the folder does not say what the run was, or is of another model.
    """
    see_that_the_model_is_the_same(results)
    specification = specification_of(results, run)
    outcome = perform(specification, simulate)
    if isinstance(outcome, FailedRun):
        return Reproduction(run, {}, failure=outcome.message)
    return Reproduction(run, *_compared(results, run, specification, outcome))


def _compared(
    results: Results, run: StoredRun, specification: RunSpecification, outcome: FinishedRun
) -> tuple[dict[str, int], tuple[Difference, ...]]:
    if run.failure is not None:
        return {}, ()
    again = tables_of([(specification, outcome)], lambda each: "", "")
    rows, differences = {}, []
    for name in COMPARED:
        stored = rows_of_runs(results, name, [run.run_id])
        stored = stored.filter(pc.equal(stored["scenario"], run.scenario))
        repeated = again[name] if name in again else stored.slice(0, 0)
        rows[name] = stored.num_rows
        first = first_difference(name, stored, repeated)
        differences += [] if first is None else [first]
    return rows, tuple(differences)
