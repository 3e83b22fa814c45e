"""Whom the seekers of a month see, and through which channel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel
from simulation.compilation import kernel
from simulation.kernels.attention import FURTHER, prefer_fitting
from simulation.kernels.first_sight import cells_for, keep_first_sights
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

CANDIDATE_SAMPLE = int(Purpose.CANDIDATE_SAMPLE)
VISIBLE_PARTNER = int(Purpose.VISIBLE_PARTNER)

FRIENDS = int(Channel.FRIENDS)
BROKER = int(Channel.BROKER)
PARTNER = int(Channel.PARTNER)
PLATFORM = int(Channel.PLATFORM)
PARK = int(Channel.PARK)
GROUP = int(Channel.GROUP)
EVENT = int(Channel.EVENT)

DRAWS = 128
"""Draws reserved for one channel in the counter of an address."""

TOGETHER = 64
"""Seekers who look side by side: an attempt of all is drawn at once, of those too who do not make it."""


@kernel
def sample_candidates(
    key: np.uint64,
    month: int,
    seekers: NDArray[Any],
    profiles: NDArray[Any],
    park: NDArray[Any],
    group: NDArray[Any],
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
    country: NDArray[Any],
    two_countries: bool,
    knowledge: NDArray[Any],
    objective: NDArray[Any],
    attention: float,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.int32]]:
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
    tie : int32
        Row of the tie between the two, from ``ties``; NOBODY without one.
    """
    most, largest_quota = 0, max(quotas[BROKER], quotas[PARTNER])
    for r in range(len(event_quota)):
        most = max(most, event_quota[r])
    for c in range(len(quotas)):
        most += quotas[c]
    seeker, other = np.empty(len(seekers) * most + 1, np.int32), np.empty(len(seekers) * most + 1, np.int32)
    channel, tie = np.empty(len(seekers) * most + 1, np.int8), np.empty(len(seekers) * most + 1, np.int32)
    found, through = np.empty((most, TOGETHER), np.int32), np.empty(most, np.int8)
    place, sight = np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int32)
    address, row = np.empty(TOGETHER, np.uint64), np.empty(TOGETHER, np.int64)
    own_broker, own_region = np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int64)
    own_member, own_partnership = np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int64)
    own_share, share = np.zeros(TOGETHER), np.zeros(TOGETHER)
    of_list, first, listed = np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int64)
    tries, u, v = np.empty(TOGETHER, np.int64), np.empty(TOGETHER), np.empty(TOGETHER)
    first_client = np.empty((largest_quota, TOGETHER), np.int64)
    listed_clients = np.empty((largest_quota, TOGETHER), np.int64)
    end, member = np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int64)
    everybody = np.zeros(2, np.int64)
    everybody[1] = len(users)
    acquaintances = 0
    for i in seekers:
        acquaintances = max(acquaintances, offsets[i + 1] - offsets[i])
    cells = cells_for(most + acquaintances + 1)
    met, met_tie = np.empty(cells, np.int32), np.empty(cells, np.int32)
    friends, friends_tie = np.empty(TOGETHER * acquaintances, np.int32), np.empty(TOGETHER * acquaintances, np.int32)
    count = 0
    for begin in range(0, len(seekers), TOGETHER):
        looking = seekers[begin : begin + TOGETHER]
        for a in range(TOGETHER):
            row[a] = looking[min(a, len(looking) - 1)]
        for a in range(TOGETHER):
            profile = profiles[np.uint64(row[a])]
            address[a], own_broker[a], own_region[a] = profile.identity, profile.broker, profile.region
        for a in range(TOGETHER):
            own_member[a], own_partnership[a] = NOBODY, NOBODY
            if own_broker[a] >= 0:
                own_member[a] = broker_member[own_broker[a]]
            if own_member[a] >= 0:
                own_partnership[a] = member_partnership[own_member[a]]
                own_share[a] = sharing * effort[own_member[a]]
        slots = 0
        for c in range(len(quotas)):
            list_offsets, shown = client_offsets, clients
            if c == FRIENDS:
                list_offsets, shown = offsets, neighbours
                for a in range(TOGETHER):
                    of_list[a] = row[a]
            elif c == BROKER:
                for a in range(TOGETHER):
                    of_list[a] = own_broker[a]
            elif c == PARTNER:
                list_offsets, shown = partner_offsets, partner_brokers
                for a in range(TOGETHER):
                    looked_at = profiles[np.uint64(row[a])].partner_client & (len(clients) > 0)
                    of_list[a] = own_partnership[a] if looked_at else NOBODY
            elif c == PARK:
                list_offsets, shown = tenant_offsets, tenants
                for a in range(TOGETHER):
                    of_list[a] = park[row[a]]
            elif c == GROUP:
                list_offsets, shown = group_offsets, group_members
                for a in range(TOGETHER):
                    of_list[a] = group[row[a]]
            elif c == PLATFORM and across:
                list_offsets, shown = everybody, users
                for a in range(TOGETHER):
                    of_list[a] = 0 if own_broker[a] >= 0 else NOBODY
            else:
                if c == PLATFORM:
                    list_offsets, shown = user_offsets, users
                else:
                    list_offsets, shown = guest_offsets, guests
                for a in range(TOGETHER):
                    of_list[a] = own_region[a] if own_broker[a] >= 0 else NOBODY
            most_tries = 0
            for a in range(TOGETHER):
                first[a], listed[a], tries[a] = 0, 0, 0
                if (of_list[a] >= 0) & (a < len(looking)):
                    first[a] = list_offsets[of_list[a]]
                    listed[a] = list_offsets[of_list[a] + 1] - first[a]
                if listed[a] > 0:
                    tries[a] = event_quota[own_region[a]] if c == EVENT else quotas[c]
                    if c == PARTNER:
                        tries[a] = min(tries[a], clients_each * listed[a])
                most_tries = max(most_tries, tries[a])
            for t in range(most_tries):
                counter, sees = DRAWS * c + t, found[slots + t]
                through[slots + t] = c
                for a in range(TOGETHER):
                    u[a] = uniform(key, CANDIDATE_SAMPLE, month, address[a], counter)
                for a in range(TOGETHER):
                    drawn = first[a] + int(u[a] * listed[a])
                    place[a] = drawn if t < tries[a] else 0
                for a in range(TOGETHER):
                    sight[a] = shown[np.uint64(place[a])]
                if (c == FRIENDS) | (c == PARTNER):
                    for a in range(TOGETHER):
                        v[a] = uniform(key, VISIBLE_PARTNER, month, address[a], counter)
                if c == FRIENDS:
                    for a in range(TOGETHER):
                        place[a], end[a] = offsets[np.uint64(sight[a])], offsets[np.uint64(sight[a] + 1)]
                    for a in range(TOGETHER):
                        place[a] += int(v[a] * (end[a] - place[a]))
                    for a in range(TOGETHER):
                        sight[a] = neighbours[np.uint64(place[a])]
                elif c == PARTNER:
                    for a in range(TOGETHER):
                        u[a] = uniform(key, CANDIDATE_SAMPLE, month, address[a], counter + FURTHER)
                    starts, lengths = first_client[t], listed_clients[t]
                    for a in range(TOGETHER):
                        shown_by = np.uint64(sight[a])
                        member[a], starts[a] = broker_member[shown_by], client_offsets[shown_by]
                        end[a] = client_offsets[shown_by + np.uint64(1)]
                    for a in range(TOGETHER):
                        share[a] = effort[np.uint64(member[a])]
                    for a in range(TOGETHER):
                        shows = (member[a] != own_member[a]) & (v[a] < own_share[a] * share[a])
                        lengths[a] = end[a] - starts[a] if shows & (t < tries[a]) else 0
                    for a in range(TOGETHER):
                        drawn = starts[a] + int(u[a] * lengths[a])
                        place[a] = drawn if lengths[a] > 0 else 0
                    for a in range(TOGETHER):
                        sight[a] = clients[np.uint64(place[a])]
                    for a in range(TOGETHER):
                        sight[a] = sight[a] if lengths[a] > 0 else NOBODY
                elif c == BROKER:
                    starts, lengths = first_client[t], listed_clients[t]
                    for a in range(TOGETHER):
                        starts[a], lengths[a] = first[a], listed[a]
                for a in range(TOGETHER):
                    sees[a] = sight[a] if t < tries[a] else NOBODY
            of_channel = found[slots : slots + most_tries]
            if attention > 0.0 and ((c == BROKER) | (c == PARTNER)):
                prefer_fitting(
                    key,
                    month,
                    DRAWS * c,
                    address,
                    own_partnership,
                    first_client,
                    listed_clients,
                    clients,
                    knowledge,
                    objective,
                    attention,
                    of_channel,
                )
            if c == PARTNER:
                for t in range(most_tries):
                    sees = of_channel[t]
                    for a in range(TOGETHER):
                        place[a] = profiles[np.uint64(max(sees[a], 0))].partner_client
                    if two_countries:
                        for a in range(TOGETHER):
                            abroad = country[own_region[a]] != country[profiles[np.uint64(max(sees[a], 0))].region]
                            place[a] = place[a] if abroad else 0
                    for a in range(TOGETHER):
                        sees[a] = sees[a] if place[a] else NOBODY
            slots += most_tries
        for slot in range(slots):
            sees = found[slot]
            for a in range(TOGETHER):
                place[a] = profiles[np.uint64(max(sees[a], 0))].open_to_projects
            for a in range(TOGETHER):
                sees[a] = sees[a] if place[a] else NOBODY
        count = keep_first_sights(
            looking,
            found[:slots],
            through,
            offsets,
            neighbours,
            ties,
            tie_running,
            met,
            met_tie,
            friends,
            friends_tie,
            count,
            seeker,
            other,
            channel,
            tie,
        )
    return seeker[:count], other[:count], channel[:count], tie[:count]
