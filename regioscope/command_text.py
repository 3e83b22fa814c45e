"""Commands as text, to be typed again: what a failed run is reproduced with, what an interrupted one goes on with."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["as_setting", "compare_text", "run_text"]


def run_text(given: str, seed: int, months: int | None, settings: Mapping[str, object], *more: str) -> str:
    """Return a ``run`` command.

    Parameters
    ----------
    given : str
        Name or path of the scenario.
    seed : int
        Seed of all random numbers.
    months : int, optional
        Length of the run, where it is not the scenario's.
    settings : mapping of str to object
        Overrides by dotted key.
    more : str
        Further options, as they are typed.
    """
    return " ".join(["regioscope run", shlex.quote(given), *_asked(seed, months, settings), *more])


def compare_text(
    given: Sequence[str],
    reference: bool,
    replicates: int,
    seed: int,
    months: int | None,
    settings: Mapping[str, object],
    out: Path,
) -> str:
    """Return a ``compare`` command; parameters as in :func:`run_text`, of several scenarios."""
    arms = [shlex.quote(each) for each in given] + (["--reference"] if reference else [])
    rest = [f"--replicates {replicates}", *_asked(seed, months, settings), f"--out {shlex.quote(str(out))}"]
    return " ".join(["regioscope compare", *arms, *rest])


def _asked(seed: int, months: int | None, settings: Mapping[str, object]) -> list[str]:
    length = [] if months is None else [f"--months {months}"]
    return [f"--seed {seed}", *length, *(f"--set {shlex.quote(as_setting(*each))}" for each in settings.items())]


def as_setting(key: str, value: object) -> str:
    """Return an override as the command line takes it: ``KEY=VALUE``."""
    return f"{key}={json.dumps(value, ensure_ascii=False, default=str)}"
