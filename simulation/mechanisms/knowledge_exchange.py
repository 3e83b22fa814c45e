"""Knowledge moves along ties, as barter or as directed transfer.

*Barter* (Cowan & Jonard 2004). Two who meet swap knowledge if each knows more than the other in some domain;
the giver loses nothing. Claim: because a swap needs a double coincidence, the mean level at rest is highest
in small worlds, between the regular ring and the random network, and so is its variance.

*Transfer* (after Cohen & Levinthal 1990). Whoever knows less learns, limited by its absorptive capacity a_i:
k_i <- k_i + rate a_i max(0, k_j - k_i), summed over its ties, up to what the best of them knows.

References
----------
Cohen, W. M., Levinthal, D. A. (1990). Absorptive capacity: a new perspective on learning and innovation. ASQ
35(1), 128-152. Cowan, R., Jonard, N. (2004). Network structure and the diffusion of knowledge. JEDC 28(8),
1557-1575.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.edges import ends_of
from simulation.errors import UsageError
from simulation.kernels.exchange import barter_sweep, pairs_of_partners, transfer
from simulation.kernels.learning import research_and_fade
from simulation.kernels.networks import pair_identities
from simulation.purposes import Purpose
from simulation.randomness import addressed_order, stream_key
from simulation.world import World

__all__ = ["barter", "exchange", "learn", "transfer"]

type Floats = NDArray[np.float64]

AT_REST = 1e-9
MOST_SWEEPS = 65_535


def exchange(
    knowledge: ArrayLike,
    edges: ArrayLike,
    rule: str = "barter",
    rate: float = 0.1,
    threshold: float = 0.01,
    sweeps: int | None = None,
    seed: int = 0,
    absorptive_capacity: ArrayLike | None = None,
) -> Floats:
    """Let knowledge move along the edges of a network.

    Parameters
    ----------
    knowledge : (n, k) float
        Level of each of n agents in each of k domains, 0 or more.
    edges : (m, 2) int
        Who meets whom.
    rule : {"barter", "transfer"}
    rate : float
        Share of the gap that a receiver closes, 0 to 1.
    threshold : float
        Relative lead above which a domain is offered in barter, 0 or more.
    sweeps : int, optional
        How often all edges are visited, at most 65,535. None: until rest, when nothing is swapped, or no
        level changes by more than 1e-9 in transfer.
    seed : int
        Of the order of visits and of the domains that are swapped.
    absorptive_capacity : (n,) float, optional
        0 to 1, for transfer. None: 1 for everybody.

    Returns
    -------
    (n, k) float64
        New levels; the argument is left as it is.

    Raises
    ------
    UsageError
        If an argument has another shape or is out of bounds, or there is no rest after 65,535 sweeps.

    References
    ----------
    Cowan & Jonard (2004) for ``barter`` with the default rate and threshold; Cohen & Levinthal (1990) for
    ``transfer``.
    """
    levels = np.array(knowledge, dtype=np.float64, order="C")
    if levels.ndim != 2:
        raise UsageError(f"knowledge of shape {levels.shape}: must be (n, k), agents by domains")
    if not (np.isfinite(levels) & (levels >= 0.0)).all():
        raise UsageError("knowledge holds a level that is below 0 or not finite: levels must be 0 or more")
    first, second, _ = ends_of(edges, len(levels))
    capacity = _capacity(absorptive_capacity, len(levels))
    _check(rule, rate, threshold, sweeps)
    key = stream_key(seed, 0)
    identities = np.arange(len(levels), dtype=np.uint64)
    for sweep in range(MOST_SWEEPS if sweeps is None else sweeps):
        if rule == "barter":
            resting = barter(key, sweep, levels, first, second, identities, rate, threshold) == 0
        else:
            change = transfer(levels, first, second, capacity, float(rate))
            resting = change <= AT_REST if sweeps is None else change == 0.0
        if resting:
            return levels
    if sweeps is None:
        raise UsageError(f"no rest after {MOST_SWEEPS} sweeps: give a number of sweeps")
    return levels


def barter(
    key: np.uint64,
    month: int,
    knowledge: NDArray[np.floating],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    identities: NDArray[np.uint64],
    rate: float,
    threshold: float,
) -> int:
    """One sweep of barter over all ties, in an order drawn for this month.

    Ties are sorted by their bits at (KNOWLEDGE_EXCHANGE_ORDER, month, identity of the pair, 0), then by that
    identity.

    Parameters
    ----------
    key, month
        Address (:mod:`simulation.randomness`).
    knowledge : (n, k) float32 or float64
        Changed in place.
    first, second : (m,) int64
        Ends of the ties.
    identities : (n,) uint64
        Of the agents.
    rate, threshold : float

    Returns
    -------
    int
        Number of swaps.
    """
    ties = pair_identities(first, second, identities)
    order = addressed_order(key, Purpose.KNOWLEDGE_EXCHANGE_ORDER, month, ties)
    return int(barter_sweep(key, month, knowledge, first, second, ties, order, float(rate), float(threshold)))


def _capacity(absorptive_capacity: ArrayLike | None, agents: int) -> Floats:
    if absorptive_capacity is None:
        return np.ones(agents)
    capacity = np.ascontiguousarray(absorptive_capacity, dtype=np.float64)
    if capacity.shape != (agents,) or not ((capacity >= 0.0) & (capacity <= 1.0)).all():
        raise UsageError(f"absorptive_capacity: must be ({agents},), each between 0 and 1")
    return capacity


def _check(rule: str, rate: float, threshold: float, sweeps: int | None) -> None:
    if rule not in {"barter", "transfer"}:
        raise UsageError(f'rule = {rule!r}: must be "barter" or "transfer"')
    if not 0.0 <= rate <= 1.0:
        raise UsageError(f"rate = {rate!r}: must be between 0 and 1")
    if not 0.0 <= threshold < np.inf:
        raise UsageError(f"threshold = {threshold!r}: must be 0 or more and finite")
    if sweeps is not None and not 0 <= sweeps <= MOST_SWEEPS:
        raise UsageError(f"sweeps = {sweeps!r}: must be 0 to {MOST_SWEEPS}, or None to go on until rest")


def learn(world: World) -> None:
    """A month of learning: along running collaborations, by own research, and forgetting.

    Transfer is limited by absorptive capacity and scaled by (1/2 + digital maturity); own research closes a share
    of the distance to the frontier in one core domain, drawn by address; all knowledge fades.
    """
    organisations, rules = world.state.organisations, world.scenario.learning
    if len(world.state.projects):
        _learn_from_partners(world)
    research_and_fade(
        world.key,
        world.month,
        organisations.identity,
        organisations.alive,
        organisations.sector,
        world.core_domains,
        organisations.knowledge,
        rules.own_research,
        rules.fading,
    )


def _learn_from_partners(world: World) -> None:
    """Exchange knowledge along running collaborations."""
    state, rules = world.state, world.scenario.learning
    organisations, projects = state.organisations, state.projects
    first, second = pairs_of_partners(projects.status, projects.members, projects.member_count)
    if len(first) and rules.rule == "barter":
        identity = pair_identities(first, second, organisations.identity)
        order = addressed_order(world.key, Purpose.KNOWLEDGE_EXCHANGE_ORDER, world.month, identity)
        barter_sweep(
            world.key,
            world.month & 0xFFFF,
            organisations.knowledge,
            first,
            second,
            identity,
            order,
            rules.barter_rate,
            rules.barter_threshold,
        )
    elif len(first):
        uptake = organisations.absorptive_capacity * (0.5 + organisations.digital_maturity)
        transfer(organisations.knowledge, first, second, uptake, rules.transfer_rate)
