"""Applications to a call, and its decision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import PartnersFrom
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import combine, pair_identity, uniform

CALL_APPLICATION = int(Purpose.CALL_APPLICATION)
ONE_REGION = int(PartnersFrom.ONE_REGION)
ONE_COUNTRY = int(PartnersFrom.ONE_COUNTRY)
TWO_COUNTRIES = int(PartnersFrom.TWO_COUNTRIES)


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
    partners_from: int,
) -> NDArray[np.int64]:
    """Positions of the applicants of this month, in rising order.

    An applicant is an organisation (``second`` = -1) or a pair; its address is ``combine(identity,
    call_identity)``, with ``pair_identity`` of the two for a pair. All of its organisations are eligible and take
    part in no project now (``eligible``). The two of a pair sit in one region, in one country or in two countries,
    as the code ``partners_from`` says (``region`` and ``country`` of each organisation; 0: anywhere). It applies in
    the month ``int(uniform(key, CALL_APPLICATION, 0, address, 1) *
    months_open)`` of the call, counted from 0, when ``uniform(key, CALL_APPLICATION, 0, address, 0) <
    apply_probability``.
    """
    found = np.empty(len(first), dtype=np.int64)
    count = 0
    for k in range(len(first)):
        i = first[k]
        j = second[k]
        if not eligible[i] or (j >= 0 and not eligible[j]):
            continue
        own = identity[i]
        if j >= 0:
            if (
                (partners_from == ONE_REGION and region[i] != region[j])
                or (partners_from == ONE_COUNTRY and country[i] != country[j])
                or (partners_from == TWO_COUNTRIES and country[i] == country[j])
            ):
                continue
            own = pair_identity(identity[i], identity[j])
        address = combine(own, call_identity)
        if uniform(key, CALL_APPLICATION, 0, address, 0) >= apply_probability:
            continue
        if int(uniform(key, CALL_APPLICATION, 0, address, 1) * months_open) == month_of_call:
            found[count] = k
            count += 1
    return found[:count].copy()


@kernel
def fund_in_order(
    order: NDArray[Any],
    first: NDArray[Any],
    second: NDArray[Any],
    side_of: NDArray[Any],
    left_cents: NDArray[Any],
    largest_grant_cents: int,
    free: NDArray[Any],
) -> NDArray[np.int64]:
    """Grant of each application in cents, 0 where refused, -1 where an applicant has meanwhile begun a project.

    Applications are taken in the given order. The sides of an application are the purses
    ``side_of[organisation]`` of its organisations; with two different purses each pays one half (the first the
    odd cent), so that a project needs both sides. The grant is the largest, or what the one purse has left, or
    twice what the poorer of the two has left, if that is less; nothing is granted below one cent. ``left_cents``
    falls, and a funded organisation is no longer ``free``.
    """
    grant = np.zeros(len(first), dtype=np.int64)
    for place in range(len(order)):
        k = order[place]
        i = first[k]
        j = second[k]
        if not free[i] or (j >= 0 and not free[j]):
            grant[k] = -1
            continue
        a = side_of[i]
        b = side_of[j] if j >= 0 else a
        if a == b:
            amount = min(largest_grant_cents, left_cents[a])
            left_cents[a] -= amount
        else:
            half = min(left_cents[a], left_cents[b])
            amount = min(largest_grant_cents, 2 * half)
            left_cents[a] -= amount - amount // 2
            left_cents[b] -= amount // 2
        if amount > 0:
            grant[k] = amount
            free[i] = False
            if j >= 0:
                free[j] = False
    return grant
