"""The arms of a comparison: the scenarios that were given, and what they are held against.

Three reference arms say what part of a difference is owed to what, each the given scenario with a few overrides:
``none`` has no programme at all; in ``separate`` calls and services have the same budgets inside each region and
nothing is seen across, but there is no partnership, and the money for its coordination is not spent; in ``random``
those who are introduced to each other are drawn by lot. A scenario minus ``none`` is its additionality, minus
``separate`` its EU added value, minus ``random`` what the judgement in matching is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from simulation.errors import UsageError
from simulation.parameters.policy import GovernanceAttributes
from simulation.scenario import Scenario, load_scenario
from simulation.scenario_layers import plain_value

__all__ = ["REFERENCE_ARMS", "Arm", "ArmKind", "arms_of", "settings_of"]

ArmKind = Literal["scenario", "none", "separate", "random"]

REFERENCE_ARMS: dict[ArmKind, dict[str, object]] = {
    "none": {"programme.active": False, "partnership.governance": "none"},
    "separate": {"programme.across": False, "partnership.governance": "none"},
    "random": {"matching.rule": "random"},
}
"""Overrides that make each reference arm of a scenario."""

WITHOUT_PARTNERSHIP: tuple[ArmKind, ...] = ("none", "separate")
PRESET_NONE = "none"


@dataclass(frozen=True)
class Arm:
    """One arm of a study.

    Attributes
    ----------
    name : str
        What its rows are known by in the results' column ``scenario``; no other arm of the study has it.
    scenario : Scenario
        With every override applied; its name is the arm's.
    given : str
        Name or path by which the scenario was asked for.
    settings : mapping of str to object
        Overrides of this arm besides those of the whole study.
    kind : str
        ``scenario`` for one that was given, otherwise the kind of reference arm.
    of : tuple of str
        Names of the scenarios whose reference arm this is.
    """

    name: str
    scenario: Scenario
    given: str
    settings: Mapping[str, object] = field(default_factory=dict)
    kind: ArmKind = "scenario"
    of: tuple[str, ...] = ()


def arms_of(
    given: Sequence[str | Path | Scenario],
    overrides: Mapping[str, object],
    months: int | None = None,
    reference: bool = False,
) -> tuple[Arm, ...]:
    """Return the arms of a study.

    Parameters
    ----------
    given : sequence of str, Path or Scenario
        Scenarios; the first is the one that the others are compared with.
    overrides : mapping of str to object
        Values by dotted key, for every arm.
    months : int, optional
        Length of the runs instead of the scenarios'.
    reference : bool
        Whether to add the reference arms of every scenario. Arms of two scenarios that are the same run are one.

    Returns
    -------
    tuple of Arm
        The scenarios in the order given, then the reference arms, kind by kind.

    Raises
    ------
    ScenarioError
        If a scenario or an override is wrong or unknown.
    UsageError
        If the length is given twice.
    """
    if months is not None and "months" in overrides:
        raise UsageError("--months and --set months: give one of them")
    changes = dict(overrides) if months is None else {**overrides, "months": months}
    arms: list[Arm] = []
    for each in given:
        arms.append(_given_arm(each, changes, arms))
    if reference:
        for kind in REFERENCE_ARMS:
            arms.extend(_reference_arms(kind, arms))
    return tuple(arms)


def settings_of(arm: Arm, factors: Mapping[str, object]) -> dict[str, object]:
    """Return all overrides of an arm, the study's and its own, as plain values: what sets it up alone."""
    return {key: plain_value(value) for key, value in {**factors, **arm.settings}.items()}


def _given_arm(given: str | Path | Scenario, changes: dict[str, object], arms: Sequence[Arm]) -> Arm:
    if isinstance(given, Scenario):
        own = {key: value for key, value in given.overrides.items() if key not in changes}
        scenario, named = given.with_overrides(changes), given.given
    else:
        own, scenario, named = {}, load_scenario(given, changes), str(given)
    name = _free_name(scenario.name, arms)
    return Arm(name, _renamed(scenario, name), named, own)


def _reference_arms(kind: ArmKind, arms: Sequence[Arm]) -> list[Arm]:
    """Return the reference arms of one kind, those that are the same run as one."""
    made: list[Arm] = []
    for base in [arm for arm in arms if arm.kind == "scenario"]:
        arm = _reference_arm(kind, base, made[0] if made else None)
        same = [place for place, other in enumerate(made) if other.scenario.digest() == arm.scenario.digest()]
        if same:
            made[same[0]] = replace(made[same[0]], of=(*made[same[0]].of, base.name))
        else:
            name = _free_name(f"{kind}-of-{base.name}" if made else kind, [*arms, *made])
            made.append(replace(arm, name=name, scenario=_renamed(arm.scenario, name)))
    return made


def _reference_arm(kind: ArmKind, base: Arm, first: Arm | None) -> Arm:
    settings = dict(REFERENCE_ARMS[kind])
    if kind in WITHOUT_PARTNERSHIP and PRESET_NONE not in base.scenario.partnership.presets:
        del settings["partnership.governance"]
    scenario = base.scenario.with_overrides(settings)
    if kind in WITHOUT_PARTNERSHIP:
        more = dict(_still_to_set(scenario, first))
        scenario, settings = scenario.with_overrides(more), {**settings, **more}
    return Arm(kind, scenario, base.given, {**base.settings, **settings}, kind, (base.name,))


def _still_to_set(scenario: Scenario, first: Arm | None) -> Iterator[tuple[str, object]]:
    """See that nobody founds a partnership, and take over the first arm's governance, which then is idle."""
    if scenario.partnership.founded:
        yield "partnership.founded", False
    if first is not None:
        for name in GovernanceAttributes.model_fields:
            value = getattr(first.scenario.partnership, name)
            if getattr(scenario.partnership, name) != value:
                yield f"partnership.{name}", value


def _renamed(scenario: Scenario, name: str) -> Scenario:
    return scenario if scenario.name == name else scenario.with_overrides({}, name)


def _free_name(name: str, arms: Sequence[Arm]) -> str:
    taken = {arm.name for arm in arms}
    numbered, number = name, 2
    while numbered in taken:
        numbered, number = f"{name}-{number}", number + 1
    return numbered
