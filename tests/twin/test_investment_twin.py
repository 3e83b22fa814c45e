import numpy as np

from simulation.kernels import investment
from tests.reference import investment as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case


@every_case
def test_tickets_go_where_those_of_the_twin_go(case):
    drawn = Case(case)
    members, member_count = drawn.teams(20, drawn.size)
    count = len(members)
    question = (
        np.flatnonzero(drawn.yes(0.6, count))[::-1].copy(),
        members,
        member_count,
        drawn.yes(0.5, drawn.size),
        drawn.whole(np.int16, 0, 3, drawn.size),
        drawn.one_of(np.int64, [0, 1, 3], 4),
        drawn.choice([0, 1, 15_000_000]),
        drawn.one_of(np.int64, [0, 10**7], count),
        np.zeros(count, np.int64),
    )
    assert_equals_its_twin(investment.hand_out_tickets, plain.hand_out_tickets, *question)
