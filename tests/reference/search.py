"""Plain twins of simulation/kernels/search.py, one seeker and one attempt at a time."""

import math

import numpy as np

from simulation.codes import Channel, Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.arithmetic import exp, log
from tests.reference.networks import tie_between
from tests.reference.randomness import combine, normal, uniform
from tests.reference.strategy import fit_to_objective
from tests.reference.surplus import surplus_of_pair


def draw_seekers(
    key,
    month,
    identity,
    kind,
    alive,
    innovator,
    has_room,
    broker,
    broker_has_free_cases,
    seeking_rate,
    broker_effect,
    platform_effect,
    referred,
    referred_effect,
):
    seekers = []
    for row in range(len(identity)):
        free = broker[row] != NOBODY and bool(broker_has_free_cases[broker[row]])
        rate = 1.0 + platform_effect + broker_effect * float(free) + referred_effect * float(referred[row])
        may_look = kind[row] == Kind.SME and alive[row] and innovator[row] and has_room[row]
        if may_look and uniform(key, Purpose.SEEKING, month, identity[row], 0) < seeking_rate * rate:
            seekers.append(row)
    return seekers


def listed(group, offsets, rows):
    return [] if group == NOBODY else rows[offsets[group] : offsets[group + 1]].tolist()


def placed(u, rows):
    """The row at the drawn place of a list, or none."""
    return rows[int(u * len(rows))] if rows else NOBODY


def sample_candidates(
    key,
    month,
    seekers,
    identity,
    broker,
    park,
    group,
    region,
    open_to_projects,
    offsets,
    neighbours,
    ties,
    tie_running,
    client_offsets,
    clients,
    tenant_offsets,
    tenants,
    group_offsets,
    group_members,
    user_offsets,
    users,
    guest_offsets,
    guests,
    broker_member,
    member_partnership,
    effort,
    sharing,
    partner_offsets,
    partner_brokers,
    quotas,
    clients_each,
    event_quota,
    across,
    partner_client,
    country,
    two_countries,
    knowledge,
    objective,
    attention,
):
    def friend_of_friend(seeker, u, visible):
        friend = placed(u, listed(seeker, offsets, neighbours))
        return placed(visible, listed(friend, offsets, neighbours))

    def partners_client(brokers, own_member, u, visible, further):
        shown_by = placed(u, brokers)
        member = broker_member[shown_by]
        if member == own_member or not visible < sharing * float(effort[own_member]) * float(effort[member]):
            return [], NOBODY
        return listed(shown_by, client_offsets, clients), placed(further, listed(shown_by, client_offsets, clients))

    def more_fitting(candidate, rival, wanted):
        fits = [fit_to_objective(knowledge[row], wanted) for row in (candidate, rival)]
        return rival if fits[1] > fits[0] else candidate

    def may_be_partners(seeker, candidate):
        abroad = country[region[seeker]] != country[region[candidate]]
        return partner_client[candidate] and (abroad or not two_countries)

    pairs = []
    for seeker in seekers.tolist():
        own_broker = broker[seeker]
        own_member = NOBODY if own_broker == NOBODY else broker_member[own_broker]
        partnership = NOBODY if own_member == NOBODY else member_partnership[own_member]
        partners = listed(partnership, partner_offsets, partner_brokers) if partner_client[seeker] else []
        on_platform = users.tolist() if across else listed(region[seeker], user_offsets, users)
        lists = {
            Channel.BROKER: listed(own_broker, client_offsets, clients),
            Channel.PLATFORM: [] if own_broker == NOBODY else on_platform,
            Channel.PARK: listed(park[seeker], tenant_offsets, tenants),
            Channel.GROUP: listed(group[seeker], group_offsets, group_members),
            Channel.EVENT: [] if own_broker == NOBODY else listed(region[seeker], guest_offsets, guests),
        }
        attempts = dict(enumerate(quotas.tolist()))
        attempts[Channel.EVENT] = int(event_quota[region[seeker]])
        attempts[Channel.PARTNER] = min(attempts[Channel.PARTNER], clients_each * len(partners))
        seen = set()
        for channel in range(7):
            for t in range(attempts[channel]):

                def drawn(purpose, counter, channel=channel, t=t, seeker=seeker):
                    return uniform(key, purpose, month, identity[seeker], 128 * channel + counter + t)

                u, visible = drawn(Purpose.CANDIDATE_SAMPLE, 0), drawn(Purpose.VISIBLE_PARTNER, 0)
                if channel == Channel.FRIENDS:
                    candidate = friend_of_friend(seeker, u, visible)
                elif channel == Channel.PARTNER:
                    further = drawn(Purpose.CANDIDATE_SAMPLE, 64)
                    clients_shown, candidate = partners_client(partners, own_member, u, visible, further)
                else:
                    clients_shown = lists[channel] if channel == Channel.BROKER else []
                    candidate = placed(u, lists[channel])
                steered = channel in (Channel.BROKER, Channel.PARTNER) and NOBODY not in (candidate, own_member)
                if steered and drawn(Purpose.STRATEGY_ATTENTION, 0) < attention:
                    rival = placed(drawn(Purpose.STRATEGY_ATTENTION, 64), clients_shown)
                    candidate = more_fitting(candidate, rival, objective[partnership])
                if channel == Channel.PARTNER and candidate != NOBODY and not may_be_partners(seeker, candidate):
                    continue
                if candidate in (NOBODY, seeker) or not open_to_projects[candidate] or candidate in seen:
                    continue
                tie = tie_between(seeker, candidate, offsets, neighbours, ties)
                if tie == NOBODY or tie_running[tie] == 0:
                    seen.add(candidate)
                    pairs.append((seeker, candidate, channel))
    return [list(column) for column in zip(*pairs, strict=True)] if pairs else [[], [], []]


def judge_candidates(
    key,
    month,
    seeker,
    other,
    channel,
    identity,
    knowledge,
    needs,
    absorptive_capacity,
    region,
    broker,
    broker_skill,
    proximity,
    offsets,
    neighbours,
    ties,
    trust,
    own_needs_weight,
    distance_scale,
    trust_weight,
    noise,
    need_form,
    need_form_gain,
    pair,
    weight,
    surplus,
    cognitive_distance,
):
    def worth(place):
        return surplus_of_pair(
            int(seeker[place]),
            int(other[place]),
            knowledge,
            needs,
            absorptive_capacity,
            region,
            proximity,
            offsets,
            neighbours,
            ties,
            trust,
            own_needs_weight,
            distance_scale,
            trust_weight,
        )

    for row in sorted(set(seeker.tolist())):
        places = [place for place, who in enumerate(seeker.tolist()) if who == row]
        worths = [worth(place) for place in places]
        logs = [log(max(value, 1e-9)) for value, _ in worths]
        mean = 0.0
        for value in logs:
            mean += value
        mean = mean / len(logs)
        for place, (value, delta), seen in zip(places, worths, logs, strict=True):
            pair[place] = np.uint64(combine(identity[row], identity[other[place]]))
            surplus[place], cognitive_distance[place] = value, delta
            weight[place] = surplus[place]
            if channel[place] in (Channel.BROKER, Channel.PARTNER, Channel.PLATFORM):
                q = max(0.0, 2.0 * float(broker_skill[broker[row]]) - 1.0) if broker[row] != NOBODY else 0.0
                if broker[row] != NOBODY and need_form[row]:
                    q = q + need_form_gain * (1.0 - q)
                if q != 1.0:
                    z = normal(key, Purpose.CANDIDATE_MISJUDGEMENT, month, int(pair[place]), 0)
                    weight[place] = exp(q * seen + (1.0 - q) * mean + math.sqrt(q * (1.0 - q)) * noise * z)


def count_offers(seeker, other, channel, weight, broker, broker_member, reservation_value, offers):
    for row in sorted(set(seeker.tolist())):
        places = [place for place, who in enumerate(seeker.tolist()) if who == row]
        best = max(places, key=lambda place: (weight[place], -place))
        if weight[best] >= reservation_value and channel[best] == Channel.PARTNER:
            for organisation in (row, other[best]):
                offers[broker_member[broker[organisation]]] += 1.0
