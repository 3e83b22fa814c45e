"""A validation for a program: every documented figure with its verdict, and every comparison of a family's arms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isinf
from typing import TYPE_CHECKING, Any

from experiments.fact_verdicts import FactVerdict
from regioscope.family_validation import ArmVerdict, FamilyReport, targets

if TYPE_CHECKING:
    from experiments.published_models import PublishedFigure

__all__ = ["validation_as_json"]


def validation_as_json(reports: Sequence[FamilyReport], published: Mapping[str, Sequence[PublishedFigure]]) -> str:
    """Return what became of families and published models as JSON, undefined values null.

    Parameters
    ----------
    reports : sequence of FamilyReport
        One a family.
    published : mapping of str to sequence of PublishedFigure
        Figures of published models by name.
    """
    met, missed = targets(reports, published)
    about = {
        "met": met,
        "missed": missed,
        "families": [_family(each) for each in reports],
        "published": {name: [_figure(each) for each in figures] for name, figures in published.items()},
    }
    return json.dumps(about, indent=2, ensure_ascii=False, default=str)


def _family(report: FamilyReport) -> dict[str, Any]:
    return {
        "family": report.family.name,
        "head": report.head,
        "arms": list(report.results.arms),
        "replicates": report.results.manifest.replicates,
        "seed": report.results.manifest.seed,
        "facts": [_fact(each) for each in report.facts],
        "comparisons": [_comparison(each) for each in report.arms],
        "out": str(report.results.folder),
    }


def _figure(each: PublishedFigure) -> dict[str, Any]:
    bounds = {"low": each.low, "high": None if isinf(each.high) else each.high}
    return {**asdict(each), **bounds, "verdict": "met" if each.met else "missed"}


def _fact(each: FactVerdict) -> dict[str, Any]:
    simulated = None if each.simulated is None else asdict(each.simulated)
    documented = each.fact.model_dump(mode="json", exclude_none=True)
    judged_in = {"judged_in_month": each.month, "simulated": simulated}
    return {**documented, **judged_in, "verdict": each.verdict, "reason": each.reason, "counts": each.counts}


def _comparison(each: ArmVerdict) -> dict[str, Any]:
    about = {"expected": each.expectation.sign, "because": each.expectation.because, "verdict": each.verdict}
    return {**_without_nan(each.row), **about}


def _without_nan(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: None if value != value else value for key, value in row.items()}
