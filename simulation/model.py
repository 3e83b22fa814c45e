"""One run of the ecosystem, as a Mesa model.

The model is the state, the month and nothing else: what happens in a month is the schedule, what is drawn
follows from addresses, and the agents of organisations are made the first time that someone reads ``agents``,
``agents_by_type`` or ``agent_types``. A run that nobody looks at never makes one.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import compress
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from simulation.agents import (
    BODY_CLASSES,
    ORGANISATION_CLASSES,
    Agent,
    Organisation,
    University,
    chosen_classes,
    views_of,
)
from simulation.decisions import Decisions, own_decisions
from simulation.errors import RunError, UsageError
from simulation.geography import map_of
from simulation.memory import keep_freed_memory
from simulation.opening import forget_the_warm_up, names_of_bodies, world_of
from simulation.population import found
from simulation.randomness import stream_key
from simulation.scenario import Scenario, load_scenario
from simulation.schedule import MONTH, Stage
from simulation.state import State
from simulation.tallies import columns_of
from simulation.world import World

__all__ = ["EcosystemModel"]

FIRST_OTHER_ID = 2**32
"""unique_id of the first agent of a class of the researcher's own making: above all rows."""


class EcosystemModel(mesa.Model):  # type: ignore[misc]
    """A regional innovation ecosystem under one scenario.

    The population is founded and the warm-up months are simulated here, so that the state is that of the day
    before month 1. Constructors and decisions of the researcher's own agents are called from here on.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or the name or path of one.
    seed, replicate : int
        First parts of the address of every random number, 0 to 2^32 - 1.
    classes : mapping of type to type, optional
        Own subclasses of agents, such as ``{Broker: MyBroker, SME: MySME}``.
    schedule : sequence of Stage
        What happens in a month, in order.
    state : State, optional
        State of a checkpoint to go on from, instead of a population at its founding.
    threads : int
        Threads that share the work of a month where its rows do not depend on each other; the bits of the run are
        the same with any number.

    Attributes
    ----------
    world : World
        What the mechanisms are given.
    decisions : Decisions
        Asks the agents that decide otherwise than their rules propose.
    running : bool
        Whether the scenario has months left.

    Raises
    ------
    UsageError
        If ``classes`` replaces something by what is no subclass of it, the seed is out of range, or ``threads`` is
        no whole number of at least 1.
    ScenarioError
        If the scenario is wrong or unknown.
    """

    # The two private names of Mesa that are relied on.
    _all_agents: Any
    _agents_by_type: Any

    def __init__(
        self,
        scenario: Scenario | str,
        seed: int = 1,
        replicate: int = 0,
        classes: Mapping[type, type] | None = None,
        schedule: Sequence[Stage] = MONTH,
        state: State | None = None,
        threads: int = 1,
    ) -> None:
        key = stream_key(seed, replicate)
        if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
            raise UsageError(f"threads = {threads!r}: must be a whole number of at least 1; leave it out for one")
        super().__init__(rng=int(key))
        # Mesa has put its own in the place of step(), which stands still once a month was broken off.
        self._step_of_mesa = self.step
        self.step = self._step_or_say_why  # type: ignore[method-assign]
        resolved = load_scenario(scenario) if isinstance(scenario, str) else scenario
        geography = map_of(resolved)
        keep_freed_memory()
        state = found(resolved, key, geography) if state is None else state
        self.seed, self.replicate = int(seed), int(replicate)
        self.world: World = world_of(resolved, key, geography, state)
        self.world.threads = threads
        self._series: dict[str, list[float | None]] = {}
        self._measured: list[Mapping[str, float | None]] = []
        self._schedule = tuple(schedule)
        self._warm_up = tuple(stage for stage in schedule if stage.name != "indicators")
        self._names = names_of_bodies(resolved, state)
        self._views: list[Agent | None] | None = None
        self._registered: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._make_bodies(chosen_classes(classes or {}))
        while self.month < 0:
            self._simulate_month()
            if self.month == 0:
                forget_the_warm_up(self.state)
        self.running = self.month < resolved.months

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.world.scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        # Mesa's constructor sets a scenario of Mesa's own, which nobody reads.
        if "world" in self.__dict__:
            raise AttributeError("a model keeps its scenario: make another model for another scenario")

    @property
    def state(self) -> State:
        """The tables of the run."""
        return self.world.state

    @property
    def series(self) -> dict[str, list[float | None]]:
        """Every indicator, one value a month from month 1 (from the checkpoint on, where the run goes on from one).

        None where it is undefined. Months simulated since show when it is read again.
        """
        for name, values in columns_of(self._measured).items():
            self._series.setdefault(name, []).extend(values)
        self._measured.clear()
        return self._series

    @property
    def month(self) -> int:
        """Months done; 0 before the first."""
        done: int = self.world.state.clock.storage["month"].item(0)
        return done

    def step(self) -> None:
        """Simulate one month, also beyond the scenario's last."""
        self._simulate_month()
        if self._views is not None:
            self._mirror_births_and_deaths(self._views)
        self.running = self.month < self.world.scenario.months

    def run(self, months: int | None = None) -> None:
        """Simulate several months.

        Parameters
        ----------
        months : int, optional
            How many; without it, all that the scenario has left.

        Raises
        ------
        UsageError
            If ``months`` is no whole number of at least 1.
        """
        if months is None:
            months = max(0, self.scenario.months - self.month)
        elif isinstance(months, bool) or not isinstance(months, int | np.integer) or months < 1:
            raise UsageError(
                f"run(months={months!r}): must be a whole number of at least 1; "
                f"leave it out for the rest of the scenario"
            )
        for _ in range(months):
            self.step()

    def unique_id_of(self, table: str, row: int) -> int:
        """Identifier of the agent of a row: bodies first, table by table, then organisations by row."""
        return self._first_ids[table] + row

    def name_of(self, table: str, row: int) -> str:
        """Name of the agent of a row: its key in the scenario, or region, sector and row if it has none."""
        names = self._names.get(table)
        if names is not None:
            return names[row]
        geography, rows = self.world.geography, self.state.organisations
        region, sector = geography.regions[rows.region[row]], geography.sectors[rows.sector[row]]
        return f"{region} {sector} {row}"

    @property
    def agents(self) -> Any:
        """All agents, those of organisations too (as in Mesa)."""
        self._make_organisations()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The agents of each class, those of organisations too (as in Mesa)."""
        self._make_organisations()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of agents, those of organisations too (as in Mesa)."""
        self._make_organisations()
        return super().agent_types

    def organisation(self, row: int) -> Organisation:
        """The agent of an organisation.

        Raises
        ------
        UsageError
            If there is no living organisation in this row.
        """
        views = self._make_organisations()
        view = views[row] if 0 <= row < len(views) else None
        if not isinstance(view, Organisation):
            raise UsageError(f"organisation {row}: none lives in this row; see state.organisations.alive")
        return view

    def _step_or_say_why(self) -> None:
        before = self.month
        self._step_of_mesa()
        if self.month == before:
            raise RunError(
                f"month {before + 1} was not simulated: it was broken off before, or step() was overridden "
                f"without super().step(); make another model, or go on from a checkpoint"
            )

    def _simulate_month(self) -> None:
        world = self.world
        world.month = self.month + 1
        for stage in self._schedule if world.month >= 1 else self._warm_up:
            measured = stage.function(world)
            if measured is not None and world.month >= 1:
                self._measured.append(measured)
        world.state.clock.storage["month"][0] = world.month

    def _make_bodies(self, classes: dict[type[Agent], type[Agent]]) -> None:
        self._first_ids: dict[str, int] = {}
        following = 1
        for ours in BODY_CLASSES:
            self._first_ids[ours.table] = following
            following += len(getattr(self.state, ours.table))
        self._first_ids[Organisation.table] = following
        self._kinds = [classes[ours] for ours in ORGANISATION_CLASSES]
        bodies = {
            ours.table: [classes[ours](self, row) for row in range(len(getattr(self.state, ours.table)))]
            for ours in BODY_CLASSES
        }
        self.agent_id_counter = FIRST_OTHER_ID
        overridden = {chosen: own_decisions(chosen, ours) for ours, chosen in classes.items()}
        university = self.organisation if overridden[classes[University]] else None
        self.decisions = Decisions(self.state, bodies, overridden, university)
        self.world.decide = self.decisions

    def _make_organisations(self) -> list[Agent | None]:
        """Make and register the agents of living organisations, at the first call."""
        if self._views is not None:
            return self._views
        alive, kind = self.state.organisations.alive, self.state.organisations.kind
        rows = np.flatnonzero(alive)
        classes = np.array(self._kinds, dtype=object)[kind[rows]]
        with _without_collection():
            made = views_of(self, classes.tolist(), rows.tolist())
            following = iter(made)
            self._views = [next(following) if lives else None for lives in alive.tolist()]
            self._register(made, classes)
        self._registered = alive.copy()
        return self._views

    def _register(self, made: Sequence[Agent], classes: NDArray[np.object_]) -> None:
        """Register many agents at once, through the two sets in which Mesa keeps them."""
        known = self._all_agents
        kept, generator = type(known), known.random
        self._all_agents = kept([*known, *made], random=generator)
        for each in dict.fromkeys(self._kinds):
            own = list(compress(made, (classes == each).tolist()))
            if own:
                self._agents_by_type[each] = kept(own, random=generator)

    def _mirror_births_and_deaths(self, views: list[Agent | None]) -> None:
        """Register who was born and take out who died since the agents were last looked at."""
        alive, kinds = self.state.organisations.alive, self.state.organisations.kind
        known = len(views)
        for row in np.flatnonzero(self._registered & ~alive[:known]).tolist():
            view, views[row] = views[row], None
            if view is not None:
                view.remove()
        for row in range(known, len(alive)):
            views.append(self._kinds[kinds[row]](self, row) if alive[row] else None)
        self._registered = alive.copy()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector from walking through objects of which none is garbage."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()
