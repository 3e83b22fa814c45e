"""Individuals learn from a code, and the code learns from the individuals who do better than it.

Claim: slow learning *from* the code keeps the variety that the code learns from; the same knowledge in all
heads is the end of learning (March 1991). Here the individuals are agencies, the code is the handbook of good
practice that they write together, and visits are a second channel that bypasses it.

In a period everybody acts on what it believes, or by a coin where undecided; performance is the sum of action
× reality. The individuals move towards the code, dimension by dimension and by half steps, with probability
p_socialisation. The code takes over what the majority of those does who performed better than it, with
probability 1 - (1 - p_code)^(majority - minority). Then knowledge is measured, staff is replaced, and reality
turns.

References
----------
March, J. G. (1991). Exploration and exploitation in organizational learning. Organization Science 2(1),
71-87.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Tier
from simulation.commitments import Commitment, raised
from simulation.errors import UsageError
from simulation.kernels.peer_learning import (
    act,
    better_peers,
    code_learns,
    founding_beliefs,
    replace_staff,
    socialise,
    turn_reality,
    visit,
)
from simulation.purposes import Purpose
from simulation.randomness import stream_key, uniforms
from simulation.state import NOBODY, State
from simulation.world import World

__all__ = [
    "PeerLearning",
    "act",
    "better_peers",
    "code_learns",
    "founding_beliefs",
    "learn_from_peers",
    "learn_through_code",
    "peer_learning",
    "performance",
    "replace_staff",
    "skill",
    "socialise",
    "turn_reality",
    "visit",
]

type Beliefs = NDArray[np.int8]
type Floats = NDArray[np.float64]
type Identities = NDArray[np.uint64]

ONE_THIRD = 1.0 / 3.0
MOST_PERIODS = 65_535


@dataclass(frozen=True)
class PeerLearning:
    """What is known after each period.

    Attributes
    ----------
    code_knowledge : (periods,) float64
        Share of dimensions that the code has right; undecided counts as not right.
    individual_knowledge : (periods,) float64
        The same, mean over individuals.
    """

    code_knowledge: Floats
    individual_knowledge: Floats


def peer_learning(
    individuals: int = 50,
    dimensions: int = 30,
    p_socialisation: float = 0.1,
    p_code: float = 0.5,
    turnover: float = 0.0,
    turbulence: float = 0.0,
    periods: int | None = None,
    coin: bool = True,
    seed: int = 0,
) -> PeerLearning:
    """March's organisation from its founding on.

    Beliefs start uniform on {-1, 0, 1}, the code at 0.

    Parameters
    ----------
    individuals, dimensions : int
        1 or more.
    p_socialisation : float
        Probability a period and dimension that an individual moves towards the code.
    p_code : float
        Probability a period and dimension that the code learns from a majority of one.
    turnover : float
        Probability a period that an individual is replaced by a newcomer.
    turbulence : float
        Probability a period that a dimension of reality turns.
    periods : int, optional
        Length, 0 to 65,535. None: until all beliefs equal the code, or nothing can change any more.
    coin : bool
        The undecided act by a fair coin; otherwise they do not act.
    seed : int

    Returns
    -------
    PeerLearning

    Raises
    ------
    UsageError
        If a number is out of bounds, or ``periods`` is None where there is no equilibrium: with turnover or
        turbulence, or when nobody learns from the code or the code from nobody.

    References
    ----------
    March (1991), figures 1-5.
    """
    _check(individuals, dimensions, p_socialisation, p_code, turnover, turbulence, periods)
    key = stream_key(seed, 0)
    identities = np.arange(individuals, dtype=np.uint64)
    whole = np.uint64(individuals)
    drawn = uniforms(key, Purpose.REALITY, 0, np.arange(dimensions, dtype=np.uint64))
    reality = np.where(drawn < 0.5, 1, -1).astype(np.int8)
    beliefs = founding_beliefs(key, 0, identities, reality, ONE_THIRD, ONE_THIRD)
    code = np.zeros(dimensions, dtype=np.int8)
    reading = np.full(individuals, float(p_socialisation))
    code_knowledge: list[float] = []
    individual_knowledge: list[float] = []
    for period in range(1, (MOST_PERIODS if periods is None else periods) + 1):
        before = beliefs, code
        beliefs, code = learn_through_code(
            key, period, identities, whole, beliefs, code, reality, reading, float(p_code), coin
        )
        code_knowledge.append(_share_right(code, reality))
        individual_knowledge.append(_share_right(beliefs, reality))
        if periods is None and _is_at_rest(before, beliefs, code, reality, coin):
            break
        beliefs = replace_staff(key, period, identities, beliefs, reality, turnover, ONE_THIRD, ONE_THIRD)
        reality = turn_reality(key, period, whole, reality, turbulence)
    return PeerLearning(np.array(code_knowledge), np.array(individual_knowledge))


def learn_through_code(
    key: np.uint64,
    month: int,
    identities: Identities,
    code_identity: np.uint64,
    beliefs: Beliefs,
    code: Beliefs,
    reality: Beliefs,
    p_socialisation: Floats,
    p_code: float,
    coin: bool = True,
) -> tuple[Beliefs, Beliefs]:
    """One period of March's model: act, socialise, and the code learns from these actions.

    Parameters
    ----------
    key, month
        Address (:mod:`simulation.randomness`).
    identities : (n,) uint64
        Of the individuals.
    code_identity : uint64
    beliefs : (n, m) int8
    code, reality : (m,) int8
    p_socialisation : (n,) float64
        Probability that each individual learns a dimension from the code.
    p_code : float
    coin : bool
        The undecided act by a fair coin; otherwise they do not act and count for neither side.

    Returns
    -------
    beliefs : (n, m) int8
    code : (m,) int8
    """
    actions = act(key, month, identities, beliefs) if coin else beliefs
    superior = performance(actions, reality) > performance(code[None, :], reality)[0]
    socialised = socialise(key, month, identities, beliefs, code, p_socialisation)
    return socialised, code_learns(key, month, code_identity, code, actions, superior, p_code)


def performance(actions: Beliefs, reality: Beliefs) -> NDArray[np.int64]:
    """Sum over dimensions of action × reality; (n, m) and (m,) -> (n,)."""
    return np.asarray(np.multiply(actions, reality, dtype=np.int64).sum(axis=1))


def skill(beliefs: Beliefs, reality: Beliefs) -> Floats:
    """Share of dimensions that an individual has right, plus half the share in which it is undecided.

    (n, m) and (m,) -> (n,) float64.
    """
    right = np.count_nonzero(beliefs == reality, axis=1)
    undecided = np.count_nonzero(beliefs == 0, axis=1)
    return np.asarray((right + 0.5 * undecided) / reality.size)


def _share_right(beliefs: Beliefs, reality: Beliefs) -> float:
    return int(np.count_nonzero(beliefs == reality)) / beliefs.size


def _is_at_rest(before: tuple[Beliefs, Beliefs], beliefs: Beliefs, code: Beliefs, reality: Beliefs, coin: bool) -> bool:
    """Whether all beliefs equal the code, or no draw could change anything any more.

    The second happens where the code is undecided: it shows nothing there, so the individuals may keep
    different beliefs, and none of them does better than the code by as much as a lucky coin.
    """
    if (beliefs == code).all():
        return True
    if beliefs is not before[0] and not (np.array_equal(beliefs, before[0]) and np.array_equal(code, before[1])):
        return False
    if ((code != 0) & (beliefs != code)).any():
        return False
    luck = np.count_nonzero(beliefs == 0, axis=1) if coin else 0
    superior = performance(beliefs, reality) + luck > performance(code[None, :], reality)[0]
    if not superior.any():
        return True
    if coin and (beliefs[superior] == 0).any():
        return False
    majority = np.sign(beliefs[superior].sum(axis=0, dtype=np.int64))
    return bool(((majority == 0) | (majority == code)).all())


def _check(
    individuals: int,
    dimensions: int,
    p_socialisation: float,
    p_code: float,
    turnover: float,
    turbulence: float,
    periods: int | None,
) -> None:
    for name, count in (("individuals", individuals), ("dimensions", dimensions)):
        if count < 1:
            raise UsageError(f"{name} = {count!r}: must be 1 or more")
    probabilities = {
        "p_socialisation": p_socialisation,
        "p_code": p_code,
        "turnover": turnover,
        "turbulence": turbulence,
    }
    for name, value in probabilities.items():
        if not 0.0 <= value <= 1.0:
            raise UsageError(f"{name} = {value!r}: must be a probability, between 0 and 1")
    if periods is not None and not 0 <= periods <= MOST_PERIODS:
        raise UsageError(f"periods = {periods!r}: must be 0 to {MOST_PERIODS}, or None to go on until equilibrium")
    if periods is None and (turnover > 0.0 or turbulence > 0.0):
        raise UsageError(
            f"turnover = {turnover!r}, turbulence = {turbulence!r}: there is no equilibrium; give a number of periods"
        )
    if periods is None and (p_socialisation == 0.0 or p_code == 0.0):
        raise UsageError(
            f"p_socialisation = {p_socialisation!r}, p_code = {p_code!r}: without both kinds of learning "
            "there is no equilibrium; give a number of periods"
        )


def learn_from_peers(world: World) -> None:
    """One month of practice: members of active partnerships write and read the handbook and visit better peers.

    Brokers, parks and authorities take part through the membership that they hold or that acts for them; the outer ring
    (associates, and brokers whom a member acts for) reads and visits at a lower rate. Everywhere staff is
    replaced and what works changes, with or without a programme.
    """
    state, rules = world.state, world.scenario.peer_learning
    agencies = _agencies(world)
    reality, identities = state.clock.right_practice[0], agencies.identities
    beliefs = agencies.beliefs
    taking_part = agencies.partnership != NOBODY
    if taking_part.any() and rules.handbook:
        for row in np.unique(agencies.partnership[taking_part]):
            _write_and_read(world, agencies, int(row))
    if taking_part.any() and rules.visits:
        _visit_peers(world, agencies)
    taken_over = np.count_nonzero((beliefs != agencies.before) & (beliefs != 0), axis=1)
    world.count("practices_transferred", int(taken_over.sum()))
    beliefs = replace_staff(
        world.key,
        world.month,
        identities,
        beliefs,
        reality,
        rules.turnover,
        rules.right_at_start,
        rules.undecided_at_start,
    )
    reality = turn_reality(world.key, world.month, REALITY_IDENTITY, reality, rules.turbulence)
    state.clock.right_practice[0] = reality
    agencies.store(state, beliefs, skill(beliefs, reality), taken_over)


REALITY_IDENTITY = np.uint64(0)
"""Address of what works in practice."""

AGENCIES = ("brokers", "parks", "authorities")
"""Tables whose rows have practices, in the order in which they are laid end to end."""


@dataclass
class _Agencies:
    """Brokers, parks and authorities end to end, as individuals of March's model."""

    identities: Identities
    beliefs: Beliefs
    before: Beliefs
    visited_month: NDArray[np.int16]
    partnership: NDArray[np.int64]
    rate: Floats
    reading: Floats
    visiting: Floats

    def store(self, state: State, beliefs: Beliefs, skills: Floats, taken_over: NDArray[np.int64]) -> None:
        start = 0
        for name in AGENCIES:
            table = getattr(state, name)
            rows = slice(start, start + len(table))
            table.practices[:] = beliefs[rows]
            table.skill[:] = skills[rows]
            table.visited_month[:] = self.visited_month[rows]
            table.transferred[:] += taken_over[rows].astype(np.int16)
            start = rows.stop


def _agencies(world: World) -> _Agencies:
    tables = [getattr(world.state, name) for name in AGENCIES]
    members = world.state.members
    member = np.concatenate([table.member for table in tables])
    identities = np.concatenate([table.identity for table in tables])
    beliefs = np.concatenate([table.practices for table in tables])
    acting = (member != NOBODY) if len(members) else np.zeros(len(member), dtype=np.bool_)
    of_member = np.where(acting, member, 0)
    partnership = np.full(len(member), NOBODY, dtype=np.int64)
    rate, engaged = np.ones(len(member)), np.zeros(len(member))
    if acting.any():
        active = (
            members.present & world.state.partnerships.active[members.partnership] & world.scenario.programme.across
        )
        partnership[acting & active[of_member]] = members.partnership[of_member][acting & active[of_member]]
        inner = acting & (members.identity[of_member] == identities) & (members.tier[of_member] != Tier.ASSOCIATE)
        rate[~inner] = world.scenario.peer_learning.outer_ring_rate
        engaged = np.where(partnership != NOBODY, members.engagement[of_member], 0.0)
    return _Agencies(
        identities=identities,
        beliefs=beliefs,
        before=beliefs.copy(),
        partnership=partnership,
        rate=rate,
        visited_month=np.concatenate([table.visited_month for table in tables]),
        reading=rate * raised(world.scenario, Commitment.UPDATES, engaged),
        visiting=rate * raised(world.scenario, Commitment.PEER_MEETINGS, engaged),
    )


def _write_and_read(world: World, agencies: _Agencies, row: int) -> None:
    rules, partnerships = world.scenario.peer_learning, world.state.partnerships
    here = np.flatnonzero(agencies.partnership == row)
    beliefs, code = learn_through_code(
        world.key,
        world.month,
        agencies.identities[here],
        partnerships.identity[row],
        agencies.beliefs[here],
        partnerships.handbook[row],
        world.state.clock.right_practice[0],
        np.minimum(1.0, rules.p_socialisation * agencies.reading[here]),
        rules.p_code,
    )
    agencies.beliefs[here] = beliefs
    partnerships.handbook[row] = code


def _visit_peers(world: World, agencies: _Agencies) -> None:
    """Each agency visits every so many months, sooner the more its member is engaged in peer meetings."""
    rules = world.scenario.peer_learning
    waited = world.month - agencies.visited_month.astype(np.int64)
    due = (agencies.partnership != NOBODY) & (waited * agencies.visiting >= rules.visit_months)
    skills = skill(agencies.beliefs, world.state.clock.right_practice[0])
    hosts = better_peers(world.key, world.month, agencies.identities, skills, agencies.partnership, due)
    adoption = np.full(len(hosts), rules.visit_adoption)
    agencies.beliefs[:] = visit(world.key, world.month, agencies.identities, agencies.beliefs, hosts, adoption)
    agencies.visited_month[hosts != NOBODY] = world.month
