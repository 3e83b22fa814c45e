import numpy as np

from simulation.kernels import satisfaction
from tests.reference import satisfaction as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case


@every_case
def test_satisfaction_moves_as_that_of_the_twin(case):
    drawn = Case(case)
    rows = drawn.whole(np.int64, 0, max(drawn.size - 1, 0), drawn.size)
    surprise = drawn.floats(np.float64, -1.0, 1.0, drawn.size)
    level = drawn.floats(np.float32, -1.0, 1.0, drawn.size)
    memory = drawn.choice([0.0, 0.25, 0.3, 1.0])
    assert_equals_its_twin(satisfaction.move_satisfaction, plain.move_satisfaction, rows, surprise, memory, level)


@every_case
def test_an_introduction_surprises_as_it_does_the_twin(case):
    drawn = Case(case)
    weight = drawn.floats(np.float64, 0.0, 0.5, drawn.size) * drawn.yes(0.8, drawn.size)
    surplus = drawn.floats(np.float32, 0.0, 0.5, drawn.size) * drawn.yes(0.8, drawn.size).astype(np.float32)
    assert_equals_its_twin(satisfaction.surprise_of_introductions, plain.surprise_of_introductions, weight, surplus)


@every_case
def test_what_came_of_a_place_is_compared_as_by_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    asking = np.flatnonzero(drawn.yes(0.7, size))
    taken = asking[drawn.yes(0.4, len(asking))][::-1].copy()
    region, quality = drawn.whole(np.int16, 0, 2, size), drawn.floats(np.float64, 0.0, 1.5, 3)
    level, memory = drawn.floats(np.float32, -1.0, 1.0, size), drawn.choice([0.0, 0.3, 1.0])
    question = (asking, taken, region, quality, memory, level)
    assert_equals_its_twin(satisfaction.compare_places, plain.compare_places, *question)
