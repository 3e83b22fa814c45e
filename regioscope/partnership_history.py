"""What happened to the partnerships of a run, told from its stored series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["calendar_month", "events", "statuses"]

type Series = Mapping[str, Sequence[float | None]]

LETTER = "letter of intent"


def calendar_month(start: str, month: int) -> str:
    """Return the calendar month of a month of the run, such as ``2019-12`` for month 12 from ``2019-01``."""
    year, first = (int(part) for part in start.split("-"))
    months = year * 12 + first - 1 + month - 1
    return f"{months // 12}-{months % 12 + 1:02}"


def statuses(series: Series, needs_agreement: bool) -> list[str]:
    """Return where the partnerships stand in each month.

    Parameters
    ----------
    series : mapping of str to sequence
        Indicators by month.
    needs_agreement : bool
        Whether a partnership has to agree on an objective before anything is shared.

    Returns
    -------
    list of str
        ``none``, ``negotiating``, ``agreed``, ``letter of intent``, ``open`` or ``ended``.
    """
    told: list[str] = []
    was_active = had_members = False
    rows = zip(
        series["partnership_members"],
        series["partnership_active"],
        series["partnership_signed_month"],
        strict=True,
    )
    for members, active, signed in rows:
        if active:
            told.append("agreed" if signed is not None else LETTER if needs_agreement else "open")
        elif members and not was_active:
            told.append("negotiating")
        else:
            told.append("ended" if was_active or had_members else "none")
        was_active = was_active or bool(active)
        had_members = had_members or bool(members)
    return told


SENTENCES = {
    "negotiating": "negotiation of a common objective begins",
    "agreed": "common objective signed",
    LETTER: "deadline passed without a common objective: letter of intent",
    "open": "open partnership, without a signature",
    "ended": "partnership no longer active",
}


def events(series: Series, start: str, needs_agreement: bool, programme_end_month: int) -> list[tuple[str, str]]:
    """Return what happened, in order, as pairs of calendar month and sentence."""
    found: list[tuple[int, str]] = []
    before = "none"
    for month, status in enumerate(statuses(series, needs_agreement), 1):
        if status != before:
            found.append((month, SENTENCES.get(status, "no partnership") + _with_members(series, month)))
        before = status
    found += _firsts(series)
    if programme_end_month <= len(series["partnership_members"]):
        goes_on = ", the partnership goes on" if series["partnership_active"][programme_end_month - 1] else ""
        found.append((programme_end_month, f"programme ends{goes_on}" + _with_members(series, programme_end_month)))
    return [(calendar_month(start, month), sentence) for month, sentence in sorted(found, key=lambda each: each[0])]


def _with_members(series: Series, month: int) -> str:
    members, engagement = (series[name][month - 1] for name in ("partnership_members", "engagement_mean"))
    if not members:
        return ""
    engaged = "" if engagement is None else f", engagement {engagement:.0%}"
    return f", {members:.0f} member{'s' if members != 1 else ''}{engaged}"


FIRSTS = {
    "collaborations_cross_border": "first collaboration across a border",
    "innovations_programme": "first innovation made by the programme",
}


def _firsts(series: Series) -> list[tuple[int, str]]:
    found = []
    for name, sentence in FIRSTS.items():
        month = next((month for month, value in enumerate(series[name], 1) if value), None)
        if month is not None:
            found.append((month, sentence))
    return found
