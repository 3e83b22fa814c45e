from pathlib import Path

import pytest

from simulation.scenario import Scenario, load_scenario
from simulation.scenario_difference import Difference, difference
from simulation.scenario_files import scenario_names
from simulation.toml_text import as_toml
from tests.scenario_example import complete_values


def load_child(folder: Path, name: str, text: str) -> Scenario:
    (folder / "root.toml").write_text(as_toml(complete_values()))
    path = folder / f"{name}.toml"
    path.write_text(f'extends = "root"\n{text}\n')
    return load_scenario(path)


def test_two_presets_differ_by_their_label_alone(tmp_path: Path):
    formal = load_child(tmp_path, "formal", '[partnership]\ngovernance = "formal"')
    flexible = load_child(tmp_path, "flexible", '[partnership]\ngovernance = "flexible"')
    assert difference(formal, flexible) == [Difference("partnership.governance", "formal", "flexible")]


def test_the_shipped_arms_of_smart_space_differ_by_their_governance_alone():
    names = ("smart-space-formal", "smart-space-flexible")
    if not set(names) <= set(scenario_names()):
        pytest.skip("the scenarios of SMART-SPACE are not there")
    found = difference(*(load_scenario(name) for name in names))
    assert found == [Difference("partnership.governance", "formal", "flexible")]


def test_title_facts_sources_and_marks_make_no_difference(tmp_path: Path):
    plain = load_child(tmp_path, "a", "[negotiation]\nspeed = 0.3")
    text = (
        'title = "Another"\nfacts = [{ quantity = "a", value = 1, unit = "b", source = "c", role = "input" }]\n'
        '[regions.ITH1]\nsource = "x"\n'
        '[negotiation]\nspeed = { value = 0.3, mark = "measured", source = "x" }'
    )
    assert difference(plain, load_child(tmp_path, "b", text)) == []


def test_a_key_that_one_scenario_lacks_is_a_difference(tmp_path: Path):
    a = load_child(tmp_path, "a", "")
    b = load_child(tmp_path, "b", '[brokers.new]\nname = "N"\nregion = "SI04"\nkind = "hub"')
    assert difference(a, b) == [
        Difference("brokers.new.kind", None, "hub"),
        Difference("brokers.new.name", None, "N"),
        Difference("brokers.new.region", None, "SI04"),
    ]


def test_a_difference_the_other_way_round_is_its_mirror(tmp_path: Path):
    a = load_child(tmp_path, "a", "months = 3")
    b = load_child(tmp_path, "b", "price_year = 2000")
    mirrored = [Difference(each.key, each.b, each.a) for each in difference(b, a)]
    assert difference(a, b) == mirrored == [Difference("months", 3, 24), Difference("price_year", 2019, 2000)]


def test_a_scenario_does_not_differ_from_itself(tmp_path: Path):
    scenario = load_child(tmp_path, "a", "")
    assert difference(scenario, load_scenario(tmp_path / "a.toml")) == []


def test_entries_whose_long_names_begin_alike_are_kept_apart(tmp_path: Path):
    long = "x" * 60
    text = '[brokers.{0}{1}]\nname = "N"\nregion = "SI04"\nkind = "hub"'
    a = load_child(tmp_path, "a", text.format(long, "a"))
    b = load_child(tmp_path, "b", text.format(long, "b"))
    assert len(difference(a, b)) == 6
    assert f"brokers.{long}a.name" in a.evidence
