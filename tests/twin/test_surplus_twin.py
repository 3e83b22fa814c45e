import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import networks, surplus
from tests.reference import networks as plain_networks
from tests.reference import surplus as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case, profiles_with

LEVELS = st.floats(0.0, 1.0, width=32)
SHARES = st.floats(0.0, 1.0)


@st.composite
def markets(draw):
    """Organisations with what they know and need, the ties among them, and pairs of them to look at."""
    count, domains, regions = draw(st.integers(2, 7)), draw(st.integers(1, 6)), draw(st.integers(1, 3))
    row = st.integers(0, count - 1)
    pair = st.tuples(row, row).filter(lambda ends: ends[0] != ends[1])
    ends = np.array(draw(st.lists(pair, max_size=12, unique_by=frozenset)), np.int64).reshape(-1, 2)
    offsets, neighbours, ties = plain_networks.adjacency(ends[:, 0], ends[:, 1], count)
    pairs = np.array(draw(st.lists(pair, max_size=10)), np.int32).reshape(-1, 2)
    return (
        (pairs[:, 0].copy(), pairs[:, 1].copy()),
        draw(arrays(np.float32, (count, domains), elements=LEVELS)),
        profiles_with(
            needs=draw(arrays(np.int8, (count, 3), elements=st.integers(0, domains - 1))),
            absorptive_capacity=draw(arrays(np.float32, count, elements=LEVELS)),
            region=draw(arrays(np.int16, count, elements=st.integers(0, regions - 1))),
        ),
        draw(arrays(np.float64, (regions, regions), elements=SHARES)),
        (np.array(offsets, np.int64), np.array(neighbours, np.int32), np.array(ties, np.int32)),
        draw(arrays(np.float32, len(ends), elements=LEVELS)),
        (draw(SHARES), draw(st.floats(0.05, 1.0)), draw(st.floats(0.0, 2.0))),
    )


@given(market=markets())
def test_a_pair_is_worth_what_the_twin_says_to_the_last_bit(market):
    pairs, knowledge, profiles, _, _, _, (own_needs_weight, distance_scale, _) = market
    needs, absorptive_capacity = (np.ascontiguousarray(profiles[name]) for name in ("needs", "absorptive_capacity"))
    for one, other in zip(*pairs, strict=True):
        question = (int(one), int(other), knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale)
        assert surplus.pair_surplus(*question) == plain.pair_surplus(*question)


@given(market=markets())
def test_many_pairs_at_once_are_worth_what_each_of_them_is_to_the_twin(market):
    pairs, *firms, _, _, _, (own_needs_weight, distance_scale, _) = market
    pairs = tuple(np.tile(side, 20) for side in pairs)
    mine, theirs = (np.full((2, len(pairs[0])), np.nan) for _ in range(2))
    surplus.pair_surpluses(*pairs, *firms, own_needs_weight, distance_scale, *mine)
    plain.pair_surpluses(*pairs, *firms, own_needs_weight, distance_scale, *theirs)
    assert mine.tobytes() == theirs.tobytes()


@given(market=markets())
def test_surpluses_of_a_column_of_pairs_equal_their_twin(market):
    pairs, *firms, proximity, network, trust, rules = market
    mine, theirs = (np.full((2, len(pairs[0])), np.nan) for _ in range(2))
    ends = zip(*(side.tolist() for side in pairs), strict=True)
    ties = np.array([plain_networks.tie_between(*pair, *network) for pair in ends], np.int64)
    surplus.surplus_of_pairs(*pairs, *firms, proximity, ties, trust, *rules, *mine)
    plain.surplus_of_pairs(*pairs, *firms, proximity, ties, trust, *rules, *theirs)
    assert mine.tobytes() == theirs.tobytes()
    assert not np.isnan(mine).any()


@given(market=markets())
def test_the_tie_of_every_pair_is_the_one_that_the_twin_finds(market):
    _, _, profiles, _, network, _, _ = market
    everybody = range(len(profiles))
    mine = [networks.tie_between(one, other, *network) for one in everybody for other in everybody]
    assert mine == [plain_networks.tie_between(one, other, *network) for one in everybody for other in everybody]


@given(levels=arrays(np.float32, (2, 4), elements=LEVELS))
@example(levels=np.full((2, 4), 0.5, np.float32))
@example(levels=np.array([[0.9] * 4, [0.1] * 4], np.float32))
@example(levels=np.array([[0.9, 0.1, 0, 0], [0.1, 0.9, 0, 0]], np.float32))
def test_a_pair_of_which_one_gains_nothing_is_worth_nothing_to_kernel_and_twin(levels):
    needs, capacity = np.zeros((2, 1), np.int8), np.zeros(2, np.float32)
    mine = surplus.pair_surplus(0, 1, levels, needs, capacity, 0.5, 0.3)
    assert mine == plain.pair_surplus(0, 1, levels, needs, capacity, 0.5, 0.3)
    nobody_gains = (levels[0] <= levels[1]).all() or (levels[1] <= levels[0]).all()
    assert not nobody_gains or mine[0] == 0.0


@every_case
def test_pairs_are_brought_near_as_by_the_twin(case):
    drawn = Case(case)
    count = max(2, drawn.size)
    first = np.sort(drawn.whole(np.int32, 0, count - 1, 3 * drawn.size))
    second = (first + drawn.whole(np.int32, 1, count - 1, len(first))) % np.int32(count)
    region, tie = drawn.whole(np.int16, 0, 1, count), drawn.rows(0, 9, len(first))
    trust, worth = drawn.floats(np.float32, 0.0, 1.0, 9), drawn.uniforms(len(first))
    proximity = np.array([[1.0, 0.7], [0.6, 1.0]])
    question = first, second, profiles_with(region=region), proximity, tie, trust, 0.5, worth
    assert_equals_its_twin(surplus.bring_near, plain.bring_near, *question)
