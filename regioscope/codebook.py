"""What every column of the stored tables means, for the CSV files that leave the project."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.indicator_definitions import (
    FLOW_INDICATORS,
    INDICATORS,
    NETWORK_COLUMNS,
    REGIONAL_INDICATORS,
    Indicator,
    ResultColumn,
)

__all__ = ["meaning_of"]

IDENTITY = {
    "run_id": ("", "Digest of scenario, seed, replicate, months and the model's code: the same run, the same digest"),
    "scenario": ("", "Arm: a scenario, or a reference arm; arms.csv says what each is"),
    "replicate": ("", "Replicate, counted from 0; the same replicate has the same firms and luck in every arm"),
    "seed": ("", "Seed of all random numbers"),
    "month": ("month", "Month of the run, counted from 1"),
    "horizon": (
        "",
        "end: end of the programme; plus12, plus24: months after it; last: last month, if none is reached",
    ),
    "region": ("NUTS code", "Region"),
    "other_region": ("NUTS code", "The other region, in the order of the codes; the same one for ties inside it"),
    "wall_seconds": ("second", "Time that the run took; the one column that differs when it is run again"),
    "code_version": ("", "Version of the project, with the commit where it ran from a checkout"),
    "error": ("", "Class of the error that ended the run"),
    "message": ("", "What went wrong"),
    "command": ("", "Command that runs it again"),
}

ARMS = {
    "kind": ("", "scenario, or the kind of reference arm: none (no programme), separate (regions), random (pairs)"),
    "of": ("", "Scenarios whose reference arm this is"),
    "title": ("", "Title of the scenario"),
    "start": ("", "Calendar month of month 1"),
    "months": ("month", "Length of a run"),
    "programme_end_month": ("month", "Last month of the programme"),
    "settings": ("", "Overrides of this arm beside those of the whole study, as JSON"),
}

CONTRASTS = {
    "comparison": (
        "",
        "additionality: minus none; EU added value: minus separate; matching by judgement: minus random",
    ),
    "other_month": ("month", "Month of the horizon in the other arm"),
    "indicator": ("", "Indicator, defined in the columns of that name"),
    "unit": ("", "Unit of the indicator, 1 for shares"),
    "direction": ("", "Whether a programme wants more or less of it, or neither"),
    "reference": ("", "Arm that is subtracted"),
    "other": ("", "Arm that it is subtracted from"),
    "reference_mean": ("as the indicator", "Mean over the pairs used; of a ratio, the ratio of means"),
    "other_mean": ("as the indicator", "The same of the other arm"),
    "difference": ("as the indicator", "Other minus reference"),
    "low": ("as the indicator", "Lower bound of the 95 % interval of the difference"),
    "high": ("as the indicator", "Upper bound of the 95 % interval of the difference"),
    "better": (
        "1",
        "Share of pairs in which the other is better by the direction, higher where that is neutral",
    ),
    "equal": ("1", "Share of pairs in which both are equal"),
    "pairs": ("pair", "Pairs of runs used: those in which both arms define the indicator"),
    "runs": ("pair", "Pairs of runs there are"),
    "reference_defined": ("run", "Runs of the reference in which the indicator is defined"),
    "other_defined": ("run", "Runs of the other arm in which the indicator is defined"),
    "smallest_detectable": ("as the indicator", "True difference that so many pairs show with probability 0.8"),
    "seen": ("", "more or less: the interval excludes 0; not seen: it does not"),
    "method": ("", "How the interval was made"),
}

OWN_COLUMNS: dict[str, Sequence[Indicator | ResultColumn]] = {
    "regions": REGIONAL_INDICATORS,
    "flows": FLOW_INDICATORS,
    "network": NETWORK_COLUMNS,
    **dict.fromkeys(("arms", "contrasts", "additionality"), ()),
}
"""Columns of the tables whose names mean something else than those of the indicators."""


def meaning_of(table: str, column: str) -> tuple[str, str]:
    """Return unit and meaning of a column of a table; a factor's column holds what was set."""
    for each in OWN_COLUMNS.get(table, INDICATORS):
        if each.name == column:
            return each.unit, each.definition
    known = {"arms": ARMS, "contrasts": CONTRASTS, "additionality": CONTRASTS}.get(table, {})
    if column in known:
        return known[column]
    return IDENTITY.get(column, ("", "Parameter that was set; regioscope describe says what it means"))
