import numpy as np
import pytest

from simulation.codes import Account, Source
from simulation.counters import counters_schema
from simulation.money import cents, open_purse, open_running_purses, pay, spent_cents
from simulation.schemas import empty_state
from simulation.state import NOBODY


@pytest.fixture
def state():
    empty = empty_state(1, counters_schema())
    open_running_purses(empty)
    return empty


def test_amounts_are_whole_cents():
    assert cents(1.5) == 150_000
    assert cents(0.000014) == 1
    assert cents(0.1) * 3 == cents(0.3)


def test_there_is_one_running_purse_for_every_source_and_account(state):
    kinds = set(zip(state.purses.source.tolist(), state.purses.account.tolist(), strict=True))
    assert kinds == {(int(source), int(account)) for source in Source for account in Account}
    assert len(state.purses) == len(kinds)


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("account", list(Account))
def test_what_is_paid_is_put_in_and_spent_in_the_purse_of_its_source_and_account(state, source, account):
    pay(state, source, account, 7)
    pay(state, source, account, 5)
    row = int(np.flatnonzero(state.purses.spent_cents)[0])
    assert (state.purses.source[row], state.purses.account[row]) == (source, account)
    assert state.purses.spent_cents.sum() == state.purses.received_cents.sum() == state.purses.spent_cents[row] == 12


def test_nothing_paid_leaves_no_trace(state):
    pay(state, Source.EU, Account.GRANTS, 0)
    assert not state.purses.received_cents.any()


def test_a_purse_with_a_budget_holds_it_unspent(state):
    row = open_purse(state, Source.NATIONAL, Account.GRANTS, 500, region=3)
    assert state.purses.received_cents[row] == 500
    assert state.purses.spent_cents[row] == state.purses.committed_cents[row] == 0
    assert state.purses.region[row] == 3
    assert (state.purses.region[:row] == NOBODY).all()


def test_spending_is_added_up_by_account_and_source(state):
    pay(state, Source.EU, Account.GRANTS, 1)
    pay(state, Source.REGIONAL, Account.GRANTS, 10)
    pay(state, Source.REGIONAL, Account.SERVICES, 100)
    assert spent_cents(state, (Account.GRANTS,)) == 11
    assert spent_cents(state, (Account.GRANTS, Account.SERVICES), (Source.REGIONAL,)) == 110
    assert spent_cents(state, (Account.COORDINATION,)) == 0
