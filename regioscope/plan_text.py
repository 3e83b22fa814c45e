"""The plan of a study in a line or two, and as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.plan import Plan

__all__ = ["duration", "plan_as_data", "plan_text", "size"]

MINUTE, HOUR = 60, 3600
UNITS = ("B", "kB", "MB", "GB", "TB")


def plan_text(plan: Plan) -> str:
    """Return what is about to be computed, and how long that will take."""
    points = f"{plan.points:,} design point{'s' if plan.points != 1 else ''}"
    arms = f"{plan.arms:,} arm{'s' if plan.arms != 1 else ''}"
    runs = f"{plan.most:,}" if plan.most == plan.fewest else f"{plan.fewest:,} to {plan.most:,}"
    whole = f"Plan: {points}, {arms}, {runs} run{'s' if plan.most != 1 else ''}"
    if plan.shard:
        whole += f" in shard {plan.shard}"
    stored = plan.fewest - plan.missing
    if stored > 0:
        whole += f", {stored:,} stored already" if plan.missing else ", all stored already"
    return f"{whole}{_time(plan)}"


def _time(plan: Plan) -> str:
    if plan.seconds is None or plan.run_seconds is None or plan.bytes is None:
        return "" if plan.missing else ": nothing to compute"
    processes = f"{plan.jobs} process{'es' if plan.jobs != 1 else ''}"
    each = f"{plan.run_seconds:.2g} s a run" if plan.run_seconds < 10 else f"{duration(plan.run_seconds)} a run"
    first = " for the fewest" if plan.most != plan.fewest else ""
    took = f"{duration(plan.seconds)}{first} with {processes} ({each}) after this trial"
    return f"\n      about {took}, some {size(plan.bytes)}"


def plan_as_data(plan: Plan) -> dict[str, Any]:
    """Return the plan ready for JSON."""
    return asdict(plan)


def duration(seconds: float) -> str:
    """Return a time in the unit that a person would use."""
    if seconds < 100:
        return f"{max(round(seconds), 1)} s"
    if seconds < 100 * MINUTE:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < 100 * HOUR else f"{seconds / HOUR / 24:.0f} days"


def size(room: float) -> str:
    """Return an amount of storage in the unit that a person would use."""
    unit = 0
    while room >= 1000 and unit + 1 < len(UNITS):
        room, unit = room / 1000, unit + 1
    return f"{room:.2g} {UNITS[unit]}" if room < 10 else f"{room:.0f} {UNITS[unit]}"
