"""Keeping of the catalogues what the regions and sectors of a scenario select.

A body stays if its region is selected or external. A partnership loses the members that go, is led by the
first founder that stays if its lead goes, and goes itself with its last founder. Calls and services that were
for regions, sectors or a partnership none of which stays go too: an empty list would open them to all.
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
    kept["brokers"] = {key: _with_living_parent(each, bodies) for key, each in kept["brokers"].items()}
    kept["authorities"] = {key: _only(each, "brokers", kept["brokers"]) for key, each in kept["authorities"].items()}
    kept["partnerships"] = _partnerships(values["partnerships"], bodies)
    limits = {"regions": set(regions), "sectors": set(sectors)}
    for offers in ("calls", "services"):
        kept[offers] = _offers(values[offers], kept["partnerships"], limits)
    return kept


def _only(entry: dict[str, Any], key: str, known: Mapping[str, Any] | set[str]) -> dict[str, Any]:
    return {**entry, key: [each for each in entry[key] if each in known]} if key in entry else entry


def _with_living_parent(broker: dict[str, Any], bodies: set[str]) -> dict[str, Any]:
    return {key: value for key, value in broker.items() if key != "parent" or value in bodies}


def _partnerships(partnerships: Catalogue, bodies: set[str]) -> Catalogue:
    kept: Catalogue = {}
    for key, partnership in partnerships.items():
        for role in ("founders", "named", "associates"):
            partnership = _only(partnership, role, bodies)
        founders = partnership["founders"]
        if founders:
            lead = partnership["lead"] if partnership["lead"] in founders else founders[0]
            kept[key] = {**partnership, "lead": lead}
    return kept


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
