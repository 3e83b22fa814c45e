"""``regioscope describe``: the month, the parameters, the indicators and the tables, as the code has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from simulation.scenario import Scenario

__all__ = ["describe", "description"]

BASELINE = "baseline"
BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length")


def describe(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Print the stages of the month, all parameters, indicators and tables of the state."""
    found = description()
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False, default=str))
        return
    from regioscope.description_tables import print_description

    print_description(found)


def description() -> dict[str, Any]:
    """Return what ``regioscope describe`` prints.

    Returns
    -------
    dict
        ``schedule``, ``parameters``, ``indicators``, ``regional_indicators``, ``flow_indicators``,
        ``network_columns``, ``tables`` (of the state) and ``bytes_per_sme``.
    """
    from dataclasses import asdict

    from simulation.indicator_definitions import (
        FLOW_INDICATORS,
        INDICATORS,
        NETWORK_COLUMNS,
        REGIONAL_INDICATORS,
    )
    from simulation.scenario import load_scenario

    baseline = load_scenario(BASELINE)
    tables = list(_tables(len(baseline.domains)))
    return {
        "schedule": _schedule(),
        "parameters": list(_parameters(baseline)),
        "indicators": [asdict(each) for each in INDICATORS],
        "regional_indicators": [asdict(each) for each in REGIONAL_INDICATORS],
        "flow_indicators": [asdict(each) for each in FLOW_INDICATORS],
        "network_columns": [asdict(each) for each in NETWORK_COLUMNS],
        "tables": tables,
        "bytes_per_sme": _bytes_per_sme(tables, baseline.networks.mean_degree),
    }


def _bytes_per_sme(tables: list[dict[str, Any]], mean_degree: float) -> int:
    """State of an SME: its row, and its half of each of its ties."""
    rows: dict[str, int] = {each["name"]: each["bytes_per_row"] for each in tables}
    return round(rows["organisations"] + mean_degree / 2.0 * rows["ties"])


def _schedule() -> list[dict[str, str]]:
    from simulation.schedule import MONTH

    return [
        {
            "stage": stage.name,
            "function": f"{stage.function.__module__}.{stage.function.__name__}",
            "meaning": stage.meaning,
        }
        for stage in MONTH
    ]


def _parameters(baseline: Scenario) -> Iterator[dict[str, Any]]:
    """Every parameter with its value in the baseline; entries of catalogues are data of a scenario."""
    from simulation.parameters import CATALOGUES, ScenarioParameters
    from simulation.parameters.declaration import unit_of

    evidence = baseline.evidence
    for key, field, value in _leaves(ScenarioParameters, baseline, ()):
        if key.partition(".")[0] in (*CATALOGUES, "title", "facts"):
            continue
        known = evidence.get(key)
        yield {
            "key": key,
            "value": value,
            "unit": unit_of(field) or "1",
            "type": _type_name(field),
            "bounds": _bounds(field),
            "meaning": field.description or "",
            "mark": known.mark if known is not None else "",
            "source": known.source if known is not None else "",
        }


def _leaves(model: type[BaseModel], values: Any, path: tuple[str, ...]) -> Iterator[tuple[str, FieldInfo, Any]]:
    from pydantic import BaseModel

    for name, field in model.model_fields.items():
        value = getattr(values, name)
        if isinstance(value, BaseModel):
            yield from _leaves(type(value), value, (*path, name))
        elif not (isinstance(value, dict) and any(isinstance(each, BaseModel) for each in value.values())):
            yield ".".join((*path, name)), field, value


def _type_name(field: FieldInfo) -> str:
    from typing import Literal, get_args, get_origin

    annotation: Any = field.annotation
    if get_origin(annotation) is Literal:
        return " | ".join(json.dumps(choice) for choice in get_args(annotation))
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _bounds(field: FieldInfo) -> dict[str, float]:
    return {
        name: getattr(rule, name) for rule in field.metadata for name in BOUNDS if getattr(rule, name, None) is not None
    }


def _tables(domains: int) -> Iterator[dict[str, Any]]:
    from simulation.counters import counters_schema
    from simulation.schemas import empty_state

    for table in empty_state(domains, counters_schema()).tables():
        schema = table.schema
        yield {
            "name": schema.name,
            "row": schema.row,
            "bytes_per_row": schema.bytes_per_row,
            "columns": [
                {
                    "name": column.name,
                    "type": str(column.dtype),
                    "shape": list(column.shape),
                    "unit": column.unit,
                    "meaning": column.meaning,
                    "bytes": column.bytes,
                }
                for column in schema.columns
            ],
        }
