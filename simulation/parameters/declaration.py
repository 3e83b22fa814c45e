"""How a parameter is declared: its type, unit, bounds and meaning are written here in code, once.

Values, evidence marks and sources are written once too, in ``scenarios/baseline.toml``. No field has a default: a
scenario that extends nothing must be complete, and a value therefore never stands in two places.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.fields import FieldInfo

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A short text that a person reads, or a key of a catalogue."""


class Section(BaseModel):
    """A table of a scenario file: frozen, without unknown keys, strict about types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def parameter(unit: str, meaning: str, **rules: Any) -> Any:
    """Declare one parameter by its unit, its meaning in the model and its bounds.

    Parameters
    ----------
    unit : str
        Unit of the value; ``"1"`` for a pure number.
    meaning : str
        What the value stands for, in one sentence.
    **rules
        Bounds as pydantic states them: ``ge``, ``gt``, ``le``, ``lt``, ``min_length``.
    """
    field: FieldInfo = Field(description=meaning, json_schema_extra={"unit": unit}, **rules)
    return field


def unit_of(field: FieldInfo) -> str:
    """Unit with which a parameter or column was declared; empty where none was."""
    extra = field.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def share(meaning: str) -> Any:
    """Declare a number between 0 and 1."""
    return parameter("1", meaning, ge=0.0, le=1.0)


def entry(default: Any, meaning: str, unit: str = "1", **rules: Any) -> Any:
    """Declare an optional column of a catalogue entry; its default means "nothing said" and is not a parameter."""
    field: FieldInfo = Field(
        default=default, description=meaning, json_schema_extra={"unit": unit}, validate_default=True, **rules
    )
    return field
