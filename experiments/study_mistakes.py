"""A study held against its scenarios: whether its keys exist, its values are allowed, and its cases can be run.

Values are tested against the declaration of their parameter one by one, and together: every arm is loaded at the first,
the last and the extreme design points, where rules between keys are broken if anywhere. Loading every case would take
longer than the whole of a study's preparation may.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel

from experiments.design import Range, count_points
from experiments.study_file import MISSING, MOST_POINTS, Draft, Until
from simulation.errors import Mistake, ScenarioError, did_you_mean, short_text
from simulation.scenario import Scenario
from simulation.scenario_layers import OVERRIDE, Chain
from simulation.scenario_mistakes import field_at, model_mistakes
from simulation.toml_source import shown_key

__all__ = ["MOST_RUNS", "check_cases", "check_factors", "check_names", "check_size", "note_mistakes", "value_at"]

MOST_RUNS = 10**7
MOST_ARMS = 1000
MOST_LOADED = 200
NOT_VARIED = ("title", "facts", "start", "extends", "$schema")
ABSENT = object()


def value_at(scenario: Scenario, key: str) -> Any:
    """Return what a scenario has at a dotted key; `ABSENT` where it has nothing."""
    value: Any = scenario
    for part in key.split("."):
        if isinstance(value, BaseModel) and part in type(value).model_fields:
            value = getattr(value, part)
        elif isinstance(value, Mapping) and part in value:
            value = value[part]
        else:
            return ABSENT
    return list(value) if isinstance(value, tuple) else value


def check_factors(draft: Draft, scenarios: Sequence[Scenario]) -> None:
    """Note every lever and uncertainty that is no parameter of the scenarios or whose values it does not allow.

    Whole-number ranges are marked as such, and whole numbers of other parameters become plain numbers.
    """
    for key, values in draft.levers.items():
        if _is_parameter(draft, key, scenarios):
            draft.levers[key] = _checked_values(draft, key, values, scenarios)
    for key, uncertainty in draft.uncertainties.items():
        if not _is_parameter(draft, key, scenarios):
            continue
        if isinstance(uncertainty, Range):
            draft.uncertainties[key] = _checked_range(draft, key, uncertainty, scenarios)
        else:
            draft.uncertainties[key] = _checked_values(draft, key, uncertainty, scenarios)


def _is_parameter(draft: Draft, key: str, scenarios: Sequence[Scenario]) -> bool:
    if key == "months":
        draft.refuse_factor(key, MISSING, "has a key of its own", "Write months = ... at the top of the study")
        return False
    if key in NOT_VARIED or key.partition(".")[0] in NOT_VARIED:
        draft.refuse_factor(key, MISSING, "cannot be varied", "Remove it")
        return False
    if field_at(tuple(key.split("."))) is None:
        known = _declared_mistakes(key, 0)
        if known and known[0].rule != "must be a table":
            draft.refuse_factor(key, MISSING, known[0].rule, known[0].remedy)
        else:
            draft.refuse_factor(key, MISSING, "is a table", "Name one of the parameters in it")
        return False
    for scenario in scenarios:
        value = value_at(scenario, key)
        if value is ABSENT:
            rule = f"is no parameter of scenario {short_text(scenario.name)}"
            draft.refuse_factor(key, MISSING, rule, _nearest_part(scenario, key))
            return False
        if isinstance(value, BaseModel | Mapping):
            draft.refuse_factor(key, MISSING, "is a table", "Name one of the parameters in it")
            return False
    return bool(scenarios)


def _nearest_part(scenario: Scenario, key: str) -> str:
    """Return the remedy for the first part of a key that is not there."""
    parts = key.split(".")
    for length in range(1, len(parts) + 1):
        if value_at(scenario, ".".join(parts[:length])) is not ABSENT:
            continue
        around = value_at(scenario, ".".join(parts[: length - 1]))
        names = list(around) if isinstance(around, Mapping) else list(getattr(type(around), "model_fields", ()))
        otherwise = "" if names else f"{shown_key(tuple(parts[: length - 1]))} has no entries"
        return did_you_mean(parts[length - 1], names, otherwise)
    return "Correct the key"


def _takes_whole_numbers(key: str, scenarios: Sequence[Scenario]) -> bool | None:
    """Return whether a parameter takes whole numbers only; None for one that takes no numbers."""
    field = field_at(tuple(key.split(".")))
    annotation = field.annotation if field is not None else None
    alternatives = set(get_args(annotation)) or {annotation}
    values = [value_at(scenario, key) for scenario in scenarios]
    if float in alternatives or any(isinstance(value, float) for value in values):
        return False
    return True if int in alternatives else None


def _checked_range(draft: Draft, key: str, given: Range, scenarios: Sequence[Scenario]) -> Range:
    whole = _takes_whole_numbers(key, scenarios)
    if whole is None:
        draft.refuse_factor(key, MISSING, "takes no numbers, and so no range", "List its values in square brackets")
        return given
    found = replace(given, whole=whole)
    for end in ("low", "high"):
        value = getattr(given, end)
        if whole and not float(value).is_integer():
            path = (*draft.paths[key], end)
            draft.refuse(path, value, "must be a whole number", "The parameter takes whole numbers only")
            return given
        wrong = _declared_mistakes(key, int(value) if whole else float(value))
        for mistake in wrong:
            draft.refuse((*draft.paths[key], end), value, mistake.rule, mistake.remedy)
    if whole and given.levels is not None and len(set(found.grid_values())) < given.levels:
        rule = f"is more than the whole numbers from {given.low} to {given.high} can be told apart by"
        draft.refuse((*draft.paths[key], "levels"), given.levels, rule, "Lower it, or use the linear scale")
    return found


def _checked_values(draft: Draft, key: str, values: tuple[Any, ...], scenarios: Sequence[Scenario]) -> tuple[Any, ...]:
    whole = _takes_whole_numbers(key, scenarios)
    if whole is False:
        values = tuple(float(each) if _is_number(each) else each for each in values)
    for value in _to_test(values):
        for mistake in _declared_mistakes(key, value):
            draft.refuse_factor(key, value, mistake.rule, mistake.remedy)
    for value in [each for each in values if isinstance(each, str | list)][:MOST_LOADED]:
        _check_names_in(draft, key, value, scenarios)
    return values


def _check_names_in(draft: Draft, key: str, value: object, scenarios: Sequence[Scenario]) -> None:
    """Note a value that names what a scenario does not have, such as a preset, a region or a body."""
    inside = shown_key(tuple(key.split(".")))
    for scenario in scenarios:
        try:
            scenario.with_overrides({key: value})
        except ScenarioError as error:
            for mistake in error.mistakes:
                if mistake.key == inside or mistake.key.startswith(f"{inside}."):
                    draft.refuse_factor(key, value, mistake.rule, mistake.remedy)
                    return


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _to_test(values: Iterable[Any]) -> list[Any]:
    """Return the values that decide whether all are allowed: bounds are met by numbers between two that meet them."""
    by_type: dict[type, list[Any]] = {}
    for value in values:
        by_type.setdefault(type(value), []).append(value)
    numbers = [each for kind in (int, float) for each in by_type.pop(kind, [])]
    extremes = [min(numbers), max(numbers)] if numbers else []
    extremes += [each for each in numbers if isinstance(each, float) and each != each]
    different = {repr(each): each for kind in by_type.values() for each in kind}
    types = {type(each): each for each in numbers}
    return [*{repr(each): each for each in (*extremes, *types.values())}.values(), *different.values()]


def _declared_mistakes(key: str, value: object) -> list[Mistake]:
    """Return what the declaration of a parameter has against a value."""
    layers = Chain(()).with_overrides({key: value})
    found = [*layers.mistakes, *model_mistakes(layers.values, layers)]
    inside = shown_key(tuple(key.split(".")))
    return [
        each
        for each in found
        if (each.key == inside or each.key.startswith(f"{inside}.")) and not each.rule.startswith("is missing")
    ]


def check_names(draft: Draft, names: Sequence[str]) -> None:
    """Note arms that cannot be told apart, and names that no arm has."""
    twice = {name for place, name in enumerate(names) if name in names[:place]}
    for name in sorted(twice):
        rule = f"make two arms with the name {short_text(name)}"
        draft.refuse(
            ("levers",) if draft.levers else ("scenarios",), MISSING, rule, "Rename a scenario or drop a value"
        )
    if isinstance(draft.replicates, Until):
        path = ("replicates", "between")
        for name in draft.replicates.between:
            if name not in names:
                draft.refuse(path, name, "is not the name of an arm", did_you_mean(name, names))
        if len(set(draft.replicates.between)) == 1:
            draft.refuse(path, MISSING, "must name two different arms", "Name another arm")


def check_size(draft: Draft) -> None:
    """Note a study of more arms, design points or runs than can be paid for, before any of them is made."""
    arms = len(draft.scenarios) * math.prod(len(values) for values in draft.levers.values())
    if arms > MOST_ARMS:
        draft.refuse(("levers",), MISSING, f"make {arms:,} arms, more than {MOST_ARMS:,}", "Drop values or levers")
    rows = None if draft.columns is None else len(draft.columns.rows)
    points = count_points(draft.design, draft.uncertainties) if rows is None else rows
    if points > MOST_POINTS:
        path = ("design", "points") if draft.design.points else ("design", "kind")
        rule = f"makes {points:,} design points, more than {MOST_POINTS:,}"
        draft.refuse(path, MISSING, rule, "Lower the points, the levels or the number of uncertainties")
    most = draft.replicates.maximum if isinstance(draft.replicates, Until) else draft.replicates
    runs = points * arms * most
    if runs > MOST_RUNS and arms <= MOST_ARMS and points <= MOST_POINTS:
        rule = f"makes {runs:,} runs ({points:,} points × {arms:,} arms), more than {MOST_RUNS:,}"
        draft.refuse(("replicates",), MISSING, rule, "Lower the replicates, the points or the number of arms")


def check_cases(
    draft: Draft, arms: Sequence[tuple[str, Scenario, Mapping[str, object]]], points: Sequence[Mapping[str, object]]
) -> None:
    """Note what breaks a rule in an arm (name, scenario, levers) at the first, the last and the extreme points."""
    places = _extremes(points)
    cases = [(place, arm) for place in places for arm in arms][: max(MOST_LOADED, len(arms))]
    for place, (name, scenario, levers) in cases:
        try:
            scenario.with_overrides({**levers, **points[place]})
        except ScenarioError as error:
            where = f" (arm {short_text(name)}, design point {place})"
            note_mistakes(draft, error.mistakes, where)


def _extremes(points: Sequence[Mapping[str, object]]) -> list[int]:
    found = [0, len(points) - 1]
    for key in points[0]:
        column = [point[key] for point in points]
        if all(_is_number(value) for value in column):
            numbers: Any = column
            found += [numbers.index(min(numbers)), numbers.index(max(numbers))]
        else:
            found += {repr(value): place for place, value in reversed(list(enumerate(column)))}.values()
    return list(dict.fromkeys(found))


def note_mistakes(draft: Draft, mistakes: Iterable[Mistake], where: str = "") -> None:
    """Note what a scenario has against a study's values, each at its place in the study."""
    seen = {(each.key, each.rule.partition(" (arm ")[0]) for each in draft.mistakes}
    for each in mistakes:
        if each.file != OVERRIDE:
            found = replace(each, rule=each.rule + where)
        else:
            file, line, key = draft.place(next(_factors_of(draft, each.key), each.key))
            found = Mistake(file, line, key, each.value, each.rule + where, each.remedy)
        if (found.key, each.rule) not in seen:
            draft.mistakes.append(found)


def _factors_of(draft: Draft, key: str) -> Iterator[str]:
    for factor in (*draft.levers, *draft.uncertainties):
        inside = shown_key(tuple(factor.split(".")))
        if key == inside or key.startswith(f"{inside}."):
            yield factor
