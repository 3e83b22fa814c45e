import re
from pathlib import Path

import pytest

from simulation.toml_text import as_toml
from tests.scenario_example import assert_line, complete_values, mistakes_of, root_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return root_file(tmp_path)


WRONG_VALUES = {
    "unknown key": (
        "[matching]\nrul = 'x'",
        3,
        'matching.rul = "x"',
        "not a known key",
        "Did you mean matching.rule?",
    ),
    "unknown top key": ("titel = 'x'", 2, 'titel = "x"', "not a known key", "Did you mean title?"),
    "key outside its section": ("tolerance = 1", 2, "tolerance = 1", "Did you mean negotiation.tolerance?"),
    "unknown section": ("[matchin]\nrule = 'x'", 2, "matchin", "not a known key", "Did you mean matching"),
    "too small": (
        "[population]\nsmes_per_cluster = 0",
        3,
        "smes_per_cluster = 0",
        "at least 1",
        "Write a whole number",
    ),
    "too large": (
        "[negotiation]\nspeed = 1.5",
        3,
        "negotiation.speed = 1.5",
        "at most 1",
        "Write a number from 0 up to 1",
    ),
    "not above": (
        "[engagement]\nhalf_success = 0.0",
        3,
        "half_success = 0.0",
        "above 0",
        "Write a number above 0",
    ),
    "not a number": ("[negotiation]\nspeed = nan", 3, "negotiation.speed = NaN", "finite", "Write a number"),
    "infinity": ("[negotiation]\nspeed = inf", 3, "negotiation.speed = Infinity", "finite", "Write a number"),
    "overflow": (
        "[negotiation]\nspeed = 1e999",
        3,
        "negotiation.speed = Infinity",
        "finite",
        "Write a number",
    ),
    "text for number": (
        "[negotiation]\nspeed = '1'",
        3,
        'negotiation.speed = "1"',
        "must be a number",
        "Write a number",
    ),
    "truth for number": (
        "[negotiation]\nspeed = true",
        3,
        "speed = true",
        "must be a number",
        "Write a number",
    ),
    "truth for whole number": (
        "months = true",
        2,
        "months = true",
        "must be a whole number",
        "Write a whole number",
    ),
    "fraction for whole": (
        "months = 2.5",
        2,
        "months = 2.5",
        "must be a whole number",
        "Write a whole number",
    ),
    "number for truth": (
        "[platform]\nstaffed = 1",
        3,
        "platform.staffed = 1",
        "must be true or false",
        "Write true",
    ),
    "number for text": ("title = 3", 2, "title = 3", "must be a text", "Write a text"),
    "empty text": ("title = ''", 2, 'title = ""', "must not be empty", "Write a text"),
    "text for list": (
        "[population]\nregions = 'ITH1'",
        3,
        'regions = "ITH1"',
        "must be a list",
        "Write a list",
    ),
    "empty list": ("[population]\nregions = []", 3, "regions = []", "at least 1 element", "Write a list"),
    "number for table": ("negotiation = 3", 2, "negotiation = 3", "must be a table", "Write a table"),
    "number for entry": ("[regions]\nITH1 = 3", 3, "regions.ITH1 = 3", "must be a table", "Write a table"),
    "no month": ("start = '2019-13'", 2, 'start = "2019-13"', "must have the form YYYY-MM", "Write"),
    "unknown choice": (
        "[matching]\nrule = 'stabel'",
        3,
        'matching.rule = "stabel"',
        "one of",
        "Did you mean stable?",
    ),
    "unknown preset": (
        "[partnership]\ngovernance = 'formel'",
        3,
        'governance = "formel"',
        "preset",
        "Did you mean formal?",
    ),
    "preset out of bounds": (
        "[partnership.presets.formal]\nfloor = 3",
        3,
        "presets.formal.floor = 3",
        "at most 1",
        "Write",
    ),
    "unknown preset key": (
        "[partnership.presets.formal]\nflor = 1",
        3,
        "flor = 1",
        "not a known key",
        "presets.formal.floor?",
    ),
    "unknown region": (
        "[population]\nregions = ['ITH']",
        3,
        '"ITH"',
        "is not in regions",
        "Did you mean ITH1?",
    ),
    "unknown sector": (
        "[population]\nsectors = ['foot']",
        3,
        '"foot"',
        "is not in sectors",
        "Did you mean food?",
    ),
    "unknown domain": (
        "[sectors.food]\ncore = ['sensor']",
        3,
        '"sensor"',
        "is not in domains",
        "Did you mean sensors?",
    ),
    "unknown priority": (
        "[regions.ITH1]\npriorities = { sensor = 1.0 }",
        3,
        '"sensor"',
        "is not in domains",
        "sensors?",
    ),
    "unknown founder": (
        "[partnerships.alpine]\nfounders = ['bolzano', 'tyrol']",
        3,
        '"tyrol"',
        "is not in",
        "mean tirol?",
    ),
    "unknown seat": (
        "[brokers.noi]\nregion = 'ITH2'",
        3,
        'region = "ITH2"',
        "is not in regions",
        "Did you mean ITH1?",
    ),
    "unknown parent": (
        "[brokers.noi]\nparent = 'bozano'",
        3,
        '"bozano"',
        "is not in",
        "Did you mean bolzano?",
    ),
    "unknown named broker": (
        "[authorities.tirol]\nbrokers = ['noo']",
        3,
        '"noo"',
        "is not in brokers",
        "noi?",
    ),
    "unknown purse": (
        "[calls.first]\npartnership = 'alpin'",
        3,
        '"alpin"',
        "is not in partnerships",
        "alpine?",
    ),
    "external region": ("[population]\nregions = ['CHINA']", 3, '"CHINA"', "no firms", "Remove it"),
    "repeated region": (
        "[population]\nregions = ['ITH1', 'ITH1']",
        3,
        '"ITH1"',
        "more than once",
        "List it once",
    ),
    "lead from outside": (
        "[partnerships.alpine]\nlead = 'noi'",
        3,
        'lead = "noi"',
        "one of the founders",
        "bolzano",
    ),
    "one key for two bodies": (
        "[parks.noi]\nname = 'P'\nregion = 'ITH1'\nkind = 'incubator'",
        2,
        "noi",
        "brokers",
        "rename",
    ),
    "closes before it opens": (
        "[calls.first]\nopens_month = 9",
        3,
        "opens_month = 9",
        "at most closes_month",
        "Correct",
    ),
    "negative weight": (
        "[regions.ITH1]\npriorities = { sensors = -1.0 }",
        3,
        "priorities",
        "below 0",
        "at least 0",
    ),
    "weights all zero": (
        "[engagement]\ncommitments = [0.0,0.0,0.0,0.0,0.0,0.0]",
        3,
        "commitments",
        "above 0",
        "positive",
    ),
    "hazards above one": (
        "[collaboration]\nadvance_hazard = 0.9\nexpiry_hazard = 0.9",
        3,
        "= 0.9",
        "add up",
        "Lower",
    ),
    "odd degree": (
        "[networks]\nwithin_cluster_degree = 3",
        3,
        "within_cluster_degree = 3",
        "even",
        "next even number",
    ),
    "training outside the programme": (
        "[peer_learning]\ntraining_months = [0, 3, 13]",
        3,
        "training_months = 13",
        "outside the programme, months 1 to 12",
        "Name months of the programme",
    ),
    "training twice in a month": (
        "[peer_learning]\ntraining_months = [3, 3]",
        3,
        "training_months = 3",
        "more than once",
        "List it once",
    ),
    "training in a part of a month": (
        "[peer_learning]\ntraining_months = [1.5]",
        3,
        "training_months.0 = 1.5",
        "whole number",
        "Months in which brokers are trained",
    ),
    "unknown owner of instruments": (
        "[instruments]\nowners = 'authority'",
        3,
        'instruments.owners = "authority"',
        "must be one of",
        "Did you mean authorities?",
    ),
    "unknown mark": (
        "months = { value = 3, mark = 'mesured' }",
        2,
        'months.mark = "mesured"',
        "must be",
        "mean measured?",
    ),
    "measured without source": (
        "months = { value = 3, mark = 'measured' }",
        2,
        "months = 3",
        "source",
        "Add the source",
    ),
    "unknown evidence key": (
        "months = { value = 3, sorce = 'x' }",
        2,
        "months.sorce",
        "not a key",
        "Did you mean source?",
    ),
    "source that is no text": (
        "months = { value = 3, source = 3 }",
        2,
        "months.source = 3",
        "must be a text",
        "Say in words",
    ),
    "wrong value with evidence": (
        "months = { value = 0, source = 'x' }",
        2,
        "months = 0",
        "at least 1",
        "Write",
    ),
    "beyond 64 bits": (f"months = {10**30}", 2, "months", "too many digits", "Write a number"),
    "five thousand digits": (f"months = {'9' * 5000}", 2, "months = ", "too many digits", "Write a number"),
    "hexadecimal digits": (f"months = 0x{'f' * 5000}", 2, "months = ", "too many digits", "Write a number"),
    "key without end": (f"{'k' * 300} = 1", 2, "kkk...", "more than 200 characters", "Use a shorter one"),
    "no TOML": ("months = ", 2, "is not TOML", "Correct the line"),
    "key twice": ("months = 2\nmonths = 3", 3, "is not TOML", "Correct the line"),
    "open text": ('title = "x', 2, "is not TOML", "Correct the line"),
    "too deep": ("x = " + "[" * 70 + "]" * 70, 2, "deeper than 64", "Flatten"),
}


@pytest.mark.parametrize("case", WRONG_VALUES.values(), ids=WRONG_VALUES.keys())
def test_a_mistake_names_file_line_key_value_and_remedy(root: Path, case: tuple[str | int, ...]):
    text, line, *parts = case
    path = root.parent / "child.toml"
    path.write_text(f'extends = "root"\n{text}\n')
    assert_line(mistakes_of(path), path, int(line), *map(str, parts))


def test_all_mistakes_of_a_file_are_reported_at_once_in_order(root: Path):
    path = root.parent / "child.toml"
    text = "[matching]\nrul = 'x'\n[negotiation]\nspeed = 2\ntolerance = 'x'\n[population]\nregions = ['ITH']\n"
    path.write_text(f'extends = "root"\n{text}[calls.first]\nopens_month = 9\n')
    lines = [int(found) for found in re.findall(r"child\.toml:(\d+): ", mistakes_of(path))]
    assert lines == [3, 5, 6, 8, 10]


def test_a_mistake_in_an_extended_file_is_reported_there(root: Path):
    wrong = as_toml(complete_values()).replace("months = 24", "months = 0")
    root.write_text(wrong)
    path = root.parent / "child.toml"
    path.write_text('extends = "root"\n')
    text = mistakes_of(path)
    assert_line(text, root, wrong.split("\n").index("months = 0") + 1, "months = 0", "at least 1")
    assert str(path) not in text


def test_a_key_that_nobody_sets_is_missed_in_the_root(root: Path):
    values = complete_values()
    del values["negotiation"]["speed"], values["months"]
    root.write_text(as_toml(values))
    path = root.parent / "child.toml"
    path.write_text('extends = "root"\n[negotiation]\ntolerance = 0.3\n')
    text = mistakes_of(path)
    assert_line(text, root, 1, "months: is missing", "Write a whole number")
    line = root.read_text().split("\n").index("[negotiation]") + 1
    assert_line(text, root, line, "negotiation.speed: is missing", "Write a number from 0 up to 1")


def test_a_file_without_extends_must_be_complete(root: Path):
    root.write_text("months = 3\n")
    text = mistakes_of(root)
    assert "title: is missing" in text
    assert "negotiation: is missing" in text


def test_an_entry_that_lacks_a_column_is_missed_where_it_is_begun(root: Path):
    path = root.parent / "child.toml"
    path.write_text('extends = "root"\n\n[regions.FRK2]\nname = "Rhone-Alpes"\n')
    assert_line(mistakes_of(path), path, 3, "regions.FRK2.latitude: is missing", "Write a number from -90 up to 90")


def test_a_message_quotes_no_more_than_forty_characters_of_a_value(root: Path):
    path = root.parent / "child.toml"
    path.write_text('extends = "root"\n[negotiation]\nspeed = "secret ' + "x" * 5000 + '"\n')
    text = mistakes_of(path)
    assert "x" * 40 not in text
    assert len(text) < 400


def test_nothing_of_a_file_that_is_no_scenario_is_quoted(tmp_path: Path):
    path = tmp_path / "passwords.toml"
    path.write_text("admin:secret-words:0:0:/bin/sh\n")
    assert "secret" not in mistakes_of(path)


def test_a_message_does_not_move_the_cursor_of_a_terminal(root: Path):
    path = root.parent / "child.toml"
    path.write_text('extends = "root"\n"\\u001b[2J" = 1\n[matching]\nrule = "\\u001b[2J"\n')
    assert "\x1b" not in mistakes_of(path)
