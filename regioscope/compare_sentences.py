"""What a comparison says in words: the public cost first, displacement, and how to read the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.contrasts import contrast
from analysis.difference_text import difference_text, interval_text, mean_text, with_digits
from analysis.wording import HORIZON_WORDS, short_names

if TYPE_CHECKING:
    import pandas as pd

    from experiments.results import Results

__all__ = ["COST_PARTS", "cost_sentence", "displacement_sentences", "reading", "signing_sentence"]

SAME_COST = 0.01
"""Share of the reference's cost within which the whole interval must lie for the arms to cost the same."""

COST_PARTS = {"grants_paid_keur": "grants", "services_cost_keur": "services", "coordination_cost_keur": "coordination"}


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


def cost_sentence(by_horizon: dict[str, pd.DataFrame], results: Results) -> str:
    """Say whether two arms cost the public the same, when, and where the difference lies.

    Parameters
    ----------
    by_horizon : dict of str to pandas.DataFrame
        Contrasts of the public cost and its parts by indicator, at one horizon or two, the earlier first.
    results : Results
        The comparison.
    """
    (horizon, rows), *later = by_horizon.items()
    whole: Any = rows.loc["public_cost_keur"]
    names = short_names(results)
    other, reference = names[whole["other"]], names[whole["reference"]]
    if whole["pairs"] < 2:
        return f"Fewer than two pairs of runs: whether {other} and {reference} cost the public the same cannot be said."
    before, difference = float(whole["reference_mean"]), float(whole["difference"])
    interval = f"{difference_text(whole)} keur, 95 % interval {interval_text(whole)}"
    afterwards = "".join(
        f"; {HORIZON_WORDS[name]} {difference_text(each)} ({interval_text(each)})"
        for name, each in ((name, frame.loc["public_cost_keur"]) for name, frame in later)
    )
    if _is_the_same(whole, before):
        answer = f"Yes: {HORIZON_WORDS[horizon]} {other} and {reference} cost the public the same to within 1 %"
        return f"{answer} ({interval}){afterwards}."
    if whole["seen"] == "not seen":
        missed = f"one below {mean_text(whole, 'smallest_detectable')} keur may be there"
        answer = f"No difference between {other} and {reference} was seen {HORIZON_WORDS[horizon]}"
        return f"{answer} ({interval}); {missed}{afterwards}."
    share = f", {abs(100 * difference / before):.0f} %," if before else ""
    parts = ", ".join(f"{name} {difference_text(rows.loc[key])}" for key, name in COST_PARTS.items())
    return (
        f"No: {HORIZON_WORDS[horizon]} {other} costs the public {with_digits(abs(difference), 0)} keur{share} "
        f"{whole['seen']} than {reference} ({interval}; {parts}){afterwards}. "
        "What follows compares them at these costs."
    )


def _is_the_same(whole: Any, before: float) -> bool:
    if whole["equal"] == 1.0:
        return True
    return bool(max(abs(whole["low"]), abs(whole["high"])) <= SAME_COST * before)


MADE = {
    "collaborations": (
        ("collaborations_programme", "made by the programme"),
        ("collaborations_other", "others"),
        ("collaborations_cross_border", "across a border"),
        ("collaborations_domestic", "inside a country"),
        ("collaborations", "in all"),
    ),
    "innovations": (
        ("innovations_programme", "made by the programme"),
        ("innovations_other", "others"),
        ("innovations_cross_border", "across a border"),
        ("innovations_domestic", "not across a border"),
        ("innovations_commercialised", "in all"),
    ),
}
"""What stands behind a total: two divisions of it, and the total."""


def displacement_sentences(results: Results, other: str, reference: str, horizon: str) -> list[str]:
    """Say what stands behind a difference in totals: by whom it was made, how far it reaches, what it displaced."""
    names = [name for parts in MADE.values() for name, _ in parts]
    rows = contrast(results, other, reference, indicators=names, horizons=[horizon])
    rows = rows.set_index("indicator", drop=False)
    if rows.empty or rows["pairs"].iloc[0] < 2:
        return []
    short = short_names(results)
    about = f"{HORIZON_WORDS[horizon]}, {short[other]} minus {short[reference]}"
    return [_displacement_sentence(rows, what, about) for what in MADE]


def _displacement_sentence(rows: pd.DataFrame, what: str, about: str) -> str:
    parts: list[tuple[Any, str]] = [(rows.loc[name], where) for name, where in MADE[what]]
    said = [f"{difference_text(row)} ({interval_text(row)}) {where}" for row, where in parts]
    by_whom, how_far, in_all = ", ".join(said[:2]), ", ".join(said[2:4]), said[4]
    return " ".join([f"{what.capitalize()} {about}: {by_whom}; {how_far}; {in_all}.", *_displaced(rows, what)])


def _displaced(rows: pd.DataFrame, what: str) -> list[str]:
    """Where one part rises and the other falls, say so."""
    seen = [rows.loc[name, "seen"] for name, _ in MADE[what]]
    sentences = []
    if {seen[0], seen[1]} == {"more", "less"}:
        sentences.append("What the programme makes comes in part in the place of others.")
    if {seen[2], seen[3]} == {"more", "less"}:
        sentences.append("Those across a border come in part in the place of those within.")
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
        "[4 of 6]: pairs in which both arms define the indicator, the means are theirs. Counts run from month 1. Of "
        "collaborations and innovations, _programme are those that the programme funded or brought together, _other "
        "the rest, which its services may have helped; _cross_border and _domestic divide the total too. Those in "
        "whose place others come are both what the same firms would have made anyway and what other firms could not. "
        f"Shares are in per cent, their differences in percentage points. keur: thousand euro of {price_year}. The "
        "cost of an innovation is all public cost over the innovations that the programme made; neither are those "
        "subtracted that would have come anyway, nor those counted that its services helped.\n"
    )
