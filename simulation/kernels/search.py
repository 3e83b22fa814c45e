"""Who looks for a partner this month, and whom they see."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Channel, Kind
from simulation.compilation import kernel
from simulation.kernels.strategy import fit_to_objective
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.state import NOBODY

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

CLOSED = 2**31 - 1
"""Stands for the latest seeker who saw an organisation that takes no projects: nobody sees it."""


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
    slots = np.zeros(len(quotas) + 1, dtype=np.int64)
    for c in range(len(quotas)):
        slots[c + 1] = slots[c] + quotas[c]
    for r in range(len(event_quota)):
        slots[EVENT + 1] = max(slots[EVENT + 1], slots[EVENT] + event_quota[r])
    most = slots[EVENT + 1]
    seeker = np.empty(len(seekers) * most + 1, dtype=np.int32)
    other = np.empty(len(seekers) * most + 1, dtype=np.int32)
    channel = np.empty(len(seekers) * most + 1, dtype=np.int8)
    found = np.empty(TOGETHER * most, dtype=np.int32)
    looks = _no_attempts(TOGETHER * most)
    seen_by = np.empty(len(identity), dtype=np.int32)
    for row in range(len(identity)):
        seen_by[row] = NOBODY if open_to_projects[row] else CLOSED
    count = 0
    for begin in range(0, len(seekers), TOGETHER):
        looking = seekers[begin : begin + TOGETHER]
        found[:] = NOBODY
        for c in range(len(quotas)):
            planned = 0
            for s in range(len(looking)):
                i = looking[s]
                first, last, tries = 0, 0, quotas[c]
                if c == FRIENDS:
                    first, last = offsets[i], offsets[i + 1]
                elif c == PARK:
                    if park[i] >= 0:
                        first, last = tenant_offsets[park[i]], tenant_offsets[park[i] + 1]
                elif c == GROUP:
                    if group[i] >= 0:
                        first, last = group_offsets[group[i]], group_offsets[group[i] + 1]
                elif broker[i] >= 0:
                    if c == BROKER:
                        first, last = client_offsets[broker[i]], client_offsets[broker[i] + 1]
                    elif c == PLATFORM and across:
                        last = len(users)
                    elif c == PLATFORM:
                        first, last = user_offsets[region[i]], user_offsets[region[i] + 1]
                    elif c == EVENT:
                        first, last = guest_offsets[region[i]], guest_offsets[region[i] + 1]
                        tries = event_quota[region[i]]
                    elif c == PARTNER and broker_member[broker[i]] >= 0 and partner_client[i]:
                        partnership = member_partnership[broker_member[broker[i]]]
                        first, last = partner_offsets[partnership], partner_offsets[partnership + 1]
                        tries = min(tries, clients_each * (last - first))
                for t in range(tries if last > first else 0):
                    looks.slot[planned] = s * most + slots[c] + t
                    looks.seeker[planned] = i
                    looks.address[planned] = identity[i]
                    looks.counter[planned] = DRAWS * c + t
                    looks.first[planned] = first
                    looks.listed[planned] = last - first
                    planned += 1
            for a in range(planned):
                u = uniform(key, CANDIDATE_SAMPLE, month, looks.address[a], looks.counter[a])
                looks.place[a] = looks.first[a] + int(u * looks.listed[a])
            if c == FRIENDS:
                for a in range(planned):
                    looks.visible[a] = uniform(key, VISIBLE_PARTNER, month, looks.address[a], looks.counter[a])
                for a in range(planned):
                    friend = neighbours[looks.place[a]]
                    degree = offsets[friend + 1] - offsets[friend]
                    found[looks.slot[a]] = neighbours[offsets[friend] + int(looks.visible[a] * degree)]
            elif c == PARTNER:
                _clients_of_partners(
                    key,
                    month,
                    planned,
                    looks,
                    broker,
                    broker_member,
                    client_offsets,
                    clients,
                    partner_brokers,
                    effort,
                    sharing,
                    found,
                )
            elif c == BROKER:
                _take(planned, looks, clients, found)
            elif c == PLATFORM:
                _take(planned, looks, users, found)
            elif c == PARK:
                _take(planned, looks, tenants, found)
            elif c == GROUP:
                _take(planned, looks, group_members, found)
            else:
                _take(planned, looks, guests, found)
            if attention > 0.0 and (c == BROKER or c == PARTNER):
                _steer(
                    key,
                    month,
                    planned,
                    looks,
                    broker,
                    broker_member,
                    member_partnership,
                    clients,
                    knowledge,
                    objective,
                    attention,
                    found,
                )
            if c == PARTNER:
                for a in range(planned):
                    i, j = looks.seeker[a], found[looks.slot[a]]
                    at_home = two_countries and country[region[i]] == country[region[j]]
                    if j >= 0 and (at_home or not partner_client[j]):
                        found[looks.slot[a]] = NOBODY
        for s in range(len(looking)):
            i, latest = looking[s], begin + s
            for place in range(offsets[i + 1] - 1, offsets[i] - 1, -1):
                if seen_by[neighbours[place]] != CLOSED:
                    seen_by[neighbours[place]] = latest if tie_running[ties[place]] > 0 else NOBODY
            if seen_by[i] != CLOSED:
                seen_by[i] = latest
            for c in range(len(quotas)):
                for slot in range(s * most + slots[c], s * most + slots[c + 1]):
                    j = found[slot]
                    row = max(j, 0)
                    new = (j >= 0) & (seen_by[row] < latest)
                    seeker[count], other[count], channel[count] = i, j, c
                    seen_by[row] = latest if new else seen_by[row]
                    count += int(new)
    return seeker[:count], other[:count], channel[:count]


class _Attempts(NamedTuple):
    """Attempts of one channel, side by side: whose, what they are drawn with, and where what is found goes."""

    slot: NDArray[np.int64]
    seeker: NDArray[np.int32]
    address: NDArray[np.uint64]
    counter: NDArray[np.int64]
    first: NDArray[np.int64]
    listed: NDArray[np.int64]
    place: NDArray[np.int64]
    visible: NDArray[np.float64]


@kernel
def _no_attempts(room: int) -> _Attempts:
    """Columns for so many attempts."""
    return _Attempts(
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.uint64),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.float64),
    )


@kernel
def _take(planned: int, looks: _Attempts, listed: NDArray[np.int32], found: NDArray[np.int32]) -> None:
    """Find who stands at the drawn place of a list."""
    for a in range(planned):
        found[looks.slot[a]] = listed[looks.place[a]]


@kernel
def _clients_of_partners(
    key: np.uint64,
    month: int,
    planned: int,
    looks: _Attempts,
    broker: NDArray[Any],
    broker_member: NDArray[Any],
    client_offsets: NDArray[Any],
    clients: NDArray[Any],
    partner_brokers: NDArray[Any],
    effort: NDArray[Any],
    sharing: float,
    found: NDArray[np.int32],
) -> None:
    """Find clients of the drawn brokers, as far as they show them; ``first`` and ``listed`` are then their lists."""
    for a in range(planned):
        looks.visible[a] = uniform(key, VISIBLE_PARTNER, month, looks.address[a], looks.counter[a])
    for a in range(planned):
        shown_by = partner_brokers[looks.place[a]]
        own_member, member = broker_member[broker[looks.seeker[a]]], broker_member[shown_by]
        shows = member != own_member and looks.visible[a] < sharing * effort[own_member] * effort[member]
        looks.first[a] = client_offsets[shown_by]
        looks.listed[a] = client_offsets[shown_by + 1] - client_offsets[shown_by] if shows else 0
    for a in range(planned):
        u = uniform(key, CANDIDATE_SAMPLE, month, looks.address[a], looks.counter[a] + DRAWS // 2)
        looks.place[a] = looks.first[a] + int(u * looks.listed[a])
    for a in range(planned):
        if looks.listed[a] > 0:
            found[looks.slot[a]] = clients[looks.place[a]]


@kernel
def _steer(
    key: np.uint64,
    month: int,
    planned: int,
    looks: _Attempts,
    broker: NDArray[Any],
    broker_member: NDArray[Any],
    member_partnership: NDArray[Any],
    clients: NDArray[Any],
    knowledge: NDArray[Any],
    objective: NDArray[Any],
    attention: float,
    found: NDArray[np.int32],
) -> None:
    """Put a rival of the same list in the place of whom a broker shows, where it looks at its objective first."""
    for a in range(planned):
        looks.visible[a] = uniform(key, STRATEGY_ATTENTION, month, looks.address[a], looks.counter[a])
    for a in range(planned):
        own_member, candidate = broker_member[broker[looks.seeker[a]]], found[looks.slot[a]]
        if looks.visible[a] < attention and candidate >= 0 and own_member >= 0:
            u = uniform(key, STRATEGY_ATTENTION, month, looks.address[a], looks.counter[a] + DRAWS // 2)
            rival = clients[looks.first[a] + int(u * looks.listed[a])]
            wanted = objective[member_partnership[own_member]]
            if fit_to_objective(knowledge[rival], wanted) > fit_to_objective(knowledge[candidate], wanted):
                found[looks.slot[a]] = rival
