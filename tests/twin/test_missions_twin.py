import numpy as np
import pytest

from simulation.kernels import missions
from simulation.schemas import MOST_MEMBERS
from tests.reference import missions as plain
from tests.twin.cases import Case, every_case

DOMAINS = 5


def situation(case):
    """A few organisations, some of whom know exactly as much, and a challenge."""
    firms = 1 + case.size
    knowledge = case.one_of(np.float32, [0.0, 0.1, 0.3, 0.6, 0.9], firms * DOMAINS).reshape(firms, DOMAINS)
    weights = case.floats(np.float64, 0.0, 1.0, DOMAINS)
    return knowledge, weights / weights.sum()


@every_case
@pytest.mark.parametrize("reservation_value", [0.0, 0.05])
@pytest.mark.parametrize(("least", "most"), [(2, 3), (3, MOST_MEMBERS), (MOST_MEMBERS, MOST_MEMBERS)])
def test_a_lead_puts_together_the_consortium_of_the_twin(case, reservation_value, least, most):
    drawn = Case(case)
    knowledge, weights = situation(drawn)
    candidates = np.arange(1, len(knowledge), dtype=np.int64)
    lot = drawn.one_of(np.float64, [0.25, 0.5], len(candidates))
    for threshold in (0.3, 0.6, 1.0):
        question = (0, candidates, lot, knowledge, weights, threshold, reservation_value, least, most)
        members, count, coverage = missions.form_consortium(*question)
        assert members.dtype == np.int32
        assert (members.tolist(), count, coverage) == plain.form_consortium(*question)
