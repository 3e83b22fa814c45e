"""Founding of the bodies that act in a region: brokers, parks, authorities, and their memberships in partnerships.

Every body has a row of ``members`` for each partnership from the start: a membership that is, was or may come to be.
What it wants (its mandate) is drawn at the founding by its own address, so it is the same under every policy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import exponentials, logarithms
from simulation.codes import BODY_CATALOGUES, MemberKind, PartnershipStatus, Tier
from simulation.geography import Geography, domain_weights
from simulation.mechanisms.negotiation import founding_objectives
from simulation.mechanisms.peer_learning import skill
from simulation.purposes import Purpose
from simulation.randomness import dirichlet, identity_of, normals, uniforms
from simulation.scenario import Scenario
from simulation.schemas import PRACTICES
from simulation.state import NOBODY, State, Table

Floats = NDArray[np.float64]


def found_bodies(scenario: Scenario, key: np.uint64, geography: Geography, state: State) -> None:
    """Fill the tables of brokers, parks and authorities, in the order of their keys, and what works in practice."""
    reality = np.where(uniforms(key, Purpose.REALITY, 0, np.arange(PRACTICES, dtype=np.uint64)) < 0.5, -1, 1).astype(
        np.int8
    )
    state.clock.right_practice[0] = reality
    for kind, columns in ((MemberKind.BROKER, ("posts",)), (MemberKind.PARK, ("places",)), (MemberKind.AUTHORITY, ())):
        catalogue, word = BODY_CATALOGUES[kind]
        entries = getattr(scenario, catalogue)
        keys = sorted(entries)
        identity = np.array([identity_of(word, name) for name in keys], dtype=np.uint64)
        table: Table = getattr(state, catalogue)
        table.append(
            len(keys),
            identity=identity,
            region=[geography.regions.index(entries[name].region) for name in keys],
            **{column: [getattr(entries[name], column) for name in keys] for column in columns},
        )
        _found_practices(scenario, key, table, reality)


def found_strategies(scenario: Scenario, key: np.uint64, geography: Geography, state: State) -> None:
    """The priorities of each region at the start: those that it names, else drawn by address."""
    domains, concentration = len(geography.domains), scenario.negotiation.concentration
    state.strategies.append(
        len(geography.regions),
        priorities=[
            domain_weights(geography, scenario.regions[code].priorities)
            if scenario.regions[code].priorities
            else dirichlet(key, Purpose.REGION_PRIORITIES, identity, concentration, domains)
            for code, identity in zip(geography.regions, geography.region_identity, strict=True)
        ],
    )


def _found_practices(scenario: Scenario, key: np.uint64, table: Table, reality: NDArray[np.int8]) -> None:
    """Practice beliefs at the start: a share right, a share undecided, the rest wrong."""
    rules, month = scenario.peer_learning, -scenario.warm_up_months
    u = np.array(
        [uniforms(key, Purpose.FOUNDING_PRACTICE, month, table.identity, dimension) for dimension in range(PRACTICES)]
    ).T
    belief = np.where(u < rules.right_at_start, reality, -reality)
    undecided = (u >= rules.right_at_start) & (u < rules.right_at_start + rules.undecided_at_start)
    table.practices[:] = np.where(undecided, 0, belief)
    table.skill[:] = skill(table.practices, reality)


def found_memberships(
    scenario: Scenario, key: np.uint64, geography: Geography, state: State, university_rows: dict[str, int]
) -> None:
    """Fill the tables of partnerships and members, in the order of their keys.

    Parameters
    ----------
    university_rows : dict of str to int
        Row of each university or research body of the scenario in the table of organisations; NOBODY for one outside.
    """
    names = sorted(scenario.partnerships)
    state.partnerships.append(
        len(names),
        identity=np.array([identity_of("partnership", name) for name in names], dtype=np.uint64),
        status=int(PartnershipStatus.NOT_FOUNDED),
        capacity_share=1.0,
    )
    for row, name in enumerate(names):
        _found_members(scenario, key, geography, state, university_rows, row, name)


def _found_members(
    scenario: Scenario,
    key: np.uint64,
    geography: Geography,
    state: State,
    university_rows: dict[str, int],
    partnership: int,
    name: str,
) -> None:
    founding, members = scenario.partnerships[name], state.members
    bodies = [
        (kind, row, body)
        for kind, (catalogue, _) in BODY_CATALOGUES.items()
        for row, body in enumerate(sorted(getattr(scenario, catalogue)))
    ]
    keys = [body for _, _, body in bodies]
    entries: list[Any] = [getattr(scenario, BODY_CATALOGUES[kind][0])[body] for kind, _, body in bodies]
    identity = np.array([identity_of(BODY_CATALOGUES[kind][1], body) for kind, _, body in bodies], dtype=np.uint64)
    region = np.array([geography.regions.index(entry.region) for entry in entries], dtype=np.int16)
    mandate = _mandates(scenario, key, geography, identity, region, entries)
    new = members.append(
        len(bodies),
        identity=identity,
        partnership=partnership,
        kind=[int(kind) for kind, _, _ in bodies],
        row=[university_rows[body] if kind == MemberKind.UNIVERSITY else row for kind, row, body in bodies],
        tier=[int(Tier.ASSOCIATE if body in founding.associates else Tier.SIGNATORY) for body in keys],
        region=region,
        country=geography.country[region],
        founder=[founding.follows is None and body in (*founding.founders, *founding.associates) for body in keys],
        named=[body in founding.named for body in keys],
        mandate=mandate,
        opinion=mandate,
        tolerance=_tolerances(scenario, key, identity),
    )
    lead = keys.index(founding.lead) if founding.lead in keys else NOBODY
    state.partnerships.lead[partnership] = new.start + lead if lead != NOBODY else NOBODY


def _mandates(
    scenario: Scenario,
    key: np.uint64,
    geography: Geography,
    identity: NDArray[np.uint64],
    region: NDArray[np.int16],
    entries: list[Any],
) -> Floats:
    """Objectives at the founding: ``(1 - h) m + h (c z_country + (1 - c) z_i)``, m uniform."""
    rules, domains = scenario.negotiation, len(geography.domains)
    country_part = np.array(
        [
            dirichlet(key, Purpose.COUNTRY_OBJECTIVE, identity_of("country", code), rules.concentration, domains)
            for code in geography.countries
        ]
    )
    own_part = np.array(
        [
            domain_weights(geography, entry.objective)
            if entry.objective
            else domain_weights(geography, scenario.regions[entry.region].priorities)
            if scenario.regions[entry.region].priorities
            else dirichlet(key, Purpose.REGION_OBJECTIVE, body, rules.concentration, domains)
            for entry, body in zip(entries, identity, strict=True)
        ]
    ).reshape(len(entries), domains)
    common = np.full(domains, 1.0 / domains)
    chosen = country_part[geography.country[region]].reshape(len(entries), domains)
    return founding_objectives(common, chosen, own_part, rules.heterogeneity, rules.country_share)


def _tolerances(scenario: Scenario, key: np.uint64, identity: NDArray[np.uint64]) -> Floats:
    """Lognormal tolerance of each body, with the mean and coefficient of variation of the scenario."""
    rules = scenario.negotiation
    variance = float(logarithms(np.array([1.0 + rules.tolerance_variation**2]))[0])
    z = normals(key, Purpose.TOLERANCE, 0, identity)
    return rules.tolerance * exponentials(np.sqrt(variance) * z - 0.5 * variance)
