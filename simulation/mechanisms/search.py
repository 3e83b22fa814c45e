"""Search: who looks for a partner this month, and whom brokers, platforms, parks and friends show them.

Claim: firms find partners among those whom somebody can show them. A broker knows its clients; a partnership lets it
show the clients of partner brokers, as far as both engage; nobody sees what a pair is worth exactly, and a skilled
broker sees it better.

Equation: ``ln S_seen = q ln S + (1 - q) mean ln S + sqrt(q (1 - q)) sigma z``, ``q = max(0, 2 skill - 1)``: a
shrunken estimate. Plain noise on S would let less skilled brokers match more, by the winner's curse. With a need form
of the seeker q becomes ``q + gain (1 - q)`` (:mod:`simulation.mechanisms.brokerage`).

Of two clients that a broker could show it shows, with a probability that a programme may set, the better fit to
the objective that its partnership has negotiated: what a strategy steers is whom brokers look at first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.codes import ROUTE_OF_NEED, Route
from simulation.commitments import Commitment, raised
from simulation.kernels.candidates import count_offers, judge_candidates, name_brokers
from simulation.kernels.groups import rows_by_group
from simulation.kernels.search import draw_seekers
from simulation.kernels.sightings import sample_candidates
from simulation.profiles import profiles_of
from simulation.projects import mission_members, with_room_for_projects
from simulation.state import NEVER, NOBODY
from simulation.threads import in_slices
from simulation.world import World

type Sightings = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.int32]]
"""Seeker, other, channel and tie of each pair, as :func:`sample_candidates` gives them."""

TOGETHER = 1024
"""Seekers whose candidates are seen and judged at once: what is kept of them stays in the processor's cache."""


def search(world: World) -> None:
    """Fill the table of candidates with the pairs that somebody sees this month, and count the offers to members."""
    state, rules = world.state, world.scenario.search
    state.candidates.clear()
    if rules.seeking_rate == 0.0:
        return
    organisations, brokers = state.organisations, state.brokers
    open_to_projects = with_room_for_projects(world)
    seekers = draw_seekers(
        world.key,
        world.month,
        organisations.identity,
        organisations.kind,
        open_to_projects,
        organisations.innovator,
        organisations.broker,
        brokers.case_capacity > brokers.cases,
        rules.seeking_rate,
        rules.broker_effect,
        rules.platform_effect * world.platform_use,
        referred_to_partners(world),
        rules.referred_effect,
    )
    if not len(seekers):
        return
    profiles = profiles_of(world, np.arange(len(organisations), dtype=np.int32))[: len(organisations)]
    profiles["open_to_projects"], profiles["partner_client"] = open_to_projects, world.partner_clients()
    look, judge = _looking(world, profiles), _judging(world, profiles)
    together = TOGETHER * world.threads
    for start in range(0, len(seekers), together):
        looking = seekers[start : start + together]
        judge(looking, look(looking))


def _looking(world: World, profiles: NDArray[Any]) -> Callable[[NDArray[np.int32]], Sightings]:
    """A function that gives whom some seekers are shown this month, as :func:`sample_candidates` does."""
    state, scenario = world.state, world.scenario
    organisations, brokers, members, rules = state.organisations, state.brokers, state.members, scenario.search
    alive, broker, region = organisations.alive, organisations.broker, organisations.region
    use = world.platform_use
    client_offsets, clients = rows_by_group(broker, alive, len(brokers))
    tenant_offsets, tenants = _listed(organisations.park, alive if rules.park_tenants else None, len(state.parks))
    in_groups = alive if rules.group_members else None
    group_offsets, group_members = _listed(organisations.group, in_groups, world.exchange_groups)
    regions = len(world.geography.regions)
    user_offsets, users = _listed(region, _users_of_platform(world), regions)
    invited = alive & (broker >= 0) & world.event_guests if world.event_guests.any() else None
    guest_offsets, guests = _listed(region, invited, regions)
    effort = engaged_effort(world)
    partner_offsets, partner_brokers = _brokers_of_partnerships(world)
    quotas = np.array(
        [
            rules.friends_of_friends,
            rules.broker_clients,
            rules.partner_clients,
            int(rules.platform_candidates * use + 0.5),
            rules.park_tenants,
            rules.group_members,
            0,
        ],
        dtype=np.int64,
    )
    event_quota = np.zeros(regions, dtype=np.int64)
    if invited is not None:
        event_quota[:] = np.floor(rules.event_guests * cooperation_by_region(world, effort) + 0.5)
    questions = (
        profiles,
        organisations.park,
        organisations.group,
        world.adjacency.offsets,
        world.adjacency.neighbours,
        world.adjacency.ties,
        state.ties.running_projects,
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
        brokers.member,
        members.partnership,
        effort,
        scenario.partnership.sharing,
        partner_offsets,
        partner_brokers,
        quotas,
        rules.partner_clients_each,
        event_quota,
        scenario.programme.across,
        world.geography.country,
        scenario.brokerage.two_countries,
        organisations.knowledge,
        state.partnerships.objective,
        scenario.brokerage.s3_attention,
    )

    def look(seekers: NDArray[np.int32]) -> Sightings:
        def of_slice(start: int, end: int) -> Sightings:
            return sample_candidates(world.key, world.month, seekers[start:end], *questions)

        slices = in_slices(world.threads, len(seekers), of_slice)
        if len(slices) == 1:
            return slices[0]
        seeker, other, channel, tie = (np.concatenate(column) for column in zip(*slices, strict=True))
        return seeker, other, channel, tie

    return look


def _listed(
    group: NDArray[np.integer], counted: NDArray[np.bool_] | None, groups: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows of each group that count, as :func:`rows_by_group` gives them; empty lists where none can count."""
    if counted is None or not groups:
        return np.zeros(groups + 1, dtype=np.int64), np.zeros(0, dtype=np.int32)
    return rows_by_group(group, counted, groups)


def _users_of_platform(world: World) -> NDArray[np.bool_] | None:
    """Organisations that can be seen on the platform; None while nobody uses it."""
    if world.platform_use == 0.0:
        return None
    organisations = world.state.organisations
    registered = organisations.alive & (organisations.broker >= 0)
    shown: NDArray[np.bool_] = registered & (organisations.platform_month != NEVER)
    if world.scenario.missions.on_platform:
        shown |= mission_members(world)
    return shown


def referred_to_partners(world: World) -> NDArray[np.bool_]:
    """Firms whom a diagnosis referred to a search for a partner not long ago: their need is a supplier or customer."""
    organisations = world.state.organisations
    referred = organisations.referred_until_month >= world.month
    if referred.any():
        referred &= ROUTE_OF_NEED[organisations.need_kind] == Route.PARTNER
    return referred


def engaged_effort(world: World) -> NDArray[np.float64]:
    """Engagement of each member that shares at all this month, else 0.

    Two members i and j of a partnership show each other's clients with probability ``sharing * e_i * e_j``.
    """
    members = world.state.members
    partnerships = world.state.partnerships
    at_work = partnerships.active & (partnerships.capacity_share > 0.0)
    sharing = members.present & at_work[members.partnership]
    return np.where(sharing & world.scenario.programme.across, members.engagement, 0.0)


def cooperation_by_region(world: World, effort: NDArray[np.float64]) -> NDArray[np.float64]:
    """Factor by which the commitment to events of the most engaged member of a region widens its events."""
    widened = np.ones(len(world.geography.regions))
    factor = raised(world.scenario, Commitment.EVENTS, effort)
    np.maximum.at(widened, world.state.members.region, factor)
    return widened


def _brokers_of_partnerships(world: World) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    member, members = world.state.brokers.member, world.state.members
    if not len(members):
        return _listed(member, None, len(world.state.partnerships))
    return rows_by_group(members.partnership[member], member != NOBODY, len(world.state.partnerships))


def _judging(world: World, profiles: NDArray[Any]) -> Callable[[NDArray[np.int32], Sightings], None]:
    """A function that adds what some seekers see to the table of candidates, and counts the offers among it."""
    state, rules = world.state, world.scenario.surplus
    organisations, brokers, candidates = state.organisations, state.brokers, state.candidates
    broker = organisations.broker
    questions = (
        organisations.knowledge,
        profiles,
        broker,
        brokers.skill,
        world.proximity,
        state.ties.trust,
        rules.own_needs_weight,
        rules.cognitive_distance_scale,
        rules.trust,
        world.scenario.search.judgement_noise,
        organisations.need_form,
        world.scenario.brokerage.need_form_gain,
    )

    def judge(seekers: NDArray[np.int32], sightings: Sightings) -> None:
        seeker, other, channel, tie = sightings
        start = candidates.lengthen(len(seeker))
        candidates.seeker[start:], candidates.other[start:], candidates.channel[start:] = seeker, other, channel
        seeker_broker, other_broker = candidates.seeker_broker[start:], candidates.other_broker[start:]
        name_brokers(seeker, other, channel, profiles, seeker_broker, other_broker)
        weight = candidates.weight[start:]
        judged = weight, candidates.surplus[start:], candidates.cognitive_distance[start:]

        def of_slice(start: int, end: int) -> None:
            # seekers rise, so the candidates of these seekers are consecutive
            part = slice(*np.searchsorted(seeker, (seekers[start], seekers[end - 1] + 1)).tolist())
            into = [column[part] for column in judged]
            judge_candidates(
                world.key, world.month, seeker[part], other[part], channel[part], tie[part], *questions, *into
            )

        in_slices(world.threads, len(seekers), of_slice)
        count_offers(
            seeker,
            other,
            channel,
            weight,
            broker,
            brokers.member,
            world.scenario.matching.reservation_value,
            state.members.offers_now,
        )

    return judge
