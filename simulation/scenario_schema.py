"""The JSON Schema of scenario files, for completion and hints in an editor."""

from __future__ import annotations

from typing import Any

from simulation.parameters import ScenarioParameters
from simulation.parameters.facts import Fact
from simulation.scenario_layers import MARKS

__all__ = ["schema"]

WITHOUT_EVIDENCE = ("title", "facts", "source", "name")
NOT_IN_A_FILE = ("title", "default", "required")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file.

    Nothing is required, since files extend each other; every parameter may be written plainly or as a table
    of value, mark and source.
    """
    generated = ScenarioParameters.model_json_schema()
    definitions = {name: _table(each, name != Fact.__name__) for name, each in generated.pop("$defs").items()}
    root = _table(generated)
    extends = {
        "type": "string",
        "minLength": 1,
        "description": "Name or relative path of the scenario to extend",
    }
    about = {"$schema": {"type": "string", "description": "Where this schema stands"}, "extends": extends}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Regioscope scenario",
        **root,
        "properties": {**about, **root["properties"]},
        "$defs": definitions,
    }


def _table(model: dict[str, Any], with_evidence: bool = True) -> dict[str, Any]:
    kept = {key: value for key, value in model.items() if key not in NOT_IN_A_FILE}
    kept["properties"] = {name: _property(name, each, with_evidence) for name, each in model["properties"].items()}
    return kept


def _property(name: str, field: dict[str, Any], with_evidence: bool) -> dict[str, Any]:
    leaf: dict[str, Any] = {key: value for key, value in field.items() if key not in NOT_IN_A_FILE}
    if not with_evidence or name in WITHOUT_EVIDENCE or _holds_tables(field):
        return leaf
    about: dict[str, Any] = {key: leaf.pop(key) for key in ("description", "unit") if key in leaf}
    evidence = {
        "type": "object",
        "properties": {"value": leaf, "mark": {"enum": list(MARKS)}, "source": {"type": "string"}},
        "additionalProperties": False,
    }
    return {**about, "anyOf": [leaf, evidence]}


def _holds_tables(field: dict[str, Any]) -> bool:
    entries = field.get("additionalProperties")
    return "$ref" in field or (isinstance(entries, dict) and "$ref" in entries)
