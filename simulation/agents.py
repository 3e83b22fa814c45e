"""The agents: bodies that decide, partnerships, organisations of the market; each a view of one row of state.

Authorities, brokers, parks and partnerships are few; their rules propose what they do, and a subclass may
decide otherwise in a ``decide_`` method. Organisations are many; what they do are rules over columns, and
their agents are made only for someone who looks at them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

import mesa

from simulation.codes import Kind, MemberKind
from simulation.errors import UsageError
from simulation.purposes import Purpose
from simulation.randomness import uniform
from simulation.row_views import Membership, row_of
from simulation.schemas import AUTHORITIES, BROKERS, PARKS, organisations, partnerships
from simulation.state import NOBODY, State

if TYPE_CHECKING:
    from simulation.model import EcosystemModel

__all__ = [
    "SME",
    "Agent",
    "Authority",
    "Broker",
    "Large",
    "Organisation",
    "Park",
    "Partnership",
    "Provider",
    "University",
]


class Agent(mesa.Agent):  # type: ignore[misc]
    """One row of a table of the state, as a Mesa agent.

    Its attributes are the columns of the table: reading one reads the column, setting one writes it. The
    model makes all agents; a subclass is given to the model as ``classes={Broker: MyBroker}``.

    Attributes
    ----------
    row : int
        Row in the table, from 0.
    unique_id : int
        The same in every run of a scenario, whenever the agent is made.
    """

    table: ClassVar[str]
    model: EcosystemModel
    row: int
    unique_id: int

    def __init__(self, model: EcosystemModel, row: int) -> None:
        self.row = row
        # Mesa numbers agents in the order of their making; ours have their number whenever they are made.
        next_id = model.agent_id_counter
        model.agent_id_counter = model.unique_id_of(self.table, row)
        super().__init__(model)
        model.agent_id_counter = next_id

    @property
    def state(self) -> State:
        """The state of the model."""
        return self.model.state

    @property
    def name(self) -> str:
        """Key in the scenario's catalogue, or a name made of region, sector and row where it has none."""
        return self.model.name_of(self.table, self.row)

    def draw(self, purpose: Purpose = Purpose.OWN_AGENT, k: int = 0) -> float:
        """A random number that belongs to this agent in this month, the same under every policy.

        Parameters
        ----------
        purpose : Purpose
            What it is drawn for.
        k : int
            Which of several draws for one purpose, from 0.

        Returns
        -------
        float
            Uniform in [0, 1).
        """
        world = self.model.world
        identity = getattr(world.state, self.table).identity[self.row]
        return float(uniform(world.key, int(purpose), world.month, identity, k))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id} {self.name!r}>"


class Member:
    """What a body decides that is, or may become, a member of a partnership.

    Every method gets what the rule proposes for the body and returns what it does; here, as proposed.
    """

    def decide_continuing(self, proposal: float) -> float:
        """Probability of applying again, with the others, for the partnership that follows this one."""
        return proposal

    def decide_engagement(self, proposal: float) -> float:
        """Share of its effort, 0 to 1, that it gives to the partnership from this month on."""
        return proposal

    def decide_joining(self, proposal: float) -> float:
        """Probability of joining the partnership this month."""
        return proposal

    def decide_leaving(self, proposal: float) -> float:
        """Probability of leaving the partnership this month."""
        return proposal

    def decide_signing(self, proposal: bool) -> bool:
        """Whether it signs the draft."""
        return proposal

    def decide_tolerance(self, proposal: float) -> float:
        """Distance up to which it listens to other members."""
        return proposal


class Body(Member, Agent):
    """A broker, park or authority."""

    if TYPE_CHECKING:
        member: int

    @property
    def membership(self) -> Membership | None:
        """The membership that acts for it, its own or its parent's; None if there is none."""
        row = self.member
        return None if row == NOBODY else Membership(self.state, row)

    def remove(self) -> None:
        """Take the agent out of Mesa; its row stays in the state and goes on as the rules propose."""
        self.model.decisions.forget(self)
        super().remove()


@row_of("brokers", BROKERS)
class Broker(Body):
    """An intermediary with clients: it enrols firms and introduces them to each other."""

    table = "brokers"

    def decide_case_capacity(self, proposal: int) -> int:
        """Cases that it can take this month."""
        return proposal

    def decide_partner_case_capacity(self, proposal: int) -> int:
        """Of these, cases that it gives to clients of partners."""
        return proposal

    def decide_promotion(self, proposal: float) -> float:
        """Effort that raises enrolment this month; 0 is none."""
        return proposal


@row_of("parks", PARKS)
class Park(Body):
    """A science park or incubator: places for tenants who meet each other."""

    table = "parks"


@row_of("authorities", AUTHORITIES)
class Authority(Body):
    """A region, ministry or funding agency; it has no clients and brings the brokers it names."""

    table = "authorities"


@row_of("partnerships", partnerships(1))
class Partnership(Agent):
    """A partnership: whether it is active, what was agreed, who leads it."""

    table = "partnerships"

    def decide_agreement(self, proposal: bool) -> bool:
        """Whether the draft becomes the common objective, given that enough members could sign it or not."""
        return proposal

    def remove(self) -> None:
        """Take the agent out of Mesa; its row stays in the state and goes on as the rules propose."""
        self.model.decisions.forget(self)
        super().remove()


@row_of("organisations", organisations(1))
class Organisation(Agent):
    """An organisation of the market.

    Organisations are born and die in the demography; :meth:`remove` ends one.
    """

    table = "organisations"
    # What Mesa sets in its constructor, for those that are made without it.
    pos: Any = None
    current_action: Any = None

    if TYPE_CHECKING:
        alive: bool
        kind: int
        died_month: int
        broker: int
        park: int
        group: int

    def remove(self) -> None:
        """End the organisation, as an exit would."""
        if self.alive:
            self.alive = False
            self.died_month = self.model.world.month
            self.broker = self.park = self.group = NOBODY
            if self.kind == Kind.SME:
                self.model.world.count("exits", 1)
        super().remove()


class SME(Organisation):
    """A small or medium-sized enterprise."""


class University(Member, Organisation):
    """A university or research body, which may also be a member of a partnership."""

    @property
    def membership(self) -> Membership | None:
        """Its present membership in a partnership; None if there is none."""
        members = self.state.members
        own = members.present & (members.kind == MemberKind.UNIVERSITY) & (members.row == self.row)
        return Membership(self.state, int(own.argmax())) if own.any() else None


class Provider(Organisation):
    """A provider of solutions."""


class Large(Organisation):
    """A large firm."""


BODY_CLASSES: tuple[type[Agent], ...] = (Broker, Park, Authority, Partnership)
"""Classes of the agents that every model makes, in the order of their unique_id."""

ORGANISATION_CLASSES: tuple[type[Organisation], ...] = (SME, University, Provider, Large)
"""Classes of the agents that are made for someone who looks, in the order of their kind."""


def chosen_classes(classes: Mapping[type, type]) -> dict[type[Agent], type[Agent]]:
    """Class to use for each class of ours.

    Raises
    ------
    UsageError
        If something is replaced that is no class of agents of the model, or by a class that is no subclass of
        it.
    """
    offered = BODY_CLASSES + ORGANISATION_CLASSES
    for ours, chosen in classes.items():
        if ours not in offered:
            named = getattr(ours, "__name__", repr(ours))
            listed = ", ".join(each.__name__ for each in offered)
            raise UsageError(f"classes: {named} is no class of agents of this model. Known: {listed}")
        if not (isinstance(chosen, type) and issubclass(chosen, ours)):
            named = getattr(chosen, "__name__", repr(chosen))
            raise UsageError(
                f"classes[{ours.__name__}] = {named}: must be a subclass; write class {named}({ours.__name__})"
            )
    return {ours: cast(type[Agent], classes.get(ours, ours)) for ours in offered}


def views_of(model: EcosystemModel, classes: Sequence[type[Agent]], rows: Sequence[int]) -> list[Agent]:
    """Agents of many organisations at once, which the caller registers.

    Mesa's constructor would number and register them one by one, which takes fifty times as long. A class
    with a constructor of its own is constructed.
    """
    if any(each.__init__ is not Agent.__init__ for each in set(classes)):
        return [each(model, row) for each, row in zip(classes, rows, strict=True)]
    new, first_id = object.__new__, model.unique_id_of(Organisation.table, 0)
    views: list[Agent] = []
    for each, row in zip(classes, rows, strict=True):
        view = new(each)
        view.model = model
        view.row = row
        view.unique_id = first_id + row
        views.append(view)
    return views
