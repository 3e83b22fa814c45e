"""What a comparison says in words: the public cost first, displacement, and how to read the numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.contrasts import contrast
from experiments.results import Results
from regioscope.difference_text import difference_text, interval_text, mean_text, short_names, with_digits

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COST_PARTS",
    "LATEST_FIRST",
    "cost_sentence",
    "displacement_sentences",
    "in_the_place_of_others",
    "reading",
    "signing_sentence",
]

SAME_COST = 0.01
"""Share of the reference's cost within which the whole interval must lie for the arms to cost the same."""

COST_PARTS = {"grants_paid_keur": "grants", "services_cost_keur": "services", "coordination_cost_keur": "coordination"}
LATEST_FIRST = ("plus24", "plus12", "end", "last")
WHEN = {
    "end": "by the end of the programme",
    "plus12": "12 months after the end of the programme",
    "plus24": "24 months after the end of the programme",
    "last": "by the last month",
}


def cost_sentence(rows: pd.DataFrame) -> str:
    """Say whether two arms cost the public the same, and where the difference lies.

    Parameters
    ----------
    rows : pandas.DataFrame
        Contrasts of the public cost and its parts at one horizon, by indicator.
    """
    whole: Any = rows.loc["public_cost_keur"]
    names = short_names([whole["reference"], whole["other"]])
    other, reference = names[whole["other"]], names[whole["reference"]]
    if math.isnan(whole["low"]):
        return f"Fewer than two pairs of runs: whether {other} and {reference} cost the public the same cannot be said."
    before, difference = float(whole["reference_mean"]), float(whole["difference"])
    interval = f"95 % interval {interval_text(whole)}"
    if max(abs(whole["low"]), abs(whole["high"])) <= SAME_COST * before or not (before or difference):
        return f"Yes: {other} and {reference} cost the public the same to within 1 % ({interval} keur)."
    if whole["seen"] == "not seen":
        missed = mean_text(whole, "smallest_detectable")
        seen = f"No difference was seen between {other} and {reference} ({interval} keur)"
        return f"{seen}; one below {missed} keur may be there."
    share = f", {abs(100 * difference / before):.0f} %" if before else ""
    parts = ", ".join(f"{name} {difference_text(rows.loc[key])}" for key, name in COST_PARTS.items())
    return (
        f"No: {other} costs the public {with_digits(abs(difference), 0)} keur{share} {whole['seen']} than {reference} "
        f"{WHEN[whole['horizon']]} ({interval}): {parts}. What follows compares them at these costs."
    )


def signing_sentence(results: Results, arm: str) -> str | None:
    """Say in how many runs of an arm a common objective was signed; None where there is no partnership."""
    runs = results.runs[results.runs["scenario"] == arm]
    partnership = results.manifest.scenarios[arm]["values"]["partnership"]
    if not partnership["founded"] or not len(runs) or not runs["partnership_members"].max():
        return None
    if partnership["decision"] == "none":
        return f"{arm}: works from the start, without a signature."
    signed = runs["partnership_signed_month"].dropna()
    when = f", the median of these in month {float(signed.median()):.0f}" if len(signed) else ""
    return f"{arm}: a common objective was signed in {len(signed)} of {len(runs)} runs{when}."


MADE = {
    "collaborations": ("collaborations", "collaborations_programme", "collaborations_other"),
    "innovations": ("innovations_commercialised", "innovations_programme", "innovations_other"),
}


def displacement_sentences(results: Results, other: str, reference: str) -> list[str]:
    """Say what stands behind a difference in totals: what the programme made, and what was made without it."""
    frame = contrast(results, other, reference, indicators=[name for names in MADE.values() for name in names])
    horizon = next((each for each in LATEST_FIRST if each in set(frame["horizon"])), None)
    rows = frame[frame["horizon"] == horizon].set_index("indicator")
    if horizon is None or math.isnan(rows["low"].iloc[0]):
        return []
    names = short_names([reference, other])
    about = f"{WHEN[horizon]}, {names[other]} minus {names[reference]}"
    return [_displacement_sentence(rows, what, about) for what in MADE]


def _displacement_sentence(rows: pd.DataFrame, what: str, about: str) -> str:
    total, programme, besides = (rows.loc[name] for name in MADE[what])
    parts = [
        f"{difference_text(row)} ({interval_text(row)}) {where}"
        for row, where in (
            (programme, "made by the programme"),
            (besides, "neither funded nor brought together by it"),
            (total, "in all"),
        )
    ]
    return " ".join([f"{what.capitalize()} {about}: {', '.join(parts)}.", *_verdict(programme, besides)])


def _verdict(programme: Any, besides: Any) -> list[str]:
    """What the difference in the others says of displacement."""
    seen = programme["seen"], besides["seen"]
    if seen in (("more", "less"), ("less", "more")):
        return ["The programme's came in part in the place of others."]
    if seen in (("more", "not seen"), ("less", "not seen")):
        return ["Whether they came in part in the place of others cannot be told: see the second interval."]
    return []


def in_the_place_of_others(rows: pd.DataFrame) -> list[str]:
    """Say against which reference arms what the programme made came in the place of others.

    Parameters
    ----------
    rows : pandas.DataFrame
        Additionality of one scenario at one horizon.
    """
    sentences = []
    for (reference, comparison), group in rows.groupby(["reference", "comparison"], sort=False):
        by_name = group.set_index("indicator")
        for what, (_, programme, besides) in MADE.items():
            if (by_name.loc[programme, "seen"], by_name.loc[besides, "seen"]) == ("more", "less"):
                displaced = difference_text(by_name.loc[besides])
                sentences.append(
                    f"Against {reference} ({comparison}) the programme's {what} came in part in the place of others: "
                    f"{displaced} ({interval_text(by_name.loc[besides])}) that it neither funded nor brought together."
                )
    return sentences


def reading(results: Results) -> str:
    """Return how to read the numbers, and what they do not say."""
    price_year = results.manifest.scenarios[results.reference]["values"]["price_year"]
    return (
        "\nHow to read this. Means over pairs of runs; in a pair the firms and their luck are the same in all arms. "
        "The interval is that of the mean difference: the luck of the draw, under the scenarios' assumptions. The "
        "uncertainty of the assumptions is not in it; sweep them before advice rests on this. * marks an interval "
        "without 0; of twenty indicators without any true difference one has a star by luck. ahead: share of pairs "
        "in which the arm beside the reference does better; equal: in which neither does. can see: smallest true "
        "difference that so many pairs show with probability .8; where there is no star, a smaller one may be there. "
        "Counts run from month 1. Of collaborations and innovations, _programme are those that the programme funded "
        "or brought together, _other the rest, which its services may have helped; _cross_border overlaps with both. "
        f"Shares are in per cent, their differences in percentage points. keur: thousand euro of {price_year}. The "
        "cost of an innovation is all public cost over the innovations that the programme made: gross, what would "
        "have come anyway is not subtracted.\n"
    )
