"""Whether a folder of results can go on with what is asked now, and what its manifest says then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.manifest import Manifest
from experiments.output_folder import shown
from simulation.errors import DataError

__all__ = ["REMEDY", "continued"]

REMEDY = "Name another folder with --out, or replace what it holds with --fresh"
LONGEST_LIST = 200


def continued(before: Manifest, now: Manifest, folder: Path) -> Manifest:
    """Return the manifest of a folder that goes on.

    More replicates extend it, and so do reference arms that were not asked for before. Reference arms that it
    has and that are not asked for now stay, unless the model's code has changed since, which voids their runs.

    Parameters
    ----------
    before : Manifest
        What the folder holds.
    now : Manifest
        What is asked for.
    folder : Path
        The folder, for messages.

    Raises
    ------
    DataError
        If the folder holds another study; every difference is named.
    """
    differences = list(_differences(before, now))
    if differences:
        raise DataError(f"{shown(folder)}: holds {'; '.join(differences)}. Nothing was computed. {REMEDY}")
    arms = dict(now.scenarios)
    if before.model == now.model:
        arms = {**arms, **{name: arm for name, arm in before.scenarios.items() if name not in arms}}
    replicates = max(before.replicates, now.replicates)
    return replace(now, scenarios=arms, replicates=replicates, created=before.created)


def _differences(before: Manifest, now: Manifest) -> list[str]:
    found = []
    if before.command != now.command:
        found.append(f"results of {before.command}, not of {now.command}")
    held, asked = _given(before), _given(now)
    if held != asked:
        several = "scenarios" if len(held) > 1 or len(asked) > 1 else "scenario"
        found.append(f"{several} {_listed(held)}, not {_listed(asked)}")
    pairs = [
        ("seed", str(before.seed), str(now.seed)),
        ("months", _months(before), _months(now)),
        ("overrides", _settings(before, now), _settings(now, before)),
    ]
    found += [f"{what} {_short(first)}, not {_short(second)}" for what, first, second in pairs if first != second]
    if not found:
        found = list(_changed_study(before.study or {}, now.study or {}))
    if not found:
        found = [f"{name} with other values than it has now" for name in _changed(before, now)]
    return found


def _given(manifest: Manifest) -> list[str]:
    return [name for name, arm in manifest.scenarios.items() if arm.get("kind") == "scenario"]


def _listed(names: list[str]) -> str:
    return _short(", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names))


def _months(manifest: Manifest) -> str:
    lengths = dict.fromkeys(str(manifest.scenarios[name].get("months")) for name in _given(manifest))
    return " and ".join(lengths)


def _settings(manifest: Manifest, other: Manifest) -> str:
    """What is set in one study and not, or otherwise, in the other."""
    own = [
        f"{key}={value}"
        for key, value in manifest.overrides.items()
        if key not in other.overrides or other.overrides[key] != value
    ]
    return ", ".join(own) or "none"


def _changed_study(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Name what two studies of the same scenarios and seed have otherwise; replicates may differ."""
    if before.get("digest") != now.get("digest"):
        parts = [part for part in ("levers", "uncertainties", "design", "rows") if before.get(part) != now.get(part)]
        if parts:
            yield f"a study with other {' and '.join(parts)}"


def _changed(before: Manifest, now: Manifest) -> list[str]:
    both = [name for name in now.scenarios if name in before.scenarios]
    return [name for name in both if before.scenarios[name].get("digest") != now.scenarios[name].get("digest")]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LIST else f"{text[: LONGEST_LIST - 3]}..."
