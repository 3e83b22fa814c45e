"""Months of the full model under the fixed load, on the clock: in all, and mechanism by mechanism.

Times are processor times of this process: what else runs on the machine adds little to them. With several threads
they are those of the clock on the wall.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from experiments.benchmarks.fixed_load import SCENARIO, fixed_load
from simulation.codes import Kind
from simulation.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from experiments.benchmarks.machine_limits import MachineLimits
    from simulation.model import EcosystemModel
    from simulation.schedule import Stage
    from simulation.state import Table
    from simulation.world import World

__all__ = ["UNTIMED", "MonthTimes", "empty_month_us", "months_under_load"]

UNTIMED = 2
"""Months simulated before the clock starts: memory is taken and caches fill in the first."""

OF_THE_MONTH = ("candidates", "introductions")
"""Tables that every month fills anew."""

EMPTY_MONTHS = 200
NOBODY_SEEKS: dict[str, object] = {
    "search.seeking_rate": 0.0,
    "programme.calls": False,
    "programme.services": False,
    "population.smes_per_cluster": 1,
    "programme_end_month": EMPTY_MONTHS,
    "months": EMPTY_MONTHS,
}
BODIES = {"brokers": (30, "broker"), "parks": (20, "science_park"), "authorities": (15, "region")}


@dataclass(frozen=True)
class MonthTimes:
    """What months under the fixed load took, and what they held.

    Attributes
    ----------
    smes : int
        SMEs alive in the last month.
    month_ms : float
        Median of the months, in ms.
    stages : dict of str to float
        Median of each mechanism, in ms, the costliest first.
    state_bytes : int
        Bytes of the state that lasts from month to month.
    bytes_of_the_month : int
        Bytes of the candidates and introductions of the last month.
    founding_s : float
        Time to found the population, in s.
    founding_peak_bytes, peak_bytes : int
        Growth of the process's largest memory by the founding, and by founding and months; 0 where it was as large
        before.
    seeking : float
        Share of SMEs that sought, mean of the months.
    candidates : float
        Candidates of a seeker, mean of the months.
    introduced : float
        Introductions a seeker, mean of the months.
    """

    smes: int
    month_ms: float
    stages: dict[str, float]
    state_bytes: int
    bytes_of_the_month: int
    founding_s: float
    founding_peak_bytes: int
    peak_bytes: int
    seeking: float
    candidates: float
    introduced: float

    @property
    def ns_per_sme(self) -> float:
        """A month's time for one SME, in ns."""
        return self.month_ms / self.smes * 1e6

    @property
    def candidates_a_month(self) -> float:
        """Pairs judged in a month."""
        return self.smes * self.seeking * self.candidates

    def floor_ms(self, limits: MachineLimits) -> float:
        """Time in which this machine reads the lasting state once and a row for each pair judged, in ms."""
        return limits.floor_ms(self.state_bytes, self.candidates_a_month)


def months_under_load(smes: int, months: int, threads: int = 1) -> MonthTimes:
    """Found a population and simulate months under the fixed load, all mechanisms and indicators on.

    Parameters
    ----------
    smes : int
        SMEs wanted.
    months : int
        Months on the clock, after two that are not.
    threads : int
        Threads of the run.
    """
    from simulation.model import EcosystemModel
    from simulation.schedule import MONTH

    clock = time.process_time_ns if threads == 1 else time.perf_counter_ns
    memory, began = _largest_memory(), clock()
    clocks: dict[str, int] = defaultdict(int)
    schedule = tuple(_on_the_clock(stage, clock, clocks) for stage in MONTH)
    model = EcosystemModel(fixed_load(smes, UNTIMED + months), schedule=schedule, threads=threads)
    founding, founding_peak = (clock() - began) * 1e-9, _largest_memory() - memory
    model.run(UNTIMED)
    taken: list[Mapping[str, int]] = []
    loads: list[tuple[float, ...]] = []
    for _ in range(months):
        clocks.clear()
        began = clock()
        model.step()
        taken.append({**clocks, "month": clock() - began})
        loads.append(_load(model))
    medians = {name: median(month.get(name, 0) for month in taken) * 1e-6 for name in taken[0]}
    month_ms = medians.pop("month")
    seeking, candidates, introduced = (float(each) for each in np.mean(loads, axis=0))
    return MonthTimes(
        smes=_smes(model),
        month_ms=month_ms,
        stages=dict(sorted(medians.items(), key=lambda each: -each[1])),
        state_bytes=sum(_bytes(table) for table in model.state.tables() if table.schema.name not in OF_THE_MONTH),
        bytes_of_the_month=sum(_bytes(getattr(model.state, name)) for name in OF_THE_MONTH),
        founding_s=founding,
        founding_peak_bytes=founding_peak,
        peak_bytes=_largest_memory() - memory,
        seeking=seeking,
        candidates=candidates,
        introduced=introduced,
    )


def empty_month_us() -> float:
    """Time of a month in which nobody seeks, with 30 brokers, 20 parks and 15 authorities: the median, in µs."""
    from simulation.model import EcosystemModel

    model = EcosystemModel(_empty_scenario())
    taken = []
    for _ in range(EMPTY_MONTHS):
        began = time.process_time_ns()
        model.step()
        taken.append(time.process_time_ns() - began)
    return median(taken) * 1e-3


def _empty_scenario() -> Scenario:
    shipped = load_scenario(SCENARIO)
    codes = shipped.population.regions
    further: dict[str, object] = {}
    for catalogue, (wanted, kind) in BODIES.items():
        for number in range(wanted - len(getattr(shipped, catalogue))):
            key = f"{catalogue}.further-{kind}-{number}"
            body = {"name": f"Further {number}", "region": codes[number % len(codes)], "kind": kind}
            further |= {f"{key}.{name}": value for name, value in body.items()}
    return load_scenario(SCENARIO, NOBODY_SEEKS | further)


def _on_the_clock(stage: Stage, clock: Callable[[], int], clocks: dict[str, int]) -> Stage:
    """The same stage, its time added to that of its mechanism."""
    mechanism = stage.function.__module__.rpartition(".")[2]

    def timed(world: World) -> Mapping[str, float | None] | None:
        began = clock()
        measured = stage.function(world)
        clocks[mechanism] += clock() - began
        return measured

    return stage._replace(function=timed)


def _load(model: EcosystemModel) -> tuple[float, float, float]:
    candidates = model.state.candidates
    seekers = max(1, int(np.count_nonzero(np.diff(candidates.seeker, prepend=-1))))
    return seekers / _smes(model), len(candidates) / seekers, len(model.state.introductions) / seekers


def _smes(model: EcosystemModel) -> int:
    organisations = model.state.organisations
    return int(np.count_nonzero(organisations.alive & (organisations.kind == Kind.SME)))


def _bytes(table: Table) -> int:
    return len(table) * table.schema.bytes_per_row


def _largest_memory() -> int:
    """The most memory that this process ever held, in bytes."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024
