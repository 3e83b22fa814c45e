"""The manifest of a folder of results: what was asked, of which scenarios, with which code and machine."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.arms import Arm
from experiments.code_version import code_version, is_dirty, machine, package_versions, simulation_digest
from experiments.output_folder import MANIFEST, cannot_write, shown, sync_folder, unfinished
from experiments.specification import horizon_months
from simulation.errors import DataError
from simulation.scenario import resolved_values
from simulation.scenario_layers import plain_value

__all__ = ["SCHEMA_VERSION", "Manifest", "manifest_of", "read_manifest", "write_manifest"]

SCHEMA_VERSION = 3


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
        The arms by name. Of each: the scenario's name or path (``given``), its ``kind``, whose reference arm it is
        (``of``), its own overrides (``settings``), ``title``, ``start``, ``months``, ``programme_end_month``, the
        month of every horizon that its runs reach (``horizons``), its ``digest``, its resolved ``values``, and the
        tables of the files that it extends, root first (``layers``). Of a study, the scenarios without its levers.
    reference : str
        Name of the first arm, which the others are compared with.
    overrides : dict
        What was set in every arm, by dotted key; the columns of factors.
    seed, replicates : int
        Seed, and number of replicates asked for so far.
    asked_months : int or None
        Length of the runs, where one was asked for instead of the scenarios'.
    study : dict or None
        Record of the study that was swept: its digest, levers, uncertainties, design, replicates and arms.
    code : dict
        Version of the project, whether the checkout had changes, digest of the model's sources.
    packages, machine, created
        Versions, processor and time, for the record.
    """

    command: str
    scenarios: dict[str, dict[str, Any]]
    reference: str
    overrides: dict[str, Any]
    seed: int
    replicates: int
    asked_months: int | None = None
    study: dict[str, Any] | None = None
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
    command: str,
    arms: Sequence[Arm],
    overrides: Mapping[str, object],
    seed: int,
    replicates: int,
    asked_months: int | None = None,
    study: dict[str, Any] | None = None,
) -> Manifest:
    """Return the manifest of a study, made by this code on this machine."""
    return Manifest(
        command=command,
        scenarios={arm.name: _about(arm) for arm in arms},
        reference=arms[0].name,
        overrides=_as_read(overrides),
        seed=seed,
        replicates=replicates,
        asked_months=asked_months,
        study=study,
        code={"version": code_version(), "dirty": is_dirty(), "simulation_digest": simulation_digest()},
        packages=package_versions(),
        machine=machine(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _about(arm: Arm) -> dict[str, Any]:
    scenario = arm.scenario
    return {
        "given": arm.given,
        "kind": arm.kind,
        "of": list(arm.of),
        "settings": _as_read(arm.settings),
        "title": scenario.title,
        "start": scenario.start,
        "months": scenario.months,
        "programme_end_month": scenario.programme_end_month,
        "horizons": horizon_months(scenario),
        "digest": scenario.digest(),
        "values": resolved_values(scenario),
        "layers": list(scenario.layers),
    }


def _as_read(overrides: Mapping[str, object]) -> dict[str, Any]:
    """Return overrides as they are read again from the file: lists for tuples and arrays, plain numbers."""
    plain: dict[str, Any] = json.loads(json.dumps(plain_value(dict(overrides)), default=str))
    return plain


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False, default=str) + "\n"
    temporary = unfinished(folder / MANIFEST)
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / MANIFEST)
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
    if isinstance(version, int) and version != SCHEMA_VERSION:
        raise _of_another_version(path, version)
    try:
        manifest = Manifest(**values)
        if not (isinstance(manifest.scenarios, dict) and isinstance(manifest.code, dict)):
            raise TypeError
    except TypeError:
        raise _damaged(path) from None
    return manifest


def _of_another_version(path: Path, version: int) -> DataError:
    made = f"{shown(path)}: schema_version = {version}: this code reads version {SCHEMA_VERSION}. "
    if version > SCHEMA_VERSION:
        return DataError(f"{made}Read these results with the version of the project that made them, or a later one")
    return DataError(f"{made}Compute them again with --fresh, or read them with the version that made them")


def _damaged(path: Path) -> DataError:
    return DataError(
        f"{shown(path)}: is no manifest of results, or is damaged. Put a copy of it back, or compute "
        "everything again with --fresh"
    )
