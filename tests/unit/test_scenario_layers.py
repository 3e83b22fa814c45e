import json
import pickle
from pathlib import Path

import pytest

from simulation.errors import ScenarioError
from simulation.parameters import ScenarioParameters
from simulation.scenario import load_scenario, scenario_from_layers
from simulation.scenario_files import scenario_names
from simulation.toml_text import as_toml
from tests.scenario_example import complete_values

OVERRIDES = [
    {},
    {"negotiation.speed": 0.31, "months": 24},
    {"partnership.governance": "formal"},
    {"partnership.governance": "formal", "partnership.floor": 0.125},
    {"population.regions": ["ITH3", "SI04"]},
]


@pytest.mark.parametrize("overrides", OVERRIDES, ids=lambda each: ",".join(each) or "none")
@pytest.mark.parametrize("name", scenario_names())
def test_the_layers_of_a_scenario_make_it_again_without_its_files(name: str, overrides: dict[str, object]):
    loaded = load_scenario(name)
    as_read = json.loads(json.dumps({"layers": loaded.layers, "overrides": overrides}))
    again = scenario_from_layers(name, as_read["layers"], as_read["overrides"])
    assert again.digest() == load_scenario(name, overrides).digest() == loaded.with_overrides(overrides).digest()
    assert again.name == name
    assert again.overrides == overrides


def test_what_a_file_above_the_root_sets_still_beats_the_preset_when_only_layers_are_left(tmp_path: Path):
    (tmp_path / "root.toml").write_text(as_toml(complete_values()))
    child = tmp_path / "child.toml"
    child.write_text('extends = "root"\n[partnership]\ngovernance = "flexible"\nfloor = 0.123\n')
    loaded = load_scenario(child)
    again = scenario_from_layers("child", loaded.layers)
    assert len(loaded.layers) == 2
    assert again.partnership.floor == loaded.partnership.floor == 0.123


def test_a_mistake_in_layers_names_the_scenario_and_the_layer():
    root, *above = load_scenario("smart-space-flexible").layers
    broken = [{**root, "months": "x"}, *above[:-1], {**above[-1], "negotiation": {"speed": 7}}]
    with pytest.raises(ScenarioError) as caught:
        scenario_from_layers("mine", broken)
    assert {each.file for each in caught.value.mistakes} <= {"mine", f"mine (layer 1 of {len(broken)})"}
    assert "negotiation.speed" in str(caught.value)


def test_layers_can_be_changed_by_the_reader_without_changing_the_scenario():
    scenario = load_scenario("smart-space-flexible")
    for table in scenario.layers:
        table.clear()
    assert scenario.with_overrides({}).digest() == scenario.digest()


def test_overrides_of_one_scenario_leave_no_trace_in_the_next():
    base = load_scenario("smart-space-flexible")
    digest, evidence = base.digest(), base.evidence
    for overrides in (
        {"negotiation.speed": 0.9},
        {"partnership.governance": "formal"},
        {"population.regions": ["ITH3"]},
    ):
        assert base.with_overrides(overrides).digest() != digest
    for refused in ({"negotiation.speed": 9}, {"negotiation.sped": 0.1}, {"partnership": 3}):
        with pytest.raises(ScenarioError):
            base.with_overrides(refused)
    assert base.with_overrides({}).digest() == digest
    assert base.evidence == evidence


@pytest.mark.parametrize("overrides", OVERRIDES, ids=lambda each: ",".join(each) or "none")
def test_sections_validated_one_by_one_are_those_of_the_scenario_validated_whole(overrides: dict[str, object]):
    base = load_scenario("smart-space-flexible")
    variant = base.with_overrides({"negotiation.speed": 0.2}).with_overrides(overrides)
    whole = ScenarioParameters.model_validate_json(variant.model_dump_json(exclude_unset=True))
    assert ScenarioParameters.model_construct(**dict(variant)) == whole
    assert variant.model_dump_json() == whole.model_dump_json()
    assert variant.model_dump_json() == load_scenario("smart-space-flexible", variant.overrides).model_dump_json()


def test_a_value_equal_to_an_accepted_one_but_of_another_type_is_refused_as_in_a_file():
    base = load_scenario("smart-space-flexible")
    assert base.with_overrides({"months": 1}).months == 1
    with pytest.raises(ScenarioError, match="must be a whole number"):
        base.with_overrides({"months": True})


def test_the_files_are_laid_over_each_other_once_however_many_overrides_follow():
    base = load_scenario("smart-space-flexible")
    laid = base._origin.chain.laid
    variant = base.with_overrides({"negotiation.speed": 0.9})
    assert variant._origin.chain.laid is laid
    assert variant.regions is base.regions


def test_a_scenario_that_was_sent_to_another_process_is_the_same_with_its_evidence():
    scenario = load_scenario("smart-space-flexible", {"negotiation.speed": 0.3})
    sent = pickle.loads(pickle.dumps(scenario))
    assert sent == scenario
    assert sent.digest() == scenario.digest()
    assert (sent.name, sent.overrides, sent.given) == (scenario.name, scenario.overrides, scenario.given)
    assert sent.evidence == scenario.evidence
    assert sent.layers == scenario.layers
    further = {"partnership.governance": "formal"}
    assert sent.with_overrides(further).digest() == scenario.with_overrides(further).digest()
    assert pickle.loads(pickle.dumps(sent)) == scenario


def test_a_pickled_scenario_is_smaller_than_fifty_kilobytes():
    assert len(pickle.dumps(load_scenario("smart-space-flexible"))) < 50_000
