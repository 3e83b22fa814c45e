"""The life of a partnership: founding, a common objective signed or not, the deadline, renewal, the end.

Claim: a partnership that owes its members a common objective is inactive until they agree or its time is up; what
happens then is an attribute, not a fate. A letter of intent leaves it active without floor, enforcement, binding and
fee. Nothing here reads the name of a preset.

Rule: signed when the share of members that can sign the best draft reaches the quorum (all of them under unanimity);
members beyond the draft of a majority stay outside. The deadline is counted from the first round. A renewal starts
from where members stand, the old agreement holding meanwhile.

References
----------
Provan & Kenis (2008), Journal of Public Administration Research and Theory 18:229-252, for the forms; the attributes
and their values are the project's own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.codes import SOURCES, Account, PartnershipStatus, Tier
from simulation.kernels.governance import members_present
from simulation.memberships import enter, leave
from simulation.money import cents, open_purse
from simulation.parameters.places import PartnershipFounding
from simulation.state import NEVER
from simulation.world import World

Flags = NDArray[np.bool_]

NOT_FOUNDED = int(PartnershipStatus.NOT_FOUNDED)
AGREED = int(PartnershipStatus.AGREED)
OPEN = int(PartnershipStatus.OPEN)
DISSOLVED = int(PartnershipStatus.DISSOLVED)


def found_partnerships(world: World) -> None:
    """Bring founding members together, in the first month of the programme or of the partnership's own funding."""
    partnerships, members = world.state.partnerships, world.state.members
    programme, statuses = world.scenario.programme, partnerships.status.tolist()
    if NOT_FOUNDED not in statuses or world.month < programme.starts_month:
        return
    if not (programme.active and world.scenario.partnership.founded):
        return
    for row, status in enumerate(statuses):
        if status != NOT_FOUNDED:
            continue
        entry = _entry(world, row)
        if world.month >= entry.funded_from_month and (entry.follows is None or partnerships.funded[row]):
            _found(world, row, entry)
            enter(world, members.founder & (members.partnership == row))


def _entry(world: World, row: int) -> PartnershipFounding:
    return world.scenario.partnerships[world.partnership_names[row]]


def _found(world: World, row: int, entry: PartnershipFounding) -> None:
    partnerships = world.state.partnerships
    open_form = world.attributes(row).decision == "none"
    partnerships.founded_month[row] = world.month
    partnerships.status[row] = PartnershipStatus.OPEN if open_form else PartnershipStatus.NEGOTIATING
    partnerships.negotiating[row] = True
    if open_form:
        _activate(world, _only(world, row), bound=True)
        partnerships.term_end_month[row] = _term_end(world, row)
    if entry.budget_keur > 0.0:
        source = SOURCES[entry.source_of_money]
        partnerships.purse[row] = open_purse(world.state, source, Account.COORDINATION, cents(entry.budget_keur))


def agree_and_renew(world: World) -> None:
    """Sign, fall back, renew or end each partnership, after this month's round."""
    statuses = world.state.partnerships.status.tolist()
    living = [row for row, status in enumerate(statuses) if status not in (NOT_FOUNDED, DISSOLVED)]
    if not living:
        return
    agreed = world.decide("partnerships", "agreement", _quorum_reached(world)).tolist()
    for row in living:
        if 0 < _entry(world, row).ends_month < world.month:
            _end(world, _only(world, row))
        else:
            _decide(world, row, agreed[row])
    _dissolve_the_empty(world)


def _activate(world: World, chosen: Flags, bound: bool) -> None:
    partnerships = world.state.partnerships
    partnerships.active_month[chosen & ~partnerships.active] = world.month
    partnerships.active[chosen] = True
    partnerships.bound[chosen] = bound


def _decide(world: World, row: int, agreed: bool) -> None:
    """Signature, deadline, renewal and end of one partnership."""
    partnerships, attributes = world.state.partnerships, world.attributes(row)
    status, negotiating = partnerships.status.item(row), partnerships.negotiating.item(row)
    term_end = partnerships.term_end_month.item(row)
    if status == AGREED and not negotiating:
        if NEVER != term_end < world.month:
            _renegotiate(world, row)
    elif status == OPEN:
        if NEVER != term_end < world.month:
            _end(world, _only(world, row))
    elif not negotiating:
        return
    elif agreed:
        _sign(world, row)
    elif status == AGREED:
        if world.month > term_end + attributes.renewal_months:
            _fall_back(world, row)
    elif _deadline_reached(world, row):
        _fall_back(world, row)


def _only(world: World, row: int) -> Flags:
    chosen: Flags = np.arange(len(world.state.partnerships)) == row
    return chosen


def _renegotiate(world: World, row: int) -> None:
    """Begin the rounds of a renewal: members start from where they stand now, which becomes their mandate."""
    members = world.state.members
    here = (members.partnership == row) & members.present
    members.mandate[here] = members.opinion[here]
    world.state.partnerships.negotiating[row] = True


def _quorum_reached(world: World) -> Flags:
    reached: Flags = world.state.partnerships.objective_agreement >= world.terms.signatures
    return reached


def _deadline_reached(world: World, row: int) -> bool:
    deadline = world.attributes(row).deadline_months
    rounds = world.month - int(world.state.partnerships.founded_month[row]) + 1
    return deadline > 0 and rounds >= deadline


def _sign(world: World, row: int) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    if partnerships.signed_month[row] == NEVER:
        partnerships.signed_month[row] = world.month
    partnerships.status[row] = PartnershipStatus.AGREED
    partnerships.negotiating[row] = False
    partnerships.term_end_month[row] = _term_end(world, row)
    _activate(world, _only(world, row), bound=True)
    beyond = (members.partnership == row) & members.present & (members.tier == Tier.SIGNATORY) & ~members.can_sign
    leave(world, beyond)


def _term_end(world: World, row: int) -> int:
    """Last month of an agreement that begins now; NEVER where the term is open."""
    term = world.attributes(row).term_months
    return world.month + term - 1 if term else NEVER


def _fall_back(world: World, row: int) -> None:
    partnerships = world.state.partnerships
    partnerships.negotiating[row] = False
    partnerships.term_end_month[row] = NEVER
    if world.attributes(row).fallback == "letter_of_intent":
        partnerships.status[row] = PartnershipStatus.LETTER_OF_INTENT
        _activate(world, _only(world, row), bound=False)
    else:
        _end(world, _only(world, row))


def _end(world: World, chosen: Flags) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    partnerships.status[chosen] = PartnershipStatus.DISSOLVED
    partnerships.active[chosen] = False
    partnerships.negotiating[chosen] = False
    leave(world, members.present & chosen[members.partnership])


def _dissolve_the_empty(world: World) -> None:
    partnerships, members = world.state.partnerships, world.state.members
    present = members_present(members.present, members.partnership, len(partnerships)).tolist()
    for row, active in enumerate(partnerships.active.tolist()):
        if active and present[row] < 2:
            _end(world, _only(world, row))
