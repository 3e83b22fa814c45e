"""An ecosystem of a few rows, founded by hand, and a month in which little happens: for tests of the model itself."""

from typing import NamedTuple

import numpy as np

from simulation.counters import counters_schema
from simulation.geography import map_of
from simulation.model import EcosystemModel
from simulation.randomness import combined, identity_of
from simulation.scenario import load_scenario
from simulation.schemas import Kind, MemberKind, empty_state

SMES = 6
KINDS = [Kind.SME] * SMES + [Kind.UNIVERSITY, Kind.PROVIDER, Kind.LARGE]


class Stage(NamedTuple):
    name: str
    function: object
    meaning: str = ""


def scenario(**overrides):
    return load_scenario("smart-space-flexible", {"months": 24, "programme_end_month": 12, **overrides})


def founded(chosen, organisations=len(KINDS)):
    """A state of two brokers, a park, an authority, a partnership of four members, and a few organisations."""
    state = empty_state(len(chosen.domains), counters_schema())
    geography = map_of(chosen)
    state.clock.append(1, month=-chosen.warm_up_months)
    state.counters.append(1)
    kinds = np.array((KINDS * (organisations // len(KINDS) + 1))[:organisations], dtype=np.int8)
    state.organisations.append(
        organisations, kind=kinds, alive=True, size=np.arange(organisations) + 1.0, knowledge=0.5, born_month=0,
        identity=combined(identity_of("organisation"), np.arange(organisations, dtype=np.uint64)),
    )
    brokers, parks, authorities = sorted(chosen.brokers)[:2], sorted(chosen.parks)[:1], sorted(chosen.authorities)[:1]
    state.brokers.append(2, identity=[identity_of("broker", key) for key in brokers], case_capacity=12, posts=1.0)
    state.parks.append(1, identity=[identity_of("park", key) for key in parks], places=40)
    state.authorities.append(1, identity=[identity_of("authority", key) for key in authorities])
    state.partnerships.append(1, identity=identity_of("partnership", "smart-space"))
    bodies = [
        (MemberKind.BROKER, 0, state.brokers.identity[0]), (MemberKind.PARK, 0, state.parks.identity[0]),
        (MemberKind.AUTHORITY, 0, state.authorities.identity[0]),
        (MemberKind.UNIVERSITY, SMES, state.organisations.identity[SMES]),
    ]
    for kind, row, identity in bodies:
        state.members.append(1, kind=kind, row=row, identity=identity, present=True, engagement=0.8)
    state.brokers.member[0] = 0
    assert geography.clusters > 0
    return state


def grow(world):
    world.state.organisations.size[:] += 1.0


def propose(world):
    brokers = world.state.brokers
    brokers.case_capacity[:] = world.decide("brokers", "case_capacity", np.full(len(brokers), 12, dtype=np.int32))
    brokers.promotion[:] = world.decide("brokers", "promotion", np.full(len(brokers), 0.5))
    members = world.state.members
    members.engagement[:] = world.decide("members", "engagement", members.engagement * 0.5)


def turn_over(world):
    """Each month the first living SME dies and another one is born."""
    organisations = world.state.organisations
    first = int(np.flatnonzero(organisations.alive & (organisations.kind == Kind.SME))[0])
    organisations.alive[first] = False
    organisations.died_month[first] = world.month
    organisations.append(1, kind=Kind.SME, alive=True, size=1.0, identity=identity_of("entrant", world.month))


def count(world):
    alive = int(world.state.organisations.alive.sum())
    return {"alive": alive, "mean_size": None if world.month % 2 else float(world.state.organisations.size.mean())}


MONTH = (Stage("growth", grow), Stage("policy", propose), Stage("demography", turn_over), Stage("indicators", count))


def model(chosen=None, schedule=MONTH, organisations=len(KINDS), cls=EcosystemModel, **options):
    chosen = chosen or scenario(warm_up_months=0)
    return cls(chosen, schedule=schedule, state=founded(chosen, organisations), **options)
