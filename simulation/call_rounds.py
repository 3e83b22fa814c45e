"""When calls are held: a call opens and closes once, or several times at equal intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.parameters.places import Call
from simulation.randomness import combined
from simulation.state import NOBODY
from simulation.world import World

__all__ = ["Round", "next_chance", "round_of"]


@dataclass(frozen=True)
class Round:
    """A call in one of its runs.

    Attributes
    ----------
    row : int
        Row of the call.
    name : str
        Its key in the scenario.
    call : Call
    number : int
        Number of the run, counted from 0.
    month : int
        Month of the run, counted from 0.
    identity : uint64
        Address of what is drawn for it; that of the first run is the call's.
    """

    row: int
    name: str
    call: Call
    number: int
    month: int
    identity: np.uint64

    @property
    def months_open(self) -> int:
        """Months in which applications are taken."""
        return self.call.closes_month - self.call.opens_month + 1

    @property
    def closes(self) -> bool:
        """Whether this is its last month."""
        return self.month == self.months_open - 1


def round_of(world: World, row: int, name: str) -> Round | None:
    """The run of a call that takes applications this month; None where there is none."""
    call = world.scenario.calls[name]
    number, month = 0, world.month - call.opens_month
    if call.runs > 1:
        number, month = divmod(month, call.every_months)
    if not (0 <= number < call.runs and 0 <= month <= call.closes_month - call.opens_month):
        return None
    identity = world.state.calls.identity[row]
    if number:
        identity = combined(identity, np.array([number], dtype=np.uint64))[0]
    return Round(row, name, call, number, month, np.uint64(identity))


def next_chance(world: World, held: Round) -> int:
    """Row of the call that next decides on those refused now: the same, or of those that follow the first to close."""
    if held.number + 1 < held.call.runs:
        return held.row
    closing = []
    for row, name in enumerate(sorted(world.scenario.calls)):
        call = world.scenario.calls[name]
        if call.follows == held.name:
            months = [call.closes_month + run * call.every_months for run in range(call.runs)]
            closing += [(month, row) for month in months if month > world.month]
    return min(closing)[1] if closing else NOBODY
