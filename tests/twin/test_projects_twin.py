import numpy as np
import pytest

from simulation.codes import Origin, Status
from simulation.kernels import projects
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY
from tests.reference import projects as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

MONTH = 12
REGIONS, MEMBERSHIPS, BROKERS = 3, 3, 4


def teams_in_places(drawn):
    members, member_count = drawn.teams(12, drawn.size)
    region, sector = (drawn.whole(np.int16, 0, last, drawn.size) for last in (REGIONS - 1, 1))
    return members, member_count, region, sector


@every_case
@pytest.mark.parametrize("month", [-5, MONTH])
def test_new_projects_have_the_luck_of_the_twin(case, month):
    drawn = Case(case)
    rows = drawn.size + 2
    columns = np.zeros(rows, np.uint64), np.zeros(rows, np.float32)
    question = (drawn.key, month, 2, drawn.identities(drawn.size), drawn.choice([0.0, 0.5, 1.3]), *columns)
    assert_equals_its_twin(projects.draw_luck, plain.draw_luck, *question)


@every_case
def test_new_projects_take_in_the_members_of_the_twin(case):
    drawn = Case(case)
    teams, _, region, sector = teams_in_places(drawn)
    count, before = len(teams), 2
    empty = np.full((before + count, MOST_MEMBERS), NOBODY, np.int32)
    across = np.array([[False, True, False], [True, False, True], [False, True, False]])
    further = np.where(teams[:, 1:2] == NOBODY, NOBODY, teams[:, 2 : 2 + drawn.choice([0, 1, 6])])
    rows = before + count
    columns = (np.zeros(rows, np.int8), np.zeros(rows, np.int16), np.zeros(rows, np.int16))
    question = (before, teams[:, 0].copy(), teams[:, 1].copy(), further.astype(np.int32), region, sector, across)
    crossing = (np.zeros(rows, np.bool_), np.zeros(rows, np.bool_))
    assert_equals_its_twin(projects.seat_members, plain.seat_members, *question, empty, *columns, *crossing)


MADE = np.array([False, True, False, True])


@every_case
def test_beginnings_are_counted_as_by_the_twin(case):
    drawn = Case(case)
    members, member_count, _, _ = teams_in_places(drawn)
    count = len(members)
    adjacency, (first, _) = drawn.adjacency(drawn.size, 3 * drawn.size)
    question = (
        *(min(count, 2), members, member_count, drawn.yes(0.5, count), drawn.whole(np.int8, 0, 3, count), MADE),
        *(drawn.whole(np.int8, 0, 1, drawn.size), drawn.months(drawn.size, MONTH), *adjacency),
        *(drawn.one_of(np.int8, list(Origin), len(first)), drawn.months(len(first), MONTH)),
    )
    assert_equals_its_twin(projects.count_beginnings, plain.count_beginnings, *question)


@every_case
def test_new_projects_change_members_and_memberships_as_by_the_twin(case):
    drawn = Case(case)
    members, member_count, _, _ = teams_in_places(drawn)
    count = len(members)
    question = (
        *(MONTH, min(count, 2), members, member_count, drawn.rows(0, 2, count).astype(np.int16)),
        *(np.full(count, NOBODY, np.int32), np.full(count, NOBODY, np.int32)),
        *(drawn.whole(np.int8, 0, 3, drawn.size), drawn.months(drawn.size, MONTH), drawn.rows(0, BROKERS, drawn.size)),
        *(np.array([0, 1, 2, NOBODY], np.int32), np.array([0, 0, 1], np.int16), np.array([0.0, 1.5, 3.0]), 3.0),
    )
    assert_equals_its_twin(projects.engage_members, plain.engage_members, *question)


@every_case
def test_ended_projects_are_closed_as_by_the_twin(case):
    drawn = Case(case)
    members, member_count, region, sector = teams_in_places(drawn)
    count = len(members)
    question = (
        *(np.flatnonzero(drawn.yes(0.8, count)), drawn.one_of(np.int8, list(Status), count), members, member_count),
        *(drawn.whole(np.int8, 0, 3, count), MADE, drawn.yes(0.5, count)),
        *(drawn.whole(np.int16, 0, REGIONS - 1, count), drawn.whole(np.int16, 0, 1, count)),
        *(drawn.rows(0, MEMBERSHIPS, count), drawn.rows(0, MEMBERSHIPS, count), region, sector),
        *(drawn.floats(np.float32, -1.0, 1.0, drawn.size), np.array([0.0, 1.5, 3.0]), 10.0, 0.15, 0.3),
    )
    assert_equals_its_twin(projects.close_projects, plain.close_projects, *question)


@every_case
def test_those_with_room_for_a_project_are_those_of_the_twin(case):
    drawn = Case(case)
    size = drawn.floats(np.float32, 0.5, 60.0, drawn.size)
    columns = drawn.yes(0.8, drawn.size), size, drawn.whole(np.int8, 0, 4, drawn.size)
    employees = drawn.choice([0.001, 1.0, 10.0, 33.3])
    assert_equals_its_twin(projects.with_room, plain.with_room, *columns, drawn.choice([1, 3, 20]), employees)
