"""What a run is given besides its state: names, ties by organisation, factors that follow from the scenario.

None of it is kept in a checkpoint, since all of it follows from the scenario and the tables.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import BODY_CATALOGUES
from simulation.geography import Geography, core_domains
from simulation.kernels.adjacency import adjacency
from simulation.mechanisms.surplus import proximity_of
from simulation.parameters.policy import Partnership
from simulation.randomness import identity_of
from simulation.scenario import Scenario
from simulation.state import NOBODY, State
from simulation.world import Adjacency, World

__all__ = ["forget_the_warm_up", "governance_of", "names_of_bodies", "representation", "world_of"]

WORDS = {**dict(BODY_CATALOGUES.values()), "partnerships": "partnership"}
"""First part of the identity of an entry of each catalogue that has agents."""


def world_of(scenario: Scenario, key: np.uint64, geography: Geography, state: State) -> World:
    """The world that mechanisms are given, at the state's month."""
    ties, organisations, surplus = state.ties, state.organisations, scenario.surplus
    return World(
        scenario=scenario,
        key=key,
        month=int(state.clock.month[0]),
        state=state,
        geography=geography,
        adjacency=Adjacency(*adjacency(ties.first, ties.second, len(organisations))),
        proximity=proximity_of(
            geography.distance_km,
            geography.across_border,
            surplus.distance_decay,
            surplus.distance_scale_km,
            surplus.border,
        ),
        representation=representation(scenario, state),
        governance=governance_of(scenario),
        core_domains=core_domains(scenario, geography),
        exchange_groups=int(organisations.group.max(initial=NOBODY)) + 1,
    )


def forget_the_warm_up(state: State) -> None:
    """Begin all accounts and records of achievement anew, so that month 1 counts from nothing."""
    state.purses.received_cents[:] = 0
    state.purses.spent_cents[:] = 0
    state.projects.own_cents[:] = 0
    state.projects.outside_cents[:] = 0
    state.organisations.innovations[:] = 0
    state.organisations.granted[:] = False
    state.organisations.served[:] = False


def governance_of(scenario: Scenario) -> tuple[Partnership, ...]:
    """Attributes of each partnership in the order of their keys: the scenario's, its own in their place."""
    common = scenario.partnership
    return tuple(
        common.model_copy(update=own.model_dump(exclude_none=True)) if own is not None else common
        for own in (scenario.partnerships[name].attributes for name in sorted(scenario.partnerships))
    )


def names_of_bodies(scenario: Scenario, state: State) -> dict[str, list[str]]:
    """Key in the scenario of every row of the tables of bodies and partnerships, by table."""
    return {
        table: _names(scenario, table, getattr(state, table).identity)
        for table in ("brokers", "parks", "authorities", "partnerships")
    }


def representation(scenario: Scenario, state: State) -> NDArray[np.int32]:
    """Memberships that each broker can act for: its own, its parent's, those of authorities that name it.

    An authority that names no broker is taken to name those of its region that no other authority names.

    Returns
    -------
    (brokers, choices) int32
        Rows of members in the order of preference, then NOBODY.
    """
    memberships = _memberships(scenario, state)
    naming = _naming_authorities(scenario)
    chosen = [
        [member for body in _acting_for(scenario, broker, naming) for member in memberships.get(body, ())]
        for broker in names_of_bodies(scenario, state)["brokers"]
    ]
    choices = max(map(len, chosen), default=0)
    padded = [members + [NOBODY] * (choices - len(members)) for members in chosen]
    return np.array(padded, dtype=np.int32).reshape(len(chosen), choices)


def _acting_for(scenario: Scenario, broker: str, naming: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Bodies whose membership a broker can act for, as catalogue and key."""
    parent = (scenario.brokers[broker].parent if broker in scenario.brokers else None) or ""
    catalogues = [catalogue for catalogue, _ in BODY_CATALOGUES.values()]
    parents = [(catalogue, parent) for catalogue in catalogues if parent in getattr(scenario, catalogue)]
    return [("brokers", broker), *parents, *(("authorities", each) for each in naming.get(broker, ()))]


def _naming_authorities(scenario: Scenario) -> dict[str, list[str]]:
    """Authorities that name each broker."""
    naming: dict[str, list[str]] = {}
    for authority in sorted(scenario.authorities):
        for broker in scenario.authorities[authority].brokers:
            naming.setdefault(broker, []).append(authority)
    named = set(naming)
    for authority in sorted(scenario.authorities):
        if scenario.authorities[authority].brokers:
            continue
        for broker in sorted(set(scenario.brokers) - named):
            if scenario.brokers[broker].region == scenario.authorities[authority].region:
                naming.setdefault(broker, []).append(authority)
    return naming


def _memberships(scenario: Scenario, state: State) -> dict[tuple[str, str], list[int]]:
    """Rows of the members of each body, as catalogue and key."""
    memberships: dict[tuple[str, str], list[int]] = {}
    for kind, (catalogue, _) in BODY_CATALOGUES.items():
        rows = np.flatnonzero(state.members.kind == kind)
        names = _names(scenario, catalogue, state.members.identity[rows])
        for row, name in zip(rows.tolist(), names, strict=True):
            memberships.setdefault((catalogue, name), []).append(row)
    return memberships


def _names(scenario: Scenario, catalogue: str, identities: NDArray[np.uint64]) -> list[str]:
    """Keys of a catalogue's entries by their identities; others are named by theirs."""
    kind = WORDS[catalogue]
    known = {int(identity_of(kind, key)): key for key in getattr(scenario, catalogue)}
    return [known.get(identity, f"{kind} {identity:016x}") for identity in identities.tolist()]
