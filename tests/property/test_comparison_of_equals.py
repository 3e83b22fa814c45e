"""Arms that are the same policy are the same runs, whatever they are called."""

import pytest

import regioscope as rs

SMALL = {"population.smes_per_cluster": 6, "programme_end_month": 10, "warm_up_months": 3}
FORMAL, FLEXIBLE = "smart-space-formal", "smart-space-flexible"


def differences(results):
    other = results.arms[1]
    frame = rs.contrast(results, other)
    return frame[frame["difference"].notna()]


def test_a_scenario_compared_with_itself_differs_nowhere(tmp_path):
    results = rs.compare([FORMAL, FORMAL], replicates=3, months=24, overrides=SMALL, out=tmp_path, jobs=1)
    found = differences(results)
    assert len(found) > 20
    assert (found["difference"] == 0).all()
    assert (found[["low", "high"]].dropna() == 0).all(axis=None)
    assert (found["equal"] == 1).all()


def test_formal_and_flexible_with_equal_attributes_differ_nowhere(tmp_path):
    scenario = rs.load_scenario(FORMAL)
    attributes = ("eligible", "decision", "quorum", "joining_cost_keur", "fee_keur", "deadline_months", "floor")
    attributes += ("enforcement", "binding", "term_months", "sharing", "pot", "coordination", "fallback")
    equal = {f"partnership.{name}": getattr(scenario.partnership, name) for name in attributes}
    results = rs.compare(
        [FORMAL, FLEXIBLE], replicates=2, months=24, overrides={**SMALL, **equal}, out=tmp_path, jobs=1
    )
    one, other = (results.runs[results.runs["scenario"] == arm] for arm in results.arms)
    assert one["run_id"].tolist() == other["run_id"].tolist()
    assert (differences(results)["difference"] == 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_stored_rows_are_the_same_for_any_number_of_processes(jobs, tmp_path):
    asked = {"replicates": 3, "months": 14, "overrides": SMALL, "reference": True}
    rs.compare([FORMAL, FLEXIBLE], **asked, out=tmp_path / "one", jobs=1)
    rs.compare([FORMAL, FLEXIBLE], **asked, out=tmp_path / "again", jobs=jobs)
    one, again = (rs.open_results(tmp_path / name) for name in ("one", "again"))
    for name in ("runs", "series", "horizons", "regions", "flows", "network"):
        first, second = (
            results.table(name).to_pandas().drop(columns="wall_seconds", errors="ignore") for results in (one, again)
        )
        assert len(first)
        assert first.equals(second)
