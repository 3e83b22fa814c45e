"""Documented figures: what a source reports, and how a run is held against it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from simulation.parameters.declaration import Section, entry

__all__ = ["Fact"]

Words = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Fact(Section):
    """A documented figure with its source and its one role.

    An ``input`` is built into the scenario, so it is never a result. A ``calibration`` figure is what parameters are
    set by, a ``validation`` figure what a run has to reproduce. One without an indicator is documented, but nothing
    simulated corresponds to it.
    """

    quantity: Words = Field(description="What was counted, in words")
    value: int | float | str = Field(description="The documented value, in the unit of the indicator if there is one")
    unit: Words = Field(description="Unit of the value")
    source: Words = Field(description="Where the value is documented")
    role: Literal["input", "calibration", "validation"] = Field(description="What the figure is used for, once")
    indicator: str | None = entry(None, "Indicator of the results that is held against the value")
    per: str | None = entry(None, "Indicator by which that one is divided")
    horizon: Literal["end", "plus12", "plus24"] | None = entry(
        None, "When it is held against it: months after the end of the programme; the end where neither is said"
    )
    month: int | None = entry(None, "Month of the run in which it is, instead of a horizon", "month", ge=1, le=1200)
    since_month: int | None = entry(
        None, "First month in which what was added counts; month 1 where not said", "month", ge=1, le=1200
    )
    bound: Literal["equal", "at_least", "at_most"] | None = entry(
        None, "Whether the value is the figure itself, where nothing is said, or a bound of it"
    )
    tolerance: float | None = entry(
        None, "Distance from the value, as a share of it, that still meets it; 0 for a bound", ge=0.0, le=1.0
    )
    at_least: float | None = entry(None, "Least value that agrees with what a text documents")
    at_most: float | None = entry(None, "Largest value that agrees with what a text documents")
    is_null: bool = entry(False, "What is documented did not happen: the indicator is to be undefined")
