"""Enrolment: firms become clients of a broker of their region.

Claim: digitally mature firms register first; a firm whose neighbours are registered, whose broker promotes
itself, or whose region holds an event registers sooner. The monthly probability of an unregistered SME is

    rate (offset + maturity) (1 + promotion) (1 + neighbour effect × share of neighbours registered) (1 +
    event effect) (1 + awareness effect)

each effect in its place only: of an event in the region, of having been reached by an awareness service. A
registered neighbour counts 1 + word of mouth × its satisfaction.

Enrolment belongs to the brokers and goes on without any programme. All rates are assumed; the form is that of
adoption with word of mouth.

References
----------
Bass, F. M. (1969). A new product growth for model consumer durables. Management Science 15(5), 215-227.
"""

from __future__ import annotations

from simulation.kernels.enrolment import enrol_firms
from simulation.world import World


def enrol(world: World) -> None:
    """Enrol this month's firms at a broker of their region.

    Parameters
    ----------
    world : World
        ``event_regions`` counts as "no event" where it is empty, ``reached`` as "nobody". The columns ``broker`` and
        ``registered_month`` of organisations change.
    """
    organisations, brokers = world.state.organisations, world.state.brokers
    if not len(brokers):
        return
    parameters = world.scenario.enrolment
    enrol_firms(
        world.key,
        world.month,
        organisations.identity,
        organisations.region,
        organisations.kind,
        organisations.alive,
        organisations.broker,
        organisations.registered_month,
        organisations.digital_maturity,
        organisations.satisfaction,
        world.reached,
        world.adjacency.offsets,
        world.adjacency.neighbours,
        len(world.geography.regions),
        brokers.region,
        brokers.identity,
        brokers.promotion,
        world.event_regions,
        parameters.awareness_effect,
        (
            parameters.monthly_rate,
            parameters.maturity_offset,
            parameters.neighbour_effect,
            parameters.event_effect,
            world.scenario.satisfaction.word_of_mouth,
        ),
    )
