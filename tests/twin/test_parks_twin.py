import numpy as np

from simulation.codes import Kind
from simulation.kernels import parks
from simulation.state import NOBODY
from tests.reference import parks as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

REGIONS, PARKS = 3, 4


@every_case
def test_the_lowest_are_those_of_the_twin(case):
    drawn = Case(case)
    numbers = drawn.whole(np.uint64, 0, 5, drawn.size)
    for wanted in (0, 1, 3, drawn.size + 1):
        assert_equals_its_twin(parks.lowest, plain.lowest, numbers, drawn.identities(drawn.size), wanted)


@every_case
def test_parks_admit_the_tenants_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    assert_equals_its_twin(
        parks.admit,
        plain.admit,
        drawn.key,
        drawn.identities(size),
        drawn.whole(np.int16, 0, REGIONS - 1, size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.SME, *Kind], size),
        drawn.yes(0.8, size),
        np.where(drawn.yes(0.2, size), drawn.rows(0, PARKS, size), np.int32(NOBODY)),
        drawn.identities(PARKS),
        drawn.whole(np.int16, 0, REGIONS - 1, PARKS),
        drawn.whole(np.int32, 0, 6, PARKS),
    )
