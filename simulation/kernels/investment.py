"""Tickets of investors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.compilation import kernel


@kernel
def hand_out_tickets(
    projects: NDArray[np.int64],
    members: NDArray[np.int32],
    member_count: NDArray[np.int8],
    presenting: NDArray[np.bool_],
    region: NDArray[Any],
    tickets: NDArray[np.int64],
    ticket_cents: int,
    outside_cents: NDArray[np.int64],
    ticket_left_cents: NDArray[np.int64],
) -> int:
    """Hand out investors' tickets to projects in the order given; outside money found, in cents.

    A project takes a ticket of the region of its first member that is presenting, has taken no ticket in this call and
    has one left in its region. Then ``outside_cents`` and ``ticket_left_cents`` of the project grow by
    ``ticket_cents``, and the region has one ticket less.

    Parameters
    ----------
    projects : (k,) int64
        Rows of projects, the one that chooses first at the front.
    members, member_count : (p, 8), (p,)
        Columns of projects.
    presenting : (n,) bool
        Organisations that meet investors.
    region : (n,) int
        Region of each organisation.
    tickets : (regions,) int64
        Tickets of each region, changed in place.
    ticket_cents : int
        Money of a ticket.
    outside_cents, ticket_left_cents : (p,) int64
        Changed in place.

    Returns
    -------
    int
    """
    waiting = presenting.copy()
    total = np.int64(0)
    for place in range(projects.size):
        project = projects[place]
        for seat in range(member_count[project]):
            member = members[project, seat]
            if waiting[member] and tickets[region[member]] > 0:
                waiting[member] = False
                tickets[region[member]] -= 1
                outside_cents[project] += ticket_cents
                ticket_left_cents[project] += ticket_cents
                total += ticket_cents
                break
    return int(total)
