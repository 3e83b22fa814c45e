import numpy as np

from simulation.codes import Kind
from simulation.kernels import services
from tests.reference import services as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case, filling

GROUPS = 3


def levels_of(drawn, size):
    """Levels of a few values, so that some are equal."""
    domains = drawn.choice([2, 3, 6])
    return drawn.one_of(np.float32, [0.1, 0.1, 0.35, 0.6, 0.83], size * domains).reshape(size, domains)


def rows_of(drawn):
    return drawn.whole(np.int64, 0, drawn.size - 1, drawn.size // 2)


@every_case
def test_the_levels_of_a_region_are_the_twins(case):
    drawn = Case(case)
    group = drawn.whole(np.int16, 0, GROUPS - 1, drawn.size)
    question = (group, drawn.yes(0.6, drawn.size), levels_of(drawn, drawn.size), GROUPS)
    assert_equals_its_twin(services.mean_levels, plain.mean_levels, *question)


@every_case
def test_needs_are_corrected_as_by_the_twin(case):
    drawn = Case(case)
    knowledge = levels_of(drawn, drawn.size)
    group = drawn.whole(np.int16, 0, GROUPS - 1, drawn.size)
    levels = plain.mean_levels(group, drawn.yes(0.8, drawn.size), knowledge, GROUPS)
    needs = drawn.whole(np.int8, 0, knowledge.shape[1] - 1, drawn.size * 3).reshape(-1, 3)
    question = (rows_of(drawn), group, levels, knowledge, needs)
    assert_equals_its_twin(services.correct_needs, plain.correct_needs, *question)


@every_case
def test_guests_learn_from_their_hosts_what_those_of_the_twin_learn(case):
    drawn = Case(case)
    question = (rows_of(drawn), rows_of(drawn), levels_of(drawn, drawn.size), drawn.choice([0.0, 0.2, 1.0]))
    assert_equals_its_twin(services.copy_largest_lead, plain.copy_largest_lead, *question)


@every_case
def test_need_forms_are_those_of_the_twin(case):
    drawn = Case(case)
    size, brokers, members, sectors, partnerships = drawn.size, 3, drawn.choice([0, 4]), 2, 2
    assert_equals_its_twin(
        filling(services.draw_need_forms, np.zeros(size, np.int64)),
        filling(plain.draw_need_forms, np.zeros(size, np.int64)),
        drawn.key,
        7,
        0.7,
        drawn.yes(0.9, size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.PROVIDER], size),
        drawn.rows(0, brokers, size),
        drawn.whole(np.int16, 0, sectors - 1, size),
        drawn.floats(np.float32, 1.0, 60.0, size),
        drawn.yes(0.2, size),
        drawn.identities(size),
        drawn.yes(0.8, sectors),
        np.float32(5.0),
        np.float32(50.0),
        drawn.rows(0, members, brokers),
        drawn.whole(np.int16, 0, partnerships - 1, members),
        drawn.yes(0.7, partnerships),
    )


@every_case
def test_gaps_close_as_by_the_twin(case):
    drawn = Case(case)
    assert_equals_its_twin(
        services.close_gaps,
        plain.close_gaps,
        np.flatnonzero(drawn.yes(0.7, drawn.size)),
        drawn.whole(np.int16, 0, GROUPS - 1, drawn.size),
        drawn.floats(np.float64, 0.0, 2.0, GROUPS),
        drawn.choice([0.1, 0.8]),
        drawn.floats(np.float32, 0.0, 1.0, drawn.size),
    )


@every_case
def test_awareness_reaches_those_of_the_twin(case):
    drawn = Case(case)
    size = drawn.size
    filled = (np.zeros(size, np.int64), np.zeros(size))
    assert_equals_its_twin(
        filling(services.reach_firms, *filled),
        filling(plain.reach_firms, *filled),
        drawn.key,
        7,
        11,
        0.5,
        drawn.yes(0.9, size),
        drawn.one_of(np.int8, [Kind.SME, Kind.SME, Kind.UNIVERSITY], size),
        drawn.identities(size),
        drawn.whole(np.int16, 0, GROUPS - 1, size),
        drawn.yes(0.8, GROUPS),
    )
