import numpy as np
import pytest

from simulation.codes import Channel
from simulation.kernels import platforms
from tests.reference import platforms as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

REGIONS, DOMAINS = 3, 4


def question(case, count, across, rate):
    network, (first, second) = case.adjacency(count, count)
    met = case.whole(np.int32, 0, max(0, count - 1), 8 if count else 0).reshape(2, -1)
    young = np.sort(case.whole(np.int32, 0, 20, 8).reshape(2, -1), axis=0)
    return (
        *(case.key, 9, across, rate, 0.05),
        *(case.one_of(np.int8, [Channel.PLATFORM, Channel.FRIENDS], met.shape[1]), met[0], met[1]),
        *(case.yes(0.9, count), case.rows(0, 9, count), case.months(count, 9)),
        *(case.identities(count), case.whole(np.int16, 0, REGIONS - 1, count)),
        case.floats(np.float32, 0.0, 1.0, count * DOMAINS).reshape(count, DOMAINS),
        case.whole(np.int8, 0, DOMAINS - 1, count * 3).reshape(count, 3),
        *(case.floats(np.float32, 0.0, 1.0, count), case.floats(np.float64, 0.1, 1.0, REGIONS**2).reshape(3, 3)),
        *(0.5, 0.5, *network, np.concatenate((first, young[0])), np.concatenate((second, young[1]))),
    )


@every_case
def test_pairs_have_the_numbers_of_the_twin(case):
    drawn = Case(case)
    ends = (drawn.whole(np.int32, 0, 5, drawn.size), drawn.whole(np.int32, 6, 9, drawn.size))
    assert_equals_its_twin(platforms.numbers_of_pairs, plain.numbers_of_pairs, *ends)


@every_case
@pytest.mark.parametrize("rate", [0.0, 0.4, 1.0])
def test_the_firms_of_the_twin_sign_up(case, rate):
    drawn = Case(case)
    count = drawn.size
    question = (
        *(drawn.key, drawn.choice([-3, 9]), drawn.yes(0.7, REGIONS), rate),
        *(drawn.yes(0.8, count), drawn.rows(0, 3, count), drawn.whole(np.int16, 0, REGIONS - 1, count)),
        *(drawn.identities(count), drawn.months(count, 9)),
    )
    assert_equals_its_twin(platforms.sign_up_firms, plain.sign_up_firms, *question)


@every_case
@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("rate", [0.0, 0.5, 1.0])
def test_the_users_of_the_twin_connect(case, across, rate):
    drawn = Case(case)
    asked = question(drawn, drawn.size, across, rate)
    pairs = platforms.connect_users(*asked)
    assert pairs.dtype == np.int64
    assert pairs.tolist() == plain.connect_users(*asked)


def test_of_thirty_users_some_connect():
    assert len(platforms.connect_users(*question(Case(5), 30, True, 1.0))) > 4
