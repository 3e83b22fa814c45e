"""What is owed to the programme, to reaching across regions, and to judgement in matching.

Each scenario of a comparison is held against its reference arms, pair by pair:

    additionality          = scenario - none      (no programme at all)
    EU added value         = scenario - separate  (its calls and services inside each region, nothing seen across)
    matching by judgement  = scenario - random    (pairs introduced by lot)

All arms share regions, firms and luck, so nothing but the programme differs between them: the model's counterpart
of the control group that an evaluation has to look for. Arms without a partnership bear no cost of coordinating one,
so contrast ``public_cost_keur`` before anything else.

References
----------
Georghiou (2002), Impact and additionality of innovation policy, in Innovation Policy and Sustainable Development.
European Commission (2013), EVALSED: The resource for the evaluation of socio-economic development (additionality,
deadweight, displacement).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.contrasts import PairsOfRuns, contrast, pairs_of_runs, see_that_it_is_an_arm, typed
from experiments.paired import PairedDifference, RatioOfMeans, paired_difference, ratio_of_means

if TYPE_CHECKING:
    from experiments.results import Results

__all__ = [
    "COMPARISONS",
    "Displacement",
    "MadeByTheProgramme",
    "additionality",
    "cost_per_additional_innovation",
    "displacement",
]

COMPARISONS = {
    "none": "additionality",
    "separate": "EU added value",
    "random": "matching by judgement",
}
"""What a scenario minus each kind of reference arm is called."""


@dataclass(frozen=True)
class MadeByTheProgramme:
    """What the programme made of one kind of thing, and what became of the others.

    Attributes
    ----------
    programme : float
        Mean of those that the programme made.
    gain : PairedDifference
        All there are, minus all there are without the programme.
    others : PairedDifference
        Those that the programme did not make, minus all there are without the programme: below 0 where it took
        their place, above 0 where its services and what firms learned in it helped others come about.
    in_place_of_others : RatioOfMeans
        Share of those the programme made that came in the place of others, net of those it helped come about:
        (programme - gain) / programme. 0 if all came on top, 1 if as many would have been made without it,
        below 0 if others rose too. What the same partners would have made anyway (deadweight) is in it as well
        as what others could not make since partners or money were taken: totals do not tell one from the
        other, and a share below 0 does not say that nobody was displaced.
    """

    programme: float
    gain: PairedDifference
    others: PairedDifference
    in_place_of_others: RatioOfMeans


@dataclass(frozen=True)
class Displacement:
    """How much of what a programme made came on top of what is made without one.

    Attributes
    ----------
    arm, reference : str
        The scenario, and its arm without a programme.
    horizon : str
        When.
    collaborations, innovations : MadeByTheProgramme
        Collaborations begun, and innovations brought to market.
    """

    arm: str
    reference: str
    horizon: str
    collaborations: MadeByTheProgramme
    innovations: MadeByTheProgramme


def additionality(
    results: Results, indicators: Sequence[str] | None = None, horizons: Sequence[str] | None = None
) -> pd.DataFrame:
    """Hold every scenario of a comparison against its reference arms.

    Parameters
    ----------
    results : Results
        A comparison with reference arms.
    indicators, horizons : sequence of str, optional
        As in :func:`analysis.contrasts.contrast`.

    Returns
    -------
    pandas.DataFrame
        The rows of :func:`analysis.contrasts.contrast` with ``comparison`` before them: ``additionality``,
        ``EU added value`` or ``matching by judgement``; ``other`` is the scenario and ``reference`` its reference
        arm. No row where there are no reference arms.

    Raises
    ------
    DataError
        If an indicator or horizon is unknown.
    """
    frames = [
        contrast(results, scenario, reference, indicators, horizons).assign(comparison=COMPARISONS[kind])
        for scenario, kind, reference in _reference_arms(results)
    ]
    rows = pd.concat(frames, ignore_index=True) if frames else typed([]).assign(comparison="")
    return rows[["comparison", *(name for name in rows.columns if name != "comparison")]]


def displacement(results: Results, arm: str, horizon: str) -> Displacement | None:
    """Return how much of what an arm's programme made came on top of what is made without one.

    Between two arms that both have a programme, contrast ``innovations_programme``, ``innovations_other`` and
    ``innovations_commercialised`` instead: others that are fewer make room for the programme's.

    Parameters
    ----------
    results : Results
        A comparison.
    arm : str
        One of its scenarios.
    horizon : str
        ``end``, ``plus12``, ``plus24`` or ``last``.

    Returns
    -------
    Displacement or None
        None if the comparison has no arm without a programme for this scenario, or the horizon is not reached.

    Raises
    ------
    DataError
        If the arm or horizon is unknown.
    """
    found = _without_programme(results, arm, horizon)
    if found is None:
        return None
    reference, pairs = found
    return Displacement(
        arm=arm,
        reference=reference,
        horizon=horizon,
        collaborations=_made(pairs, "collaborations", "collaborations_programme"),
        innovations=_made(pairs, "innovations_commercialised", "innovations_programme"),
    )


def cost_per_additional_innovation(results: Results, arm: str, horizon: str) -> RatioOfMeans | None:
    """Return what the public paid for each innovation that would not have come without the programme.

    Public cost of the scenario minus that of its arm without a programme, by all innovations brought to market
    minus those without a programme: whoever made them. The gross cost per innovation counts those that the
    programme made, whether they would have come anyway or not.

    Parameters
    ----------
    results : Results
        A comparison.
    arm : str
        One of its scenarios.
    horizon : str
        ``end``, ``plus12``, ``plus24`` or ``last``.

    Returns
    -------
    RatioOfMeans or None
        In keur; None if the comparison has no arm without a programme for this scenario, or the horizon is not
        reached. The ratio has no meaning where the gain in innovations may be 0.

    Raises
    ------
    DataError
        If the arm or horizon is unknown.
    """
    found = _without_programme(results, arm, horizon)
    if found is None:
        return None
    cost_without, cost = found[1].values("public_cost_keur")
    without, made = found[1].values("innovations_commercialised")
    return ratio_of_means(cost - cost_without, made - without)


def _without_programme(results: Results, arm: str, horizon: str) -> tuple[str, PairsOfRuns] | None:
    """Return the arm without a programme that belongs to a scenario, and the runs of both in pairs."""
    see_that_it_is_an_arm(results, arm)
    names = [name for scenario, kind, name in _reference_arms(results) if (scenario, kind) == (arm, "none")]
    pairs = pairs_of_runs(results, arm, names[0] if names else arm, [horizon])
    return (names[0], pairs[0]) if names and pairs else None


def _made(pairs: PairsOfRuns, total: str, programme: str) -> MadeByTheProgramme:
    without, all_made = pairs.values(total)
    _, by_programme = pairs.values(programme)
    return MadeByTheProgramme(
        programme=float(by_programme.mean()),
        gain=paired_difference(without, all_made),
        others=paired_difference(without, all_made - by_programme),
        in_place_of_others=ratio_of_means(by_programme - (all_made - without), by_programme),
    )


def _reference_arms(results: Results) -> Iterator[tuple[str, str, str]]:
    """Yield each scenario with the kind and name of each of its reference arms."""
    about = results.manifest.scenarios
    for scenario in results.arms:
        for kind in COMPARISONS:
            for arm in results.arms:
                if about[arm]["kind"] == kind and scenario in about[arm]["of"]:
                    yield scenario, kind, arm
