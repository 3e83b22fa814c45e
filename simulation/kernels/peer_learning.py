"""Individuals, an organisational code and visits: the loops of :mod:`simulation.mechanisms.peer_learning`.

Beliefs are (n, m) int8 of -1, 0 and 1, one row an individual and one column a dimension of practice; 0 is
undecided. The code and reality are (m,) int8. Every draw is a uniform number at (purpose, month, identity,
counter), where the counter is the dimension unless said otherwise. Nothing but draws is filled in place.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import bits, combine, uniform
from simulation.state import NOBODY

__all__ = [
    "act",
    "better_peers",
    "code_learns",
    "draw_dimensions",
    "founding_beliefs",
    "learn_through_code",
    "performance",
    "replace_staff",
    "skill",
    "socialise",
    "staff_leaving",
    "train",
    "turn_reality",
    "visit",
]

type Beliefs = NDArray[np.int8]
type Floats = NDArray[np.float64]
type Identities = NDArray[np.uint64]

FOUNDING_PRACTICE = int(Purpose.FOUNDING_PRACTICE)
STAFF_TURNOVER = int(Purpose.STAFF_TURNOVER)
PEER_VISIT = int(Purpose.PEER_VISIT)
# Plain constants would have :func:`draw_dimensions` compiled once for each.
PRACTICE_ACTION = np.int64(Purpose.PRACTICE_ACTION)
LEARNING_FROM_CODE = np.int64(Purpose.LEARNING_FROM_CODE)
CODE_LEARNING = np.int64(Purpose.CODE_LEARNING)
PRACTICE_TURBULENCE = np.int64(Purpose.PRACTICE_TURBULENCE)
VISIT_ADOPTION = np.int64(Purpose.VISIT_ADOPTION)
BROKER_TRAINING = np.int64(Purpose.BROKER_TRAINING)


@kernel
def draw_dimensions(key: np.uint64, purpose: np.int64, month: int, identity: np.uint64, drawn: Floats) -> None:
    """Fill (m,) ``drawn`` with u at (purpose, month, identity, dimension).

    Side by side, all of them take as long as the few that are needed would, one by one between branches.
    """
    for d in range(drawn.size):
        drawn[d] = uniform(key, int(purpose), month, identity, d)


@kernel
def founding_beliefs(
    key: np.uint64, month: int, identities: Identities, reality: Beliefs, right: float, undecided: float
) -> Beliefs:
    """What newcomers believe: right with the first probability, undecided with the second, otherwise wrong.

    With u at (FOUNDING_PRACTICE, month, identity_i, dimension): the belief is reality's where u < right, 0
    where u < right + undecided, else the opposite of reality's. One third each is March's uniform draw on
    {-1, 0, 1}.
    """
    beliefs = np.empty((identities.size, reality.size), np.int8)
    for i in range(identities.size):
        for d in range(reality.size):
            u = uniform(key, FOUNDING_PRACTICE, month, identities[i], d)
            if u < right:
                beliefs[i, d] = reality[d]
            elif u < right + undecided:
                beliefs[i, d] = 0
            else:
                beliefs[i, d] = -reality[d]
    return beliefs


@kernel
def act(key: np.uint64, month: int, identities: Identities, beliefs: Beliefs) -> Beliefs:
    """What individuals do: what they believe, and where undecided by a fair coin.

    The coin gives 1 if u at (PRACTICE_ACTION, month, identity_i, dimension) is below 1/2, else -1.
    """
    actions = beliefs.copy()
    drawn = np.empty(beliefs.shape[1])
    for i in range(beliefs.shape[0]):
        draw_dimensions(key, PRACTICE_ACTION, month, identities[i], drawn)
        for d in range(beliefs.shape[1]):
            if beliefs[i, d] == 0:
                actions[i, d] = 1 if drawn[d] < 0.5 else -1
    return actions


@kernel
def socialise(
    key: np.uint64,
    month: int,
    identities: Identities,
    beliefs: Beliefs,
    code: Beliefs,
    probability: NDArray[np.float64],
) -> Beliefs:
    """Individuals learn from the code, gradually.

    Where the code is not 0 and the belief is another, and u at (LEARNING_FROM_CODE, month, identity_i,
    dimension) is below probability_i (n,): an opposite belief becomes 0, a 0 becomes the code's.
    """
    learned = beliefs.copy()
    drawn = np.empty(code.size)
    for i in range(beliefs.shape[0]):
        draw_dimensions(key, LEARNING_FROM_CODE, month, identities[i], drawn)
        for d in range(code.size):
            if code[d] != 0 and beliefs[i, d] != code[d] and drawn[d] < probability[i]:
                learned[i, d] = code[d] if beliefs[i, d] == 0 else 0
    return learned


@kernel
def code_learns(
    key: np.uint64,
    month: int,
    identity: np.uint64,
    code: Beliefs,
    actions: Beliefs,
    superior: NDArray[np.bool_],
    probability: float,
) -> Beliefs:
    """The code learns from what its betters do, at once.

    In each dimension s is the sum of the actions of the superior individuals, k = |s|, and their majority the
    sign of s. Where s is not 0 and the majority is not the code's, the code becomes the majority's if u at
    (CODE_LEARNING, month, identity of the code, dimension) is below 1 - (1 - probability)^k; the power is k
    multiplications, from 1.0.

    Parameters
    ----------
    actions : (n, m) int8
    superior : (n,) bool
        Who performs better than the code.
    """
    learned, drawn = code.copy(), np.empty(code.size)
    draw_dimensions(key, CODE_LEARNING, month, identity, drawn)
    for d in range(code.size):
        balance = 0
        for i in range(actions.shape[0]):
            if superior[i]:
                balance += int(actions[i, d])
        majority = 1 if balance > 0 else -1
        if balance == 0 or majority == code[d]:
            continue
        kept = 1.0
        for _ in range(abs(balance)):
            kept *= 1.0 - probability
        if drawn[d] < 1.0 - kept:
            learned[d] = majority
    return learned


@kernel
def performance(beliefs: Beliefs, reality: Beliefs) -> NDArray[np.int64]:
    """Sum over dimensions of action × reality; (n, m) and (m,) -> (n,)."""
    performed = np.zeros(beliefs.shape[0], np.int64)
    for i in range(beliefs.shape[0]):
        for d in range(reality.size):
            performed[i] += int(beliefs[i, d]) * int(reality[d])
    return performed


@kernel
def skill(beliefs: Beliefs, reality: Beliefs) -> NDArray[np.float64]:
    """Share of dimensions that an individual has right, plus half the share in which it is undecided.

    (n, m) and (m,) -> (n,) float64.
    """
    skills = np.empty(beliefs.shape[0])
    for i in range(beliefs.shape[0]):
        right, undecided = 0, 0
        for d in range(reality.size):
            right += int(beliefs[i, d] == reality[d])
            undecided += int(beliefs[i, d] == 0)
        skills[i] = (right + 0.5 * undecided) / reality.size
    return skills


@kernel
def learn_through_code(
    key: np.uint64,
    month: int,
    identities: Identities,
    code_identity: np.uint64,
    beliefs: Beliefs,
    code: Beliefs,
    reality: Beliefs,
    p_socialisation: NDArray[np.float64],
    p_code: float,
    coin: bool = True,
) -> tuple[Beliefs, Beliefs]:
    """One period of March's model: act, socialise, and the code learns from these actions.

    Superior are those whose :func:`performance` is above that of the code.

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
    performed, to_beat = performance(actions, reality), performance(code.reshape(1, -1), reality)[0]
    superior = np.empty(identities.size, np.bool_)
    for i in range(identities.size):
        superior[i] = performed[i] > to_beat
    socialised = socialise(key, month, identities, beliefs, code, p_socialisation)
    return socialised, code_learns(key, month, code_identity, code, actions, superior, p_code)


@kernel
def staff_leaving(key: np.uint64, month: int, identities: Identities, turnover: float) -> NDArray[np.bool_]:
    """Whether each individual is replaced: u at (STAFF_TURNOVER, month, identity_i, 0) is below ``turnover``."""
    leaving = np.empty(identities.size, np.bool_)
    for i in range(identities.size):
        leaving[i] = uniform(key, STAFF_TURNOVER, month, identities[i], 0) < turnover
    return leaving


@kernel
def replace_staff(
    key: np.uint64,
    month: int,
    identities: Identities,
    beliefs: Beliefs,
    reality: Beliefs,
    turnover: float,
    right: float,
    undecided: float,
) -> Beliefs:
    """Individuals are replaced where :func:`staff_leaving` says so.

    A newcomer believes what :func:`founding_beliefs` draws for identity_i in this month.
    """
    staffed, leaving = beliefs.copy(), staff_leaving(key, month, identities, turnover)
    for i in range(identities.size):
        if leaving[i]:
            newcomer = founding_beliefs(key, month, identities[i : i + 1], reality, right, undecided)
            for d in range(reality.size):
                staffed[i, d] = newcomer[0, d]
    return staffed


@kernel
def turn_reality(key: np.uint64, month: int, identity: np.uint64, reality: Beliefs, turbulence: float) -> Beliefs:
    """Reality changes sign in some dimensions.

    In those where u at (PRACTICE_TURBULENCE, month, identity of the reality, dimension) is below
    ``turbulence``.
    """
    turned, drawn = reality.copy(), np.empty(reality.size)
    draw_dimensions(key, PRACTICE_TURBULENCE, month, identity, drawn)
    for d in range(reality.size):
        if drawn[d] < turbulence:
            turned[d] = -reality[d]
    return turned


@kernel
def better_peers(
    key: np.uint64,
    month: int,
    identities: Identities,
    skill: NDArray[np.float64],
    group: NDArray[np.int64],
    visiting: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Whom each visiting individual visits: one of the more skilled in its group, all equally likely.

    It is the one with the smallest bits at (PEER_VISIT, month, combine(identity of the visitor, identity of
    the host), 0); of equals, the first. A member more changes a host only where it becomes the host.

    Parameters
    ----------
    skill : (n,) float64
    group : (n,) int64
        Hosts are sought in the same group.
    visiting : (n,) bool

    Returns
    -------
    (n,) int64
        Row of the host; NOBODY for those who do not visit or have no better peer.
    """
    hosts = np.full(identities.size, NOBODY, np.int64)
    for i in range(identities.size):
        if not visiting[i]:
            continue
        lowest = np.uint64(0)
        for j in range(identities.size):
            if group[j] != group[i] or skill[j] <= skill[i]:
                continue
            drawn = bits(key, PEER_VISIT, month, combine(identities[i], identities[j]), 0)
            if hosts[i] == NOBODY or drawn < lowest:
                hosts[i], lowest = j, drawn
    return hosts


@kernel
def visit(
    key: np.uint64,
    month: int,
    identities: Identities,
    beliefs: Beliefs,
    hosts: NDArray[np.int64],
    adoption: NDArray[np.float64],
) -> Beliefs:
    """Visitors learn from their hosts, gradually, all from the beliefs before the visits.

    For individual i with a host (not NOBODY), where the host's belief is not 0 and another than the
    visitor's, and u at (VISIT_ADOPTION, month, combine(identity of the visitor, identity of the host),
    dimension) is below adoption_i (n,): an opposite belief becomes 0, a 0 becomes the host's. What the host
    has not decided is not shown.
    """
    learned = beliefs.copy()
    drawn = np.empty(beliefs.shape[1])
    for i in range(hosts.size):
        if hosts[i] == NOBODY:
            continue
        draw_dimensions(key, VISIT_ADOPTION, month, combine(identities[i], identities[hosts[i]]), drawn)
        for d in range(beliefs.shape[1]):
            shown = beliefs[hosts[i], d]
            if shown != 0 and shown != beliefs[i, d] and drawn[d] < adoption[i]:
                learned[i, d] = shown if beliefs[i, d] == 0 else 0
    return learned


@kernel
def train(
    key: np.uint64, month: int, identities: Identities, beliefs: Beliefs, reality: Beliefs, probability: float
) -> Beliefs:
    """Individuals are taught what is right, gradually.

    Where the belief is not reality's and u at (BROKER_TRAINING, month, identity_i, dimension) is below
    ``probability``: a wrong belief becomes 0, a 0 becomes reality's.
    """
    learned = beliefs.copy()
    drawn = np.empty(reality.size)
    for i in range(beliefs.shape[0]):
        draw_dimensions(key, BROKER_TRAINING, month, identities[i], drawn)
        for d in range(reality.size):
            if beliefs[i, d] != reality[d] and drawn[d] < probability:
                learned[i, d] = reality[d] if beliefs[i, d] == 0 else 0
    return learned
