"""Keeping of the catalogues what the regions and sectors of a scenario select.

A body stays if its region is selected or external. A partnership loses the members that go, is led by the first
founder that stays if its lead goes, and goes itself with its last founder or with the partnership that it follows.
Calls, services and challenges that were for regions, sectors or a partnership none of which stays go too: an empty list
would open them to all. A shock on nothing that stays does not happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulation.references import BODIES

__all__ = ["selected"]

type Catalogue = dict[str, dict[str, Any]]


def selected(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a valid scenario with its catalogues reduced to what takes part.

    Parameters
    ----------
    values : mapping
        Nested plain values that break no rule.
    """
    wanted = set(values["population"]["regions"])
    regions = {key: each for key, each in values["regions"].items() if key in wanted or each.get("external")}
    sectors = {key: each for key, each in values["sectors"].items() if key in values["population"]["sectors"]}
    kept = dict(values)
    kept["sectors"] = sectors
    kept["regions"] = {key: _only(each, "neighbours", regions) for key, each in regions.items()}
    for catalogue in BODIES:
        kept[catalogue] = {key: each for key, each in values[catalogue].items() if each["region"] in regions}
    bodies = {key for catalogue in BODIES for key in kept[catalogue]}
    kept["brokers"] = {key: _only_with(each, "parent", bodies) for key, each in kept["brokers"].items()}
    kept["authorities"] = {key: _only(each, "brokers", kept["brokers"]) for key, each in kept["authorities"].items()}
    kept["partnerships"] = _partnerships(values["partnerships"], bodies)
    limits = {"regions": set(regions), "sectors": set(sectors)}
    for offers in ("calls", "services", "challenges"):
        kept[offers] = _offers(values[offers], kept["partnerships"], limits)
    kept["challenges"] = {key: _only_with(each, "adopter", bodies) for key, each in kept["challenges"].items()}
    if "shock" in values:
        kept["shock"] = _shock(values["shock"], {"regions": set(regions), "sectors": set(sectors)})
    return kept


def _shock(shock: dict[str, Any], limits: Mapping[str, set[str]]) -> dict[str, Any]:
    """A shock on the regions and sectors that take part; none where none of those it names does."""
    reduced = shock
    for limit, known in limits.items():
        reduced = _only(reduced, limit, known)
    missed = any(shock.get(limit) and not reduced[limit] for limit in limits)
    return {**reduced, "month": 0} if missed else reduced


def _only(entry: dict[str, Any], key: str, known: Mapping[str, Any] | set[str]) -> dict[str, Any]:
    return {**entry, key: [each for each in entry[key] if each in known]} if key in entry else entry


def _only_with(entry: dict[str, Any], role: str, bodies: set[str]) -> dict[str, Any]:
    """The entry, without the body in a role if that goes."""
    return {key: value for key, value in entry.items() if key != role or value in bodies}


def _partnerships(partnerships: Catalogue, bodies: set[str]) -> Catalogue:
    kept: Catalogue = {}
    for key, partnership in partnerships.items():
        for role in ("founders", "named", "associates"):
            partnership = _only(partnership, role, bodies)
        founders = partnership["founders"]
        if founders:
            lead = partnership["lead"] if partnership["lead"] in founders else founders[0]
            kept[key] = {**_with_living_replacements(partnership, bodies), "lead": lead}
    while orphans := {key for key, each in kept.items() if each.get("follows") not in (None, *kept)}:
        kept = {key: each for key, each in kept.items() if key not in orphans}
    return kept


def _with_living_replacements(partnership: dict[str, Any], bodies: set[str]) -> dict[str, Any]:
    if "replacements" not in partnership:
        return partnership
    pairs = partnership["replacements"].items()
    return {**partnership, "replacements": {old: new for old, new in pairs if {old, new} <= bodies}}


def _offers(offers: Catalogue, partnerships: Catalogue, limits: Mapping[str, set[str]]) -> Catalogue:
    kept: Catalogue = {}
    for key, offer in offers.items():
        reduced = offer
        for limit, known in limits.items():
            reduced = _only(reduced, limit, known)
        emptied = any(offer.get(limit) and not reduced[limit] for limit in limits)
        if not emptied and offer.get("partnership", None) in (None, *partnerships):
            kept[key] = reduced
    return kept
