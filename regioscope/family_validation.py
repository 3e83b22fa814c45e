"""A family of scenarios run as pairs, its documented figures judged and its arms compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.fact_verdicts import FactVerdict
    from experiments.families import Expectation, Family
    from experiments.published_models import PublishedFigure
    from experiments.replication import Request
    from experiments.results import Results
    from simulation.scenario import Scenario

__all__ = ["ArmVerdict", "FamilyReport", "family_report", "family_request", "predicted_seconds", "targets"]

SECONDS_PER_RUN = 0.3
SECONDS_PER_SME_MONTH = 1.2e-6
"""What a run takes on an ordinary machine; for a prediction to within a factor of two or three."""


@dataclass(frozen=True)
class ArmVerdict:
    """The head of a family against one of its arms in one indicator.

    Attributes
    ----------
    expectation : Expectation
        What was to be expected.
    row : mapping
        The contrast, head minus the arm, as :func:`analysis.contrasts.contrast` gives it.
    verdict : str
        What came out: ``as expected``, ``against the evidence``, ``more`` or ``less`` where the evidence leaves the
        direction open, ``more, where studies found none``, ``not seen``, or ``the same runs`` where the arms do not
        differ at all.
    """

    expectation: Expectation
    row: Any
    verdict: str


@dataclass(frozen=True)
class FamilyReport:
    """What became of a family.

    Attributes
    ----------
    family : Family
        The family.
    head : str
        Its head's name among the arms of the results.
    results : Results
        The stored runs.
    facts : sequence of FactVerdict
        The head's documented figures.
    arms : sequence of ArmVerdict
        The comparisons, at the horizons that are shown.
    """

    family: Family
    head: str
    results: Results
    facts: Sequence[FactVerdict]
    arms: Sequence[ArmVerdict]

    @property
    def missed(self) -> int:
        """Validation targets that were missed."""
        return sum(each.counts for each in self.facts)

    @property
    def met(self) -> int:
        """Validation targets that were met."""
        return sum(each.fact.role == "validation" and each.verdict == "met" for each in self.facts)


def targets(reports: Sequence[FamilyReport], published: Mapping[str, Sequence[PublishedFigure]]) -> tuple[int, int]:
    """Return how many validation targets were met and missed, those of published models among them."""
    came_out = [figure.met for figures in published.values() for figure in figures]
    met = sum(each.met for each in reports) + came_out.count(True)
    return met, sum(each.missed for each in reports) + came_out.count(False)


def family_request(family: Family, replicates: int, seed: int) -> Request:
    """Return what is run for a family: head, removals, and the reference arms of the head.

    Raises
    ------
    ScenarioError
        If one of its scenarios is wrong or missing.
    """
    from regioscope.comparison import comparison_of

    request = comparison_of([family.head, *family.removals], replicates, seed, reference=True)
    head = request.arms[0].name
    wanted = [arm for arm in request.arms if arm.kind == "scenario" or head in arm.of]
    return replace(request, arms=tuple(wanted))


def family_report(family: Family, request: Request, folder: Path) -> FamilyReport:
    """Return what the stored runs of a family say.

    Parameters
    ----------
    family : Family
        The family.
    request : Request
        What was run.
    folder : Path
        Where it is stored.
    """
    from experiments.fact_verdicts import fact_verdicts
    from experiments.results import open_results

    results, head = open_results(folder), request.arms[0]
    facts = fact_verdicts(results, head.name, head.scenario)
    return FamilyReport(family, head.name, results, facts, _arm_verdicts(family, request, results))


def predicted_seconds(requests: Sequence[Request], jobs: int) -> float:
    """Return how long requests take in so many processes if nothing of them is stored."""
    return sum(len(each.replicates) * _seconds_of(arm.scenario) for each in requests for arm in each.arms) / jobs


def _seconds_of(scenario: Scenario) -> float:
    population = scenario.population
    smes = len(population.regions) * len(population.sectors) * population.smes_per_cluster
    return SECONDS_PER_RUN + SECONDS_PER_SME_MONTH * smes * (scenario.months + scenario.warm_up_months)


def _arm_verdicts(family: Family, request: Request, results: Results) -> list[ArmVerdict]:
    from analysis.contrasts import contrast, first_and_latest
    from experiments.families import with_costs

    head = request.arms[0].name
    found = []
    for expectation in with_costs(family.expectations):
        arm = _arm_of(expectation.without, request)
        frame = contrast(results, head, reference=arm, indicators=[expectation.indicator])
        shown = frame[frame["horizon"].isin(first_and_latest(frame))]
        found += [ArmVerdict(expectation, row, _verdict(expectation, row)) for row in shown.to_dict("records")]
    return found


def _arm_of(without: str, request: Request) -> str:
    """Return the arm that an expectation means: a scenario as it was given, or a reference arm by its kind."""
    return next(arm.name for arm in request.arms if without in (arm.given, arm.kind) and arm is not request.arms[0])


def _verdict(expectation: Expectation, row: Any) -> str:
    if row["method"] == "the same runs":
        return "the same runs"
    if row["seen"] == "not seen":
        return "not seen"
    if expectation.sign == "+":
        return "as expected" if row["seen"] == "more" else "against the evidence"
    if expectation.sign == "0 or open" and row["seen"] == "more":
        return "more, where studies found none"
    return str(row["seen"])
