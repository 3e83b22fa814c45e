"""From what the validation finds to mistakes a person can act on: rule, bounds, unit, nearest right key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from simulation.errors import Mistake, did_you_mean, nearest_name, short_value
from simulation.parameters import ScenarioParameters
from simulation.parameters.policy import Partnership
from simulation.scenario_layers import Layers
from simulation.scenario_sections import validated_text
from simulation.toml_source import KeyPath, shown_key

__all__ = ["field_at", "model_mistakes", "preset_mistakes", "table_type"]

WORDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
BOUNDS = (("ge", "from {}"), ("gt", "above {}"), ("le", "up to {}"), ("lt", "below {}"))


def model_mistakes(values: Mapping[str, Any], layers: Layers) -> list[Mistake]:
    """Return one mistake for every value that its declaration refuses."""
    try:
        ScenarioParameters.model_validate_json(validated_text(values))
    except ValidationError as error:
        found: dict[KeyPath, Mistake] = {}
        for each in error.errors(include_url=False, include_context=True):
            path = _path_in_values(tuple(each["loc"]), values, each["type"])
            found.setdefault(path, _mistake(path, dict(each), layers))
        return list(found.values())
    return []


def preset_mistakes(values: Mapping[str, Any], layers: Layers) -> list[Mistake]:
    """Return the mistakes in presets that are not in force; their bounds are those of the attributes."""
    partnership = values.get("partnership")
    presets = partnership.get("presets") if isinstance(partnership, dict) else None
    if not isinstance(partnership, dict) or not isinstance(presets, dict):
        return []
    return [
        mistake
        for label, preset in presets.items()
        if isinstance(preset, dict) and label != partnership.get("governance")
        for mistake in _mistakes_of_preset(label, preset, partnership, layers)
    ]


def _mistakes_of_preset(
    label: str, preset: dict[str, Any], partnership: dict[str, Any], layers: Layers
) -> Iterator[Mistake]:
    try:
        Partnership.model_validate_json(validated_text({**partnership, **preset}))
    except ValidationError as error:
        for each in error.errors(include_url=False):
            attribute = each["loc"][0]
            if attribute in preset and attribute in Partnership.model_fields:
                path = ("partnership", "presets", label, attribute)
                yield _mistake(path, dict(each), layers, declared_at=("partnership", attribute))


def _path_in_values(location: KeyPath, values: Any, kind: str) -> KeyPath:
    """Cut from a location what is no key of the file, such as the name of an alternative type."""
    path: KeyPath = ()
    for part in location:
        inside = isinstance(values, dict) and part in values
        inside = inside or (isinstance(values, list) and isinstance(part, int) and part < len(values))
        if not inside:
            return (*path, part) if kind == "missing" else path
        path, values = (*path, part), values[part]
    return path


def _mistake(path: KeyPath, error: Mapping[str, Any], layers: Layers, declared_at: KeyPath | None = None) -> Mistake:
    kind, missing = str(error["type"]), error["type"] == "missing"
    place = layers.place(path, first=missing)
    if kind == "extra_forbidden":
        rule, remedy = "is not a known key", _nearest_key(path)
        path, error = _single_value_inside(path, error)
    else:
        declared = declared_at or path
        rule, remedy = _rule_of_several_types(declared) or _rule(kind, error), _remedy(declared, error)
    value = "" if missing or isinstance(error["input"], dict) else short_value(error["input"])
    return Mistake(place.file, place.line, shown_key(path), value, rule, remedy)


def _single_value_inside(path: KeyPath, error: Mapping[str, Any]) -> tuple[KeyPath, Mapping[str, Any]]:
    """Follow an unknown table with one key, as a dotted override makes it, to the value that was written."""
    held = error["input"]
    while isinstance(held, dict) and len(held) == 1:
        key, held = next(iter(held.items()))
        path = (*path, key)
    return path, {**error, "input": held}


def _rule(kind: str, error: Mapping[str, Any]) -> str:
    context = error.get("ctx", {})
    known = {
        "missing": "is missing, and no file that is extended sets it",
        "greater_than_equal": f"must be at least {_plain(context.get('ge'))}",
        "greater_than": f"must be above {_plain(context.get('gt'))}",
        "less_than_equal": f"must be at most {_plain(context.get('le'))}",
        "less_than": f"must be below {_plain(context.get('lt'))}",
        "literal_error": f"must be one of {context.get('expected')}",
        "finite_number": "must be a finite number",
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "float_type": "must be a number",
        "bool_type": "must be true or false",
        "string_type": "must be a text",
        "tuple_type": "must be a list",
        "dict_type": "must be a table",
        "model_type": "must be a table",
        "string_pattern_mismatch": "must have the form YYYY-MM",
        "string_too_short": "must not be empty",
        "string_too_long": f"must be at most {context.get('max_length')} characters long",
        "too_short": f"must have at least {context.get('min_length')} elements",
        "too_long": f"must have at most {context.get('max_length')} elements",
    }
    return known.get(kind, "is not a value that is allowed here")


def _rule_of_several_types(path: KeyPath) -> str:
    """Return the rule of a value that may be of several types, of which the error names but one; else nothing."""
    field = field_at(path)
    several = field is not None and get_origin(_plain_type(field.annotation)) is UnionType
    return f"must be {_expected(field)}" if field is not None and several else ""


def _plain(bound: object) -> str:
    if isinstance(bound, float) and bound.is_integer():
        return str(int(bound))
    return str(bound)


def _remedy(path: KeyPath, error: Mapping[str, Any]) -> str:
    field = field_at(path)
    if field is None:
        return "Write a table with the keys of this section" if error["type"] == "model_type" else "Correct the value"
    choices = [str(choice) for choice in _choices(field.annotation)]
    if choices and isinstance(error["input"], str):
        nearest = nearest_name(error["input"], choices)
        if nearest is not None:
            return f"Did you mean {nearest}?"
    meaning = f": {field.description}" if field.description else ""
    return f"Write {_expected(field)}{meaning}"


def _expected(field: FieldInfo) -> str:
    choices = _choices(field.annotation)
    if choices:
        return " or ".join(short_value(choice) for choice in choices)
    kind = _plain_type(field.annotation)
    word = WORDS.get(kind, "a list" if get_origin(kind) is tuple else "a table")
    if get_origin(kind) is UnionType:
        word = " or ".join(WORDS[each] for each in get_args(kind) if not (each is int and float in get_args(kind)))
    bounds = [
        form.format(_plain(getattr(rule, name)))
        for name, form in BOUNDS
        for rule in field.metadata
        if getattr(rule, name, None) is not None
    ]
    extra = field.json_schema_extra
    unit = str(extra.get("unit", "1")) if isinstance(extra, dict) else "1"
    return " ".join([word, *bounds]) + (f" (unit: {unit})" if unit != "1" else "")


def _choices(annotation: Any) -> tuple[Any, ...]:
    kind = _plain_type(annotation)
    return get_args(kind) if get_origin(kind) is Literal else ()


def _plain_type(annotation: Any) -> Any:
    """Return a type without None as an alternative."""
    alternatives = [each for each in get_args(annotation) if each is not type(None)]
    if type(None) in get_args(annotation) and len(alternatives) == 1:
        return alternatives[0]
    return annotation


def table_type(annotation: Any) -> type[BaseModel] | None:
    """Return the model of the tables that an annotation holds, directly or by name; None for a leaf."""
    kind = _plain_type(annotation)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) is dict:
        return table_type(get_args(kind)[1])
    if get_origin(kind) is tuple:
        return table_type(get_args(kind)[0])
    return None


def _model_at(path: KeyPath) -> type[BaseModel] | None:
    """Return the model of the table at a path of a scenario."""
    model: type[BaseModel] | None = ScenarioParameters
    named = False
    for part in path:
        if named:
            named = False
            continue
        field = model.model_fields.get(str(part)) if model is not None else None
        if field is None:
            return None
        model = table_type(field.annotation)
        named = get_origin(_plain_type(field.annotation)) in (dict, tuple)
    return None if named else model


def field_at(path: KeyPath) -> FieldInfo | None:
    """Return the declaration of the parameter at a path, or None where there is none."""
    for length in range(len(path), 0, -1):
        model = _model_at(path[: length - 1])
        field = model.model_fields.get(str(path[length - 1])) if model is not None else None
        if field is not None:
            return field if table_type(field.annotation) is None else None
    return None


def _nearest_key(path: KeyPath) -> str:
    model, last = _model_at(path[:-1]), str(path[-1])
    siblings = list(model.model_fields) if model is not None else []
    nearest = nearest_name(last, siblings)
    if nearest is None:
        elsewhere = [key for key in _section_keys() if key.rpartition(".")[2] == last]
        nearest_path = elsewhere[0] if elsewhere else nearest_name(shown_key(path), _section_keys())
        if nearest_path is not None:
            return f"Did you mean {nearest_path}?"
        return did_you_mean(last, siblings)
    return f"Did you mean {shown_key((*path[:-1], nearest))}?"


def _section_keys() -> Iterator[str]:
    for name, field in ScenarioParameters.model_fields.items():
        section = _plain_type(field.annotation)
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from (f"{name}.{key}" for key in section.model_fields)
        yield name
