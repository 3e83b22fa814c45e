"""Scenarios: loading a TOML file into frozen, validated, hashed parameters.

Values of the files of an ``extends`` chain are laid over each other, then overrides, then the preset that
``partnership.governance`` names; what the result breaks is reported all at once. Of the catalogues a scenario
keeps what its regions and sectors select.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from simulation.call_rules import broken_call_rules
from simulation.errors import Mistake, ScenarioError, UsageError, did_you_mean, short_text, short_value
from simulation.fact_rules import broken_fact_rules
from simulation.parameters import ScenarioParameters
from simulation.parameters.policy import PartnershipPreset
from simulation.references import broken_rules
from simulation.scenario_files import SCENARIO_FOLDER, find_scenario, read_chain, scenario_names
from simulation.scenario_layers import ABOUT_THE_FILE, OVERRIDE, Chain, Evidence, Layers
from simulation.scenario_mistakes import model_mistakes, preset_mistakes
from simulation.selection import selected
from simulation.toml_source import KeyPath, TomlSource, dotted, parse_toml, read_toml, short_path, shown_key

__all__ = [
    "Scenario",
    "list_scenarios",
    "load_scenario",
    "parse_setting",
    "resolved_values",
    "scenario_from_layers",
    "scenario_from_values",
]

NOT_IN_RESULTS = ("title", "facts")
"""Top keys that cannot change a run and are left out of the canonical form, as every ``source`` is."""


@dataclass(frozen=True)
class Origin:
    """What a scenario was made of."""

    name: str
    chain: Chain
    overrides: dict[str, object]


class Scenario(ScenarioParameters):
    """A frozen, validated scenario, with every parameter by attribute: ``scenario.negotiation.speed``."""

    _origin: Origin = PrivateAttr()

    @property
    def name(self) -> str:
        """Name of the file without its ending."""
        return self._origin.name

    @property
    def evidence(self) -> dict[str, Evidence]:
        """Mark and source of every value, by dotted key."""
        layers = self._origin.chain.with_overrides(self._origin.overrides)
        _apply_preset(layers)
        return {dotted(path): each for path, each in layers.evidence_of_values().items()}

    @property
    def overrides(self) -> dict[str, object]:
        """What was overridden when the scenario was loaded, by dotted key."""
        return dict(self._origin.overrides)

    @property
    def written(self) -> dict[str, Any]:
        """The merged values as written: before the preset is applied and the catalogues are selected."""
        return copy.deepcopy(self._origin.chain.with_overrides(self._origin.overrides).values)

    @property
    def layers(self) -> tuple[dict[str, Any], ...]:
        """Values of the files of the ``extends`` chain, root first, with their evidence and without the overrides.

        With name and overrides they make the same scenario again where the files are not at hand, see
        :func:`scenario_from_layers`; they can be written as JSON.
        """
        tables = (source.values for source in self._origin.chain.sources)
        return tuple(
            copy.deepcopy({key: each for key, each in table.items() if key not in ABOUT_THE_FILE}) for table in tables
        )

    @property
    def given(self) -> str:
        """What finds the scenario's file again: its name where it comes with the project, else its path."""
        file = self._origin.chain.sources[-1].file
        shipped = {short_path(SCENARIO_FOLDER / f"{name}.toml"): name for name in scenario_names()}
        return shipped.get(file, file)

    def with_overrides(self, overrides: Mapping[str, object], name: str | None = None) -> Scenario:
        """Return this scenario with further overrides, which come after those it already has.

        Parameters
        ----------
        overrides : mapping of str to object
            Values by dotted key.
        name : str, optional
            Another name, for a variant that is to be told from this one.

        Raises
        ------
        ScenarioError
            If a key is unknown or a value breaks a rule.
        """
        changed = {**self._origin.overrides, **overrides}
        return _resolve(self.name if name is None else name, self._origin.chain, changed)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.model_dump_json(exclude_unset=True), self._origin)

    def canonical_json(self) -> str:
        """Return what decides a run as JSON with sorted keys: no title, fact, source or preset label."""
        values = {key: each for key, each in self.model_dump(mode="json").items() if key not in NOT_IN_RESULTS}
        for label in ("governance", "presets"):
            del values["partnership"][label]
        return json.dumps(_without_sources(values), sort_keys=True, separators=(",", ":"), allow_nan=False)

    def digest(self) -> str:
        """Return the SHA-256 digest of the canonical JSON in hexadecimal."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()


def _restored(text: str, origin: Origin) -> Scenario:
    """Return a scenario as another process had it."""
    scenario = Scenario.model_validate_json(text)
    scenario._origin = origin
    return scenario


def _without_sources(values: Any) -> Any:
    if isinstance(values, dict):
        return {
            key: _without_sources(each)
            for key, each in values.items()
            if not (key == "source" and isinstance(each, str))
        }
    return [_without_sources(each) for each in values] if isinstance(values, list) else values


def load_scenario(name_or_path: str | Path, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A name such as ``smart-space-flexible``, or the path of a TOML file.
    overrides : mapping of str to object, optional
        Values by dotted key; they beat every file and the preset.

    Raises
    ------
    ScenarioError
        With every mistake of the files and overrides.
    """
    path = find_scenario(name_or_path)
    return _resolve(path.stem, Chain(read_chain(path)), dict(overrides or {}))


def scenario_from_values(values: Mapping[str, Any], name: str) -> Scenario:
    """Return a scenario from complete values, such as :func:`resolved_values` returns."""
    return scenario_from_layers(name, (values,), {})


def scenario_from_layers(
    name: str, layers: Sequence[Mapping[str, Any]], overrides: Mapping[str, object] | None = None
) -> Scenario:
    """Return the scenario that the files of a chain with overrides make, from their values alone.

    Parameters
    ----------
    name : str
        Name of the scenario.
    layers : sequence of mapping
        Values of the files, root first, such as :attr:`Scenario.layers` returns.
    overrides : mapping of str to object, optional
        Values by dotted key; they beat every file and the preset.

    Raises
    ------
    ScenarioError
        With every mistake of the values and overrides; files are named after the scenario.
    """
    return _resolve(name, Chain(_sources(name, layers)), dict(overrides or {}))


def _sources(name: str, layers: Sequence[Mapping[str, Any]]) -> list[TomlSource]:
    last = len(layers)
    names = (name if number == last else f"{name} (layer {number} of {last})" for number in range(1, last + 1))
    return [TomlSource(each, copy.deepcopy(dict(values)), {}) for each, values in zip(names, layers, strict=True)]


def _resolve(name: str, chain: Chain, overrides: dict[str, object]) -> Scenario:
    layers = chain.with_overrides(overrides)
    label_mistakes = _apply_preset(layers)
    accepted = chain.sections.accept(layers.values)
    mistakes = [
        *layers.mistakes,
        *label_mistakes,
        *(() if accepted else model_mistakes(layers.values, layers)),
        *preset_mistakes(layers.values, layers),
        *_broken(layers, (*(source.file for source in chain.sources), OVERRIDE)),
    ]
    if mistakes:
        unique = {(each.file, each.line, each.key, each.value): each for each in reversed(mistakes)}
        raise ScenarioError(sorted(unique.values(), key=lambda each: (each.file, each.line or 0, each.key, each.value)))
    scenario = Scenario.model_construct(**chain.sections.validated(layers.values, selected(layers.values)))
    scenario._origin = Origin(name, chain, overrides)
    return scenario


def _broken(layers: Layers, files: Sequence[str]) -> list[Mistake]:
    mistakes = []
    values = layers.values
    for broken in (*broken_rules(values), *broken_fact_rules(values), *broken_call_rules(values)):
        place = layers.place(broken.path)
        if broken.unless_changed is not None and _is_meant(layers, broken.path, broken.unless_changed, files):
            continue
        value = "" if broken.value is None else short_value(broken.value)
        mistakes.append(Mistake(place.file, place.line, shown_key(broken.path), value, broken.rule, broken.remedy))
    return mistakes


def _is_meant(layers: Layers, path: KeyPath, other: KeyPath, files: Sequence[str]) -> bool:
    """Whether a value is written before the other one that breaks a rule with it, or handed over in no file at all."""
    written, changed = layers.place(path), layers.place(other)
    return path not in layers.last or files.index(written.file) < files.index(changed.file)


def _apply_preset(layers: Layers) -> list[Mistake]:
    """Put the preset's attributes in place, except those set above the root; return what is wrong with it."""
    partnership = layers.values.get("partnership")
    if not isinstance(partnership, dict):
        return []
    label, presets = partnership.get("governance"), partnership.get("presets")
    if not isinstance(label, str) or not isinstance(presets, dict):
        return []
    if label not in presets:
        place = layers.place(("partnership", "governance"))
        rule, remedy = "is not the name of a preset", did_you_mean(label, presets)
        return [Mistake(place.file, place.line, "partnership.governance", short_value(label), rule, remedy)]
    preset = presets[label] if isinstance(presets[label], dict) else {}
    partnership = dict(partnership)
    layers.values = {**layers.values, "partnership": partnership}
    for attribute in preset.keys() & PartnershipPreset.model_fields.keys():
        path = ("partnership", attribute)
        if path not in layers.above_root:
            written = ("partnership", "presets", label, attribute)
            partnership[attribute] = preset[attribute]
            layers.last[path] = layers.place(written)
            if written in layers.evidence:
                layers.evidence[path] = layers.evidence[written]
    return []


def parse_setting(setting: str) -> tuple[str, object]:
    """Parse ``KEY=VALUE`` as a command line gives it.

    Parameters
    ----------
    setting : str
        A dotted key, ``=``, and a TOML value; anything else is taken as a text: ``matching.rule=random``.

    Raises
    ------
    UsageError
        If there is no key, no value, or a key that no scenario can have.
    """
    key, equals, text = setting.partition("=")
    key, text = key.strip(), text.strip()
    form = "Write KEY=VALUE, as in negotiation.speed=0.3"
    if not equals or not text:
        raise UsageError(f"{short_text(setting)}: a setting needs a key and a value. {form}")
    if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,15}", key):
        raise UsageError(f"{short_text(key)}: is not a dotted key. {form}")
    return key, _toml_value(key, text)


def _toml_value(key: str, text: str) -> object:
    try:
        values = parse_toml(f"value = {text}", "override").values
    except ScenarioError as error:
        if len(text) > 10_000:
            raise UsageError(f"{key}: {error.mistakes[0].rule}. Put long values into a scenario file") from None
        return text
    return values["value"] if len(values) == 1 else text


def resolved_values(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario's values as nested tables which load, as a file of their own, to the same digest.

    The preset that is in force is shown with the attributes as they were resolved.
    """
    values = _without_none(scenario.model_dump(mode="json"))
    partnership = values["partnership"]
    preset = {key: partnership[key] for key in PartnershipPreset.model_fields if key in partnership}
    partnership["presets"][partnership["governance"]] = preset
    return {key: values[key] for key in sorted(values, key=lambda each: isinstance(values[each], dict))}


def _without_none(values: Any) -> Any:
    if isinstance(values, dict):
        return {key: _without_none(each) for key, each in values.items() if each is not None}
    return [_without_none(each) for each in values] if isinstance(values, list) else values


def list_scenarios() -> list[tuple[str, str]]:
    """Return name and title of the scenarios that come with the project; an unreadable one has no title."""
    return [(name, _title(name)) for name in scenario_names()]


def _title(name: str) -> str:
    try:
        return str(read_toml(SCENARIO_FOLDER / f"{name}.toml").values.get("title", ""))
    except ScenarioError:
        return ""
