"""Compiling every kernel once, stage by stage of the month, before runs are timed or workers started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def warm_up(announce: Announce) -> None:
    """Compile what the stages of the month need, unless this very code was compiled on this machine before.

    Parameters
    ----------
    announce : callable
        Called before each step with what is compiled, the number of the step from 1, and the number of steps.
    """
    from simulation.compilation import compile_all

    compile_all(_steps(), announce)


def _steps() -> Iterator[tuple[str, Callable[[], object]]]:
    from simulation.model import EcosystemModel
    from simulation.scenario import load_scenario
    from simulation.schedule import MONTH

    made: list[EcosystemModel] = []

    def found() -> None:
        made.append(EcosystemModel(load_scenario(SCENARIO, SMALL)))
        made[0].world.month = 1

    def other_rules() -> None:
        made[0].state.clock.storage["month"][0] = 1
        made[0].run()
        for rules in OTHER_RULES:
            EcosystemModel(load_scenario(SCENARIO, {**SMALL, **rules})).run()

    yield "population and networks", found
    for stage in MONTH:
        name = stage.function.__module__.rpartition(".")[2].replace("_", " ")
        yield name, partial(_enact, stage.function, made)
    yield "other rules", other_rules


def _enact(mechanism: Callable[[World], object], made: list[EcosystemModel]) -> None:
    mechanism(made[0].world)
