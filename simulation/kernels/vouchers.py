"""Whom a firm with a voucher brings along."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp
from simulation.codes import PartnersFrom
from simulation.compilation import kernel
from simulation.kernels.calls import sits_right
from simulation.kernels.networks import tie_between
from simulation.purposes import Purpose
from simulation.randomness import combine, uniform
from simulation.state import NOBODY

SUPPLIER_CHOICE = int(Purpose.SUPPLIER_CHOICE)
ONE_REGION = int(PartnersFrom.ONE_REGION)


@kernel
def bought_surplus(
    buyer: int,
    supplier: int,
    knowledge: NDArray[Any],
    needs: NDArray[Any],
    absorptive_capacity: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
) -> tuple[float, float]:
    """Surplus where only the buyer learns and the supplier is paid, before proximity and trust; cognitive distance.

    ``2 g * u``: :func:`simulation.kernels.surplus.pair_surplus` with the buyer's gain g for both, since the price
    makes up for what the supplier does not gain. Sums over domains and over the buyer's needed domains in their
    order, in float64 of the stored levels; ``u = exp(-(ratio * ratio))`` with ``ratio = delta / theta``.
    """
    domains = knowledge.shape[1]
    gain = 0.0
    squares = 0.0
    for k in range(domains):
        difference = np.float64(knowledge[supplier, k]) - np.float64(knowledge[buyer, k])
        squares += difference * difference
        gain += max(0.0, difference)
    needed = 0.0
    wanted = needs.shape[1]
    for n in range(wanted):
        domain = needs[buyer, n]
        needed += max(0.0, np.float64(knowledge[supplier, domain]) - np.float64(knowledge[buyer, domain]))
    gain = (1.0 - own_needs_weight) / domains * gain + own_needs_weight / wanted * needed
    delta = math.sqrt(squares / domains)
    ability = np.float64(absorptive_capacity[buyer]) + np.float64(absorptive_capacity[supplier])
    ratio = delta / (distance_scale * (0.5 + 0.5 * ability))
    return 2.0 * gain * exp(-(ratio * ratio)), delta


@kernel
def choose_suppliers(
    key: np.uint64,
    call_identity: np.uint64,
    buyers: NDArray[Any],
    identity: NDArray[Any],
    may_supply: NDArray[Any],
    supplier_offsets: NDArray[Any],
    suppliers: NDArray[Any],
    region: NDArray[Any],
    country: NDArray[Any],
    sector: NDArray[Any],
    partners_from: int,
    two_sectors: bool,
    seen: int,
    knowledge: NDArray[Any],
    needs: NDArray[Any],
    absorptive_capacity: NDArray[Any],
    proximity: NDArray[Any],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    trust: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
    trust_weight: float,
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """The supplier that each buyer chooses, what the two are worth, and their cognitive distance.

    A buyer looks at its neighbours in their order, then at ``seen`` suppliers drawn by address: number t is the one at
    place ``int(uniform(key, SUPPLIER_CHOICE, 0, combine(identity, call_identity), t) * count)`` of the list of all
    suppliers, which are sorted by region (``supplier_offsets``), or of its own region where ``partners_from`` is
    ONE_REGION. Of those that ``may_supply`` and sit right (:func:`sits_right`) it takes the one of the largest
    ``bought_surplus * proximity[region_buyer, region_supplier]``, times ``exp(trust_weight * trust)`` where there
    is a tie, the first of equals; NOBODY (-1), worth 0, where that is 0 for all.
    """
    chosen = np.full(len(buyers), NOBODY, dtype=np.int32)
    surplus = np.zeros(len(buyers))
    distance = np.zeros(len(buyers))
    for place in range(len(buyers)):
        i = buyers[place]
        address = combine(identity[i], call_identity)
        first, last = 0, len(suppliers)
        if partners_from == ONE_REGION:
            first, last = supplier_offsets[region[i]], supplier_offsets[region[i] + 1]
        known = offsets[i + 1] - offsets[i]
        drawn = seen if last > first else 0
        for t in range(known + drawn):
            if t < known:
                j = neighbours[offsets[i] + t]
            else:
                u = uniform(key, SUPPLIER_CHOICE, 0, address, t - known)
                j = suppliers[first + int(u * (last - first))]
            if not may_supply[j] or not sits_right(i, j, region, country, sector, partners_from, two_sectors):
                continue
            value, delta = bought_surplus(i, j, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale)
            value *= proximity[region[i], region[j]]
            tie = tie_between(i, j, offsets, neighbours, ties)
            if tie >= 0:
                value *= exp(trust_weight * np.float64(trust[tie]))
            if value > surplus[place]:
                chosen[place], surplus[place], distance[place] = j, value, delta
    return chosen, surplus, distance
