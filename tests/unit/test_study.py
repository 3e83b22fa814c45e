"""Studies: what a study file says becomes arms, points and a digest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.design import Range
from experiments.study import STUDY_FOLDER, Until, list_studies, load_study
from simulation.scenario import load_scenario

SHIPPED = ["brokers", "formal-vs-flexible", "governance-attributes", "grants-or-services"]


def study(folder: Path, text: str, name: str = "study"):
    path = folder / f"{name}.toml"
    path.write_text(text)
    return load_study(path)


def test_the_four_studies_that_come_with_the_project_load_and_have_titles():
    assert [name for name, _ in list_studies()] == SHIPPED
    for name, title in list_studies():
        loaded = load_study(name)
        assert loaded.title == title != name
        assert loaded.given == loaded.name == name
        assert 1000 <= len(loaded.points) * len(loaded.arms) * loaded.replicates <= 2000


def test_every_combination_of_levers_is_an_arm_named_after_its_values(tmp_path):
    loaded = study(
        tmp_path,
        """
        base = "smart-space-flexible"
        replicates = 2
        [levers]
        "partnership.governance" = ["formal", "flexible"]
        "partnership.floor" = [0, 0.8]
        "partnership.term_months" = [24]
        """,
    )
    assert [arm.name for arm in loaded.arms] == [
        "formal, floor=0",
        "formal, floor=0.8",
        "flexible, floor=0",
        "flexible, floor=0.8",
    ]
    assert loaded.arms[1].levers == {
        "partnership.governance": "formal",
        "partnership.floor": 0.8,
        "partnership.term_months": 24,
    }
    assert loaded.points == ({},)


def test_with_several_scenarios_the_name_of_an_arm_begins_with_the_scenario(tmp_path):
    text = 'scenarios = ["smart-space-formal", "gosmart"]\nreplicates = 1\n'
    assert [arm.name for arm in study(tmp_path, text).arms] == ["smart-space-formal", "gosmart"]
    with_lever = study(tmp_path, text + '[levers]\n"partnership.floor" = [0.8, 0.9]\n')
    assert [arm.name for arm in with_lever.arms] == [
        "smart-space-formal, floor=0.8",
        "smart-space-formal, floor=0.9",
        "gosmart, floor=0.8",
        "gosmart, floor=0.9",
    ]


def test_a_lever_with_one_value_leaves_the_scenario_to_name_the_arm(tmp_path):
    text = 'base = "gosmart"\nreplicates = 1\n[levers]\n"partnership.floor" = [0.5]\n'
    (arm,) = study(tmp_path, text).arms
    assert arm.name == "gosmart"
    assert arm.levers == {"partnership.floor": 0.5}


def test_levers_with_the_same_last_part_are_named_in_full(tmp_path):
    text = 'base = "baseline"\nreplicates = 1\n[levers]\nplatform.starts_month = [2, 3]\nprogramme.starts_month = [1]\n'
    assert [arm.name for arm in study(tmp_path, text).arms] == ["platform.starts_month=2", "platform.starts_month=3"]


def test_keys_may_be_quoted_or_dotted(tmp_path):
    head = 'base = "baseline"\nreplicates = 1\n[design]\nkind = "lhs"\npoints = 3\n[uncertainties]\n'
    quoted = study(tmp_path, head + '"negotiation.speed" = { low = 0.1, high = 0.2 }\n')
    plain = study(tmp_path, head + "negotiation.speed = { low = 0.1, high = 0.2 }\n")
    assert quoted.points == plain.points
    assert quoted.digest() == plain.digest()


def test_a_scenario_beside_the_study_is_found_by_name_and_by_path(tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "baseline"\n[negotiation]\nspeed = 0.3\n')
    for given in ("mine", "mine.toml", "./mine.toml"):
        (arm,) = study(tmp_path, f'base = "{given}"\nreplicates = 1\n').arms
        assert arm.name == "mine"
        assert load_scenario(arm.given).negotiation.speed == 0.3


def test_the_months_of_a_study_are_those_of_its_scenarios(tmp_path):
    loaded = study(tmp_path, 'base = "baseline"\nmonths = 12\nreplicates = 1\n')
    assert loaded.arms[0].scenario.months == loaded.months == 12


def test_ranges_of_whole_number_parameters_give_whole_numbers(tmp_path):
    loaded = study(
        tmp_path,
        """
        base = "baseline"
        replicates = 1
        [design]
        kind = "lhs"
        points = 20
        [uncertainties]
        "search.broker_clients" = { low = 2, high = 5 }
        "negotiation.speed" = { low = 0.1, high = 0.3 }
        "matching.rule" = ["stable", "random"]
        """,
    )
    assert {point["search.broker_clients"] for point in loaded.points} == {2, 3, 4, 5}
    assert loaded.uncertainties["search.broker_clients"] == Range(2, 5, whole=True)
    assert {type(point["negotiation.speed"]) for point in loaded.points} == {float}


def test_one_at_a_time_begins_with_the_values_of_the_scenario(tmp_path):
    text = """
        base = "baseline"
        replicates = 1
        [design]
        kind = "one-at-a-time"
        [uncertainties]
        "negotiation.speed" = { low = 0.1, high = 0.3 }
        "matching.rule" = ["stable", "random"]
        """
    own = load_scenario("baseline")
    points = study(tmp_path, text).points
    assert points[0] == {"negotiation.speed": own.negotiation.speed, "matching.rule": own.matching.rule}
    assert len(points) == 4


def test_the_columns_of_a_csv_file_are_the_uncertainties(tmp_path):
    (tmp_path / "points.csv").write_text(
        "negotiation.speed,partnership.pot,search.broker_clients\n1,real,4\n0.5,virtual,5\n"
    )
    text = 'base = "baseline"\nreplicates = 1\n[design]\nkind = "csv"\nfile = "points.csv"\n'
    loaded = study(tmp_path, text)
    assert loaded.points == (
        {"negotiation.speed": 1.0, "partnership.pot": "real", "search.broker_clients": 4},
        {"negotiation.speed": 0.5, "partnership.pot": "virtual", "search.broker_clients": 5},
    )
    assert loaded.uncertainties["partnership.pot"] == ("real", "virtual")
    assert loaded.as_record()["rows"] == [[1.0, "real", 4], [0.5, "virtual", 5]]


def test_replicates_may_go_on_until_an_interval_is_narrow(tmp_path):
    text = """
        scenarios = ["smart-space-formal", "smart-space-flexible"]
        [replicates]
        until = "innovations_programme"
        between = ["smart-space-formal", "smart-space-flexible"]
        width = 2
        batch = 10
        max = 400
        """
    between = ("smart-space-formal", "smart-space-flexible")
    assert study(tmp_path, text).replicates == Until("innovations_programme", between, 2.0, 10, 10, 400)


def test_more_replicates_leave_the_digest_and_everything_else_that_decides_a_run_changes_it(tmp_path):
    text = """
        base = "smart-space-flexible"
        months = 48
        replicates = 3
        seed = 4
        [design]
        kind = "lhs"
        points = 5
        [levers]
        "partnership.governance" = ["formal", "flexible"]
        [uncertainties]
        "negotiation.speed" = { low = 0.1, high = 0.3 }
        """
    digest = study(tmp_path, text).digest()
    assert study(tmp_path, text.replace("replicates = 3", "replicates = 9"), "other").digest() == digest
    changes = [
        ("months = 48", "months = 49"),
        ("seed = 4", "seed = 5"),
        ("points = 5", "points = 6"),
        ('["formal", "flexible"]', '["flexible", "formal"]'),
        ("high = 0.3", "high = 0.4"),
        ("smart-space-flexible", "circular-40"),
    ]
    digests = {study(tmp_path, text.replace(*change)).digest() for change in changes}
    assert len(digests | {digest}) == len(changes) + 1


@pytest.mark.parametrize("name", SHIPPED)
def test_the_record_of_a_study_survives_json(name):
    loaded = load_study(name)
    record = loaded.as_record()
    assert json.loads(json.dumps(record)) == record
    assert record["digest"] == loaded.digest()


def test_a_large_study_loads_without_loading_every_case(tmp_path, monkeypatch):
    from simulation.scenario import Scenario

    loads = []
    ordinary = Scenario.with_overrides
    monkeypatch.setattr(Scenario, "with_overrides", lambda *given: loads.append(1) or ordinary(*given))
    loaded = study(
        tmp_path,
        """
        base = "smart-space-flexible"
        replicates = 1
        [design]
        kind = "lhs"
        points = 10000
        [levers]
        "partnership.governance" = ["formal", "flexible"]
        "partnership.pot" = ["real", "virtual"]
        [uncertainties]
        "negotiation.speed" = { low = 0.1, high = 0.3 }
        "negotiation.heterogeneity" = { low = 0.1, high = 0.8 }
        """,
    )
    assert len(loaded.points) == 10_000
    assert len(loads) <= 4 * 6 + 4


def test_the_list_of_studies_is_read_without_numerical_packages():
    code = (
        "import sys; from experiments.study import list_studies; list_studies(); "
        "print([each for each in ('numpy', 'scipy', 'numba', 'pandas', 'mesa', 'SALib') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=STUDY_FOLDER.parents[1], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
