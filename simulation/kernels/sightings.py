"""Whom the seekers of a month see, and through which channel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel
from simulation.compilation import kernel
from simulation.kernels.strategy import fit_to_objective
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

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

DRAWS = 128
"""Draws reserved for one channel in the counter of an address."""

TOGETHER = 64
"""Seekers who look side by side: an attempt of all is drawn at once, of those too who do not make it."""

CLOSED = 2**31 - 1
"""Stands for the latest seeker who saw an organisation that takes no projects: nobody sees it."""

FIRST_TIE = -2
"""Stands in the same place for the first tie of who looks now, -3 for its second, and so on."""


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
    slots = np.zeros(len(quotas) + 1, dtype=np.int64)
    for c in range(len(quotas)):
        slots[c + 1] = slots[c] + quotas[c]
    for r in range(len(event_quota)):
        slots[EVENT + 1] = max(slots[EVENT + 1], slots[EVENT] + event_quota[r])
    most = slots[EVENT + 1]
    seeker = np.empty(len(seekers) * most + 1, dtype=np.int32)
    other = np.empty(len(seekers) * most + 1, dtype=np.int32)
    channel = np.empty(len(seekers) * most + 1, dtype=np.int8)
    tie = np.empty(len(seekers) * most + 1, dtype=np.int32)
    found = np.empty(TOGETHER * most, dtype=np.int32)
    looks, address = np.zeros(TOGETHER, dtype=np.int32), np.zeros(TOGETHER, dtype=np.uint64)
    first_slot, tries = np.zeros(TOGETHER, dtype=np.int64), np.zeros(TOGETHER, dtype=np.int64)
    first, listed = np.zeros(TOGETHER, dtype=np.int64), np.zeros(TOGETHER, dtype=np.int64)
    partner_first, partner_listed = np.zeros(TOGETHER, dtype=np.int64), np.zeros(TOGETHER, dtype=np.int64)
    u, drawn, sees = np.zeros(TOGETHER), np.zeros(TOGETHER, dtype=np.int64), np.zeros(TOGETHER, dtype=np.int32)
    seen_by = np.empty(len(identity), dtype=np.int32)
    for row in range(len(identity)):
        seen_by[row] = NOBODY if open_to_projects[row] else CLOSED
    count = 0
    for begin in range(0, len(seekers), TOGETHER):
        looking = seekers[begin : begin + TOGETHER]
        found[:] = NOBODY
        for c in range(len(quotas)):
            shown = clients
            if c == PLATFORM:
                shown = users
            elif c == PARK:
                shown = tenants
            elif c == GROUP:
                shown = group_members
            elif c == EVENT:
                shown = guests
            count_of_channel, most_tries = 0, 0
            for s in range(len(looking)):
                i = looking[s]
                start, end, attempts = 0, 0, quotas[c]
                if c == FRIENDS:
                    start, end = offsets[i], offsets[i + 1]
                elif c == PARK:
                    if park[i] >= 0:
                        start, end = tenant_offsets[park[i]], tenant_offsets[park[i] + 1]
                elif c == GROUP:
                    if group[i] >= 0:
                        start, end = group_offsets[group[i]], group_offsets[group[i] + 1]
                elif broker[i] >= 0:
                    if c == BROKER:
                        start, end = client_offsets[broker[i]], client_offsets[broker[i] + 1]
                    elif c == PLATFORM and across:
                        end = len(users)
                    elif c == PLATFORM:
                        start, end = user_offsets[region[i]], user_offsets[region[i] + 1]
                    elif c == EVENT:
                        start, end = guest_offsets[region[i]], guest_offsets[region[i] + 1]
                        attempts = event_quota[region[i]]
                    elif broker_member[broker[i]] >= 0 and partner_client[i]:
                        partnership = member_partnership[broker_member[broker[i]]]
                        start, end = partner_offsets[partnership], partner_offsets[partnership + 1]
                        attempts = min(attempts, clients_each * (end - start))
                if attempts > 0 and end > start:
                    a = count_of_channel
                    looks[a], address[a], first_slot[a], tries[a] = i, identity[i], s * most + slots[c], attempts
                    first[a], listed[a] = start, end - start
                    most_tries = max(most_tries, attempts)
                    count_of_channel += 1
            for t in range(most_tries):
                counter = DRAWS * c + t
                for a in range(TOGETHER):
                    u[a] = uniform(key, CANDIDATE_SAMPLE, month, address[a], counter)
                for a in range(TOGETHER):
                    drawn[a] = first[a] + int(u[a] * listed[a])
                if (c == FRIENDS) | (c == PARTNER):
                    for a in range(TOGETHER):
                        u[a] = uniform(key, VISIBLE_PARTNER, month, address[a], counter)
                if c == FRIENDS:
                    for a in range(count_of_channel):
                        friend = neighbours[drawn[a]]
                        degree = offsets[friend + 1] - offsets[friend]
                        sees[a] = neighbours[offsets[friend] + int(u[a] * degree)]
                elif c == PARTNER:
                    for a in range(count_of_channel):
                        shown_by, own_member = partner_brokers[drawn[a]], broker_member[broker[looks[a]]]
                        member = broker_member[shown_by]
                        shows = member != own_member and u[a] < sharing * effort[own_member] * effort[member]
                        partner_first[a] = client_offsets[shown_by]
                        partner_listed[a] = client_offsets[shown_by + 1] - client_offsets[shown_by] if shows else 0
                    for a in range(TOGETHER):
                        u[a] = uniform(key, CANDIDATE_SAMPLE, month, address[a], counter + DRAWS // 2)
                    for a in range(count_of_channel):
                        at = partner_first[a] + int(u[a] * partner_listed[a])
                        sees[a] = clients[at] if partner_listed[a] > 0 else NOBODY
                else:
                    for a in range(count_of_channel):
                        sees[a] = shown[drawn[a]]
                if attention > 0.0 and ((c == BROKER) | (c == PARTNER)):
                    prefer_fitting(
                        key,
                        month,
                        counter,
                        looks[:count_of_channel],
                        address,
                        first if c == BROKER else partner_first,
                        listed if c == BROKER else partner_listed,
                        broker,
                        broker_member,
                        member_partnership,
                        clients,
                        knowledge,
                        objective,
                        attention,
                        sees,
                    )
                for a in range(count_of_channel):
                    i, j = looks[a], sees[a]
                    if c == PARTNER and j >= 0:
                        at_home = two_countries and country[region[i]] == country[region[j]]
                        j = j if partner_client[j] and not at_home else NOBODY
                    if t < tries[a]:
                        found[first_slot[a] + t] = j
        for s in range(len(looking)):
            i, latest, start = looking[s], begin + s, count
            for place in range(offsets[i + 1] - 1, offsets[i] - 1, -1):
                if seen_by[neighbours[place]] != CLOSED:
                    to_tie = FIRST_TIE - int(place - offsets[i])
                    seen_by[neighbours[place]] = latest if tie_running[ties[place]] > 0 else to_tie
            if seen_by[i] != CLOSED:
                seen_by[i] = latest
            for c in range(len(quotas)):
                for slot in range(s * most + slots[c], s * most + slots[c + 1]):
                    j = found[slot]
                    row = max(j, 0)
                    before = seen_by[row]
                    new = (j >= 0) & (before < latest)
                    seeker[count], other[count], channel[count], tie[count] = i, j, c, before
                    seen_by[row] = latest if new else before
                    count += int(new)
            for k in range(start, count):
                tie[k] = ties[offsets[i] + FIRST_TIE - tie[k]] if tie[k] <= FIRST_TIE else NOBODY
            for place in range(offsets[i], offsets[i + 1]):
                if seen_by[neighbours[place]] <= FIRST_TIE:
                    seen_by[neighbours[place]] = NOBODY
    return seeker[:count], other[:count], channel[:count], tie[:count]


@kernel
def prefer_fitting(
    key: np.uint64,
    month: int,
    counter: int,
    seeker: NDArray[np.int32],
    address: NDArray[np.uint64],
    first: NDArray[np.int64],
    listed: NDArray[np.int64],
    broker: NDArray[Any],
    broker_member: NDArray[Any],
    member_partnership: NDArray[Any],
    clients: NDArray[Any],
    knowledge: NDArray[Any],
    objective: NDArray[Any],
    attention: float,
    sees: NDArray[np.int32],
) -> None:
    """Put a rival from the same list in the place of whom a seeker sees, where the broker looks at its objective.

    For each seeker a who sees somebody, whose broker acts for a member, and whose ``uniform(key, STRATEGY_ATTENTION,
    month, address[a], counter)`` is below ``attention``: the rival is the client at place ``first[a] + int(u *
    listed[a])``, u that number of ``counter + 64``. Who of the two fits the objective of the member's partnership
    better (``fit_to_objective``) is seen; of equals who was.

    Parameters
    ----------
    seeker : (s,) int32
        Rows of organisations.
    address : (64,) uint64
        Addresses of the seekers, then any.
    first, listed : (64,) int64
        Where the list of each seeker begins in ``clients``, and its length.
    sees : (64,) int32
        Whom each sees, or NOBODY; changed in place.
    """
    looks_at_objective = np.empty(TOGETHER)
    for a in range(TOGETHER):
        looks_at_objective[a] = uniform(key, STRATEGY_ATTENTION, month, address[a], counter)
    for a in range(len(seeker)):
        own_member = broker_member[broker[seeker[a]]]
        if looks_at_objective[a] < attention and sees[a] >= 0 and own_member >= 0:
            u = uniform(key, STRATEGY_ATTENTION, month, address[a], counter + DRAWS // 2)
            rival = clients[first[a] + int(u * listed[a])]
            wanted = objective[member_partnership[own_member]]
            if fit_to_objective(knowledge[rival], wanted) > fit_to_objective(knowledge[sees[a]], wanted):
                sees[a] = rival
