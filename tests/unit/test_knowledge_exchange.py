import numpy as np
import pytest

from simulation.errors import UsageError
from simulation.kernels.exchange import transfer
from simulation.mechanisms.knowledge_exchange import barter, exchange, learn
from simulation.randomness import stream_key
from tests.verification_runs import ecosystem, founded

PAIR = [(0, 1)]


def test_barter_closes_a_tenth_of_both_gaps_and_givers_lose_nothing():
    after = exchange([[10.0, 0.0], [0.0, 20.0]], PAIR, sweeps=1)
    np.testing.assert_allclose(after, [[10.0, 2.0], [1.0, 20.0]])


def test_there_is_no_barter_without_a_double_coincidence():
    levels = [[10.0, 20.0], [1.0, 20.0]]
    np.testing.assert_array_equal(exchange(levels, PAIR), levels)


def test_a_lead_of_one_percent_is_not_offered():
    levels = [[1.01, 1.0], [1.0, 2.0]]
    np.testing.assert_array_equal(exchange(levels, PAIR), levels)


def test_as_many_categories_are_swapped_as_the_poorer_side_can_offer():
    levels = np.array([[10.0, 10.0, 10.0, 0.0], [0.0, 0.0, 0.0, 10.0]])
    taught = [exchange(levels, PAIR, sweeps=1, seed=seed)[1, :3] > 0 for seed in range(300)]
    assert all(each.sum() == 1 for each in taught)
    assert np.sum(taught, axis=0) == pytest.approx([100] * 3, abs=35)


def test_transfer_is_limited_by_absorptive_capacity():
    after = exchange(
        [[1.0, 0.0], [0.0, 0.0]], PAIR, rule="transfer", rate=0.5, sweeps=1, absorptive_capacity=[1.0, 0.4]
    )
    np.testing.assert_allclose(after, [[1.0, 0.0], [0.2, 0.0]])


def test_transfer_reads_the_levels_before_the_step():
    after = exchange([[0.0], [0.5], [1.0]], [(0, 1), (1, 2)], rule="transfer", rate=0.2, sweeps=1)
    np.testing.assert_allclose(after, [[0.1], [0.6], [1.0]])


def test_many_teachers_teach_no_more_than_the_best_of_them_knows():
    after = exchange([[0.0], [1.0], [1.0], [0.5]], [(0, 1), (0, 2), (0, 3)], rule="transfer", rate=0.9, sweeps=1)
    assert after[0, 0] == 1.0


def test_transfer_at_rest_has_brought_everybody_to_the_best_level():
    after = exchange([[0.0], [0.5], [1.0]], [(0, 1), (1, 2)], rule="transfer")
    np.testing.assert_allclose(after, 1.0, atol=1e-6)


def test_single_precision_columns_stay_single_and_change_in_place():
    knowledge = np.array([[0.5, 0.0], [0.0, 0.5]], dtype=np.float32)
    first, second, who = np.array([0]), np.array([1]), np.arange(2, dtype=np.uint64)
    assert barter(stream_key(1, 0), 1, knowledge, first, second, who, 0.1, 0.01) == 1
    assert transfer(knowledge, first, second, np.ones(2, dtype=np.float32), 0.1) > 0
    assert knowledge.dtype == np.float32
    np.testing.assert_allclose(knowledge, [[0.5, 0.095], [0.095, 0.5]], rtol=1e-6)


def test_the_argument_is_left_as_it_is():
    levels = np.array([[10.0, 0.0], [0.0, 20.0]])
    exchange(levels, PAIR)
    assert levels.tolist() == [[10.0, 0.0], [0.0, 20.0]]


@pytest.mark.parametrize(
    ("levels", "edges", "options"),
    [
        ([1.0, 2.0], PAIR, {}),
        ([[1.0], [-1.0]], PAIR, {}),
        ([[1.0], [np.inf]], PAIR, {}),
        ([[1.0], [2.0]], [(0, 2)], {}),
        ([[1.0], [2.0]], [(1, 1)], {}),
        ([[1.0], [2.0]], PAIR, {"rule": "gift"}),
        ([[1.0], [2.0]], PAIR, {"rate": 1.5}),
        ([[1.0], [2.0]], PAIR, {"threshold": -0.1}),
        ([[1.0], [2.0]], PAIR, {"sweeps": -1}),
        ([[1.0], [2.0]], PAIR, {"absorptive_capacity": [1.0]}),
        ([[1.0], [2.0]], PAIR, {"absorptive_capacity": [1.0, 2.0]}),
    ],
)
def test_arguments_out_of_bounds_are_refused(levels, edges, options):
    with pytest.raises(UsageError):
        exchange(levels, edges, **options)


def learned(*members, **rules):
    """Gain of each of four firms in its best partner's domain; the last two know something, the others nothing."""
    values = ecosystem(members=0)
    values["learning"] |= {"transfer_rate": 0.1, "own_research": 0.0, "fading": 0.0, **rules}
    world = founded(values).world
    world.month = 1
    organisations = world.state.organisations
    organisations.knowledge[:4] = 0.0
    organisations.knowledge[2, 3] = organisations.knowledge[3, 5] = 0.8
    organisations.absorptive_capacity[:4], organisations.digital_maturity[:4] = 1.0, 0.5
    row = world.state.projects.append(1, member_count=len(members), started_month=0).start
    world.state.projects.members[row, : len(members)] = members
    learn(world)
    return organisations.knowledge[:4][:, [3, 5]].astype(np.float64).round(6).tolist()


def test_every_two_members_of_a_consortium_learn_from_each_other():
    nothing, some = [0.0, 0.0], [0.08, 0.08]
    assert learned(0, 1, 2, 3) == [some, some, [0.8, 0.08], [0.08, 0.8]]
    assert learned(0, 2) == [[0.08, 0.0], nothing, [0.8, 0.0], [0.0, 0.8]]


def test_every_two_members_of_a_consortium_barter():
    before = learned(0, 1, rule="barter", barter_threshold=0.0)
    after = learned(0, 1, 2, 3, rule="barter", barter_threshold=0.0, barter_rate=0.5)
    assert before == [[0.0, 0.0], [0.0, 0.0], [0.8, 0.0], [0.0, 0.8]]
    assert after[2:] == [[0.8, 0.4], [0.4, 0.8]]
