"""A complete scenario for tests, made from the declarations: every value is the smallest that is allowed."""

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo

from simulation.errors import ScenarioError
from simulation.parameters import CATALOGUES, ScenarioParameters
from simulation.parameters.policy import GovernanceAttributes
from simulation.scenario import load_scenario
from simulation.toml_text import as_toml

EXAMPLE_CATALOGUES: dict[str, Any] = {
    "domains": {
        "sensors": {"name": "Sensors", "tags": ["digital"]},
        "materials": {"name": "Materials"},
        "logistics": {"name": "Logistics"},
    },
    "sectors": {
        "machinery": {"name": "Machinery", "core": ["sensors", "materials"]},
        "food": {"name": "Food", "core": ["logistics"], "source": "an example"},
    },
    "regions": {
        "ITH1": {
            "name": "Bolzano",
            "country": "IT",
            "latitude": 46.7,
            "longitude": 11.4,
            "neighbours": ["AT33"],
        },
        "AT33": {
            "name": "Tirol",
            "country": "AT",
            "latitude": 47.2,
            "longitude": 11.4,
            "neighbours": ["ITH1"],
        },
        "SI04": {"name": "Zahodna Slovenija", "country": "SI", "latitude": 46.0, "longitude": 14.0},
        "CHINA": {"name": "China", "country": "CN", "latitude": 35.0, "longitude": 103.0, "external": True},
    },
    "brokers": {
        "noi": {"name": "A hub", "region": "ITH1", "kind": "hub", "parent": "bolzano"},
        "tirol_cluster": {"name": "A cluster", "region": "AT33", "kind": "cluster"},
    },
    "parks": {"noi_park": {"name": "A park", "region": "ITH1", "kind": "science_park"}},
    "authorities": {
        "bolzano": {"name": "Province", "region": "ITH1", "kind": "region", "brokers": ["noi"]},
        "tirol": {"name": "Land", "region": "AT33", "kind": "region"},
    },
    "universities": {"ljubljana": {"name": "A university", "region": "SI04", "kind": "university"}},
    "partnerships": {
        "alpine": {
            "name": "Alpine",
            "founders": ["bolzano", "tirol", "ljubljana"],
            "lead": "bolzano",
            "named": ["noi"],
        },
    },
    "calls": {
        "first": {
            "name": "First call",
            "opens_month": 3,
            "closes_month": 5,
            "budget_keur": 100.0,
            "grant_keur": 10.0,
            "grant_share": 0.5,
            "beneficiaries": "pair",
            "partners_from": "anywhere",
            "source_of_money": "regional",
            "partnership": "alpine",
            "regions": ["AT33"],
        },
    },
    "services": {},
    "challenges": {},
}

NAMES_AND_MONTHS = {
    "title": "Example",
    "start": "2019-01",
    "months": 24,
    "programme_end_month": 12,
    "warm_up_months": 0,
    "price_year": 2019,
    "facts": [],
}


def complete_values() -> dict[str, Any]:
    """Return the values of a root scenario with presets formal, flexible and none, governed by none."""
    values: dict[str, Any] = {}
    for name, field in ScenarioParameters.model_fields.items():
        if name in NAMES_AND_MONTHS:
            values[name] = NAMES_AND_MONTHS[name]
        elif name in CATALOGUES:
            values[name] = EXAMPLE_CATALOGUES[name]
        else:
            section = field.annotation
            assert section is not None
            values[name] = {key: smallest(each) for key, each in section.model_fields.items()}
    values["population"] |= {"regions": ["ITH1", "AT33"], "sectors": ["machinery", "food"]}
    values["engagement"]["commitments"] = [1 / 6] * 6
    values["population"]["need_kind_weights"] = [1.0] * 6
    attributes = {key: values["partnership"][key] for key in GovernanceAttributes.model_fields}
    formal = attributes | {"decision": "unanimity", "floor": 0.8, "term_months": 48}
    flexible = attributes | {"decision": "none", "floor": 0.0, "term_months": 0}
    presets = {"formal": formal, "flexible": flexible, "none": {"floor": 0.0}}
    values["partnership"] |= {"governance": "none", "presets": presets}
    return values


def smallest(field: FieldInfo) -> Any:
    """Return the smallest value that a field of a section allows."""
    kind = field.annotation
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if kind is bool:
        return False
    if kind is str:
        return "text"
    if get_origin(kind) in (tuple, dict):
        return []
    bounds = {name: getattr(rule, name) for rule in field.metadata for name in ("ge", "gt") if hasattr(rule, name)}
    least = bounds.get("ge", bounds.get("gt", 0) + 0.25 if "gt" in bounds else 0)
    return int(least) if kind is int else float(least)


def root_file(folder: Path) -> Path:
    """A file that holds the complete example and extends nothing."""
    path = folder / "root.toml"
    path.write_text(as_toml(complete_values()))
    return path


def mistakes_of(path: Path | str, **overrides: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides or None)
    assert caught.value.exit_code == 3
    return str(caught.value)


def assert_line(text: str, path: Path, line: int, *parts: str) -> None:
    start = f"{path}:{line}: "
    found = [each for each in text.split("\n") if each.startswith(start)]
    assert any(all(part in each for part in parts) for each in found), text
