import numpy as np

from simulation.kernels import lots
from simulation.purposes import Purpose
from tests.reference import lots as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case, filling


def drawn_lots(drawn, size):
    """Numbers of a few values, so that some are equal, and identities."""
    return drawn.whole(np.uint64, 0, 5, size), drawn.identities(size)


@every_case
def test_whose_number_is_low_enough_is_as_for_the_twin(case):
    drawn = Case(case)
    purpose, limit = drawn.choice([int(Purpose.AWARENESS), int(Purpose.NEED_FORM)]), drawn.choice([0.0, 0.4, 2.0])
    question = (drawn.key, purpose, 7, drawn.identities(drawn.size), 11, limit)
    filled = (np.zeros(drawn.size, np.int64), np.zeros(drawn.size))
    assert_equals_its_twin(filling(lots.draw_below, *filled), filling(plain.draw_below, *filled), *question)


@every_case
def test_who_comes_before_whom_is_as_for_the_twin(case):
    drawn = Case(case)
    columns = drawn_lots(drawn, 1 + drawn.size)
    for other in range(len(columns[0])):
        assert_equals_its_twin(lots.drawn_before, plain.drawn_before, 0, other, *columns)


@every_case
def test_a_heap_is_put_in_order_as_by_the_twin(case):
    drawn = Case(case)
    columns = drawn_lots(drawn, drawn.size)
    heap = np.argsort(drawn.uniforms(drawn.size)).astype(np.int32)
    for at in range(len(heap) - 1, -1, -1):
        _, (heap, *_) = assert_equals_its_twin(lots.sink_in_heap, plain.sink_in_heap, heap, at, *columns)


@every_case
def test_the_first_of_a_lot_are_those_of_the_twin(case):
    drawn = Case(case)
    columns, group = drawn_lots(drawn, drawn.size), drawn.whole(np.int16, 0, 2, drawn.size)
    for most in (0, 1, 3, 100):
        assert_equals_its_twin(lots.first_by_lot, plain.first_by_lot, *columns, group, 3, most)
