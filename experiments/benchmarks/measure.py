"""Everything that ``regioscope bench`` reports, measured in one run on one machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from experiments.benchmarks.compiled_core import CompiledCore
from experiments.benchmarks.fixed_load import SCENARIO, Market, Shown, fixed_load, market_of, shown
from experiments.benchmarks.machine_limits import MachineLimits, machine_limits
from experiments.benchmarks.month_times import MonthTimes, empty_month_us, months_under_load
from experiments.benchmarks.plain_mesa import PlainMesa
from experiments.benchmarks.start_up import compile_seconds, import_seconds
from experiments.benchmarks.vectorised_numpy import VectorisedNumpy

__all__ = ["CORES", "Benchmark", "CoreTimes", "core_times", "measure", "runs_per_second"]

TINY = 100
MOST_PEER_SMES = 100_000
PEER_MONTHS = 2
SMALL_RUN_MONTHS = 60
SMALL_RUNS = 3
SMALL_RUN_SECONDS = 5.0


class Core(Protocol):
    """One way of running the core."""

    def show(self, shown: Shown) -> None:
        """Say who seeks in the next month, and whom each is shown."""

    def step(self) -> None:
        """Simulate one month."""


CORES: dict[str, Callable[[Market], Core]] = {"mesa": PlainMesa, "numpy": VectorisedNumpy, "compiled": CompiledCore}
"""The three ways of running the core, by name."""


@dataclass(frozen=True)
class CoreTimes:
    """What the fastest month of the core takes: ns an SME, by name of the core, at so many SMEs."""

    smes: int
    ns_per_sme: dict[str, float]


@dataclass(frozen=True)
class Benchmark:
    """What was measured.

    Attributes
    ----------
    months : MonthTimes
        The full model under the fixed load.
    cores : CoreTimes
        The core alone: plain Mesa, numpy, this project's kernels.
    limits : MachineLimits
        What this machine could do at best.
    runs_per_second : float
        Whole runs of about 2,000 SMEs and 60 months, on one core.
    empty_month_us : float
        A month in which nobody seeks, in µs.
    import_s : float
        A start, in s.
    compile_s, compile_processor_s : float
        A first start, in s: how long it takes, and how long all processors work on it together.
    """

    months: MonthTimes
    cores: CoreTimes
    limits: MachineLimits
    runs_per_second: float
    empty_month_us: float
    import_s: float
    compile_s: float
    compile_processor_s: float

    @property
    def floor_ratio(self) -> float:
        """A month's time over the time in which this machine could read what it must."""
        return self.months.month_ms / self.months.floor_ms(self.limits)

    def ratio_to(self, core: str) -> float:
        """How often a month of the full model fits into one of the core alone, SME by SME."""
        return self.cores.ns_per_sme[core] / self.months.ns_per_sme


def measure(smes: int, months: int, says: Callable[[str], None], threads: int = 1) -> Benchmark:
    """Measure everything; the kernels must have been compiled before.

    Parameters
    ----------
    smes : int
        SMEs of the full model; the peers have 100,000 at most.
    months : int
        Months on the clock.
    says : callable
        Is told what is measured next.
    threads : int
        Threads of the full model; everything else has one.
    """
    says(f"full model: {smes:,} SMEs, {months} months")
    months_under_load(TINY, 1)  # so that the kernels' own memory is not taken for that of the firms
    full = months_under_load(smes, months, threads)
    says("limits of this machine")
    limits = machine_limits(full.state_bytes, full.smes, int(full.candidates_a_month))
    says(f"the core alone: plain Mesa, numpy and own kernels, {min(smes, MOST_PEER_SMES):,} SMEs")
    cores = core_times(min(smes, MOST_PEER_SMES), PEER_MONTHS)
    says(f"small runs: 2,000 SMEs, {SMALL_RUN_MONTHS} months")
    small, empty = runs_per_second(), empty_month_us()
    says("import, in fresh processes")
    started = import_seconds()
    says("compilation, in a fresh process: half a minute or so")
    return Benchmark(full, cores, limits, small, empty, started, *compile_seconds())


def core_times(smes: int, months: int, names: tuple[str, ...] = tuple(CORES)) -> CoreTimes:
    """Time the core in several ways on the same firms and draws: the fastest month of each way."""
    from simulation.model import EcosystemModel

    scenario = fixed_load(smes, 1)
    market = market_of(scenario, EcosystemModel(scenario).state.organisations)
    draws = [shown(market, month) for month in range(1, months + 1)]
    taken = {name: _least_month(CORES[name](market), draws) for name in names}
    return CoreTimes(len(market), {name: seconds / len(market) * 1e9 for name, seconds in taken.items()})


def _least_month(core: Core, draws: list[Shown]) -> float:
    """Processor time of the fastest month, in s."""
    taken = []
    for each in draws:
        core.show(each)
        began = time.process_time()
        core.step()
        taken.append(time.process_time() - began)
    return min(taken)


def runs_per_second() -> float:
    """Whole runs a second on one core: the shipped scenario, its some 2,000 SMEs, 60 months, everything measured."""
    from experiments.runner import simulate
    from experiments.specification import RunSpecification
    from simulation.scenario import load_scenario

    scenario = load_scenario(SCENARIO, {"months": SMALL_RUN_MONTHS})
    simulate(RunSpecification(scenario, seed=1, replicate=1))
    taken: list[float] = []
    while len(taken) < SMALL_RUNS or sum(taken) < SMALL_RUN_SECONDS:
        began = time.process_time()
        simulate(RunSpecification(scenario, seed=1, replicate=2 + len(taken)))
        taken.append(time.process_time() - began)
    return 1.0 / median(taken)
