"""Exit hazards: survival of 80 % after one year and 44 % after five, and about 8.7 % turnover a year."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulation.geography import exit_hazards
from simulation.kernels.demography import exits
from simulation.newborns import stationary_ages
from simulation.purposes import Purpose
from simulation.randomness import stream_key, uniforms

FIRMS = 20_000
IDENTITY = np.arange(FIRMS, dtype=np.uint64)
SCENARIO = SimpleNamespace(
    demography=SimpleNamespace(exit_first_year=0.2, exit_years_two_to_five=0.139, exit_later=0.055),
    warm_up_months=0,
)
KEY = stream_key(3, 0)


def alive_by_month(born_month, capital, months):
    alive = np.ones(FIRMS, dtype=np.bool_)
    counts = []
    for month in range(1, months + 1):
        leaving = exits(
            uniforms(KEY, Purpose.EXIT, month, IDENTITY),
            month,
            alive,
            np.zeros(FIRMS, dtype=np.int8),
            born_month,
            capital,
            np.zeros(FIRMS, dtype=np.int16),
            exit_hazards(SCENARIO),
            np.ones(1),
            3.0,
        )
        alive[leaving] = False
        counts.append(np.count_nonzero(alive) / FIRMS)
    return counts


@pytest.mark.parametrize("insolvent_share", [0.0, 0.3])
def test_four_fifths_survive_one_year_and_44_percent_five(insolvent_share):
    capital = np.where(np.arange(FIRMS) < insolvent_share * FIRMS, -1, 1).astype(np.int64)
    alive = alive_by_month(np.zeros(FIRMS, dtype=np.int16), capital, 60)
    assert alive[11] == pytest.approx(0.80, abs=3 * (0.8 * 0.2 / FIRMS) ** 0.5)
    assert alive[59] == pytest.approx(0.8 * 0.861**4, abs=3 * (0.44 * 0.56 / FIRMS) ** 0.5)


def test_from_stationary_ages_as_many_firms_exit_in_a_year_as_are_younger_than_one():
    born = stationary_ages(SCENARIO, KEY, IDENTITY)
    alive = alive_by_month(born, np.ones(FIRMS, dtype=np.int64), 12)
    youngest = np.mean(-born < 12)
    assert 1.0 - alive[11] == pytest.approx(youngest, abs=3 * (2 * 0.08 * 0.92 / FIRMS) ** 0.5)


def test_stationary_ages_stay_as_they_are_when_births_replace_exits():
    born = stationary_ages(SCENARIO, KEY, IDENTITY).astype(np.int64)
    young_before = np.mean(-born < 60)
    alive = np.ones(FIRMS, dtype=np.bool_)
    deaths = 0
    for month in range(1, 61):
        leaving = exits(
            uniforms(KEY, Purpose.EXIT, month, IDENTITY),
            month,
            alive,
            np.zeros(FIRMS, dtype=np.int8),
            born.astype(np.int16),
            np.ones(FIRMS, dtype=np.int64),
            np.zeros(FIRMS, dtype=np.int16),
            exit_hazards(SCENARIO),
            np.ones(1),
            1.0,
        )
        born[leaving] = month
        deaths += len(leaving)
    assert np.mean(60 - born < 60) == pytest.approx(young_before, abs=3 * (0.25 / FIRMS) ** 0.5)
    assert deaths / FIRMS / 5 == pytest.approx(0.087, abs=0.004)
