"""What a comparison says in words: the public cost first, displacement, and how to read the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.contrasts import contrast, pairs_of_runs
from analysis.difference_text import difference_text, interval_text, mean_text, with_digits
from analysis.wording import HORIZON_WORDS, short_names

if TYPE_CHECKING:
    import pandas as pd

    from experiments.results import Results

__all__ = ["COST_PARTS", "cost_sentence", "displacement_sentences", "outcome_sentences", "reading"]

SAME_COST = 0.01
"""Share of the reference's cost within which the whole interval must lie for the arms to cost the same."""

COST_PARTS = {"grants_paid_keur": "grants", "services_cost_keur": "services", "coordination_cost_keur": "coordination"}


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


def outcome_sentences(results: Results, other: str, horizon: str) -> list[str]:
    """Say what a difference in cost is where a common objective was signed and where not: a mean may lie between.

    Parameters
    ----------
    results : Results
        The comparison.
    other : str
        The arm that is compared with the reference.
    horizon : str
        When.
    """
    sentences = []
    short = short_names(results)
    for pairs in pairs_of_runs(results, other, results.reference, [horizon]):
        before, after = pairs.values("public_cost_keur")
        for arm, runs in ((results.reference, pairs.reference), (other, pairs.other)):
            signed = runs["partnership_signed_month"].notna().to_numpy()
            if pairs.same_runs or signed.all() or not signed.any():
                continue
            means = ((after - before)[chosen].mean() for chosen in (signed, ~signed))
            where_signed, elsewhere = (with_digits(float(mean), 0, sign=True) for mean in means)
            sentences.append(
                f"That mean lies between two outcomes, {HORIZON_WORDS[horizon]}: {where_signed} keur where "
                f"{short[arm]} signed ({signed.sum()} of {signed.size} pairs), {elsewhere} where not."
            )
    return sentences


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
        sentences.append("On balance, part of what the programme makes stands in the place of others.")
    if {seen[2], seen[3]} == {"more", "less"}:
        sentences.append("On balance, those across a border stand in part in the place of those within.")
    return sentences


def reading(results: Results) -> str:
    """Return how to read the numbers, and what they do not say."""
    price_year = results.manifest.scenarios[results.reference]["values"]["price_year"]
    return (
        "\nHow to read this. Means over pairs of runs; in a pair the firms and their luck are the same in all arms. "
        "The interval is that of the mean difference: the luck of the draw, under the scenarios' assumptions. The "
        "uncertainty of the assumptions is not in it; sweep them before advice rests on this. * marks an interval "
        "without 0; of twenty indicators without any true difference one has a star by luck. ahead: share of pairs "
        "in which the arm beside the reference does better, which is not how sure the mean is; equal: in which "
        "neither does. can see: smallest true difference that so many pairs show with probability .8; where there is "
        "no star, a smaller one may be there. [4 of 6]: pairs in which both arms define the indicator, the means are "
        "theirs. Counts run from month 1. Introductions include declined ones; an innovation is a project that "
        "reached the market; cooperation_share is that of SMEs with a collaboration begun in the last 36 months. Of "
        "collaborations and innovations, _programme are those that the programme funded or brought together, _other "
        "the rest, which its services may have helped; _cross_border and _domestic divide the total too. Where some "
        "stand in the place of others, the same firms may have made those anyway, or other firms could not; the two "
        "are not told apart. Shares are in per cent, their differences in percentage points. keur: thousand euro of "
        f"{price_year}. Coordination is joining costs, fees and meetings, at rates that the scenarios assume; it goes "
        "on while a partnership does. The cost of an innovation is all public cost over the innovations that the "
        "programme made; neither are those subtracted that would have come anyway, nor those counted that its "
        "services helped. regioscope describe defines every indicator.\n"
    )
