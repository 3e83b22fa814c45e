"""The keys of a study file, read one by one; what is wrong with them is noted, and reading goes on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from experiments.csv_design import CsvDesign
from experiments.design import DESIGN_KINDS, SAMPLED, DesignChoice, DesignKind, Range, Uncertainty
from simulation.errors import Mistake, did_you_mean, short_value
from simulation.indicator_definitions import INDICATORS
from simulation.toml_source import KeyPath, TomlSource, read_toml, shown_key

__all__ = ["Draft", "Until", "read_draft"]

TOP_KEYS = ("title", "base", "scenarios", "months", "replicates", "seed", "design", "levers", "uncertainties")
UNTIL_KEYS = ("until", "between", "width", "batch", "min", "max")
DESIGN_KEYS = ("kind", "points", "file")
RANGE_KEYS = ("low", "high", "scale", "levels")
LARGEST_SEED = 2**32 - 1
MOST_REPLICATES = 10**6
MOST_POINTS = 200_000
MOST_VALUES = 1000
MOST_LEVELS = 1000
MOST_MONTHS = 1200
MOST_SCENARIOS = 100
DEFAULT_BATCH = 20

MISSING = object()


@dataclass(frozen=True)
class Until:
    """When there are enough replicates: as soon as a paired interval is narrow enough.

    Attributes
    ----------
    indicator : str
        Indicator whose difference is watched; in a file ``until``.
    between : tuple of str
        Names of two arms.
    width : float
        Width of the interval, in the indicator's unit, at which to stop.
    batch : int
        Replicates that are run between two looks; 20 where nothing is said.
    minimum, maximum : int
        Replicates at the least (a batch where nothing is said) and at the most; in a file ``min`` and ``max``.
    """

    indicator: str
    between: tuple[str, str]
    width: float
    batch: int
    minimum: int
    maximum: int


@dataclass
class Draft:
    """What a study file says, as far as it could be read, before it is held against the scenarios.

    Attributes
    ----------
    source : TomlSource
        The file.
    mistakes : list of Mistake
        What was wrong so far.
    paths : dict of str to tuple
        Where the lever or uncertainty of a dotted key stands in the file.
    columns : CsvDesign or None
        The design points of a CSV file.
    """

    source: TomlSource
    mistakes: list[Mistake] = field(default_factory=list)
    paths: dict[str, KeyPath] = field(default_factory=dict)
    title: str = ""
    scenarios: tuple[str, ...] = ()
    months: int | None = None
    seed: int = 1
    replicates: int | Until = 1
    design: DesignChoice = field(default_factory=DesignChoice)
    columns: CsvDesign | None = None
    levers: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    uncertainties: dict[str, Uncertainty] = field(default_factory=dict)

    def refuse(self, path: KeyPath, value: object, rule: str, remedy: str) -> None:
        """Note a mistake at a key, or at the nearest one around it that is written."""
        shown = "" if value is MISSING or isinstance(value, dict) else short_value(value)
        self.mistakes.append(Mistake(self.source.file, self.line(path), shown_key(path), shown, rule, remedy))

    def place(self, key: str, value: object = MISSING) -> tuple[str, int, str]:
        """Return file, line and key by which a lever, an uncertainty, or one value of it, is found."""
        if self.columns is not None and key in self.columns.keys:
            column = self.columns.keys.index(key)
            same = (
                line for line, row in zip(self.columns.lines, self.columns.rows, strict=True) if row[column] == value
            )
            return self.columns.file, next(same, self.columns.header_line), f"{key} (column {column + 1})"
        path = self.paths.get(key, (key,))
        values = self.levers.get(key, self.uncertainties.get(key))
        if isinstance(values, tuple) and value in values:
            return self.source.file, self.line((*path, values.index(value))), shown_key(path)
        return self.source.file, self.line(path), shown_key(path)

    def refuse_factor(self, key: str, value: object, rule: str, remedy: str) -> None:
        """Note a mistake in a lever or uncertainty, or in one value of it."""
        file, line, shown = self.place(key, value)
        self.mistakes.append(Mistake(file, line, shown, "" if value is MISSING else short_value(value), rule, remedy))

    def line(self, path: KeyPath) -> int:
        """Return the line of a key, of the nearest one around it, or of the beginning."""
        found = (self.source.lines.get(path[:length]) for length in range(len(path), 0, -1))
        return next((line for line in found if line), 1)

    def whole(self, path: KeyPath, value: object, least: int, most: int, otherwise: int) -> int:
        """Return a whole number within its bounds, or `otherwise` where it is none."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.refuse(path, value, f"must be a whole number from {least} to {most}", "Correct the value")
        return otherwise

    def number(self, path: KeyPath, value: object) -> float | None:
        """Return a finite number, or None where it is none."""
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf:
            return value
        self.refuse(path, value, "must be a finite number", "Write a number")
        return None

    def table(self, path: KeyPath, known: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Any]:
        """Return the table at a path without unknown keys; empty where there is none."""
        values: Any = self.source.values
        for part in path:
            values = values.get(part, {})
        return self.known_keys(path, values, known, needed)

    def known_keys(self, path: KeyPath, values: object, known: Iterable[str], needed: Iterable[str]) -> dict[str, Any]:
        """Return a table without unknown keys, and note those that are needed and missing."""
        if not isinstance(values, dict):
            self.refuse(path, values, "must be a table", f"Write a table of {', '.join(known)}")
            return {}
        for key in values.keys() - set(known):
            self.refuse((*path, key), values[key], "is not a known key", did_you_mean(key, known))
        for key in needed:
            if key not in values:
                self.refuse((*path, key), MISSING, "is missing", f"Write it, as in {EXAMPLES[key]}")
        return {key: value for key, value in values.items() if key in known}


EXAMPLES = {
    "replicates": "replicates = 30",
    "base": 'base = "smart-space-flexible"',
    "kind": 'kind = "lhs"',
    "points": "points = 200",
    "file": 'file = "points.csv"',
    "until": 'until = "innovations_programme"',
    "between": 'between = ["formal", "flexible"]',
    "width": "width = 2.0",
    "max": "max = 400",
    "low": "low = 0.1",
    "high": "high = 0.8",
}


def read_draft(path: Path) -> Draft:
    """Read a study file.

    Raises
    ------
    ScenarioError
        If the file cannot be read or is no TOML; every other mistake is noted in the draft.
    """
    draft = Draft(read_toml(path))
    values = draft.table((), (*TOP_KEYS, "$schema"), ("replicates",))
    draft.title = _title(draft, values, path.stem)
    draft.scenarios = _scenarios(draft, values)
    if "months" in values:
        draft.months = draft.whole(("months",), values["months"], 1, MOST_MONTHS, 1)
    draft.seed = draft.whole(("seed",), values.get("seed", 1), 0, LARGEST_SEED, 1)
    draft.replicates = _replicates(draft, values.get("replicates", 1))
    draft.levers = _levers(draft, values.get("levers", {}))
    draft.uncertainties = _uncertainties(draft, values.get("uncertainties", {}))
    draft.design = _design(draft, "design" in values)
    return draft


def _title(draft: Draft, values: Mapping[str, Any], name: str) -> str:
    title = values.get("title", name)
    if isinstance(title, str) and 0 < len(title) <= 200:
        return title
    draft.refuse(("title",), title, "must be a text of at most 200 characters", "Say what the study asks")
    return name


def _scenarios(draft: Draft, values: Mapping[str, Any]) -> tuple[str, ...]:
    if "base" in values and "scenarios" in values:
        draft.refuse(("scenarios",), MISSING, "cannot stand beside base", "Remove one of the two")
    if "scenarios" not in values:
        base = values.get("base", MISSING)
        if isinstance(base, str) and base:
            return (base,)
        rule = "is missing, and so is scenarios" if base is MISSING else "must be the name or path of a scenario"
        draft.refuse(("base",), base, rule, f"Write {EXAMPLES['base']}")
        return ()
    given = values["scenarios"]
    if not isinstance(given, list) or not given or len(given) > MOST_SCENARIOS:
        rule = f"must be a list of 1 to {MOST_SCENARIOS} scenarios"
        draft.refuse(("scenarios",), given, rule, "Write names or paths in square brackets")
        return ()
    names = []
    for place, name in enumerate(given):
        if not isinstance(name, str) or not name:
            draft.refuse(("scenarios", place), name, "must be the name or path of a scenario", "Write a text")
        elif name in names:
            draft.refuse(("scenarios", place), name, "stands in the list twice", "Remove it")
        else:
            names.append(name)
    return tuple(names)


def _replicates(draft: Draft, value: object) -> int | Until:
    if not isinstance(value, dict):
        return draft.whole(("replicates",), value, 1, MOST_REPLICATES, 1)
    path = ("replicates",)
    known = draft.known_keys(path, value, UNTIL_KEYS, ("until", "between", "width", "max"))
    batch = draft.whole((*path, "batch"), known.get("batch", DEFAULT_BATCH), 2, MOST_REPLICATES, DEFAULT_BATCH)
    maximum = draft.whole((*path, "max"), known.get("max", MOST_REPLICATES), 2, MOST_REPLICATES, MOST_REPLICATES)
    minimum = draft.whole((*path, "min"), known.get("min", min(batch, maximum)), 2, MOST_REPLICATES, 2)
    if minimum > maximum:
        draft.refuse((*path, "min"), minimum, f"must be at most max, which is {maximum}", "Correct one of the two")
    width = draft.number((*path, "width"), known.get("width", 1.0))
    if width is not None and width <= 0:
        draft.refuse((*path, "width"), width, "must be above 0", "Write the width of the interval at which to stop")
    indicators = [indicator.name for indicator in INDICATORS]
    indicator = known.get("until", indicators[0])
    if indicator not in indicators:
        rule, remedy = "is not the name of an indicator", did_you_mean(str(indicator), indicators)
        draft.refuse((*path, "until"), indicator, rule, remedy)
    between = known.get("between", ["", ""])
    if not isinstance(between, list) or len(between) != 2 or not all(isinstance(arm, str) for arm in between):
        draft.refuse((*path, "between"), between, "must be a list of the names of two arms", "Name two arms")
        between = ["", ""]
    return Until(str(indicator), (between[0], between[1]), float(width or 1.0), batch, minimum, maximum)


def _flattened(draft: Draft, path: KeyPath, values: object, ends: frozenset[str]) -> dict[str, tuple[KeyPath, Any]]:
    """Return what stands under dotted keys, whether these are in quotes or tables within tables, and where."""
    if not isinstance(values, dict):
        draft.refuse(path, values, "must be a table", "Write dotted keys in quotes, each with its values")
        return {}
    found: dict[str, tuple[KeyPath, Any]] = {}
    for key, value in values.items():
        inner = (*path, key)
        deeper = isinstance(value, dict) and value and not value.keys() & ends
        under = _flattened(draft, inner, value, ends) if deeper else {"": (inner, value)}
        for rest, each in under.items():
            whole_key = f"{key}.{rest}" if rest else key
            if whole_key in found:
                draft.refuse(each[0], MISSING, "is written twice", "Remove one of them")
            found[whole_key] = each
    return found


def _listed(draft: Draft, path: KeyPath, values: object) -> tuple[Any, ...]:
    if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
        rule = f"must be a list of 1 to {MOST_VALUES} values"
        draft.refuse(path, values, rule, 'Write them in square brackets, as in ["formal", "flexible"]')
        return ()
    known: set[str] = set()
    for place, value in enumerate(values):
        text = repr(float(value)) if isinstance(value, int) and not isinstance(value, bool) else repr(value)
        if text in known:
            draft.refuse((*path, place), value, "stands in the list twice", "Remove it")
        if not isinstance(value, bool | int | float | str | list):
            draft.refuse((*path, place), value, "is no plain value", "Write numbers, texts, true or false, or lists")
        known.add(text)
    return tuple(values)


def _levers(draft: Draft, values: object) -> dict[str, tuple[Any, ...]]:
    found = {}
    for key, (path, each) in _flattened(draft, ("levers",), values, frozenset()).items():
        draft.paths[key] = path
        found[key] = _listed(draft, path, each)
    return found


def _uncertainties(draft: Draft, values: object) -> dict[str, Uncertainty]:
    found: dict[str, Uncertainty] = {}
    for key, (path, each) in _flattened(draft, ("uncertainties",), values, frozenset(RANGE_KEYS)).items():
        if key in draft.levers:
            draft.refuse(path, MISSING, "is a lever too", "What policy sets is no uncertainty: remove one of the two")
        draft.paths[key] = path
        found[key] = _range(draft, path, each) if isinstance(each, dict) else _listed(draft, path, each)
    return found


def _range(draft: Draft, path: KeyPath, values: dict[str, Any]) -> Range:
    known = draft.known_keys(path, values, RANGE_KEYS, ("low", "high"))
    low = draft.number((*path, "low"), known.get("low", 0.0)) or 0.0
    high = draft.number((*path, "high"), known.get("high", 1.0)) or 0.0
    scale = known.get("scale", "linear")
    if scale not in ("linear", "log"):
        draft.refuse((*path, "scale"), scale, "must be linear or log", did_you_mean(str(scale), ("linear", "log")))
        scale = "linear"
    if "low" in known and "high" in known and not low < high:
        draft.refuse((*path, "low"), low, f"must be below high, which is {high}", "Correct one of the two")
    if scale == "log" and low <= 0:
        draft.refuse((*path, "low"), low, "must be above 0 on a log scale", "Raise it, or use the linear scale")
    levels = known.get("levels")
    if levels is not None:
        levels = draft.whole((*path, "levels"), levels, 2, MOST_LEVELS, 2)
    return Range(low, high, cast('Literal["linear", "log"]', scale), levels)


def _design(draft: Draft, is_written: bool) -> DesignChoice:
    if not is_written:
        if draft.uncertainties:
            draft.refuse(("design",), MISSING, "is missing, and there are uncertainties", f"Write {EXAMPLES['kind']}")
        return DesignChoice()
    values = draft.table(("design",), DESIGN_KEYS, ("kind",))
    kind = values.get("kind", "grid")
    if kind not in DESIGN_KINDS:
        rule, remedy = "is not a kind of design", did_you_mean(str(kind), DESIGN_KINDS)
        draft.refuse(("design", "kind"), kind, rule, remedy)
        return DesignChoice()
    choice = DesignChoice(cast("DesignKind", kind), _points(draft, kind, values), _csv_file(draft, kind, values))
    _check_design(draft, choice, "kind" in values)
    return choice


def _points(draft: Draft, kind: str, values: Mapping[str, Any]) -> int | None:
    path = ("design", "points")
    if kind not in SAMPLED:
        if "points" in values:
            draft.refuse(path, values["points"], f"has no meaning in a design of kind {kind}", "Remove it")
        return None
    if "points" not in values:
        draft.refuse(path, MISSING, "is missing", f"Write it, as in {EXAMPLES['points']}")
        return 1
    least = 1 if kind == "lhs" else 2
    points = draft.whole(path, values["points"], least, MOST_POINTS, least)
    if kind == "sobol" and points & (points - 1):
        nearest = 2 ** round(math.log2(points))
        draft.refuse(path, points, "must be a power of two for sobol", f"The nearest is {nearest}")
    return points


def _csv_file(draft: Draft, kind: str, values: Mapping[str, Any]) -> str | None:
    path, file = ("design", "file"), values.get("file")
    if kind != "csv":
        if file is not None:
            draft.refuse(path, file, f"has no meaning in a design of kind {kind}", "Remove it")
        return None
    if not isinstance(file, str) or not file or not file.isprintable():
        rule = "is missing" if file is None else "must be the name of a file"
        draft.refuse(path, MISSING if file is None else file, rule, f"Write it, as in {EXAMPLES['file']}")
        return None
    return file


def _check_design(draft: Draft, choice: DesignChoice, is_said: bool) -> None:
    if choice.kind == "csv":
        if draft.uncertainties:
            rule = "cannot stand beside a design in a CSV file"
            draft.refuse(
                ("uncertainties",), MISSING, rule, "Remove them: the columns of the file are the uncertainties"
            )
        return
    if not draft.uncertainties and is_said:
        rule = "samples uncertainties, and there are none"
        draft.refuse(("design", "kind"), choice.kind, rule, "Add a table [uncertainties], or remove [design]")
    for key, each in draft.uncertainties.items():
        if isinstance(each, Range) and choice.kind == "grid" and each.levels is None:
            remedy = "Add how many values of the range the grid has, as in levels = 5"
            draft.refuse((*draft.paths[key], "levels"), MISSING, "is missing in a grid", remedy)
        if isinstance(each, Range) and choice.kind != "grid" and each.levels is not None:
            path = (*draft.paths[key], "levels")
            draft.refuse(path, each.levels, f"has no meaning in a design of kind {choice.kind}", "Remove it")
