"""Without a programme the ecosystem stays what it is for ten years: firms, ties, knowledge.

Survival of 80 % after one year and 44 % after five (Eurostat), in the whole model with its insolvencies.
"""

import numpy as np
import pytest

from simulation.scenario import load_scenario
from simulation.state import NEVER
from tests.verification_runs import after, many

YEARS = 10


def long_run(**overrides):
    return load_scenario("baseline", {"months": 12 * YEARS, **overrides})


@pytest.fixture(scope="module")
def ten_years():
    return after(long_run(), seed=3)


def survived(models, years):
    """Entrants that could reach an age of so many years before the end, and the share that did."""
    entrants = survivors = 0
    for model in models:
        organisations = model.state.organisations
        born, died = organisations.born_month.astype(np.int64), organisations.died_month.astype(np.int64)
        observed = (born >= 1) & (born <= 12 * (YEARS - years))
        gone = (died != NEVER) & (died - born <= 12 * years)
        entrants += int(observed.sum())
        survivors += int((observed & ~gone).sum())
    return entrants, survivors / entrants


def test_mean_degree_stays_between_7_and_9_for_ten_years(ten_years):
    organisations = ten_years.state.organisations
    others = int(np.count_nonzero(organisations.alive)) - ten_years.series["smes_alive"][-1]
    degree = 2.0 * np.array(ten_years.series["tie_count"]) / (np.array(ten_years.series["smes_alive"]) + others)
    assert degree.min() > 7.0
    assert degree.max() < 9.0


def test_births_replace_exits(ten_years):
    assert ten_years.series["smes_alive"][-1] == ten_years.series["smes_alive"][0]
    assert ten_years.series["entries"][-1] == ten_years.series["exits"][-1] > 0


def test_exits_are_8_to_9_percent_a_year(ten_years):
    rate = ten_years.series["exits"][-1] / ten_years.series["smes_alive"][0] / YEARS
    assert rate == pytest.approx(0.087, abs=0.01)


def test_knowledge_neither_converges_nor_decays_in_ten_years(ten_years):
    for indicator in ("knowledge_mean", "knowledge_diversity"):
        first, last = ten_years.series[indicator][0], ten_years.series[indicator][-1]
        assert last == pytest.approx(first, rel=0.1)


@pytest.mark.parametrize(("years", "share"), [(1, 0.80), (5, 0.44)])
@pytest.mark.parametrize("seeds", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_four_fifths_of_entrants_survive_one_year_and_44_percent_five(ten_years, years, share, seeds):
    models = [ten_years] if seeds == 1 else many(long_run(), seeds)
    entrants, surviving = survived(models, years)
    assert surviving == pytest.approx(share, abs=3.0 * (share * (1.0 - share) / entrants) ** 0.5)
