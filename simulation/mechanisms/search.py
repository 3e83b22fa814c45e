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

import numpy as np
from numpy.typing import NDArray

from simulation.codes import ROUTE_OF_NEED, Channel, Route
from simulation.commitments import Commitment, raised
from simulation.kernels.groups import rows_by_group
from simulation.kernels.search import count_offers, draw_seekers, judge_candidates, sample_candidates
from simulation.projects import mission_members, project_limits
from simulation.state import NEVER, NOBODY
from simulation.world import World


def search(world: World) -> None:
    """Fill the table of candidates with the pairs that somebody sees this month, and count the offers to members."""
    state, scenario = world.state, world.scenario
    organisations, brokers, members = state.organisations, state.brokers, state.members
    state.candidates.clear()
    columns = {
        name: getattr(organisations, name)
        for name in (
            "identity",
            "alive",
            "broker",
            "park",
            "group",
            "region",
            "running_projects",
        )
    }
    rules = scenario.search
    use = world.platform_use
    room = columns["running_projects"] < project_limits(world)
    seekers = draw_seekers(
        world.key,
        world.month,
        columns["identity"],
        organisations.kind,
        columns["alive"],
        organisations.innovator,
        room,
        columns["broker"],
        brokers.case_capacity > brokers.cases,
        rules.seeking_rate,
        rules.broker_effect,
        rules.platform_effect * use,
        referred_to_partners(world),
        rules.referred_effect,
    )
    registered = columns["alive"] & (columns["broker"] >= 0)
    client_offsets, clients = rows_by_group(columns["broker"], registered, len(brokers))
    tenant_offsets, tenants = rows_by_group(columns["park"], columns["alive"], len(state.parks))
    group_offsets, group_members = rows_by_group(columns["group"], columns["alive"], world.exchange_groups)
    regions = len(world.geography.regions)
    invited = world.event_guests if len(world.event_guests) else np.zeros_like(registered)
    shown = registered & (organisations.platform_month != NEVER)
    if use > 0.0 and scenario.missions.on_platform:
        shown |= mission_members(world)
    user_offsets, users = rows_by_group(columns["region"], shown, regions)
    guest_offsets, guests = rows_by_group(columns["region"], registered & invited, regions)
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
    event_quota = np.floor(rules.event_guests * cooperation_by_region(world, effort) + 0.5).astype(np.int64)
    seeker, other, channel = sample_candidates(
        world.key,
        world.month,
        seekers,
        columns["identity"],
        columns["broker"],
        columns["park"],
        columns["group"],
        columns["region"],
        columns["alive"] & room,
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
        world.partner_clients(),
        world.geography.country,
        scenario.brokerage.two_countries,
        organisations.knowledge,
        state.partnerships.objective,
        scenario.brokerage.s3_attention,
    )
    _judge(world, seeker, other, channel)
    count_offers(
        seeker,
        other,
        channel,
        state.candidates.weight,
        columns["broker"],
        brokers.member,
        scenario.matching.reservation_value,
        members.offers_now,
    )


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
    member = world.state.brokers.member
    acting = member != NOBODY
    partnership = np.full(len(member), NOBODY, dtype=np.int64)
    partnership[acting] = world.state.members.partnership[member[acting]]
    return rows_by_group(partnership, acting, len(world.state.partnerships))


def _judge(world: World, seeker: NDArray[np.int32], other: NDArray[np.int32], channel: NDArray[np.int8]) -> None:
    state, rules = world.state, world.scenario.surplus
    organisations, candidates = state.organisations, state.candidates
    broker = organisations.broker
    through = channel == Channel.PARTNER
    shown_by_broker = (channel == Channel.BROKER) | through
    partnership = np.full(len(seeker), NOBODY)
    partnership[through] = state.members.partnership[state.brokers.member[broker[seeker[through]]]]
    candidates.append(
        len(seeker),
        seeker=seeker,
        other=other,
        channel=channel,
        partnership=partnership,
        seeker_broker=np.where(shown_by_broker, broker[seeker], NOBODY),
        other_broker=np.where(shown_by_broker, broker[other], NOBODY),
    )
    judge_candidates(
        world.key,
        world.month,
        seeker,
        other,
        channel,
        organisations.identity,
        organisations.knowledge,
        organisations.needs,
        organisations.absorptive_capacity,
        organisations.region,
        broker,
        state.brokers.skill,
        world.proximity,
        world.adjacency.offsets,
        world.adjacency.neighbours,
        world.adjacency.ties,
        state.ties.trust,
        rules.own_needs_weight,
        rules.cognitive_distance_scale,
        rules.trust,
        world.scenario.search.judgement_noise,
        organisations.need_form,
        world.scenario.brokerage.need_form_gain,
        candidates.identity,
        candidates.weight,
        candidates.surplus,
        candidates.cognitive_distance,
    )
