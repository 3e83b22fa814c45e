"""The cumulative counters: what mechanisms count as it happens, because no later state shows it.

A mechanism counts with ``world.count(name, increase)``; nothing is counted before month 1. "Collaboration"
means a project of two or more members. "Made by the programme" means, of a project: funded by a call, or its
pair was seen through a partnership, the platform, an exchange group or an event.
"""

from __future__ import annotations

from functools import cache

from simulation.state import Column, Schema

_COUNTED = (
    ("entries", "SME", "SMEs founded"),
    ("exits", "SME", "SMEs that ceased to exist"),
    ("introductions", "introduction", "Pairs introduced, declined ones included"),
    ("introductions_declined", "introduction", "Introductions that the two organisations did not follow up"),
    ("introductions_platform", "introduction", "Introductions of pairs seen on the platform"),
    ("introductions_cross_sector", "introduction", "Introductions between two sectors"),
    ("introductions_cross_region", "introduction", "Introductions between two regions"),
    ("introductions_cross_border", "introduction", "Introductions between two countries"),
    ("platform_connections", "tie", "Ties that the platform made between its users"),
    ("collaborations", "project", "Collaborations begun"),
    ("collaborations_cross_border", "project", "Collaborations begun with members from two countries"),
    ("collaborations_programme", "project", "Collaborations begun that the programme made"),
    ("collaboration_smes", "SME", "SMEs in collaborations begun, once for each collaboration"),
    ("newcomers", "SME", "SMEs in collaborations begun for whom it is the first"),
    ("repeat_ties", "project", "Collaborations begun whose first two members had begun one together before"),
    ("projects_started", "project", "Projects begun, with one member or more"),
    ("projects_funded", "project", "Projects that a call funds"),
    ("projects_failed", "project", "Projects that failed"),
    ("projects_expired", "project", "Projects that ended without success or failure"),
    ("innovations_commercialised", "innovation", "Projects that reached the market"),
    ("innovations_programme", "innovation", "Projects made by the programme that reached the market"),
    ("innovations_cross_border", "innovation", "Projects across a border that reached the market"),
    ("market_entries_new_region", "innovation", "Innovations for a market outside the initiator's region"),
    ("market_entries_new_sector", "innovation", "Innovations for a market outside the initiator's sector"),
    ("challenges_opened", "challenge", "Challenges posed"),
    ("challenges_covered", "challenge", "Challenges that a consortium covers"),
    ("consortia", "project", "Projects begun by a consortium that covers a challenge"),
    ("practices_transferred", "practice", "Practices that agencies took over from peers or the handbook"),
)

COUNTERS: tuple[str, ...] = tuple(name for name, _, _ in _COUNTED)
"""Names of the counters, in the order of their columns."""


@cache
def counters_schema() -> Schema:
    """Schema of the table of counters, which has one row."""
    columns = tuple(Column(name, "i8", unit, meaning) for name, unit, meaning in _COUNTED)
    return Schema("counters", "the run since month 1", columns)
