import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import auction
from simulation.state import NOBODY
from tests.reference import auction as plain

WEIGHTS = st.sampled_from([0.0, -0.2, 0.05, 0.1, 0.1 + 1e-17, 0.7, 1.0]) | st.floats(-0.5, 2.0)
ADDRESSES = st.sampled_from([0, 1, 2**63, 2**64 - 1])
NODES = 7


@st.composite
def arcs(draw, most=22, nodes=NODES):
    count, node = draw(st.integers(0, most)), st.integers(0, nodes - 1)
    return (
        draw(arrays(np.int64, count, elements=node)),
        draw(arrays(np.int64, count, elements=node)),
        draw(arrays(np.float64, count, elements=WEIGHTS)),
        draw(arrays(np.uint64, count, elements=ADDRESSES)),
    )


@st.composite
def places(draw, most=12):
    count = draw(st.integers(1, most))
    price = draw(arrays(np.float64, count, elements=st.sampled_from([0.0, 0.1, 0.2, 0.3])))
    arc = np.array(draw(st.permutations(range(count))), np.int64)
    arc[price == 0.0] = NOBODY
    addresses = draw(arrays(np.uint64, count + 1, elements=ADDRESSES))
    return price, arc, addresses


UNITS = arrays(np.int64, NODES, elements=st.integers(0, 3))


@given(arcs())
def test_ends_are_counted_and_their_positions_found_as_by_the_twin(market):
    offsets, rows = auction.rows_of(market[0], NODES)
    assert (offsets.tolist(), rows.tolist()) == plain.rows_of(market[0], NODES)
    assert auction.arcs_of(market[0], NODES).tolist() == plain.arcs_of(market[0], NODES)


@given(arcs())
def test_sides_are_those_of_the_twin(market):
    side, two_sided = auction.opposite_sides(*market[:2], NODES)
    assert side.dtype == np.int8
    assert (side.tolist(), two_sided) == plain.opposite_sides(*market[:2], NODES)


@given(arcs())
def test_the_mean_of_the_best_weights_has_the_bits_of_the_twin(market):
    assert auction.mean_of_best(market[0], market[2], NODES) == plain.mean_of_best(market[0], market[2], NODES)


@given(places(), st.sampled_from([0.05, 0.2, 0.4]))
def test_the_cheapest_place_is_taken_and_the_next_cheapest_comes_first_as_by_the_twin(heap, paid):
    price, arc, addresses = heap
    order = sorted(range(len(arc)), key=lambda k: plain.place_key(price[k], arc[k], addresses))
    mine, theirs = (price[order], arc[order]), (price[order], arc[order])
    auction.put_in_the_cheapest(paid, len(arc), *mine, addresses)
    plain.put_in_the_cheapest(paid, len(arc), *theirs, addresses)
    assert [column.tolist() for column in mine] == [column.tolist() for column in theirs]
    for k, (one, two) in enumerate(zip(arc, arc[::-1], strict=True)):
        sides = (price[k], one, price[::-1][k], two, addresses)
        assert auction.is_cheaper(*sides) == plain.is_cheaper(*sides)


@given(arcs(), UNITS, UNITS, st.sampled_from([1e-3, 0.01, 0.3]))
def test_the_auction_ends_with_the_arcs_prices_and_bound_of_the_twin(market, bids, units, step):
    chosen, price = auction.bid_for_partners(*market, bids, units, step)
    expected, prices = plain.bid_for_partners(*market, bids, units, step)
    assert (chosen.tolist(), price.tolist()) == (expected, prices)
    sides = (*market[:3], bids, units, price)
    assert auction.bound_of_prices(*sides) == plain.bound_of_prices(*sides)


@given(data=st.data(), edges=st.integers(1, 6))
def test_paths_and_rings_are_untangled_as_by_the_twin(data, edges):
    tail = np.array(data.draw(st.lists(st.integers(0, NODES - 1), max_size=NODES, unique=True)), np.int64)
    head = np.array(data.draw(st.permutations(range(NODES)))[: len(tail)], np.int64)
    edge = data.draw(arrays(np.int64, len(tail), elements=st.integers(0, edges - 1)))
    weights = data.draw(arrays(np.float64, edges, elements=st.sampled_from([0.1, 0.3, 0.3 + 1e-16, 0.7])))
    chosen = auction.untangle(tail, head, edge, weights, NODES)
    assert chosen.tolist() == plain.untangle(tail, head, edge, weights, NODES)


@given(data=st.data(), length=st.integers(0, 8))
def test_alternate_edges_of_a_path_are_those_of_the_twin(data, length):
    weights = data.draw(arrays(np.float64, 9, elements=st.sampled_from([0.1, 0.3, 0.3 + 1e-16, 0.7])))
    chain = np.array(data.draw(st.permutations(range(9)))[:length], np.int64)
    assert auction.worth_alternate(chain, weights) == plain.worth_alternate(chain, weights)
    mine, theirs = np.zeros(9, np.bool_), np.zeros(9, np.bool_)
    auction.take_alternate(chain, weights, mine)
    plain.take_alternate(chain, weights, theirs)
    assert mine.tolist() == theirs.tolist()
