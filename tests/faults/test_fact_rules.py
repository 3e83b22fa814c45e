from pathlib import Path

import pytest

from simulation.scenario import load_scenario
from tests.scenario_example import assert_line, mistakes_of, root_file

# What the fact says besides its quantity, unit, source and role; the line of the mistake; parts of the message.
WRONG = {
    "unknown role": ('value = 1\nrole = "validaton"', 8, 'facts.0.role = "validaton"', "one of", "mean validation?"),
    "unknown key": ("value = 1\ntolerence = 1", 8, "facts.0.tolerence = 1", "not a known key", "facts.0.tolerance?"),
    "truth for a value": ("value = true", 7, "facts.0.value = true", "must be a number or a text", "Write a number"),
    "unknown indicator": (
        'value = 1\nindicator = "introduction"\nbound = "at_least"',
        8,
        'facts.0.indicator = "introduction"',
        "not an indicator",
        "Did you mean introductions?",
    ),
    "unknown denominator": (
        'value = 1\nindicator = "introductions"\nbound = "at_least"\nper = "smes_alve"',
        10,
        'facts.0.per = "smes_alve"',
        "not an indicator",
        "Did you mean smes_alive?",
    ),
    "bound without indicator": (
        'value = 1\nbound = "at_least"',
        8,
        'facts.0.bound = "at_least"',
        "needs an indicator",
        "not simulated",
    ),
    "two moments": (
        'value = 1\nindicator = "introductions"\nbound = "at_least"\nmonth = 3\nhorizon = "end"',
        10,
        "facts.0.month = 3",
        "two moments",
        "Give one",
    ),
    "ends before it begins": (
        'value = 1\nindicator = "introductions"\nbound = "at_least"\nmonth = 3\nsince_month = 4',
        11,
        "facts.0.since_month = 4",
        "at most month, which is 3",
        "Correct",
    ),
    "what is added to a state": (
        'value = 1\nindicator = "tie_count"\nbound = "at_least"\nsince_month = 4',
        10,
        "facts.0.since_month = 4",
        "tie_count does not",
        "choose a count",
    ),
    "bound and range": (
        'value = 1\nindicator = "introductions"\nbound = "at_least"\nat_most = 3.0',
        9,
        'facts.0.bound = "at_least"',
        "at_most with a range",
        "Give one",
    ),
    "null and number": (
        'value = "no"\nindicator = "introductions"\nis_null = true\nat_most = 3.0',
        10,
        "facts.0.at_most = 3.0",
        "there is none",
        "Give one",
    ),
    "empty range": (
        'value = "some"\nindicator = "introductions"\nat_least = 4.0\nat_most = 3.0',
        9,
        "facts.0.at_least = 4.0",
        "at most at_most, which is 3.0",
        "Correct",
    ),
    "text without range": (
        'value = "some"\nindicator = "introductions"',
        7,
        'facts.0.value = "some"',
        "is a text",
        "Give at_least, at_most or both",
    ),
    "number without tolerance": (
        'value = 1\nindicator = "introductions"',
        7,
        "facts.0.value = 1",
        "needs a tolerance",
        "bound = at_least or at_most",
    ),
    "tolerance above one": (
        'value = 1\nindicator = "introductions"\ntolerance = 20',
        9,
        "facts.0.tolerance = 20",
        "at most 1",
        "Write a number from 0 up to 1",
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return root_file(tmp_path)


def with_fact(root: Path, text: str) -> Path:
    path = root.parent / "child.toml"
    role = "" if "role" in text else 'role = "validation"\n'
    about = '[[facts]]\nquantity = "a"\nunit = "b"\nsource = "c"\n'
    path.write_text(f'extends = "root"\n{about}{role or "# a role follows" + chr(10)}{text}\n')
    return path


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_in_a_fact_names_file_line_key_value_and_remedy(root: Path, case: tuple[str | int, ...]):
    text, line, *parts = case
    path = with_fact(root, str(text))
    assert_line(mistakes_of(path), path, int(line), *map(str, parts))


def test_an_input_that_is_judged_has_two_roles(root: Path):
    path = with_fact(root, 'role = "input"\nvalue = 1\nindicator = "introductions"\nbound = "at_least"')
    assert_line(mistakes_of(path), path, 9, "facts.0.indicator", "built in and never judged", "role = validation")


def test_a_fact_without_a_source_is_missed_where_it_is_begun(root: Path):
    path = root.parent / "child.toml"
    path.write_text('extends = "root"\n[[facts]]\nquantity = "a"\nvalue = 1\nunit = "b"\nrole = "input"\n')
    assert_line(mistakes_of(path), path, 2, "facts.0.source: is missing", "Where the value is documented")


def test_what_a_text_stands_for_and_what_did_not_happen_can_be_said(root: Path):
    range_of = with_fact(root, 'value = "some"\nindicator = "introductions"\nat_least = 3\nmonth = 12')
    assert load_scenario(range_of).facts[0].at_least == 3.0
    never = with_fact(root, 'value = "never"\nindicator = "partnership_signed_month"\nis_null = true')
    assert load_scenario(never).facts[0].is_null
