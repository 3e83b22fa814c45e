"""The cases of a study: every arm at every design point, with the identity of its scenario.

The table of cases stands in the results as ``design.parquet``, so that it is worked out once. Two cases that are the
same run are stored as the first of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.output_folder import DESIGN, cannot_write, sync_folder, unfinished
from experiments.result_tables import factor_column
from experiments.rows_of_runs import read_design
from experiments.specification import RunSpecification
from experiments.study import Study
from simulation.errors import DataError, ScenarioError
from simulation.scenario import Scenario

__all__ = ["Case", "cases_of", "stored_digests", "write_design"]

MADE_FOR = b"regioscope.study"
"""Where the table notes the study and the model that it is of."""


@dataclass(frozen=True)
class Case:
    """One arm at one design point.

    Attributes
    ----------
    number, point : int
        Both from 0; cases are numbered point by point, arm by arm.
    arm : str
        Name of the arm.
    origin : Scenario
        The arm's scenario, without the values of levers and uncertainties.
    factors : mapping of str to object
        These values, by dotted key.
    digest : str
        Digest of the scenario with these values.
    stored_as : int
        Number of the case under which its runs stand: the first that is the same run, mostly itself.
    """

    number: int
    point: int
    arm: str
    origin: Scenario
    factors: Mapping[str, object]
    digest: str
    stored_as: int

    def run(self, seed: int, replicate: int) -> RunSpecification:
        """Return one run of the case."""
        return RunSpecification(
            self.origin, seed, replicate, self.factors, self.digest, self.factors, self.point, self.arm
        )


def cases_of(study: Study, known: Sequence[str] | None = None) -> list[Case]:
    """Return the cases of a study, each with the digest of its scenario.

    Parameters
    ----------
    study : Study
        A validated study.
    known : sequence of str, optional
        Digests of the cases, where they are known already.

    Raises
    ------
    ScenarioError
        If values that are allowed one by one break a rule together, at some design point.
    """
    given = [(point, arm, {**arm.levers, **values}) for point, values in enumerate(study.points) for arm in study.arms]
    digests = known
    if digests is None:
        digests = [_digest(study, point, arm.name, arm.scenario, factors) for point, arm, factors in given]
    first: dict[tuple[str, str], int] = {}
    return [
        Case(
            number,
            point,
            arm.name,
            arm.scenario,
            factors,
            digest,
            first.setdefault((arm.scenario.name, digest), number),
        )
        for number, ((point, arm, factors), digest) in enumerate(zip(given, digests, strict=True))
    ]


def _digest(study: Study, point: int, arm: str, origin: Scenario, factors: Mapping[str, object]) -> str:
    try:
        return (origin.with_overrides(factors) if factors else origin).digest()
    except ScenarioError as error:
        raise DataError(
            f"{study.given}: arm {arm} at design point {point}: {error}. "
            "Narrow the ranges so that all values go together, or give the points in a file"
        ) from None


def stored_digests(folder: Path, study: Study, model: str) -> list[str] | None:
    """Return the digests of a study's cases where they stand in a folder; None where they have to be worked out.

    Parameters
    ----------
    folder : Path
        Folder of results.
    study : Study
        The study that the table must be of.
    model : str
        Digest of the model's sources that it must be of.
    """
    try:
        table = read_design(folder)
    except DataError:
        return None
    if table is None or (table.schema.metadata or {}).get(MADE_FOR) != _made_for(study, model):
        return None
    digests: list[str] = table["digest"].to_pylist()
    return digests


def _made_for(study: Study, model: str) -> bytes:
    return f"{study.digest()} {model}".encode()


def write_design(folder: Path, cases: Sequence[Case], study: Study, model: str) -> None:
    """Write the table of cases, whole or not at all, with what it is the table of.

    Raises
    ------
    DataError
        If it cannot be written.
    """
    columns = {
        "case": pa.array([each.number for each in cases], pa.int64()),
        "point": pa.array([each.point for each in cases], pa.int64()),
        "arm": pa.array([each.arm for each in cases], pa.string()),
        "scenario": pa.array([each.origin.name for each in cases], pa.string()),
        "digest": pa.array([each.digest for each in cases], pa.string()),
        "stored_as": pa.array([each.stored_as for each in cases], pa.int64()),
        **dict(_factor_columns(cases)),
    }
    table = pa.table(columns).replace_schema_metadata({MADE_FOR: _made_for(study, model)})
    temporary = unfinished(folder / DESIGN)
    try:
        with temporary.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / DESIGN)
    except OSError as error:
        raise cannot_write(folder / DESIGN, error) from error
    sync_folder(folder)


def _factor_columns(cases: Sequence[Case]) -> Iterator[tuple[str, pa.Array]]:
    for key in dict.fromkeys(key for each in cases for key in each.factors):
        yield key, factor_column([each.factors.get(key) for each in cases])
