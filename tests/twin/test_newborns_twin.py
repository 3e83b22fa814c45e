import numpy as np
import pytest

from simulation.codes import Kind
from simulation.kernels import newborns
from simulation.purposes import Purpose
from tests.reference import newborns as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

SIZE, SECTORS = 8, 3


@every_case
def test_newborns_know_what_the_twin_says(case):
    drawn = Case(case)
    size, domains = min(drawn.size, SIZE), drawn.choice([1, 3, 16])
    question = (
        drawn.key,
        drawn.identities(size),
        drawn.whole(np.int16, 0, SECTORS - 1, size),
        drawn.yes(0.2, SECTORS * domains).reshape(SECTORS, domains),
        drawn.choice([(0.6, 0.12), (0.9, 0.0)]),
        drawn.choice([0.0, 0.5, 1.5]),
        np.zeros((size, domains), np.float32),
    )
    assert_equals_its_twin(newborns.founding_knowledge, plain.founding_knowledge, *question)


@every_case
@pytest.mark.parametrize(("alpha", "beta"), [(1, 1), (2, 3), (5, 1), (1, 4)])
def test_beta_numbers_are_the_order_statistics_of_the_twin(case, alpha, beta):
    drawn = Case(case)
    purpose = int(Purpose.FOUNDING_ABSORPTIVE_CAPACITY)
    question = (drawn.key, purpose, drawn.identities(min(drawn.size, SIZE)), alpha, beta)
    assert_equals_its_twin(newborns.beta_of_order, plain.beta_of_order, *question)


@every_case
def test_newborns_have_the_size_of_the_twin(case):
    drawn = Case(case)
    question = (
        drawn.key,
        drawn.identities(drawn.size),
        drawn.one_of(np.int8, list(Kind), drawn.size),
        np.array([9.0, 400.0, 3.0, 600.0]),
        np.array([1.0, 50.0, 1.0, 250.0]),
        np.array([249.0, 5000.0, 3.0, 20_000.0]),
        drawn.choice([0.0, 1.1, 4.0]),
        np.zeros(drawn.size, np.float32),
    )
    assert_equals_its_twin(newborns.founding_sizes, plain.founding_sizes, *question)


@every_case
def test_newborns_need_what_the_twin_says(case):
    drawn = Case(case)
    size, domains = min(drawn.size, SIZE), drawn.choice([1, 2, 3, 16])
    question = (
        drawn.key,
        drawn.identities(size),
        drawn.whole(np.int16, 0, SECTORS - 1, size),
        drawn.yes(0.3, SECTORS * domains).reshape(SECTORS, domains),
        np.array(drawn.choice([[0.3, 0.1, 0.2, 0.15, 0.1, 0.15], [0.0, 0.0, 1.0, 0.0, 0.0, 0.0], [1.0] * 6])),
        np.zeros((size, 3), np.int8),
        np.zeros(size, np.int8),
    )
    assert_equals_its_twin(newborns.founding_needs, plain.founding_needs, *question)


@every_case
def test_newborns_are_innovation_active_as_by_the_twin(case):
    drawn = Case(case)
    question = (
        drawn.key,
        drawn.identities(drawn.size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, *Kind], drawn.size),
        drawn.whole(np.int16, 0, 2, drawn.size),
        np.array([0.0, 0.53, 1.0]),
        np.zeros(drawn.size, np.bool_),
    )
    assert_equals_its_twin(newborns.innovation_activity, plain.innovation_activity, *question)


@every_case
def test_newborns_are_founded_whole_as_by_the_twin(case):
    drawn = Case(case)
    size, domains = min(drawn.size, SIZE), drawn.choice([3, 16])
    kinds = len(Kind)
    question = (
        drawn.key,
        drawn.identities(size),
        drawn.one_of(np.int8, list(Kind), size),
        drawn.whole(np.int32, 0, 3, size),
        np.array([0, 0, 1, 1], dtype=np.int16),
        np.array([0, 1, 0, 1], dtype=np.int16),
        drawn.yes(0.3, 2 * domains).reshape(2, domains),
        np.array([-0.1, 0.7]),
        np.array([0.3, 0.9]),
        np.full(kinds, 8.0),
        np.full(kinds, 1.0),
        np.full(kinds, 249.0),
        np.array([0.3, 0.1, 0.2, 0.15, 0.1, 0.15]),
        *(2, 3, 1, 4),
        *(0.6, 0.12, 0.5, 1.1, 1_234_567.8),
        np.zeros(size, np.int16),
        np.zeros(size, np.int16),
        np.zeros((size, domains), np.float32),
        *(np.zeros(size, np.float32) for _ in range(3)),
        np.zeros(size, np.int64),
        np.zeros((size, 3), np.int8),
        np.zeros(size, np.int8),
        np.zeros(size, np.bool_),
    )
    assert_equals_its_twin(newborns.draw_newborns, plain.draw_newborns, *question)


def test_more_newborns_than_are_drawn_side_by_side_are_those_of_the_twin():
    drawn, size = Case(3), newborns.BLOCK + 1
    sector, core = drawn.whole(np.int16, 0, 1, size), drawn.yes(0.3, 8).reshape(2, 4)
    assert_equals_its_twin(
        newborns.draw_newborns,
        plain.draw_newborns,
        *(drawn.key, drawn.identities(size), np.zeros(size, np.int8), sector.astype(np.int32)),
        *(np.zeros(2, np.int16), np.arange(2, dtype=np.int16), core, np.zeros(1), np.full(1, 0.5)),
        *(np.full(1, 8.0), np.full(1, 1.0), np.full(1, 249.0), np.ones(6)),
        *(2, 3, 1, 4, 0.6, 0.12, 0.5, 1.1, 1_234_567.8),
        *(np.zeros(size, np.int16), np.zeros(size, np.int16), np.zeros((size, 4), np.float32)),
        *(np.zeros(size, np.float32) for _ in range(3)),
        *(np.zeros(size, np.int64), np.zeros((size, 3), np.int8), np.zeros(size, np.int8), np.zeros(size, np.bool_)),
    )


@pytest.mark.parametrize("u", [0.0, 0.25, 0.3, 0.5, 0.9999999999999999])
@pytest.mark.parametrize(
    "weights", [[1.0], [1.0, 3.0], [0.0, 1.0, 1.0, 0.0], [0.1] * 10, [0.3, 0.1, 0.2, 0.15, 0.1, 0.15, 0.0]]
)
def test_a_weighted_choice_falls_on_the_place_of_the_twin(u, weights):
    assert_equals_its_twin(newborns._weighted_choice, plain._weighted_choice, u, np.array(weights))


def test_where_rounding_leaves_no_place_the_last_with_weight_is_taken():
    weights = np.array([0.1, 0.7, 0.2, 0.0])
    given, _ = assert_equals_its_twin(newborns._weighted_choice, plain._weighted_choice, 1.0, weights)
    assert given == 2
