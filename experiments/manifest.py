"""The manifest of a folder of results: what was asked, of which scenarios, with which code and machine."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.code_version import code_version, is_dirty, machine, package_versions, simulation_digest
from experiments.output_folder import MANIFEST, cannot_write, shown, sync_folder
from experiments.specification import horizon_months
from simulation.errors import DataError
from simulation.scenario import Scenario, resolved_values

__all__ = ["SCHEMA_VERSION", "Manifest", "manifest_of", "read_manifest", "write_manifest"]

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """What a folder of results holds.

    Attributes
    ----------
    schema_version : int
        Version of this form and of the tables' columns.
    command : str
        The command that made the folder, such as ``run``.
    scenarios : dict
        By name: where the scenario was found (``given``), its ``digest``, and its resolved ``values``.
    overrides : dict
        What was set besides the scenario, by dotted key; the columns of factors.
    months, seed, replicates : int
        Length of a run, seed, and number of replicates asked for so far.
    horizons : dict
        Month of every horizon that a run reaches.
    code : dict
        Version of the project, whether the checkout had changes, digest of the model's sources.
    packages, machine, created
        Versions, processor and time, for the record.
    """

    command: str
    scenarios: dict[str, dict[str, Any]]
    overrides: dict[str, Any]
    months: int
    seed: int
    replicates: int
    horizons: dict[str, int]
    schema_version: int = SCHEMA_VERSION
    code: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)
    created: str = ""

    @property
    def model(self) -> str:
        """Digest of the sources of the model that the results are of."""
        return str(self.code.get("simulation_digest", ""))


def manifest_of(
    command: str, scenario: Scenario, given: str, overrides: Mapping[str, object], seed: int, replicates: int
) -> Manifest:
    """Return the manifest of a study of one scenario, made by this code on this machine."""
    about = {"given": given, "digest": scenario.digest(), "values": resolved_values(scenario)}
    return Manifest(
        command=command,
        scenarios={scenario.name: about},
        overrides=dict(overrides),
        months=scenario.months,
        seed=seed,
        replicates=replicates,
        horizons=horizon_months(scenario),
        code={"version": code_version(), "dirty": is_dirty(), "simulation_digest": simulation_digest()},
        packages=package_versions(),
        machine=machine(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False, default=str) + "\n"
    unfinished = folder / f".{MANIFEST}.{os.getpid()}"
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / MANIFEST)
    except OSError as error:
        raise cannot_write(folder / MANIFEST, error) from error
    sync_folder(folder)


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest of a folder; None where there is none.

    Raises
    ------
    DataError
        If it is damaged, or of a later version than this code knows.
    """
    path = folder / MANIFEST
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError):
        raise _damaged(path) from None
    version = values.get("schema_version") if isinstance(values, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise DataError(
            f"{shown(path)}: schema_version = {version}: this code knows versions up to {SCHEMA_VERSION}. "
            "Read these results with the version of the project that made them, or a later one"
        )
    try:
        manifest = Manifest(**values)
        if not (isinstance(manifest.scenarios, dict) and isinstance(manifest.code, dict)):
            raise TypeError
    except TypeError:
        raise _damaged(path) from None
    return manifest


def _damaged(path: Path) -> DataError:
    return DataError(
        f"{shown(path)}: is no manifest of results, or is damaged. Put a copy of it back, or compute "
        "everything again with --fresh"
    )
