"""Kernel of instruments: which practices an owner takes over into its instrument."""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import uniform

__all__ = ["take_into_instruments"]

INSTRUMENT_ADOPTION = int(Purpose.INSTRUMENT_ADOPTION)


@kernel
def take_into_instruments(
    key: np.uint64,
    month: int,
    identities: NDArray[np.uint64],
    instruments: NDArray[np.int8],
    beliefs: NDArray[np.int8],
    learned: NDArray[np.bool_],
    probability: float,
) -> NDArray[np.int8]:
    """The instruments after a month.

    Where owner i learned its belief from others, the belief is not 0 and the instrument another, the instrument takes
    it over, at once, if u at (INSTRUMENT_ADOPTION, month, identity_i, dimension) is below ``probability``.

    Parameters
    ----------
    identities : (n,) uint64
        Of the owners.
    instruments, beliefs : (n, m) int8
        -1, 0 or 1; changed in no place.
    learned : (n, m) bool

    Returns
    -------
    (n, m) int8
    """
    taken = instruments.copy()
    for i in range(beliefs.shape[0]):
        for d in range(beliefs.shape[1]):
            if not learned[i, d] or beliefs[i, d] == 0 or beliefs[i, d] == instruments[i, d]:
                continue
            if uniform(key, INSTRUMENT_ADOPTION, month, identities[i], d) < probability:
                taken[i, d] = beliefs[i, d]
    return taken
