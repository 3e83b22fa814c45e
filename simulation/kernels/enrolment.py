"""Kernels of enrolment: which firms become clients of which broker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

BROKER_CHOICE = int(Purpose.BROKER_CHOICE)
ENROLMENT = int(Purpose.ENROLMENT)
SME = int(Kind.SME)


@kernel
def brokers_by_region(
    broker_region: NDArray[np.int16], broker_identity: NDArray[np.uint64], regions: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The brokers of each region, by rising identity (equal identities by row).

    Parameters
    ----------
    broker_region, broker_identity : (brokers,) int16, uint64
        Region and address of each broker.
    regions : int
        Number of regions.

    Returns
    -------
    offsets : (regions + 1,) int64
        Those of region r are ``rows[offsets[r]:offsets[r + 1]]``.
    rows : (brokers,) int32
        Rows of brokers.
    """
    offsets = np.zeros(regions + 1, np.int64)
    for broker in range(broker_region.size):
        offsets[broker_region[broker] + 1] += 1
    for region in range(regions):
        offsets[region + 1] += offsets[region]
    rows = np.empty(broker_region.size, np.int32)
    filled = offsets[:-1].copy()
    for broker in range(broker_region.size):
        region = broker_region[broker]
        place = filled[region]
        while place > offsets[region] and broker_identity[rows[place - 1]] > broker_identity[broker]:
            rows[place] = rows[place - 1]
            place -= 1
        rows[place] = broker
        filled[region] += 1
    return offsets, rows


@kernel
def broker_of_region_choice(
    key: np.uint64,
    identity: NDArray[np.uint64],
    region: NDArray[np.int16],
    offsets: NDArray[np.int64],
    rows: NDArray[np.int32],
) -> NDArray[np.int32]:
    """The broker that each organisation would join: always the same one, whatever the month and the policy.

    With c the number of brokers of its region and u = uniform(key, BROKER_CHOICE, month 0, identity, counter
    0), it is the floor(c u)-th of them, counted from 0 by rising identity.

    Parameters
    ----------
    key : uint64
        Key of the run.
    identity, region : (n,) uint64, int16
        Address and region of each organisation.
    offsets, rows : (regions + 1,) int64, (brokers,) int32
        From :func:`brokers_by_region`.

    Returns
    -------
    (n,) int32
        Rows of brokers; NOBODY where the region has none.
    """
    chosen = np.full(identity.size, NOBODY, np.int32)
    for row in range(identity.size):
        start = offsets[region[row]]
        brokers = offsets[region[row] + 1] - start
        if brokers > 0:
            u = uniform(key, BROKER_CHOICE, 0, identity[row], 0)
            chosen[row] = rows[start + int(u * brokers)]
    return chosen


@kernel
def enrolments(
    key: np.uint64,
    waiting: NDArray[np.int32],
    draw: NDArray[np.float64],
    identity: NDArray[np.uint64],
    region: NDArray[np.int16],
    broker: NDArray[np.int32],
    digital_maturity: NDArray[np.float32],
    satisfaction: NDArray[np.float32],
    adjacency_offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    offsets: NDArray[np.int64],
    rows: NDArray[np.int32],
    promotion: NDArray[np.float64],
    event: NDArray[np.bool_],
    rate: tuple[float, float, float, float, float],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The firms that enrol this month, and where; nothing is changed.

    For each firm that waits, in the order given, whose region has a broker: with m =
    float64(digital_maturity), b the broker of :func:`broker_of_region_choice`, s the sum of ``1 + rate[4] *
    float64(satisfaction)`` over its neighbours with a broker at the start of the month, in their order, divided by
    the number of its neighbours (0 without neighbours), and e = 1 in a region with an event, else
    0, it enrols if its draw is below ``((((rate[0] * (rate[1] + m)) * (1 +
    promotion[b])) * (1 + rate[2] * s)) * (1 + rate[3] * e))`` in float64.

    Parameters
    ----------
    key : uint64
        Key of the run.
    waiting : (w,) int32
        Rows of firms without a broker, rising.
    draw : (w,) float64
        Number of each of them.
    identity, region, broker, digital_maturity, satisfaction : (n,)
        Columns of organisations.
    adjacency_offsets, neighbours : (n + 1,) int64, (2 ties,) int32
        Neighbours of organisation i are ``neighbours[adjacency_offsets[i]:adjacency_offsets[i + 1]]``.
    offsets, rows : (regions + 1,) int64, (brokers,) int32
        From :func:`brokers_by_region`.
    promotion : (brokers,) float64
        Effort of each broker that raises enrolment.
    event : (regions,) bool
        Regions with an event this month; empty: none.
    rate : five floats
        Monthly rate, maturity offset, neighbour effect, event effect, word of mouth; none below zero, the last at
        most 1.

    Returns
    -------
    enrolled, joined : (k,) int32
        Rows of organisations in rising order, and of the brokers they join.
    """
    most_promotion = 0.0
    for row in range(promotion.size):
        most_promotion = max(most_promotion, promotion[row])
    # No firm can pass without passing this; the slack covers rounding.
    bound_per_maturity = rate[0] * (1.0 + most_promotion) * (1.0 + rate[2] * (1.0 + rate[4])) * (1.0 + rate[3])
    bound_per_maturity *= 1.0 + 1e-9
    enrolled = np.empty(waiting.size, np.int32)
    joined = np.empty(waiting.size, np.int32)
    count = 0
    for place in range(waiting.size):
        row = waiting[place]
        maturity = np.float64(digital_maturity[row])
        if draw[place] >= bound_per_maturity * (rate[1] + maturity):
            continue
        start = offsets[region[row]]
        brokers = offsets[region[row] + 1] - start
        if brokers == 0:
            continue
        chosen = rows[start + int(uniform(key, BROKER_CHOICE, 0, identity[row], 0) * brokers)]
        happens = rate[0] * (rate[1] + maturity) * (1.0 + promotion[chosen])
        told = _word_of_mouth(row, broker, satisfaction, rate[4], adjacency_offsets, neighbours)
        happens *= 1.0 + rate[2] * told
        if event.size > 0 and event[region[row]]:
            happens *= 1.0 + rate[3]
        if draw[place] < happens:
            enrolled[count] = row
            joined[count] = chosen
            count += 1
    return enrolled[:count].copy(), joined[:count].copy()


@kernel
def enrol_firms(
    key: np.uint64,
    month: int,
    identity: NDArray[np.uint64],
    region: NDArray[np.int16],
    kind: NDArray[np.int8],
    alive: NDArray[np.bool_],
    broker: NDArray[np.int32],
    registered_month: NDArray[np.int16],
    digital_maturity: NDArray[np.float32],
    satisfaction: NDArray[np.float32],
    reached: NDArray[np.bool_],
    adjacency_offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    regions: int,
    broker_region: NDArray[np.int16],
    broker_identity: NDArray[np.uint64],
    promotion: NDArray[np.float64],
    event: NDArray[np.bool_],
    awareness_effect: float,
    rate: tuple[float, float, float, float, float],
) -> None:
    """Draw for every firm that may enrol, and write down who does by :func:`enrolments`.

    Living SMEs without a broker wait. The draw of each is uniform(key, ENROLMENT, month, identity, 0), for those
    ``reached`` divided by ``1 + awareness_effect``.

    Parameters
    ----------
    broker, registered_month : (n,) int32, int16
        Written where a firm enrols.
    reached : (n,) bool
        Whom an awareness service reaches this month; empty: nobody.
    regions : int
        Number of regions.
    broker_region, broker_identity, promotion : (brokers,)
    event : (regions,) bool
    rate : five floats
        As in :func:`enrolments`.
    """
    waiting = np.empty(identity.size + 1, np.int32)
    count = 0
    for row in range(identity.size):
        waiting[count] = row
        count += int(alive[row] & (kind[row] == SME) & (broker[row] == NOBODY))
    address, draw = np.empty(count, np.uint64), np.empty(count)
    for place in range(count):
        address[place] = identity[waiting[place]]
    for place in range(count):
        draw[place] = uniform(key, ENROLMENT, month, address[place], 0)
    if reached.size > 0:
        for place in range(count):
            if reached[waiting[place]]:
                draw[place] /= 1.0 + awareness_effect
    offsets, rows = brokers_by_region(broker_region, broker_identity, regions)
    enrolled, joined = enrolments(
        key,
        waiting[:count],
        draw,
        identity,
        region,
        broker,
        digital_maturity,
        satisfaction,
        adjacency_offsets,
        neighbours,
        offsets,
        rows,
        promotion,
        event,
        rate,
    )
    for place in range(enrolled.size):
        broker[enrolled[place]] = joined[place]
        registered_month[enrolled[place]] = month


@kernel
def _word_of_mouth(
    row: int,
    broker: NDArray[np.int32],
    satisfaction: NDArray[np.float32],
    weight: float,
    offsets: NDArray[np.int64],
    neighbours: NDArray[np.int32],
) -> float:
    """Share of a row's neighbours that have a broker, each counting 1 + weight × its satisfaction; 0 without any."""
    degree = offsets[row + 1] - offsets[row]
    if degree == 0:
        return 0.0
    told = 0.0
    for place in range(offsets[row], offsets[row + 1]):
        neighbour = neighbours[place]
        if broker[neighbour] != NOBODY:
            told += 1.0 + weight * np.float64(satisfaction[neighbour])
    return told / int(degree)
