import json
from functools import cache
from typing import Any

import pytest

from simulation.parameters import ScenarioParameters
from simulation.scenario_files import SCENARIO_FOLDER
from simulation.scenario_schema import schema
from simulation.toml_source import read_toml
from tests.scenario_example import complete_values


def every_key(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for each in value.values() for key in every_key(each))}
    if isinstance(value, list):
        return {key for each in value for key in every_key(each)}
    return set()


@cache
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def test_nothing_is_required_since_files_extend_each_other():
    assert "required" not in every_key(schema())


def test_the_schema_is_json_with_a_property_for_every_key():
    read = json.loads(json.dumps(schema()))
    assert read["$schema"].endswith("2020-12/schema")
    assert {*ScenarioParameters.model_fields, "extends", "$schema"} == read["properties"].keys()


def test_unit_and_meaning_of_a_parameter_stand_in_the_schema():
    smes = schema()["$defs"]["Population"]["properties"]["smes_per_cluster"]
    assert smes["unit"] == "organisation"
    assert smes["description"] == "SMEs in every cluster at the start"


def test_a_complete_scenario_satisfies_the_schema():
    assert list(validator().iter_errors(complete_values())) == []


def test_what_every_shipped_scenario_holds_satisfies_the_schema():
    found = {path.name: read_toml(path).values for path in SCENARIO_FOLDER.glob("*.toml")}
    dates_as_text = json.loads(json.dumps(found, default=str))
    assert {
        name: [error.message for error in validator().iter_errors(values)] for name, values in dates_as_text.items()
    } == {name: [] for name in found}


@pytest.mark.parametrize(
    "values",
    [
        {"extends": "baseline"},
        {"negotiation": {"speed": 0.3}},
        {"negotiation": {"speed": {"value": 0.3, "mark": "measured", "source": "a survey"}}},
        {"population": {"regions": {"value": ["ITH1"], "source": "a list"}}},
        {"regions": {"ITH1": {"population": 3, "source": "a yearbook"}}},
        {"start": {"value": "2019-01", "mark": "assumed"}},
    ],
)
def test_a_value_may_be_plain_or_carry_its_evidence(values: dict[str, Any]):
    assert validator().is_valid(values)


@pytest.mark.parametrize(
    "values",
    [
        {"extends": 3},
        {"titel": "x"},
        {"negotiation": {"sped": 0.3}},
        {"negotiation": {"speed": 3}},
        {"negotiation": {"speed": {"value": 3}}},
        {"negotiation": {"speed": {"value": 0.3, "mark": "mesured"}}},
        {"negotiation": {"speed": {"value": 0.3, "sorce": "x"}}},
        {"matching": {"rule": "stabel"}},
        {"regions": {"ITH1": {"populaton": 3}}},
    ],
)
def test_an_editor_marks_what_loading_would_refuse(values: dict[str, Any]):
    assert not validator().is_valid(values)
