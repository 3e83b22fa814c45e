"""Own research and forgetting."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import uniform

OWN_RESEARCH = int(Purpose.OWN_RESEARCH)


@kernel
def research_and_fade(
    key: np.uint64,
    month: int,
    identity: NDArray[Any],
    alive: NDArray[Any],
    sector: NDArray[Any],
    core_domains: NDArray[Any],
    knowledge: NDArray[Any],
    own_research: float,
    fading: float,
) -> None:
    """Fade every level of the living, then let each close a part of the distance to 1 in one core domain.

    Every level k becomes ``k * (1 - fading)``. Then, with c core domains of the organisation's sector (true cells of
    ``core_domains[sector]``, in rising order), the one at place ``int(uniform(key, OWN_RESEARCH, month, identity,
    0) * c)`` becomes ``k + own_research * (1 - k)``. In float64, stored in the type of ``knowledge``; the second
    reads the stored level.

    Parameters
    ----------
    core_domains : (sectors, D) bool
        Core domains of each sector.
    knowledge : (n, D) float32
        Changed in place.
    """
    domains = knowledge.shape[1]
    sectors = core_domains.shape[0]
    cores = np.zeros((sectors, domains), dtype=np.int64)
    counts = np.zeros(sectors, dtype=np.int64)
    for s in range(sectors):
        for d in range(domains):
            if core_domains[s, d]:
                cores[s, counts[s]] = d
                counts[s] += 1
    kept = 1.0 - fading
    draw = np.empty(len(identity))
    for row in range(len(identity)):
        draw[row] = uniform(key, OWN_RESEARCH, month, identity[row], 0)
    for row in range(len(identity)):
        if not alive[row]:
            continue
        levels = knowledge[row]
        for d in range(domains):
            levels[d] = float(levels[d]) * kept
        s = sector[row]
        if counts[s] == 0:
            continue
        d = cores[s, int(draw[row] * counts[s])]
        level = float(knowledge[row, d])
        knowledge[row, d] = level + own_research * (1.0 - level)
