"""Who looks for a partner this month, and whom they see."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp, log
from simulation.codes import Channel, Kind
from simulation.compilation import kernel
from simulation.kernels.networks import tie_between
from simulation.kernels.strategy import fit_to_objective
from simulation.kernels.surplus import pair_surplus
from simulation.purposes import Purpose
from simulation.randomness import combine, normal, uniform

SEEKING = int(Purpose.SEEKING)
CANDIDATE_SAMPLE = int(Purpose.CANDIDATE_SAMPLE)
VISIBLE_PARTNER = int(Purpose.VISIBLE_PARTNER)
MISJUDGEMENT = int(Purpose.CANDIDATE_MISJUDGEMENT)
STRATEGY_ATTENTION = int(Purpose.STRATEGY_ATTENTION)

FRIENDS = int(Channel.FRIENDS)
BROKER = int(Channel.BROKER)
PARTNER = int(Channel.PARTNER)
PLATFORM = int(Channel.PLATFORM)
PARK = int(Channel.PARK)
GROUP = int(Channel.GROUP)
EVENT = int(Channel.EVENT)
SME = int(Kind.SME)

DRAWS = 128
"""Draws reserved for one channel in the counter of an address."""

LEAST = 1e-9
"""Surplus below which a logarithm is not taken."""


@kernel
def draw_seekers(
    key: np.uint64,
    month: int,
    identity: NDArray[Any],
    kind: NDArray[Any],
    alive: NDArray[Any],
    innovator: NDArray[Any],
    has_room: NDArray[Any],
    broker: NDArray[Any],
    broker_has_free_cases: NDArray[Any],
    seeking_rate: float,
    broker_effect: float,
    platform_effect: float,
    referred: NDArray[Any],
    referred_effect: float,
) -> NDArray[np.int32]:
    """Rows of the SMEs that look for a partner, in rising order.

    A living innovator of kind SME that has room for a project looks when ``uniform(key, SEEKING, month, identity,
    0)`` is below ``seeking_rate * (1 + platform_effect + broker_effect * f + referred_effect * r)``, with f = 1 where
    its broker has free cases and r = 1 where it is ``referred``, else 0. ``platform_effect`` is passed as 0 where no
    platform is staffed.
    """
    found = np.empty(len(identity), dtype=np.int32)
    count = 0
    for row in range(len(identity)):
        if not alive[row] or not innovator[row] or kind[row] != SME or not has_room[row]:
            continue
        rate = 1.0 + platform_effect
        if broker[row] >= 0 and broker_has_free_cases[broker[row]]:
            rate += broker_effect
        if referred[row]:
            rate += referred_effect
        if uniform(key, SEEKING, month, identity[row], 0) < seeking_rate * rate:
            found[count] = row
            count += 1
    return found[:count].copy()


@kernel
def sample_candidates(
    key: np.uint64,
    month: int,
    seekers: NDArray[Any],
    identity: NDArray[Any],
    broker: NDArray[Any],
    park: NDArray[Any],
    group: NDArray[Any],
    region: NDArray[Any],
    open_to_projects: NDArray[Any],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    tie_running: NDArray[Any],
    client_offsets: NDArray[Any],
    clients: NDArray[Any],
    tenant_offsets: NDArray[Any],
    tenants: NDArray[Any],
    group_offsets: NDArray[Any],
    group_members: NDArray[Any],
    user_offsets: NDArray[Any],
    users: NDArray[Any],
    guest_offsets: NDArray[Any],
    guests: NDArray[Any],
    broker_member: NDArray[Any],
    member_partnership: NDArray[Any],
    effort: NDArray[Any],
    sharing: float,
    partner_offsets: NDArray[Any],
    partner_brokers: NDArray[Any],
    quotas: NDArray[Any],
    clients_each: int,
    event_quota: NDArray[Any],
    across: bool,
    partner_client: NDArray[Any],
    country: NDArray[Any],
    two_countries: bool,
    knowledge: NDArray[Any],
    objective: NDArray[Any],
    attention: float,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
    """Pairs of seeker and candidate with the channel through which they are seen.

    For each seeker in order, channels in the order friends, broker, partner, platform, park, group, event;
    ``quotas[c]`` attempts a channel (``event_quota[seeker's region]`` for events). Attempt t of channel c draws
    ``uniform(key, CANDIDATE_SAMPLE, month, identity, 128 * c + t)`` and takes the row at place ``int(u * count)``
    of the channel's list:

    * friends: a neighbour drawn so, then one of that one's neighbours drawn with month's ``VISIBLE_PARTNER`` number of
      counter ``128 * c + t``;
    * broker: clients of the own broker; platform: all ``users``, or without ``across`` those in the own region;
      park: tenants of the own park; group: members of the own group; event: guests in the own region; platform
      and events are for seekers that have a broker;
    * partner: ``min(quotas[c], clients_each * k)`` attempts, k the brokers of the partnership in which the own
      broker's member is (``partner_brokers[partner_offsets[p]:partner_offsets[p + 1]]``). The draw takes one of
      these brokers; it is passed over when it acts for the same member, and shows a client when the
      ``VISIBLE_PARTNER`` number of counter ``128 * c + t`` is below ``sharing * effort[own member] * effort[other
      member]``: that at place ``int(v * count)`` of its list, with v the ``CANDIDATE_SAMPLE`` number of counter
      ``128 * c + 64 + t``. The seeker and the client shown must be a ``partner_client``, with ``two_countries`` in
      two countries (``country`` of each region).

    With ``attention`` above 0, where the own broker's member is in partnership p, a client j that its broker or a
    partner shows is compared with another one of the same list: when the ``STRATEGY_ATTENTION`` number of counter
    ``128 * c + t`` is below ``attention``, the one at place ``int(v * count)``, v the ``STRATEGY_ATTENTION`` number of
    counter ``128 * c + 64 + t``, is shown in its place if it is the better fit to ``objective[p]``
    (``fit_to_objective``).

    A candidate is passed over when it is the seeker, takes no projects, has a running project with the seeker (the tie
    says so), or was already seen by the seeker this month.

    Returns
    -------
    seeker, other : int32
        Rows.
    channel : int8
        Code of the channel.
    """
    most = 0
    for c in range(len(quotas)):
        most += quotas[c]
    largest_event = 0
    for r in range(len(event_quota)):
        largest_event = max(largest_event, event_quota[r])
    most += largest_event
    seeker = np.empty(len(seekers) * most, dtype=np.int32)
    other = np.empty(len(seekers) * most, dtype=np.int32)
    channel = np.empty(len(seekers) * most, dtype=np.int8)
    count = 0
    shown_first = 0
    shown_last = 0
    for s in range(len(seekers)):
        i = seekers[s]
        start = count
        own_broker = broker[i]
        own_member = broker_member[own_broker] if own_broker >= 0 else -1
        for c in range(len(quotas)):
            first = 0
            last = 0
            attempts = quotas[c]
            if c == FRIENDS:
                first, last = offsets[i], offsets[i + 1]
            elif c == BROKER and own_broker >= 0:
                first, last = client_offsets[own_broker], client_offsets[own_broker + 1]
            elif c == PARTNER and own_member >= 0 and partner_client[i]:
                partnership = member_partnership[own_member]
                first, last = partner_offsets[partnership], partner_offsets[partnership + 1]
                attempts = min(attempts, clients_each * (last - first))
            elif c == PLATFORM and own_broker >= 0:
                if not across:
                    first = user_offsets[region[i]]
                last = user_offsets[region[i] + 1] if not across else len(users)
            elif c == PARK and park[i] >= 0:
                first, last = tenant_offsets[park[i]], tenant_offsets[park[i] + 1]
            elif c == GROUP and group[i] >= 0:
                first, last = group_offsets[group[i]], group_offsets[group[i] + 1]
            elif c == EVENT and own_broker >= 0:
                first, last = guest_offsets[region[i]], guest_offsets[region[i] + 1]
                attempts = event_quota[region[i]]
            if last == first:
                continue
            for t in range(attempts):
                counter = DRAWS * c + t
                u = uniform(key, CANDIDATE_SAMPLE, month, identity[i], counter)
                place = first + int(u * (last - first))
                if c == FRIENDS:
                    friend = neighbours[place]
                    degree = offsets[friend + 1] - offsets[friend]
                    u = uniform(key, VISIBLE_PARTNER, month, identity[i], counter)
                    j = neighbours[offsets[friend] + int(u * degree)]
                elif c == PARTNER:
                    b = partner_brokers[place]
                    other_member = broker_member[b]
                    held = client_offsets[b + 1] - client_offsets[b]
                    if other_member == own_member or held == 0:
                        continue
                    u = uniform(key, VISIBLE_PARTNER, month, identity[i], counter)
                    if u >= sharing * effort[own_member] * effort[other_member]:
                        continue
                    u = uniform(key, CANDIDATE_SAMPLE, month, identity[i], counter + DRAWS // 2)
                    j = clients[client_offsets[b] + int(u * held)]
                    shown_first, shown_last = client_offsets[b], client_offsets[b + 1]
                elif c == PARK:
                    j = tenants[place]
                elif c == GROUP:
                    j = group_members[place]
                elif c == PLATFORM:
                    j = users[place]
                elif c == EVENT:
                    j = guests[place]
                else:
                    j = clients[place]
                    shown_first, shown_last = first, last
                steered = attention > 0.0 and own_member >= 0 and c in (BROKER, PARTNER)
                if steered and uniform(key, STRATEGY_ATTENTION, month, identity[i], counter) < attention:
                    u = uniform(key, STRATEGY_ATTENTION, month, identity[i], counter + DRAWS // 2)
                    rival = clients[shown_first + int(u * (shown_last - shown_first))]
                    wanted = objective[member_partnership[own_member]]
                    if fit_to_objective(knowledge[rival], wanted) > fit_to_objective(knowledge[j], wanted):
                        j = rival
                if j == i or not open_to_projects[j]:
                    continue
                if c == PARTNER and not partner_client[j]:
                    continue
                if c == PARTNER and two_countries and country[region[i]] == country[region[j]]:
                    continue
                seen = False
                for k in range(start, count):
                    if other[k] == j:
                        seen = True
                        break
                if seen:
                    continue
                tie = tie_between(i, j, offsets, neighbours, ties)
                if tie >= 0 and tie_running[tie] > 0:
                    continue
                seeker[count] = i
                other[count] = j
                channel[count] = c
                count += 1
    return seeker[:count].copy(), other[:count].copy(), channel[:count].copy()


@kernel
def judge_candidates(
    key: np.uint64,
    month: int,
    seeker: NDArray[Any],
    other: NDArray[Any],
    channel: NDArray[Any],
    identity: NDArray[Any],
    knowledge: NDArray[Any],
    needs: NDArray[Any],
    absorptive_capacity: NDArray[Any],
    region: NDArray[Any],
    broker: NDArray[Any],
    broker_skill: NDArray[Any],
    proximity: NDArray[Any],
    offsets: NDArray[Any],
    neighbours: NDArray[Any],
    ties: NDArray[Any],
    trust: NDArray[Any],
    own_needs_weight: float,
    distance_scale: float,
    trust_weight: float,
    noise: float,
    need_form: NDArray[Any],
    need_form_gain: float,
    pair: NDArray[Any],
    weight: NDArray[Any],
    surplus: NDArray[Any],
    cognitive_distance: NDArray[Any],
) -> None:
    """Surplus of each candidate pair, and what the one who shows it sees.

    ``pair = combine(identity[seeker], identity[other])`` addresses the pair; ``surplus`` is that of
    ``surplus_of_pairs``. For candidates shown by a broker or platform (channels broker, partner, platform) the
    weight is the shrunken estimate ``exp(q ln S + (1 - q) m + sqrt(q (1 - q)) noise z)`` with ``q = max(0, 2
    skill - 1)`` of the seeker's broker (then ``q + need_form_gain * (1 - q)`` if the seeker has a broker and a
    ``need_form``), m the mean of ln S over all candidates of the seeker, in their order, and
    z the normal number of (MISJUDGEMENT, month, pair, 0). S counts as 1e-9 in a logarithm where it is less. For
    the other channels, and where q = 1, the weight is S itself, as stored in ``surplus``. Without a broker q is 0.
    Rows of a seeker are consecutive.
    """
    n = len(seeker)
    start = 0
    while start < n:
        i = seeker[start]
        end = start
        total = 0.0
        while end < n and seeker[end] == i:
            j = other[end]
            value, delta = pair_surplus(i, j, knowledge, needs, absorptive_capacity, own_needs_weight, distance_scale)
            value *= proximity[region[i], region[j]]
            tie = tie_between(i, j, offsets, neighbours, ties)
            if tie >= 0:
                value *= exp(trust_weight * float(trust[tie]))
            pair[end] = combine(identity[i], identity[j])
            surplus[end] = value
            cognitive_distance[end] = delta
            weight[end] = log(max(value, LEAST))
            total += weight[end]
            end += 1
        mean = total / (end - start)
        q = 0.0
        if broker[i] >= 0:
            q = max(0.0, 2.0 * broker_skill[broker[i]] - 1.0)
            if need_form[i]:
                q = q + need_form_gain * (1.0 - q)
        for k in range(start, end):
            c = channel[k]
            if q < 1.0 and c in (BROKER, PARTNER, PLATFORM):
                z = normal(key, MISJUDGEMENT, month, pair[k], 0)
                weight[k] = exp(q * weight[k] + (1.0 - q) * mean + math.sqrt(q * (1.0 - q)) * noise * z)
            else:
                weight[k] = surplus[k]
        start = end


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
        best = start
        end = start + 1
        while end < n and seeker[end] == seeker[start]:
            if weight[end] > weight[best]:
                best = end
            end += 1
        if channel[best] == PARTNER and weight[best] >= reservation_value:
            offers[broker_member[broker[seeker[best]]]] += 1.0
            offers[broker_member[broker[other[best]]]] += 1.0
        start = end
