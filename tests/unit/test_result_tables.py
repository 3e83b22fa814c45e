from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.manifest import Manifest, manifest_of, write_manifest
from experiments.parts import part_paths, write_part
from experiments.replication import replicate
from experiments.result_tables import INDICATOR_TYPES, KEYS, OF_A_RUN, SORTED_BY, empty_table
from experiments.results import open_results
from experiments.runner import FinishedRun, months_of_regions, perform, simulate
from experiments.specification import RunSpecification
from experiments.store import Store, stored_runs
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


def swept(folder, replicates=2):
    """A study of two points and two arms, which differ in a lever of whole and broken numbers."""
    asked = request(replicates=replicates)
    study = {
        "arms": [{"name": f"floor={value}"} for value in (1, 0.5)],
        "levers": {"peer_learning.floor": [1, 0.5]},
        "uncertainties": {"negotiation.heterogeneity": {"low": 0.1, "high": 0.8}},
    }
    manifest = replace(manifest_of("sweep", asked.arms, {}, 1, replicates), study=study)
    write_manifest(folder, manifest)
    cases = [(point, value) for point in range(2) for value in (1, 0.5)]
    for specification in asked.specifications():
        of_study = [
            replace(
                specification,
                factors={"peer_learning.floor": value, "negotiation.heterogeneity": 0.1 + point},
                scenario_digest=f"{point} {value}",
                point=point,
                arm=f"floor={value}",
            )
            for point, value in cases
        ]
        for each in of_study:
            store = Store(folder, manifest, str, writer=f"{each.point + 1}of2")
            store.write([(each, FinishedRun(made_up_run(each), 0.0))])
    return manifest


def test_runs_of_a_study_have_their_point_arm_and_factors_after_the_seed(tmp_path):
    manifest = swept(tmp_path)
    Store(tmp_path, manifest, str).merge()
    runs = raw(tmp_path, "runs")
    factors = ["peer_learning.floor", "negotiation.heterogeneity"]
    named = ["run_id", "scenario", "replicate", "seed", "point", "arm", *factors]
    assert runs.column_names == [*named, *INDICATOR_TYPES, "wall_seconds", "code_version"]
    assert sorted(zip(runs["point"].to_pylist(), runs["arm"].to_pylist(), strict=True)) == sorted(
        (point, f"floor={value}") for point in range(2) for value in (1, 0.5) for _ in range(2)
    )
    assert runs["peer_learning.floor"].type == pa.float64()


def test_results_of_a_study_name_its_arms_and_factors(tmp_path):
    swept(tmp_path, replicates=1)
    results = open_results(tmp_path)
    assert results.arms == ["floor=1", "floor=0.5"]
    assert results.table("runs", ["point", "arm"]).num_rows == 4
    with pytest.raises(DataError, match=r"Did you mean negotiation\.heterogeneity\?"):
        results.table("series", ["negotiation.heterogenity"])


def test_the_design_is_the_frame_of_its_file_and_empty_where_there_is_none(tmp_path):
    swept(tmp_path, replicates=1)
    assert open_results(tmp_path).design.empty
    pq.write_table(
        pa.table({"case": [0, 1], "arm": ["a", "b"], "whole": pa.array([1, None])}), tmp_path / "design.parquet"
    )
    design = open_results(tmp_path).design
    assert design["arm"].tolist() == ["a", "b"]
    assert str(design["whole"].dtype) == "Int64"
    (tmp_path / "design.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"design\.parquet: is damaged"):
        _ = open_results(tmp_path).design


def test_opening_a_study_and_its_runs_reads_no_series(tmp_path):
    swept(tmp_path, replicates=1)
    for path in part_paths(tmp_path / "series"):
        path.write_bytes(b"PAR1")
    results = open_results(tmp_path)
    assert len(results.runs) == 4
    with pytest.raises(DataError, match="is damaged"):
        _ = results.series


def test_values_of_a_frame_can_be_set_also_where_some_are_missing(tmp_path):
    stored(request(), tmp_path)
    series = open_results(tmp_path).series
    series.loc[0, ["introductions", "knowledge_mean"]] = 7
    series.loc[0, "partnership_signed_month"] = 7
    assert series.loc[0, ["introductions", "knowledge_mean", "partnership_signed_month"]].tolist() == [7, 7, 7]


@pytest.mark.slow
def test_a_million_runs_in_twenty_unmerged_parts_are_read_once_each_and_in_order(tmp_path):
    runs, shards = 1_000_000, 20
    write_manifest(tmp_path, made := Manifest("sweep", {}, "", {}, 1, 1))
    chance = np.random.Generator(np.random.Philox(1))
    for shard in range(shards):
        own = np.arange(shard, runs, shards)
        columns = {
            "run_id": [f"{(int(number) * 2654435761) % 2**32:032x}" for number in own],
            "scenario": np.where(own % 2, FORMAL, FLEXIBLE),
            "replicate": own // 200_000,
            "point": own,
        }
        measured = {
            name: pa.array(chance.integers(0, 1000, own.size), kind, mask=own % 50 == 0)
            for name, kind in INDICATOR_TYPES.items()
        }
        table = pa.table({**columns, **measured}).sort_by([(each, "ascending") for each in SORTED_BY["runs"]])
        write_part(tmp_path / "runs", table, made.model, f"{shard + 1}of{shards}")
    frame = open_results(tmp_path).runs
    keys = pd.MultiIndex.from_frame(frame[list(SORTED_BY["runs"])])
    assert keys.is_monotonic_increasing
    assert keys.is_unique
    assert np.array_equal(np.sort(frame["point"].to_numpy()), np.arange(runs))
    assert frame["introductions"].isna().sum() == runs // 50
    assert len(stored_runs(tmp_path, made.model)) == runs
