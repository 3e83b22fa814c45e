import numpy as np

from simulation.kernels import first_sight as kernel
from simulation.state import NOBODY
from tests.reference import first_sight as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case, filling

SLOTS = 9


def table(most):
    """Room for whom a seeker meets, as it was left by another one."""
    cells = plain.cells_for(most)
    return np.full(cells, 7, np.int32), np.full(cells, 7, np.int32)


def begun(drawn, count, room):
    """A table begun for the first seeker, who is tied to some: to one of them twice, by ties that run and do not."""
    friends = drawn.whole(np.int32, 0, count - 1, drawn.size)
    ties = drawn.one_of(np.int32, [kernel.SEEN, 0, 3, 8], drawn.size)
    return (0, friends, ties, *table(room))


@every_case
def test_a_table_has_room_as_the_twin_says(case):
    drawn = Case(case)
    assert_equals_its_twin(kernel.cells_for, plain.cells_for, int(drawn.whole(np.int64, 1, 300, 1)[0]))


@every_case
def test_a_seeker_has_met_itself_and_whom_it_is_tied_to_as_by_the_twin(case):
    drawn = Case(case)
    assert_equals_its_twin(kernel.meet, plain.meet, *begun(drawn, 40, drawn.size + 1))


@every_case
def test_a_row_stands_where_the_twin_finds_it(case):
    drawn = Case(case)
    start = begun(drawn, 40, drawn.size + 1)
    plain.meet(*start)
    for row in range(40):
        assert kernel.cell_of(row, start[3]) == plain.cell_of(row, start[3])


@every_case
def test_those_not_met_before_are_kept_as_by_the_twin(case):
    drawn = Case(case)
    start = begun(drawn, 60, drawn.size + 31)
    plain.meet(*start)
    columns = drawn.whole(np.int32, 0, 59, 30), drawn.whole(np.int8, 0, 6, 30), drawn.whole(np.int32, 0, 9, 30)
    first = drawn.choice([0, 4])
    assert_equals_its_twin(
        filling(kernel.keep_unmet, *columns), filling(plain.keep_unmet, *columns), first, 30, *start[3:]
    )


@every_case
def test_seekers_see_for_the_first_time_whom_the_twin_lets_them_see(case):
    drawn, first = Case(case), 2
    count = max(2, drawn.size)
    (offsets, neighbours, ties), (ends, _) = drawn.adjacency(count, 3 * count)
    looking = np.flatnonzero(drawn.yes(0.6, count)).astype(np.int32)
    found = drawn.rows(0, count, SLOTS * (len(looking) + 1)).reshape(SLOTS, -1)
    room = first + SLOTS * len(looking) + 1
    columns = (np.full(room, NOBODY, dtype) for dtype in (np.int32, np.int32, np.int8, np.int32))
    written = tuple(columns)
    question = (
        *(looking, found, drawn.whole(np.int8, 0, 6, SLOTS + 1), offsets, neighbours, ties),
        *(drawn.whole(np.int8, 0, 1, len(ends)), *table(len(neighbours) + SLOTS + 1)),
        *(np.empty(len(neighbours), np.int32), np.empty(len(neighbours), np.int32), first),
    )

    def kept(function):
        def given(*asked):
            scratch, columns = [each.copy() for each in asked[7:11]], [each.copy() for each in written]
            end = function(*asked[:7], *scratch, asked[11], *columns)
            return end, tuple(column[:end] for column in columns)

        return given

    assert_equals_its_twin(kept(kernel.keep_first_sights), kept(plain.keep_first_sights), *question)
