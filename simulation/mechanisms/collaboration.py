"""Projects: competing hazards from idea to market.

Claim: an introduction seldom becomes a project, and a project seldom an innovation; success, failure and expiry compete
in every month. The base hazards give alliances' documented ends of 15 : 34 : 51 (Reuer & Zollo 2005) and a mean
duration of two years over three stages.

Equation: a project starts with ``2 p S / (S + S0)``; monthly hazards ``a (S / S0)^b luck`` (times grant and services),
``f`` and ``x``; three stages passed bring it to market. With p_s = a / (a + f + x), success is ``p_s^3``.

References
----------
Reuer & Zollo (2005), Research Policy 34:101-115.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Stage, Status
from simulation.kernels.collaboration import draw_starts, run_hazards
from simulation.kernels.projects import close_projects
from simulation.projects import MADE_BY_PROGRAMME, begin_projects, first_challenge
from simulation.state import NOBODY
from simulation.world import World

RUNNING = int(Status.RUNNING)

COUNTED = (
    "projects_failed",
    "projects_expired",
    "innovations_commercialised",
    "innovations_programme",
    "innovations_cross_border",
    "market_entries_new_region",
    "market_entries_new_sector",
)
"""Counters of ends, in the order of the kernel."""


def collaborate(world: World) -> None:
    """Turn this month's introductions into projects, then let every older project advance, fail or expire."""
    _start(world)
    _advance(world)


def _start(world: World) -> None:
    state, rules = world.state, world.scenario.collaboration
    introductions = state.introductions
    if not len(introductions):
        return
    chosen, declined = draw_starts(
        world.key,
        world.month,
        introductions.seeker,
        introductions.other,
        introductions.identity,
        introductions.surplus,
        state.organisations.capital_cents,
        world.scenario.matching.reservation_value,
        rules.start_probability,
        rules.start_surplus,
    )
    world.count("introductions_declined", declined)
    begin_projects(
        world,
        introductions.seeker[chosen],
        introductions.other[chosen],
        introductions.identity[chosen],
        introductions.surplus[chosen],
        introductions.cognitive_distance[chosen],
        introductions.channel[chosen],
        partnership=introductions.partnership[chosen],
    )


def _advance(world: World) -> None:
    state, rules = world.state, world.scenario.collaboration
    projects, organisations = state.projects, state.organisations
    if not len(projects):
        return
    running = np.flatnonzero(projects.status == RUNNING)
    if not len(running):
        return
    run_hazards(
        world.key,
        world.month,
        running,
        projects.identity,
        projects.surplus,
        projects.luck,
        projects.started_month,
        projects.passed_month,
        projects.ended_month,
        projects.stage,
        projects.status,
        projects.members,
        projects.member_count,
        projects.granted_share,
        projects.grant_cents,
        projects.grant_paid_cents,
        organisations.served_until_month,
        organisations.coached_until_month,
        organisations.tested_until_month,
        organisations.running_projects,
        rules.advance_hazard,
        rules.failure_hazard,
        rules.expiry_hazard,
        rules.start_surplus,
        rules.surplus_exponent,
        rules.grant_multiplier,
        rules.services_multiplier,
        rules.coaching_multiplier,
        rules.tested_expiry_multiplier,
        rules.funded_expiry_multiplier,
        _pace(world, running),
    )
    expected = expected_success(rules.advance_hazard, rules.failure_hazard, rules.expiry_hazard)
    counts = close_projects(
        running,
        projects.status,
        projects.members,
        projects.member_count,
        projects.channel,
        MADE_BY_PROGRAMME,
        projects.cross_border,
        projects.target_region,
        projects.target_sector,
        projects.first_member,
        projects.second_member,
        organisations.region,
        organisations.sector,
        organisations.satisfaction,
        state.members.success_now,
        world.scenario.engagement.market_points,
        expected,
        rules.satisfaction_memory,
    )
    for counter, increase in zip(COUNTED, counts.tolist(), strict=True):
        world.count(counter, increase)


def _pace(world: World, running: NDArray[np.int64]) -> NDArray[np.float64]:
    """Factor on the advance of running projects: a pilot for a challenge with an adopter has a buyer, a shock slows."""
    projects, scenario = world.state.projects, world.scenario
    pace = np.ones(len(running))
    if scenario.challenges:
        bought = np.zeros(len(world.state.calls), dtype=np.bool_)
        bought[first_challenge(world) :] = [
            scenario.challenges[name].adopter is not None for name in sorted(scenario.challenges)
        ]
        call = projects.call[running]
        pace[(call != NOBODY) & bought[call] & (projects.stage[running] == Stage.PILOT)] = scenario.missions.procurement
    if world.struck.size:
        pace[_with_a_struck_member(world, running)] *= scenario.shock.advance_multiplier
    return pace


def _with_a_struck_member(world: World, running: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a shock strikes a member of each of these projects."""
    members = world.state.projects.members[running]
    struck: NDArray[np.bool_] = (world.struck_firms[members] & (members != NOBODY)).any(axis=1)
    return struck


def expected_success(advance: float, failure: float, expiry: float) -> float:
    """Probability that a project of reference surplus reaches the market: ``(a / (a + f + x))^3``."""
    total = advance + failure + expiry
    return (advance / total) ** 3 if total > 0.0 else 0.0
