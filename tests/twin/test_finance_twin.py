import numpy as np
import pytest

from simulation.codes import Stage, Status
from simulation.kernels import finance
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY
from tests.reference import finance as plain
from tests.twin.cases import Case, assert_equals_its_twin, every_case

MONTHS = [-40, 0, 1, 17, 60]


@every_case
def test_everyone_living_earns_the_cents_of_the_twin(case):
    drawn = Case(case)
    question = (
        drawn.key,
        drawn.choice(MONTHS),
        drawn.identities(drawn.size),
        drawn.yes(0.7, drawn.size),
        drawn.floats(np.float32, 0.0, 250.0, drawn.size),
        drawn.one_of(np.int64, [0, -1, 10**9, -(10**12)], drawn.size),
        drawn.choice([0.0, 20_000.0, 12_345.5]),
        drawn.choice([0.0, 1.0, 0.3]),
    )
    assert_equals_its_twin(finance.receive_income, plain.receive_income, *question)


def test_thousands_earn_the_cents_of_the_twin():
    case, count = Case(0), 2500
    columns = (case.identities(count), case.yes(0.7, count), case.floats(np.float32, 0.0, 250.0, count))
    question = (case.key, 3, *columns, np.zeros(count, np.int64), 12_345.5, 0.3)
    assert_equals_its_twin(finance.receive_income, plain.receive_income, *question)


@pytest.mark.parametrize(("mean", "earned"), [(0.5, 1), (-0.5, 0)])
def test_half_a_cent_is_rounded_up_on_both_sides_of_zero(mean, earned):
    columns = np.arange(2, dtype=np.uint64), np.ones(2, np.bool_), np.ones(2, np.float32), np.zeros(2, np.int64)
    question = (np.uint64(1), 1, *columns, mean, 0.0)
    _, (*_, capital, _, _) = assert_equals_its_twin(finance.receive_income, plain.receive_income, *question)
    assert capital.tolist() == [earned, earned]


@pytest.mark.parametrize("grant", [0, 1, 2, 7, 8, 100_000_001])
@pytest.mark.parametrize("sides", [1, 2, 3, 8])
def test_the_sides_of_the_twin_pay_a_grant_to_the_cent(grant, sides):
    shares = [
        assert_equals_its_twin(finance.grant_side, plain.grant_side, grant, sides, side)[0] for side in range(sides)
    ]
    assert sum(shares) == grant


@every_case
def test_a_region_pays_from_the_purse_of_the_twin(case):
    drawn = Case(case)
    purse_region = drawn.whole(np.int16, NOBODY, 3, 9)
    for region in range(5):
        question = (drawn.choice([0, 3, 5]), drawn.choice([1, 4]), purse_region, region)
        assert_equals_its_twin(finance.purse_of_side, plain.purse_of_side, *question)


def grants_question(drawn):
    """Calls with one purse, with one a region (a region is missing), and projects with and without them."""
    members, member_count = drawn.teams(30, drawn.size)
    count = len(members)
    status = drawn.one_of(np.int8, [*Status, *[Status.RUNNING] * 4], count)
    grant = drawn.one_of(np.int64, [0, 1, 11, 1200, 1199, 99_995, 100_001, 5_000_000], count)
    return (
        status,
        members,
        member_count,
        drawn.rows(0, 3, count).astype(np.int16),
        grant,
        np.floor(grant * drawn.one_of(np.float64, [0.0, 0.0, 0.3, 0.9, 1.0], count)).astype(np.int64),
        drawn.whole(np.int16, 0, 3, drawn.size),
        np.array([0, 1, 4], np.int32),
        np.array([1, 3, 2], np.int32),
        np.array([NOBODY, 0, 1, 2, 3, 0], np.int16),
        np.zeros(6, np.int64),
        np.full(6, 10**9, np.int64),
    )


@every_case
@pytest.mark.parametrize("grant_months", [1, 3, 12])
def test_grants_are_paid_month_by_month_as_by_the_twin(case, grant_months):
    drawn = Case(case)
    question = grants_question(drawn)
    for _ in range(min(grant_months, 4) + 1):
        _, (*question, _) = assert_equals_its_twin(finance.pay_grants, plain.pay_grants, *question, grant_months)
        question[0][drawn.yes(0.2, len(question[0]))] = Status.FAILED


@pytest.mark.parametrize(("status", "spent", "committed"), [(Status.RUNNING, 10, 90), (Status.FAILED, 0, 0)])
def test_a_single_beneficiary_is_paid_by_its_own_region_where_every_region_has_a_purse(status, spent, committed):
    members = np.full((1, MOST_MEMBERS), NOBODY, np.int32)
    members[0, 0] = 0
    _, (*_, spent_cents, committed_cents, _) = assert_equals_its_twin(
        finance.pay_grants,
        plain.pay_grants,
        np.array([status], np.int8),
        members,
        np.ones(1, np.int8),
        np.zeros(1, np.int16),
        np.array([100]),
        np.zeros(1, np.int64),
        np.array([1], np.int16),
        np.array([0], np.int32),
        np.array([2], np.int32),
        np.array([0, 1], np.int16),
        np.zeros(2, np.int64),
        np.array([0, 100]),
        10,
    )
    assert spent_cents.tolist() == [0, spent]
    assert committed_cents.tolist() == [0, committed]


@every_case
def test_members_pay_the_own_shares_of_the_twin(case):
    drawn = Case(case)
    members, member_count = drawn.teams(20, drawn.size)
    count = len(members)
    question = (
        drawn.one_of(np.int8, [*Status, Status.RUNNING, Status.RUNNING], count),
        members,
        member_count,
        drawn.one_of(np.int64, [0, 10**7], count),
        drawn.one_of(np.int64, [0, -5, 10**8], drawn.size),
        drawn.one_of(np.int64, [0, 1, 99_999, 10**7], count),
        drawn.whole(np.int16, NOBODY, 1, count),
        np.array([0.0, 3.0]),
        drawn.choice([0, 100_000, 333_333]),
        drawn.one_of(np.int64, [0, 0, 1, 150_000, 10**9], count),
    )
    assert_equals_its_twin(finance.pay_own_shares, plain.pay_own_shares, *question)


@every_case
def test_the_projects_of_the_twin_find_outside_money(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    question = (
        drawn.key,
        month,
        drawn.identities(drawn.size),
        drawn.months(drawn.size, month),
        drawn.one_of(np.int8, [*Stage, Stage.PILOT, Stage.PILOT], drawn.size),
        drawn.one_of(np.int64, [0, 10**7], drawn.size),
        drawn.choice([0.0, 0.3, 0.6, 1.0]),
        5_000_000,
    )
    assert_equals_its_twin(finance.find_outside_money, plain.find_outside_money, *question)


@every_case
def test_the_market_rewards_the_members_of_the_twin(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    members, member_count = drawn.teams(20, drawn.size)
    count = len(members)
    question = (
        month,
        drawn.one_of(np.int8, [*Status, Status.COMMERCIALISED], count),
        drawn.months(count, month),
        members,
        member_count,
        drawn.one_of(np.int64, [0, -5, 10**8], drawn.size),
        drawn.floats(np.float32, 1.0, 250.0, drawn.size),
        drawn.whole(np.int16, 0, 3, drawn.size),
        5_000_000,
        drawn.choice([0.0, 1.0, 0.7]),
    )
    assert_equals_its_twin(finance.reward_commercialisation, plain.reward_commercialisation, *question)


@every_case
def test_the_accounts_of_projects_are_settled_as_by_the_twin(case):
    drawn = Case(case)
    month = drawn.choice(MONTHS)
    status, members, member_count, call, grant, paid, region, *purses = grants_question(drawn)
    count = len(members)
    question = (
        *(drawn.key, month, status, members, member_count, member_count, call, grant, paid),
        *(np.zeros(count, np.int64), drawn.one_of(np.int64, [0, 10**6], count), np.zeros(count, np.int64)),
        *(drawn.identities(count), drawn.months(count, month), drawn.months(count, month)),
        *(drawn.one_of(np.int8, [*Stage], count), region, drawn.one_of(np.int64, [0, 10**8], drawn.size)),
        *(drawn.floats(np.float32, 1.0, 250.0, drawn.size), drawn.whole(np.int16, 0, 3, drawn.size)),
        *(*purses, 12, np.array([0.0, 3.0, 1.0]), 100_000, 0.5, 5_000_000, 700_000, 0.7),
    )
    assert_equals_its_twin(finance.settle_projects, plain.settle_projects, *question)
