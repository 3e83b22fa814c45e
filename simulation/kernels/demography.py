"""Kernels of demography: exits, births, entrants' ties, projects whose partner is gone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind, Status
from simulation.compilation import kernel
from simulation.kernels.networks import tie_between
from simulation.kernels.ties import pair_number
from simulation.purposes import Purpose
from simulation.randomness import combine, uniform
from simulation.state import NOBODY

ENTRY = int(Purpose.ENTRY)
EXIT = int(Purpose.EXIT)
ENTRANT_PARTNER = int(Purpose.ENTRANT_PARTNER)
FOUNDING_AGE = int(Purpose.FOUNDING_AGE)
SME = int(Kind.SME)
RUNNING = int(Status.RUNNING)
EXPIRED = int(Status.EXPIRED)
FIRST_YEAR = 12
FIRST_FIVE_YEARS = 60
AGE_CLASSES = 3
OLDEST = 1200
ATTEMPTS = 8


@kernel
def age_class(age_months: int) -> int:
    """Class of the exit hazard: 0 up to 12 months of age, 1 up to 60, 2 above."""
    return int(age_months > FIRST_YEAR) + int(age_months > FIRST_FIVE_YEARS)


@kernel
def exits(
    draw: NDArray[np.float64],
    month: int,
    alive: NDArray[np.bool_],
    kind: NDArray[np.int8],
    born_month: NDArray[np.int16],
    capital_cents: NDArray[np.int64],
    cluster: NDArray[np.int32],
    hazards: NDArray[np.float64],
    cluster_multiplier: NDArray[np.float64],
    insolvency_multiplier: float,
) -> NDArray[np.int32]:
    """The SMEs that exit this month; nothing is changed.

    Of each living SME: c = :func:`age_class` (month - born_month), r = cluster_multiplier of its cluster, m =
    insolvency_multiplier if its capital is below zero, else 1. The hazards are totals, so insolvency shifts
    exits within an age class and adds none: with A_c = sum of r and B_c = sum of r m over the class's SMEs
    (float64, in the order of rows), its hazard is ``((hazards[c] * r) * m) * (A_c / B_c)``, and B_c = 0 gives
    0. It exits if its draw is below that.

    Parameters
    ----------
    draw : (n,) float64
        uniform(key, EXIT, month, identity, 0) of each organisation.
    month : int
        Month.
    alive, kind, born_month, capital_cents, cluster : (n,)
        Columns of organisations.
    hazards : (3,) float64
        Monthly hazard of each age class.
    cluster_multiplier : (clusters,) float64
        Exit hazard of each cluster relative to the others.
    insolvency_multiplier : float
        Exit hazard of a firm without capital relative to others of its class.

    Returns
    -------
    (k,) int32
        Rows of organisations, rising.
    """
    # One sum a class and kind: each is added to in its own register. Who is not counted adds nothing.
    first_plain, second_plain, third_plain = 0.0, 0.0, 0.0
    first_weighted, second_weighted, third_weighted = 0.0, 0.0, 0.0
    for row in range(alive.size):
        counted = alive[row] & (kind[row] == SME)
        multiplier = cluster_multiplier[cluster[row]] if counted else 0.0
        weighted = multiplier * insolvency_multiplier if capital_cents[row] < 0 else multiplier
        group = age_class(month - born_month[row])
        first_plain += multiplier if group == 0 else 0.0
        second_plain += multiplier if group == 1 else 0.0
        third_plain += multiplier if group == 2 else 0.0
        first_weighted += weighted if group == 0 else 0.0
        second_weighted += weighted if group == 1 else 0.0
        third_weighted += weighted if group == 2 else 0.0
    plain, adjusted = (first_plain, second_plain, third_plain), (first_weighted, second_weighted, third_weighted)
    scale, most = np.zeros(AGE_CLASSES), 0.0
    for group in range(AGE_CLASSES):
        if adjusted[group] > 0.0:
            scale[group] = plain[group] / adjusted[group]
        for multiplier in cluster_multiplier:
            hazard = hazards[group] * multiplier
            most = max(most, hazard * scale[group], hazard * insolvency_multiplier * scale[group])
    leaving, count = np.empty(alive.size, np.int32), 0
    for row in range(alive.size):
        if draw[row] < most and alive[row] and kind[row] == SME:
            group = age_class(month - born_month[row])
            own = insolvency_multiplier if capital_cents[row] < 0 else 1.0
            leaving[count] = row
            count += int(draw[row] < hazards[group] * cluster_multiplier[cluster[row]] * own * scale[group])
    return leaving[:count].copy()


@kernel
def leave_market(
    key: np.uint64,
    month: int,
    identity: NDArray[np.uint64],
    alive: NDArray[np.bool_],
    kind: NDArray[np.int8],
    born_month: NDArray[np.int16],
    capital_cents: NDArray[np.int64],
    cluster: NDArray[np.int32],
    hazards: NDArray[np.float64],
    cluster_multiplier: NDArray[np.float64],
    insolvency_multiplier: float,
    died_month: NDArray[np.int16],
    broker: NDArray[np.int32],
    park: NDArray[np.int32],
    group: NDArray[np.int32],
) -> NDArray[np.int32]:
    """The :func:`exits` of the month, with its draws; who exits is dead, without broker, park or group.

    Parameters
    ----------
    key, month
        Address; the draw of an organisation is uniform(key, EXIT, month & 0xFFFF, identity, 0).
    alive, died_month, broker, park, group : (n,)
        Columns of organisations, changed in place; the other arguments are those of :func:`exits`.

    Returns
    -------
    (k,) int32
        Rows of organisations, rising.
    """
    draw = np.empty(identity.size)
    for row in range(identity.size):
        draw[row] = uniform(key, EXIT, month & 0xFFFF, identity[row], 0)
    leaving = exits(
        draw,
        month,
        alive,
        kind,
        born_month,
        capital_cents,
        cluster,
        hazards,
        cluster_multiplier,
        insolvency_multiplier,
    )
    for row in leaving:
        alive[row], died_month[row] = False, month
        broker[row], park[row], group[row] = NOBODY, NOBODY, NOBODY
    return leaving


@kernel
def stationary_ages(
    key: np.uint64,
    identity: NDArray[np.uint64],
    hazards: NDArray[np.float64],
    multiplier: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Ages of organisations as they are when births have balanced exits for long.

    The share of age a (months, 0 to 1200) is proportional to survival to it: s_0 = 1, s_(a+1) = s_a (1 - h),
    with h = min(1, hazards[age_class(a + 1)] * multiplier). Cumulated in rising order c_a = c_(a-1) + s_a, an
    organisation's age is the smallest a with c_a > u c_1200, u = uniform(key, FOUNDING_AGE, month 0,
    identity, 0).

    Parameters
    ----------
    key : uint64
        Key of the run.
    identity : (n,) uint64
        Addresses.
    hazards : (3,) float64
        Monthly hazard of each age class.
    multiplier : (n,) float64
        Exit hazard of each organisation relative to the hazards; equal values next to each other are fast.

    Returns
    -------
    (n,) int64
        Ages in months.
    """
    ages = np.empty(identity.size, np.int64)
    cumulated = np.empty(OLDEST + 1)
    for row in range(identity.size):
        if row == 0 or multiplier[row] != multiplier[row - 1]:
            survival, total = 1.0, 0.0
            for age in range(OLDEST + 1):
                total += survival
                cumulated[age] = total
                survival *= 1.0 - min(1.0, hazards[age_class(age + 1)] * multiplier[row])
        u = uniform(key, FOUNDING_AGE, 0, identity[row], 0)
        ages[row] = min(OLDEST, np.searchsorted(cumulated, u * cumulated[OLDEST], side="right"))
    return ages


@kernel
def end_projects_of_the_dead(
    month: int,
    alive: NDArray[np.bool_],
    running_projects: NDArray[np.int8],
    status: NDArray[np.int8],
    ended_month: NDArray[np.int16],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
) -> NDArray[np.int32]:
    """Running projects with a dead member expire.

    For each such project in the order of rows: status becomes EXPIRED, ended_month the month, and
    running_projects of every member, living or dead, falls by one.

    Parameters
    ----------
    month : int
        Month.
    alive, running_projects : (n,) bool, int8
        Columns of organisations; running_projects is changed in place.
    status, ended_month : (p,)
        Columns of projects, changed in place.
    members, member_count : (p, 8), (p,)
        Columns of projects.

    Returns
    -------
    (k,) int32
        Rows of the projects that ended, rising.
    """
    ended = np.empty(status.size, np.int32)
    count = 0
    for project in range(status.size):
        if status[project] != RUNNING:
            continue
        complete = True
        for place in range(member_count[project]):
            complete = complete and alive[members[project, place]]
        if complete:
            continue
        status[project] = EXPIRED
        ended_month[project] = month
        for place in range(member_count[project]):
            running_projects[members[project, place]] -= 1
        ended[count] = project
        count += 1
    return ended[:count].copy()


@kernel
def births(
    key: np.uint64,
    month: int,
    leaving: NDArray[np.int32],
    cluster: NDArray[np.int32],
    birth_ratio: NDArray[np.float64],
    cluster_identity: NDArray[np.uint64],
) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    """The entrants of the month: the k-th of a cluster and month is the same firm under every policy.

    In the order of clusters, floor(exits * ratio + uniform(key, ENTRY, month, cluster_identity, 0)) firms
    enter a cluster with exits; the k-th (from 0) has the identity combine(combine(cluster_identity, month &
    0xFFFF), k).

    Parameters
    ----------
    key : uint64
        Key of the run.
    month : int
        Month; its lowest 16 bits are the address.
    leaving : (k,) int32
        Rows of the organisations that exit this month.
    cluster : (n,) int32
        Cluster of each organisation.
    birth_ratio, cluster_identity : (clusters,) float64, uint64
        Entries per exit, and address of each cluster.

    Returns
    -------
    cluster, identity : (e,) int32, uint64
        Cluster and address of each entrant.
    """
    when = month & 0xFFFF
    exits_of = np.zeros(birth_ratio.size, np.int64)
    for row in leaving:
        exits_of[cluster[row]] += 1
    entering = np.zeros(birth_ratio.size, np.int64)
    total, count = 0, 0
    for place in range(birth_ratio.size):
        if exits_of[place] > 0:
            u = uniform(key, ENTRY, when, cluster_identity[place], 0)
            entering[place] = int(np.floor(exits_of[place] * birth_ratio[place] + u))
            total += entering[place]
    into, identity = np.empty(total, np.int32), np.empty(total, np.uint64)
    for place in range(birth_ratio.size):
        of_month = combine(cluster_identity[place], np.uint64(when))
        for k in range(entering[place]):
            into[count] = place
            identity[count] = combine(of_month, np.uint64(k))
            count += 1
    return into, identity


@kernel
def entrant_ties(
    key: np.uint64,
    month: int,
    identity: NDArray[np.uint64],
    cluster: NDArray[np.int32],
    cluster_offsets: NDArray[np.int64],
    cluster_rows: NDArray[np.int32],
    first_row: int,
    ties_each: int,
) -> NDArray[np.int64]:
    """Ties that entrants bring: different incumbents of their cluster, at random.

    For each entrant e in order and each of its ties t = 0, 1, ...: attempts a = 0 to 7 take number floor(u c)
    of the c living incumbents of its cluster, u = uniform(key, ENTRANT_PARTNER, month, identity, 8 t + a),
    until one is not yet among its partners. After eight failures there is no t-th tie.

    Parameters
    ----------
    key : uint64
        Key of the run.
    month : int
        Month; its lowest 16 bits are the address.
    identity, cluster : (e,) uint64, int32
        Entrants.
    cluster_offsets, cluster_rows : (clusters + 1,) int64, (living,) int32
        Living incumbents, from :func:`simulation.kernels.groups.rows_by_group`.
    first_row : int
        Row of the first entrant.
    ties_each : int
        Ties that an entrant brings.

    Returns
    -------
    (k,) int64
        :func:`simulation.kernels.ties.pair_number` of the incumbent and the entrant, in the order of entrants and t.
    """
    pairs, count = np.empty(identity.size * ties_each, np.int64), 0
    for entrant in range(identity.size):
        start = cluster_offsets[cluster[entrant]]
        incumbents = cluster_offsets[cluster[entrant] + 1] - start
        own = count
        for tie in range(ties_each if incumbents > 0 else 0):
            for attempt in range(ATTEMPTS):
                u = uniform(key, ENTRANT_PARTNER, month & 0xFFFF, identity[entrant], ATTEMPTS * tie + attempt)
                pair = pair_number(cluster_rows[start + int(u * incumbents)], first_row + entrant)
                known = False
                for place in range(own, count):
                    known = known or pairs[place] == pair
                if not known:
                    pairs[count] = pair
                    count += 1
                    break
    return pairs[:count].copy()


@kernel
def release_ties(
    ended: NDArray[np.int32],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    ties: NDArray[np.int32],
    running_projects: NDArray[np.int8],
) -> None:
    """Ties between the surviving members of ended projects carry one project less.

    For each project of ``ended`` and each pair of members i, j (i = 0, 1, ..., j = 0 ... i - 1) with a tie in
    the adjacency, running_projects of the tie falls by one.

    Parameters
    ----------
    ended : (k,) int32
        Rows of projects, from :func:`end_projects_of_the_dead`.
    members, member_count : (p, 8), (p,)
        Columns of projects.
    offsets, neighbours, ties : (n + 1,) int64, (2 m,) int32, (2 m,) int32
        Adjacency without the ties of the dead.
    running_projects : (ties,) int8
        Column of ties, changed in place.
    """
    for place in range(ended.size):
        project = ended[place]
        for i in range(member_count[project]):
            for j in range(i):
                tie = tie_between(members[project, i], members[project, j], offsets, neighbours, ties)
                if tie != NOBODY:
                    running_projects[tie] -= 1
