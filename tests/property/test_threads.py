"""Threads share the work of a run and change no bit of it."""

import threading

import pytest

from experiments.benchmarks.fixed_load import fixed_load
from simulation.errors import UsageError
from simulation.model import EcosystemModel
from simulation.threads import FEWEST_ROWS, in_slices

SMES, MONTHS = 3_000, 3


@pytest.fixture(scope="module")
def scenario():
    return fixed_load(SMES, MONTHS)


@pytest.fixture(scope="module")
def on_one_thread(scenario):
    return finished(scenario, 1)


def finished(scenario, threads):
    model = EcosystemModel(scenario, threads=threads)
    model.run()
    return model


@pytest.mark.parametrize("threads", [2, 3])
def test_a_run_has_the_same_bits_on_any_number_of_threads(scenario, on_one_thread, threads):
    model = finished(scenario, threads)
    assert model.state.digest() == on_one_thread.state.digest()
    assert model.series == on_one_thread.series


def test_the_seekers_of_such_a_run_are_enough_for_three_slices(on_one_thread):
    assert len(set(on_one_thread.state.candidates.seeker.tolist())) >= 3 * FEWEST_ROWS


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
@pytest.mark.parametrize("rows", [0, 1, 2 * FEWEST_ROWS - 1, 3 * FEWEST_ROWS, 1_000])
def test_slices_hold_every_row_once_in_order(threads, rows):
    slices = in_slices(threads, rows, lambda start, end: list(range(start, end)))
    assert [row for each in slices for row in each] == list(range(rows))
    assert len(slices) == max(1, min(threads, rows // FEWEST_ROWS))


def test_one_slice_is_done_where_the_caller_is():
    assert in_slices(1, 1_000, lambda start, end: threading.get_ident()) == [threading.get_ident()]


@pytest.mark.parametrize("threads", [0, -1, 1.5, True])
def test_no_run_has_a_number_of_threads_below_one(scenario, threads):
    with pytest.raises(UsageError, match="threads"):
        EcosystemModel(scenario, threads=threads)
