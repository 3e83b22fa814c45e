"""What candidates are worth, how they are seen, who shows them, and to whom that brings cases."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp, log
from simulation.codes import Channel
from simulation.compilation import kernel
from simulation.kernels.surplus import bring_near, pair_surpluses
from simulation.purposes import Purpose
from simulation.randomness import combine, drawn_normals
from simulation.state import NOBODY

MISJUDGEMENT = int(Purpose.CANDIDATE_MISJUDGEMENT)

BROKER = int(Channel.BROKER)
PARTNER = int(Channel.PARTNER)
PLATFORM = int(Channel.PLATFORM)

LEAST = 1e-9
"""Surplus below which a logarithm is not taken."""

BLOCK = 2048
"""Candidates that are judged together, or a few more: what is in between stays in the processor's cache."""


@kernel
def judge_candidates(
    key: np.uint64,
    month: int,
    seeker: NDArray[Any],
    other: NDArray[Any],
    channel: NDArray[Any],
    tie: NDArray[Any],
    knowledge: NDArray[Any],
    profiles: NDArray[Any],
    broker: NDArray[Any],
    broker_skill: NDArray[Any],
    proximity: NDArray[Any],
    trust: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
    trust_weight: float,
    noise: float,
    need_form: NDArray[Any],
    need_form_gain: float,
    weight: NDArray[Any],
    surplus: NDArray[Any],
    cognitive_distance: NDArray[Any],
) -> None:
    """Surplus of each candidate pair, and what the one who shows it sees.

    ``combine(identity of seeker, identity of other)`` addresses the pair; ``surplus`` is that of
    ``surplus_of_pairs``. For candidates shown by a broker or platform (channels broker, partner, platform) the
    weight is the shrunken estimate ``exp(q ln S + (1 - q) m + sqrt(q (1 - q)) noise z)`` with ``q = max(0, 2
    skill - 1)`` of the seeker's broker (then ``q + need_form_gain * (1 - q)`` if the seeker has a broker and a
    ``need_form``), m the mean of ln S over all candidates of the seeker, in their order, and
    z the normal number of (MISJUDGEMENT, month, pair, 0). S counts as 1e-9 in a logarithm where it is less. For
    the other channels, and where q = 1, the weight is S itself, as stored in ``surplus``. Without a broker q is 0.
    Rows of a seeker are consecutive.
    """
    start = 0
    while start < len(seeker):
        end = min(start + BLOCK, len(seeker))
        while end < len(seeker) and seeker[end] == seeker[end - 1]:
            end += 1
        block = slice(start, end)
        firsts, others, worth = seeker[block], other[block], weight[block]
        delta, distance = np.empty(end - start), cognitive_distance[block]
        pair_surpluses(
            firsts,
            others,
            knowledge,
            profiles,
            own_needs_weight,
            distance_scale,
            worth,
            delta,
        )
        bring_near(firsts, others, profiles, proximity, tie[block], trust, trust_weight, worth)
        of_seeker, addresses = np.empty(end - start, np.uint64), np.empty(end - start, np.uint64)
        for k in range(end - start):
            mine, theirs = profiles[np.uint64(firsts[k])], profiles[np.uint64(others[k])]
            of_seeker[k], addresses[k] = mine.identity, theirs.identity
        for k in range(end - start):
            addresses[k] = combine(of_seeker[k], addresses[k])
            distance[k] = delta[k]
        judge(
            key,
            month,
            firsts,
            channel[block],
            addresses,
            broker,
            broker_skill,
            noise,
            need_form,
            need_form_gain,
            worth,
            surplus[block],
        )
        start = end


@kernel
def judge(
    key: np.uint64,
    month: int,
    seeker: NDArray[Any],
    channel: NDArray[Any],
    pair: NDArray[np.uint64],
    broker: NDArray[Any],
    broker_skill: NDArray[Any],
    noise: float,
    need_form: NDArray[Any],
    need_form_gain: float,
    weight: NDArray[np.float64],
    surplus: NDArray[Any],
) -> None:
    """Keep what each pair is worth in ``surplus``, and put in its place in ``weight`` what is seen of it.

    The rule is that of :func:`judge_candidates`; pairs have their addresses in ``pair``. Rows of a seeker are
    consecutive.
    """
    n = len(seeker)
    seen, mean, judgement = np.empty(n), np.empty(n), np.empty(n)
    for k in range(n):
        surplus[k] = weight[k]
        seen[k] = log(max(weight[k], LEAST))
    start = 0
    while start < n:
        i, end = seeker[start], start
        total = 0.0
        while end < n and seeker[end] == i:
            total += seen[end]
            end += 1
        q = 0.0
        if broker[i] >= 0:
            q = max(0.0, 2.0 * broker_skill[broker[i]] - 1.0)
            if need_form[i]:
                q = q + need_form_gain * (1.0 - q)
        judgement[start:end] = q
        mean[start:end] = total / (end - start)
        start = end
    z = drawn_normals(key, MISJUDGEMENT, month, pair, 0)
    for k in range(n):
        q, by = judgement[k], channel[k]
        spread = math.sqrt(q * (1.0 - q)) * noise if q < 1.0 else 0.0
        shown = exp(q * seen[k] + (1.0 - q) * mean[k] + spread * z[k])
        estimated = (q < 1.0) & ((by == BROKER) | (by == PARTNER) | (by == PLATFORM))
        weight[k] = shown if estimated else np.float64(surplus[k])


@kernel
def name_brokers(
    seeker: NDArray[Any],
    other: NDArray[Any],
    channel: NDArray[Any],
    profiles: NDArray[Any],
    seeker_broker: NDArray[Any],
    other_broker: NDArray[Any],
) -> None:
    """Write who shows each candidate: for the channels broker and partner the brokers of both, else NOBODY."""
    for k in range(len(seeker)):
        mine, theirs = profiles[np.uint64(seeker[k])], profiles[np.uint64(other[k])]
        seeker_broker[k], other_broker[k] = mine.broker, theirs.broker
    for k in range(len(seeker)):
        by_broker = (channel[k] == PARTNER) | (channel[k] == BROKER)
        seeker_broker[k] = seeker_broker[k] if by_broker else NOBODY
        other_broker[k] = other_broker[k] if by_broker else NOBODY


@kernel
def count_offers(
    seeker: NDArray[Any],
    other: NDArray[Any],
    channel: NDArray[Any],
    weight: NDArray[Any],
    broker: NDArray[Any],
    broker_member: NDArray[Any],
    reservation_value: float,
    offers: NDArray[Any],
) -> None:
    """Add to ``offers`` (float64, one a member) the partner cases that this month's search puts before each member.

    A seeker makes at most one case: with the candidate of the highest weight (the first of equals), if it is worth the
    reservation value and was seen through the channel partner. The case is offered to the seeker's member and to the
    candidate's. Rows of a seeker are consecutive.
    """
    n = len(seeker)
    start = 0
    while start < n:
        best, most = start, weight[start]
        end = start + 1
        while end < n and seeker[end] == seeker[start]:
            better = weight[end] > most
            best, most = end if better else best, weight[end] if better else most
            end += 1
        if channel[best] == PARTNER and weight[best] >= reservation_value:
            offers[broker_member[broker[seeker[best]]]] += 1.0
            offers[broker_member[broker[other[best]]]] += 1.0
        start = end
