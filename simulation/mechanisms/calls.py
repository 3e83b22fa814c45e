"""Calls make projects.

Claim: while a call is open, eligible organisations that would not have begun a project apply; the best by an erring
judgement are funded until the money is spent, to the cent; a few of the refused start all the same. Two who see that
they are worth less to each other than the reservation value do not apply. Of ten vouchers eight
were additional and one would have happened anyway (Cornet, Vroomen & van der Steeg 2006): ``refused_start`` is that
input, so the additionality of a voucher is never a result of the model.

A partnership's *virtual* pot makes every side of a project pay from its own region's purse; a *real* pot pools the
money. Where the programme does not act across regions, every call has a purse for each region, funds pairs of one
region only, and does not wait for its partnership: the same budgets, spent inside each region.

References
----------
Cornet, Vroomen & van der Steeg (2006), CPB Discussion Paper 58.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.arithmetic import logarithms
from simulation.codes import SOURCES, Account, Channel, Kind, PartnersFrom
from simulation.kernels.calls import draw_applications, fund_in_order
from simulation.kernels.surplus import surplus_of_pairs
from simulation.money import cents, open_purse
from simulation.parameters.places import Call
from simulation.projects import begin_projects
from simulation.purposes import Purpose
from simulation.randomness import combined, normals, uniforms
from simulation.state import NOBODY
from simulation.world import World

LEAST = 1e-9


def run_calls(world: World) -> None:
    """Open, fill and decide the calls of this month."""
    if not world.policy_on:
        world.state.applications.clear()
        return
    names = sorted(world.scenario.calls)
    for row, name in enumerate(names):
        call = world.scenario.calls[name]
        if not call.opens_month <= world.month <= call.closes_month:
            continue
        if _is_open(world, call):
            if world.state.calls.first_purse[row] == NOBODY:
                _open(world, row, call)
            _receive(world, row, call)
        if world.month == call.closes_month and world.state.calls.first_purse[row] != NOBODY:
            if _is_open(world, call):
                _decide(world, row, call)
            _close(world, row)


def _is_open(world: World, call: Call) -> bool:
    row = world.partnership_row(call.partnership)
    return row == NOBODY or not world.scenario.programme.across or bool(world.state.partnerships.active[row])


def _close(world: World, row: int) -> None:
    """Forget what was applied for; a call whose partnership has ended funds nothing."""
    world.state.calls.decided[row] = True
    world.state.applications.keep(world.state.applications.call != row)


def eligible_regions(world: World, call: Call) -> NDArray[np.bool_]:
    """Regions whose firms may apply: those that the call names, for a partnership's call those of its members.

    Where the programme does not act across regions, its founding members stand for those it has.
    """
    geography, members = world.geography, world.state.members
    chosen = geography.has_firms.copy()
    if call.regions:
        chosen &= np.isin(geography.regions, call.regions)
    if call.partnership is not None:
        here = members.present if world.scenario.programme.across else members.founder
        here = here & (members.partnership == world.partnership_row(call.partnership))
        chosen &= np.isin(np.arange(len(chosen)), members.region[here])
    return chosen


def _open(world: World, row: int, call: Call) -> None:
    """One pooled purse, or one for each region, in equal parts (odd cents to the first).

    A purse for each region is what a virtual pot means, and what a programme that does not act across regions has.
    """
    budget, source = cents(call.budget_keur), SOURCES[call.source_of_money]
    regions = np.flatnonzero(eligible_regions(world, call)).tolist()
    virtual = call.partnership is not None and world.scenario.partnership.pot == "virtual"
    if not regions or (world.scenario.programme.across and not virtual):
        world.state.calls.first_purse[row] = open_purse(world.state, source, Account.GRANTS, budget)
        world.state.calls.purse_count[row] = 1
        return
    part, odd = divmod(budget, len(regions))
    rows = [
        open_purse(world.state, source, Account.GRANTS, part + (place < odd), region)
        for place, region in enumerate(regions)
    ]
    world.state.calls.first_purse[row] = rows[0]
    world.state.calls.purse_count[row] = len(rows)


def _paying_regions(world: World, row: int) -> NDArray[np.bool_]:
    """Regions for whose firms a call has money: all of them where it is pooled, else those with a purse."""
    opened, count = int(world.state.calls.first_purse[row]), int(world.state.calls.purse_count[row])
    of_purses = world.state.purses.region[opened : opened + count]
    paying: NDArray[np.bool_] = np.isin(np.arange(len(world.geography.regions)), of_purses)
    return paying | bool((of_purses == NOBODY).any())


def _partners_from(world: World, call: Call) -> PartnersFrom:
    """Where the two of a pair must sit."""
    return PartnersFrom[call.partners_from.upper()] if world.scenario.programme.across else PartnersFrom.ONE_REGION


def _receive(world: World, row: int, call: Call) -> None:
    state, geography = world.state, world.geography
    organisations = state.organisations
    eligible = organisations.alive & (organisations.broker != NOBODY) & (organisations.running_projects == 0)
    eligible &= organisations.capital_cents >= 0
    eligible &= (eligible_regions(world, call) & _paying_regions(world, row))[organisations.region]
    if call.sectors:
        eligible &= np.isin(organisations.sector, [geography.sectors.index(name) for name in call.sectors])
    if call.beneficiaries == "single":
        eligible &= organisations.kind == Kind.SME
        first = np.flatnonzero(eligible).astype(np.int32)
        second = np.full(len(first), NOBODY, dtype=np.int32)
    else:
        first, second = state.ties.first, state.ties.second
    applied = draw_applications(
        world.key,
        state.calls.identity[row],
        call.closes_month - call.opens_month + 1,
        world.month - call.opens_month,
        world.scenario.applications.apply_probability,
        first,
        second,
        organisations.identity,
        eligible,
        organisations.region,
        geography.country[organisations.region],
        int(_partners_from(world, call)),
    )
    first, second = first[applied], second[applied]
    surplus, distance = np.full(len(first), world.scenario.applications.single_surplus), np.zeros(len(first))
    if call.beneficiaries == "pair":
        surplus, distance = _surplus(world, first, second)
        worthwhile = surplus >= world.scenario.matching.reservation_value
        first, second = first[worthwhile], second[worthwhile]
        surplus, distance = surplus[worthwhile], distance[worthwhile]
    identity = organisations.identity[first]
    identity = np.where(second == NOBODY, identity, combined(identity, organisations.identity[second]))
    state.applications.append(
        len(first),
        call=row,
        first=first,
        second=second,
        surplus=surplus,
        cognitive_distance=distance,
        identity=identity,
    )
    state.calls.applications[row] += len(first)


def _surplus(
    world: World, first: NDArray[np.int32], second: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Surplus and cognitive distance of pairs as they are now."""
    state, rules, adjacency = world.state, world.scenario.surplus, world.adjacency
    organisations = state.organisations
    surplus, distance = np.empty(len(first)), np.empty(len(first))
    if len(first):
        surplus_of_pairs(
            first,
            second,
            organisations.knowledge,
            organisations.needs,
            organisations.absorptive_capacity,
            organisations.region,
            world.proximity,
            adjacency.offsets,
            adjacency.neighbours,
            adjacency.ties,
            state.ties.trust,
            rules.own_needs_weight,
            rules.cognitive_distance_scale,
            rules.trust,
            surplus,
            distance,
        )
    return surplus, distance


def _decide(world: World, row: int, call: Call) -> None:
    """Rank by estimated surplus, fund until the money is spent, and let some of the refused start anyway."""
    state, rules = world.state, world.scenario.applications
    here = np.flatnonzero(state.applications.call == row)
    applications = {
        name: getattr(state.applications, name)[here]
        for name in (
            "first",
            "second",
            "identity",
            "surplus",
            "cognitive_distance",
        )
    }
    address = combined(applications["identity"], np.full(len(here), state.calls.identity[row]))
    error = rules.evaluation_error * normals(world.key, Purpose.CALL_RANKING_ERROR, 0, address)
    estimate = logarithms(np.maximum(applications["surplus"].astype(np.float64), LEAST)) + error
    order = np.lexsort((address, -estimate))
    grant = _fund(world, row, call, order, applications["first"], applications["second"])
    anyway = uniforms(world.key, Purpose.START_WITHOUT_GRANT, 0, address) < rules.refused_start
    funded, starting = grant > 0, (grant > 0) | ((grant == 0) & anyway)
    starting &= ~_busy_twice(order, applications, starting, funded)
    begin_projects(
        world,
        applications["first"][starting],
        applications["second"][starting],
        address[starting],
        applications["surplus"][starting],
        applications["cognitive_distance"][starting],
        np.where(funded, int(Channel.CALL), int(Channel.FRIENDS)).astype(np.int8)[starting],
        partnership=np.where(funded, world.partnership_row(call.partnership), NOBODY)[starting],
        call=np.where(funded, row, NOBODY)[starting],
        grant_cents=np.maximum(grant, 0)[starting],
        granted_share=(np.maximum(grant, 0) / cents(call.grant_keur))[starting],
    )
    for side in (applications["first"], applications["second"]):
        state.organisations.granted[side[funded & (side != NOBODY)]] = True
    world.count("projects_funded", int(np.count_nonzero(funded)))
    state.calls.funded[row] = np.count_nonzero(funded)


def _fund(
    world: World, row: int, call: Call, order: NDArray[np.int64], first: NDArray[np.int32], second: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Grants in cents, committed from the purses of the call."""
    state = world.state
    organisations, purses = state.organisations, state.purses
    opened = int(state.calls.first_purse[row])
    chosen = slice(opened, opened + int(state.calls.purse_count[row]))
    side = np.zeros(len(world.geography.regions), dtype=np.int64)
    if chosen.stop - chosen.start > 1:
        side[purses.region[chosen]] = np.arange(chosen.stop - chosen.start)
    left = purses.received_cents[chosen] - purses.committed_cents[chosen] - purses.spent_cents[chosen]
    free = organisations.alive & (organisations.running_projects == 0) & (organisations.capital_cents >= 0)
    before = left.copy()
    grant = fund_in_order(order, first, second, side[organisations.region], left, cents(call.grant_keur), free)
    purses.committed_cents[chosen] += before - left
    return grant


def _busy_twice(
    order: NDArray[np.int64],
    applications: dict[str, NDArray[np.int64]],
    starting: NDArray[np.bool_],
    funded: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Refused applications, in the order of ranking, whose organisation already begins another project."""
    busy = set(applications["first"][funded]) | set(applications["second"][funded])
    twice = np.zeros(len(starting), dtype=np.bool_)
    for place in order[(starting & ~funded)[order]]:
        pair = {int(applications["first"][place]), int(applications["second"][place])} - {NOBODY}
        twice[place] = bool(pair & busy)
        busy |= pair
    return twice
