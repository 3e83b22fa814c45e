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
    looks = _room_for_looks()
    seen_by = np.empty(len(identity), dtype=np.int32)
    for row in range(len(identity)):
        seen_by[row] = NOBODY if open_to_projects[row] else CLOSED
    count = 0
    for begin in range(0, len(seekers), TOGETHER):
        looking = seekers[begin : begin + TOGETHER]
        found[:] = NOBODY
        for c in range(len(quotas)):
            looking_here, longest = 0, 0
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
                if tries > 0 and last > first:
                    looks.seeker[looking_here] = i
                    looks.address[looking_here] = identity[i]
                    looks.slot[looking_here] = s * most + slots[c]
                    looks.tries[looking_here] = tries
                    looks.first[looking_here], looks.listed[looking_here] = first, last - first
                    longest = max(longest, tries)
                    looking_here += 1
            for t in range(longest):
                counter = DRAWS * c + t
                _draw(key, CANDIDATE_SAMPLE, month, counter, looks.address, looks.sample)
                _place(looks.sample, looks.first, looks.listed, looks.place)
                if c == FRIENDS:
                    _draw(key, VISIBLE_PARTNER, month, counter, looks.address, looks.sample)
                    for a in range(looking_here):
                        friend = neighbours[looks.place[a]]
                        degree = offsets[friend + 1] - offsets[friend]
                        looks.found[a] = neighbours[offsets[friend] + int(looks.sample[a] * degree)]
                elif c == PARTNER:
                    _draw(key, VISIBLE_PARTNER, month, counter, looks.address, looks.sample)
                    for a in range(looking_here):
                        shown_by, own_member = partner_brokers[looks.place[a]], broker_member[broker[looks.seeker[a]]]
                        member = broker_member[shown_by]
                        shows = looks.sample[a] < sharing * effort[own_member] * effort[member]
                        looks.shown_first[a] = client_offsets[shown_by]
                        clients_shown = client_offsets[shown_by + 1] - client_offsets[shown_by]
                        looks.shown[a] = clients_shown if shows and member != own_member else 0
                    _draw(key, CANDIDATE_SAMPLE, month, counter + DRAWS // 2, looks.address, looks.sample)
                    _place(looks.sample, looks.shown_first, looks.shown, looks.place)
                    for a in range(looking_here):
                        looks.found[a] = clients[looks.place[a]] if looks.shown[a] > 0 else NOBODY
                    if attention > 0.0:
                        _steer(
                            key,
                            month,
                            counter,
                            looking_here,
                            looks,
                            looks.shown_first,
                            looks.shown,
                            broker,
                            broker_member,
                            member_partnership,
                            clients,
                            knowledge,
                            objective,
                            attention,
                        )
                    for a in range(looking_here):
                        i, j = looks.seeker[a], looks.found[a]
                        if j >= 0:
                            at_home = two_countries and country[region[i]] == country[region[j]]
                            looks.found[a] = j if partner_client[j] and not at_home else NOBODY
                elif c == BROKER:
                    _take(clients, looking_here, looks)
                    if attention > 0.0:
                        _steer(
                            key,
                            month,
                            counter,
                            looking_here,
                            looks,
                            looks.first,
                            looks.listed,
                            broker,
                            broker_member,
                            member_partnership,
                            clients,
                            knowledge,
                            objective,
                            attention,
                        )
                elif c == PLATFORM:
                    _take(users, looking_here, looks)
                elif c == PARK:
                    _take(tenants, looking_here, looks)
                elif c == GROUP:
                    _take(group_members, looking_here, looks)
                else:
                    _take(guests, looking_here, looks)
                for a in range(looking_here):
                    if t < looks.tries[a]:
                        found[looks.slot[a] + t] = looks.found[a]
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


class _Looks(NamedTuple):
    """Seekers who look through one channel, side by side: whose lists they look at, and what each attempt finds."""

    seeker: NDArray[np.int32]
    address: NDArray[np.uint64]
    slot: NDArray[np.int64]
    tries: NDArray[np.int64]
    first: NDArray[np.int64]
    listed: NDArray[np.int64]
    sample: NDArray[np.float64]
    place: NDArray[np.int64]
    shown_first: NDArray[np.int64]
    shown: NDArray[np.int64]
    found: NDArray[np.int32]


@kernel
def _room_for_looks() -> _Looks:
    """Columns for as many seekers as look together, none of whom looks at anything."""
    return _Looks(
        np.zeros(TOGETHER, dtype=np.int32),
        np.zeros(TOGETHER, dtype=np.uint64),
        np.zeros(TOGETHER, dtype=np.int64),
        np.zeros(TOGETHER, dtype=np.int64),
        np.zeros(TOGETHER, dtype=np.int64),
        np.zeros(TOGETHER, dtype=np.int64),
        np.zeros(TOGETHER, dtype=np.float64),
        np.zeros(TOGETHER, dtype=np.int64),
        np.zeros(TOGETHER, dtype=np.int64),
        np.zeros(TOGETHER, dtype=np.int64),
        np.zeros(TOGETHER, dtype=np.int32),
    )


@kernel
def _draw(
    key: np.uint64,
    purpose: int,
    month: int,
    counter: int,
    address: NDArray[np.uint64],
    drawn: NDArray[np.float64],
) -> None:
    """One number for everybody, whether it looks or not: so many at a time are drawn at once."""
    for a in range(TOGETHER):
        drawn[a] = uniform(key, purpose, month, address[a], counter)


@kernel
def _place(
    sample: NDArray[np.float64], first: NDArray[np.int64], listed: NDArray[np.int64], place: NDArray[np.int64]
) -> None:
    """The drawn place of everybody's list."""
    for a in range(TOGETHER):
        place[a] = first[a] + int(sample[a] * listed[a])


@kernel
def _take(listed: NDArray[np.int32], looking: int, looks: _Looks) -> None:
    """Find who stands at the drawn place of a list."""
    for a in range(looking):
        looks.found[a] = listed[looks.place[a]]


@kernel
def _steer(
    key: np.uint64,
    month: int,
    counter: int,
    looking: int,
    looks: _Looks,
    first: NDArray[np.int64],
    listed: NDArray[np.int64],
    broker: NDArray[Any],
    broker_member: NDArray[Any],
    member_partnership: NDArray[Any],
    clients: NDArray[Any],
    knowledge: NDArray[Any],
    objective: NDArray[Any],
    attention: float,
) -> None:
    """Put a rival of the same list in the place of whom a broker shows, where it looks at its objective first."""
    _draw(key, STRATEGY_ATTENTION, month, counter, looks.address, looks.sample)
    for a in range(looking):
        own_member, candidate = broker_member[broker[looks.seeker[a]]], looks.found[a]
        if looks.sample[a] < attention and candidate >= 0 and own_member >= 0:
            u = uniform(key, STRATEGY_ATTENTION, month, looks.address[a], counter + DRAWS // 2)
            rival = clients[first[a] + int(u * listed[a])]
            wanted = objective[member_partnership[own_member]]
            if fit_to_objective(knowledge[rival], wanted) > fit_to_objective(knowledge[candidate], wanted):
                looks.found[a] = rival
