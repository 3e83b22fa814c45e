"""Who asks for a place in a service and who takes one: the loops of :mod:`simulation.service_places`."""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import ROUTE_OF_NEED, Kind
from simulation.compilation import kernel
from simulation.kernels.lots import draw_below, first_by_lot
from simulation.purposes import Purpose
from simulation.randomness import bits
from simulation.state import NOBODY

__all__ = ["ask_for_places", "find_clients", "give_places", "take_places"]

type Rows = NDArray[np.int64]
type Identities = NDArray[np.uint64]

SME = int(Kind.SME)
SERVICE_UPTAKE = int(Purpose.SERVICE_UPTAKE)
SERVICE_ORDER = int(Purpose.SERVICE_ORDER)


@kernel
def find_clients(
    alive: NDArray[np.bool_],
    kind: NDArray[np.int8],
    broker: NDArray[np.int32],
    identity: Identities,
    among: NDArray[np.bool_],
    rows: Rows,
    addresses: Identities,
) -> int:
    """Living SMEs with a broker, those that are ``among`` if any are.

    Parameters
    ----------
    alive, kind, broker, identity : (organisations,)
    among : (organisations,) bool
        Or empty, for no further condition.
    rows, addresses : (organisations,)
        Filled from the front with their rows, rising, and their identities.

    Returns
    -------
    int
        How many they are.
    """
    may_ask = np.empty(alive.size, np.bool_)
    for row in range(alive.size):
        may_ask[row] = alive[row] & (kind[row] == SME) & (broker[row] != NOBODY)
    for row in range(among.size):
        may_ask[row] &= among[row]
    count = 0
    for row in range(alive.size):
        rows[count], addresses[count] = row, identity[row]
        count += int(may_ask[row])
    return count


@kernel
def ask_for_places(
    key: np.uint64,
    month: int,
    counter: int,
    rows: Rows,
    addresses: Identities,
    region: NDArray[np.int16],
    satisfaction: NDArray[np.float32],
    referred_until_month: NDArray[np.int16],
    need_kind: NDArray[np.int8],
    where: NDArray[np.bool_],
    route: int,
    rates: tuple[float, float, float],
    queue: Rows,
    asking: Identities,
) -> int:
    """Those of the clients in the regions in ``where`` that ask for a place.

    One asks if u at (SERVICE_UPTAKE, month, identity, counter) is below ``take up``, times ``1 + reuse ×
    satisfaction`` where reuse is above 0; where it is referred to this route by its need, at least below the take-up of
    the referred.

    Parameters
    ----------
    counter : int
        That of the service.
    rows, addresses : (clients,)
        From :func:`find_clients`.
    region, satisfaction, referred_until_month, need_kind : (organisations,)
        Satisfaction is -1 to 1.
    where : (regions,) bool
    route : int
        Route to which the service belongs; NOBODY for none.
    rates : three floats
        Take-up, reuse, take-up of the referred.
    queue, asking : (clients,)
        Filled from the front with the rows of those who ask, rising, and their identities.

    Returns
    -------
    int
        How many they are.
    """
    take_up, reuse, referred_take_up = rates
    most = take_up * (1.0 + max(0.0, reuse))
    if route != NOBODY:
        most = max(most, referred_take_up)
    drawn = np.empty(rows.size)
    low = draw_below(key, SERVICE_UPTAKE, month, addresses, counter, most, queue, drawn)
    count = 0
    for each in range(low):
        row, address = rows[queue[each]], addresses[queue[each]]
        probability = take_up
        if reuse > 0.0:
            probability = take_up * (1.0 + reuse * np.float64(satisfaction[row]))
        if route != NOBODY and referred_until_month[row] >= month and ROUTE_OF_NEED[need_kind[row]] == route:
            probability = max(probability, referred_take_up)
        queue[count], asking[count] = row, address
        count += int((drawn[each] < probability) & where[region[row]])
    return count


@kernel
def take_places(
    queue: Rows,
    broker: NDArray[np.int32],
    staff_days: float,
    cases_per_day: float,
    days: NDArray[np.float64],
    case_capacity: NDArray[np.int32],
    partner_case_capacity: NDArray[np.int32],
    taken: Rows,
) -> int:
    """Those of a queue for whom the staff days of their broker last.

    Where a place takes staff days, the k-th of these clients of a broker, from 1, gets one if k staff_days are at most
    the broker's days. Then its days fall by the days spent, its cases by ``ceil(spent cases_per_day)`` to no less than
    0, and its partner cases to no more than its cases.

    Parameters
    ----------
    queue : (k,) int64
        Rows of clients, the first one first.
    broker : (organisations,)
    days, case_capacity, partner_case_capacity : (brokers,)
        Changed in place where a place takes staff days.
    taken : (k,) int64
        Filled from the front with their rows, in the order of the queue.

    Returns
    -------
    int
        How many they are.
    """
    if staff_days <= 0.0:
        for place in range(queue.size):
            taken[place] = queue[place]
        return queue.size
    turns, kept = np.zeros(days.size, np.int64), np.zeros(days.size, np.int64)
    count = 0
    for row in queue:
        turns[broker[row]] += 1
        if turns[broker[row]] * staff_days <= days[broker[row]]:
            kept[broker[row]] += 1
            taken[count] = row
            count += 1
    for each in range(days.size):
        spent = kept[each] * staff_days
        days[each] -= spent
        cases = np.int64(np.ceil(spent * cases_per_day))
        case_capacity[each] = max(0, case_capacity[each] - cases)
        partner_case_capacity[each] = min(partner_case_capacity[each], case_capacity[each])
    return count


@kernel
def give_places(
    key: np.uint64,
    month: int,
    counter: int,
    rows: Rows,
    addresses: Identities,
    region: NDArray[np.int16],
    satisfaction: NDArray[np.float32],
    referred_until_month: NDArray[np.int16],
    need_kind: NDArray[np.int8],
    where: NDArray[np.bool_],
    route: int,
    rates: tuple[float, float, float],
    places: int,
    broker: NDArray[np.int32],
    staff_days: float,
    cases_per_day: float,
    days: NDArray[np.float64],
    case_capacity: NDArray[np.int32],
    partner_case_capacity: NDArray[np.int32],
    queue: Rows,
    taken: Rows,
) -> tuple[int, int]:
    """The month of a service: who asks, who comes first, who takes a place.

    Of those who :func:`ask_for_places` the first ``places`` of each region :func:`take_places`. They come first by lot
    (:func:`first_by_lot`), the order of bits(SERVICE_ORDER, month, identity, counter).

    Parameters
    ----------
    queue, taken : (clients,) int64
        Filled from the front with the rows of those who ask, rising, and of those who get a place, region by region.

    Returns
    -------
    asking, given : int
        How many they are.
    """
    who = np.empty(rows.size, np.uint64)
    asking = ask_for_places(
        key,
        month,
        counter,
        rows,
        addresses,
        region,
        satisfaction,
        referred_until_month,
        need_kind,
        where,
        route,
        rates,
        queue,
        who,
    )
    drawn, group = np.empty(asking, np.uint64), np.empty(asking, np.int16)
    for place in range(asking):
        drawn[place] = bits(key, SERVICE_ORDER, month, who[place], counter)
    for place in range(asking):
        group[place] = region[queue[place]]
    first = first_by_lot(drawn, who[:asking], group, where.size, places)
    for place in range(first.size):
        first[place] = queue[first[place]]
    given = take_places(first, broker, staff_days, cases_per_day, days, case_capacity, partner_case_capacity, taken)
    return asking, given
