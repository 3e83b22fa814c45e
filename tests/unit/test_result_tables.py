from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.parts import part_paths
from experiments.replication import replicate
from experiments.result_tables import KEYS, OF_A_RUN, empty_table
from experiments.results import open_results
from experiments.runner import months_of_regions, perform, simulate
from experiments.specification import RunSpecification
from simulation.errors import DataError
from simulation.indicator_definitions import FLOW_INDICATORS, NETWORK_COLUMNS, REGIONAL_INDICATORS
from simulation.scenario import load_scenario
from tests.small_runs import SilentListener, comparison, made_up_run, request

FORMAL, FLEXIBLE = "smart-space-formal", "smart-space-flexible"


@pytest.fixture(autouse=True)
def nothing_to_compile(monkeypatch):
    monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)


def stored(asked, folder, simulate=made_up_run, fresh=False):
    listener = SilentListener()
    tally = replicate(asked, folder, listener, jobs=1, fresh=fresh, simulate=simulate)
    return tally, listener


def raw(folder, table):
    return pa.concat_tables([pq.read_table(path) for path in part_paths(folder / table)])


def rows_of(table, arm):
    columns = [name for name in table.column_names if name not in ("scenario", "wall_seconds")]
    return table.filter(pa.array([each == arm for each in table["scenario"].to_pylist()])).select(columns)


def test_regions_have_a_row_a_region_at_the_end_of_every_year_and_of_the_run(tmp_path):
    stored(request(replicates=2, months=27), tmp_path)
    table = raw(tmp_path, "regions")
    names = ["run_id", "scenario", "replicate", "month", "region", *(each.name for each in REGIONAL_INDICATORS)]
    assert table.column_names == names
    places = list(zip(*(table[name].to_pylist() for name in ("replicate", "month", "region")), strict=True))
    assert places == [(run, month, code) for run in (0, 1) for month in (12, 24, 27) for code in ("AT32", "ITC1")]
    assert months_of_regions(24) == [12, 24]
    assert months_of_regions(5) == [5]


def test_flows_have_a_row_a_pair_of_regions_and_keep_zeros(tmp_path):
    stored(request(months=3), tmp_path)
    table = raw(tmp_path, "flows")
    assert table.column_names[3:] == ["month", "region", "other_region", *(each.name for each in FLOW_INDICATORS)]
    assert table["region"].to_pylist() == ["AT32", "AT32", "ITC1"]
    assert table["other_region"].to_pylist() == ["AT32", "ITC1", "ITC1"]
    assert table["ties"].to_pylist() == [1, 0, 7]
    assert set(table["month"].to_pylist()) == {3}


def test_the_network_is_that_of_replicate_0_of_every_arm(tmp_path):
    stored(comparison(replicates=3), tmp_path)
    table = raw(tmp_path, "network")
    assert table.column_names[3:] == ["month", *(each.name for each in NETWORK_COLUMNS)]
    assert set(table["replicate"].to_pylist()) == {0}
    assert table["scenario"].to_pylist() == [FLEXIBLE] * 2 + [FORMAL] * 2
    assert table.schema.field("first").type == table.schema.field("born_month").type == pa.int64()
    assert table.schema.field("trust").type == pa.float64()
    assert table.schema.field("first_region").type == pa.string()


def test_what_is_undefined_of_a_region_is_null_and_counts_stay_whole(tmp_path):
    stored(request(), tmp_path)
    table = raw(tmp_path, "regions")
    assert table["knowledge_mean"].null_count == table.num_rows
    assert table.schema.field("innovations").type == pa.int64()
    assert str(open_results(tmp_path).regions["innovations"].dtype) == "int64"


def test_every_table_without_rows_has_the_columns_of_one_with_rows(tmp_path):
    stored(request(months=15), tmp_path)
    for name in OF_A_RUN:
        assert empty_table(name).schema.equals(raw(tmp_path, name).schema)


def test_a_run_that_leaves_out_a_column_of_regions_or_flows_fails():
    specification = request().specifications()[0]
    whole = made_up_run(specification)
    without = {name: values for name, values in whole.regions.items() if name != "innovations"}
    shorter = {**whole.flows, "ties": [1]}
    for broken in (replace(whole, regions=without), replace(whole, flows=shorter)):
        outcome = perform(specification, lambda _, broken=broken: broken)
        assert "of equal length" in outcome.message


def test_the_model_gives_every_row_that_is_stored():
    scenario = load_scenario(FLEXIBLE, {"population.smes_per_cluster": 5, "months": 14})
    measured = simulate(RunSpecification(scenario, 1, 0))
    regions, with_firms = list(scenario.regions), len(scenario.population.regions)
    assert measured.regions["month"] == [12] * len(regions) + [14] * len(regions)
    assert sorted(measured.regions["region"][: len(regions)]) == sorted(regions)
    assert len(measured.flows["ties"]) == with_firms * (with_firms + 1) // 2
    assert set(measured.network["month"]) == {14}
    assert measured.series["smes_alive"][11] == sum(measured.regions["smes_alive"][: len(regions)])
    assert simulate(RunSpecification(scenario, 1, 1)).network == {}


def test_a_table_can_be_read_in_part_and_an_unknown_column_is_named(tmp_path):
    stored(comparison(replicates=2), tmp_path)
    results = open_results(tmp_path)
    whole = results.table("series")
    for columns in (["introductions", "scenario"], ["month"], []):
        part = results.table("series", columns)
        assert part.column_names == columns
        assert part.equals(whole.select(columns))
    with pytest.raises(DataError, match=r"introductons: is not a column of series\. Did you mean introductions\?"):
        results.table("series", ["introductons"])


def test_results_name_their_arms_in_the_order_asked_and_the_first_is_the_reference(tmp_path):
    stored(comparison([FORMAL, FLEXIBLE], reference=True), tmp_path)
    results = open_results(tmp_path)
    assert results.arms == [FORMAL, FLEXIBLE, "none", "separate", "random", f"random-of-{FLEXIBLE}"]
    assert results.reference == FORMAL
    assert results.manifest.scenarios["none"]["of"] == [FORMAL, FLEXIBLE]
    assert results.manifest.scenarios["none"]["settings"]["programme.active"] is False


def test_runs_that_two_arms_share_are_simulated_once_and_stored_under_both_names(tmp_path):
    tally, listener = stored(comparison([FLEXIBLE, FLEXIBLE], replicates=3), tmp_path)
    assert listener.begun == len(listener.ended_runs) == 3
    assert tally.computed == 6
    for name in OF_A_RUN:
        table = raw(tmp_path, name)
        assert rows_of(table, FLEXIBLE).num_rows > 0
        assert rows_of(table, FLEXIBLE).equals(rows_of(table, f"{FLEXIBLE}-2"))


def test_a_shared_run_that_fails_has_failed_in_both_arms(tmp_path):
    def fails(specification):
        raise ZeroDivisionError

    tally, _ = stored(comparison([FLEXIBLE, FLEXIBLE]), tmp_path, simulate=fails)
    assert [each.scenario.name for each, _ in tally.failed] == [FLEXIBLE, f"{FLEXIBLE}-2"]
    assert len(open_results(tmp_path).failures) == 2


def test_what_one_arm_has_stored_another_that_comes_later_does_not_compute_again(tmp_path):
    by_lot = {"matching__rule": "random"}
    stored(comparison([FORMAL, FLEXIBLE], replicates=2, **by_lot), tmp_path)
    tally, listener = stored(comparison([FORMAL, FLEXIBLE], replicates=2, reference=True, **by_lot), tmp_path)
    assert (tally.kept, tally.computed, listener.begun) == (4 + 4, 4, 4)
    for name in ("runs", *OF_A_RUN):
        table = raw(tmp_path, name)
        assert rows_of(table, "random").equals(rows_of(table, FORMAL))
        keys = list(zip(*(table[column].to_pylist() for column in KEYS[name]), strict=True))
        assert len(keys) == len(set(keys))


def test_reference_arms_can_be_added_later_and_stay_when_they_are_not_asked_for(tmp_path):
    first, _ = stored(comparison(replicates=2), tmp_path)
    added, _ = stored(comparison(replicates=2, reference=True), tmp_path)
    assert (first.computed, added.kept, added.computed) == (4, 4, 8)
    extended, _ = stored(comparison(replicates=3), tmp_path)
    assert (extended.kept, extended.computed) == (4, 2)
    results = open_results(tmp_path)
    assert results.arms[2:] == ["none", "separate", "random", f"random-of-{FLEXIBLE}"]
    counts = results.runs.groupby("scenario").size().to_dict()
    assert [counts[name] for name in results.arms] == [3, 3, 2, 2, 2, 2]
    assert results.manifest.replicates == 3


def test_fewer_replicates_leave_the_others_alone(tmp_path):
    stored(comparison(replicates=3), tmp_path)
    tally, _ = stored(comparison(replicates=1), tmp_path)
    assert (tally.kept, tally.computed) == (2, 0)
    assert len(open_results(tmp_path).runs) == 6
    assert open_results(tmp_path).manifest.replicates == 3


def test_reference_arms_of_other_code_go_when_they_are_not_asked_for(tmp_path, monkeypatch):
    stored(comparison(reference=True), tmp_path)
    for module in ("specification", "manifest"):
        monkeypatch.setattr(f"experiments.{module}.simulation_digest", lambda: "other code")
    stored(comparison(), tmp_path)
    results = open_results(tmp_path)
    assert results.arms == [FORMAL, FLEXIBLE]
    assert set(results.runs["scenario"]) == {FORMAL, FLEXIBLE}


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (lambda: comparison([FLEXIBLE, FORMAL]), f"scenarios {FORMAL} and {FLEXIBLE}, not {FLEXIBLE} and {FORMAL}"),
        (lambda: comparison([FORMAL]), f"scenarios {FORMAL} and {FLEXIBLE}, not {FORMAL}"),
        (lambda: comparison(seed=2), "holds seed 1, not 2. Nothing"),
        (lambda: comparison(months=4), "holds months 3, not 4. Nothing"),
        (lambda: comparison(negotiation__speed=0.3), "holds overrides none, not negotiation.speed=0.3. Nothing"),
        (lambda: request(name=FORMAL), "results of compare, not of run"),
    ],
)
def test_a_folder_of_another_comparison_is_refused_and_says_in_what_it_differs(tmp_path, asked, named):
    stored(comparison(), tmp_path)
    with pytest.raises(DataError) as refused:
        stored(asked(), tmp_path, simulate=None)
    assert named in str(refused.value)
    assert "Nothing was computed. Name another folder with --out" in str(refused.value)
    assert len(open_results(tmp_path).runs) == 2


def test_a_row_of_a_run_that_is_not_listed_is_not_read(tmp_path):
    stored(comparison([FLEXIBLE, FLEXIBLE]), tmp_path)
    rows = raw(tmp_path, "runs")
    (part,) = part_paths(tmp_path / "runs")
    noted = pq.read_schema(part).metadata
    pq.write_table(rows.slice(0, 1).replace_schema_metadata(noted), part)
    results = open_results(tmp_path)
    for name in OF_A_RUN:
        assert set(results.table(name)["scenario"].to_pylist()) == {FLEXIBLE}, name


def test_figures_in_the_folder_do_not_stop_it_from_going_on(tmp_path):
    stored(comparison(), tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "map.png").write_bytes(b"")
    assert stored(comparison(replicates=2), tmp_path)[0].computed == 2
