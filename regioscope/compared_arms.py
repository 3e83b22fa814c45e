"""What the arms of a comparison are: their market, what differs between them, what became of their partnerships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.scenario_difference import flat

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = ["market", "signing_sentence", "what_differs"]

LABELS = ("partnership.governance", "partnership.presets")
"""Keys that decide nothing but through the attributes they stand for."""

MOST_TOLD = 16


def market(results: Results) -> str:
    """Return how large the simulated market of the reference arm is."""
    values = results.manifest.scenarios[results.reference]["values"]
    runs = results.runs[results.runs["scenario"] == results.reference]
    smes = f"{runs['smes_alive'].mean():,.0f} SMEs in " if len(runs) else ""
    population = values["population"]
    return f"{smes}{len(population['regions'])} regions and {len(population['sectors'])} sectors"


def what_differs(results: Results, other: str) -> str:
    """Return the values that differ between the reference and another scenario, those of the reference first."""
    one, two = (flat(results.manifest.scenarios[arm]["values"]) for arm in (results.reference, other))
    changed = [key for key in {**one, **two} if one.get(key) != two.get(key) and not key.startswith(LABELS)]
    if not changed:
        return f"{other}: every value is that of {results.reference}."
    told = [f"{key.removeprefix('partnership.')} {_shown(one.get(key))} → {_shown(two.get(key))}" for key in changed]
    rest = f", and {len(told) - MOST_TOLD} more (regioscope scenario diff)" if len(told) > MOST_TOLD else ""
    return f"Differs from {results.reference} to {other}: {', '.join(told[:MOST_TOLD])}{rest}."


def _shown(value: object) -> str:
    return "not set" if value is None else str(value)[:40]


def signing_sentence(results: Results, arm: str) -> str | None:
    """Say in how many runs of an arm a common objective was signed; None where there is no partnership."""
    runs = results.runs[results.runs["scenario"] == arm]
    about = results.manifest.scenarios[arm]
    partnership, programme = about["values"]["partnership"], about["values"]["programme"]
    has_one = about["values"].get("partnerships") and partnership["founded"] and programme["active"]
    if not has_one or not len(runs):
        return None
    if partnership["decision"] == "none":
        return f"{arm}: works from the start, without a signature."
    signed = runs["partnership_signed_month"].dropna()
    when = f" (median: month {float(signed.median()):.0f})" if len(signed) else ""
    said = f"{arm}: a common objective was signed in {len(signed)} of {len(runs)} runs{when}"
    return said + ("." if len(signed) == len(runs) else f"; {_without_signature(about)}.")


def _without_signature(about: dict[str, Any]) -> str:
    partnership = about["values"]["partnership"]
    deadline = partnership["deadline_months"]
    if not deadline or about["months"] < deadline + about["values"]["programme"]["starts_month"] - 1:
        return "the others were still negotiating when the run ended"
    if partnership["fallback"] == "none":
        return f"the others were dissolved at the deadline of {deadline} months"
    return f"in the others a letter of intent took its place at the deadline of {deadline} months"
