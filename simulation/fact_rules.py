"""What a documented figure must say so that a run can be held against it, and what it must not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulation.errors import did_you_mean
from simulation.indicator_definitions import COUNT, INDICATOR_NAMES, INDICATORS
from simulation.references import BrokenRule
from simulation.toml_source import KeyPath

__all__ = ["broken_fact_rules"]

HOW_TO_JUDGE = ("per", "horizon", "month", "since_month", "bound", "tolerance", "at_least", "at_most", "is_null")
BY_VALUE = ("bound", "tolerance")
BY_RANGE = ("at_least", "at_most")
COUNTS = frozenset(each.name for each in INDICATORS if each.kind == COUNT)


def broken_fact_rules(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    """Yield every rule that the facts of a scenario break.

    Parameters
    ----------
    values : mapping
        Nested plain values, right or wrong.
    """
    facts = values.get("facts")
    for index, fact in enumerate(facts if isinstance(facts, list) else ()):
        if isinstance(fact, Mapping):
            for rule in FACT_RULES:
                yield from rule(fact, ("facts", index))


def _unknown_indicators(fact: Mapping[str, Any], path: KeyPath) -> Iterator[BrokenRule]:
    for key in ("indicator", "per"):
        name = fact.get(key)
        if isinstance(name, str) and name not in INDICATOR_NAMES:
            rule = "is not an indicator of the results"
            yield BrokenRule((*path, key), name, rule, did_you_mean(name, INDICATOR_NAMES))


def _idle_keys(fact: Mapping[str, Any], path: KeyPath) -> Iterator[BrokenRule]:
    for key in HOW_TO_JUDGE:
        if fact.get(key) not in (None, False) and "indicator" not in fact:
            remedy = "Add the indicator, or leave this out: without one the fact is listed as not simulated"
            yield BrokenRule((*path, key), fact[key], "needs an indicator that is judged", remedy)


def _judged_inputs(fact: Mapping[str, Any], path: KeyPath) -> Iterator[BrokenRule]:
    if fact.get("role") == "input" and "indicator" in fact:
        rule = "is given for an input, which is built in and never judged"
        remedy = "Leave the indicator out, or write role = validation if the scenario does not take the figure in"
        yield BrokenRule((*path, "indicator"), fact["indicator"], rule, remedy)


def _states_that_grow(fact: Mapping[str, Any], path: KeyPath) -> Iterator[BrokenRule]:
    name = fact.get("indicator")
    if "since_month" in fact and name in INDICATOR_NAMES and name not in COUNTS:
        rule = f"needs an indicator that counts since month 1, and {name} does not"
        yield BrokenRule((*path, "since_month"), fact["since_month"], rule, "Leave it out, or choose a count")


def _two_moments(fact: Mapping[str, Any], path: KeyPath) -> Iterator[BrokenRule]:
    if "month" in fact and "horizon" in fact:
        yield BrokenRule((*path, "month"), fact["month"], "and horizon name two moments", "Give one of the two")
    first, last = fact.get("since_month"), fact.get("month")
    if isinstance(first, int) and isinstance(last, int) and first > last:
        rule = f"must be at most month, which is {last}"
        yield BrokenRule((*path, "since_month"), first, rule, "Correct one of the two")


def _two_measures(fact: Mapping[str, Any], path: KeyPath) -> Iterator[BrokenRule]:
    for key in BY_VALUE:
        against = [other for other in BY_RANGE if other in fact]
        if key in fact and against:
            rule = f"compares with the value, {' and '.join(against)} with a range"
            yield BrokenRule((*path, key), fact[key], rule, "Give one of the two")
    if fact.get("is_null") is True:
        for key in (*BY_VALUE, *BY_RANGE):
            if key in fact:
                rule = "compares a number, but is_null says that there is none"
                yield BrokenRule((*path, key), fact[key], rule, "Give one of the two")
    low, high = fact.get("at_least"), fact.get("at_most")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        rule = f"must be at most at_most, which is {high}"
        yield BrokenRule((*path, "at_least"), low, rule, "Correct one of the two")


def _no_measure(fact: Mapping[str, Any], path: KeyPath) -> Iterator[BrokenRule]:
    judged_otherwise = fact.get("is_null") is True or any(key in fact for key in BY_RANGE)
    if "indicator" not in fact or fact.get("role") == "input" or judged_otherwise:
        return
    if isinstance(fact.get("value"), str):
        rule = "is a text, with which no simulated number can be compared"
        remedy = "Give at_least, at_most or both, or is_null = true where the indicator is to be undefined"
        yield BrokenRule((*path, "value"), fact["value"], rule, remedy)
    elif fact.get("bound", "equal") == "equal" and "tolerance" not in fact:
        rule = "needs a tolerance: a simulated number never equals it"
        remedy = "Add tolerance, a share of the value such as 0.2, or write bound = at_least or at_most"
        yield BrokenRule((*path, "value"), fact.get("value"), rule, remedy)


FACT_RULES = (
    _unknown_indicators,
    _idle_keys,
    _judged_inputs,
    _states_that_grow,
    _two_moments,
    _two_measures,
    _no_measure,
)
