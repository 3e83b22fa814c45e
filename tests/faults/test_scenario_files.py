import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulation.errors import DataError, IncompleteError, RunError, ScenarioError, UsageError
from simulation.scenario import load_scenario, parse_setting, scenario_from_values
from simulation.toml_text import as_toml
from tests.scenario_example import assert_line, complete_values, mistakes_of, root_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return root_file(tmp_path)


WRONG_FILES = {
    "empty": (b"", "is empty", 'extends = "baseline"'),
    "only blanks": (b" \n\n", "is empty", 'extends = "baseline"'),
    "binary": (b"\x7fELF\x00\x01", "is binary", "TOML"),
    "UTF-16": ("months = 3".encode("utf-16"), "is in UTF-16", "Save it as UTF-8"),
    "UTF-16 big end first": (b"\xfe\xff\0m", "is in UTF-16", "Save it as UTF-8"),
    "Latin-1": (b"months = 3\ntitle = 'caf\xe9'", "is not in UTF-8", "Save it as UTF-8"),
    "too large": (b"# " + b"x" * 1_000_000, "larger than 1 MB", "extend another"),
}


@pytest.mark.parametrize("case", WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_a_file_that_is_no_text_is_refused_with_its_name(tmp_path: Path, case: tuple[bytes, str, str]):
    path = tmp_path / "wrong.toml"
    path.write_bytes(case[0])
    text = mistakes_of(path)
    assert text.startswith(str(path))
    assert case[1] in text
    assert case[2] in text


def test_the_line_of_a_letter_in_another_encoding_is_named(tmp_path: Path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b"months = 3\ntitle = 'caf\xe9'")
    assert mistakes_of(path).startswith(f"{path}:2: ")


def test_a_folder_is_no_scenario(tmp_path: Path):
    assert "is a folder" in mistakes_of(f"{tmp_path}/")


def test_a_missing_file_is_named(tmp_path: Path):
    assert "absent.toml: does not exist" in mistakes_of(tmp_path / "absent.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path):
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    assert "is not a regular file" in mistakes_of(path)


def test_a_file_that_may_not_be_read_is_named(root: Path, monkeypatch: pytest.MonkeyPatch):
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert f"{root}: cannot be read: Permission denied" in mistakes_of(root)


@pytest.mark.parametrize("name", ["a\0b.toml", "x" * 5000, "x" * 5000 + ".toml", "\ud800", "a\nb", ""])
def test_an_impossible_name_is_a_mistake_on_one_line(name: str):
    assert "\n" not in mistakes_of(name)


def test_a_mistyped_name_gets_the_nearest_right_one(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulation.scenario_files.SCENARIO_FOLDER", root.parent)
    assert "Did you mean root?" in mistakes_of("rot")


WRONG_EXTENDS = {
    "itself": ("child", '"child"', "extends itself"),
    "a number": ("3", "3", "must be a text"),
    "nothing": ("", '""', "must be a text"),
    "an unknown name": ("rooot", '"rooot"', "is not the name of a scenario"),
    "a missing path": ("./rot.toml", '"./rot.toml"', "Did you mean root.toml?"),
    "a name that does not print": ("a\\u0000b", "a", "do not print"),
}


@pytest.mark.parametrize("case", WRONG_EXTENDS.values(), ids=WRONG_EXTENDS.keys())
def test_extending_what_cannot_be_extended_is_a_mistake_of_that_line(root: Path, case: tuple[str, str, str]):
    wanted, value, part = case
    path = root.parent / "child.toml"
    path.write_text(f"# first\nextends = {wanted}\n" if wanted == "3" else f'# first\nextends = "{wanted}"\n')
    assert_line(mistakes_of(path), path, 2, "extends = ", value, part)


def test_a_cycle_is_named_as_a_ring(tmp_path: Path):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f'extends = "{other}"\n')
    assert "closes a cycle: a -> b -> c -> a" in mistakes_of(tmp_path / "a.toml")


def test_a_link_to_the_same_file_closes_a_cycle_too(tmp_path: Path):
    (tmp_path / "a.toml").write_text('extends = "./link.toml"\n')
    (tmp_path / "link.toml").symlink_to(tmp_path / "a.toml")
    assert "extends itself" in mistakes_of(tmp_path / "a.toml")


WRONG_OVERRIDES = {
    "unknown": ("negotiation.sped", 1, "negotiation.sped = 1", "Did you mean negotiation.speed?"),
    "unknown section": ("negotiaton.speed", 1, "negotiaton.speed = 1", "Did you mean negotiation"),
    "out of bounds": ("negotiation.speed", 2, "negotiation.speed = 2", "at most 1"),
    "into a value": ("months.x", 2, "months", "must be a whole number"),
    "no key": ("", 2, "cannot be overridden", "dotted key"),
    "empty part": ("a..b", 2, "cannot be overridden", "dotted key"),
    "extends": ("extends", "baseline", "cannot be overridden", "dotted key"),
    "huge": ("months", 10**5000, "months = Infinity", "must be a whole number"),
    "not a number": ("negotiation.speed", float("nan"), "negotiation.speed = NaN", "finite"),
    "half a letter": ("title", "\ud800" * 300, "title", "at most 200"),
    "very deep": (".".join("a" * 100), 1, "cannot be overridden", "dotted key"),
}


@pytest.mark.parametrize("case", WRONG_OVERRIDES.values(), ids=WRONG_OVERRIDES.keys())
def test_a_wrong_override_is_a_mistake_that_names_its_key(root: Path, case: tuple[str, object, str, str]):
    key, value, *parts = case
    text = mistakes_of(root, **{key: value})
    assert text.startswith("override: ")
    assert all(part in text for part in parts), text


def test_mistakes_of_overrides_and_file_are_reported_together(root: Path):
    path = root.parent / "child.toml"
    path.write_text('extends = "root"\nmonths = 0\n')
    text = mistakes_of(path, **{"negotiation.speed": 2})
    assert "months = 0" in text
    assert "negotiation.speed = 2" in text


def test_every_error_has_the_exit_code_of_its_kind():
    codes = {kind: kind.exit_code for kind in (ScenarioError, UsageError, DataError, RunError, IncompleteError)}
    assert codes == {ScenarioError: 3, UsageError: 2, DataError: 3, RunError: 1, IncompleteError: 4}


def test_a_long_dotted_key_is_refused_at_once(tmp_path: Path):
    path = tmp_path / "long.toml"
    path.write_text(".".join("a" * 20_000) + " = 1\n")
    code = f"from simulation.scenario import load_scenario; load_scenario({str(path)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "nested deeper than 64" in done.stderr


def what_it_says(load: Callable[[], object]) -> str:
    """Return the message of a scenario or usage error; any other error passes."""
    try:
        load()
    except (ScenarioError, UsageError) as error:
        return str(error)
    return "it loads"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
@example(b"[partnership]\npresets = 3")
@example(b"[partnership.presets]\nformal = [1]")
@example(b"[[regions]]\n[[brokers]]")
@example(b"extends = [1]")
@example(b"[population]\nregions = [[1], {}]")
@example(b"a = {value = {value = {}}}\n[value]")
@example(b"facts = [{ value = 1, d = 2020-01-01 }]\nstart = 10:00:00")
def test_no_content_raises_anything_but_a_scenario_error(tmp_path: Path, content: bytes):
    path = tmp_path / "any.toml"
    path.write_bytes(content)
    assert what_it_says(lambda: load_scenario(path))


WORDS = st.sampled_from(
    [
        "[",
        "]",
        "{",
        "}",
        "=",
        ",",
        ".",
        "\n",
        '"',
        "'",
        "value",
        "1",
        "nan",
        "regions",
        "partnership",
        "presets",
        " ",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_a_file_raises_anything_but_a_scenario_error(root: Path, data: st.DataObject):
    text = as_toml(complete_values())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 30))
        text = text[:place] + "".join(data.draw(st.lists(WORDS, max_size=4))) + text[place + length :]
    root.write_text(text)
    assert what_it_says(lambda: load_scenario(root))


@given(st.data())
def test_no_wrong_value_anywhere_raises_anything_but_a_scenario_error(data: st.DataObject):
    values = complete_values()
    section = data.draw(st.sampled_from(sorted(values)))
    wrong = st.one_of(st.none(), st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2))
    wrong = st.one_of(wrong, st.dictionaries(st.sampled_from(["value", "region", "x"]), wrong, max_size=2))
    if isinstance(values[section], dict) and values[section] and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(values[section])))
        values[section] = {**values[section], key: data.draw(wrong)}
    else:
        values[section] = data.draw(wrong)
    assert what_it_says(lambda: scenario_from_values(values, "wrong"))


@given(st.text(max_size=40))
@example("a.b=" + "[" * 100_000)
@example("months=" + "9" * 5000)
@example("months=\ud800")
def test_no_setting_raises_anything_but_wrong_usage_or_a_scenario_error(text: str):
    scenario = scenario_from_values(complete_values(), "x")
    assert what_it_says(lambda: scenario.with_overrides(dict([parse_setting(text)])))
