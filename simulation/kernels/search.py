"""Who looks for a partner this month."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

SEEKING = int(Purpose.SEEKING)
SME = int(Kind.SME)


@kernel
def draw_seekers(
    key: np.uint64,
    month: int,
    identity: NDArray[Any],
    kind: NDArray[Any],
    open_to_projects: NDArray[Any],
    innovator: NDArray[Any],
    broker: NDArray[Any],
    broker_has_free_cases: NDArray[Any],
    seeking_rate: float,
    broker_effect: float,
    platform_effect: float,
    referred: NDArray[Any],
    referred_effect: float,
) -> NDArray[np.int32]:
    """Rows of the SMEs that look for a partner, in rising order.

    An innovator of kind SME that is open to projects (alive, with room for one) looks when ``uniform(key, SEEKING,
    month, identity, 0)`` is below ``seeking_rate * (1 + platform_effect + broker_effect * f + referred_effect * r)``,
    with f = 1 where its broker has free cases and r = 1 where it is ``referred``, else 0. ``platform_effect`` is passed
    as 0 where no platform is staffed.
    """
    rows = np.empty(len(identity), dtype=np.int32)
    count = 0
    for row in range(len(identity)):
        rows[count] = row
        count += int(open_to_projects[row] & innovator[row] & (kind[row] == SME))
    by_broker = np.zeros(len(broker_has_free_cases) + 1)
    for b in range(len(broker_has_free_cases)):
        by_broker[b + 1] = broker_effect if broker_has_free_cases[b] else 0.0
    rates, draws, address = np.empty(count), np.empty(count), np.empty(count, np.uint64)
    for place in range(count):
        innovating = np.uint64(rows[place])
        rates[place], address[place] = by_broker[max(broker[innovating], NOBODY) + 1], identity[innovating]
        draws[place] = referred_effect if referred[innovating] else 0.0
    for place in range(count):
        rates[place] = seeking_rate * (1.0 + platform_effect + rates[place] + draws[place])
    for place in range(count):
        draws[place] = uniform(key, SEEKING, month, address[place], 0)
    seeking = 0
    for place in range(count):
        rows[seeking] = rows[place]
        seeking += draws[place] < rates[place]
    return rows[:seeking].copy()
