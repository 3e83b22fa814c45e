"""Mobility: a firm sends somebody to a firm or institute elsewhere for a while.

Claim: people who move carry knowledge and trust along. A visit leaves a tie between the two houses and copies part of
what the host knows best by comparison; nothing else (Agrawal, Cockburn & McHale 2006: knowledge follows the ties of
people who moved).

Rule: a guest's host is drawn by address among the innovation-active organisations of the regions of members of the
service's partnership, or of the service where it names none, outside the guest's own; in a programme that does not act
across regions, inside it. In the one domain in which the host leads most the guest closes
``provision.mobility_learning`` of the gap. The tie has at least the trust ``provision.mobility_trust``.

References
----------
Agrawal, A., Cockburn, I., McHale, J. (2006). Gone but not forgotten: knowledge flows, labor mobility, and enduring
social relationships. Journal of Economic Geography 6(5), 571-591.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Origin
from simulation.kernels.mobility import choose_hosts, find_hosts, insert_ties, tie_visitors
from simulation.kernels.services import copy_largest_lead
from simulation.new_ties import begin_ties
from simulation.parameters.places import Service
from simulation.service_places import (
    Clients,
    clients_of,
    counter_of,
    pay_for,
    places_taken,
    regions_served,
    services_of,
)
from simulation.state import NOBODY
from simulation.world import Adjacency, World

Rows = NDArray[np.int64]


def visit_partners(world: World) -> None:
    """Let the guests of this month's mobility services visit their hosts, and pay for the places used.

    Parameters
    ----------
    world : World
        ``knowledge`` and ``served`` of organisations, ties and ``adjacency`` change.
    """
    offered = services_of(world, "mobility")
    if not offered:
        return
    clients = clients_of(world)
    for name, service in offered:
        _visit(world, name, service, clients)


def host_regions(world: World, service: Service) -> NDArray[np.bool_]:
    """Regions in which hosts sit: (regions,) bool."""
    members, partnership = world.state.members, world.partnership_row(service.partnership)
    if partnership == NOBODY or not world.scenario.programme.across:
        return regions_served(world, service)
    hosting = np.zeros(len(world.geography.regions), dtype=np.bool_)
    hosting[members.region[members.present & (members.partnership == partnership)]] = True
    return hosting & world.geography.has_firms


def _visit(world: World, name: str, service: Service, clients: Clients) -> None:
    organisations, hosting = world.state.organisations, host_regions(world, service)
    hosts = np.empty(len(organisations), dtype=np.bool_)
    number = np.empty(len(hosting), dtype=np.int64)
    find_hosts(organisations.alive, organisations.innovator, organisations.region, hosting, hosts, number)
    across = world.scenario.programme.across
    elsewhere = number.sum() - number if across else number
    guests = places_taken(world, name, service, clients, regions_served(world, service) & (elsewhere > 0))
    if not len(guests):
        return
    chosen = np.empty(len(guests), dtype=np.int64)
    choose_hosts(
        world.key,
        world.month,
        counter_of(name),
        guests,
        organisations.identity,
        organisations.region,
        hosts,
        number,
        across,
        chosen,
    )
    copy_largest_lead(guests, chosen, organisations.knowledge, float(world.scenario.provision.mobility_learning))
    _tie(world, guests, chosen)
    organisations.served[guests] = True
    pay_for(world, service, len(guests))


def _tie(world: World, guests: Rows, hosts: Rows) -> None:
    """Give each guest and host a tie of the trust that a visit leaves, or raise that of the one they have."""
    ties, trust, known = world.state.ties, world.scenario.provision.mobility_trust, world.adjacency
    pairs = np.empty(len(guests), dtype=np.int64)
    new = tie_visitors(guests, hosts, known.offsets, known.neighbours, known.ties, np.float32(trust), ties.trust, pairs)
    if not new:
        return
    begin_ties(world, pairs[:new], Origin.MOBILITY, world.month, trust)
    grown = Adjacency(
        np.empty_like(known.offsets), np.empty(2 * len(ties), dtype=np.int32), np.empty(2 * len(ties), dtype=np.int32)
    )
    insert_ties(
        known.offsets,
        known.neighbours,
        known.ties,
        ties.first,
        ties.second,
        grown.offsets,
        grown.neighbours,
        grown.ties,
    )
    world.adjacency = grown
