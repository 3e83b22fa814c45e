"""The month: what happens, in order, as data.

Printed by ``regioscope describe``, quoted by the ODD, followed by the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from simulation.mechanisms.brokerage import take_need_forms
from simulation.mechanisms.calls import run_calls
from simulation.mechanisms.collaboration import collaborate
from simulation.mechanisms.demography import turn_over
from simulation.mechanisms.engagement import engage
from simulation.mechanisms.enrolment import enrol
from simulation.mechanisms.entrepreneurial_discovery import discover
from simulation.mechanisms.exchange_groups import meet_in_groups
from simulation.mechanisms.finance import settle
from simulation.mechanisms.follow_on import apply_for_follow_ons
from simulation.mechanisms.governance import coordinate
from simulation.mechanisms.indicators import measure
from simulation.mechanisms.instruments import renew_instruments
from simulation.mechanisms.investment import meet_investors
from simulation.mechanisms.knowledge_exchange import learn
from simulation.mechanisms.matching import introduce
from simulation.mechanisms.missions import run_challenges
from simulation.mechanisms.mobility import visit_partners
from simulation.mechanisms.negotiation import negotiate_partnerships
from simulation.mechanisms.parks import let_places
from simulation.mechanisms.partnership import agree_and_renew, found_partnerships
from simulation.mechanisms.peer_learning import learn_from_peers
from simulation.mechanisms.platforms import connect, sign_up
from simulation.mechanisms.satisfaction import stay_or_leave
from simulation.mechanisms.search import search
from simulation.mechanisms.services import provide
from simulation.mechanisms.shock import strike
from simulation.mechanisms.ties import form_ties
from simulation.world import World

__all__ = ["MONTH", "Stage"]


class Stage(NamedTuple):
    """One stage of the month.

    Attributes
    ----------
    name : str
        Its name in the order of the month; a stage may have several mechanisms, one entry each.
    function : callable
        The mechanism: changes the state of the world; the last one returns what it measured.
    meaning : str
        What happens, in one sentence.
    """

    name: str
    function: Callable[[World], Mapping[str, float | None] | None]
    meaning: str


MONTH: tuple[Stage, ...] = (
    Stage("negotiation", found_partnerships, "Founding members come together as the programme begins."),
    Stage("negotiation", negotiate_partnerships, "Signatories move towards those they listen to."),
    Stage("policy", engage, "Members adapt their engagement and leave; bodies nearby join."),
    Stage("policy", agree_and_renew, "Partnerships are signed, renewed, left with a letter of intent, or end."),
    Stage("policy", apply_for_follow_ons, "Members of a partnership apply with new ones for one that follows it."),
    Stage("policy", coordinate, "Meetings take time and money; brokers have what is left for cases."),
    Stage("policy", provide, "Registered firms take places in services; awareness reaches firms without places."),
    Stage("policy", meet_in_groups, "Exchange groups are formed once and meet."),
    Stage("policy", visit_partners, "Firms visit a host elsewhere, learn from it and keep a tie."),
    Stage("peer learning", learn_from_peers, "Agencies visit better peers, read the handbook and write it."),
    Stage("peer learning", renew_instruments, "Authorities take practices they learned into their own instruments."),
    Stage("enrolment", enrol, "Firms register with a broker of their region."),
    Stage("enrolment", let_places, "Parks let their free places to firms of their region."),
    Stage("enrolment", take_need_forms, "Clients of partner brokers put their needs in writing."),
    Stage("enrolment", sign_up, "Registered firms sign up to the platform."),
    Stage("search", strike, "A shock takes capital from the firms it strikes, and weighs on them while it lasts."),
    Stage("search", search, "Innovators look for partners and see candidates through ties and brokers."),
    Stage("matching", introduce, "Introductions are chosen among candidates, within everybody's capacity."),
    Stage("matching", discover, "Regions' priorities move to where their firms see something to gain."),
    Stage("collaboration", collaborate, "Introductions become projects; projects advance, fail or expire."),
    Stage("collaboration", run_calls, "Open calls take applications; closing ones rank and fund them."),
    Stage("collaboration", stay_or_leave, "Firms compare introductions with what was shown; the disappointed leave."),
    Stage("collaboration", run_challenges, "Leads look for consortia that cover open challenges; who does is funded."),
    Stage("learning", learn, "Partners learn from each other and from own research; knowledge fades."),
    Stage("finance", meet_investors, "Firms that are ready meet investors at forums and take their tickets."),
    Stage("finance", settle, "Grants, own shares, incomes and outside money are paid, to the cent."),
    Stage("ties", form_ties, "Trust decays, forgotten ties go, casual ones form."),
    Stage("ties", connect, "Users who met on the platform stay connected."),
    Stage("demography", turn_over, "Organisations exit and others are founded."),
    Stage("indicators", measure, "Everything is counted for the series."),
)
"""The month, in order."""
