"""Brokerage: who takes part in partner cases, and what its broker knows of its needs.

Claim: a broker that has a client's needs in writing sees better whom it needs. A form makes up for a part of
the sight that the broker's skill leaves missing: in the search its q becomes ``q + gain (1 - q)``, for the
candidates of this client. Partner cases are for clients of some sectors and sizes, and may be kept to two countries;
what brokers look at first may be steered by the objective that a partnership has negotiated.

Equation: a client that may take part in partner cases fills in a form with a monthly probability, once, while the
partnership of its broker is active.

References
----------
Howells, J. (2006). Intermediation and the role of intermediaries in innovation. Research Policy 35(5), 715-728.
"""

from __future__ import annotations

import numpy as np

from simulation.codes import Account, Source
from simulation.kernels.services import draw_need_forms
from simulation.money import cents, pay
from simulation.world import World


def take_need_forms(world: World) -> None:
    """Let eligible clients of partners fill in a need form, and pay for the time that it takes.

    Parameters
    ----------
    world : World
        The column ``need_form`` of organisations changes. The EU pays, since no other source is named.
    """
    rules = world.scenario.brokerage
    if rules.need_form_rate == 0.0 or not world.services_on:
        return
    state, organisations, sectors = world.state, world.state.organisations, world.geography.sectors
    rows = np.empty(len(organisations), dtype=np.int64)
    count = draw_need_forms(
        world.key,
        world.month,
        float(rules.need_form_rate),
        organisations.alive,
        organisations.kind,
        organisations.broker,
        organisations.sector,
        organisations.size,
        organisations.need_form,
        organisations.identity,
        np.array([not rules.client_sectors or name in rules.client_sectors for name in sectors], dtype=np.bool_),
        np.float32(rules.client_size_least),
        np.float32(rules.client_size_most),
        state.brokers.member,
        state.members.partnership,
        state.partnerships.active,
        rows,
    )
    filled = rows[:count]
    left, cost = world.programme_left_cents, cents(rules.need_form_cost_keur)
    if left is not None and cost:
        filled = filled[: left // cost]
    organisations.need_form[filled] = True
    pay(world.state, Source.EU, Account.SERVICES, cost * len(filled))
