"""What a scenario's parts must satisfy together: names that must exist, and values that must fit each other.

The rules work on plain nested values, so that they report what they find even where single values are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulation.errors import did_you_mean, short_text
from simulation.toml_source import KeyPath, shown_key

__all__ = ["BODIES", "BrokenRule", "broken_rules"]

BODIES = ("brokers", "parks", "authorities", "universities")
"""Catalogues whose entries may be members of a partnership."""

KEYS = "keys"
"""Last part of a pattern that means the keys of a table, where ``*`` means every element."""

REFERENCES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("population", "regions", "*"), ("regions",)),
    (("population", "sectors", "*"), ("sectors",)),
    (("regions", "*", "neighbours", "*"), ("regions",)),
    (("regions", "*", "priorities", KEYS), ("domains",)),
    (("sectors", "*", "core", "*"), ("domains",)),
    *(((bodies, "*", "region"), ("regions",)) for bodies in BODIES),
    *(((bodies, "*", "objective", KEYS), ("domains",)) for bodies in BODIES),
    (("brokers", "*", "parent"), BODIES),
    (("authorities", "*", "brokers", "*"), ("brokers",)),
    *((("partnerships", "*", role, "*"), BODIES) for role in ("founders", "named", "associates")),
    (("partnerships", "*", "follows"), ("partnerships",)),
    *((("partnerships", "*", "replacements", part), BODIES) for part in (KEYS, "*")),
    (("shock", "regions", "*"), ("regions",)),
    (("shock", "sectors", "*"), ("sectors",)),
    (("partnerships", "*", "lead"), BODIES),
    *(((offers, "*", "partnership"), ("partnerships",)) for offers in ("calls", "services")),
    *(((offers, "*", "regions", "*"), ("regions",)) for offers in ("calls", "services")),
    (("calls", "*", "sectors", "*"), ("sectors",)),
    (("calls", "*", "follows"), ("calls",)),
    (("platform", "regions", "*"), ("regions",)),
    (("brokerage", "client_sectors", "*"), ("sectors",)),
    (("challenges", "*", "regions", "*"), ("regions",)),
    (("challenges", "*", "weights", KEYS), ("domains",)),
    (("challenges", "*", "adopter"), ("authorities",)),
)

ORDERED = (
    (("platform",), "starts_month", "ends_month"),
    (("services", "*"), "starts_month", "ends_month"),
    (("calls", "*"), "opens_month", "closes_month"),
    (("calls", "*"), "least_grant_keur", "grant_keur"),
    (("brokerage",), "client_size_least", "client_size_most"),
    (("challenges", "*"), "opens_month", "closes_month"),
    (("missions",), "least_members", "most_members"),
    (("brokerage",), "partner_cases_per_post", "cases_per_post"),
)
"""Pairs of keys in a table of which the first must not exceed the second."""

AT_MOST_ONE = (
    (("collaboration",), ("advance_hazard", "failure_hazard", "expiry_hazard")),
    (("peer_learning",), ("right_at_start", "undecided_at_start")),
)
"""Keys of a table that add up to at most 1."""

WEIGHTS = (
    ("population", "need_kind_weights"),
    ("engagement", "commitments"),
    ("regions", "*", "priorities"),
    ("challenges", "*", "weights"),
    *((bodies, "*", "objective") for bodies in BODIES),
)
"""Lists or tables of weights: none below 0 and, unless empty, not all 0."""

WITHOUT_REPETITION = (("population", "regions"), ("population", "sectors"), ("partnerships", "*", "founders"))


@dataclass(frozen=True)
class BrokenRule:
    """A rule that values break together: the key to correct, its value, the rule and the remedy.

    ``unless_changed`` is the other key that breaks it: whoever changes that one in a later file, or by an override,
    means to break the rule, as a study does that cuts a programme short.
    """

    path: KeyPath
    value: object
    rule: str
    remedy: str
    unless_changed: KeyPath | None = None


def broken_rules(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    """Yield every rule that the values of a scenario break together.

    Parameters
    ----------
    values : mapping
        Nested plain values with the presets applied, right or wrong.
    """
    for rule in (
        _unknown_names,
        _wrong_order,
        _sums_above_one,
        _impossible_weights,
        _repetitions,
        _ambiguous_bodies,
        _regions_without_firms,
        _foreign_leads,
        _odd_degree,
        _impossible_services,
        _idle_programme,
        _misplaced_months,
        _follow_ons,
        _untimely_trainings,
    ):
        yield from rule(values)


def _at(values: Any, pattern: tuple[str, ...], path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield path and value of everything that a pattern meets."""
    if not pattern:
        yield path, values
    elif pattern[0] == KEYS and isinstance(values, Mapping):
        yield from (((*path, key), key) for key in values)
    elif pattern[0] == "*" and isinstance(values, Mapping):
        for key, value in values.items():
            yield from _at(value, pattern[1:], (*path, key))
    elif pattern[0] == "*" and isinstance(values, list):
        for index, value in enumerate(values):
            yield from _at(value, pattern[1:], (*path, index))
    elif isinstance(values, Mapping) and pattern[0] in values:
        yield from _at(values[pattern[0]], pattern[1:], (*path, pattern[0]))


def _number(values: Any, key: str) -> float | None:
    value = values.get(key) if isinstance(values, Mapping) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _catalogue(values: Mapping[str, Any], names: tuple[str, ...]) -> set[str] | None:
    """Return the entries of one or more catalogues; None where one of them is no table."""
    tables = [values.get(name) for name in names]
    if not all(isinstance(table, Mapping) for table in tables):
        return None
    return {key for table in tables if isinstance(table, Mapping) for key in table}


def _unknown_names(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for pattern, catalogues in REFERENCES:
        known = _catalogue(values, catalogues)
        for path, name in _at(values, pattern):
            if known is not None and isinstance(name, str) and name not in known:
                shown = path[:-1] if pattern[-1] in ("*", KEYS) else path
                rule = f"is not in {' or '.join(catalogues)}"
                yield BrokenRule(shown, name, rule, did_you_mean(name, known))


def _wrong_order(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for pattern, first, second in ORDERED:
        for path, table in _at(values, pattern):
            low, high = _number(table, first), _number(table, second)
            if low is not None and high is not None and low > high:
                yield BrokenRule(
                    (*path, first),
                    low,
                    f"must be at most {second}, which is {high}",
                    "Correct one of the two",
                )


def _sums_above_one(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for pattern, keys in AT_MOST_ONE:
        for path, table in _at(values, pattern):
            numbers = [_number(table, key) for key in keys]
            known = [number for number in numbers if number is not None]
            if len(known) == len(keys) and sum(known) > 1.0 + 1e-12:
                rule = f"and {' and '.join(keys[1:])} must add up to at most 1"
                yield BrokenRule((*path, keys[0]), known[0], rule, "Lower one of them")


def _impossible_weights(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for pattern in WEIGHTS:
        for path, held in _at(values, pattern):
            weights = list(held.values()) if isinstance(held, Mapping) else held
            if not isinstance(weights, list) or not all(isinstance(each, int | float) for each in weights):
                continue
            if any(each < 0 for each in weights):
                yield BrokenRule(path, held, "must hold no weight below 0", "Write weights of at least 0")
            elif weights and not sum(weights) > 0:
                yield BrokenRule(path, held, "must hold a weight above 0", "Give at least one a positive weight")


def _repetitions(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for pattern in WITHOUT_REPETITION:
        for path, names in _at(values, pattern):
            texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
            for name in sorted({name for name in texts if texts.count(name) > 1}):
                yield BrokenRule(path, name, "is listed more than once", "List it once")


def _ambiguous_bodies(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    seen: dict[str, str] = {}
    for bodies in BODIES:
        for path, _ in _at(values, (bodies, "*")):
            key = str(path[-1])
            if key in seen:
                rule = f"is also the key of an entry in {seen[key]}"
                yield BrokenRule(path, None, rule, "Bodies are named by their key alone: rename one of them")
            seen.setdefault(key, bodies)


def _regions_without_firms(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    external = {path[1] for path, flag in _at(values, ("regions", "*", "external")) if flag is True}
    for path, name in _at(values, ("population", "regions", "*")):
        if isinstance(name, str) and name in external:
            yield BrokenRule(path[:-1], name, "is an external region, which has no firms", "Remove it from the list")


def _foreign_leads(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for path, partnership in _at(values, ("partnerships", "*")):
        lead, founders = (
            partnership.get(key) if isinstance(partnership, Mapping) else None for key in ("lead", "founders")
        )
        if isinstance(lead, str) and isinstance(founders, list) and lead not in founders:
            listed = ", ".join(short_text(str(each)) for each in founders[:8])
            rule = "must be one of the founders"
            yield BrokenRule(
                (*path, "lead"), lead, rule, f"Name one of {listed}, or add it to {shown_key(path)}.founders"
            )


def _odd_degree(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for path, table in _at(values, ("networks",)):
        degree = _number(table, "within_cluster_degree")
        if degree is not None and degree % 2 == 1:
            key = (*path, "within_cluster_degree")
            yield BrokenRule(key, degree, "must be even, half on each side of the ring", "Write the next even number")


def _idle_programme(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    first, last = _number(values.get("programme"), "starts_month"), _number(values, "programme_end_month")
    if first is not None and last is not None and first > last:
        rule = f"must be at most programme_end_month, which is {last}"
        yield BrokenRule(("programme", "starts_month"), first, rule, "Correct one of the two")


def _misplaced_months(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    for path, entry in _at(values, ("partnerships", "*")):
        first, last = _number(entry, "funded_from_month"), _number(entry, "ends_month")
        if first is not None and last and first > last:
            rule, remedy = f"must be at most ends_month, which is {last}", "Correct one of the two, or write 0: open"
            yield BrokenRule((*path, "funded_from_month"), first, rule, remedy)


def _follow_ons(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    partnerships = {str(path[-1]): entry for path, entry in _at(values, ("partnerships", "*"))}
    for name, entry in partnerships.items():
        path: KeyPath = ("partnerships", name)
        earlier = entry.get("follows") if isinstance(entry, Mapping) else None
        if isinstance(earlier, str):
            yield from _application(path, entry, partnerships.get(earlier))
            if name in _chain(partnerships, earlier):
                rule = "leads back to this partnership"
                yield BrokenRule((*path, "follows"), earlier, rule, "Name a partnership that comes before it")
        elif isinstance(entry, Mapping):
            for key in ("applies_month", "replacements"):
                if entry.get(key):
                    rule = "is of no use without follows"
                    yield BrokenRule((*path, key), entry[key], rule, "Name the partnership it follows, or remove this")


def _application(path: KeyPath, entry: Mapping[str, Any], earlier: Any) -> Iterator[BrokenRule]:
    applies, funded = _number(entry, "applies_month") or 0, _number(entry, "funded_from_month") or 0
    if not applies:
        rule, remedy = "must be at least 1 where follows is given", "Write the month of the application"
        yield BrokenRule((*path, "applies_month"), applies, rule, remedy)
    elif funded <= applies:
        rule, remedy = f"must be later than applies_month, which is {applies}", "Write the first funded month"
        yield BrokenRule((*path, "funded_from_month"), funded, rule, remedy)
    begins, ends = _number(earlier, "funded_from_month") or 0, _number(earlier, "ends_month") or 0
    if applies and (applies < begins or 0 < ends < applies):
        rule = f"is no month of {short_text(str(entry['follows']))}, which lasts from {begins} to {ends or 'the end'}"
        yield BrokenRule((*path, "applies_month"), applies, rule, "Write a month in which its members are together")


def _chain(partnerships: Mapping[str, Any], name: str) -> list[str]:
    """Partnerships that one follows, the next one first, that one included, none twice."""
    chain: list[str] = []
    while name not in chain:
        chain.append(name)
        entry = partnerships.get(name)
        earlier = entry.get("follows") if isinstance(entry, Mapping) else None
        if not isinstance(earlier, str):
            break
        name = earlier
    return chain


def _untimely_trainings(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    first, last = _number(values.get("programme"), "starts_month"), _number(values, "programme_end_month")
    for path, months in _at(values, ("peer_learning", "training_months")):
        known = [month for month in months if isinstance(month, int)] if isinstance(months, list) else []
        for month in sorted(set(known)):
            if known.count(month) > 1:
                yield BrokenRule(path, month, "is listed more than once", "List it once")
            elif first is not None and last is not None and not first <= month <= last:
                rule = f"is outside the programme, months {first} to {last}: nobody would be trained"
                yield BrokenRule(path, month, rule, "Name months of the programme, or move programme_end_month")


def _impossible_services(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    """Yield what a kind of service makes no use of, and what it cannot work without."""
    services = {path: entry for path, entry in _at(values, ("services", "*")) if isinstance(entry, Mapping)}
    kinds = [entry.get("kind") for entry in services.values()]
    group = _number(values.get("provision"), "group_size")
    for path, entry in services.items():
        kind, places, days = entry.get("kind"), _number(entry, "places_per_month"), _number(entry, "staff_days")
        if kind == "awareness" and places:
            rule, remedy = "must be 0 for awareness, which has no limit of places", "Write 0"
            yield BrokenRule((*path, "places_per_month"), places, rule, remedy)
        if kind in ("awareness", "exchange_group") and days:
            rule, remedy = f"must be 0 for a service of kind {kind}, which takes no days of brokers", "Remove it"
            yield BrokenRule((*path, "staff_days"), days, rule, remedy)
        if kind != "diagnosis" and entry.get("refers") is True:
            yield BrokenRule((*path, "refers"), True, "must be false: only a diagnosis refers", "Remove it")
        if kind == "exchange_group" and places and group and places < group:
            rule = f"must be at least provision.group_size, which is {group}: a region has whole groups only"
            yield BrokenRule((*path, "places_per_month"), places, rule, "Write the members of all groups of a region")
        if kind == "mobility" and not entry.get("partnership") and len(entry.get("regions") or (1, 2)) == 1:
            rule, remedy = "must name two regions or more: a visit goes elsewhere", "Add regions, or name a partnership"
            yield BrokenRule((*path, "regions"), entry["regions"], rule, remedy)
        if kind == "forum" and "investment_readiness" not in kinds:
            rule = "needs a service of kind investment_readiness: nobody would be ready for investors"
            yield BrokenRule((*path, "kind"), kind, rule, "Add one, or remove the forum")
