"""What services do to levels and needs, whom they reach, and whose needs are put in writing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.compilation import kernel
from simulation.kernels.lots import draw_below
from simulation.purposes import Purpose
from simulation.state import NOBODY

SME = int(Kind.SME)
AWARENESS = int(Purpose.AWARENESS)
NEED_FORM = int(Purpose.NEED_FORM)


@kernel
def mean_levels(
    group: NDArray[Any], counted: NDArray[np.bool_], knowledge: NDArray[np.float32], groups: int
) -> NDArray[np.float64]:
    """Mean level of each domain in each group: (groups, domains) float64, 0 in a group without rows.

    Parameters
    ----------
    group : (n,) int
        Group of each row, 0 or more where it counts.
    counted : (n,) bool
        Rows that count.
    knowledge : (n, domains) float32
        Levels, summed as float64 in the order of rows.
    groups : int
        Number of groups.
    """
    domains = knowledge.shape[1]
    levels = np.zeros((groups, domains))
    count = np.zeros(groups, np.int64)
    for row in range(group.size):
        if counted[row]:
            count[group[row]] += 1
            for domain in range(domains):
                levels[group[row], domain] += np.float64(knowledge[row, domain])
    for g in range(groups):
        for domain in range(domains):
            if count[g] > 0:
                levels[g, domain] /= np.float64(count[g])
    return levels


@kernel
def correct_needs(
    rows: NDArray[np.int64],
    group: NDArray[Any],
    levels: NDArray[np.float64],
    knowledge: NDArray[np.float32],
    needs: NDArray[np.int8],
) -> None:
    """Replace all needed domains but the first by those in which an organisation lags furthest behind its group.

    For each row, need after need: the domain, not among the needs before it, with the largest ``levels[group, domain] -
    float64(knowledge[row, domain])``, the lowest of equals. Where every domain is among them, the need stays.

    Parameters
    ----------
    rows : (k,) int64
        Rows of organisations.
    group : (n,) int
        Group of each organisation.
    levels : (groups, domains) float64
        From :func:`mean_levels`.
    knowledge : (n, domains) float32
        Levels.
    needs : (n, needs) int8
        Needed domains, changed in place.
    """
    for place in range(rows.size):
        row = rows[place]
        for need in range(1, needs.shape[1]):
            best = -1
            largest = 0.0
            for domain in range(knowledge.shape[1]):
                known = False
                for before in range(need):
                    if needs[row, before] == domain:
                        known = True
                if known:
                    continue
                lag = levels[group[row], domain] - np.float64(knowledge[row, domain])
                if best < 0 or lag > largest:
                    best = domain
                    largest = lag
            if best >= 0:
                needs[row, need] = best


@kernel
def copy_largest_lead(
    guests: NDArray[np.int64], hosts: NDArray[np.int64], knowledge: NDArray[np.float32], share: float
) -> None:
    """Let each guest learn from its host in the one domain in which the host leads most, one after the other.

    In the domain with the largest lead ``float64(knowledge[host]) - float64(knowledge[guest])``, the lowest of
    equals, the guest's level becomes float32(float64(level) + share * lead) if the lead is above 0.

    Parameters
    ----------
    guests, hosts : (k,) int64
        Rows of organisations.
    knowledge : (n, domains) float32
        Changed in place.
    share : float
        Share of the lead that is copied.
    """
    for place in range(guests.size):
        guest, host = guests[place], hosts[place]
        largest = 0.0
        best = -1
        for domain in range(knowledge.shape[1]):
            lead = np.float64(knowledge[host, domain]) - np.float64(knowledge[guest, domain])
            if lead > largest:
                largest = lead
                best = domain
        if best >= 0:
            knowledge[guest, best] = np.float32(np.float64(knowledge[guest, best]) + share * largest)


@kernel
def close_gaps(
    rows: NDArray[np.int64],
    region: NDArray[np.int16],
    quality: NDArray[np.float64],
    share: float,
    level: NDArray[np.float32],
) -> None:
    """Raise levels by a share of their distance to 1: ``k <- k + min(1, share × quality of the region) (1 - k)``.

    In float64, one row after the other.
    """
    for row in rows:
        closed = min(1.0, share * quality[region[row]])
        before = np.float64(level[row])
        level[row] = np.float32(before + closed * (1.0 - before))


@kernel
def reach_firms(
    key: np.uint64,
    month: int,
    counter: int,
    reach: float,
    alive: NDArray[np.bool_],
    kind: NDArray[np.int8],
    identity: NDArray[np.uint64],
    region: NDArray[np.int16],
    where: NDArray[np.bool_],
    rows: NDArray[np.int64],
    drawn: NDArray[np.float64],
) -> int:
    """Living SMEs in the regions in ``where`` with u at (AWARENESS, month, identity, counter) below ``reach``.

    Parameters
    ----------
    where : (regions,) bool
    rows, drawn : (organisations,)
        Filled from the front with their rows, rising, and their u.

    Returns
    -------
    int
        How many they are.
    """
    low = draw_below(key, AWARENESS, month, identity, counter, reach, rows, drawn)
    count = 0
    for place in range(low):
        row = rows[place]
        rows[count], drawn[count] = row, drawn[place]
        count += int(alive[row] & (kind[row] == SME) & where[region[row]])
    return count


@kernel
def draw_need_forms(
    key: np.uint64,
    month: int,
    rate: float,
    alive: NDArray[np.bool_],
    kind: NDArray[Any],
    broker: NDArray[Any],
    sector: NDArray[Any],
    size: NDArray[np.float32],
    need_form: NDArray[np.bool_],
    identity: NDArray[np.uint64],
    sectors: NDArray[np.bool_],
    least_size: np.float32,
    most_size: np.float32,
    broker_member: NDArray[Any],
    member_partnership: NDArray[Any],
    active: NDArray[np.bool_],
    rows: NDArray[np.int64],
) -> int:
    """Firms that fill in a need form this month.

    Living SMEs that have filled in none, of the ``sectors`` and of ``least_size`` to ``most_size`` employees, whose
    broker acts for a membership of an active partnership, with u at (NEED_FORM, month, identity, 0) below ``rate``.

    Parameters
    ----------
    sectors : (sectors,) bool
    broker_member : (brokers,) int32
    member_partnership, active : (members,), (partnerships,)
    rows : (organisations,) int64
        Filled from the front with their rows, rising.

    Returns
    -------
    int
        How many they are.
    """
    u = np.empty(rows.size)
    low = draw_below(key, NEED_FORM, month, identity, 0, rate, rows, u)
    count = 0
    for place in range(low):
        row = rows[place]
        if not alive[row] or kind[row] != SME or broker[row] == NOBODY or need_form[row]:
            continue
        member = broker_member[broker[row]]
        if member == NOBODY or not active[member_partnership[member]]:
            continue
        if sectors[sector[row]] and least_size <= size[row] <= most_size:
            rows[count] = row
            count += 1
    return count
