"""Individuals learn from a code, and the code learns from the individuals who do better than it.

Claim: slow learning *from* the code keeps the variety that the code learns from; the same knowledge in all
heads is the end of learning (March 1991). Here the individuals are agencies, the code is the handbook of good
practice that they write together, and visits are a second channel that bypasses it.

In a period everybody acts on what it believes, or by a coin where undecided; performance is the sum of action
× reality. The individuals move towards the code, dimension by dimension and by half steps, with probability
p_socialisation. The code takes over what the majority of those does who performed better than it, with
probability 1 - (1 - p_code)^(majority - minority). Then knowledge is measured, staff is replaced, and reality
turns. An emerging technology turns a share φ of it at once, which changes a skill s by -φ (2s - 1): who knew most loses
most. Partners, associates and regional actors are rings that read and visit at rates of their own.

References
----------
March, J. G. (1991). Exploration and exploitation in organizational learning. Organization Science 2(1),
71-87.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.agencies import Agencies, Ring, agencies_of
from simulation.codes import SOURCES, Account, Source
from simulation.errors import UsageError
from simulation.kernels.peer_learning import (
    act,
    better_peers,
    code_learns,
    founding_beliefs,
    replace_staff,
    socialise,
    train,
    turn_reality,
    visit,
)
from simulation.money import cents, pay
from simulation.purposes import Purpose
from simulation.randomness import addressed_order, stream_key, uniforms
from simulation.state import NOBODY
from simulation.world import World

__all__ = [
    "PeerLearning",
    "act",
    "better_peers",
    "code_learns",
    "emerge",
    "founding_beliefs",
    "learn_from_peers",
    "learn_through_code",
    "peer_learning",
    "performance",
    "replace_staff",
    "skill",
    "socialise",
    "train",
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

    Brokers, parks and authorities take part ring by ring (:class:`simulation.agencies.Ring`), the outer rings reading
    and visiting at rates of their own. In months of training, brokers are taught what is right. Everywhere staff is
    replaced and what works changes, with or without a programme; an emerging technology changes it once.
    """
    state, rules = world.state, world.scenario.peer_learning
    agencies = agencies_of(world)
    reality = state.clock.right_practice[0]
    before = agencies.beliefs.copy()
    taking_part = agencies.partnership != NOBODY
    if taking_part.any() and rules.handbook:
        for row in np.unique(agencies.partnership[taking_part]):
            _write_and_read(world, agencies, int(row))
    if taking_part.any() and rules.visits:
        _visit_peers(world, agencies)
    taken_over = (agencies.beliefs != before) & (agencies.beliefs != 0)
    transferred = np.count_nonzero(taken_over, axis=1)
    world.count("practices_transferred", int(transferred.sum()))
    if world.month in rules.training_months and world.policy_on:
        _train_brokers(world, agencies, reality)
    agencies.learned |= agencies.beliefs != before
    agencies.learned &= agencies.beliefs != 0
    _replace_staff(world, agencies, reality)
    reality = turn_reality(world.key, world.month, REALITY_IDENTITY, reality, rules.turbulence)
    if world.month == rules.emerging_month and world.month >= 1:
        reality = emerge(world.key, reality, rules.emerging_share)
    state.clock.right_practice[0] = reality
    agencies.store(state, skill(agencies.beliefs, reality), transferred)


REALITY_IDENTITY = np.uint64(0)
"""Address of what works in practice."""


def emerge(key: np.uint64, reality: Beliefs, share: float) -> Beliefs:
    """What works after a technology has emerged: the opposite in a share φ of the dimensions.

    They are the round(φ m), halves upward, whose bits at (EMERGING_PRACTICE, month 0, dimension, 0) are lowest: the
    same ones whenever the technology emerges. A skill s then changes by -φ (2s - 1) on average over the choice.

    Parameters
    ----------
    key : uint64
    reality : (m,) int8
    share : float
        φ, 0 to 1.

    Returns
    -------
    (m,) int8
    """
    dimensions = np.arange(reality.size, dtype=np.uint64)
    order = addressed_order(key, Purpose.EMERGING_PRACTICE, 0, dimensions)
    turned = reality.copy()
    turned[order[: int(share * reality.size + 0.5)]] *= np.int8(-1)
    return turned


def _write_and_read(world: World, agencies: Agencies, row: int) -> None:
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


def _visit_peers(world: World, agencies: Agencies) -> None:
    """Each agency visits every so many months, sooner the more its member is engaged in peer meetings."""
    rules = world.scenario.peer_learning
    waited = world.month - agencies.visited_month.astype(np.int64)
    due = (agencies.partnership != NOBODY) & (waited * agencies.visiting >= rules.visit_months)
    skills = skill(agencies.beliefs, world.state.clock.right_practice[0])
    hosts = better_peers(world.key, world.month, agencies.identities, skills, agencies.partnership, due)
    adoption = np.full(len(hosts), rules.visit_adoption)
    agencies.beliefs[:] = visit(world.key, world.month, agencies.identities, agencies.beliefs, hosts, adoption)
    agencies.visited_month[hosts != NOBODY] = world.month
    source = SOURCES[rules.source_of_money] if world.policy_on else Source.REGIONAL
    visits = int(np.count_nonzero(hosts != NOBODY))
    pay(world.state, source, Account.COORDINATION, cents(rules.visit_cost_keur) * visits)


def _train_brokers(world: World, agencies: Agencies, reality: Beliefs) -> None:
    """Teach the brokers of the rings that are invited what is right, and pay for each of them."""
    rules = world.scenario.peer_learning
    invited = (agencies.partnership != NOBODY) & (agencies.ring <= Ring[rules.training_ring.upper()])
    trained = np.flatnonzero(invited[: len(world.state.brokers)])
    who, beliefs = agencies.identities[trained], agencies.beliefs[trained]
    agencies.beliefs[trained] = train(world.key, world.month, who, beliefs, reality, rules.training_adoption)
    source = SOURCES[rules.source_of_money]
    pay(world.state, source, Account.COORDINATION, cents(rules.training_cost_keur) * len(trained))


def _replace_staff(world: World, agencies: Agencies, reality: Beliefs) -> None:
    """Put newcomers, who have learned nothing from others yet, in the place of those who go."""
    rules, identities = world.scenario.peer_learning, agencies.identities
    agencies.beliefs[:] = replace_staff(
        world.key,
        world.month,
        identities,
        agencies.beliefs,
        reality,
        rules.turnover,
        rules.right_at_start,
        rules.undecided_at_start,
    )
    replaced = uniforms(world.key, Purpose.STAFF_TURNOVER, world.month, identities) < rules.turnover
    agencies.learned[replaced] = False
