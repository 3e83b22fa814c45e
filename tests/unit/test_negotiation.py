import numpy as np
import pytest

from simulation.errors import UsageError
from simulation.mechanisms.negotiation import (
    agreement_across_countries,
    agreement_within_country,
    best_draft,
    founding_objectives,
    negotiate,
    negotiation_round,
    tolerance_matrix,
)


def test_distance_in_several_dimensions_is_the_share_of_priorities_to_be_moved():
    apart = [[0.6, 0.4, 0.0], [0.4, 0.4, 0.2]]
    assert negotiate(apart, 0.19).clusters == 2
    assert negotiate(apart, 0.21).clusters == 1


def test_in_one_dimension_the_distance_is_the_difference():
    assert negotiate([0.0, 0.5], 0.49).clusters == 2
    assert negotiate([0.0, 0.5], 0.5).opinions.tolist() == [0.25, 0.25]
    assert negotiate([[0.0], [0.5]], 0.5).opinions.tolist() == [[0.25], [0.25]]


def test_one_round_follows_the_equation():
    opinions, mandates = np.array([[0.2], [0.4], [1.0]]), np.array([[0.0], [0.4], [1.0]])
    moved = negotiation_round(opinions, mandates, np.full((3, 3), 0.3), 0.5, 0.25)
    np.testing.assert_allclose(moved[:, 0], [0.5 * 0.2 + 0.5 * 0.75 * 0.3, 0.5 * 0.4 + 0.5 * (0.225 + 0.1), 1.0])


def test_a_member_without_tolerance_does_not_move_while_others_come_to_it():
    result = negotiate([0.0, 1.0], [0.0, 1.0], speed=0.5)
    assert result.opinions[0] == 0.0
    assert result.opinions[1] < 1e-8


def test_a_tolerance_for_each_pair_is_read_by_row():
    result = negotiate([0.0, 1.0], [[0.0, 0.0], [1.0, 0.0]], rounds=1)
    assert result.opinions.tolist() == [0.0, 0.5]


def test_members_at_rest_need_no_round():
    assert negotiate([0.3, 0.3, 0.9], 0.1).rounds == 0


def test_a_given_number_of_rounds_is_made():
    assert negotiate([0.3, 0.3], 0.1, rounds=7).rounds == 7


def test_tolerance_towards_another_country_is_discounted():
    tolerance = tolerance_matrix(np.array([0.4, 0.2]), np.array([0, 1]), 0.25)
    np.testing.assert_allclose(tolerance, [[0.4, 0.3], [0.15, 0.2]])


def test_founding_objectives_mix_common_country_and_own_parts():
    objectives = founding_objectives(np.array([0.5, 0.5]), np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), 0.5, 0.75)
    np.testing.assert_allclose(objectives, [[0.25 + 0.375, 0.25 + 0.125]])


def test_the_best_draft_is_that_of_the_largest_camp_when_the_mean_pleases_nobody():
    opinions = np.array([[0.0], [0.02], [1.0], [1.0], [0.98]])
    draft = best_draft(opinions, np.full((5, 5), 0.1), np.ones(5), 0.05)
    assert draft.can_sign.tolist() == [False, False, True, True, True]
    assert draft.share == 0.6


def test_of_equally_good_drafts_the_first_is_put_forward():
    draft = best_draft(np.array([[0.4], [0.6]]), np.zeros((2, 2)), np.ones(2), 0.1)
    assert draft.objective == pytest.approx([0.5])
    draft = best_draft(np.array([[0.0], [1.0]]), np.zeros((2, 2)), np.ones(2), 0.1)
    assert draft.objective == pytest.approx([0.0])


def test_a_lead_whose_opinion_counts_twice_draws_the_draft_towards_itself():
    draft = best_draft(np.array([[0.0], [0.3]]), np.ones((2, 2)), np.array([2.0, 1.0]), 1.0)
    assert draft.objective == pytest.approx([0.1])


def test_agreement_within_countries_weights_countries_by_members():
    opinions = np.array([[0.0], [0.0], [0.0], [0.5], [1.0], [0.2]])
    country = np.array([0, 0, 0, 1, 1, 2])
    assert agreement_within_country(opinions, country, np.zeros((6, 6)), 0.05) == pytest.approx(4 / 5)


def test_agreement_across_countries_is_the_share_of_foreign_pairs_within_reach():
    opinions = np.array([[0.0], [0.1], [0.5]])
    assert agreement_across_countries(opinions, np.array([0, 1, 1]), 0.05) == 0.5


@pytest.mark.parametrize(
    "arguments",
    [
        ([], 0.1),
        ([0.1, np.nan], 0.1),
        ([0.1, 0.2], -0.1),
        ([0.1, 0.2], np.nan),
        ([0.1, 0.2], [0.1, 0.1, 0.1]),
        ([0.1, 0.2], 0.1, 1.5),
        ([0.1, 0.2], 0.1, 1.0, -0.5),
        ([0.1, 0.2], 0.1, 1.0, 0.0, -1),
    ],
)
def test_arguments_out_of_bounds_are_refused(arguments):
    with pytest.raises(UsageError):
        negotiate(*arguments)
