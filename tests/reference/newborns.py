"""Plain twins of simulation/kernels/newborns.py, one organisation at a time."""

import numpy as np

from simulation.codes import Kind
from simulation.purposes import Purpose
from tests.reference.arithmetic import exp
from tests.reference.randomness import normal, uniform


def founding_knowledge(key, identity, sector, core, levels, spread, knowledge):
    for row, domain in np.ndindex(knowledge.shape):
        u = uniform(key, Purpose.FOUNDING_KNOWLEDGE, 0, identity[row], domain)
        mean = levels[0] if core[sector[row], domain] else levels[1]
        knowledge[row, domain] = np.float32(min(1.0, max(0.0, mean * (1.0 + spread * (2.0 * u - 1.0)))))


def beta_of_order(key, purpose, identity, alpha, beta):
    def drawn(address):
        return sorted(uniform(key, purpose, 0, address, counter) for counter in range(alpha + beta - 1))

    return np.array([drawn(address)[alpha - 1] for address in identity], dtype=np.float64)


def founding_sizes(key, identity, kind, median, least, most, spread, size):
    for row, (address, k) in enumerate(zip(identity, kind, strict=True)):
        z = normal(key, Purpose.FOUNDING_SIZE, 0, address, 0)
        size[row] = np.float32(min(float(most[k]), max(float(least[k]), float(median[k]) * exp(spread * z))))


def founding_needs(key, identity, sector, core, need_kind_weights, needs, need_kind):
    for row, address in enumerate(identity):
        weights = [3.0 if inside else 1.0 for inside in core[sector[row]]]
        drawn = []
        for k in range(3):
            open_weights = [0.0 if domain in drawn else weight for domain, weight in enumerate(weights)]
            if not any(open_weights):
                drawn, open_weights = [], weights
            u = uniform(key, Purpose.FOUNDING_NEED, 0, address, k)
            needs[row, k] = _weighted_choice(u, open_weights)
            drawn.append(needs[row, k])
        u = uniform(key, Purpose.FOUNDING_NEED_KIND, 0, address, 0)
        need_kind[row] = _weighted_choice(u, need_kind_weights.tolist())


def innovation_activity(key, identity, kind, region, share, innovator):
    for row, address in enumerate(identity):
        u = uniform(key, Purpose.INNOVATION_ACTIVITY, 0, address, 0)
        innovator[row] = kind[row] != Kind.SME or u < share[region[row]]


def draw_newborns(
    key,
    identity,
    kind,
    cluster,
    cluster_region,
    cluster_sector,
    core,
    capacity_shift,
    innovator_share,
    size_median,
    size_least,
    size_most,
    need_kind_weights,
    capacity_alpha,
    capacity_beta,
    maturity_alpha,
    maturity_beta,
    knowledge_core,
    knowledge_other,
    knowledge_spread,
    size_spread,
    capital_per_employee,
    region,
    sector,
    knowledge,
    absorptive_capacity,
    digital_maturity,
    size,
    capital_cents,
    needs,
    need_kind,
    innovator,
):
    region[:], sector[:] = cluster_region[cluster], cluster_sector[cluster]
    founding_knowledge(key, identity, sector, core, (knowledge_core, knowledge_other), knowledge_spread, knowledge)
    capacity = beta_of_order(key, Purpose.FOUNDING_ABSORPTIVE_CAPACITY, identity, capacity_alpha, capacity_beta)
    absorptive_capacity[:] = np.clip(capacity + capacity_shift[region], 0.0, 1.0)
    digital_maturity[:] = beta_of_order(key, Purpose.FOUNDING_DIGITAL_MATURITY, identity, maturity_alpha, maturity_beta)
    founding_sizes(key, identity, kind, size_median, size_least, size_most, size_spread, size)
    capital_cents[:] = np.floor(capital_per_employee * size.astype(np.float64) + 0.5)
    founding_needs(key, identity, sector, core, need_kind_weights, needs, need_kind)
    innovation_activity(key, identity, kind, region, innovator_share, innovator)


def _weighted_choice(u, weights):
    whole = 0.0
    for weight in weights:
        whole += weight
    cumulated = 0.0
    for place, weight in enumerate(weights):
        cumulated += weight
        if cumulated > u * whole:
            return place
    return max(place for place, weight in enumerate(weights) if weight > 0.0)
