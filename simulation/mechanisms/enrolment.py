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

import numpy as np

from simulation.kernels.enrolment import brokers_by_region, enrolments
from simulation.purposes import Purpose
from simulation.randomness import uniforms
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
    regions = len(world.geography.regions)
    event = world.event_regions if len(world.event_regions) else np.zeros(regions, dtype=np.bool_)
    broker, identity = organisations.broker, organisations.identity
    draw = uniforms(world.key, Purpose.ENROLMENT, world.month & 0xFFFF, identity)
    if len(world.reached):
        draw[world.reached] /= 1.0 + parameters.awareness_effect
    offsets, rows = brokers_by_region(brokers.region, brokers.identity, regions)
    enrolled, joined = enrolments(
        world.key,
        draw,
        identity,
        organisations.region,
        organisations.kind,
        organisations.alive,
        broker,
        organisations.digital_maturity,
        organisations.satisfaction,
        world.adjacency.offsets,
        world.adjacency.neighbours,
        offsets,
        rows,
        brokers.promotion,
        event,
        (
            parameters.monthly_rate,
            parameters.maturity_offset,
            parameters.neighbour_effect,
            parameters.event_effect,
            world.scenario.satisfaction.word_of_mouth,
        ),
    )
    broker[enrolled] = joined
    organisations.registered_month[enrolled] = world.month
