"""Satisfaction: realised minus expected, and what firms do about it.

Claim: what a firm makes of its broker depends less on what it got than on what it got against what it was led to expect
(Oliver 1980). Disappointed firms leave, ask for less and speak ill.

Equation: a moving average, ``s <- s + memory (surprise - s)``, after

    an introduction     (S - W) / (S + W)                   W what its broker or platform saw in the pair, S its surplus
    a place asked for   [place] min(1, quality) - chance    the chance that the lot of its region and month gave
    a project's end     [market] - expected success

A registered SME of satisfaction s < 0 leaves its broker with the hazard ``leaving × -s`` a month. Take-up of
services is multiplied by 1 + reuse s, and a registered neighbour counts 1 + word of mouth s in the enrolment of others.

References
----------
Oliver, R. L. (1980). A cognitive model of the antecedents and consequences of satisfaction decisions. Journal of
Marketing Research 17(4), 460-469.
"""

from __future__ import annotations

import numpy as np

from simulation.codes import Kind
from simulation.kernels.satisfaction import move_satisfaction, surprise_of_introductions
from simulation.purposes import Purpose
from simulation.randomness import uniforms
from simulation.state import NEVER, NOBODY
from simulation.world import World


def stay_or_leave(world: World) -> None:
    """Let firms compare this month's introductions with what they were shown, and disappointed ones leave their broker.

    Parameters
    ----------
    world : World
        ``satisfaction``, ``broker``, ``registered_month`` and ``group`` of organisations change. What comes of places
        and projects is compared where they end.
    """
    rules = world.scenario.satisfaction
    if rules.introduction_memory > 0.0:
        _compare_introductions(world, rules.introduction_memory)
    if rules.leaving > 0.0:
        _leave(world, rules.leaving)


def _compare_introductions(world: World, memory: float) -> None:
    introductions, satisfaction = world.state.introductions, world.state.organisations.satisfaction
    surprise = surprise_of_introductions(introductions.weight, introductions.surplus)
    for side in (introductions.seeker, introductions.other):
        move_satisfaction(side.astype(np.int64), surprise, memory, satisfaction)


def _leave(world: World, hazard: float) -> None:
    """Registered SMEs with satisfaction below zero leave by address."""
    organisations = world.state.organisations
    registered = organisations.alive & (organisations.kind == Kind.SME) & (organisations.broker != NOBODY)
    rows = np.flatnonzero(registered & (organisations.satisfaction < 0.0))
    draws = uniforms(world.key, Purpose.LEAVING_BROKER, world.month & 0xFFFF, organisations.identity[rows])
    leaving = rows[draws < hazard * -organisations.satisfaction[rows].astype(np.float64)]
    organisations.broker[leaving] = NOBODY
    organisations.group[leaving] = NOBODY
    organisations.registered_month[leaving] = NEVER
