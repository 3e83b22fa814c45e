"""Small scenarios and a stand-in for the model, for tests of what is kept and shown."""

import time

from experiments.replication import Request
from experiments.specification import RunSpecification
from simulation.indicator_definitions import INDICATORS
from simulation.scenario import load_scenario

SMALL = {"population.smes_per_cluster": 5, "programme_end_month": 2}


class SilentListener:
    """Remembers what it was told."""

    def __init__(self):
        self.said, self.ended_runs, self.begun = [], [], 0

    def compiling(self, name, number, steps):
        pass

    def says(self, message):
        self.said.append(message)

    def begins(self, runs):
        self.begun += runs

    def ended(self, specification, finished):
        self.ended_runs.append((specification.replicate, finished))


def made_up_series(specification: RunSpecification):
    """A series that shows its replicate: every value is replicate + month, some are undefined."""
    series = {}
    for indicator in INDICATORS:
        values = [specification.replicate + month for month in range(1, specification.months + 1)]
        series[indicator.name] = [None] * len(values) if indicator.null_when else values
    return series


def fails_in_replicate_1(specification: RunSpecification):
    if specification.replicate == 1:
        raise ZeroDivisionError("no firms left")
    return made_up_series(specification)


def ends_its_process_in_replicate_1(specification: RunSpecification):
    import os

    if specification.replicate == 1:
        os._exit(9)
    return made_up_series(specification)


def interrupted_in_replicate_2(specification: RunSpecification):
    if specification.replicate == 2:
        raise KeyboardInterrupt
    return made_up_series(specification)


def takes_long(specification: RunSpecification):
    time.sleep(120)
    return made_up_series(specification)


def request(replicates=1, seed=1, months=3, name="baseline", **changes) -> Request:
    factors = {**SMALL, **{key.replace("__", "."): value for key, value in changes.items()}}
    scenario = load_scenario(name, {**factors, "months": months})
    wanted = range(replicates) if isinstance(replicates, int) else replicates
    return Request(scenario, name, factors, seed, wanted, lambda each: f"again {each.replicate}")
