"""Kernel of newborns: what an organisation is founded with, drawn from its own address."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp
from simulation.codes import Kind
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import normal, uniform
from simulation.schemas import NEEDS

FOUNDING_KNOWLEDGE = int(Purpose.FOUNDING_KNOWLEDGE)
FOUNDING_ABSORPTIVE_CAPACITY = int(Purpose.FOUNDING_ABSORPTIVE_CAPACITY)
FOUNDING_DIGITAL_MATURITY = int(Purpose.FOUNDING_DIGITAL_MATURITY)
FOUNDING_SIZE = int(Purpose.FOUNDING_SIZE)
FOUNDING_NEED = int(Purpose.FOUNDING_NEED)
FOUNDING_NEED_KIND = int(Purpose.FOUNDING_NEED_KIND)
INNOVATION_ACTIVITY = int(Purpose.INNOVATION_ACTIVITY)
SME = int(Kind.SME)
CORE_NEED_WEIGHT = 3.0
BLOCK = 256
"""Organisations that are drawn side by side."""


@kernel
def founding_knowledge(
    key: np.uint64,
    identity: NDArray[np.uint64],
    sector: NDArray[np.int16],
    core: NDArray[np.bool_],
    levels: tuple[float, float],
    spread: float,
    knowledge: NDArray[np.float32],
) -> None:
    """Knowledge at the founding.

    In domain d: float32(min(1, max(0, mean * (1 + spread * (2 u - 1))))), u = uniform(key,
    FOUNDING_KNOWLEDGE, month 0, identity, d), mean = levels[0] in a core domain of its sector, else
    levels[1].

    Parameters
    ----------
    key : uint64
        Key of the run.
    identity, sector : (n,) uint64, int16
        Address and sector of each organisation.
    core : (sectors, domains) bool
        Core domains of each sector.
    levels : two floats
        Mean level in core domains and in the others.
    spread : float
        Half width of the uniform spread, relative to the mean.
    knowledge : (n, domains) float32
        Filled in place.
    """
    drawn = np.empty(identity.size)
    for domain in range(core.shape[1]):
        for row in range(identity.size):
            drawn[row] = uniform(key, FOUNDING_KNOWLEDGE, 0, identity[row], domain)
        for row in range(identity.size):
            mean = levels[0] if core[sector[row], domain] else levels[1]
            level = mean * (1.0 + spread * (2.0 * drawn[row] - 1.0))
            knowledge[row, domain] = np.float32(min(1.0, max(0.0, level)))


@kernel
def beta_of_order(
    key: np.uint64, purpose: int, identity: NDArray[np.uint64], alpha: int, beta: int
) -> NDArray[np.float64]:
    """Beta(alpha, beta) for whole parameters: the alpha-th smallest of alpha + beta - 1 uniform numbers.

    They are uniform(key, purpose, month 0, identity, counters 0 to alpha + beta - 2).

    Parameters
    ----------
    key, purpose
        Address.
    identity : (n,) uint64
        Addresses.
    alpha, beta : int
        1 or more.

    Returns
    -------
    (n,) float64

    References
    ----------
    David, H. A., Nagaraja, H. N. (2003). Order Statistics. 3rd edition, Wiley.
    """
    drawn = np.empty((alpha + beta - 1, identity.size))
    for counter in range(drawn.shape[0]):
        for row in range(identity.size):
            drawn[counter, row] = uniform(key, purpose, 0, identity[row], counter)
    # Sorted by exchanging neighbours, the numbers of all organisations side by side.
    for end in range(drawn.shape[0] - 1, 0, -1):
        for place in range(end):
            for row in range(identity.size):
                lower = min(drawn[place, row], drawn[place + 1, row])
                drawn[place + 1, row] = max(drawn[place, row], drawn[place + 1, row])
                drawn[place, row] = lower
    of_order: NDArray[np.float64] = drawn[alpha - 1]
    return of_order


@kernel
def founding_sizes(
    key: np.uint64,
    identity: NDArray[np.uint64],
    kind: NDArray[np.int8],
    median: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    spread: float,
    size: NDArray[np.float32],
) -> None:
    """Employees at the founding, lognormal.

    float32(min(most[kind], max(least[kind], median[kind] * exp(spread * z)))), z = normal(key, FOUNDING_SIZE,
    month 0, identity, 0).

    Parameters
    ----------
    key : uint64
        Key of the run.
    identity, kind : (n,) uint64, int8
        Address and kind of each organisation.
    median, least, most : (kinds,) float64
        Of each kind.
    spread : float
        Standard deviation of ln size.
    size : (n,) float32
        Filled in place.
    """
    relative = np.empty(identity.size)
    for row in range(identity.size):
        relative[row] = exp(spread * normal(key, FOUNDING_SIZE, 0, identity[row], 0))
    for row in range(identity.size):
        own = kind[row]
        size[row] = np.float32(min(most[own], max(least[own], median[own] * relative[row])))


@kernel
def founding_needs(
    key: np.uint64,
    identity: NDArray[np.uint64],
    sector: NDArray[np.int16],
    core: NDArray[np.bool_],
    need_kind_weights: NDArray[np.float64],
    needs: NDArray[np.int8],
    need_kind: NDArray[np.int8],
) -> None:
    """Three different needed domains, core domains counting three times, and the kind of need.

    Need k = 0, 1, 2: among the domains not yet drawn (all of them again once none is left), with weight 3 in
    a core domain and 1 elsewhere, the first domain at which the weights cumulated in rising order exceed u W,
    W their sum and u = uniform(key, FOUNDING_NEED, month 0, identity, k). The kind of need likewise, the
    first whose cumulated weights exceed u W, u = uniform(key, FOUNDING_NEED_KIND, month 0, identity, 0). If
    rounding leaves none, the last with weight above 0.

    Parameters
    ----------
    key : uint64
        Key of the run.
    identity, sector : (n,) uint64, int16
        Address and sector of each organisation.
    core : (sectors, domains) bool
        Core domains of each sector.
    need_kind_weights : (6,) float64
        Relative frequency of kinds of need.
    needs, need_kind : (n, 3), (n,) int8
        Filled in place.
    """
    drawn = np.empty((NEEDS + 1, identity.size))
    for k in range(NEEDS):
        for row in range(identity.size):
            drawn[k, row] = uniform(key, FOUNDING_NEED, 0, identity[row], k)
    for row in range(identity.size):
        drawn[NEEDS, row] = uniform(key, FOUNDING_NEED_KIND, 0, identity[row], 0)
    weights = np.empty(core.shape[1])
    for row in range(identity.size):
        for k in range(NEEDS):
            if k % core.shape[1] == 0:
                for domain in range(core.shape[1]):
                    weights[domain] = CORE_NEED_WEIGHT if core[sector[row], domain] else 1.0
            chosen = _weighted_choice(drawn[k, row], weights)
            weights[chosen] = 0.0
            needs[row, k] = chosen
        need_kind[row] = _weighted_choice(drawn[NEEDS, row], need_kind_weights)


@kernel
def innovation_activity(
    key: np.uint64,
    identity: NDArray[np.uint64],
    kind: NDArray[np.int8],
    region: NDArray[np.int16],
    share: NDArray[np.float64],
    innovator: NDArray[np.bool_],
) -> None:
    """Whether each organisation is innovation-active.

    An SME is if uniform(key, INNOVATION_ACTIVITY, month 0, identity, 0) is below the share of its region; every other
    organisation is.

    Parameters
    ----------
    key : uint64
        Key of the run.
    identity, kind, region : (n,) uint64, int8, int16
        Address, kind and region of each organisation.
    share : (regions,) float64
        Share of innovation-active SMEs.
    innovator : (n,) bool
        Filled in place.
    """
    drawn = np.empty(identity.size)
    for row in range(identity.size):
        drawn[row] = uniform(key, INNOVATION_ACTIVITY, 0, identity[row], 0)
    for row in range(identity.size):
        innovator[row] = kind[row] != SME or drawn[row] < share[region[row]]


@kernel
def _weighted_choice(u: float, weights: NDArray[np.float64]) -> int:
    """The first place at which cumulated weights exceed u times their sum."""
    total = 0.0
    for place in range(weights.size):
        total += weights[place]
    cumulated = 0.0
    chosen = 0
    for place in range(weights.size):
        if weights[place] > 0.0:
            chosen = place
            cumulated += weights[place]
            if cumulated > u * total:
                return chosen
    return chosen


@kernel
def draw_newborns(
    key: np.uint64,
    identity: NDArray[np.uint64],
    kind: NDArray[np.int8],
    cluster: NDArray[np.int32],
    cluster_region: NDArray[np.int16],
    cluster_sector: NDArray[np.int16],
    core: NDArray[np.bool_],
    capacity_shift: NDArray[np.float64],
    innovator_share: NDArray[np.float64],
    size_median: NDArray[np.float64],
    size_least: NDArray[np.float64],
    size_most: NDArray[np.float64],
    need_kind_weights: NDArray[np.float64],
    capacity_alpha: int,
    capacity_beta: int,
    maturity_alpha: int,
    maturity_beta: int,
    knowledge_core: float,
    knowledge_other: float,
    knowledge_spread: float,
    size_spread: float,
    capital_per_employee: float,
    region: NDArray[np.int16],
    sector: NDArray[np.int16],
    knowledge: NDArray[np.float32],
    absorptive_capacity: NDArray[np.float32],
    digital_maturity: NDArray[np.float32],
    size: NDArray[np.float32],
    capital_cents: NDArray[np.int64],
    needs: NDArray[np.int8],
    need_kind: NDArray[np.int8],
    innovator: NDArray[np.bool_],
) -> None:
    """Everything that organisations are founded with, by the functions above, each from its own address.

    Absorptive capacity is float32(min(1, max(0, Beta + capacity_shift of the region))), digital maturity
    float32(Beta), capital floor(capital_per_employee * size + 0.5) cents, with size as float64.

    Parameters
    ----------
    key : uint64
        Key of the run.
    identity, kind, cluster : (n,) uint64, int8, int32
        Address, kind and cluster of each organisation.
    cluster_region, cluster_sector : (clusters,) int16
        Region and sector of each cluster.
    core : (sectors, domains) bool
        Core domains of each sector.
    capacity_shift, innovator_share : (regions,) float64
        Added to absorptive capacity; share of innovation-active SMEs.
    size_median, size_least, size_most : (kinds,) float64
        Employees by kind.
    need_kind_weights : (6,) float64
        Relative frequency of kinds of need.
    region, sector, knowledge, absorptive_capacity, digital_maturity, size, capital_cents, needs, need_kind, innovator
        Columns of the newborns, (n,), knowledge (n, domains), needs (n, 3); filled in place.
    """
    for row in range(identity.size):
        region[row], sector[row] = cluster_region[cluster[row]], cluster_sector[cluster[row]]
    levels = (knowledge_core, knowledge_other)
    for start in range(0, identity.size, BLOCK):
        rows = slice(start, min(start + BLOCK, identity.size))
        who, what, field = identity[rows], kind[rows], sector[rows]
        founding_knowledge(key, who, field, core, levels, knowledge_spread, knowledge[rows])
        founding_sizes(key, who, what, size_median, size_least, size_most, size_spread, size[rows])
        founding_needs(key, who, field, core, need_kind_weights, needs[rows], need_kind[rows])
        innovation_activity(key, who, what, region[rows], innovator_share, innovator[rows])
        capacity = beta_of_order(key, FOUNDING_ABSORPTIVE_CAPACITY, who, capacity_alpha, capacity_beta)
        maturity = beta_of_order(key, FOUNDING_DIGITAL_MATURITY, who, maturity_alpha, maturity_beta)
        for place in range(who.size):
            row = start + place
            shifted = capacity[place] + capacity_shift[region[row]]
            absorptive_capacity[row] = np.float32(min(1.0, max(0.0, shifted)))
            digital_maturity[row] = np.float32(maturity[place])
            capital_cents[row] = np.int64(np.floor(capital_per_employee * np.float64(size[row]) + 0.5))
