"""Who looks for a partner this month, and whom they see."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel, Kind
from simulation.compilation import kernel
from simulation.kernels.strategy import fit_to_objective
from simulation.purposes import Purpose
from simulation.randomness import uniform

SEEKING = int(Purpose.SEEKING)
CANDIDATE_SAMPLE = int(Purpose.CANDIDATE_SAMPLE)
VISIBLE_PARTNER = int(Purpose.VISIBLE_PARTNER)
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

TOGETHER = 64
"""Seekers whose numbers are drawn side by side."""


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
    rows = np.empty(len(identity), dtype=np.int32)
    count = 0
    for row in range(len(identity)):
        rows[count] = row
        count += int(alive[row] & innovator[row] & has_room[row] & (kind[row] == SME))
    rates = np.empty(count)
    for place in range(count):
        row = rows[place]
        rate = 1.0 + platform_effect
        if broker[row] >= 0 and broker_has_free_cases[broker[row]]:
            rate += broker_effect
        if referred[row]:
            rate += referred_effect
        rates[place] = seeking_rate * rate
    draws = np.empty(count)
    for place in range(count):
        draws[place] = uniform(key, SEEKING, month, identity[rows[place]], 0)
    seeking = 0
    for place in range(count):
        rows[seeking] = rows[place]
        seeking += draws[place] < rates[place]
    return rows[:seeking].copy()


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
    most = quotas.sum()
    if len(event_quota):
        most += event_quota.max()
    seeker = np.empty(len(seekers) * most, dtype=np.int32)
    other = np.empty(len(seekers) * most, dtype=np.int32)
    channel = np.empty(len(seekers) * most, dtype=np.int8)
    looks = np.empty(TOGETHER * most, dtype=np.int64)
    through = np.empty(TOGETHER * most, dtype=np.int8)
    who = np.empty(TOGETHER * most, dtype=np.uint64)
    counter = np.empty(TOGETHER * most, dtype=np.int64)
    listed = np.empty((2, TOGETHER * most), dtype=np.int64)
    sample = np.empty(TOGETHER * most)
    visible = np.empty(TOGETHER * most)
    further = np.empty(TOGETHER * most)
    steered = np.empty(TOGETHER * most)
    found = np.empty(TOGETHER * most, dtype=np.int64)
    seen_by = np.full(len(identity), -1, dtype=np.int32)
    count = 0
    for begin in range(0, len(seekers), TOGETHER):
        planned = 0
        for s in range(begin, min(begin + TOGETHER, len(seekers))):
            i = seekers[s]
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
                for t in range(attempts if last > first else 0):
                    looks[planned] = s
                    through[planned] = c
                    who[planned] = identity[i]
                    counter[planned] = DRAWS * c + t
                    listed[0, planned] = first
                    listed[1, planned] = last
                    planned += 1
        for a in range(planned):
            sample[a] = uniform(key, CANDIDATE_SAMPLE, month, who[a], counter[a])
        for a in range(planned):
            visible[a] = uniform(key, VISIBLE_PARTNER, month, who[a], counter[a])
        for a in range(planned):
            further[a] = uniform(key, CANDIDATE_SAMPLE, month, who[a], counter[a] + DRAWS // 2)
        for a in range(planned):
            first, last = listed[0, a], listed[1, a]
            place = first + int(sample[a] * (last - first))
            c = through[a]
            if c == FRIENDS:
                friend = neighbours[place]
                degree = offsets[friend + 1] - offsets[friend]
                found[a] = neighbours[offsets[friend] + int(visible[a] * degree)]
            elif c == PARTNER:
                found[a] = -1
                own_member = broker_member[broker[seekers[looks[a]]]]
                b = partner_brokers[place]
                first, last = client_offsets[b], client_offsets[b + 1]
                shows = sharing * effort[own_member] * effort[broker_member[b]]
                if broker_member[b] != own_member and last > first and visible[a] < shows:
                    found[a] = clients[first + int(further[a] * (last - first))]
                    listed[0, a], listed[1, a] = first, last
            elif c == PARK:
                found[a] = tenants[place]
            elif c == GROUP:
                found[a] = group_members[place]
            elif c == PLATFORM:
                found[a] = users[place]
            elif c == EVENT:
                found[a] = guests[place]
            else:
                found[a] = clients[place]
        if attention > 0.0:
            for a in range(planned):
                steered[a] = uniform(key, STRATEGY_ATTENTION, month, who[a], counter[a])
            for a in range(planned):
                own_member = -1
                if found[a] >= 0 and steered[a] < attention and (through[a] == BROKER or through[a] == PARTNER):
                    own_member = broker_member[broker[seekers[looks[a]]]]
                if own_member >= 0:
                    u = uniform(key, STRATEGY_ATTENTION, month, who[a], counter[a] + DRAWS // 2)
                    rival = clients[listed[0, a] + int(u * (listed[1, a] - listed[0, a]))]
                    wanted = objective[member_partnership[own_member]]
                    if fit_to_objective(knowledge[rival], wanted) > fit_to_objective(knowledge[found[a]], wanted):
                        found[a] = rival
        latest = -1
        for a in range(planned):
            s = looks[a]
            i = seekers[s]
            if s != latest:
                latest = s
                for place in range(offsets[i + 1] - 1, offsets[i] - 1, -1):
                    seen_by[neighbours[place]] = s if tie_running[ties[place]] > 0 else -1
                seen_by[i] = s
            c = through[a]
            j = found[a]
            if j < 0 or seen_by[j] == s or not open_to_projects[j]:
                continue
            if c == PARTNER and not partner_client[j]:
                continue
            if c == PARTNER and two_countries and country[region[i]] == country[region[j]]:
                continue
            seen_by[j] = s
            seeker[count] = i
            other[count] = j
            channel[count] = c
            count += 1
    return seeker[:count].copy(), other[:count].copy(), channel[:count].copy()
