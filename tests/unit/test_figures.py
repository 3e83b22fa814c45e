from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from analysis.contrasts import contrast
from analysis.difference_text import difference_text, interval_text
from analysis.differences_figure import COMPARED, differences_at, draw_differences
from analysis.figure_style import BLUE, VERMILLION, Drawing, arm_colours
from analysis.figures import over_months, paired_differences, region_map, write_figures
from analysis.months_figure import DEVELOPING, apart, course_of
from analysis.regional_means import PAIR, differences
from analysis.wording import plain_words, short_names
from experiments.replication import replicate
from experiments.results import open_results
from simulation.errors import DataError
from tests.small_runs import SilentListener, comparison, made_up_run

FORMAL, FLEXIBLE = "smart-space-formal", "smart-space-flexible"


def drifting_run(specification):
    """A made-up run in which the flexible arm has more of everything, by an amount that differs between pairs."""
    measured = made_up_run(specification)
    if specification.scenario.name == FLEXIBLE:
        for values in measured.series.values():
            values[:] = [None if each is None else each + 5 + specification.replicate % 2 for each in values]
    return measured


def stored(folder, monkeypatch, replicates=3, **asked):
    monkeypatch.setattr("experiments.replication.warm_up", lambda announce: None)
    replicate(comparison(replicates=replicates, **asked), folder, SilentListener(), jobs=1, simulate=drifting_run)
    return open_results(folder)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield stored(tmp_path_factory.mktemp("comparison"), patch)


@pytest.fixture(scope="module")
def with_references(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield stored(tmp_path_factory.mktemp("references"), patch, replicates=2, reference=True)


COUNTED = {
    "collaborations": 1200,
    "collaborations_cross_border": 40,
    "innovations_commercialised": 30,
    "innovations_cross_border": 4,
}


def many_regions(number, flows=True):
    """A stand-in for the results of one arm with regions on a spiral."""
    codes = [f"XX{place:02}" for place in range(number)]
    entries = {
        code: {
            "name": f"Region of {code}",
            "country": code[:3],  # ten regions a country
            "longitude": 10 + 0.2 * place * np.cos(place),
            "latitude": 45 + 0.1 * place * np.sin(place),
        }
        for place, code in enumerate(codes)
    }
    rows = {"scenario": "one", "replicate": 0, "month": 12}
    tables = {
        "regions": pd.DataFrame([rows | {"region": code, "innovations": place} for place, code in enumerate(codes)]),
        "flows": pd.DataFrame(
            [
                rows | {"region": a, "other_region": b, "collaborations": 2, "collaborations_programme": 1}
                for a in codes
                for b in codes
                if a <= b
            ],
        ),
        "runs": pd.DataFrame([rows | COUNTED, rows | {name: value + 2 for name, value in COUNTED.items()}]),
    }
    if not flows:
        tables["flows"] = tables["flows"].iloc[:0]
    about = {"kind": "scenario", "of": [], "start": "2020-01", "months": 12, "values": {"regions": entries}}
    manifest = SimpleNamespace(scenarios={"one": about}, seed=1, study=None, code={"version": "0.1"})
    return SimpleNamespace(arms=["one"], reference="one", manifest=manifest, **tables)


def texts(figure):
    """Every text of a figure."""
    return [each.get_text() for each in figure.findobj(mpl.text.Text) if each.get_text()]


def all_text(figure):
    return " ".join(" ".join(texts(figure)).split())


def panel(figure, title):
    return next(axes for axes in figure.axes if axes.get_title(loc="left") == title)


def test_the_months_have_a_panel_for_each_indicator_that_names_each_arm_at_its_end(results):
    figure = over_months(results)
    for name in DEVELOPING:
        written = texts(panel(figure, plain_words(name)))
        assert {"formal", "flexible"} <= set(written)


def test_a_line_of_months_is_the_median_of_the_runs(results):
    course = course_of(results, FORMAL, "introductions")
    assert course.median.tolist() == [2, 3, 4]
    assert course.low[0] == pytest.approx(1.1)


def test_an_indicator_that_fewer_than_half_of_the_runs_define_has_no_line(results):
    assert course_of(results, FORMAL, "engagement_mean") is None
    assert "undefined in these runs" in texts(over_months(results, indicators=["engagement_mean"]))


def test_the_end_of_the_programme_is_marked_and_named(results):
    assert any("programme ends" in each for each in texts(over_months(results)))
    assert "end of the programme (February 2019)" in all_text(over_months(results))


def test_the_months_say_what_is_counted_and_what_is_a_state(results):
    assert "from month 1. As they stand in the month: SMEs registered with a broker." in all_text(over_months(results))


def test_every_difference_is_written_as_the_tables_print_it(results):
    written = texts(paired_differences(results, horizons=("end",)))
    frame = contrast(results, FLEXIBLE, FORMAL, [name for group in COMPARED for name, _ in group.rows], ["end"])
    rows = [row for _, row in frame[frame["pairs"] > 0].iterrows()]
    printed = [f"{difference_text(row)} ({interval_text(row)})".replace(" (–)", "") for row in rows]
    assert len(printed) == sum(len(group.rows) for group in COMPARED if group.title != "Shares")
    assert [each for each in written if each in printed] == printed


def test_where_all_pairs_differ_alike_the_marker_has_no_line_and_the_words_say_so(results):
    figure = paired_differences(results, horizons=("end",))
    assert "+0 (in every pair)" not in texts(figure)
    alike = draw_differences(results, without_spread(results), FLEXIBLE, FORMAL)
    assert any(each.endswith("(in every pair)") for each in texts(alike))
    assert "all pairs differ by as much" in all_text(alike)
    assert not any(len(line.get_xdata()) == 2 for axes in alike.axes for line in axes.lines if line.get_zorder() == 2)


def without_spread(results):
    """The differences of the two arms as if all pairs differed alike."""
    return differences_at(results, FLEXIBLE, FORMAL, ["end"]).assign(low=np.nan, high=np.nan)


def test_where_programmes_end_in_different_months_the_heading_names_both(results):
    frame = differences_at(results, FLEXIBLE, FORMAL, ["end"])
    assert "At the end of the programme February 2019" in all_text(draw_differences(results, frame, FLEXIBLE, FORMAL))
    later = draw_differences(results, frame.assign(other_month=frame["other_month"] + 10), FLEXIBLE, FORMAL)
    assert "flexible: December 2019 formal: February 2019" in all_text(later)


def test_what_crosses_a_border_stands_beside_what_stays_inside_a_country(results):
    labels = [label for group in COMPARED for _, label in group.rows]
    assert labels.count("inside a country") == 2
    assert texts(paired_differences(results)).count("inside a country") == 2


def test_an_interval_of_a_difference_is_a_line_between_its_bounds(results):
    frame = contrast(results, FLEXIBLE, FORMAL, ["smes_registered"], ["end"])
    figure = paired_differences(results, horizons=("end",))
    lines = [line.get_xdata() for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    assert any(np.allclose(line, [frame["low"].iloc[0], frame["high"].iloc[0]]) for line in lines)


def test_what_an_arm_leaves_undefined_is_named_in_the_caption_and_has_no_row(results):
    figure = paired_differences(results)
    assert "engagement of the members" in all_text(figure).split("Undefined in an arm")[1]
    assert "engagement of members" not in texts(figure)


def test_an_arm_has_the_same_colour_in_every_figure(with_references):
    colours = arm_colours(with_references)
    months, regions = over_months(with_references), region_map(with_references)
    names = short_names(with_references)
    for arm in (FORMAL, FLEXIBLE, "none", "separate", "random"):
        for figure in (months, regions):
            written = [each for each in figure.findobj(mpl.text.Text) if each.get_text() == names[arm]]
            assert {to_hex(each.get_color()).upper() for each in written} == {colours[arm].upper()}
    markers = paired_differences(with_references, FLEXIBLE).axes[0].lines
    assert colours[FLEXIBLE] in {line.get_color() for line in markers}


def test_colours_do_not_depend_on_the_order_in_which_scenarios_were_given(results, tmp_path, monkeypatch):
    turned = stored(tmp_path, monkeypatch, replicates=1, names=(FLEXIBLE, FORMAL))
    assert turned.arms == list(reversed(results.arms))
    assert arm_colours(turned) == arm_colours(results)


def test_the_smart_space_arms_keep_their_colours_whatever_they_are_compared_with():
    arms = {arm: {"kind": "scenario"} for arm in ("a-scenario", FORMAL, "z-scenario", "b", "c")}
    colours = arm_colours(SimpleNamespace(arms=[*arms], manifest=SimpleNamespace(scenarios=arms, study=None)))
    assert colours[FORMAL] == VERMILLION
    assert len({colours[arm] for arm in arms if arm != "z-scenario"}) == 4
    assert {BLUE, VERMILLION}.isdisjoint(colours[arm] for arm in arms if arm != FORMAL)
    alone = SimpleNamespace(
        arms=[FLEXIBLE], manifest=SimpleNamespace(scenarios={FLEXIBLE: {"kind": "scenario"}}, study=None)
    )
    assert arm_colours(alone) == {FLEXIBLE: BLUE}


@pytest.mark.parametrize("draw", [over_months, paired_differences, region_map])
def test_a_caption_names_the_number_of_runs_the_seed_and_the_code(results, draw):
    caption = all_text(draw(results))
    assert f"3 runs an arm, seed 1. Regioscope {results.manifest.code['version']}." in caption


def test_the_map_has_a_panel_an_arm_and_one_for_the_difference_of_two_scenarios(results):
    written = texts(region_map(results))
    assert {"formal", "flexible", "flexible − formal"} <= set(written)
    assert "AT32\nSalzburg" in written


def test_the_map_counts_a_collaboration_once_however_many_regions_it_joins():
    written = texts(region_map(many_regions(12)))
    assert "1,201 collaborations begun, 41 across a border" in written
    assert "31 innovations brought to market, 5 across a border" in written


def test_a_difference_of_regions_stands_out_only_if_its_interval_lies_off_0():
    frames = [
        pd.DataFrame({"replicate": range(3), "region": "AT32", "other_region": "ITC1", "ties": values})
        for values in ([1, 2, 3], [5, 6, 8])
    ]
    assert differences(frames[0], frames[1], PAIR, "ties")["AT32", "ITC1"].seen
    assert not differences(frames[0], frames[0], PAIR, "ties")["AT32", "ITC1"].seen


@pytest.mark.parametrize("number", [1, 2, 40])
def test_the_map_takes_one_region_and_forty(number):
    figure = region_map(many_regions(number))
    assert {f"XX{place:02}" for place in range(number)} <= {each.split("\n")[0] for each in texts(figure)}


def test_names_of_forty_regions_stay_inside_the_map():
    figure = region_map(many_regions(40))
    axes = figure.axes[0]
    figure.canvas.draw()
    for text in axes.texts:
        if text.get_text().startswith("XX"):
            box = text.get_window_extent()
            assert axes.bbox.x0 - 5 <= box.x0
            assert box.x1 <= axes.bbox.x1 + 5


def test_a_map_without_stored_flows_says_so():
    assert "Flows between regions are not stored" in all_text(region_map(many_regions(3, flows=False)))


def test_labels_move_apart_and_no_further_than_they_must():
    assert apart([0.5, 0.5], [0.2, 0.2]) == pytest.approx([0.4, 0.6])
    assert apart([0.1, 0.9], [0.2, 0.2]) == pytest.approx([0.1, 0.9])
    moved = apart([0.99, 1.0, 0.98], [0.1, 0.3, 0.1])
    assert moved == pytest.approx([0.8, 1.0, 0.7])


def test_one_replicate_has_neither_band_nor_interval_and_the_captions_say_so(tmp_path, monkeypatch):
    one = stored(tmp_path, monkeypatch, replicates=1)
    months = over_months(one)
    assert not any(axes.collections for axes in months.axes)
    assert "there is no band" in all_text(months)
    assert "of one pair there is no interval" in all_text(paired_differences(one))
    assert "there is no interval" in all_text(region_map(one))


def test_runs_that_stop_before_the_programme_ends_are_compared_in_their_last_month(tmp_path, monkeypatch):
    short = stored(tmp_path, monkeypatch, programme_end_month=12)
    assert short.horizons.empty
    written = all_text(paired_differences(short))
    assert "In the last month, before the end of the programme March 2019" in written
    assert "No run reaches the end of the programme" in written
    assert "The runs stop before the programme ends" in all_text(over_months(short))


def test_files_are_written_as_png_and_svg_and_the_svg_is_the_same_each_time(results, tmp_path):
    first, second = write_figures(results, tmp_path / "a"), write_figures(results, tmp_path / "b")
    assert [path.name for path in first] == [
        f"{name}.{kind}" for name in ("months", "differences", "map") for kind in ("png", "svg")
    ]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(path.name for path in first)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_figures_stand_in_the_folder_of_the_results_unless_another_is_named(tmp_path, monkeypatch):
    lone = stored(tmp_path / "lone", monkeypatch, replicates=1, names=(FORMAL,))
    assert {path.parent for path in write_figures(lone)} == {tmp_path / "lone" / "figures"}
    assert not (tmp_path / "lone" / "figures" / "differences.png").exists()


def test_a_scenario_is_drawn_against_each_of_its_reference_arms(with_references, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.figures.saved", lambda figure, kind: b"")
    names = {path.stem for path in write_figures(with_references, tmp_path)}
    assert {"differences", f"differences-{FORMAL}-against-none", f"differences-{FLEXIBLE}-against-separate"} <= names


def test_a_figure_that_cannot_be_written_is_an_error_that_names_it(results, tmp_path):
    (tmp_path / "figures").write_text("a file")
    with pytest.raises(DataError, match="cannot be written"):
        write_figures(results, tmp_path / "figures")


def test_an_unknown_arm_is_an_error_that_names_the_nearest(results):
    for draw in (over_months, region_map):
        with pytest.raises(DataError, match=FORMAL):
            draw(results, arms=["smart-space-formel"])


def test_a_figure_shows_itself_in_a_notebook_and_leaves_the_settings_alone(results):
    before = dict(mpl.rcParams)
    figure = over_months(results, indicators=["introductions"])
    assert isinstance(figure, Drawing)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before
