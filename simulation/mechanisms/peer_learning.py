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

from simulation.agencies import Ring
from simulation.codes import SOURCES, Account, Source
from simulation.commitments import Commitment, raised_by
from simulation.errors import UsageError
from simulation.kernels.agencies import practise
from simulation.kernels.peer_learning import (
    act,
    better_peers,
    code_learns,
    founding_beliefs,
    learn_through_code,
    performance,
    replace_staff,
    skill,
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
            key, period, identities, whole, beliefs, code, reality, reading, float(p_code), bool(coin)
        )
        code_knowledge.append(_share_right(code, reality))
        individual_knowledge.append(_share_right(beliefs, reality))
        if periods is None and _is_at_rest(before, beliefs, code, reality, coin):
            break
        beliefs = replace_staff(key, period, identities, beliefs, reality, turnover, ONE_THIRD, ONE_THIRD)
        reality = turn_reality(key, period, whole, reality, turbulence)
    return PeerLearning(np.array(code_knowledge), np.array(individual_knowledge))


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
    and visiting at rates of their own. An agency takes part through the membership that it holds or that acts for it,
    where its partnership is active and the programme acts across regions. Partners hold a membership of their own and
    sign, associates one of the outer tier; all others are regional actors. With ``peer_learning.regional_actors`` an
    agency without such a membership takes part through the first partner of its region, as a regional actor too.

    In months of training, brokers are taught what is right. Everywhere staff is
    replaced and what works changes, with or without a programme; an emerging technology changes it once.
    """
    state, rules = world.state, world.scenario.peer_learning
    reality = state.clock.right_practice[0]
    visits, practices, trained = _practise(world, reality)
    if world.month == rules.emerging_month and world.month >= 1:
        reality[:] = emerge(world.key, reality, rules.emerging_share)
        for table in (state.brokers, state.parks, state.authorities):
            table.skill[:] = skill(table.practices, reality)
    world.count("practices_transferred", practices)
    if visits:
        source = SOURCES[rules.source_of_money] if world.policy_on else Source.REGIONAL
        pay(state, source, Account.COORDINATION, cents(rules.visit_cost_keur) * visits)
    if trained:
        cost = cents(rules.training_cost_keur) * trained
        pay(state, SOURCES[rules.source_of_money], Account.COORDINATION, cost)


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


def _practise(world: World, reality: Beliefs) -> tuple[int, int, int]:
    """The month's practice of all agencies: their visits, the practices taken over, and brokers trained."""
    state, scenario, rules = world.state, world.scenario, world.scenario.peer_learning
    members, partnerships = state.members, state.partnerships
    brokers, parks, authorities = state.brokers, state.parks, state.authorities
    identities, regions = world.agencies
    training = world.month in rules.training_months and world.policy_on
    return practise(
        world.key,
        world.month,
        identities,
        regions,
        (brokers.member, parks.member, authorities.member),
        (brokers.practices, parks.practices, authorities.practices),
        (brokers.learned, parks.learned, authorities.learned),
        (brokers.visited_month, parks.visited_month, authorities.visited_month),
        (brokers.transferred, parks.transferred, authorities.transferred),
        (brokers.skill, parks.skill, authorities.skill),
        members.identity,
        members.partnership,
        members.present,
        members.tier,
        members.region,
        members.engagement,
        partnerships.identity,
        partnerships.active,
        partnerships.handbook,
        REALITY_IDENTITY,
        reality,
        scenario.programme.across,
        rules.regional_actors,
        len(world.geography.regions),
        (1.0, rules.outer_ring_rate, rules.regional_actor_rate),
        raised_by(scenario, Commitment.UPDATES),
        raised_by(scenario, Commitment.PEER_MEETINGS),
        rules.handbook,
        rules.visits,
        int(Ring[rules.training_ring.upper()]) if training else NOBODY,
        (rules.p_socialisation, rules.p_code, float(rules.visit_months), rules.visit_adoption),
        rules.training_adoption,
        (rules.turnover, rules.right_at_start, rules.undecided_at_start, rules.turbulence),
    )
