"""The work programme: engaged effort split over the six commitments of a letter of intent."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from simulation.scenario import Scenario


class Commitment(IntEnum):
    """Places in ``engagement.commitments``."""

    PROMOTION = 0
    EVENTS = 1
    UPDATES = 2
    REINFORCEMENT = 3
    PEER_MEETINGS = 4
    RECRUITING = 5


def raised_by(scenario: Scenario, commitment: Commitment) -> float:
    """What full engagement adds to the factor by which a commitment with share omega multiplies its rate: 6 omega."""
    return 6.0 * scenario.engagement.commitments[commitment]


def raised(scenario: Scenario, commitment: Commitment, engagement: NDArray[np.float64]) -> NDArray[np.float64]:
    """Factor ``1 + 6 omega e`` by which a commitment with share omega multiplies its rate; 1 without engagement."""
    return 1.0 + raised_by(scenario, commitment) * engagement
