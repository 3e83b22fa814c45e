"""Small scenarios and a stand-in for the model, for tests of what is kept and shown."""

import time

from experiments.arms import arms_of
from experiments.replication import Request
from experiments.runner import Measured, months_of_regions
from experiments.specification import RunSpecification
from simulation.indicator_definitions import FLOW_INDICATORS, INDICATORS, NETWORK_COLUMNS, REGIONAL_INDICATORS

REGIONS = ("AT32", "ITC1")
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


def made_up_run(specification: RunSpecification):
    """Stands in for the model: made-up series, two regions, and what is between them, in whole numbers."""
    months, first = months_of_regions(specification.months), specification.replicate + 1
    regions = {"month": [month for month in months for _ in REGIONS], "region": [*REGIONS] * len(months)}
    for indicator in REGIONAL_INDICATORS:
        regions[indicator.name] = [None if indicator.null_when else first + month for month in regions["month"]]
    flows = {"month": [months[-1]] * 3, "region": ["AT32", "AT32", "ITC1"], "other_region": ["AT32", "ITC1", "ITC1"]}
    flows.update({indicator.name: [first, 0, 7] for indicator in FLOW_INDICATORS})
    return Measured(made_up_series(specification), regions, flows, made_up_network(specification))


def made_up_network(specification: RunSpecification):
    """Two ties in replicate 0, no column in any other."""
    if specification.replicate:
        return {}
    made_up = {"identifier": [31, 32], "month": [-3, 2], "1": [0.25, 0.5]}
    ties = {column.name: made_up.get(column.unit, [column.name, "AT32"]) for column in NETWORK_COLUMNS}
    return {"month": [specification.months] * 2, **ties, "second": [40, 35]}


def fails_in_replicate_1(specification: RunSpecification):
    if specification.replicate == 1:
        raise ZeroDivisionError("no firms left")
    return made_up_run(specification)


def ends_its_process_in_replicate_1(specification: RunSpecification):
    import os

    if specification.replicate == 1:
        os._exit(9)
    return made_up_run(specification)


def interrupted_in_replicate_2(specification: RunSpecification):
    if specification.replicate == 2:
        raise KeyboardInterrupt
    return made_up_run(specification)


def takes_long(specification: RunSpecification):
    time.sleep(120)
    return made_up_run(specification)


def request(replicates=1, seed=1, months=3, name="baseline", **changes) -> Request:
    """What ``run`` asks for."""
    return _request([name], replicates, seed, months, changes, "run")


def comparison(
    names=("smart-space-formal", "smart-space-flexible"), replicates=1, seed=1, months=3, reference=False, **changes
) -> Request:
    """What ``compare`` asks for."""
    return _request(names, replicates, seed, months, changes, "compare", reference)


def _request(names, replicates, seed, months, changes, command_name, reference=False) -> Request:
    factors = {**SMALL, **{key.replace("__", "."): value for key, value in changes.items()}}
    wanted = range(replicates) if isinstance(replicates, int) else replicates
    arms = arms_of(names, factors, months, reference)
    return Request(arms, factors, seed, wanted, lambda each: f"again {each.replicate}", command_name, months)
