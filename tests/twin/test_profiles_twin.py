import numpy as np

from simulation.kernels import profiles
from tests.reference import profiles as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case


@every_case
def test_profiles_of_the_rows_that_are_asked_for_are_written_as_by_the_twin(case):
    drawn = Case(case)
    count = max(1, drawn.size)
    assert_equals_its_twin(
        profiles.write_profiles,
        plain.write_profiles,
        np.flatnonzero(drawn.yes(0.6, count)).astype(np.int32),
        drawn.identities(count),
        drawn.floats(np.float32, 0.0, 1.0, count),
        drawn.rows(0, 4, count),
        drawn.whole(np.int16, 0, 9, count),
        drawn.whole(np.int8, 0, 15, 3 * count).reshape(count, 3),
        np.zeros(count + 2, profiles.PROFILE),
    )
