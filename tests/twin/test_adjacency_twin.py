import numpy as np
import pytest

from simulation.kernels import adjacency
from tests.reference import adjacency as plain
from tests.twin.cases import Case, adjacency_of, assert_equals_its_twin, every_case, ties_that_come_and_go


@every_case
def test_the_adjacency_is_brought_up_to_date_as_by_the_twin(case):
    drawn = Case(case)
    (first, second), known, gone = ties_that_come_and_go(drawn)
    nodes = int(max(second[:known], default=-1)) + 1
    before = adjacency_of(first[:known], second[:known], nodes)
    question = (before[0], known, gone, first, second, drawn.size)
    offsets, _ = assert_equals_its_twin(adjacency.offsets_after, plain.offsets_after, *question)
    left = [np.delete(end, gone) for end in (first, second)]
    assert_equals_its_twin(adjacency.neighbours_by_offsets, plain.neighbours_by_offsets, *left, offsets)
    question = (gone, *before, first, second, offsets)
    assert_equals_its_twin(adjacency.neighbours_from_before, plain.neighbours_from_before, *question)


@pytest.mark.parametrize("count", [0, 1, 127, 128, 129, 300])
@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_ties_are_numbered_anew_as_by_the_twin(count, share):
    gone = np.flatnonzero(Case(count).yes(share, count)).astype(np.int32)
    assert_equals_its_twin(adjacency._renumbering, plain._renumbering, gone, count)
