import subprocess
import sys
from pathlib import Path

import pytest

import regioscope as rs

SMALL = {"population.smes_per_cluster": 5}


@pytest.mark.parametrize("name", rs.__all__)
def test_every_public_name_leads_somewhere(name):
    assert getattr(rs, name) is not None
    assert name in dir(rs)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        rs.simulate  # noqa: B018


def test_a_run_is_a_tidy_frame_with_one_row_a_month():
    result = rs.run("smart-space-flexible", seed=3, months=6, overrides=SMALL)
    frame = result.series
    assert frame.columns[:5].tolist() == ["run_id", "scenario", "replicate", "seed", "month"]
    assert frame["month"].tolist() == [1, 2, 3, 4, 5, 6]
    assert set(frame["seed"]) == {3}
    assert result.indicators["introductions"] == frame["introductions"].iloc[-1]


def test_a_run_of_a_loaded_scenario_is_the_run_of_its_name():
    scenario = rs.load_scenario("smart-space-flexible", overrides=SMALL)
    by_scenario = rs.run(scenario, months=6)
    by_name = rs.run("smart-space-flexible", months=6, overrides=SMALL)
    assert by_scenario.specification.run_id == by_name.specification.run_id
    assert by_scenario.values == by_name.values


def test_a_run_prints_nothing(capfd):
    rs.run("baseline", months=2, overrides=SMALL)
    printed = capfd.readouterr()
    assert printed.out == printed.err == ""


@pytest.mark.parametrize("name", ["analysis", "experiments", "simulation", "scenarios"])
def test_a_file_of_the_user_that_hides_a_package_is_named(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("")
    (tmp_path / "notebook.py").write_text("import regioscope as rs\nrs.load_scenario\n")
    ran = subprocess.run([sys.executable, "notebook.py"], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode != 0
    assert f"{Path(tmp_path).name}/{name}.py hides the package '{name}' of regioscope" in ran.stderr
    assert "Rename the file" in ran.stderr


def test_importing_the_package_loads_nothing():
    code = "import sys, regioscope; print([m for m in sys.modules if m in ('numpy', 'simulation')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
