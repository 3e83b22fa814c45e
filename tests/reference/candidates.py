"""Plain twins of simulation/kernels/candidates.py, one seeker and one candidate at a time."""

import math

import numpy as np

from simulation.codes import Channel
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.arithmetic import exp, log
from tests.reference.randomness import combine, normal
from tests.reference.surplus import bring_near, pair_surplus


def judge_candidates(
    key,
    month,
    seeker,
    other,
    channel,
    tie,
    knowledge,
    profiles,
    broker,
    broker_skill,
    proximity,
    trust,
    own_needs_weight,
    distance_scale,
    trust_weight,
    noise,
    need_form,
    need_form_gain,
    weight,
    surplus,
    cognitive_distance,
):
    pair = np.empty(len(seeker), np.uint64)
    for place, ends in enumerate(zip(seeker.tolist(), other.tolist(), strict=True)):
        pair[place] = np.uint64(combine(*profiles["identity"][list(ends)]))
        firms = (knowledge, profiles["needs"], profiles["absorptive_capacity"])
        weight[place], cognitive_distance[place] = pair_surplus(*ends, *firms, own_needs_weight, distance_scale)
    bring_near(seeker, other, profiles, proximity, tie, trust, trust_weight, weight)
    judge(key, month, seeker, channel, pair, broker, broker_skill, noise, need_form, need_form_gain, weight, surplus)


def judge(key, month, seeker, channel, pair, broker, broker_skill, noise, need_form, need_form_gain, weight, surplus):
    for row in sorted(set(seeker.tolist())):
        places = [place for place, who in enumerate(seeker.tolist()) if who == row]
        logs = [log(max(weight[place], 1e-9)) for place in places]
        mean = 0.0
        for value in logs:
            mean += value
        mean = mean / len(logs)
        for place, seen in zip(places, logs, strict=True):
            surplus[place] = weight[place]
            weight[place] = surplus[place]
            if channel[place] in (Channel.BROKER, Channel.PARTNER, Channel.PLATFORM):
                q = max(0.0, 2.0 * float(broker_skill[broker[row]]) - 1.0) if broker[row] != NOBODY else 0.0
                if broker[row] != NOBODY and need_form[row]:
                    q = q + need_form_gain * (1.0 - q)
                if q != 1.0:
                    z = normal(key, Purpose.CANDIDATE_MISJUDGEMENT, month, int(pair[place]), 0)
                    weight[place] = exp(q * seen + (1.0 - q) * mean + math.sqrt(q * (1.0 - q)) * noise * z)


def name_brokers(seeker, other, channel, profiles, seeker_broker, other_broker):
    for place, through in enumerate(channel.tolist()):
        brokers = profiles["broker"][[seeker[place], other[place]]]
        shown = through in (Channel.BROKER, Channel.PARTNER)
        seeker_broker[place], other_broker[place] = brokers if shown else (NOBODY, NOBODY)


def count_offers(seeker, other, channel, weight, broker, broker_member, reservation_value, offers):
    for row in sorted(set(seeker.tolist())):
        places = [place for place, who in enumerate(seeker.tolist()) if who == row]
        best = max(places, key=lambda place: (weight[place], -place))
        if weight[best] >= reservation_value and channel[best] == Channel.PARTNER:
            for organisation in (row, other[best]):
                offers[broker_member[broker[organisation]]] += 1.0
