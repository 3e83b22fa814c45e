"""Newborns: what an organisation is like when it is founded, at the start of a run or later.

The founding population and every entrant are drawn by the same function, each from its own address, so a firm
is the same whenever and under whichever policy it appears.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Kind
from simulation.geography import Founding, exit_hazards
from simulation.kernels import demography
from simulation.kernels.newborns import draw_newborns
from simulation.money import CENTS_PER_KEUR
from simulation.scenario import Scenario
from simulation.state import Table

DRAWN = (
    "region",
    "sector",
    "knowledge",
    "absorptive_capacity",
    "digital_maturity",
    "size",
    "capital_cents",
    "needs",
    "need_kind",
    "innovator",
)
"""Columns that are drawn, in the order in which the kernel fills them."""


def found_organisations(
    organisations: Table,
    founding: Founding,
    key: np.uint64,
    cluster: NDArray[np.int32],
    kind: NDArray[np.int8] | Kind,
    identities: NDArray[np.uint64],
    month: int,
) -> slice:
    """Add organisations that are drawn from their addresses.

    Absorptive capacity is Beta(alpha, beta) plus ``absorptive_capacity_shift`` × (innovation index of the
    region / 100 - 1), between 0 and 1; digital maturity is Beta; capital is ``capital_at_start_keur`` × size
    (as float32), to the nearest cent. The other draws are those of :mod:`simulation.kernels.newborns`.

    Parameters
    ----------
    organisations : Table
        Where they are added.
    founding : Founding
        What the scenario says, from :func:`founding_of`.
    key : uint64
        Key of the run.
    cluster, kind, identities : (n,) int32, int8, uint64
        Cluster, kind (one for all will do) and address of each.
    month : int
        Month of foundation; it changes ``born_month`` and nothing else.

    Returns
    -------
    slice
        Their rows.
    """
    new = organisations.append(
        len(cluster), identity=identities, kind=kind, cluster=cluster, alive=True, born_month=month
    )
    rules, storage = founding.population, organisations.storage
    draw_newborns(
        key,
        identities,
        storage["kind"][new],
        cluster,
        founding.cluster_region,
        founding.cluster_sector,
        founding.core,
        founding.absorptive_capacity_shift,
        founding.innovator_share,
        founding.size_median,
        founding.size_least,
        founding.size_most,
        founding.need_kind_weights,
        rules.absorptive_capacity_alpha,
        rules.absorptive_capacity_beta,
        rules.digital_maturity_alpha,
        rules.digital_maturity_beta,
        rules.knowledge_core,
        rules.knowledge_other,
        rules.knowledge_spread,
        rules.size_spread,
        founding.capital_keur * CENTS_PER_KEUR,
        *(storage[name][new] for name in DRAWN),
    )
    return new


def stationary_ages(
    scenario: Scenario,
    key: np.uint64,
    identities: NDArray[np.uint64],
    multiplier: NDArray[np.float64] | None = None,
) -> NDArray[np.int16]:
    """Months of foundation of the organisations that exist at the start, their ages being stationary.

    Parameters
    ----------
    scenario : Scenario
        Section ``demography`` and ``warm_up_months``: the run begins at the end of month -``warm_up_months``.
    key : uint64
        Key of the run.
    identities : (n,) uint64
        Addresses.
    multiplier : (n,) float64, optional
        ``exit_multiplier`` of each organisation's region; 1 where nothing is given.

    Returns
    -------
    (n,) int16
        Months, 0 or earlier.
    """
    each = np.ones(len(identities)) if multiplier is None else multiplier
    ages = demography.stationary_ages(key, identities, exit_hazards(scenario), each)
    return (-scenario.warm_up_months - ages).astype(np.int16)
