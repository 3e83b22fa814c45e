"""Follow-on partnerships: members of an earlier partnership and new ones apply together for the next.

Claim: what a partnership leaves behind is also that its members apply together again, be it under a letter of intent,
an agreement or none. Members go on the more readily, the more they gave and the more came of it; in the place of one
that does not, a body connected to it applies. Trust and joint success of those who go on help the application.

Equations: a present member goes on with probability ``c + (1 - c) (e + y) / 2``, e its engagement and y its success
share in the earlier partnership; the application is funded with log odds ``log_odds + trust_effect mean e +
success_effect mean y``, both means over those who go on. The rules are the project's own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exp
from simulation.codes import BODY_CATALOGUES, Tier
from simulation.memberships import success_share
from simulation.parameters.places import PartnershipFounding
from simulation.purposes import Purpose
from simulation.randomness import combined, identity_of, uniforms
from simulation.scenario import Scenario
from simulation.state import NOBODY
from simulation.world import World

Floats = NDArray[np.float64]


def apply_for_follow_ons(world: World) -> None:
    """Form and judge the applications that are due this month; those funded are founded when their funding begins.

    Parameters
    ----------
    world : World
        The founders and lead of a follow-on, and ``applied_month``, ``continuing`` and ``funded`` of partnerships
        change. Where nobody goes on there is no application.
    """
    if not (world.policy_on and world.scenario.partnership.founded):
        return
    for row, name in enumerate(world.partnership_names):
        entry = world.scenario.partnerships[name]
        if entry.follows is not None and entry.applies_month == world.month:
            _apply(world, row, entry)


def continuing_probability(engagement: Floats, success: Floats, least: float) -> Floats:
    """Probability that each member goes on: ``least + (1 - least) (engagement + success) / 2``."""
    probability: Floats = least + (1.0 - least) * 0.5 * (engagement + success)
    return probability


def funding_probability(trust: float, success: float, log_odds: float, trust_effect: float, effect: float) -> float:
    """Probability that an application is funded: ``1 / (1 + exp(-(log_odds + trust_effect trust + effect success)))``.

    Parameters
    ----------
    trust, success : float
        Mean engagement, which members have seen each other give, and mean success share of those who go on; 0 to 1.
    log_odds, trust_effect, effect : float
        Log odds without either, and what full trust and full joint success add.
    """
    return 1.0 / (1.0 + float(exp(-(log_odds + trust_effect * trust + effect * success))))


def _apply(world: World, row: int, entry: PartnershipFounding) -> None:
    members, partnerships = world.state.members, world.state.partnerships
    asked = np.flatnonzero(members.present & (members.partnership == world.partnership_row(entry.follows)))
    continuing = asked[_goes_on(world, row)[asked]]
    if not len(continuing):
        return
    partnerships.applied_month[row] = world.month
    partnerships.continuing[row] = len(continuing)
    partnerships.funded[row] = _is_funded(world, row, continuing)
    if not partnerships.funded[row]:
        return
    bodies = _bodies(world.scenario)
    here = members.partnership == row
    place = dict(zip(members.identity[here].tolist(), np.flatnonzero(here).tolist(), strict=True))
    known = {identity: key for key, identity in bodies.items() if identity in place}
    earlier = [known[int(identity)] for identity in members.identity[asked]]
    staying = [known[int(identity)] for identity in members.identity[continuing]]
    consortium = _consortium(world.scenario, entry, earlier, staying)
    members.founder[[place[bodies[key]] for key in consortium]] = True
    _choose_lead(world, row, entry, continuing, {key: place[bodies[key]] for key in consortium}, known)


def _goes_on(world: World, row: int) -> NDArray[np.bool_]:
    """Whether each membership, if it is asked, goes on to the partnership in this row."""
    members = world.state.members
    least = world.scenario.follow_on.continue_least
    probability = continuing_probability(members.engagement, success_share(world), least)
    probability = world.decide("members", "continuing", probability)
    address = combined(members.identity, world.state.partnerships.identity[row])
    goes_on: NDArray[np.bool_] = uniforms(world.key, Purpose.FOLLOW_ON_MEMBER, world.month, address) < probability
    return goes_on


def _is_funded(world: World, row: int, continuing: NDArray[np.int64]) -> bool:
    rules = world.scenario.follow_on
    trust = float(world.state.members.engagement[continuing].mean())
    success = float(success_share(world)[continuing].mean())
    chance = funding_probability(trust, success, rules.log_odds, rules.trust_effect, rules.success_effect)
    address = world.state.partnerships.identity[row : row + 1]
    return bool(uniforms(world.key, Purpose.FOLLOW_ON_DECISION, world.month, address)[0] < chance)


def _bodies(scenario: Scenario) -> dict[str, int]:
    """Identity of every body by its key, catalogue by catalogue."""
    return {
        key: int(identity_of(word, key))
        for catalogue, word in BODY_CATALOGUES.values()
        for key in sorted(getattr(scenario, catalogue))
    }


def _consortium(scenario: Scenario, entry: PartnershipFounding, earlier: list[str], staying: list[str]) -> list[str]:
    """Bodies that apply: who goes on, who comes in the place of those who do not, and founders who are new."""
    replacing = set(entry.replacements.values())
    chosen = [*staying, *entry.associates]
    chosen += [key for key in entry.founders if key not in {*earlier, *replacing, *chosen}]
    for leaving in sorted(set(earlier) - set(staying)):
        free = [key for key in _connected(scenario, entry, leaving) if key not in {*earlier, *chosen}]
        chosen += free[:1]
    return list(dict.fromkeys(chosen))


def _connected(scenario: Scenario, entry: PartnershipFounding, body: str) -> list[str]:
    """Bodies connected to one, the nearest first: its named replacement, parent, children, those of its region."""
    named = [entry.replacements[body]] if body in entry.replacements else []
    parent = scenario.brokers[body].parent if body in scenario.brokers else None
    family = [parent] if parent is not None else []
    family += [key for key in sorted(scenario.brokers) if scenario.brokers[key].parent == body]
    seats = {
        key: each.region
        for catalogue, _ in BODY_CATALOGUES.values()
        for key, each in getattr(scenario, catalogue).items()
    }
    neighbours = [key for key in _bodies(scenario) if seats[key] == seats[body]]
    reserved = {*entry.replacements.values(), *entry.founders} - set(named)
    return named + [key for key in [*family, *neighbours] if key in seats and key not in reserved and key != body]


def _choose_lead(
    world: World,
    row: int,
    entry: PartnershipFounding,
    continuing: NDArray[np.int64],
    consortium: dict[str, int],
    known: dict[int, str],
) -> None:
    """The lead that the scenario names, if it applies; else the most engaged of those who go on and negotiate."""
    members = world.state.members
    if entry.lead in consortium:
        world.state.partnerships.lead[row] = consortium[entry.lead]
        return
    order = continuing[np.argsort(-members.engagement[continuing], kind="stable")]
    places = [consortium[known[int(identity)]] for identity in members.identity[order]]
    able = [place for place in places if members.tier[place] == Tier.SIGNATORY]
    world.state.partnerships.lead[row] = able[0] if able else NOBODY
