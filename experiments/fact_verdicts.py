"""Documented figures against runs: the simulated median, its 90 % interval, and whether the figure came out.

A figure v is met by values x_1 .. x_n of as many runs if both hold:

- the median of x lies within tolerance · |v| of v; where v is a lower bound, not further below it than that; where
  it is an upper bound, not further above; where a text stands for a range, inside the range;
- the interval is narrow: its 95th percentile is less than three times its 5th. A model that allows anything
  reproduces nothing, so a wide interval around the right number does not count.

What is documented not to have happened is met if the indicator is undefined in more than half of the runs, and the
one-sided 95 % bound of that share (Clopper & Pearson) lies above one half: the share's own interval is narrow then.

References
----------
Grimm et al. (2005), Pattern-oriented modeling of agent-based complex systems, Science 310:987-991.
Clopper & Pearson (1934), The use of confidence or fiducial limits, Biometrika 26:404-413.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from experiments.headline_indicators import Spread, spread
from experiments.specification import HORIZONS
from simulation.parameters.facts import Fact
from simulation.scenario import Scenario

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = ["MOST_SPREAD", "FactVerdict", "Verdict", "fact_verdicts", "judged", "month_of"]

Verdict = Literal["met", "missed", "input", "not simulated"]

MOST_SPREAD = 3.0
"""Factor between the ends of the interval at which it says too little."""

ONE_HALF, ONE_SIDED = 0.5, 0.05


@dataclass(frozen=True)
class FactVerdict:
    """A documented figure and what the runs made of it.

    Attributes
    ----------
    fact : Fact
        What is documented.
    month : int or None
        Month of the run in which it is judged; None where nothing is.
    simulated : Spread or None
        Median and 5 to 95 % range over the runs that define the indicator; None where nothing is simulated.
    verdict : str
        ``met`` or ``missed`` for a figure that is held against runs; ``input`` for one that is built in; ``not
        simulated`` for one to which nothing simulated corresponds.
    reason : str
        Why it is missed, or what a reader should know; may be empty.
    """

    fact: Fact
    month: int | None
    simulated: Spread | None
    verdict: Verdict
    reason: str

    @property
    def counts(self) -> bool:
        """Whether it is a validation target that was missed."""
        return self.fact.role == "validation" and self.verdict == "missed"


def fact_verdicts(results: Results, arm: str, scenario: Scenario) -> list[FactVerdict]:
    """Hold the documented figures of a scenario against its stored runs.

    Parameters
    ----------
    results : Results
        What is stored.
    arm : str
        The scenario's arm in the results.
    scenario : Scenario
        The scenario with its facts.

    Returns
    -------
    list of FactVerdict
        In the order of the facts.
    """
    found = []
    for fact in scenario.facts:
        month = month_of(fact, scenario)
        if month is not None and month <= scenario.months:
            found.append(judged(fact, month, _simulated_values(results, arm, fact, month)))
        else:
            found.append(_without_runs(fact, month, scenario.months))
    return found


def month_of(fact: Fact, scenario: Scenario) -> int | None:
    """Return the month of the run in which a figure is judged, None for one that is not."""
    if fact.indicator is None:
        return None
    if fact.month is not None:
        return fact.month
    return scenario.programme_end_month + HORIZONS[fact.horizon or "end"]


def judged(fact: Fact, month: int, values: Sequence[float | None]) -> FactVerdict:
    """Hold one figure against the values of as many runs, None where the indicator is undefined.

    Parameters
    ----------
    fact : Fact
        A figure with an indicator.
    month : int
        Month of the values.
    values : sequence of float or None
        One a run.
    """
    simulated = spread(values)
    reason = _why_missed(fact, simulated)
    return FactVerdict(fact, month, simulated, "missed" if reason else "met", reason)


def _without_runs(fact: Fact, month: int | None, months: int) -> FactVerdict:
    if fact.role == "input":
        return FactVerdict(fact, None, None, "input", "")
    if month is None:
        return FactVerdict(fact, None, None, "not simulated", "")
    return FactVerdict(fact, month, None, "missed", f"month {month} lies after the run's last, {months}")


def _simulated_values(results: Results, arm: str, fact: Fact, month: int) -> list[float | None]:
    """Return what the figure is held against, one value a run, None where undefined."""
    above = _values_at(results, arm, str(fact.indicator), month)
    if fact.since_month is not None and fact.since_month > 1:
        before = _values_at(results, arm, str(fact.indicator), fact.since_month - 1)
        above = [None if a is None or b is None else a - b for a, b in zip(above, before, strict=True)]
    if fact.per is None:
        return above
    below = _values_at(results, arm, fact.per, month)
    return [None if a is None or not b else a / b for a, b in zip(above, below, strict=True)]


def _values_at(results: Results, arm: str, indicator: str, month: int) -> list[float | None]:
    import pyarrow.compute as pc

    rows = results.table("series", ("scenario", "replicate", "month", indicator))
    chosen = rows.filter(pc.and_(pc.equal(rows["scenario"], arm), pc.equal(rows["month"], month)))
    values: list[float | None] = chosen.sort_by("replicate")[indicator].to_pylist()
    return values


def _why_missed(fact: Fact, simulated: Spread) -> str:
    """Return why a figure is missed, an empty text where it is met."""
    if not simulated.runs:
        return "no run is stored"
    if fact.is_null:
        return _why_it_happened(simulated)
    if simulated.median is None or 2 * simulated.defined <= simulated.runs:
        return f"defined in {simulated.defined} of {simulated.runs} runs"
    reasons = [_why_off(fact, simulated.median), _why_wide(simulated)]
    return "; ".join(reason for reason in reasons if reason)


def _why_it_happened(simulated: Spread) -> str:
    from scipy.special import betaincinv

    undefined = simulated.runs - simulated.defined
    lowest = float(betaincinv(undefined, simulated.defined + 1, ONE_SIDED)) if undefined else 0.0
    if lowest > ONE_HALF:
        return ""
    return f"undefined in {undefined} of {simulated.runs} runs: not surely more than half"


def _why_off(fact: Fact, median: float) -> str:
    low, high = _range(fact)
    if low is not None and median < low:
        return f"median below {low:,.4g}"
    if high is not None and median > high:
        return f"median above {high:,.4g}"
    return ""


def _range(fact: Fact) -> tuple[float | None, float | None]:
    """Return the least and largest median that meet a figure."""
    if fact.at_least is not None or fact.at_most is not None or isinstance(fact.value, str):
        return fact.at_least, fact.at_most
    slack = (fact.tolerance or 0.0) * abs(fact.value)
    low = None if fact.bound == "at_most" else fact.value - slack
    high = None if fact.bound == "at_least" else fact.value + slack
    return low, high


def _why_wide(simulated: Spread) -> str:
    low, high = simulated.p05, simulated.p95
    if low is None or high is None or low == high:
        return ""
    if low <= 0.0:
        return "interval too wide: it holds 0"
    factor = high / low
    return f"interval too wide: a factor {factor:.1f}" if factor >= MOST_SPREAD else ""
