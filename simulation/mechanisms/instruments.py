"""Transfer: an authority takes a practice that it learned from others into an instrument of its own.

Claim: what agencies learn from each other reaches firms that never met the project when it becomes part of a region's
own instruments, and it stays there when the staff that learned it has gone; what was learned wrong stays as well.

Equation: where the owner of an instrument took its belief over from the handbook, a peer or a training, the instrument
follows it with monthly hazard h, at a cost to the region. With b the balance of an instrument,

    b = share of dimensions in which it took over the right practice - share in which it took over a wrong one

and B its mean over the owners of a region, a place in a diagnosis or training closes (1 + s B) times its gap there, and
the promotion of every broker there rises by p B, to no less than 0. Owners in places without firms have nobody to reach
and take nothing over. Whether a practice is right is a matter of the
month: an emerging technology turns good instruments into bad ones.

References
----------
Dolowitz, D. P., Marsh, D. (2000). Learning from abroad: the role of policy transfer in contemporary policy-making.
Governance 13(1).
"""

from __future__ import annotations

import numpy as np

from simulation.agencies import instrument_quality, owners_of_instruments
from simulation.codes import Account, Source
from simulation.kernels.instruments import take_into_instruments
from simulation.money import cents, pay
from simulation.world import World

__all__ = ["renew_instruments", "take_into_instruments"]


def renew_instruments(world: World) -> None:
    """Take practices learned from others into instruments, pay for each, and let brokers promote themselves by them.

    Parameters
    ----------
    world : World
        The column ``instrument`` of owners and ``promotion`` of brokers change. What instruments do to services is
        read from the state where services are given (:func:`simulation.agencies.instrumented_services`).
    """
    rules, state = world.scenario.instruments, world.state
    if rules.owners == "nobody":
        return
    for table in owners_of_instruments(world):
        with_firms = world.geography.has_firms[table.region]
        renewed = take_into_instruments(
            world.key,
            world.month,
            table.identity,
            table.instrument,
            table.practices,
            table.learned & with_firms[:, None],
            rules.adoption_hazard,
        )
        adopted = int(np.count_nonzero(renewed != table.instrument))
        table.instrument[:] = renewed
        pay(state, Source.REGIONAL, Account.SERVICES, cents(rules.adoption_cost_keur) * adopted)
    added = rules.promotion_effect * instrument_quality(world)[state.brokers.region]
    state.brokers.promotion[:] = np.maximum(0.0, state.brokers.promotion + added)
