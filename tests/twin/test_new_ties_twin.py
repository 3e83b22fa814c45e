import numpy as np

from simulation.kernels import new_ties
from tests.reference import new_ties as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case


@every_case
def test_ties_are_written_as_by_the_twin(case):
    drawn = Case(case)
    first, second = drawn.whole(np.int64, 0, 9, drawn.size), drawn.whole(np.int64, 10, 2**31 - 1, drawn.size)
    rows = drawn.size + 5
    columns = (
        drawn.whole(np.int32, 0, 9, rows),
        drawn.whole(np.int32, 0, 9, rows),
        drawn.floats(np.float32, 0.0, 1.0, rows),
        drawn.whole(np.int16, 0, 9, rows),
        drawn.whole(np.int16, 0, 9, rows),
        drawn.whole(np.int8, 0, 9, rows),
        drawn.whole(np.int8, 0, 9, rows),
    )
    pairs, used = first * 2**32 + second, drawn.choice([-32768, 7])
    assert_equals_its_twin(new_ties.write_ties, plain.write_ties, pairs, 3, 7, used, 2, 0.3, *columns)
