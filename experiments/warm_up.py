"""Compiling every kernel once, stage by stage of the month, before runs are timed or workers started.

Where there are two cores a companion compiles too. It begins with the market, the largest part, and then goes backwards
from the end of the month, while this process goes forwards; each reads what the other has compiled. This one goes
through everything, so that it depends on nothing the companion does.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.model import EcosystemModel
    from simulation.world import World

__all__ = ["warm_up"]

type Announce = Callable[[str, int, int], None]

SMALL = {"population.smes_per_cluster": 3, "months": 13}
OTHER_RULES = ({"matching.rule": "random", "learning.rule": "barter"}, {"matching.rule": "optimal"})
SCENARIO = "smart-space-flexible"
MARKET = ("search", "matching")


def warm_up(announce: Announce) -> None:
    """Compile what the stages of the month need, unless this very code was compiled on this machine before.

    Parameters
    ----------
    announce : callable
        Called before each step with what is compiled, the number of the step from 1, and the number of steps.
    """
    from simulation.compilation import compile_all

    compile_all(_steps(), announce, _companion)


@contextmanager
def _companion() -> Iterator[None]:
    """Another process that compiles meanwhile, if there is a core for it."""
    from experiments.processes import available_cores, script_kept_out, signals_held_back

    if sys.platform == "win32" or available_cores() == 1 or multiprocessing.current_process().daemon:
        yield
        return
    process = multiprocessing.get_context("spawn").Process(target=_accompany, args=(os.getpid(),), daemon=True)
    with signals_held_back(), script_kept_out():
        process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _accompany(parent: int) -> None:
    from experiments.worker import become_worker
    from simulation.compilation import sharing_kernels

    with sharing_kernels():
        become_worker(parent, ctypes.c_bool(False))
        founding, *rest = _steps()
        stages, other_rules = rest[: -len(OTHER_RULES) - 1], rest[-len(OTHER_RULES) :]
        market = [stage for stage in stages if stage[0] in MARKET]
        for _, step in (founding, *market, *reversed(stages), *reversed(other_rules)):
            step()


def _steps() -> Iterator[tuple[str, Callable[[], object]]]:
    from simulation.model import EcosystemModel
    from simulation.scenario import load_scenario
    from simulation.schedule import MONTH

    made: list[EcosystemModel] = []

    def found() -> None:
        made.append(EcosystemModel(load_scenario(SCENARIO, SMALL)))
        made[0].world.month = 1

    def run_on() -> None:
        made[0].state.clock.storage["month"][0] = 1
        made[0].run()

    def run_with(rules: dict[str, str]) -> None:
        EcosystemModel(load_scenario(SCENARIO, {**SMALL, **rules})).run()

    yield "population and networks", found
    for stage in MONTH:
        name = stage.function.__module__.rpartition(".")[2].replace("_", " ")
        yield name, partial(_enact, stage.function, made)
    yield "later months", run_on
    for rules in OTHER_RULES:
        yield "other rules", partial(run_with, rules)


def _enact(mechanism: Callable[[World], object], made: list[EcosystemModel]) -> None:
    mechanism(made[0].world)
