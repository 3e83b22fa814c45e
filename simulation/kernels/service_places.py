"""Who asks for a place in a service and who takes one: the loops of :mod:`simulation.service_places`."""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import ROUTE_OF_NEED, Kind
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import bits, uniform
from simulation.state import NOBODY

__all__ = [
    "close_gaps",
    "find_askers",
    "give_places",
    "order_of_lot",
    "reach_firms",
    "take_places",
    "those_who_ask",
]

type Rows = NDArray[np.int64]
type Identities = NDArray[np.uint64]

SME = int(Kind.SME)
AWARENESS = int(Purpose.AWARENESS)
SERVICE_UPTAKE = int(Purpose.SERVICE_UPTAKE)
SERVICE_ORDER = int(Purpose.SERVICE_ORDER)


@kernel
def order_of_lot(drawn: Identities, identity: Identities, group: NDArray[np.int16], groups: int) -> Rows:
    """Places of (n,) entities group by group in rising order, in each by rising ``drawn``, of equals by identity."""
    by_lot = np.argsort(drawn, kind="mergesort")
    for place in range(1, by_lot.size):
        moving = place
        while (
            moving > 0
            and drawn[by_lot[moving - 1]] == drawn[by_lot[moving]]
            and identity[by_lot[moving - 1]] > identity[by_lot[moving]]
        ):
            by_lot[moving - 1], by_lot[moving] = by_lot[moving], by_lot[moving - 1]
            moving -= 1
    first = np.zeros(groups + 1, np.int64)
    for place in range(group.size):
        first[group[place] + 1] += 1
    for each in range(groups):
        first[each + 1] += first[each]
    order = np.empty(by_lot.size, np.int64)
    for place in by_lot:
        order[first[group[place]]] = place
        first[group[place]] += 1
    return order


@kernel
def those_who_ask(
    key: np.uint64,
    month: int,
    counter: int,
    allowed: NDArray[np.bool_],
    identity: Identities,
    region: NDArray[np.int16],
    regions: int,
    satisfaction: NDArray[np.float32],
    referred_until_month: NDArray[np.int16],
    need_kind: NDArray[np.int8],
    route: int,
    rates: tuple[float, float, float],
) -> Rows:
    """Rows of the allowed organisations that ask for a place, region by region in rising order, in each by lot.

    One asks if u at (SERVICE_UPTAKE, month, identity, counter) is below ``take up``, times ``1 + reuse ×
    satisfaction`` where reuse is above 0; where it is referred to this route by its need, at least below the take-up of
    the referred. The lot is the order of bits(SERVICE_ORDER, month, identity, counter), of equals that of identity.

    Parameters
    ----------
    counter : int
        That of the service.
    allowed, identity, region, satisfaction, referred_until_month, need_kind : (organisations,)
    route : int
        Route to which the service belongs; NOBODY for none.
    rates : three floats
        Take-up, reuse, take-up of the referred.
    """
    take_up, reuse, referred_take_up = rates
    asking = np.empty(allowed.size, np.int64)
    count = 0
    for row in range(allowed.size):
        if not allowed[row]:
            continue
        probability = take_up
        if reuse > 0.0:
            probability = take_up * (1.0 + reuse * np.float64(satisfaction[row]))
        if route != NOBODY and referred_until_month[row] >= month and ROUTE_OF_NEED[need_kind[row]] == route:
            probability = max(probability, referred_take_up)
        if uniform(key, SERVICE_UPTAKE, month, identity[row], counter) < probability:
            asking[count] = row
            count += 1
    drawn, who = np.empty(count, np.uint64), np.empty(count, np.uint64)
    where = np.empty(count, np.int16)
    for place in range(count):
        row = asking[place]
        who[place], where[place] = identity[row], region[row]
        drawn[place] = bits(key, SERVICE_ORDER, month, identity[row], counter)
    order = order_of_lot(drawn, who, where, regions)
    for place in range(count):
        order[place] = asking[order[place]]
    return order


@kernel
def take_places(
    queue: Rows,
    region: NDArray[np.int16],
    places: int,
    regions: int,
    broker: NDArray[np.int32],
    staff_days: float,
    cases_per_day: float,
    days: NDArray[np.float64],
    case_capacity: NDArray[np.int32],
    partner_case_capacity: NDArray[np.int32],
) -> Rows:
    """Those of a queue that get a place: the first ``places`` of each region, as far as staff days last.

    Where a place takes staff days, the k-th of these clients of a broker, from 1, gets one if k staff_days are at most
    the broker's days. Then its days fall by the days spent, its cases by ``ceil(spent cases_per_day)`` to no less than
    0, and its partner cases to no more than its cases.

    Parameters
    ----------
    queue : (k,) int64
        From :func:`those_who_ask`.
    region, broker : (organisations,)
    days, case_capacity, partner_case_capacity : (brokers,)
        Changed in place where a place takes staff days.
    """
    seats = np.zeros(regions, np.int64)
    turns, kept = np.zeros(days.size, np.int64), np.zeros(days.size, np.int64)
    taken = np.empty(queue.size, np.int64)
    count = 0
    for row in queue:
        if seats[region[row]] >= places:
            continue
        seats[region[row]] += 1
        if staff_days > 0.0:
            turns[broker[row]] += 1
            if turns[broker[row]] * staff_days > days[broker[row]]:
                continue
            kept[broker[row]] += 1
        taken[count] = row
        count += 1
    if staff_days > 0.0:
        for each in range(days.size):
            spent = kept[each] * staff_days
            days[each] -= spent
            cases = np.int64(np.ceil(spent * cases_per_day))
            case_capacity[each] = max(0, case_capacity[each] - cases)
            partner_case_capacity[each] = min(partner_case_capacity[each], case_capacity[each])
    return taken[:count].copy()


@kernel
def find_askers(
    alive: NDArray[np.bool_],
    kind: NDArray[np.int8],
    broker: NDArray[np.int32],
    region: NDArray[np.int16],
    where: NDArray[np.bool_],
    among: NDArray[np.bool_],
    allowed: NDArray[np.bool_],
) -> None:
    """Fill ``allowed``: living SMEs with a broker in the regions in ``where``, those that are ``among`` if any are.

    Parameters
    ----------
    where : (regions,) bool
    among : (organisations,) bool
        Or empty, for no further condition.
    """
    for row in range(alive.size):
        registered = alive[row] and kind[row] == SME and broker[row] != NOBODY
        allowed[row] = registered and where[region[row]] and (among.size == 0 or among[row])


@kernel
def give_places(
    key: np.uint64,
    month: int,
    counter: int,
    alive: NDArray[np.bool_],
    kind: NDArray[np.int8],
    identity: Identities,
    region: NDArray[np.int16],
    broker: NDArray[np.int32],
    satisfaction: NDArray[np.float32],
    referred_until_month: NDArray[np.int16],
    need_kind: NDArray[np.int8],
    where: NDArray[np.bool_],
    among: NDArray[np.bool_],
    route: int,
    rates: tuple[float, float, float],
    places: int,
    staff_days: float,
    cases_per_day: float,
    days: NDArray[np.float64],
    case_capacity: NDArray[np.int32],
    partner_case_capacity: NDArray[np.int32],
    queue: Rows,
    taken: Rows,
) -> tuple[int, int]:
    """The month of a service: :func:`those_who_ask` of :func:`find_askers`, and those who :func:`take_places`.

    Parameters
    ----------
    queue, taken : (organisations,) int64
        Filled from the front with the rows of those who ask and of those who get a place.

    Returns
    -------
    asking, given : int
        How many they are.
    """
    allowed = np.empty(alive.size, np.bool_)
    find_askers(alive, kind, broker, region, where, among, allowed)
    asking = those_who_ask(
        key,
        month,
        counter,
        allowed,
        identity,
        region,
        where.size,
        satisfaction,
        referred_until_month,
        need_kind,
        route,
        rates,
    )
    given = take_places(
        asking,
        region,
        places,
        where.size,
        broker,
        staff_days,
        cases_per_day,
        days,
        case_capacity,
        partner_case_capacity,
    )
    queue[: asking.size] = asking
    taken[: given.size] = given
    return asking.size, given.size


@kernel
def reach_firms(
    key: np.uint64,
    month: int,
    counter: int,
    reach: float,
    alive: NDArray[np.bool_],
    kind: NDArray[np.int8],
    identity: Identities,
    region: NDArray[np.int16],
    where: NDArray[np.bool_],
    rows: Rows,
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
    count = 0
    for row in range(alive.size):
        if alive[row] and kind[row] == SME and where[region[row]]:
            u = uniform(key, AWARENESS, month, identity[row], counter)
            if u < reach:
                rows[count], drawn[count] = row, u
                count += 1
    return count


@kernel
def close_gaps(
    rows: Rows,
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
