"""Mistakes in study files: each is named with its file, line, key, rule and remedy, all at once."""

from pathlib import Path

import pytest

from experiments.study import load_study
from simulation.errors import ScenarioError

HEAD = 'base = "smart-space-flexible"\nreplicates = 2\n'
LHS = '[design]\nkind = "lhs"\npoints = 4\n[uncertainties]\n'


def mistakes_of(folder: Path, text: str) -> str:
    path = folder / "study.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    assert caught.value.exit_code == 3
    return str(caught.value)


CASES = {
    "an unknown key": ("monts = 3\n" + HEAD, 1, "monts = 3", "Did you mean months?"),
    "an unknown scenario": ('base = "gosmrt"\nreplicates = 1\n', 1, 'base = "gosmrt"', "Did you mean gosmart?"),
    "no scenario": ("replicates = 1\n", 1, "base: is missing", "Write base ="),
    "no replicates": ('base = "baseline"\n', 1, "replicates: is missing", "Write it"),
    "base beside scenarios": (HEAD + 'scenarios = ["gosmart"]\n', 3, "scenarios", "Remove one of the two"),
    "a scenario twice": ('scenarios = ["gosmart", "gosmart"]\nreplicates = 1\n', 1, "twice", "Remove it"),
    "months out of bounds": (HEAD + "months = 5000\n", 3, "months = 5000", "from 1 to 1200"),
    "a seed out of bounds": (HEAD + "seed = -1\n", 3, "seed = -1", "from 0 to 4294967295"),
    "replicates as text": ('base = "gosmart"\nreplicates = "3"\n', 2, 'replicates = "3"', "whole number"),
    "an unknown kind": (HEAD + LHS.replace("lhs", "lsh"), 4, 'design.kind = "lsh"', "Did you mean lhs?"),
    "a design of nothing": (HEAD + LHS, 4, 'kind = "lhs"', "there are none"),
    "no design": (HEAD + "[uncertainties]\nnegotiation.speed = [0.1]\n", 1, "design: is missing", "Write kind"),
    "no points": (HEAD + LHS.replace("points = 4\n", ""), 3, "design.points: is missing", "points = 200"),
    "no power of two": (HEAD + LHS.replace("lhs", "sobol").replace("4", "12"), 5, "points = 12", "nearest is 16"),
    "points of a grid": (HEAD + LHS.replace("lhs", "grid"), 5, "points = 4", "has no meaning in a design of kind grid"),
    "a file of a grid": (HEAD + '[design]\nkind = "grid"\nfile = "x.csv"\n', 5, "design.file", "Remove it"),
    "no levels": (
        HEAD + '[design]\nkind = "grid"\n[uncertainties]\nnegotiation.speed = { low = 0.1, high = 0.2 }\n',
        6,
        "negotiation.speed.levels: is missing in a grid",
        "levels = 5",
    ),
    "levels of a sample": (
        HEAD + LHS + "negotiation.speed = { low = 0.1, high = 0.2, levels = 3 }\n",
        7,
        "levels = 3",
        "Remove it",
    ),
    "more levels than whole numbers": (
        HEAD + '[design]\nkind = "grid"\n[uncertainties]\nsearch.broker_clients = { low = 1, high = 2, levels = 3 }\n',
        6,
        "levels = 3",
        "Lower it",
    ),
    "an unknown parameter": (
        HEAD + LHS + '"negotiation.sped" = [0.1]\n',
        7,
        '"negotiation.sped": is not a known key',
        "Did you mean negotiation.speed?",
    ),
    "an unknown entry": (
        HEAD + '[levers]\n"brokers.afill.posts" = [1, 2]\n',
        4,
        "is no parameter of scenario smart-space-flexible",
        "Did you mean afil?",
    ),
    "a table": (HEAD + '[levers]\n"brokers.afil" = [1, 2]\n', 4, '"brokers.afil": is a table', "one of the parameters"),
    "a section": (HEAD + '[levers]\n"negotiation" = [1]\n', 4, "negotiation: is a table", "one of the parameters"),
    "an empty key": (HEAD + '[levers]\n"" = [1]\n', 4, "cannot be overridden", "dotted key"),
    "months as a lever": (HEAD + "[levers]\nmonths = [1, 2]\n", 4, "levers.months", "at the top"),
    "a title as a lever": (HEAD + '[levers]\ntitle = ["x"]\n', 4, "levers.title: cannot be varied", "Remove it"),
    "a lever that is no list": (HEAD + "[levers]\nnegotiation.speed = 0.1\n", 4, "must be a list", "square brackets"),
    "a value twice": (
        HEAD + "[levers]\npartnership.floor = [1, 1.0]\n",
        4,
        "floor.1 = 1.0",
        "stands in the list twice",
    ),
    "a value out of bounds": (
        HEAD + "[levers]\npartnership.floor = [\n0.5,\n1.5]\n",
        6,
        "partnership.floor = 1.5: must be at most 1",
        "from 0 up to 1",
    ),
    "a text for a number": (
        HEAD + '[levers]\npartnership.floor = [0.5, "a"]\n',
        4,
        "must be a number",
        "Write a number",
    ),
    "a wrong name": (HEAD + '[levers]\nmatching.rule = ["stabel"]\n', 4, 'rule = "stabel"', "Did you mean stable?"),
    "a wrong preset": (
        HEAD + '[levers]\npartnership.governance = ["formal", "flexibel"]\n',
        4,
        'governance = "flexibel": is not the name of a preset',
        "Did you mean flexible?",
    ),
    "a date": (HEAD + "[levers]\npartnership.governance = [2020-01-01]\n", 4, "is no plain value", "Write numbers"),
    "a range of names": (
        HEAD + LHS + "matching.rule = { low = 1, high = 2 }\n",
        7,
        "takes no numbers",
        "List its values",
    ),
    "an end out of bounds": (
        HEAD + LHS + "negotiation.speed = { low = 0.1, high = 1.8 }\n",
        7,
        "negotiation.speed.high = 1.8: must be at most 1",
        "from 0 up to 1",
    ),
    "ends in the wrong order": (
        HEAD + LHS + "negotiation.speed = { low = 0.5, high = 0.1 }\n",
        7,
        "low = 0.5: must be below high",
        "Correct one of the two",
    ),
    "half a person": (
        HEAD + LHS + "search.broker_clients = { low = 1.5, high = 3 }\n",
        7,
        "low = 1.5: must be a whole number",
        "whole numbers only",
    ),
    "the logarithm of zero": (
        HEAD + LHS + 'negotiation.speed = { low = 0, high = 0.5, scale = "log" }\n',
        7,
        "low = 0.0: must be above 0 on a log scale",
        "linear",
    ),
    "an infinite end": (HEAD + LHS + "negotiation.speed = { low = 0, high = inf }\n", 7, "finite number", "Write"),
    "a key that is both": (
        HEAD + LHS + "negotiation.speed = [0.1, 0.2]\n[levers]\nnegotiation.speed = [0.1]\n",
        7,
        "is a lever too",
        "remove one of the two",
    ),
    "too many points": (
        HEAD + LHS.replace("4", "200000").replace("lhs", "morris") + "negotiation.speed = { low = 0.1, high = 0.5 }\n",
        5,
        "makes 400,000 design points",
        "Lower the points",
    ),
    "a grid that explodes": (
        HEAD
        + '[design]\nkind = "grid"\n[uncertainties]\n'
        + "".join(f"negotiation.{key} = {{ low = 0.1, high = 0.2, levels = 1000 }}\n" for key in ("speed", "anchor")),
        4,
        "makes 1,000,000 design points",
        "Lower the points",
    ),
    "too many runs": (
        'base = "baseline"\nreplicates = 1000000\n[levers]\npartnership.floor = ['
        + ", ".join(str(each / 20) for each in range(11))
        + "]\n",
        2,
        "makes 11,000,000 runs",
        "Lower the replicates",
    ),
    "too many arms": (
        HEAD
        + "[levers]\n"
        + "".join(f"negotiation.{key} = {[each / 100 for each in range(40)]}\n" for key in ("speed", "anchor")),
        3,
        "make 1,600 arms, more than 1,000",
        "Drop values",
    ),
    "an unknown indicator": (
        'base = "baseline"\n[replicates]\nuntil = "innovation_programme"\nbetween = ["a", "b"]\nwidth = 1\nmax = 9\n',
        3,
        "is not the name of an indicator",
        "Did you mean innovations_programme?",
    ),
    "an unknown arm": (
        HEAD.replace("replicates = 2", "")
        + '[levers]\npartnership.governance = ["formal", "flexible"]\n[replicates]\nuntil = "entries"\n'
        + 'between = ["formal", "flexibel"]\nwidth = 1\nmax = 9\n',
        7,
        '"flexibel": is not the name of an arm',
        "Did you mean flexible?",
    ),
    "more at the least than at the most": (
        'base = "baseline"\n[replicates]\nuntil = "entries"\nbetween = ["a", "b"]\nwidth = 1\nmin = 30\nmax = 20\n',
        6,
        "min = 30: must be at most max",
        "Correct one of the two",
    ),
    "a width of nothing": (
        'base = "baseline"\n[replicates]\nuntil = "entries"\nbetween = ["a", "b"]\nwidth = 0\nmax = 20\n',
        5,
        "width = 0: must be above 0",
        "at which to stop",
    ),
    "no TOML": ("base = \n", 1, "is not TOML", "Correct the line"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_with_its_line_rule_and_remedy(case, tmp_path):
    text, line, *parts = CASES[case]
    found = mistakes_of(tmp_path, text).split("\n")
    start = f"{tmp_path / 'study.toml'}:{line}: "
    assert any(each.startswith(start) and all(part in each for part in parts) for each in found), found


def test_mistakes_of_all_kinds_are_told_at_once(tmp_path):
    text = HEAD + LHS + "negotiation.speed = { low = 0.1, high = 1.8 }\n[levers]\npartnership.flor = [1]\n"
    found = mistakes_of(tmp_path, "monts = 3\n" + text)
    assert len(found.split("\n")) == 3


def test_a_rule_between_two_keys_is_tested_at_the_extreme_points_and_names_arm_and_point(tmp_path):
    text = HEAD + LHS + "peer_learning.right_at_start = { low = 0.1, high = 0.9 }\n"
    found = mistakes_of(tmp_path, text)
    assert "study.toml:7: uncertainties.peer_learning.right_at_start" in found
    assert "must add up to at most 1 (arm smart-space-flexible, design point" in found


def test_mistakes_of_a_scenario_keep_their_own_file(tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "baseline"\n[negotiation]\nsped = 0.3\n')
    found = mistakes_of(tmp_path, 'base = "mine"\nreplicates = 1\n')
    assert f"{tmp_path / 'mine.toml'}:3: negotiation.sped" in found


def test_one_at_a_time_refuses_arms_that_start_from_different_values(tmp_path):
    text = HEAD + '[design]\nkind = "one-at-a-time"\n[uncertainties]\npartnership.floor = [0.5]\n'
    found = mistakes_of(tmp_path, text + '[levers]\npartnership.governance = ["formal", "flexible"]\n')
    assert "study.toml:6: uncertainties.partnership.floor: is 0.8 in one arm and 0.0 in another" in found


def test_two_arms_with_one_name_are_refused(tmp_path):
    (tmp_path / "gosmart.toml").write_text('extends = "baseline"\n')
    found = mistakes_of(tmp_path, 'scenarios = ["gosmart", "./gosmart.toml"]\nreplicates = 1\n')
    assert "make two arms with the name gosmart" in found


def test_an_unknown_study_gets_the_nearest_name():
    with pytest.raises(ScenarioError, match="Did you mean formal-vs-flexible"):
        load_study("formal-vs-flexibl")


CSV_CASES = {
    "a row that is too short": ("negotiation.speed,partnership.pot\n0.1\n", 2, "has 1 cells, the header 2"),
    "an empty cell": ("negotiation.speed,partnership.pot\n0.1,\n", 2, "partnership.pot (column 2): has no value"),
    "a column twice": ("negotiation.speed,negotiation.speed\n0.1,0.2\n", 1, "(column 2): stands in the header twice"),
    "no key": ("negotiation.speed,a b\n0.1,0.2\n", 1, "a b (column 2): is not a dotted key"),
    "an unknown key": ("negotiation.sped\n0.1\n", 1, "negotiation.sped (column 1): is not a known key"),
    "a value out of bounds": ("negotiation.speed\n0.1\n\n1.8\n", 4, "(column 1) = 1.8: must be at most 1"),
    "a name that is unknown": ("matching.rule\nstable\nstabel\n", 3, '(column 1) = "stabel": must be one of'),
    "no row": ("negotiation.speed\n", 2, "holds no design point"),
    "an open quote": ('negotiation.speed\n"0.1\n', 2, "is not CSV"),
    "nothing": ("\n", 1, "holds no header"),
}


@pytest.mark.parametrize("case", CSV_CASES)
def test_a_mistake_in_a_csv_design_is_told_with_line_and_column(case, tmp_path):
    text, line, part = CSV_CASES[case]
    (tmp_path / "points.csv").write_text(text)
    found = mistakes_of(tmp_path, HEAD + '[design]\nkind = "csv"\nfile = "points.csv"\n')
    assert f"{tmp_path / 'points.csv'}:{line}: " in found
    assert part in found


def test_a_csv_design_that_is_missing_or_binary_is_told(tmp_path):
    text = HEAD + '[design]\nkind = "csv"\nfile = "points.csv"\n'
    assert "does not exist" in mistakes_of(tmp_path, text)
    (tmp_path / "points.csv").write_bytes(b"\xff\xfe\x00")
    assert "is not in UTF-8" in mistakes_of(tmp_path, text)


def test_a_csv_design_allows_no_uncertainties_beside_it(tmp_path):
    (tmp_path / "points.csv").write_text("negotiation.speed\n0.1\n")
    text = HEAD + '[design]\nkind = "csv"\nfile = "points.csv"\n[uncertainties]\nnegotiation.anchor = [0.1]\n'
    assert "cannot stand beside a design in a CSV file" in mistakes_of(tmp_path, text)
