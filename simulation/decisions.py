"""What agents make of what their rules propose.

Rules propose for all rows of a table at once. An agent whose class overrides ``decide_<decision>`` is asked
what it makes of the proposal for its own row; all others do as proposed and cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from numbers import Real
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulation.codes import BODY_CATALOGUES, MemberKind
from simulation.errors import UsageError, did_you_mean, short_text
from simulation.state import NOBODY, State

__all__ = ["Decider", "Decisions", "own_decisions"]

PREFIX = "decide_"

LARGEST = {"engagement": 1.0, "joining": 1.0, "leaving": 1.0}
"""Decisions that are shares or probabilities."""

type Method = Callable[[Any], Any]


class Decider(Protocol):
    """An agent that may be asked."""

    row: int


def own_decisions(chosen: type, offered: type) -> frozenset[str]:
    """Decisions that a class takes otherwise than the class of ours that it replaces.

    Parameters
    ----------
    chosen : type
        Class of the agents.
    offered : type
        Our class, whose ``decide_`` methods return the proposal.

    Returns
    -------
    frozenset of str
        Names without ``decide_``.

    Raises
    ------
    UsageError
        If the class has a ``decide_`` method that nobody would ever ask.
    """
    if chosen is offered:
        return frozenset()
    own = set()
    for name in dir(chosen):
        if not name.startswith(PREFIX):
            continue
        if not hasattr(offered, name):
            known = [each for each in dir(offered) if each.startswith(PREFIX)]
            raise UsageError(
                f"{chosen.__name__}.{name}: {offered.__name__} takes no such decision. {did_you_mean(name, known)}"
            )
        if getattr(chosen, name) is not getattr(offered, name):
            own.add(name.removeprefix(PREFIX))
    return frozenset(own)


class Decisions:
    """Asks the agents that decide otherwise; called as ``decisions(table, decision, proposal)``.

    Parameters
    ----------
    state : State
        The state of the run; its members are asked through the body that is the member.
    bodies : mapping of str to sequence
        Agents of each table, by row.
    overridden : mapping of type to frozenset of str
        For each class of agents, the decisions it takes otherwise.
    university : callable or None
        Gives the agent of an organisation's row; None where universities do as proposed.
    """

    def __init__(
        self,
        state: State,
        bodies: Mapping[str, Sequence[Decider]],
        overridden: Mapping[type, frozenset[str]],
        university: Callable[[int], Decider] | None = None,
    ) -> None:
        self._state = state
        self._bodies = bodies
        self._overridden = overridden
        self._university = university
        self._asked: dict[tuple[str, str], list[tuple[int, Method]]] = {}
        for table, agents in bodies.items():
            for agent in agents:
                for decision in overridden.get(type(agent), ()):
                    method = getattr(agent, PREFIX + decision)
                    self._asked.setdefault((table, decision), []).append((agent.row, method))
        self._someone = frozenset().union(*overridden.values())
        self._members_known = 0

    def __call__(self, table: str, decision: str, proposal: NDArray[Any]) -> NDArray[Any]:
        """What the agents of a table make of a proposal of one value a row.

        Raises
        ------
        UsageError
            If a method returns something else than a value of the proposal's type, at least 0.
        """
        if decision not in self._someone:
            return proposal
        if table == "members":
            self._know_new_members()
        asked = self._asked.get((table, decision))
        if not asked:
            return proposal
        decided = proposal.copy()
        largest = LARGEST.get(decision, inf)
        concerned = self._concerned(decision) if table == "members" else None
        for row, method in asked:
            if concerned is None or concerned[row]:
                decided[row] = _checked(method, method(proposal.item(row)), decided.dtype, largest)
        return decided

    def forget(self, agent: Decider) -> None:
        """Ask this agent no more: its row goes on as the rules propose."""
        for key, asked in self._asked.items():
            self._asked[key] = [
                (row, method) for row, method in asked if getattr(method, "__self__", None) is not agent
            ]

    def _concerned(self, decision: str) -> NDArray[np.bool_]:
        """Memberships that a decision is about: joining those that might be, all others those that are."""
        present: NDArray[np.bool_] = self._state.members.present
        return ~present if decision == "joining" else present

    def _know_new_members(self) -> None:
        members = self._state.members
        kinds, rows = members.kind, members.row
        for member in range(self._members_known, len(members)):
            agent = self._body(int(kinds[member]), int(rows[member]))
            for decision in self._overridden.get(type(agent), ()):
                method = getattr(agent, PREFIX + decision)
                self._asked.setdefault(("members", decision), []).append((member, method))
        self._members_known = len(members)

    def _body(self, kind: int, row: int) -> Decider | None:
        if kind == MemberKind.UNIVERSITY:
            return self._university(row) if self._university is not None and row != NOBODY else None
        return self._bodies[BODY_CATALOGUES[MemberKind(kind)][0]][row]


def _checked(method: Method, decided: Any, dtype: np.dtype[Any], largest: float) -> Any:
    """The decision, or an error that names who took it."""
    if dtype.kind == "b":
        right, wanted = isinstance(decided, bool | np.bool_), "True or False"
    elif dtype.kind in "iu":
        largest = min(largest, np.iinfo(dtype).max)
        whole = isinstance(decided, int | np.integer) and not isinstance(decided, bool)
        right = whole and 0 <= decided <= largest
        wanted = f"a whole number from 0 to {largest}"
    else:
        real = isinstance(decided, Real) and not isinstance(decided, bool)
        right = real and 0 <= decided <= largest and decided < inf
        wanted = "a number of at least 0" if largest == inf else f"a number from 0 to {largest:g}"
    if not right:
        name = getattr(method, "__qualname__", repr(method))
        owner = type(getattr(method, "__self__", method)).__name__
        raise UsageError(
            f"{owner}.{name.split('.')[-1]} decided {short_text(repr(decided))}: must be {wanted}; correct the method"
        )
    return decided
