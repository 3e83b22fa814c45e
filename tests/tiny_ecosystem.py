"""An ecosystem of a few rows, founded by hand, and a month in which little happens."""

import numpy as np

from simulation.codes import Kind, MemberKind
from simulation.counters import counters_schema
from simulation.model import EcosystemModel
from simulation.randomness import combined, identity_of
from simulation.scenario import load_scenario
from simulation.schedule import Stage
from simulation.schemas import empty_state

SMES = 6
KINDS = [Kind.SME] * SMES + [Kind.UNIVERSITY, Kind.PROVIDER, Kind.LARGE]


def scenario(**overrides):
    return load_scenario("smart-space-flexible", {"months": 24, "programme_end_month": 12, **overrides})


def founded(chosen, organisations=SMES + 3):
    """Two brokers, a park, an authority, a partnership of four members, and a few organisations."""
    state = empty_state(len(chosen.domains), counters_schema())
    state.clock.append(1, month=-chosen.warm_up_months)
    state.counters.append(1)
    kinds = np.array((KINDS * (organisations // len(KINDS) + 1))[:organisations], dtype=np.int8)
    state.organisations.append(
        organisations,
        kind=kinds,
        alive=True,
        knowledge=0.5,
        born_month=0,
        size=np.arange(organisations) + 1.0,
        identity=combined(identity_of("organisation"), np.arange(organisations, dtype=np.uint64)),
    )
    brokers, park, authority = sorted(chosen.brokers)[:2], min(chosen.parks), min(chosen.authorities)
    state.brokers.append(2, identity=[identity_of("broker", key) for key in brokers], case_capacity=12)
    state.parks.append(1, identity=identity_of("park", park), places=40)
    state.authorities.append(1, identity=identity_of("authority", authority))
    state.partnerships.append(1, identity=identity_of("partnership", "smart-space"))
    bodies = [
        (MemberKind.BROKER, 0, state.brokers.identity[0]),
        (MemberKind.PARK, 0, state.parks.identity[0]),
        (MemberKind.AUTHORITY, 0, state.authorities.identity[0]),
        (MemberKind.UNIVERSITY, SMES, state.organisations.identity[SMES]),
    ]
    for kind, row, identity in bodies:
        state.members.append(1, kind=kind, row=row, identity=identity, present=True, engagement=0.8)
    state.brokers.member[0] = 0
    return state


def grow(world):
    world.state.organisations.size[:] += 1.0


def propose(world):
    brokers = world.state.brokers
    cases = np.full(len(brokers), 12, dtype=np.int32)
    brokers.case_capacity[:] = world.decide("brokers", "case_capacity", cases)
    brokers.promotion[:] = world.decide("brokers", "promotion", np.full(len(brokers), 0.5))
    members = world.state.members
    members.engagement[:] = world.decide("members", "engagement", members.engagement * 0.5)


def turn_over(world):
    """The first living SME dies and another one is born."""
    organisations = world.state.organisations
    first = int(np.flatnonzero(organisations.alive & (organisations.kind == Kind.SME))[0])
    organisations.alive[first] = False
    organisations.died_month[first] = world.month
    entrant = identity_of("entrant", world.month)
    organisations.append(1, kind=Kind.SME, alive=True, size=1.0, identity=entrant)


def count(world):
    organisations = world.state.organisations
    mean_size = None if world.month % 2 else float(organisations.size.mean())
    return {"alive": int(organisations.alive.sum()), "mean_size": mean_size}


MONTH = tuple(Stage(stage.__name__, stage, "") for stage in (grow, propose, turn_over, count))


def model(chosen=None, schedule=MONTH, organisations=SMES + 3, cls=EcosystemModel, **options):
    chosen = chosen or scenario(warm_up_months=0)
    return cls(chosen, schedule=schedule, state=founded(chosen, organisations), **options)
