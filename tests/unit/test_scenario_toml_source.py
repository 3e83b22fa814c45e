import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import ScenarioError
from simulation.toml_source import Locator, dotted, parse_toml, read_toml

TEXT = '''# a comment with [brackets] = "and quotes
title = "x"  # more
a.b.c = 1

[section]
plain = [
  "one",  # ] not the end
  "two",
]
inline = { value = 0.1, inner = { deep = true },
  "quoted key" = 2 }
"with.dot" = """
[not.a.table]
"quoted" \\""" ""\"
'lit' = 'c:\\'
after = """a"""""
numbers = [[1, 2], [3,
  4]]

[[calls]]
name = "first"
[[calls]]
name = "second"
[calls.inner]
x = 1
'''.replace(',\n  "quoted key"', ', "quoted key"')


@pytest.mark.parametrize(
    ("path", "token"),
    [
        (("title",), "title ="),
        (("a", "b", "c"), "a.b.c"),
        (("section",), "[section]"),
        (("section", "plain", 1), '"two"'),
        (("section", "inline", "value"), "inline ="),
        (("section", "inline", "inner", "deep"), "inline ="),
        (("section", "with.dot"), '"with.dot"'),
        (("section", "lit"), "'lit'"),
        (("section", "after"), "after ="),
        (("section", "numbers", 1, 1), "  4]]"),
        (("calls", 1, "name"), 'name = "second"'),
        (("calls", 1, "inner", "x"), "x = 1"),
    ],
)
def test_every_key_is_found_on_its_line(path: tuple[str | int, ...], token: str):
    source = parse_toml(TEXT, "file")
    lines = TEXT.split("\n")
    expected = next(number for number, line in enumerate(lines, 1) if line.startswith(token) or f"  {token}" in line)
    assert source.lines[path] == expected


def test_nothing_inside_a_text_or_a_comment_is_taken_for_a_key():
    keys = {path for path in parse_toml(TEXT, "file").lines if "not" in path or "brackets" in path}
    assert keys == set()


def test_lines_are_the_same_with_windows_line_ends():
    assert parse_toml(TEXT.replace("\n", "\r\n"), "file").lines == parse_toml(TEXT, "file").lines


def keys_of(values: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    if isinstance(values, dict):
        return {path, *(each for key, value in values.items() for each in keys_of(value, (*path, key)))}
    if isinstance(values, list):
        return {each for index, value in enumerate(values) for each in keys_of(value, (*path, index))}
    return {path}


@given(st.text(alphabet="ab.=[]{},\"'#\n \\1-", max_size=60))
def test_the_locator_names_every_key_that_the_parser_finds(text: str):
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = parse_toml(text, "file").lines
    for path in keys_of(values):
        assert path in lines or any(each[: len(path)] == path for each in lines) or not path


@given(st.text(max_size=80))
def test_the_locator_ends_on_any_text(text: str):
    Locator("file").read(text)


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 20_000) + " = 1",
        "[" + ".".join(["a"] * 20_000) + "]",
        "x = " + "[" * 20_000 + "]" * 20_000,
        "x = " + "{ a = " * 20_000 + "1" + "}" * 20_000,
        "x = { " + ".".join(["'a'"] * 20_000) + " = 1 }",
        "a = 1\n\n\nb = " + "[" * 65 + "]" * 65,
    ],
    ids=["dotted key", "dotted header", "lists", "inline tables", "dotted key inside", "just too deep"],
)
def test_depth_is_refused_before_the_parser_sees_it(text: str, monkeypatch: pytest.MonkeyPatch):
    def never(_: str) -> dict[str, object]:
        raise AssertionError("parsed")

    monkeypatch.setattr(tomllib, "loads", never)
    with pytest.raises(ScenarioError, match="nested deeper than 64") as caught:
        parse_toml(text, "deep.toml")
    assert caught.value.mistakes[0].line == text.count("\n") + 1


def test_a_depth_of_sixty_lists_is_read():
    assert "x" in parse_toml("x = " + "[" * 60 + "]" * 60, "file").values


def test_a_dotted_key_is_shown_as_toml_writes_it():
    assert dotted(("regions", "a.b", "x")) == 'regions."a.b".x'


def test_a_byte_order_mark_of_utf_8_is_no_mistake(tmp_path: Path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfmonths = 3\n")
    assert read_toml(path).values == {"months": 3}
