import numpy as np

from simulation.kernels import acquaintances
from simulation.state import NOBODY
from tests.reference import acquaintances as plain
from tests.reference import networks as plain_networks
from tests.reference.ties import rising_pairs
from tests.twin.cases import Case, assert_equals_its_twin, every_case, grouped

CLUSTERS = 3
DRAWS = [0.0, 0.25, 0.5, 1.0 - 2.0**-53]


def firms(drawn, clusters):
    cluster = drawn.rows(0, clusters, drawn.size)
    return cluster, drawn.yes(drawn.choice([0.8, 0.8, 1.0, 0.0]), drawn.size)


@every_case
def test_casual_ties_are_those_of_the_twin(case):
    drawn = Case(case)
    cluster, alive = firms(drawn, drawn.choice([1, CLUSTERS]))
    living = grouped(cluster, alive, CLUSTERS)
    adjacency, _ = drawn.adjacency(drawn.size, drawn.choice([0, drawn.size, 3 * drawn.size, 8 * drawn.size]))
    _, (first, second) = drawn.adjacency(drawn.size, drawn.size)
    question = (
        drawn.key,
        drawn.choice([-40, 0, 1, 60]),
        drawn.uniforms(drawn.size),
        drawn.identities(drawn.size),
        alive,
        cluster,
        *living,
        *adjacency,
        rising_pairs(first * np.int64(2**32) + second),
        drawn.choice([0.0, 0.06, 0.5, 1.3]),
    )
    assert_equals_its_twin(acquaintances.casual_ties, plain.casual_ties, *question)


@every_case
def test_casual_meetings_are_those_of_the_twin(case):
    drawn = Case(case)
    size = min(drawn.size, 40)
    cluster, alive = drawn.rows(0, CLUSTERS, size), drawn.yes(0.8, size)
    adjacency, _ = drawn.adjacency(size, drawn.choice([0, size, 3 * size]))
    question = (
        drawn.key,
        drawn.choice([-40, 0, 1, 60]),
        drawn.identities(size),
        alive,
        cluster,
        CLUSTERS,
        *adjacency,
        np.empty(0, dtype=np.int64),
        drawn.choice([0.0, 0.3, 1.3]),
    )
    assert_equals_its_twin(acquaintances.casual_meetings, plain.casual_meetings, *question)


@every_case
def test_who_knows_all_but_one_gives_up_when_the_twin_does(case):
    """The centre of a star of eleven looks for the only stranger in its cluster, all others for nobody."""
    drawn, count = Case(case), 12
    leaves = np.arange(1, count - 1, dtype=np.int32)
    adjacency = plain_networks.adjacency(np.zeros_like(leaves), leaves, count)
    cluster, alive = np.zeros(count, np.int32), np.ones(count, np.bool_)
    question = (
        drawn.key,
        5,
        np.where(np.arange(count) == 0, 0.9, 0.1),
        drawn.identities(count),
        alive,
        cluster,
        *grouped(cluster, alive, 1),
        *(np.array(column, kind) for column, kind in zip(adjacency, (np.int64, np.int32, np.int32), strict=True)),
        np.empty(0, np.int64),
        0.5,
    )
    assert_equals_its_twin(acquaintances.casual_ties, plain.casual_ties, *question)


@every_case
def test_a_friend_of_a_friend_is_the_twins(case):
    drawn = Case(case)
    adjacency, _ = drawn.adjacency(drawn.size, drawn.size)
    for row in range(drawn.size):
        question = (row, drawn.choice(DRAWS), drawn.choice(DRAWS), *adjacency[:2])
        assert_equals_its_twin(acquaintances._friend_of_friend, plain._friend_of_friend, *question)


@every_case
def test_those_who_look_meet_first_whom_the_twins_meet(case):
    drawn = Case(case)
    adjacency, _ = drawn.adjacency(drawn.size, 2 * drawn.size)
    looking = np.flatnonzero(drawn.yes(0.5, drawn.size))
    question = (drawn.key, 17, drawn.identities(drawn.size), looking, *adjacency[:2])
    assert_equals_its_twin(acquaintances._first_met, plain._first_met, *question)


@every_case
def test_one_of_the_cluster_is_the_twins(case):
    drawn = Case(case)
    cluster = drawn.rows(0, CLUSTERS, drawn.size)
    living = grouped(cluster, np.ones(drawn.size, np.bool_), CLUSTERS)
    for place in [NOBODY, *cluster.tolist()]:
        question = (place, drawn.choice(DRAWS), *living)
        assert_equals_its_twin(acquaintances._of_cluster, plain._of_cluster, *question)
