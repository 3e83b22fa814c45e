"""Studies: which scenarios are run under which policies, over which uncertainties, and how often.

A study file keeps apart what policy sets (levers: every combination is an arm) and what policy does not know
(uncertainties: sampled by a design). Every arm runs at every design point, so that a difference between two arms is
one of pairs. Lempert, Popper & Bankes 2003 (RAND MR-1626) draw this line between levers and uncertainties.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from experiments.csv_design import read_csv_design
from experiments.design import DesignChoice, Range, Uncertainty, design_points
from experiments.study_file import MISSING, Draft, Until, read_draft
from experiments.study_mistakes import check_cases, check_factors, check_names, check_size, note_mistakes, value_at
from simulation.errors import Mistake, ScenarioError, did_you_mean, short_value
from simulation.scenario import Scenario, load_scenario
from simulation.scenario_files import scenario_names
from simulation.toml_source import read_toml

__all__ = [
    "STUDY_FOLDER",
    "DesignChoice",
    "Range",
    "Study",
    "StudyArm",
    "Until",
    "find_study",
    "list_studies",
    "load_study",
]

STUDY_FOLDER = Path(__file__).parent / "studies"
"""Where the studies that come with the project stand."""


@dataclass(frozen=True)
class StudyArm:
    """What policy sets: one scenario under one combination of the levers.

    Attributes
    ----------
    name : str
        The values of the levers, or the scenario's name where there are none; no other arm of the study has it.
    scenario : Scenario
        As loaded, with the study's number of months but without the levers.
    given : str
        Name or path that finds the scenario again.
    levers : dict of str to object
        Values by dotted key.
    """

    name: str
    scenario: Scenario
    given: str
    levers: dict[str, object]


@dataclass(frozen=True)
class Study:
    """A validated study.

    Attributes
    ----------
    name : str
        Name of the file without its ending.
    title : str
        What the study asks; the name where nothing is said.
    given : str
        Name or path that finds the file again.
    scenarios : tuple of str
        Scenarios as given.
    months : int or None
        Length of the runs; None: the scenarios'.
    seed : int
        Of the runs and of the design.
    replicates : int or Until
        How often every case is run.
    design : DesignChoice
        How the uncertainties are sampled.
    levers : dict of str to tuple
        Values by dotted key.
    uncertainties : dict of str to Range or tuple
        Ranges or values by dotted key; for a design in a CSV file, the values of each column.
    points : tuple of dict
        Values of the uncertainties by design point.
    arms : tuple of StudyArm
        Scenario by scenario, the last lever changing fastest. The first is the one the others are held against.
    """

    name: str
    title: str
    given: str
    scenarios: tuple[str, ...]
    months: int | None
    seed: int
    replicates: int | Until
    design: DesignChoice
    levers: dict[str, tuple[Any, ...]]
    uncertainties: dict[str, Uncertainty]
    points: tuple[dict[str, object], ...]
    arms: tuple[StudyArm, ...]

    def digest(self) -> str:
        """Return the SHA-256 digest of what decides the runs; more replicates extend a study and are left out."""
        scenarios = {arm.given: arm.scenario for arm in self.arms}
        digests = {given: [each.name, each.digest()] for given, each in scenarios.items()}
        arms = [[arm.name, *digests[arm.given], arm.levers] for arm in self.arms]
        decides = [self.seed, self.months, arms, self.points]
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()

    def as_record(self) -> dict[str, Any]:
        """Return what reproduces the study, ready for JSON; the points themselves only where a file gave them."""
        record: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "given": self.given,
            "digest": self.digest(),
            "scenarios": list(self.scenarios),
            "months": self.months,
            "seed": self.seed,
            "replicates": _replicates_record(self.replicates),
            "design": {key: each for key, each in vars(self.design).items() if each is not None},
            "levers": {key: list(values) for key, values in self.levers.items()},
            "uncertainties": {
                key: dict(vars(each)) if isinstance(each, Range) else list(each)
                for key, each in self.uncertainties.items()
            },
            "arms": [{"name": arm.name, "given": arm.given, "levers": arm.levers} for arm in self.arms],
            "points": len(self.points),
        }
        if self.design.kind == "csv":
            record["rows"] = [list(point.values()) for point in self.points]
        return record


def _replicates_record(replicates: int | Until) -> int | dict[str, Any]:
    if isinstance(replicates, int):
        return replicates
    return {
        "until": replicates.indicator,
        "between": list(replicates.between),
        "width": replicates.width,
        "batch": replicates.batch,
        "min": replicates.minimum,
        "max": replicates.maximum,
    }


def load_study(name_or_path: str | Path) -> Study:
    """Load a study and make its design points.

    Parameters
    ----------
    name_or_path : str or Path
        A name such as ``formal-vs-flexible``, or the path of a TOML file.

    Raises
    ------
    ScenarioError
        With every mistake of the study, its design file and its scenarios.
    UsageError
        If the design needs a package that is not installed.
    """
    path = find_study(name_or_path)
    draft = read_draft(path)
    bases = _bases(draft, path.parent)
    _take_columns(draft, path.parent)
    check_factors(draft, [base for _, base in bases])
    check_size(draft)
    _stop_at(draft)
    arms = _arms(draft, bases)
    check_names(draft, [arm.name for arm in arms])
    _stop_at(draft)
    points = _points(draft, arms)
    _stop_at(draft)
    check_cases(draft, [(arm.name, arm.scenario, arm.levers) for arm in arms], points)
    _stop_at(draft)
    return Study(
        name=path.stem,
        title=draft.title,
        given=str(name_or_path),
        scenarios=draft.scenarios,
        months=draft.months,
        seed=draft.seed,
        replicates=draft.replicates,
        design=draft.design,
        levers=draft.levers,
        uncertainties=draft.uncertainties,
        points=points,
        arms=arms,
    )


def _stop_at(draft: Draft) -> None:
    if draft.mistakes:
        unique = {(each.file, each.line, each.key, each.value, each.rule): each for each in draft.mistakes}
        raise ScenarioError(sorted(unique.values(), key=lambda each: (each.file, each.line or 0, each.key)))


def _bases(draft: Draft, folder: Path) -> list[tuple[str, Scenario]]:
    """Return name or path and scenario of those that could be loaded."""
    overrides = {} if draft.months is None else {"months": draft.months}
    found = []
    for text in draft.scenarios:
        given = _given(text, folder)
        if given is None:
            path = ("base",) if "base" in draft.source.values else ("scenarios",)
            rule = "is neither the name of a scenario nor a file beside the study"
            draft.refuse(path, text, rule, did_you_mean(text, scenario_names()))
            continue
        try:
            found.append((given, load_scenario(given, overrides)))
        except ScenarioError as error:
            note_mistakes(draft, error.mistakes)
    return found


def _given(text: str, folder: Path) -> str | None:
    if "/" not in text and not text.endswith(".toml"):
        if text in scenario_names():
            return text
        text = f"{text}.toml"
    path = folder / text
    try:
        return str(path) if path.is_file() else None
    except (OSError, ValueError):
        return None


def _take_columns(draft: Draft, folder: Path) -> None:
    """Read the file of a design in CSV; its columns are the uncertainties."""
    if draft.design.file is None:
        return
    try:
        draft.columns = read_csv_design(folder / draft.design.file)
    except ScenarioError as error:
        draft.mistakes += error.mistakes
        return
    for place, key in enumerate(draft.columns.keys):
        if key in draft.levers:
            rule = f"is a column of {draft.columns.file} too"
            draft.refuse_factor(key, MISSING, rule, "What policy sets is no uncertainty: remove one of the two")
        values = {repr(row[place]): row[place] for row in draft.columns.rows}
        draft.uncertainties[key] = tuple(values.values())


def _arms(draft: Draft, bases: list[tuple[str, Scenario]]) -> tuple[StudyArm, ...]:
    shown = [key for key, values in draft.levers.items() if len(values) > 1]
    lasts = [key.rpartition(".")[2] for key in draft.levers]
    labels = {key: key if lasts.count(last) > 1 else last for key, last in zip(draft.levers, lasts, strict=True)}
    return tuple(
        StudyArm(
            _arm_name(base.name if len(bases) > 1 or not shown else None, {labels[key]: levers[key] for key in shown}),
            base,
            given,
            levers,
        )
        for given, base in bases
        for levers in (
            dict(zip(draft.levers, combination, strict=True)) for combination in product(*draft.levers.values())
        )
    )


def _arm_name(scenario: str | None, levers: Mapping[str, object]) -> str:
    parts = [value if isinstance(value, str) else f"{label}={_shown(value)}" for label, value in levers.items()]
    return ", ".join([*([scenario] if scenario else []), *parts])


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.15g}" if float(f"{value:.15g}") == value else repr(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return f"[{', '.join(value)}]"
    return json.dumps(value, ensure_ascii=False)


def _points(draft: Draft, arms: tuple[StudyArm, ...]) -> tuple[dict[str, object], ...]:
    if draft.columns is not None:
        numbers = {key for key, each in draft.uncertainties.items() if _has_numbers(each)}
        return tuple(
            {
                key: float(value) if key in numbers and type(value) is int else value
                for key, value in zip(draft.columns.keys, row, strict=True)
            }
            for row in draft.columns.rows
        )
    own = _own_values(draft, arms) if draft.design.kind == "one-at-a-time" else {}
    return () if draft.mistakes else design_points(draft.design, draft.uncertainties, draft.seed, own)


def _has_numbers(values: Uncertainty) -> bool:
    """Whether a column holds numbers that are not whole, or stands for a parameter that takes such numbers."""
    return not isinstance(values, Range) and any(isinstance(value, float) for value in values)


def _own_values(draft: Draft, arms: tuple[StudyArm, ...]) -> dict[str, object]:
    scenarios = [arm.scenario.with_overrides(arm.levers) if arm.levers else arm.scenario for arm in arms]
    own: dict[str, object] = {}
    for key in draft.uncertainties:
        values = [value_at(scenario, key) for scenario in scenarios]
        different = [value for value in values if value != values[0]]
        if different:
            rule = f"is {short_value(values[0])} in one arm and {short_value(different[0])} in another"
            remedy = "One at a time starts from one value: make a study for each, or use another kind of design"
            draft.refuse_factor(key, MISSING, rule, remedy)
        own[key] = values[0]
    return own


def find_study(name_or_path: str | Path) -> Path:
    """Return the file of a study that is given by name or by path.

    Raises
    ------
    ScenarioError
        If there is no such study, with the nearest name that exists.
    """
    text = str(name_or_path)
    if "/" in text or "\\" in text or text.endswith(".toml"):
        return Path(text)
    names = [name for name, _ in list_studies()]
    if text in names:
        return STUDY_FOLDER / f"{text}.toml"
    if Path(f"{text}.toml").is_file():
        return Path(f"{text}.toml")
    rule = "is not the name of a study, nor a path that ends in .toml"
    raise ScenarioError([Mistake("study", None, "", short_value(text), rule, did_you_mean(text, names))])


def list_studies() -> list[tuple[str, str]]:
    """Return name and title of the studies that come with the project; an unreadable one has no title."""
    return [(path.stem, _title(path)) for path in sorted(STUDY_FOLDER.glob("*.toml"))]


def _title(path: Path) -> str:
    try:
        return str(read_toml(path).values.get("title", ""))
    except ScenarioError:
        return ""
