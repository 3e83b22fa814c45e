"""Plain twins of simulation/kernels/search.py, one seeker and one attempt at a time."""

from simulation.codes import Channel, Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.networks import tie_between
from tests.reference.randomness import uniform
from tests.reference.strategy import fit_to_objective


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
