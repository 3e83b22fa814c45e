import pytest

from experiments.shards import WHOLE, Shard, parse_shard
from simulation.errors import UsageError


def owners(point, replicate, points, of, stops_by_itself=False):
    return [number for number in range(1, of + 1) if Shard(number, of).owns(point, replicate, points, stops_by_itself)]


@pytest.mark.parametrize(("points", "of"), [(10, 4), (3, 8), (1, 5), (7, 7), (1, 1)])
@pytest.mark.parametrize("stops_by_itself", [False, True])
def test_every_run_belongs_to_exactly_one_shard(points, of, stops_by_itself):
    for point in range(points):
        for replicate in range(6):
            assert len(owners(point, replicate, points, of, stops_by_itself)) == 1


def test_a_shard_owns_whole_design_points_where_there_are_enough():
    for point in range(10):
        assert len({owners(point, replicate, 10, 4)[0] for replicate in range(20)}) == 1


def test_a_study_of_one_point_is_cut_by_replicate_unless_it_stops_by_itself():
    assert {owners(0, replicate, 1, 3)[0] for replicate in range(9)} == {1, 2, 3}
    assert {owners(0, replicate, 1, 3, stops_by_itself=True)[0] for replicate in range(9)} == {1}


def test_the_whole_study_is_a_shard_too():
    assert WHOLE.owns(5, 5, 2, False)
    assert WHOLE.writer == ""
    assert Shard(2, 8).writer == "2of8"


def test_a_shard_is_read_from_what_a_person_types():
    assert parse_shard("2/8") == Shard(2, 8)
    assert parse_shard(" 1/1 ") == WHOLE


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "1/0", "-1/4", "a/b", "1/4/2", "1/99999999", ""])
def test_what_is_no_shard_is_refused_with_the_form(text):
    with pytest.raises(UsageError, match="as in 2/8"):
        parse_shard(text)
