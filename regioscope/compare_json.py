"""A comparison for a program: every contrast, additionality, displacement and where all is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.additionality import additionality, cost_per_additional_innovation, displacement
from analysis.contrasts import ALL_HORIZONS, ALL_INDICATORS, contrast
from analysis.wording import scenario_arms
from experiments.computation import Tally
from experiments.replication import Request
from experiments.results import Results

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["comparison_as_json"]

ARM_KEYS = ("title", "kind", "of", "given", "settings", "start", "months", "programme_end_month", "horizons", "digest")


def comparison_as_json(request: Request, results: Results, tally: Tally, figures: Sequence[Path]) -> str:
    """Return a comparison as JSON, undefined values null.

    Parameters
    ----------
    request : Request
        What was asked for.
    results : Results
        What is stored of it.
    tally : Tally
        What was computed now.
    figures : sequence of Path
        Figures that were written.
    """
    manifest = results.manifest
    others = [arm for arm in results.arms if arm != results.reference]
    about: dict[str, Any] = {
        "reference": results.reference,
        "arms": {arm: {key: manifest.scenarios[arm][key] for key in ARM_KEYS} for arm in results.arms},
        "seed": manifest.seed,
        "overrides": manifest.overrides,
        "replicates": manifest.replicates,
        "kept": tally.kept,
        "computed": tally.computed,
        "failed": [
            {"arm": each.scenario.name, "replicate": each.replicate, "message": failed.message,
             "command": request.command(each)}
            for each, failed in tally.failed
        ],
        "contrasts": [row for other in others for row in _rows(contrast(results, other, indicators=ALL_INDICATORS))],
        "additionality": _rows(additionality(results, indicators=ALL_INDICATORS)),
        "displacement": _displacements(results),
        "cost_per_additional_innovation_keur": _costs(results),
        "figures": [str(path) for path in figures],
        "out": str(results.folder),
    }  # fmt: skip
    return json.dumps(about, indent=2, ensure_ascii=False, default=str)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _displacements(results: Results) -> list[dict[str, Any]]:
    found = [displacement(results, arm, horizon) for arm, horizon in _places(results)]
    return [asdict(each) for each in found if each is not None]


def _costs(results: Results) -> list[dict[str, Any]]:
    found = [(place, cost_per_additional_innovation(results, *place)) for place in _places(results)]
    return [{"arm": arm, "horizon": horizon, **asdict(each)} for (arm, horizon), each in found if each is not None]


def _places(results: Results) -> list[tuple[str, str]]:
    return [(arm, horizon) for arm in scenario_arms(results) for horizon in ALL_HORIZONS]
