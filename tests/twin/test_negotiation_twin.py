import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.codes import Tier
from simulation.kernels import negotiation
from tests.reference import negotiation as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

SHARES = st.floats(0.0, 1.0)
ROUND = st.sampled_from([0.0, 0.25, 0.5, 1.0])


@st.composite
def parties(draw, least=0):
    """Opinions, with repeated values so that distances equal to a tolerance occur."""
    count, dimensions = draw(st.integers(least, 7)), draw(st.integers(1, 4))
    shape = (count, dimensions)
    return (
        draw(arrays(np.float64, shape, elements=ROUND | SHARES)),
        draw(arrays(np.float64, shape, elements=SHARES)),
        draw(arrays(np.float64, (count, count), elements=ROUND | SHARES)),
    )


@given(party=parties(least=1), other=parties(least=1))
def test_a_distance_equals_its_twin_to_the_last_bit(party, other):
    opinions, mandates, _ = party
    for i in range(len(opinions)):
        mine = negotiation.distance(opinions, i, mandates, len(opinions) - 1 - i)
        assert mine == plain.distance(opinions, i, mandates, len(opinions) - 1 - i)


@given(party=parties(least=1))
def test_distances_equal_their_twin_to_the_last_bit(party):
    opinions, mandates, _ = party
    mine = negotiation.distances(opinions[1:], mandates)
    assert mine.shape == (len(opinions) - 1, len(mandates))
    assert mine.tobytes() == plain.distances(opinions[1:], mandates).tobytes()


@given(party=parties(), speed=SHARES | ROUND, anchor=SHARES | ROUND)
def test_a_round_equals_its_twin_to_the_last_bit_and_leaves_its_arguments(party, speed, anchor):
    before = [column.copy() for column in party]
    mine = negotiation.negotiation_round(*party, speed, anchor)
    theirs = np.array(plain.negotiation_round(*party, speed, anchor), np.float64)
    assert mine.shape == party[0].shape
    assert mine.tobytes() == theirs.tobytes()
    assert all((now == then).all() for now, then in zip(party, before, strict=True))


@given(data=st.data(), party=parties(least=1))
def test_drafts_equal_their_twin_to_the_last_bit(data, party):
    opinions, _, tolerance = party
    weights = data.draw(arrays(np.float64, len(opinions), elements=st.sampled_from([0.1, 1.0, 2.0])))
    apart = plain.distances(opinions, opinions)
    mine = negotiation.drafts(opinions, apart, tolerance, weights)
    assert mine.shape == (len(opinions) + 1, opinions.shape[1])
    assert mine.tobytes() == np.array(plain.drafts(opinions, apart, tolerance, weights)).tobytes()


@given(data=st.data(), party=parties(least=1), signing_distance=ROUND | SHARES)
def test_the_best_draft_and_its_signers_are_those_of_the_twin(data, party, signing_distance):
    opinions, _, _ = party
    shape = (data.draw(st.integers(1, 5)), opinions.shape[1])
    candidates = data.draw(arrays(np.float64, shape, elements=ROUND | SHARES))
    best, signers = negotiation.best_of_drafts(opinions, candidates, signing_distance)
    assert signers.dtype == np.bool_
    assert (best, signers.tolist()) == plain.best_of_drafts(opinions, candidates, signing_distance)


@given(party=parties(), apart=ROUND | SHARES)
def test_groups_are_counted_as_by_the_twin(party, apart):
    assert negotiation.count_groups(party[0], apart) == plain.count_groups(party[0], apart)


@given(data=st.data(), party=parties(), within=ROUND | SHARES)
def test_pairs_from_two_countries_are_counted_as_by_the_twin(data, party, within):
    country = data.draw(arrays(np.int64, len(party[0]), elements=st.integers(0, 2)))
    apart = plain.distances(party[0], party[0])
    assert tuple(negotiation.pairs_within(apart, country, within)) == plain.pairs_within(apart, country, within)


def test_pairs_exactly_as_far_apart_as_allowed_are_counted_as_by_the_twin():
    opinions, country = np.array([[0.0, 1.0], [0.25, 0.75], [0.5, 0.5]]), np.array([0, 1, 2])
    apart = plain.distances(opinions, opinions)
    assert tuple(negotiation.pairs_within(apart, country, 0.25)) == plain.pairs_within(apart, country, 0.25) == (2, 3)


class Parties(Case):
    """Members from three countries in three partnerships; objectives over so few values that distances are equal."""

    partnerships, dimensions = 3, 2

    def opinions(self, size):
        weights = self.one_of(np.float64, [0.0, 0.25, 0.5, 0.3, 1.0], size * self.dimensions)
        return weights.reshape(size, self.dimensions)


@every_case
def test_tolerances_and_signatures_within_countries_are_those_of_the_twin(case):
    drawn = Parties(case)
    country = drawn.whole(np.int64, 0, 2, drawn.size)
    question = (drawn.floats(np.float64, 0.0, 1.0, drawn.size), country, 0.3)
    towards, _ = assert_equals_its_twin(negotiation.tolerances, plain.tolerances, *question)
    opinions = drawn.opinions(drawn.size)
    question = (opinions, plain.distances(opinions, opinions), country, towards, 0.25)
    assert_equals_its_twin(negotiation.signing_within_country, plain.signing_within_country, *question)


@every_case
def test_a_round_of_every_partnership_is_that_of_the_twin(case):
    drawn = Parties(case)
    size, partnerships = drawn.size, drawn.partnerships
    assert_equals_its_twin(
        negotiation.hold_round,
        plain.hold_round,
        drawn.whole(np.int16, 0, partnerships - 1, size),
        drawn.one_of(np.int8, [Tier.SIGNATORY, *Tier], size),
        drawn.yes(0.7, size),
        drawn.whole(np.int16, 0, 2, size),
        drawn.floats(np.float64, 0.0, 1.0, size),
        drawn.opinions(size),
        drawn.opinions(size),
        drawn.yes(0.7, partnerships),
        drawn.rows(0, size, partnerships),
        drawn.one_of(np.float64, [1.0, 3.0], partnerships),
        (0.3, 0.5, 0.2, 0.25),
        np.zeros((partnerships, drawn.dimensions)),
        np.zeros(partnerships),
        np.zeros(partnerships),
        drawn.yes(0.5, size),
        np.empty(size, np.bool_),
    )


@every_case
def test_signatures_are_collected_as_by_the_twin(case):
    drawn = Parties(case)
    size, partnerships = drawn.size, drawn.partnerships
    assert_equals_its_twin(
        negotiation.collect_signatures,
        plain.collect_signatures,
        drawn.whole(np.int16, 0, partnerships - 1, size),
        drawn.yes(0.5, size),
        drawn.yes(0.5, size),
        drawn.yes(0.5, size),
        drawn.whole(np.int16, 0, 9, partnerships),
        drawn.floats(np.float64, 0.0, 1.0, partnerships),
    )
