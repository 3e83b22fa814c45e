"""Sections of a scenario, validated one by one, so that those which overrides leave alone are validated once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError, create_model

from simulation.parameters import ScenarioParameters, Section

__all__ = ["Sections", "validated_text"]


@dataclass(frozen=True)
class Accepted:
    """A section as it is written, as the regions and sectors of the scenario select it, and validated."""

    written: Any
    selected: Any
    validated: Any


class Sections:
    """The validated sections of the scenarios that one chain of files makes, each under other overrides."""

    def __init__(self) -> None:
        self._accepted: dict[str, Accepted] = {}

    def accept(self, values: Mapping[str, Any]) -> bool:
        """Whether the declarations accept every section of a scenario, none missing and none unknown."""
        if values.keys() != ScenarioParameters.model_fields.keys():
            return False
        try:
            for key, value in values.items():
                if not self._is_known(key, value):
                    _validated(key, value)
        except ValidationError:
            return False
        return True

    def validated(self, values: Mapping[str, Any], selected: Mapping[str, Any]) -> dict[str, Any]:
        """Return the sections of a scenario by key.

        Parameters
        ----------
        values : mapping
            Sections as they are written.
        selected : mapping
            The same with what the scenario's regions and sectors select.
        """
        return {key: self._validated(key, values[key], selected[key]) for key in values}

    def _is_known(self, key: str, value: Any) -> bool:
        known = self._accepted.get(key)
        return known is not None and known.written is value

    def _validated(self, key: str, value: Any, selected: Any) -> Any:
        if self._is_known(key, value) and self._accepted[key].selected == selected:
            return self._accepted[key].validated
        validated = _validated(key, selected)
        self._accepted.setdefault(key, Accepted(value, selected, validated))
        return validated


def _validated(key: str, value: Any) -> Any:
    return getattr(_alone(key).model_validate_json(validated_text({key: value})), key)


@cache
def _alone(key: str) -> type[BaseModel]:
    """Return a model whose only section is this one, declared as in a scenario."""
    field = ScenarioParameters.model_fields[key]
    fields: dict[str, Any] = {key: (field.annotation, field)}
    return create_model(f"{key}_alone", __base__=Section, **fields)


def validated_text(values: Mapping[str, Any]) -> str:
    """Return values as the JSON text that the models validate strictly."""
    return json.dumps(values, default=str)
