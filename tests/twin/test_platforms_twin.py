import numpy as np
import pytest

from simulation.kernels import platforms
from tests.reference import groups as plain_groups
from tests.reference import platforms as plain
from tests.twin.cases import Case, every_case

REGIONS, DOMAINS = 3, 4


def question(case, count, across, rate):
    region = case.whole(np.int16, 0, REGIONS - 1, count)
    offsets, users = plain_groups.rows_by_group(region, case.yes(0.8, count), REGIONS)
    network, _ = case.adjacency(count, count)
    met = case.whole(np.int32, 0, max(0, count - 1), 4 if count else 0).reshape(2, -1)
    young = {(min(pair) << 32) + max(pair) for pair in case.whole(np.int64, 0, 20, 8).reshape(-1, 2).tolist()}
    return (
        *(case.key, 9, np.array(offsets, np.int64), np.array(users, np.int32), across, rate, 0.05),
        *(met[0], met[1], case.identities(count), region),
        case.floats(np.float32, 0.0, 1.0, count * DOMAINS).reshape(count, DOMAINS),
        case.whole(np.int8, 0, DOMAINS - 1, count * 3).reshape(count, 3),
        *(case.floats(np.float32, 0.0, 1.0, count), case.floats(np.float64, 0.1, 1.0, REGIONS**2).reshape(3, 3)),
        *(0.5, 0.5, *network, np.array(sorted(young), np.int64)),
    )


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
