import numpy as np
import pytest

from simulation.kernels import consortia
from simulation.schemas import MOST_MEMBERS
from tests.reference import consortia as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

DOMAINS = 5


def situation(case):
    """A few organisations, some of whom know exactly as much, and a challenge."""
    firms = 1 + case.size
    knowledge = case.one_of(np.float32, [0.0, 0.1, 0.3, 0.6, 0.9], firms * DOMAINS).reshape(firms, DOMAINS)
    weights = case.floats(np.float64, 0.0, 1.0, DOMAINS)
    return knowledge, weights / weights.sum()


@every_case
def test_what_an_organisation_adds_is_as_for_the_twin(case):
    drawn = Case(case)
    knowledge, weights = situation(drawn)
    best = drawn.floats(np.float64, 0.0, 1.0, DOMAINS)
    for levels in knowledge:
        question = (levels, best, weights, np.empty(DOMAINS))
        assert_equals_its_twin(consortia.addition_to_coverage, plain.addition_to_coverage, *question)


@every_case
@pytest.mark.parametrize("reservation_value", [0.0, 0.05])
@pytest.mark.parametrize(("least", "most"), [(2, 3), (3, MOST_MEMBERS), (MOST_MEMBERS, MOST_MEMBERS)])
def test_a_lead_puts_together_the_consortium_of_the_twin(case, reservation_value, least, most):
    drawn = Case(case)
    knowledge, weights = situation(drawn)
    candidates = np.arange(1, len(knowledge), dtype=np.int64)
    identity = drawn.identities(len(knowledge))
    members = np.empty(MOST_MEMBERS, np.int32)
    for threshold in (0.3, 0.6, 1.0):
        rules = (weights, threshold, reservation_value, least, most, members)
        question = (drawn.key, np.uint64(3), 0, candidates, identity, knowledge, *rules)
        assert_equals_its_twin(consortia.form_consortium, plain.form_consortium, *question)
