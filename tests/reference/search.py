"""Plain twins of simulation/kernels/search.py, one organisation at a time."""

from simulation.codes import Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import uniform


def draw_seekers(
    key,
    month,
    identity,
    kind,
    open_to_projects,
    innovator,
    broker,
    broker_has_free_cases,
    seeking_rate,
    broker_effect,
    platform_effect,
    referred,
    referred_effect,
):
    seekers = []
    for row in range(len(identity)):
        free = broker[row] != NOBODY and bool(broker_has_free_cases[broker[row]])
        rate = 1.0 + platform_effect + broker_effect * float(free) + referred_effect * float(referred[row])
        may_look = kind[row] == Kind.SME and open_to_projects[row] and innovator[row]
        if may_look and uniform(key, Purpose.SEEKING, month, identity[row], 0) < seeking_rate * rate:
            seekers.append(row)
    return seekers
