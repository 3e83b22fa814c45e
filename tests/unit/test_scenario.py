import json
import math
import pickle
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.errors import ScenarioError, UsageError
from simulation.parameters import ScenarioParameters
from simulation.parameters.policy import PartnershipPreset
from simulation.scenario import (
    Scenario,
    list_scenarios,
    load_scenario,
    parse_setting,
    resolved_values,
    scenario_from_values,
)
from simulation.scenario_layers import Evidence
from simulation.scenario_mistakes import table_type
from simulation.toml_text import as_toml
from tests.scenario_example import complete_values, root_file

A_FACT = '{ quantity = "letters", value = 3, unit = "letter", source = "a report", role = "input" }'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return root_file(tmp_path)


def child(root: Path, text: str, name: str = "child") -> Path:
    path = root.parent / f"{name}.toml"
    path.write_text(f'extends = "root"\n{text}')
    return path


def test_a_complete_file_loads_with_attributes_all_the_way_down(root: Path):
    scenario = load_scenario(root)
    assert scenario.name == "root"
    assert scenario.population.smes_per_cluster == 1
    assert scenario.regions["AT33"].country == "AT"


def test_a_scenario_cannot_be_changed(root: Path):
    scenario = load_scenario(root)
    with pytest.raises(ValidationError, match="frozen"):
        scenario.population.smes_per_cluster = 3  # type: ignore[misc]


def test_an_extending_file_holds_only_what_differs(root: Path):
    scenario = load_scenario(child(root, "[population]\nsmes_per_cluster = 7"))
    assert scenario.population.smes_per_cluster == 7
    assert scenario.population.regions == ("ITH1", "AT33")


def test_tables_merge_and_lists_replace(root: Path):
    scenario = load_scenario(child(root, '[regions.ITH1]\nneighbours = []\n[sectors.food]\nname = "Agri-food"'))
    assert scenario.regions["ITH1"].neighbours == ()
    assert scenario.regions["ITH1"].name == "Bolzano"
    assert scenario.sectors["food"].core == ("logistics",)


def test_an_extended_path_is_relative_to_the_file_that_extends(root: Path):
    folder = root.parent / "deeper"
    folder.mkdir()
    path = folder / "below.toml"
    path.write_text('extends = "../root.toml"\nmonths = 30\n')
    assert load_scenario(path).months == 30


def test_evidence_is_kept_beside_the_value(root: Path):
    text = '[negotiation]\nspeed = { value = 0.3, mark = "measured", source = "a survey" }\ntolerance = 0.2\n'
    path = child(root, text)
    scenario = load_scenario(path)
    assert scenario.negotiation.speed == 0.3
    found = scenario.evidence["negotiation.speed"]
    assert (found.mark, found.source, found.line) == ("measured", "a survey", 3)
    assert scenario.evidence["negotiation.tolerance"] == Evidence("assumed", "", found.file, 4)


def test_an_override_without_a_source_counts_as_assumed(root: Path):
    text = '[negotiation]\nspeed = { value = 0.3, mark = "measured", source = "a survey" }\n'
    scenario = load_scenario(child(root, text), overrides={"negotiation.speed": 0.4})
    assert scenario.evidence["negotiation.speed"] == Evidence("assumed", "", "override", None)


def test_no_parameter_is_called_like_the_keys_of_evidence():
    fields = ScenarioParameters.model_fields
    sections = [table_type(field.annotation) for name, field in fields.items() if name != "facts"]
    names = {key for section in sections if section is not None for key in section.model_fields}
    assert "speed" in names
    assert not {"value", "mark"} & names


def test_every_parameter_has_evidence(root: Path):
    scenario = load_scenario(root)
    parameters = {f"negotiation.{key}" for key in type(scenario.negotiation).model_fields}
    assert parameters <= scenario.evidence.keys()


def test_the_preset_beats_the_root_file(root: Path):
    assert load_scenario(root).partnership.floor == 0.0
    assert load_scenario(root, {"partnership.governance": "formal"}).partnership.floor == 0.8


def test_a_key_set_in_an_extending_file_beats_the_preset(root: Path):
    scenario = load_scenario(child(root, '[partnership]\ngovernance = "formal"\nfloor = 0.5'))
    assert (scenario.partnership.floor, scenario.partnership.term_months) == (0.5, 48)


def test_an_override_beats_the_preset_that_it_chooses(root: Path):
    scenario = load_scenario(root, {"partnership.floor": 0.25, "partnership.governance": "formal"})
    assert (scenario.partnership.floor, scenario.partnership.term_months) == (0.25, 48)


def test_a_key_beats_a_preset_that_a_later_file_chooses(root: Path):
    child(root, "[partnership]\nfloor = 0.5", "middle")
    last = root.parent / "last.toml"
    last.write_text('extends = "middle"\n[partnership]\ngovernance = "formal"\n')
    assert load_scenario(last).partnership.floor == 0.5


def test_equal_attributes_under_two_labels_have_one_digest(root: Path):
    formal = load_scenario(root, {"partnership.governance": "formal"})
    attributes = {f"partnership.{key}": getattr(formal.partnership, key) for key in PartnershipPreset.model_fields}
    flexible = load_scenario(root, {"partnership.governance": "flexible", **attributes})
    assert flexible.digest() == formal.digest()
    assert load_scenario(root).digest() != formal.digest()


def test_title_facts_and_sources_leave_the_digest_as_it_is(root: Path):
    text = f'title = "Another"\nfacts = [{A_FACT}]\n[regions.ITH1]\nsource = "a yearbook"\n'
    assert load_scenario(child(root, text)).digest() == load_scenario(root).digest()


def test_facts_keep_their_values_and_sources(root: Path):
    (fact,) = load_scenario(child(root, f"facts = [{A_FACT}]\n")).facts
    assert (fact.quantity, fact.value, fact.source, fact.role) == ("letters", 3, "a report", "input")


def test_a_whole_number_for_a_real_one_has_the_same_digest(root: Path):
    assert (
        load_scenario(root, {"negotiation.speed": 1}).digest()
        == load_scenario(root, {"negotiation.speed": 1.0}).digest()
    )


def test_the_canonical_form_does_not_depend_on_the_order_of_keys(root: Path):
    values = complete_values()
    turned = {key: values[key] for key in reversed(values)}
    assert scenario_from_values(turned, "x").canonical_json() == load_scenario(root).canonical_json()


def test_the_canonical_form_is_json_without_labels_and_sources(root: Path):
    values = json.loads(load_scenario(root).canonical_json())
    assert not {"title", "facts"} & values.keys()
    assert not {"governance", "presets"} & values["partnership"].keys()
    assert '"source"' not in load_scenario(root).canonical_json()


def test_a_parameter_that_differs_in_the_last_bit_changes_the_digest(root: Path):
    digests = {load_scenario(root, {"negotiation.speed": speed}).digest() for speed in (0.3, math.nextafter(0.3, 1))}
    assert len(digests) == 2


def test_catalogues_keep_what_is_selected(root: Path):
    scenario = load_scenario(root, {"population.regions": ["AT33"], "population.sectors": ["food"]})
    assert sorted(scenario.regions) == ["AT33", "CHINA"]
    assert sorted(scenario.sectors) == ["food"]
    assert scenario.regions["AT33"].neighbours == ()
    assert sorted(scenario.brokers) == ["tirol_cluster"]
    assert scenario.parks == {}
    assert scenario.partnerships["alpine"].founders == ("tirol",)
    assert scenario.partnerships["alpine"].lead == "tirol"


def test_a_partnership_without_any_founder_left_goes_with_its_calls(root: Path):
    scenario = load_scenario(root, {"population.regions": ["SI04"], "partnerships.alpine.founders": ["bolzano"]})
    assert scenario.partnerships == {}
    assert scenario.calls == {}


def test_a_call_for_regions_of_which_none_is_selected_does_not_open_to_all(root: Path):
    assert "first" in load_scenario(root).calls
    assert load_scenario(root, {"population.regions": ["ITH1"]}).calls == {}


def test_a_broker_whose_parent_is_not_selected_stands_alone(root: Path):
    scenario = load_scenario(root, {"population.regions": ["AT33"], "brokers.tirol_cluster.parent": "bolzano"})
    assert scenario.brokers["tirol_cluster"].parent is None


VALID_EXTREMES = {
    "one region": {"population.regions": ["SI04"]},
    "one sector": {"population.sectors": ["food"]},
    "one authority as the only founder": {"partnerships.alpine.founders": ["bolzano"]},
    "two months": {"months": 2},
    "one SME in every cluster and more posts than SMEs": {"brokers.noi.posts": 1000.0},
    "a region with no SMEs": {"regions.ITH1.smes_weight": 0.0},
    "nobody is registered": {"enrolment.registered_at_start": 0.0},
    "a programme that outlasts the run": {"months": 2, "programme_end_month": 36},
}


@pytest.mark.parametrize("overrides", VALID_EXTREMES.values(), ids=VALID_EXTREMES.keys())
def test_a_valid_extreme_loads(root: Path, overrides: dict[str, object]):
    assert isinstance(load_scenario(root, overrides), Scenario)


def test_a_scenario_without_brokers_parks_authorities_and_partnerships_loads():
    values = complete_values()
    for catalogue in ("brokers", "parks", "authorities", "universities", "partnerships", "calls"):
        values[catalogue] = {}
    assert scenario_from_values(values, "bare").brokers == {}


def test_further_overrides_come_after_those_it_has(root: Path):
    scenario = load_scenario(root, {"months": 5, "price_year": 2000}).with_overrides({"months": 6})
    assert (scenario.months, scenario.price_year) == (6, 2000)
    assert scenario.overrides == {"months": 6, "price_year": 2000}


def test_overrides_may_come_from_numpy_and_as_tuples(root: Path):
    np = pytest.importorskip("numpy")
    given_by_numpy = {
        "months": np.int64(9),
        "negotiation.speed": np.float64(0.5),
        "population.regions": ("SI04",),
    }
    plain = {"months": 9, "negotiation.speed": 0.5, "population.regions": ["SI04"]}
    assert load_scenario(root, given_by_numpy).digest() == load_scenario(root, plain).digest()


def test_resolved_values_written_as_toml_load_to_the_same_digest(root: Path, tmp_path: Path):
    overrides = {"partnership.governance": "formal", "partnership.floor": 0.3, "population.regions": ["AT33"]}
    scenario = load_scenario(root, overrides)
    shown = tmp_path / "shown.toml"
    shown.write_text(as_toml(resolved_values(scenario)))
    assert load_scenario(shown).digest() == scenario.digest()


def test_a_scenario_survives_the_way_to_a_worker_process(root: Path):
    scenario = load_scenario(root, {"months": 5})
    copied = pickle.loads(pickle.dumps(scenario))
    assert (copied.digest(), copied.name, copied.overrides) == (scenario.digest(), "root", {"months": 5})


def test_checking_a_scenario_does_not_import_the_heavy_packages():
    heavy = ("numpy", "scipy", "numba", "pandas", "mesa", "pyarrow", "matplotlib")
    code = f"import sys, simulation.scenario; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_shipped_scenarios_are_listed_by_name_with_their_titles(root: Path, monkeypatch: pytest.MonkeyPatch):
    for module in ("simulation.scenario", "simulation.scenario_files"):
        monkeypatch.setattr(f"{module}.SCENARIO_FOLDER", root.parent)
    (root.parent / "damaged.toml").write_text("title = ")
    assert list_scenarios() == [("damaged", ""), ("root", "Example")]
    assert load_scenario("root").title == "Example"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("a.b=0.3", 0.3),
        ("a.b = 3", 3),
        ("a.b=true", True),
        ("a.b=random", "random"),
        ('a.b="0.3"', "0.3"),
        ('a.b=["x", "y"]', ["x", "y"]),
        ('a.b={ value = 1, source = "s" }', {"value": 1, "source": "s"}),
        ("a.b=1\nmonths = 3", "1\nmonths = 3"),
        ("a.b=x=y", "x=y"),
    ],
)
def test_a_setting_is_read_as_toml_or_else_as_a_text(setting: str, value: object):
    assert parse_setting(setting) == ("a.b", value)


@pytest.mark.parametrize("setting", ["", "months", "=3", "months=", "a..b=3", "a b=3", ".a=3", "a[0]=3", "a.b.=3"])
def test_a_setting_without_key_or_value_is_wrong_usage(setting: str):
    with pytest.raises(UsageError, match="KEY=VALUE") as caught:
        parse_setting(setting)
    assert caught.value.exit_code == 2


@given(st.floats(0, 1), st.integers(1, 10**6), st.sampled_from(["stable", "random"]))
def test_settings_reach_the_scenario_unchanged(speed: float, smes: int, rule: str):
    overrides = dict(
        parse_setting(f"{key}={value}")
        for key, value in {
            "negotiation.speed": repr(speed),
            "population.smes_per_cluster": smes,
            "matching.rule": rule,
        }.items()
    )
    scenario = scenario_from_values(complete_values(), "x").with_overrides(overrides)
    assert scenario.negotiation.speed == speed
    assert (scenario.population.smes_per_cluster, scenario.matching.rule) == (smes, rule)


toml_scalars = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.dates(),
)
toml_tables = st.recursive(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), toml_scalars, max_size=4),
    lambda inner: st.dictionaries(
        st.text("abc", max_size=3),
        st.one_of(inner, st.lists(st.one_of(toml_scalars, inner), max_size=3)),
        max_size=4,
    ),
    max_leaves=12,
)


@given(toml_tables)
def test_what_is_written_as_toml_reads_back_the_same(values: dict[str, object]):
    assert tomllib.loads(as_toml(values)) == values


def test_a_mistake_reads_as_one_line_a_person_can_act_on(root: Path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(root, {"negotiation.speed": 2})
    (mistake,) = caught.value.mistakes
    assert str(mistake).startswith("override: negotiation.speed = 2: must be at most 1. Write a number from 0 up to 1")
    assert str(replace(mistake, file="a.toml", line=4)).startswith("a.toml:4: ")
