import numpy as np
import pytest

from experiments.paired import paired_difference
from experiments.stopping_rule import has_enough, looks
from experiments.study_file import Until

RULE = Until("innovations_programme", ("a", "b"), width=1.0, batch=10, minimum=20, maximum=45)


def columns(reference, other):
    return [dict(enumerate(reference)), dict(enumerate(other))]


def test_looks_are_at_the_minimum_then_batch_by_batch_and_at_the_maximum():
    assert looks(RULE) == [20, 30, 40, 45]
    assert looks(7) == [7]
    assert looks(Until("x", ("a", "b"), 1.0, 10, 45, 45)) == [45]


def test_a_point_has_enough_when_its_interval_is_as_narrow_as_asked_and_not_before():
    noise = np.sin(np.arange(20.0) * 7.0)
    found = paired_difference(np.zeros(20), noise)
    width = found.high - found.low
    values = columns(np.zeros(20), noise)
    assert has_enough(Until("x", ("a", "b"), width * 1.001, 10, 20, 45), 20, values)
    assert not has_enough(Until("x", ("a", "b"), width * 0.999, 10, 20, 45), 20, values)


def test_pairs_that_all_differ_by_the_same_have_no_narrow_interval():
    assert not has_enough(RULE, 20, columns([1.0] * 20, [3.0] * 20))


def test_at_the_maximum_a_point_has_enough_whatever_it_shows():
    assert has_enough(RULE, 45, columns([], []))
    assert not has_enough(RULE, 20, columns([], []))


def test_failed_and_undefined_runs_are_left_out_of_the_pairs():
    noise = np.sin(np.arange(20.0) * 7.0)
    whole = columns(np.zeros(20), noise)
    broken = columns([*np.zeros(20), None, 5.0], [*noise, 9.0])
    rule = Until("x", ("a", "b"), 0.7, 10, 20, 45)
    assert has_enough(rule, 22, broken) == has_enough(rule, 20, whole)


@pytest.mark.parametrize("replicates", [20, 30])
def test_the_decision_rests_on_the_replicates_that_were_asked_for_alone(replicates):
    noise = np.sin(np.arange(45.0) * 7.0)
    values, more = columns(np.zeros(45)[:replicates], noise[:replicates]), columns(np.zeros(45), noise)
    assert has_enough(RULE, replicates, values) == has_enough(RULE, replicates, more)
