"""Exchange groups: the same ten firms of a region meet every month.

Claim: regular meetings in a fixed group let firms learn from each other and find partners; with better members, a firm
gains more (Cai & Szeidl 2018, a field experiment, is the one causal anchor of the services).

Rule: in the first month in which a service of this kind is offered in a region, registered firms that ask for a place
are put into groups of ``provision.group_size`` by lot, as many whole groups as the places allow. While the service is
offered each member learns in every domain

    k_i <- k_i + group learning × a_i × max(0, mean of the others' k - k_i)

and costs a place a month. Members see each other in the search, also when the meetings have ended.

References
----------
Cai, J., Szeidl, A. (2018). Interfirm relationships and business performance. Quarterly Journal of Economics 133(3),
1229-1282.
"""

from __future__ import annotations

import numpy as np

from simulation.kernels.groups import learn_in_groups, rows_by_group
from simulation.parameters.places import Service
from simulation.service_places import clients_of, draw_lots, paid_places, pay_for, regions_served, services_of
from simulation.state import NOBODY
from simulation.world import World


def meet_in_groups(world: World) -> None:
    """Form the groups of regions that have none yet, and hold the month's meetings.

    Parameters
    ----------
    world : World
        ``group``, ``served`` and ``knowledge`` of organisations change, and ``exchange_groups``.
    """
    for name, service in services_of(world, "exchange_group"):
        _form(world, name, service)
        _meet(world, service)


def _form(world: World, name: str, service: Service) -> None:
    """Put asking firms into groups, region by region, where nobody is in one yet."""
    organisations, rules = world.state.organisations, world.scenario.provision
    group, region = organisations.group, organisations.region
    without = regions_served(world, service)
    without[region[np.flatnonzero(group != NOBODY)]] = False
    if not without.any():
        return
    rates = (float(rules.group_take_up), 0.0, 0.0)
    waiting = clients_of(world, group == NOBODY)
    _, queue = draw_lots(world, name, waiting, without, service.places_per_month, rates)
    by_region = np.bincount(region[queue], minlength=len(without))
    groups = by_region // rules.group_size
    if not groups.any():
        return
    rank = np.arange(len(queue)) - (np.cumsum(by_region) - by_region)[region[queue]]
    taken = rank < (groups * rules.group_size)[region[queue]]
    first = int(group.max(initial=NOBODY)) + 1 + np.cumsum(groups) - groups
    group[queue[taken]] = (first[region[queue]] + rank // rules.group_size)[taken]
    world.exchange_groups = int(group.max(initial=NOBODY)) + 1


def _meet(world: World, service: Service) -> None:
    """Let the members of a service's regions learn from each other, and pay for their places."""
    organisations = world.state.organisations
    group = organisations.group
    rows = np.flatnonzero(group != NOBODY)
    rows = rows[organisations.alive[rows] & regions_served(world, service)[organisations.region[rows]]]
    rows = paid_places(world, service, rows, group[rows])
    if not len(rows):
        return
    offsets, places = rows_by_group(group[rows], np.ones(len(rows), dtype=np.bool_), world.exchange_groups)
    rate, members = float(world.scenario.provision.group_learning), rows[places].astype(np.int32)
    learn_in_groups(offsets, members, organisations.absorptive_capacity, organisations.knowledge, rate)
    organisations.served[rows] = True
    pay_for(world, service, len(rows))
