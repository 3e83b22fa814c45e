"""The parts of ODD.md that follow from the code: schedule, tables of state, codes, parameters, indicators.

``python -m simulation.odd --write`` puts them between their markers, ``--check`` says which of them are out
of date. Everything else in ODD.md is written by hand and left as it is.

References
----------
Grimm, V. et al. (2020). The ODD protocol for describing agent-based and other simulation models: a second
update to improve clarity, replication, and structural realism. JASSS 23(2), 7.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from inspect import getdoc
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import numpy as np
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulation import codes, schemas
from simulation.counters import counters_schema
from simulation.errors import UsageError
from simulation.indicator_definitions import (
    FLOW_INDICATORS,
    INDICATORS,
    NETWORK_COLUMNS,
    REGIONAL_INDICATORS,
    Indicator,
)
from simulation.parameters import CATALOGUES, ScenarioParameters
from simulation.parameters.declaration import unit_of
from simulation.parameters.policy import PartnershipPreset
from simulation.scenario import Scenario, load_scenario
from simulation.schedule import MONTH
from simulation.state import NEVER, NOBODY, Column

__all__ = ["DOCUMENT", "PARTS", "generated_parts", "main", "out_of_date", "with_generated_parts"]

DOCUMENT = Path(__file__).with_name("ODD.md")
"""The description of the model, beside this module."""

BASELINE = "baseline"
"""Scenario whose values stand in the table of parameters."""

NO_PARAMETERS = ("title", "facts")
"""Top keys of a scenario that no rule of the model could read."""

BOUNDS = {
    "ge": "≥ {}",
    "gt": "> {}",
    "le": "≤ {}",
    "lt": "< {}",
    "min_length": "length ≥ {}",
    "max_length": "length ≤ {}",
}
"""How a bound of a declaration is written."""

NAMED_EMPTY = {NEVER: "`NEVER`", NOBODY: "`NOBODY`"}
"""Names of what a cell holds where there is nothing."""


def generated_parts() -> dict[str, str]:
    """Text of every generated part, by the name in its markers."""
    return {name: "\n".join(write()) for name, write in PARTS.items()}


def with_generated_parts(document: str) -> str:
    """Put every generated part of a document between its markers.

    Raises
    ------
    UsageError
        If the markers of a part do not stand in the document exactly once.
    """
    for name, text in generated_parts().items():
        start, end = f"<!-- generated: {name} -->\n", f"<!-- end of {name} -->"
        before, *after = document.split(start)
        if len(after) != 1 or after[0].count(end) != 1:
            raise UsageError(
                f"{DOCUMENT.name}: generated part {name}: must have both of its markers once; "
                f"write {start.strip()} and, below it, {end}"
            )
        document = f"{before}{start}\n{text}\n\n{end}{after[0].split(end)[1]}"
    return document


def out_of_date(document: str) -> list[str]:
    """Names of the generated parts that differ from what the code says."""
    return [
        name
        for name, text in generated_parts().items()
        if f"<!-- generated: {name} -->\n\n{text}\n\n<!-- end of {name} -->" not in document
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the generated parts of ODD.md.

    Returns
    -------
    int
        Exit code: 1 where ``--check`` finds a part that is out of date.
    """
    parser = ArgumentParser(prog="python -m simulation.odd", description="The generated parts of ODD.md.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write them from the code")
    what.add_argument("--check", action="store_true", help="say which differ from the code")
    document = DOCUMENT.read_text(encoding="utf-8")
    if parser.parse_args(arguments).write:
        DOCUMENT.write_text(with_generated_parts(document), encoding="utf-8")
        return 0
    stale = out_of_date(document)
    if stale:
        named = ", ".join(stale)
        sys.stderr.write(f"{DOCUMENT.name}: {named}: out of date. Run python -m simulation.odd --write\n")
    return 1 if stale else 0


def _rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def _schedule() -> Iterator[str]:
    rows = []
    for place, stage in enumerate(MONTH, 1):
        module = stage.function.__module__.rpartition(".")[2]
        function = f"[`{module}.{stage.function.__name__}`](mechanisms/{module}.py)"
        rows.append((str(place), stage.name, function, stage.meaning))
    yield from _rows(("", "stage", "function", "what happens"), rows)


def _state() -> Iterator[str]:
    domains = len(load_scenario(BASELINE).domains)
    for table in schemas.empty_state(domains, counters_schema()).tables():
        schema = table.schema
        yield from (f"#### Table: {schema.name}", "", f"A row stands for {schema.row}.", "")
        rows = [(f"`{each.name}`", _type(each), each.unit, _empty(each), each.meaning) for each in schema.columns]
        yield from (*_rows(("column", "type", "unit", "where nothing is", "meaning"), rows), "")


def _type(column: Column) -> str:
    shape = "".join(f" × {length}" for length in column.shape)
    return f"{np.dtype(column.dtype).name}{shape}"


def _empty(column: Column) -> str:
    if isinstance(column.empty, float) and column.empty != column.empty:
        return "NaN"
    return NAMED_EMPTY.get(int(column.empty), "")


def _codes() -> Iterator[str]:
    kinds = [each for each in vars(codes).values() if isinstance(each, type) and issubclass(each, IntEnum)]
    rows = []
    for kind in kinds:
        if kind is not IntEnum:
            members = ", ".join(f"{member.value} {member.name.lower().replace('_', ' ')}" for member in kind)
            rows.append((f"`{kind.__name__}`", (getdoc(kind) or "").partition("\n")[0], members))
    yield from _rows(("code", "of what", "values"), rows)


def _parameters() -> Iterator[str]:
    baseline = load_scenario(BASELINE)
    yield from ("#### Parameters: run", "")
    plain = {name: field for name, field in ScenarioParameters.model_fields.items() if not _section(field)}
    kept = {name: field for name, field in plain.items() if name not in (*NO_PARAMETERS, *CATALOGUES)}
    yield from (*_parameter_rows(baseline, baseline, "", kept), "")
    for name, field in ScenarioParameters.model_fields.items():
        section = _section(field)
        if section is None:
            continue
        values: BaseModel = getattr(baseline, name)
        fields = {key: each for key, each in section.model_fields.items() if key != "presets"}
        yield from (f"#### Parameters: {name}", "", (getdoc(section) or "").partition("\n")[0], "")
        yield from (*_parameter_rows(baseline, values, f"{name}.", fields), "")


def _section(field: FieldInfo) -> type[BaseModel] | None:
    annotation = field.annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _parameter_rows(baseline: Scenario, values: BaseModel, prefix: str, fields: dict[str, FieldInfo]) -> Iterator[str]:
    rows = []
    for name, field in fields.items():
        evidence = baseline.evidence[prefix + name]
        rows.append(
            (
                f"`{prefix}{name}`",
                _shown(getattr(values, name)),
                unit_of(field),
                _bounds(field),
                evidence.mark,
                evidence.source,
                field.description or "",
            )
        )
    yield from _rows(("key", "value", "unit", "bounds", "mark", "source", "meaning"), rows)


def _shown(value: Any) -> str:
    """A value in at most six significant digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        return ", ".join(map(_shown, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items()) or "none"
    return "none" if value in (None, "") else str(value)


def _bounds(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(field.annotation))
    said = [
        text.format(_shown(getattr(rule, name)))
        for rule in field.metadata
        for name, text in BOUNDS.items()
        if getattr(rule, name, None) is not None
    ]
    return ", ".join(said)


def _presets() -> Iterator[str]:
    presets = load_scenario(BASELINE).partnership.presets
    rows = []
    for name in PartnershipPreset.model_fields:
        cells = [getattr(preset, name) for preset in presets.values()]
        rows.append((f"`partnership.{name}`", *("" if cell is None else _shown(cell) for cell in cells)))
    yield from _rows(("attribute", *(f"`{name}`" for name in presets)), rows)


def _catalogues() -> Iterator[str]:
    for name in CATALOGUES:
        entry: type[BaseModel] = get_args(ScenarioParameters.model_fields[name].annotation)[1]
        yield from (f"#### Catalogue: {name}", "", (getdoc(entry) or "").partition("\n")[0], "")
        rows = [
            (
                f"`{key}`",
                "required" if field.is_required() else _shown(field.default),
                unit_of(field),
                _bounds(field),
                field.description or "",
            )
            for key, field in entry.model_fields.items()
        ]
        yield from (*_rows(("column", "if not said", "unit", "bounds", "meaning"), rows), "")


def _indicators() -> Iterator[str]:
    heads = ("indicator", "unit", "kind", "wanted", "common indicator", "definition", "null when")
    yield from ("#### Indicators of the whole", "", *_rows(heads, map(_indicator, INDICATORS)), "")
    yield from ("#### Indicators of a region", "", *_rows(heads, map(_indicator, REGIONAL_INDICATORS)), "")
    yield from ("#### Indicators of two regions", "", *_rows(heads, map(_indicator, FLOW_INDICATORS)), "")
    columns = [(f"`{each.name}`", each.unit, each.definition) for each in NETWORK_COLUMNS]
    yield from ("#### Ties of the sampled network", "", *_rows(("column", "unit", "meaning"), columns))


def _indicator(each: Indicator) -> tuple[str, ...]:
    code = each.common_indicator or ""
    if code and not each.code_checked:
        code = f"{code} (unchecked)"
    return (
        f"`{each.name}`",
        each.unit,
        each.kind,
        each.direction,
        code,
        each.definition,
        each.null_when,
    )


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "schedule": _schedule,
    "state": _state,
    "codes": _codes,
    "parameters": _parameters,
    "presets": _presets,
    "catalogues": _catalogues,
    "indicators": _indicators,
}
"""What writes each generated part, by the name in its markers."""

if __name__ == "__main__":
    sys.exit(main())
