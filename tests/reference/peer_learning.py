"""Plain twins of simulation/kernels/peer_learning.py: lists of beliefs, one individual at a time."""

import numpy as np

from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import bits, combine, uniform


def as_lists(beliefs):
    return [[int(belief) for belief in row] for row in beliefs]


def draw_dimensions(key, purpose, month, identity, drawn):
    drawn[:] = [uniform(key, purpose, month, identity, dimension) for dimension in range(len(drawn))]


def newcomer(key, month, identity, reality, right, undecided):
    believed = []
    for dimension, truth in enumerate(int(value) for value in reality):
        u = uniform(key, Purpose.FOUNDING_PRACTICE, month, identity, dimension)
        believed.append(truth if u < right else 0 if u < right + undecided else -truth)
    return believed


def founding_beliefs(key, month, identities, reality, right, undecided):
    return [newcomer(key, month, identity, reality, right, undecided) for identity in identities]


def act(key, month, identities, beliefs):
    return [
        [
            belief or (1 if uniform(key, Purpose.PRACTICE_ACTION, month, identity, dimension) < 0.5 else -1)
            for dimension, belief in enumerate(row)
        ]
        for identity, row in zip(identities, as_lists(beliefs), strict=True)
    ]


def moved_towards(model, belief):
    """A gradual step: opposite beliefs become undecided, undecided ones the model's."""
    return 0 if belief == -model else model


def gradually(belief, model, draw, probability):
    differs = model not in (0, belief)
    return moved_towards(model, belief) if differs and draw() < probability else belief


def socialise(key, month, identities, beliefs, code, probability):
    def drawing(identity, dimension):
        return lambda: uniform(key, Purpose.LEARNING_FROM_CODE, month, identity, dimension)

    return [
        [
            gradually(belief, int(code[dimension]), drawing(identity, dimension), share)
            for dimension, belief in enumerate(row)
        ]
        for identity, row, share in zip(identities, as_lists(beliefs), probability, strict=True)
    ]


def code_learns(key, month, identity, code, actions, superior, probability):
    learnt = []
    for dimension, said in enumerate(int(value) for value in code):
        s = sum(int(row[dimension]) for row, better in zip(actions, superior, strict=True) if better)
        majority = (s > 0) - (s < 0)
        unchanged = 1.0
        for _ in range(abs(s)):
            unchanged *= 1.0 - probability
        if majority not in (0, said):
            u = uniform(key, Purpose.CODE_LEARNING, month, identity, dimension)
            said = majority if u < 1.0 - unchanged else said
        learnt.append(said)
    return learnt


def staff_leaving(key, month, identities, turnover):
    drawn = [uniform(key, Purpose.STAFF_TURNOVER, month, identity, 0) for identity in identities]
    return np.array([u < turnover for u in drawn], dtype=np.bool_)


def replace_staff(key, month, identities, beliefs, reality, turnover, right, undecided):
    leaving = staff_leaving(key, month, identities, turnover)
    return [
        newcomer(key, month, identity, reality, right, undecided) if goes else row
        for identity, row, goes in zip(identities, as_lists(beliefs), leaving, strict=True)
    ]


def turn_reality(key, month, identity, reality, turbulence):
    return [
        -int(truth)
        if uniform(key, Purpose.PRACTICE_TURBULENCE, month, identity, dimension) < turbulence
        else int(truth)
        for dimension, truth in enumerate(reality)
    ]


def better_peers(key, month, identities, skill, group, visiting):
    hosts = []
    for i, who in enumerate(identities):
        better = [
            (bits(key, Purpose.PEER_VISIT, month, combine(who, identities[j]), 0), j)
            for j in range(len(identities))
            if visiting[i] and group[j] == group[i] and skill[j] > skill[i]
        ]
        hosts.append(min(better)[1] if better else NOBODY)
    return hosts


def visit(key, month, identities, beliefs, hosts, adoption):
    before = as_lists(beliefs)
    after = []
    for i, host in enumerate(hosts.tolist()):
        if host == NOBODY:
            after.append(before[i])
            continue
        pair = combine(identities[i], identities[host])

        def drawing(dimension, pair=pair):
            return lambda: uniform(key, Purpose.VISIT_ADOPTION, month, pair, dimension)

        after.append(
            [
                gradually(belief, before[host][dimension], drawing(dimension), adoption[i])
                for dimension, belief in enumerate(before[i])
            ]
        )
    return after


def train(key, month, identities, beliefs, reality, probability):
    taught = []
    for identity, row in zip(identities, as_lists(beliefs), strict=True):
        for dimension, truth in enumerate(int(value) for value in reality):
            u = uniform(key, Purpose.BROKER_TRAINING, month, identity, dimension)
            if row[dimension] != truth and u < probability:
                row[dimension] = moved_towards(truth, row[dimension])
        taught.append(row)
    return taught


def performance(beliefs, reality):
    return np.array([sum(int(a) * int(b) for a, b in zip(row, reality, strict=True)) for row in beliefs], np.int64)


def skill(beliefs, reality):
    right = [sum(int(belief) == int(truth) for belief, truth in zip(row, reality, strict=True)) for row in beliefs]
    undecided = [sum(int(belief) == 0 for belief in row) for row in beliefs]
    return np.array([(r + 0.5 * u) / len(reality) for r, u in zip(right, undecided, strict=True)], np.float64)


def learn_through_code(
    key, month, identities, code_identity, beliefs, code, reality, p_socialisation, p_code, coin=True
):
    actions = act(key, month, identities, beliefs) if coin else as_lists(beliefs)
    own = performance([code], reality)[0]
    superior = [each > own for each in performance(actions, reality)]
    socialised = socialise(key, month, identities, beliefs, code, p_socialisation)
    written = code_learns(key, month, code_identity, code, actions, superior, p_code)
    return np.array(socialised, np.int8).reshape(np.shape(beliefs)), np.array(written, np.int8)
