import numpy as np
import pytest

from simulation.kernels import mobility
from tests.reference import mobility as plain
from tests.reference import networks as plain_networks
from tests.twin.cases import Case, assert_equals_its_twin, every_case

REGIONS = 3


def hosting(drawn, size):
    region = drawn.whole(np.int16, 0, REGIONS - 1, size)
    hosts, number = np.empty(size, np.bool_), np.empty(REGIONS, np.int64)
    plain.find_hosts(drawn.yes(0.9, size), drawn.yes(0.6, size), region, drawn.yes(0.8, REGIONS), hosts, number)
    return region, hosts, number


@every_case
def test_hosts_are_those_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    question = (drawn.yes(0.9, size), drawn.yes(0.6, size), drawn.whole(np.int16, 0, REGIONS - 1, size))
    filled = (np.zeros(size, np.bool_), np.empty(REGIONS, np.int64))
    assert_equals_its_twin(mobility.find_hosts, plain.find_hosts, *question, drawn.yes(0.8, REGIONS), *filled)


@every_case
@pytest.mark.parametrize("across", [True, False])
def test_guests_choose_the_hosts_of_the_twin(case, across):
    drawn = Case(case)
    region, hosts, number = hosting(drawn, drawn.size)
    offered = number.sum() - number if across else number
    guests = np.flatnonzero(offered[region] > 0)
    identity, chosen = drawn.identities(drawn.size), np.empty(len(guests), np.int64)
    question = (drawn.key, 7, 11, guests, identity, region, hosts, number, across, chosen)
    assert_equals_its_twin(mobility.choose_hosts, plain.choose_hosts, *question)


@every_case
def test_visits_leave_the_ties_of_the_twin(case):
    drawn = Case(case)
    (offsets, neighbours, ties), (first, _) = drawn.adjacency(drawn.size, drawn.size)
    count = drawn.size // 2
    guests, hosts = (drawn.whole(np.int64, 0, max(drawn.size - 1, 0), count) for _ in range(2))
    trust, pairs = drawn.floats(np.float32, 0.0, 1.0, len(first)), np.zeros(count, np.int64)
    question = (guests, hosts, offsets, neighbours, ties, np.float32(0.5), trust, pairs)
    assert_equals_its_twin(mobility.tie_visitors, plain.tie_visitors, *question)


@every_case
def test_copies_are_raised_as_by_the_twin(case):
    drawn = Case(case)
    for dtype in (np.int32, np.int64):
        question = (drawn.whole(dtype, 0, 99, drawn.size), drawn.choice([0, 7]), np.zeros(drawn.size, dtype))
        assert_equals_its_twin(mobility.copy_raised, plain.copy_raised, *question)


@every_case
@pytest.mark.parametrize("known", [0.0, 0.5, 1.0])
def test_an_adjacency_grows_as_if_it_were_built_anew(case, known):
    drawn = Case(case)
    _, (first, second) = drawn.adjacency(drawn.size, 2 * drawn.size)
    before = int(known * len(first))
    offsets, neighbours, ties = plain_networks.adjacency(first[:before], second[:before], drawn.size)
    old = (np.array(offsets, np.int64), np.array(neighbours, np.int32), np.array(ties, np.int32))
    grown = (np.empty(drawn.size + 1, np.int64), *(np.empty(2 * len(first), np.int32) for _ in range(2)))
    assert_equals_its_twin(mobility.insert_ties, plain.insert_ties, *old, first, second, *grown)
