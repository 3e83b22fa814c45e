import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import networks
from simulation.purposes import Purpose
from tests.reference import networks as plain
from tests.reference.arithmetic import exp

LONGS = st.integers(0, 2**64 - 1).map(np.uint64)
RINGS = [(0, 4), (1, 2), (2, 2), (3, 8), (4, 2), (4, 4), (5, 4), (6, 8), (7, 4), (8, 6), (9, 0)]


@st.composite
def edge_lists(draw, unique_by=None):
    count = draw(st.integers(1, 9))
    node = st.integers(0, count - 1)
    pair = st.tuples(node, node).filter(lambda ends: ends[0] != ends[1])
    listed = draw(st.lists(pair, max_size=20, unique_by=unique_by)) if count > 1 else []
    ends = np.array(listed, np.int64).reshape(-1, 2)
    return ends[:, 0].copy(), ends[:, 1].copy(), count


def as_lists(results):
    return tuple(column.tolist() for column in results)


@given(data=st.data(), ties=edge_lists(), key=LONGS, month=st.integers(0, 500))
def test_ties_have_the_identities_and_the_bits_of_the_twin(data, ties, key, month):
    first, second, count = ties
    identities = data.draw(arrays(np.uint64, count))
    mine = networks.pair_identities(first, second, identities)
    drawn = networks.pair_bits(key, int(Purpose.CASUAL_TIE), month, first, second, identities)
    assert mine.dtype == drawn.dtype == np.uint64
    assert mine.tolist() == plain.pair_identities(first, second, identities)
    assert drawn.tolist() == plain.pair_bits(key, Purpose.CASUAL_TIE, month, first, second, identities)


@pytest.mark.parametrize(("n", "degree"), RINGS)
def test_a_ring_has_the_ties_of_the_twin(n, degree):
    assert as_lists(networks.ring_lattice(n, degree)) == plain.ring_lattice(n, degree)
    _, second = networks.ring_lattice(n, degree)
    everybody = range(n)
    mine = [networks.are_tied(second, n, i, j) for i in everybody for j in everybody]
    assert mine == [plain.are_tied(second, n, i, j) for i in everybody for j in everybody]


@pytest.mark.parametrize(("n", "degree"), [(n, degree) for n, degree in RINGS if n])
@given(data=st.data(), key=LONGS, probability=st.sampled_from([0.0, 0.3, 1.0]))
def test_a_ring_is_rewired_as_by_the_twin(n, degree, data, key, probability):
    if probability == 1.0 and degree >= n - 1:
        probability = 0.05  # nowhere to go: 64 attempts a tie
    _, second = networks.ring_lattice(n, degree)
    identities = data.draw(arrays(np.uint64, n))
    before = second.copy()
    mine = networks.rewire(key, second, identities, probability)
    assert mine.dtype == np.int64
    assert mine.tolist() == plain.rewire(key, second, identities, probability)
    assert second.tolist() == before.tolist()


def test_a_tie_that_finds_no_free_partner_stays_as_in_the_twin():
    _, second = networks.ring_lattice(3, 2)
    identities = np.arange(3, dtype=np.uint64)
    mine = networks.rewire(np.uint64(3), second, identities, 1.0)
    assert mine.tolist() == plain.rewire(np.uint64(3), second, identities, 1.0) == second.tolist()


@st.composite
def places(draw):
    """Regions apart from each other, clusters in them and organisations in those."""
    regions, clusters = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    sizes = draw(st.lists(st.integers(0, 3), min_size=clusters, max_size=clusters))
    return (
        draw(arrays(np.float64, (regions, regions), elements=st.floats(0.0, 3000.0))),
        draw(arrays(np.int64, regions, elements=st.integers(0, 1))),
        draw(arrays(np.uint64, regions)),
        np.cumsum([0, *sizes]),
        draw(arrays(np.uint64, clusters)),
        draw(arrays(np.int64, clusters, elements=st.integers(0, regions - 1))),
        draw(arrays(np.uint64, sum(sizes))),
    )


RULES = st.tuples(st.floats(0.0, 3.0), st.floats(1.0, 200.0), st.floats(0.0, 1.0))


@given(place=places(), rules=RULES)
def test_regions_attract_each_other_as_in_the_twin_to_the_last_bit(place, rules):
    mine = networks.gravity_weights(place[0], place[1], *rules)
    assert mine.tobytes() == np.array(plain.gravity_weights(place[0], place[1], *rules)).tobytes()


@given(place=places(), rules=RULES, key=LONGS, mean=st.sampled_from([0.0, 0.7, 2.0]))
def test_ties_between_clusters_are_drawn_as_by_the_twin(place, rules, key, mean):
    distance_km, country, regions, offsets, clusters, region_of_cluster, identities = place
    attraction = networks.gravity_weights(distance_km, country, *rules)
    question = (key, identities, offsets, clusters, region_of_cluster, regions, attraction, mean)
    mine = networks.gravity_ties(*question)
    assert {column.dtype for column in mine} == {np.dtype(np.int64)}
    assert as_lists(mine) == plain.gravity_ties(*question)


@given(data=st.data(), key=LONGS, who=LONGS, counter=st.integers(0, 100), count=st.integers(0, 6))
def test_a_race_is_won_by_the_winner_of_the_twin(data, key, who, counter, count):
    candidates = data.draw(arrays(np.uint64, count))
    masses = data.draw(arrays(np.float64, count, elements=st.sampled_from([0.0, 1.0, 1.0, 7.5])))
    question = (int(Purpose.GRAVITY_REGION), who, candidates, masses, counter)
    assert networks.winner(key, *question) == plain.winner(key, *question)


def test_of_candidates_with_one_identity_the_first_wins_as_in_the_twin():
    question = (int(Purpose.GRAVITY_REGION), np.uint64(1), np.array([8, 8], np.uint64), np.ones(2), 0)
    assert networks.winner(np.uint64(2), *question) == plain.winner(np.uint64(2), *question) == 0


@given(u=st.floats(0.0, 1.0, exclude_max=True), mean=st.floats(0.0, 30.0) | st.sampled_from([0.0, 500.0]))
def test_a_number_of_ties_equals_its_twin(u, mean):
    assert networks.tie_count(u, mean) == plain.tie_count(u, mean)


def test_at_the_very_quantile_of_a_number_of_ties_the_next_one_is_drawn_as_by_the_twin():
    quantile = exp(-1.5)
    assert networks.tie_count(quantile, 1.5) == plain.tie_count(quantile, 1.5) == 1


@given(ties=edge_lists())
def test_neighbours_and_repeated_pairs_are_those_of_the_twin(ties):
    mine = networks.adjacency(*ties)
    assert [column.dtype for column in mine] == [np.int64, np.int32, np.int32]
    assert as_lists(mine) == plain.adjacency(*ties)
    repeated = networks.first_of_each_pair(*ties)
    assert repeated.dtype == np.bool_
    assert repeated.tolist() == plain.first_of_each_pair(*ties)


@given(ties=edge_lists(unique_by=frozenset))
def test_clustering_equals_its_twin_to_the_last_bit(ties):
    offsets, neighbours, _ = networks.adjacency(*ties)
    assert tuple(networks.clustering(offsets, neighbours)) == plain.clustering(offsets, neighbours)
