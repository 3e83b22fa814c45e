import numpy as np
import pytest

from simulation.codes import PartnersFrom
from simulation.kernels import vouchers
from simulation.state import NOBODY
from tests.reference import groups as plain_groups
from tests.reference import vouchers as plain
from tests.twin.cases import Case, every_case

REGIONS, DOMAINS = 3, 4


def question(case, count, partners_from, two_sectors, seen):
    region = case.whole(np.int16, 0, REGIONS - 1, count)
    supplies = case.yes(0.5, count)
    offsets, suppliers = plain_groups.rows_by_group(region, supplies, REGIONS)
    network, (first, _) = case.adjacency(count, 2 * count)
    buyers = np.flatnonzero(~supplies).astype(np.int32)
    return (
        *(case.key, case.identities(1)[0], buyers, case.identities(count), supplies),
        *(np.array(offsets, np.int64), np.array(suppliers, np.int32), region, np.array([0, 0, 1], np.int16)[region]),
        *(case.whole(np.int16, 0, 1, count), int(partners_from), two_sectors, seen),
        case.floats(np.float32, 0.0, 1.0, count * DOMAINS).reshape(count, DOMAINS),
        case.whole(np.int8, 0, DOMAINS - 1, count * 3).reshape(count, 3),
        *(case.floats(np.float32, 0.0, 1.0, count), case.floats(np.float64, 0.1, 1.0, REGIONS**2).reshape(3, 3)),
        *(*network, case.floats(np.float32, 0.0, 1.0, len(first)), 0.5, 0.3, 0.5),
    )


@every_case
@pytest.mark.parametrize("partners_from", PartnersFrom)
def test_buyers_choose_the_suppliers_of_the_twin(case, partners_from):
    drawn = Case(case)
    asked = question(drawn, drawn.size, partners_from, bool(case % 2), case % 5)
    chosen, surplus, distance = vouchers.choose_suppliers(*asked)
    assert (chosen.dtype, surplus.dtype, distance.dtype) == (np.int32, np.float64, np.float64)
    assert [chosen.tolist(), surplus.tolist(), distance.tolist()] == plain.choose_suppliers(*asked)


def test_of_thirty_organisations_most_buyers_find_a_supplier():
    asked = question(Case(5), 30, PartnersFrom.ANYWHERE, False, 4)
    chosen = vouchers.choose_suppliers(*asked)[0]
    assert np.count_nonzero(chosen != NOBODY) > 8


@every_case
def test_what_a_buyer_gains_equals_the_twin_to_the_last_bit(case):
    drawn = Case(case)
    count = drawn.size
    knowledge = drawn.floats(np.float32, 0.0, 1.0, count * DOMAINS).reshape(count, DOMAINS)
    needs = drawn.whole(np.int8, 0, DOMAINS - 1, count * 3).reshape(count, 3)
    capacity = drawn.floats(np.float32, 0.0, 1.0, count)
    for supplier in range(1, count):
        asked = (0, supplier, knowledge, needs, capacity, 0.5, 0.3)
        assert vouchers.bought_surplus(*asked) == plain.bought_surplus(*asked)
