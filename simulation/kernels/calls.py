"""Applications to a call, and its decision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind, PartnersFrom
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import combine, pair_identity, uniform
from simulation.state import NOBODY

CALL_APPLICATION = int(Purpose.CALL_APPLICATION)
SME = int(Kind.SME)
BLOCK = 1024
"""Applicants that are drawn side by side."""

ONE_REGION = int(PartnersFrom.ONE_REGION)
ONE_COUNTRY = int(PartnersFrom.ONE_COUNTRY)
TWO_COUNTRIES = int(PartnersFrom.TWO_COUNTRIES)


@kernel
def sits_right(
    first: int,
    second: int,
    region: NDArray[Any],
    country: NDArray[Any],
    sector: NDArray[Any],
    partners_from: int,
    two_sectors: bool,
) -> bool:
    """Whether two organisations sit where a call wants the two of a pair, with ``two_sectors`` in two sectors.

    ``partners_from`` is a code of :class:`simulation.codes.PartnersFrom`: 0 anywhere, 1 in one region, 2 in one
    country, 3 in two countries.
    """
    # Without branches, which many pairs side by side would take one way and the other.
    one_country = country[first] == country[second]
    right = (partners_from != ONE_REGION) | (region[first] == region[second])
    right &= (partners_from != ONE_COUNTRY) | one_country
    right &= (partners_from != TWO_COUNTRIES) | (not one_country)
    return bool(right & ((not two_sectors) | (sector[first] != sector[second])))


@kernel
def find_eligible(
    alive: NDArray[Any],
    broker: NDArray[Any],
    running_projects: NDArray[Any],
    capital_cents: NDArray[Any],
    region: NDArray[Any],
    sector: NDArray[Any],
    kind: NDArray[Any],
    regions: NDArray[np.bool_],
    sectors: NDArray[np.bool_],
    smes_only: bool,
) -> NDArray[np.bool_]:
    """Whether each organisation may apply: alive, registered with a broker, without a running project, solvent.

    Its region and its sector are among the ``regions`` and ``sectors`` that count; with ``smes_only`` it is an SME.

    Parameters
    ----------
    alive, broker, running_projects, capital_cents, region, sector, kind : (organisations,)
        Columns of organisations; capital below zero is not solvent.
    regions, sectors : (regions,) and (sectors,) bool

    Returns
    -------
    (organisations,) bool
    """
    eligible = np.empty(len(alive), dtype=np.bool_)
    for row in range(len(alive)):
        free = alive[row] & (broker[row] != NOBODY) & (running_projects[row] == 0) & (capital_cents[row] >= 0)
        right = regions[region[row]] & sectors[sector[row]]
        eligible[row] = free & right & ((kind[row] == SME) | (not smes_only))
    return eligible


@kernel
def draw_applications(
    key: np.uint64,
    call_identity: np.uint64,
    months_open: int,
    month_of_call: int,
    apply_probability: float,
    first: NDArray[Any],
    second: NDArray[Any],
    identity: NDArray[Any],
    eligible: NDArray[Any],
    region: NDArray[Any],
    country: NDArray[Any],
    sector: NDArray[Any],
    partners_from: int,
    two_sectors: bool,
) -> NDArray[np.int64]:
    """Positions of the applicants of this month, in rising order.

    An applicant is an organisation (``second`` = -1) or a pair; its address is ``combine(identity,
    call_identity)``, with ``pair_identity`` of the two for a pair. All of its organisations are eligible and take
    part in no project now (``eligible``). The two of a pair sit in one region, in one country or in two countries,
    as the code ``partners_from`` says (``region`` and ``country`` of each organisation; 0: anywhere), with
    ``two_sectors`` in two sectors. It applies in the month ``int(uniform(key, CALL_APPLICATION, 0, address, 1) *
    months_open)`` of the call, counted from 0, when ``uniform(key, CALL_APPLICATION, 0, address, 0) <
    apply_probability``.
    """
    found = np.empty(len(first), dtype=np.int64)
    asked = np.empty(BLOCK, dtype=np.int64)
    one, other = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    address = np.empty(BLOCK, dtype=np.uint64)
    willing, when = np.empty(BLOCK), np.empty(BLOCK)
    count = 0
    for start in range(0, len(first), BLOCK):
        firsts, seconds = first[start : start + BLOCK], second[start : start + BLOCK]
        able = 0
        for k in range(len(firsts)):
            asked[able] = k
            able += int(eligible[firsts[k]] & ((seconds[k] < 0) | eligible[seconds[k]]))
        seated = 0
        for place in range(able):
            k = asked[place]
            i, j = firsts[k], seconds[k]
            asked[seated], one[seated], other[seated] = k, identity[i], identity[j]
            seated += int((j < 0) | sits_right(i, j, region, country, sector, partners_from, two_sectors))
        for place in range(seated):
            own = pair_identity(one[place], other[place]) if seconds[asked[place]] >= 0 else one[place]
            address[place] = combine(own, call_identity)
        for place in range(seated):
            willing[place] = uniform(key, CALL_APPLICATION, 0, address[place], 0)
        for place in range(seated):
            when[place] = uniform(key, CALL_APPLICATION, 0, address[place], 1)
        for place in range(seated):
            found[count] = start + asked[place]
            count += int((willing[place] < apply_probability) & (int(when[place] * months_open) == month_of_call))
    return found[:count].copy()


@kernel
def fund_in_order(
    order: NDArray[Any],
    first: NDArray[Any],
    second: NDArray[Any],
    side_of: NDArray[Any],
    left_cents: NDArray[Any],
    least_grant_cents: int,
    largest_grant_cents: int,
    alone: bool,
    room: NDArray[Any],
) -> NDArray[np.int64]:
    """Grant of each application in cents, 0 where refused, -1 where one of its organisations has no room left.

    Applications are taken in the given order. The sides of an application are the purses
    ``side_of[organisation]`` of its organisations, with ``alone`` of the first only; with two different purses each
    pays one half (the first the odd cent), so that a project needs both sides. The grant is the largest, or what the
    one purse has left, or twice what the poorer of the two has left, if that is less; nothing is granted below
    one cent or ``least_grant_cents``. ``left_cents`` falls, and so does the ``room`` (projects that it can still
    begin, int64) of each funded organisation, by 1.
    """
    grant = np.zeros(len(first), dtype=np.int64)
    for place in range(len(order)):
        k = order[place]
        i = first[k]
        j = second[k]
        if room[i] < 1 or (j >= 0 and room[j] < 1):
            grant[k] = -1
            continue
        a = side_of[i]
        b = side_of[j] if j >= 0 and not alone else a
        held = left_cents[a] if a == b else 2 * min(left_cents[a], left_cents[b])
        amount = min(largest_grant_cents, held)
        if amount <= 0 or amount < least_grant_cents:
            continue
        other_half = amount // 2 if a != b else 0
        left_cents[a] -= amount - other_half
        left_cents[b] -= other_half
        grant[k] = amount
        room[i] -= 1
        if j >= 0:
            room[j] -= 1
    return grant


@kernel
def begin_anyway(
    order: NDArray[Any], first: NDArray[Any], second: NDArray[Any], willing: NDArray[Any], room: NDArray[Any]
) -> NDArray[np.bool_]:
    """Which refused applications begin a project all the same.

    Those that are ``willing``, in the given order, begin while all of their organisations have ``room`` left. Each
    has one chance: the room of the organisations of every willing application falls by 1, whether or not it begins.
    """
    begins = np.zeros(len(first), dtype=np.bool_)
    asking, count = np.empty(len(order), dtype=np.int64), 0
    for place in range(len(order)):
        asking[count] = order[place]
        count += int(willing[order[place]])
    for k in asking[:count]:
        begins[k] = room[first[k]] >= 1 and (second[k] < 0 or room[second[k]] >= 1)
        room[first[k]] -= 1
        if second[k] >= 0:
            room[second[k]] -= 1
    return begins
