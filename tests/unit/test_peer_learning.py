import numpy as np
import pytest

from simulation.errors import UsageError
from simulation.mechanisms.peer_learning import (
    better_peers,
    code_learns,
    founding_beliefs,
    learn_through_code,
    peer_learning,
    performance,
    replace_staff,
    skill,
    socialise,
    turn_reality,
    visit,
)
from simulation.randomness import stream_key
from simulation.state import NOBODY

KEY = stream_key(3, 0)
CODE = np.uint64(99)


def identities(n):
    return np.arange(n, dtype=np.uint64)


def beliefs_of(*rows):
    return np.array(rows, dtype=np.int8)


def test_an_opposite_belief_becomes_undecided_and_an_undecided_one_the_codes():
    learned = socialise(KEY, 1, identities(2), beliefs_of([-1, 1, 1], [0, 0, -1]), beliefs_of(1, 1, 0), np.ones(2))
    assert learned.tolist() == [[0, 1, 1], [1, 1, -1]]


def test_who_does_not_read_learns_nothing():
    before = beliefs_of([-1, 0], [-1, 0])
    learned = socialise(KEY, 1, identities(2), before, beliefs_of(1, 1), np.array([0.0, 1.0]))
    assert learned.tolist() == [[-1, 0], [0, 1]]


def test_the_code_follows_the_majority_of_its_betters_at_once():
    actions = beliefs_of([1, 1, -1], [1, -1, -1], [-1, -1, -1])
    learned = code_learns(KEY, 1, CODE, beliefs_of(-1, 1, 1), actions, np.array([True, True, False]), 1.0)
    assert learned.tolist() == [1, 1, -1]


def test_the_code_learns_a_majority_of_k_with_probability_one_minus_1_minus_p_to_the_k():
    dimensions = 20_000
    actions = np.ones((3, dimensions), dtype=np.int8)
    code = np.zeros(dimensions, dtype=np.int8)
    learned = code_learns(KEY, 1, CODE, code, actions, np.ones(3, dtype=bool), 0.3)
    assert learned.mean() == pytest.approx(1 - 0.7**3, abs=4 * np.sqrt(0.657 * 0.343 / dimensions))


def test_founding_beliefs_have_the_given_shares():
    beliefs = founding_beliefs(KEY, 0, identities(1000), beliefs_of(*[1] * 20), 0.3, 0.7)
    assert (beliefs >= 0).all()
    assert beliefs.mean() == pytest.approx(0.3, abs=0.02)


def test_replaced_staff_is_as_fresh_as_a_founder_and_the_others_stay():
    before = np.ones((400, 10), dtype=np.int8)
    after = replace_staff(KEY, 5, identities(400), before, beliefs_of(*[1] * 10), 0.25, 0.0, 1.0)
    replaced = (after == 0).all(axis=1)
    assert ((after == 1).all(axis=1) | replaced).all()
    assert 60 <= replaced.sum() <= 140


def test_a_turn_of_reality_mirrors_skill():
    reality = np.ones(8, dtype=np.int8)
    beliefs = beliefs_of([1, 1, 1, 1, 0, 0, -1, 1])
    turned = turn_reality(KEY, 1, CODE, reality, 1.0)
    assert skill(beliefs, turned) == pytest.approx(1 - skill(beliefs, reality))


def test_skill_counts_undecided_by_half():
    assert skill(beliefs_of([1, 0, -1, 1]), beliefs_of(1, 1, 1, 1)).tolist() == [0.625]


def test_performance_is_the_sum_of_action_times_reality():
    assert performance(beliefs_of([1, -1, 1], [0, 0, 1]), beliefs_of(1, 1, -1)).tolist() == [-1, -1]


def test_visitors_learn_from_what_hosts_have_decided_before_the_visits():
    before = beliefs_of([-1, 0, 1], [1, 1, 0], [0, 0, 0])
    learned = visit(KEY, 4, identities(3), before, np.array([1, 2, NOBODY]), np.ones(3))
    assert learned.tolist() == [[0, 1, 1], [1, 1, 0], [0, 0, 0]]


def test_hosts_are_more_skilled_members_of_the_same_group():
    level = np.array([0.2, 0.5, 0.9, 0.7, 0.9])
    group = np.array([0, 0, 0, 1, 1])
    visiting = np.array([True, True, True, True, False])
    for month in range(20):
        hosts = better_peers(KEY, month, identities(5), level, group, visiting)
        assert hosts[0] in (1, 2)
        assert hosts[1:].tolist() == [2, NOBODY, 4, NOBODY]


def test_all_better_peers_are_visited_equally_often():
    level = np.array([0.1, 0.5, 0.6])
    hosts = [
        better_peers(KEY, month, identities(3), level, np.zeros(3, dtype=np.int64), np.ones(3, dtype=bool))[0]
        for month in range(600)
    ]
    assert hosts.count(1) == pytest.approx(300, abs=4 * np.sqrt(150))


def test_the_code_learns_from_the_actions_before_socialisation():
    """The only individual is wrong in dimension 1 and better than the empty code; it acts before it reads."""
    beliefs, code = learn_through_code(
        KEY,
        1,
        identities(1),
        CODE,
        beliefs_of([1, 1, -1]),
        beliefs_of(0, 0, 0),
        beliefs_of(1, 1, 1),
        np.ones(1),
        1.0,
    )
    assert beliefs.tolist() == [[1, 1, -1]]
    assert code.tolist() == [1, 1, -1]


def test_without_the_coin_the_undecided_do_not_vote():
    _, code = learn_through_code(
        KEY,
        1,
        identities(1),
        CODE,
        beliefs_of([1, 0]),
        beliefs_of(0, 0),
        beliefs_of(1, 1),
        np.ones(1),
        1.0,
        coin=False,
    )
    assert code.tolist() == [1, 0]


def test_a_number_of_periods_gives_one_value_a_period():
    learned = peer_learning(turnover=0.1, turbulence=0.02, periods=12)
    assert learned.code_knowledge.shape == learned.individual_knowledge.shape == (12,)


def test_at_equilibrium_individuals_know_what_the_code_knows():
    learned = peer_learning(p_socialisation=0.5, seed=8)
    assert learned.individual_knowledge[-1] == learned.code_knowledge[-1]


def test_the_seed_decides():
    first, again, other = peer_learning(seed=1), peer_learning(seed=1), peer_learning(seed=2)
    np.testing.assert_array_equal(first.code_knowledge, again.code_knowledge)
    assert not np.array_equal(first.code_knowledge, other.code_knowledge)


@pytest.mark.parametrize(
    "arguments",
    [
        {"individuals": 0},
        {"dimensions": 0},
        {"p_code": 1.1},
        {"turnover": -0.1, "periods": 3},
        {"turnover": 0.1},
        {"turbulence": 0.1},
        {"p_socialisation": 0.0},
        {"p_code": 0.0},
        {"periods": -1},
    ],
)
def test_arguments_out_of_bounds_and_runs_without_end_are_refused(arguments):
    with pytest.raises(UsageError):
        peer_learning(**arguments)
