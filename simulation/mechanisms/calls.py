"""Calls make projects.

Claim: while a call is open, eligible organisations that would not have begun a project apply; the best by an erring
judgement are funded until the money is spent, to the cent; a few of the refused start all the same. Two who see that
they are worth less to each other than the reservation value do not apply. Of ten vouchers eight
were additional and one would have happened anyway (Cornet, Vroomen & van der Steeg 2006): ``refused_start`` is that
input, so the additionality of a voucher is never a result of the model.

A call may be held several times, with equal parts of its budget and what earlier runs left of theirs; who was refused
may apply once more. A voucher pays a firm for the provider or university that it finds most useful: only the firm has
to gain, and it alone is granted and pays its share. The ranking may weigh how well projects fit the objective
that a partnership has negotiated, or without one the regions' priorities (``ln S + error + weight × fit``).

A partnership's *virtual* pot makes every side of a project pay from its own region's purse; a *real* pot pools the
money. Where the programme does not act across regions, every call has a purse for each region, funds pairs of one
region only, and does not wait for its partnership: the same budgets, spent inside each region.

References
----------
Cornet, Vroomen & van der Steeg (2006), CPB Discussion Paper 58.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import logarithms
from simulation.call_rounds import Round, next_chance, round_of
from simulation.codes import SOURCES, Account, Channel, Kind, PartnersFrom
from simulation.kernels.calls import begin_anyway, draw_applications, find_eligible, fund_in_order
from simulation.kernels.groups import rows_by_group
from simulation.kernels.orders import decreasing_order
from simulation.kernels.strategy import fit_of_applications
from simulation.kernels.vouchers import choose_suppliers
from simulation.money import cents, open_purses, within
from simulation.parameters.places import Call
from simulation.projects import begin_projects, project_limits, surplus_now, with_room_for_projects
from simulation.purposes import Purpose
from simulation.randomness import combined, normals, uniforms
from simulation.state import NOBODY
from simulation.world import World

Rows = NDArray[np.int32]
Applications = dict[str, NDArray[Any]]

LEAST = 1e-9
"""Surplus below which a logarithm is not taken."""


def run_calls(world: World) -> None:
    """Open, fill and decide the calls of this month."""
    if not world.calls_on:
        world.state.applications.clear()
        return
    for row, name in enumerate(sorted(world.scenario.calls)):
        held = round_of(world, row, name)
        if held is None:
            continue
        if world.offers(held.call.partnership):
            if world.state.calls.first_purse[row] == NOBODY:
                _open(world, row, held.call)
            _receive(world, held)
        if held.closes and world.state.calls.first_purse[row] != NOBODY:
            again = _decide(world, held) if world.offers(held.call.partnership) else {}
            _close(world, row, again)


def _close(world: World, row: int, again: Applications) -> None:
    """Forget what was applied for, but for what is put in again; a call whose partnership has ended funds nothing."""
    applications = world.state.applications
    world.state.calls.decided[row] = True
    applications.keep(applications.call != row)
    if again:
        applications.append(len(again["call"]), **again)


def eligible_regions(world: World, call: Call) -> NDArray[np.bool_]:
    """Regions whose firms may apply: those that the call names, for a partnership's call those of its members.

    Where the programme does not act across regions, its founding members stand for those it has.
    """
    members = world.state.members
    chosen = world.geography.with_firms(call.regions)
    if call.partnership is not None:
        here = members.present if world.scenario.programme.across else members.founder
        here = here & (members.partnership == world.partnership_row(call.partnership))
        seats = np.zeros(len(chosen), dtype=np.bool_)
        seats[members.region[here]] = True
        chosen &= seats
    return chosen


def _open(world: World, row: int, call: Call) -> None:
    """One pooled purse, or one for each region, in equal parts (odd cents to the first).

    A purse for each region is what a virtual pot means, and what a programme that does not act across regions has.
    """
    budget, source = cents(call.budget_keur), SOURCES[call.source_of_money]
    regions = np.flatnonzero(eligible_regions(world, call)).tolist()
    virtual = call.partnership is not None and world.scenario.partnership.pot == "virtual"
    if not regions or (world.scenario.programme.across and not virtual):
        regions = [NOBODY]
    opened = open_purses(world.state, source, Account.GRANTS, budget, regions)
    world.state.calls.first_purse[row], world.state.calls.purse_count[row] = opened.start, len(regions)


def _paying_regions(world: World, row: int) -> NDArray[np.bool_]:
    """Regions for whose firms a call has money: all of them where it is pooled, else those with a purse."""
    opened, count = int(world.state.calls.first_purse[row]), int(world.state.calls.purse_count[row])
    of_purses = world.state.purses.region[opened : opened + count]
    paying = np.full(len(world.geography.regions), bool((of_purses == NOBODY).any()), dtype=np.bool_)
    paying[of_purses[of_purses != NOBODY]] = True
    return paying


def _partners_from(world: World, call: Call) -> PartnersFrom:
    """Where the two of a pair must sit."""
    return PartnersFrom[call.partners_from.upper()] if world.scenario.programme.across else PartnersFrom.ONE_REGION


def _eligible(world: World, held: Round) -> NDArray[np.bool_]:
    """Organisations that may apply: registered, without a project, solvent, of the right regions and sectors."""
    organisations, sectors, call = world.state.organisations, world.geography.sectors, held.call
    return find_eligible(
        organisations.alive,
        organisations.broker,
        organisations.running_projects,
        organisations.capital_cents,
        organisations.region,
        organisations.sector,
        organisations.kind,
        eligible_regions(world, call) & _paying_regions(world, held.row),
        np.array([not call.sectors or name in call.sectors for name in sectors], dtype=np.bool_),
        call.beneficiaries == "single",
    )


def _applying(
    world: World, held: Round, first: Rows, second: Rows, eligible: NDArray[np.bool_], months: int, probability: float
) -> NDArray[np.int64]:
    """Positions of those who apply this month, of the organisations or pairs given."""
    organisations = world.state.organisations
    return draw_applications(
        world.key,
        held.identity,
        months,
        held.month % months,
        probability,
        first,
        second,
        organisations.identity,
        eligible,
        organisations.region,
        world.geography.country[organisations.region],
        organisations.sector,
        int(_partners_from(world, held.call)),
        held.call.partners_sectors == "two_sectors",
    )


def _receive(world: World, held: Round) -> None:
    state, organisations = world.state, world.state.organisations
    eligible = _eligible(world, held)
    first, second = state.ties.first, state.ties.second
    if held.call.beneficiaries == "single":
        first = np.flatnonzero(eligible).astype(np.int32)
        second = np.full(len(first), NOBODY, dtype=np.int32)
    probability = world.scenario.applications.apply_probability
    applied = _applying(world, held, first, second, eligible, held.months_open, probability)
    first, second = first[applied], second[applied]
    second, surplus, distance = _proposed(world, held, first, second, applied)
    identity = organisations.identity[first]
    if held.call.beneficiaries == "pair":
        identity = combined(identity, organisations.identity[second])
    worthwhile = np.ones(len(first), dtype=np.bool_)
    if held.call.beneficiaries == "pair" or held.call.voucher:
        worthwhile = surplus >= world.scenario.matching.reservation_value
    waiting = state.applications.resubmitted & (state.applications.call == held.row)
    if waiting.any():
        worthwhile &= ~np.isin(identity, state.applications.identity[waiting])
    chosen = np.flatnonzero(worthwhile)
    state.applications.append(
        len(chosen),
        call=held.row,
        first=first[chosen],
        second=second[chosen],
        surplus=surplus[chosen],
        cognitive_distance=distance[chosen],
        identity=identity[chosen],
    )
    state.calls.applications[held.row] += len(chosen)


def _proposed(
    world: World, held: Round, first: Rows, second: Rows, tie: NDArray[np.int64]
) -> tuple[Rows, NDArray[np.float64], NDArray[np.float64]]:
    """With whom applicants apply, what that is worth, and the distance of the two; pairs are those of the ``tie``."""
    if held.call.voucher:
        return _with_suppliers(world, held, first)
    if held.call.beneficiaries == "pair":
        return second, *surplus_now(world, first, second, tie)
    return second, np.full(len(first), world.scenario.applications.single_surplus), np.zeros(len(first))


def _suppliers(world: World) -> NDArray[np.bool_]:
    """Providers and universities with room for a project more."""
    organisations = world.state.organisations
    supplies: NDArray[np.bool_] = (organisations.kind == Kind.PROVIDER) | (organisations.kind == Kind.UNIVERSITY)
    supplies &= with_room_for_projects(world)
    return supplies


def _with_suppliers(world: World, held: Round, first: Rows) -> tuple[Rows, NDArray[np.float64], NDArray[np.float64]]:
    """The supplier whom each applicant for a voucher finds most useful among those it sees."""
    organisations, rules, adjacency = world.state.organisations, world.scenario.surplus, world.adjacency
    supplies = _suppliers(world)
    offsets, suppliers = rows_by_group(organisations.region, supplies, len(world.geography.regions))
    return choose_suppliers(
        world.key,
        held.identity,
        first,
        organisations.identity,
        supplies,
        offsets,
        suppliers,
        organisations.region,
        world.geography.country[organisations.region],
        organisations.sector,
        int(_partners_from(world, held.call)),
        held.call.partners_sectors == "two_sectors",
        world.scenario.applications.suppliers_seen,
        organisations.knowledge,
        organisations.needs,
        organisations.absorptive_capacity,
        world.proximity,
        adjacency.offsets,
        adjacency.neighbours,
        adjacency.ties,
        world.state.ties.trust,
        rules.own_needs_weight,
        rules.cognitive_distance_scale,
        rules.trust,
    )


def _decide(world: World, held: Round) -> Applications:
    """Rank, fund until the money is spent, let some of the refused start anyway; who of them applies once more."""
    state, rules, call = world.state, world.scenario.applications, held.call
    here = _decided_now(world, held)
    first, second, identity, surplus, distance, resubmitted = (
        getattr(state.applications, name)[here]
        for name in ("first", "second", "identity", "surplus", "cognitive_distance", "resubmitted")
    )
    address = combined(identity, np.full(len(here), held.identity))
    order = decreasing_order(_estimates(world, held, first, second, surplus, address), address)
    room = _room(world, call)
    grant = _fund(world, held, order, first, second, room)
    anyway = uniforms(world.key, Purpose.START_WITHOUT_GRANT, 0, address) < rules.refused_start
    funded = grant > 0
    starting = funded | begin_anyway(order, first, second, (grant == 0) & anyway, room)
    begin_projects(
        world,
        first[starting],
        second[starting],
        address[starting],
        surplus[starting],
        distance[starting],
        np.where(funded, int(Channel.CALL), int(Channel.FRIENDS)).astype(np.int8)[starting],
        partnership=np.where(funded, world.partnership_row(call.partnership), NOBODY)[starting],
        call=np.where(funded, held.row, NOBODY)[starting],
        grant_cents=np.maximum(grant, 0)[starting],
        granted_share=(np.maximum(grant, 0) / cents(call.grant_keur))[starting],
    )
    for side in (first,) if call.voucher else (first, second):
        state.organisations.granted[side[funded & (side != NOBODY)]] = True
    world.count("projects_funded", int(np.count_nonzero(funded)))
    state.calls.funded[held.row] += np.count_nonzero(funded)
    return _put_in_again(world, held, here[(grant == 0) & ~starting & ~resubmitted])


def _decided_now(world: World, held: Round) -> NDArray[np.int64]:
    """Applications of the call, without those put in again whose applicants are not eligible here and now."""
    applications = world.state.applications
    here = np.flatnonzero(applications.call == held.row)
    again = applications.resubmitted[here]
    if not again.any():
        return here
    alone = np.full(len(here), NOBODY, dtype=np.int32)
    second = alone if held.call.voucher else applications.second[here]
    eligible = np.zeros(len(here), dtype=np.bool_)
    eligible[_applying(world, held, applications.first[here], second, _eligible(world, held), 1, 1.0)] = True
    chosen: NDArray[np.int64] = here[eligible | ~again]
    return chosen


def _estimates(
    world: World,
    held: Round,
    first: Rows,
    second: Rows,
    surplus: NDArray[np.float32],
    address: NDArray[np.uint64],
) -> NDArray[np.float64]:
    """What the erring judges see, ln S, and how well it fits the objective of the call's partnership."""
    rules, row = world.scenario.applications, world.partnership_row(held.call.partnership)
    error = rules.evaluation_error * normals(world.key, Purpose.CALL_RANKING_ERROR, 0, address)
    estimate = logarithms(np.maximum(surplus.astype(np.float64), LEAST)) + error
    if rules.s3_weight > 0.0:
        regional = world.priorities_of(eligible_regions(world, held.call))
        objective = regional if row == NOBODY else world.state.partnerships.objective[row]
        estimate += rules.s3_weight * fit_of_applications(first, second, world.state.organisations.knowledge, objective)
    return estimate


def _room(world: World, call: Call) -> NDArray[np.int64]:
    """Projects that each organisation can begin through a call: one if it is free, a supplier what its size allows."""
    organisations = world.state.organisations
    free = organisations.alive & (organisations.running_projects == 0) & (organisations.capital_cents >= 0)
    room: NDArray[np.int64] = free.astype(np.int64)
    if call.voucher:
        supplies = _suppliers(world)
        room[supplies] = (project_limits(world) - organisations.running_projects)[supplies].astype(np.int64)
    return room


def _fund(
    world: World, held: Round, order: NDArray[np.int64], first: Rows, second: Rows, room: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Grants in cents, committed from the purses of the call."""
    state, call = world.state, held.call
    organisations, purses = state.organisations, state.purses
    opened = int(state.calls.first_purse[held.row])
    chosen = slice(opened, opened + int(state.calls.purse_count[held.row]))
    side = np.zeros(len(world.geography.regions), dtype=np.int64)
    if chosen.stop - chosen.start > 1:
        side[purses.region[chosen]] = np.arange(chosen.stop - chosen.start)
    part = purses.received_cents[chosen] * (held.number + 1) // call.runs
    left = np.maximum(0, part - purses.committed_cents[chosen] - purses.spent_cents[chosen])
    left = within(left, world.programme_left_cents)
    before = left.copy()
    least, largest = cents(call.least_grant_keur), cents(call.grant_keur)
    grant = fund_in_order(order, first, second, side[organisations.region], left, least, largest, call.voucher, room)
    purses.committed_cents[chosen] += before - left
    return grant


def _put_in_again(world: World, held: Round, refused: NDArray[np.int64]) -> Applications:
    """The refused applications that go to the next run of the call or to a call that follows it; empty for none."""
    row = next_chance(world, held) if held.call.resubmission else NOBODY
    if row == NOBODY or not len(refused):
        return {}
    again = {column.name: cells[refused] for column, cells in world.state.applications.columns()}
    return again | {"call": np.full(len(refused), row), "resubmitted": np.ones(len(refused), dtype=np.bool_)}
