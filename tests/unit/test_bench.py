import json
import math
from itertools import combinations

import numpy as np
import pytest

from analysis.figure_style import saved
from analysis.scaling_figure import time_against_smes
from experiments.benchmarks import measure, month_times
from experiments.benchmarks.fixed_load import CANDIDATES, fixed_load, load_values, market_of, shown
from experiments.benchmarks.machine_limits import gather_rows, machine_limits, stream
from experiments.benchmarks.measure import CORES
from experiments.benchmarks.month_times import months_under_load
from experiments.benchmarks.plain_mesa import PlainMesa
from experiments.benchmarks.scaling import FULL_MODEL, ScalingPoint, scaling
from regioscope.command_line import main
from simulation.model import EcosystemModel
from simulation.schedule import MONTH

KEYS = [
    "smes",
    "months",
    "threads",
    "month_ms",
    "ns_per_sme_month",
    "stages",
    "bytes_per_sme",
    "runs_per_second",
    "mesa_ratio",
    "numpy_ratio",
    "floor_ratio",
    "compile_s",
    "import_s",
]
MECHANISMS = {stage.function.__module__.rpartition(".")[2] for stage in MONTH}


@pytest.fixture(scope="module")
def market():
    scenario = fixed_load(440, 1)
    return market_of(scenario, EcosystemModel(scenario).state.organisations, np.float64)


@pytest.fixture
def nothing_takes_long(monkeypatch):
    monkeypatch.setattr(measure, "SMALL_RUN_MONTHS", 1)
    monkeypatch.setattr(measure, "SMALL_RUNS", 1)
    monkeypatch.setattr(measure, "SMALL_RUN_SECONDS", 0.0)
    monkeypatch.setattr(month_times, "EMPTY_MONTHS", 3)
    monkeypatch.setattr(measure, "import_seconds", lambda: 1.0)
    monkeypatch.setattr(measure, "compile_seconds", lambda: (1.0, 2.0))


def introduced(core):
    rows = {firm: row for row, firm in enumerate(core.firms)} if isinstance(core, PlainMesa) else None
    pairs = core.introductions
    return {frozenset((rows[a], rows[b]) if rows else (int(a), int(b))) for a, b in pairs}


def levels(core):
    return np.array(core.knowledge()) if isinstance(core, PlainMesa) else core.knowledge


def test_plain_mesa_numpy_and_the_kernels_introduce_the_same_firms_and_teach_them_the_same(market):
    cores = [make(market) for make in CORES.values()]
    for month in range(1, 9):
        draws = shown(market, month)
        for core in cores:
            core.show(draws)
            core.step()
        mesa, numpy, compiled = (introduced(core) for core in cores)
        assert len(mesa) > len(draws.seekers) / 2
        assert mesa == numpy == compiled
    for core in cores[1:]:
        np.testing.assert_allclose(levels(core), levels(cores[0]), rtol=1e-12, atol=0.0)
    assert (levels(cores[0]) > market.knowledge).any()


def test_a_firm_is_never_shown_itself_and_one_in_ten_seeks(market):
    draws = [shown(market, month) for month in range(1, 51)]
    for each in draws:
        assert each.candidates.shape == (len(each.seekers), CANDIDATES)
        assert (each.candidates != each.seekers[:, None]).all()
        assert each.candidates.min() >= 0
        assert each.candidates.max() < len(market)
    sought, chances = sum(len(each.seekers) for each in draws), 50 * len(market)
    assert abs(sought - 0.1 * chances) < 4 * math.sqrt(0.09 * chances)
    assert set(np.concatenate([each.candidates.ravel() for each in draws])) == set(range(len(market)))


def test_the_full_model_seeks_and_sees_as_much_as_the_load_says():
    full = months_under_load(20_000, 4)
    assert abs(full.seeking - 0.1) < 0.003
    assert 31.0 < full.candidates < 34.0
    assert 0.9 < full.introduced <= 1.0


def test_the_load_reaches_every_mechanism_and_changes_scenario_values_alone():
    full = months_under_load(88, 1)
    assert set(full.stages) == MECHANISMS
    assert 80 <= full.smes <= 96
    assert fixed_load(88, 3).overrides == load_values(88, 3)


def test_the_limits_are_measured_by_reading_everything():
    words = np.arange(1, 1024, dtype=np.uint64)
    assert stream(words) == np.bitwise_xor.reduce(words)
    table = np.arange(80, dtype=np.uint64).reshape(10, 8)
    rows = np.array([3, 3, 9], dtype=np.int64)
    assert gather_rows(table, rows) == np.bitwise_xor.reduce(table[rows][:, [0, 4]], axis=None)
    limits = machine_limits(1 << 20, 1000, 1000)
    assert limits.floor_ms(2e6, 100) > limits.floor_ms(1e6, 100) > limits.floor_ms(1e6, 0) > 0


def test_json_has_the_promised_keys_first_and_a_number_under_each(nothing_takes_long, capsys):
    assert main(["bench", "--smes", "88", "--months", "1", "--threads", "2", "--json"]) == 0
    out, err = capsys.readouterr()
    measured = json.loads(out)
    assert list(measured)[: len(KEYS)] == KEYS
    assert (measured["smes"], measured["months"], measured["threads"]) == (88, 1, 2)
    assert set(measured["stages"]) == MECHANISMS
    numbers = [measured[key] for key in KEYS if key != "stages"] + list(measured["stages"].values())
    assert all(number >= 0.0 and math.isfinite(number) for number in numbers)
    assert "full model: 88 SMEs" in err


def test_a_person_gets_a_table_of_ratios(nothing_takes_long, capsys):
    assert main(["bench", "--smes", "88", "--months", "1"]) == 0
    out, _ = capsys.readouterr()
    for words in ("plain Mesa", "vectorised numpy", "against the full model", "mechanism", "runs a second"):
        assert words in out
    assert max(map(len, out.splitlines())) <= 100


def test_a_chart_of_another_kind_is_refused_before_anything_is_measured(capsys):
    assert main(["bench", "--chart", "chart.gif"]) == 2
    assert "must end in .png or .svg" in capsys.readouterr().err


def test_time_is_measured_at_every_size_and_drawn():
    points = scaling(lambda what: None, sizes=(88, 176))
    assert [each.what for each in points] == [FULL_MODEL, "mesa", "numpy"] * 2
    assert all(each.month_ms > 0.0 for each in points)
    drawn = [ScalingPoint(what, smes, 5e3) for what in (FULL_MODEL, "mesa") for smes in (1_000, 10_000)]
    figure = time_against_smes(drawn)
    assert saved(figure, "png") == saved(time_against_smes(drawn), "png")
    written = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    assert "full model" in written
    assert "numpy" not in written


def test_labels_of_lines_that_end_together_stand_apart():
    ends = {"full model": (1000.0, 1100.0), "numpy": (900.0, 1000.0), "mesa": (15_000.0, 18_000.0)}
    drawn = [
        ScalingPoint(what, smes, ns)
        for what, taken in ends.items()
        for smes, ns in zip((1_000, 100_000), taken, strict=True)
    ]
    figure = time_against_smes(drawn)
    figure.canvas.draw()
    labels = [text for text in figure.axes[0].texts if "an SME" in text.get_text()]
    boxes = [label.get_window_extent() for label in labels]
    assert len(boxes) == 3
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
