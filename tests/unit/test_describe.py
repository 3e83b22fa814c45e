import json

from regioscope.command_line import main
from regioscope.describe_command import description
from simulation.indicator_definitions import INDICATOR_NAMES
from simulation.schedule import MONTH
from simulation.schemas import organisations


def test_the_schedule_is_the_one_that_the_model_follows():
    assert [each["stage"] for each in description()["schedule"]] == [stage.name for stage in MONTH]


def test_every_parameter_has_value_unit_meaning_and_mark():
    parameters = {each["key"]: each for each in description()["parameters"]}
    assert {"population.smes_per_cluster", "matching.rule", "negotiation.tolerance"} <= parameters.keys()
    for key, each in parameters.items():
        assert each["meaning"], key
        assert each["unit"], key
        assert each["mark"] in ("measured", "estimated", "assumed"), key
    assert parameters["population.smes_per_cluster"]["bounds"] == {"ge": 1, "le": 1_000_000}


def test_indicators_come_with_unit_definition_direction_and_code():
    found = {each["name"]: each for each in description()["indicators"]}
    assert tuple(found) == INDICATOR_NAMES
    assert found["smes_supported"]["common_indicator"] == "RCO01"
    assert all(each["unit"] and each["definition"] and each["direction"] for each in found.values())


def test_tables_say_how_many_bytes_a_row_takes():
    found = description()
    tables = {each["name"]: each for each in found["tables"]}
    domains = next(each["shape"][0] for each in tables["organisations"]["columns"] if each["name"] == "knowledge")
    assert tables["organisations"]["bytes_per_row"] == organisations(domains).bytes_per_row
    assert found["bytes_per_sme"] == organisations(domains).bytes_per_row + 4 * tables["ties"]["bytes_per_row"]
    for each in tables.values():
        assert each["bytes_per_row"] == sum(column["bytes"] for column in each["columns"])


def test_the_command_prints_it_for_people_and_for_programs(capsys):
    assert main(["describe", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(description(), default=str))
    assert main(["describe"]) == 0
    printed = capsys.readouterr().out
    assert "population.smes_per_cluster = 46" in printed
    for title in ("results' table regions", "results' table flows", "results' table network"):
        assert title in printed
    assert max(map(len, printed.splitlines())) <= 100
