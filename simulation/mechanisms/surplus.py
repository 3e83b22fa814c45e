"""Surplus of a pair: complementary knowledge, understood, near and trusted.

Claim: two firms gain from each other by what one knows and the other does not, but understand each other the less the
further apart they are, so that value peaks at a middle cognitive distance (Nooteboom et al. 2007); geographical and
institutional proximity help (Boschma 2005).

Equation: ``S = kappa u exp(-beta_g ln(1 + km / scale) - beta_b border + beta_t trust)`` with
``kappa = 2 sqrt(g_i g_j)``, ``u = exp(-(delta / theta)^2)``; see :func:`simulation.kernels.surplus.pair_surplus`.
There is no bonus for sharing a partnership or a sector: membership changes who is seen, not what a pair is worth.

References
----------
Nooteboom, Van Haverbeke, Duysters, Gilsing, van den Oord (2007), Research Policy 36:1016-1034.
Boschma (2005), Regional Studies 39:61-74.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exponentials, logarithms

Floats = NDArray[np.float64]


def proximity_of(
    distance_km: Floats, across_border: NDArray[np.bool_], decay: float, scale_km: float, border: float
) -> Floats:
    """Factor on surplus between every two regions, from distance and border.

    Parameters
    ----------
    distance_km : (r, r) float64
        Distances between regions, in km.
    across_border : (r, r) bool
        Whether they belong to two countries.
    decay, scale_km, border : float
        Parameters ``surplus.distance_decay``, ``distance_scale_km`` and ``border``.

    Returns
    -------
    (r, r) float64
        Factors between 0 and 1.
    """
    exponent = -decay * logarithms(1.0 + distance_km.ravel() / scale_km) - border * across_border.ravel()
    return exponentials(exponent).reshape(distance_km.shape)
