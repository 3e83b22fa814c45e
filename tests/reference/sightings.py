"""Plain twins of simulation/kernels/sightings.py, one seeker and one attempt at a time."""

from simulation.codes import Channel
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.attention import more_fitting, placed
from tests.reference.networks import tie_between
from tests.reference.randomness import uniform


def rows_of(group, offsets, rows):
    return [] if group == NOBODY else rows[offsets[group] : offsets[group + 1]].tolist()


def sample_candidates(
    key,
    month,
    seekers,
    profiles,
    park,
    group,
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
    country,
    two_countries,
    knowledge,
    objective,
    attention,
):
    identity, broker, region = profiles["identity"], profiles["broker"], profiles["region"]
    open_to_projects, partner_client = profiles["open_to_projects"], profiles["partner_client"]

    def friend_of_friend(seeker, u, visible):
        friend = placed(u, rows_of(seeker, offsets, neighbours))
        return placed(visible, rows_of(friend, offsets, neighbours))

    def partners_client(brokers, own_member, u, visible, further):
        shown_by = placed(u, brokers)
        member = broker_member[shown_by]
        if member == own_member or not visible < sharing * float(effort[own_member]) * float(effort[member]):
            return [], NOBODY
        return rows_of(shown_by, client_offsets, clients), placed(further, rows_of(shown_by, client_offsets, clients))

    def may_be_partners(seeker, candidate):
        abroad = country[region[seeker]] != country[region[candidate]]
        return partner_client[candidate] and (abroad or not two_countries)

    pairs = []
    for seeker in seekers.tolist():
        own_broker = broker[seeker]
        own_member = NOBODY if own_broker == NOBODY else broker_member[own_broker]
        partnership = NOBODY if own_member == NOBODY else member_partnership[own_member]
        partners = rows_of(partnership, partner_offsets, partner_brokers) if partner_client[seeker] else []
        on_platform = users.tolist() if across else rows_of(region[seeker], user_offsets, users)
        lists = {
            Channel.BROKER: rows_of(own_broker, client_offsets, clients),
            Channel.PLATFORM: [] if own_broker == NOBODY else on_platform,
            Channel.PARK: rows_of(park[seeker], tenant_offsets, tenants),
            Channel.GROUP: rows_of(group[seeker], group_offsets, group_members),
            Channel.EVENT: [] if own_broker == NOBODY else rows_of(region[seeker], guest_offsets, guests),
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
                    candidate = more_fitting(candidate, rival, knowledge, objective[partnership])
                if channel == Channel.PARTNER and candidate != NOBODY and not may_be_partners(seeker, candidate):
                    continue
                if candidate in (NOBODY, seeker) or not open_to_projects[candidate] or candidate in seen:
                    continue
                tie = tie_between(seeker, candidate, offsets, neighbours, ties)
                if tie == NOBODY or tie_running[tie] == 0:
                    seen.add(candidate)
                    pairs.append((seeker, candidate, channel, tie))
    return [list(column) for column in zip(*pairs, strict=True)] if pairs else [[], [], [], []]
