"""Money: every euro has a source and an account, and in = out + left, always, to the cent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Account, Source
from simulation.state import NOBODY, State

CENTS_PER_KEUR = 100_000
ACCOUNTS = len(Account)
REGIONAL = int(Source.REGIONAL)


def cents(keur: float) -> int:
    """Whole cents in an amount of thousand euros."""
    return round(keur * CENTS_PER_KEUR)


def open_purse(state: State, source: Source, account: Account, budget_cents: int, region: int = NOBODY) -> int:
    """Put money of one source aside for one account.

    Returns
    -------
    int
        Row of the purse.
    """
    rows = state.purses.append(1, source=int(source), account=int(account), received_cents=budget_cents, region=region)
    return int(rows.start)


def open_purses(state: State, source: Source, account: Account, budget_cents: int, regions: Sequence[int]) -> slice:
    """Divide money of one source for one account over regions in equal parts, the odd cents to the first ones.

    Parameters
    ----------
    regions : sequence of int
        Rows of the regions, at least one; NOBODY for money of no region.

    Returns
    -------
    slice
        Rows of the purses, in the order of the regions.
    """
    part, odd = divmod(budget_cents, len(regions))
    rows = [open_purse(state, source, account, part + (place < odd), region) for place, region in enumerate(regions)]
    return slice(rows[0], rows[-1] + 1)


def pay(state: State, source: Source, account: Account, amount_cents: int) -> None:
    """Pay a cost as it arises: the money is put in and spent at once, in the purse without a budget."""
    if amount_cents == 0:
        return
    purse = int(source) * ACCOUNTS + int(account)
    state.purses.received_cents[purse] += amount_cents
    state.purses.spent_cents[purse] += amount_cents


def open_running_purses(state: State) -> None:
    """The purses without a budget, one for each source and account, in the first rows of the table."""
    pairs = [(int(source), int(account)) for source in Source for account in Account]
    state.purses.append(
        len(pairs), source=[source for source, _ in pairs], account=[account for _, account in pairs], region=NOBODY
    )


def left_of_budget(state: State, budget_cents: int) -> int:
    """What a budget for all public money leaves, neither spent nor promised so far; at least 0, in cents."""
    purses = state.purses
    public = purses.source <= REGIONAL
    used = int(purses.spent_cents[public].sum() + purses.committed_cents[public].sum())
    return max(0, budget_cents - used)


def within(amounts: NDArray[np.int64], limit: int | None) -> NDArray[np.int64]:
    """As much of each amount, the first ones first, as all of them may come to together; all of it without a limit."""
    if limit is None:
        return amounts
    before = np.cumsum(amounts) - amounts
    taken: NDArray[np.int64] = np.clip(limit - before, 0, amounts)
    return taken


def spent_cents(state: State, accounts: tuple[Account, ...], sources: tuple[Source, ...] = tuple(Source)) -> int:
    """All money spent from the given sources for the given accounts."""
    purses = state.purses
    chosen = np.isin(purses.source, sources) & np.isin(purses.account, accounts)
    return int(purses.spent_cents[chosen].sum())
