"""The words that tables, sentences and figures share: arms, horizons, months, indicators and units.

What an arm, a horizon or a unit is called stands here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from analysis.contrasts import definition_of
from simulation.errors import DataError

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = [
    "ARM_WORDS",
    "COMPARISON_WORDS",
    "HORIZON_TITLES",
    "HORIZON_WORDS",
    "RATIOS",
    "SHORT_HORIZONS",
    "calendar_words",
    "kind_of",
    "plain_words",
    "scenario_arms",
    "short_names",
    "unit_words",
]

ARM_WORDS = {
    "none": "no programme; the same regions, firms and brokers",
    "separate": "calls and services with the same budgets inside each region, nothing seen across; no partnership, and "
    "none of its coordination, promotion and money",
    "random": "as many introductions, drawn by lot among those seen",
}
"""What each kind of reference arm is."""

COMPARISON_WORDS = {"none": "no programme", "separate": "separate regions", "random": "random pairs"}
"""What a scenario is said to be compared with."""

HORIZON_TITLES = {
    "end": "At the end of the programme",
    "plus12": "12 months after the end of the programme",
    "plus24": "24 months after the end of the programme",
    "last": "In the last month, before the end of the programme",
}
HORIZON_WORDS = {
    "end": "by the end of the programme",
    "plus12": "by 12 months after its end",
    "plus24": "by 24 months after its end",
    "last": "by the last month",
}
"""Within a sentence, after what was counted."""

SHORT_HORIZONS = {"end": "at the end", "plus12": "12 months on", "plus24": "24 months on", "last": "last month"}
"""In the rows of a table."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
MONTH_NAMES = (*MONTHS, "November", "December")

PLAIN_WORDS = {
    "smes_registered": "SMEs registered with a broker",
    "smes_supported": "SMEs supported",
    "introductions": "Introductions",
    "introductions_cross_border": "Introductions across a border",
    "collaborations": "Collaborations begun",
    "collaborations_programme": "Collaborations made by the programme",
    "collaborations_other": "Collaborations not made by the programme",
    "collaborations_cross_border": "Collaborations across a border",
    "collaborations_domestic": "Collaborations inside a country",
    "cooperation_share": "SMEs that cooperate",
    "innovations_commercialised": "Innovations brought to market",
    "innovations_programme": "Innovations made by the programme",
    "innovations_other": "Innovations not made by the programme",
    "innovations_cross_border": "Innovations across a border",
    "innovations_domestic": "Innovations not across a border",
    "public_cost_keur": "Public cost",
    "grants_paid_keur": "Grants",
    "services_cost_keur": "Services",
    "coordination_cost_keur": "Coordination",
    "public_cost_per_innovation_keur": "Public cost per innovation",
    "engagement_mean": "Engagement of the members",
    "objective_agreement": "Members who could sign",
    "partnership_members": "Members of the partnership",
    "intermediary_skill": "Skill of brokers and parks",
}
UNIT_WORDS = {"keur": "thousand euro", "keur / innovation": "thousand euro an innovation", "yes/no": "1 if yes"}
PLURALS = ("introduction", "innovation", "member", "practice", "project", "tie", "month", "full-time employee", "SME")
RATIOS = ("private_leverage", "private_per_grant", "sme_satisfaction_mean", "matching_gap")
"""Indicators of unit 1 that are no shares, and so are not shown in per cent."""


def kind_of(results: Results, arm: str) -> str:
    """Return whether an arm is a scenario or which reference arm.

    Raises
    ------
    DataError
        If the results are of a study, whose arms stand at several design points.
    """
    if results.manifest.study is not None:
        raise DataError(
            f"{results.folder}: holds a study, and this shows a comparison. Compare two of its arms with "
            "contrast(results, ARM), or read results.runs, which has a column for every factor"
        )
    return str(results.manifest.scenarios[arm]["kind"])


def scenario_arms(results: Results) -> list[str]:
    """Return the arms that are scenarios, the reference first."""
    return [arm for arm in results.arms if kind_of(results, arm) == "scenario"]


def short_names(results: Results) -> dict[str, str]:
    """Return a short name for every arm: without the beginning, up to a hyphen, that all scenarios share."""
    shared = _shared_beginning(scenario_arms(results))
    names = {arm: arm.replace(shared, "", 1) if shared else arm for arm in results.arms}
    legible = len(set(names.values())) == len(names) and not any(
        name == "" or name.isdigit() for name in names.values()
    )
    return names if legible else {arm: arm for arm in results.arms}


def _shared_beginning(names: Sequence[str]) -> str:
    beginnings = zip(*(name.split("-") for name in names), strict=False) if len(names) > 1 else iter(())
    return "".join(f"{parts[0]}-" for parts in takewhile(lambda parts: len(set(parts)) == 1, beginnings))


def calendar_words(start: str, month: int) -> str:
    """Return a month of the run in words: ``December 2021`` for month 36 from ``2019-01``."""
    year, first = (int(part) for part in start.split("-"))
    months = year * 12 + first - 1 + month - 1
    return f"{MONTH_NAMES[months % 12]} {months // 12}"


def plain_words(indicator: str) -> str:
    """Return an indicator in plain words, or its name where there are none."""
    return PLAIN_WORDS.get(indicator, indicator.replace("_", " ").capitalize())


def unit_words(indicator: str) -> tuple[float, str]:
    """Return by what a value is multiplied when shown, and its unit then: shares are shown in per cent.

    Raises
    ------
    DataError
        If there is no such indicator.
    """
    unit = definition_of(indicator).unit
    if unit == "1":
        return (1.0, "ratio") if indicator in RATIOS else (100.0, "per cent")
    return 1.0, UNIT_WORDS.get(unit, f"{unit}s" if unit in PLURALS else unit)
