"""What holds after every month of every valid scenario."""

from math import isfinite

import numpy as np

from simulation.codes import Account, Channel, Source, Stage, Status
from simulation.mechanisms.indicators import measure_regions
from simulation.state import NEVER, NOBODY


def run_checked(model):
    """Run a model to its end and check every invariant after each month."""
    alive_at_start = int(np.count_nonzero(model.state.organisations.alive))
    while model.running:
        model.step()
        for check in INVARIANTS:
            check(model)
        months = {name: len(values) for name, values in model.series.items()}
        assert set(months.values()) == {model.month}
    alive = int(np.count_nonzero(model.state.organisations.alive))
    assert alive == alive_at_start + model.series["entries"][-1] - model.series["exits"][-1]
    return model


def every_euro_has_a_source_and_an_account(model):
    purses, projects = model.state.purses, model.state.projects
    left = purses.received_cents - purses.spent_cents
    assert (left >= 0).all()
    assert (purses.spent_cents >= 0).all()
    assert (purses.committed_cents >= 0).all()
    assert (purses.committed_cents <= left).all()
    assert (projects.grant_paid_cents <= projects.grant_cents).all()
    promised = (projects.grant_cents - projects.grant_paid_cents).sum()
    assert promised == purses.committed_cents.sum()
    for amounts, purpose in (
        (projects.grant_paid_cents, purses.account == Account.GRANTS),
        (projects.own_cents, purses.source == Source.OWN),
        (projects.outside_cents, purses.source == Source.OUTSIDE),
    ):
        assert amounts.sum() == purses.spent_cents[purpose].sum()


def calls_keep_to_their_budget(model):
    state, scenario = model.state, model.scenario
    posed = [scenario.calls[name] for name in sorted(scenario.calls)]
    posed += [scenario.challenges[name] for name in sorted(scenario.challenges)]
    for row, call in enumerate(posed):
        first, count = int(state.calls.first_purse[row]), int(state.calls.purse_count[row])
        if first == NOBODY:
            continue
        received = state.purses.received_cents[first : first + count].sum()
        assert received == round(call.budget_keur * 100_000)
        grants = state.projects.grant_cents[state.projects.call == row]
        assert grants.sum() <= received
        assert (grants <= (round(call.grant_keur * 100_000) or received)).all()


def the_dead_take_no_part(model):
    state = model.state
    organisations, dead = state.organisations, ~state.organisations.alive
    for column in (organisations.broker, organisations.park, organisations.group):
        assert (column[dead] == NOBODY).all()
    assert (organisations.running_projects[dead] == 0).all()
    assert (organisations.died_month[dead] != NEVER).all()
    assert (organisations.died_month[~dead] == NEVER).all()


def running_projects_are_counted_right(model):
    state = model.state
    projects, organisations = state.projects, state.organisations
    members = projects.members[projects.status == Status.RUNNING]
    counted = np.bincount(members[members != NOBODY], minlength=len(organisations))
    assert (organisations.running_projects == counted).all()
    assert (counted <= model.scenario.matching.running_projects).all()
    assert ((projects.members != NOBODY).sum(axis=1) == projects.member_count).all()


def projects_end_once(model):
    projects = model.state.projects
    assert ((projects.ended_month == NEVER) == (projects.status == Status.RUNNING)).all()
    assert ((projects.stage == Stage.MARKET) == (projects.status == Status.COMMERCIALISED)).all()
    assert (projects.surplus >= 0.0).all()
    assert (projects.luck > 0.0).all()


def ties_are_between_two_living(model):
    ties, organisations = model.state.ties, model.state.organisations
    assert (ties.first < ties.second).all()
    pairs = ties.first.astype(np.int64) << 32 | ties.second
    assert len(np.unique(pairs)) == len(ties)
    assert organisations.alive[ties.first].all()
    assert organisations.alive[ties.second].all()
    assert ((ties.trust >= 0.0) & (ties.trust <= 1.0)).all()


def partners_have_a_tie_that_counts_their_projects(model):
    ties, projects = model.state.ties, model.state.projects
    members = projects.members[projects.status == Status.RUNNING].astype(np.int64)
    one, other = np.triu_indices(members.shape[1], 1)
    carried = np.sort(np.stack([members[:, one].ravel(), members[:, other].ravel()], axis=1), axis=1)
    carried = carried[carried[:, 0] != NOBODY]
    pairs, counts = np.unique(carried[:, 0] << 32 | carried[:, 1], return_counts=True)
    busy = ties.running_projects != 0
    known = ties.first[busy].astype(np.int64) << 32 | ties.second[busy]
    order = np.argsort(known)
    assert known[order].tolist() == pairs.tolist()
    assert ties.running_projects[busy][order].tolist() == counts.tolist()


def capacities_are_kept(model):
    brokers, introductions = model.state.brokers, model.state.introductions
    assert (brokers.cases <= brokers.case_capacity).all()
    assert (brokers.partner_cases <= brokers.partner_case_capacity).all()
    introduced = np.concatenate([introductions.seeker, introductions.other])
    assert len(np.unique(introduced)) == len(introduced)
    assert (introductions.seeker != introductions.other).all()
    assert (introductions.weight >= model.scenario.matching.reservation_value).all()


def no_pair_would_rather_have_been_introduced(model):
    """No candidate left out finds all who are concerned free, or busy with something worth less."""
    state = model.state
    if model.scenario.matching.rule != "stable":
        return
    chosen = {(int(i), int(j)) for i, j in zip(state.introductions.seeker, state.introductions.other, strict=True)}
    taken, rejected = {}, []
    for edge in zip(*(getattr(state.candidates, name).tolist() for name in EDGE), strict=True):
        concerned = _concerned(*edge[:5])
        if edge[:2] in chosen:
            for side in concerned:
                taken.setdefault(side, []).append(edge[5])
        elif edge[5] >= model.scenario.matching.reservation_value:
            rejected.append((edge[5], concerned))
    for weight, concerned in rejected:
        full = [side for side in concerned if len(taken.get(side, ())) >= _capacity(state.brokers, side)]
        assert any(min(taken.get(side, [weight])) >= weight for side in full)


EDGE = ("seeker", "other", "seeker_broker", "other_broker", "channel", "weight")


def _concerned(seeker, other, seeker_broker, other_broker, channel):
    brokers = {seeker_broker, other_broker} - {NOBODY}
    sides = [("organisation", seeker), ("organisation", other), *(("case", each) for each in brokers)]
    return sides + [("partner case", each) for each in brokers if channel == Channel.PARTNER]


def _capacity(brokers, side):
    limit = {"case": brokers.case_capacity, "partner case": brokers.partner_case_capacity}.get(side[0])
    return 1 if limit is None else int(limit[side[1]])


def levels_stay_between_0_and_1(model):
    state = model.state
    for level in (
        state.organisations.knowledge,
        state.organisations.absorptive_capacity,
        state.organisations.digital_maturity,
        state.members.engagement,
        state.brokers.skill,
        state.parks.skill,
        state.authorities.skill,
    ):
        assert ((level >= 0.0) & (level <= 1.0)).all()
    assert (np.abs(state.organisations.satisfaction) <= 1.0).all()
    assert (state.members.offers >= 0.0).all()
    assert (state.members.success >= 0.0).all()


def practices_and_instruments_are_beliefs_and_only_decided_ones_are_learned(model):
    state, owners = model.state, model.scenario.instruments.owners
    owning = {"nobody": (), "authorities": ("authorities",), "agencies": ("brokers", "parks", "authorities")}[owners]
    for name in ("brokers", "parks", "authorities"):
        agencies = getattr(state, name)
        assert (np.abs(agencies.practices) <= 1).all()
        assert (np.abs(agencies.instrument) <= 1).all()
        assert not (agencies.learned & (agencies.practices == 0)).any()
        assert name in owning or not agencies.instrument.any()


def objectives_are_shares(model):
    for weights in (model.state.members.opinion, model.state.members.mandate):
        assert (weights >= 0.0).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=0.0, atol=1e-9)


def who_is_not_in_an_active_partnership_shows_no_clients(model):
    state = model.state
    through = state.candidates.channel == Channel.PARTNER
    brokers = state.candidates.seeker_broker[through], state.candidates.other_broker[through]
    partnership = state.members.partnership[state.brokers.member[brokers[0]]]
    assert state.partnerships.active[partnership].all()
    assert model.scenario.programme.across or not through.any()
    acting = state.brokers.member[state.brokers.member != NOBODY]
    assert state.members.present[acting].all()
    for broker in brokers:
        member = state.brokers.member[broker]
        assert (state.members.partnership[member] == partnership).all()
    introductions = state.introductions
    through = introductions.channel == Channel.PARTNER
    acting = state.brokers.member[introductions.seeker_broker[through]]
    assert (introductions.partnership[through] == state.members.partnership[acting]).all()
    assert (introductions.partnership[~through] == NOBODY).all()


def members_come_and_go_once(model):
    members, partnerships = model.state.members, model.state.partnerships
    assert (members.present == ((members.joined_month != NEVER) & (members.left_month == NEVER))).all()
    met = members.present | (members.left_month == model.month)
    together = np.bincount(members.partnership[met], minlength=len(partnerships))
    assert (together[partnerships.active] >= 2).all()
    if not model.scenario.programme.active:
        assert not members.present.any()


def indicators_add_up(model):
    now = {name: values[-1] for name, values in model.series.items()}
    for name, value in now.items():
        assert value is None or isfinite(value), name
    projects, ended = model.state.projects, model.state.projects.ended_month >= 1
    assert now["projects_started"] == np.count_nonzero(projects.started_month >= 1)
    for name, status in (
        ("projects_failed", Status.FAILED),
        ("projects_expired", Status.EXPIRED),
        ("innovations_commercialised", Status.COMMERCIALISED),
    ):
        assert now[name] == np.count_nonzero((projects.status == status) & ended)
    costs = ("grants_paid_keur", "services_cost_keur", "coordination_cost_keur")
    assert abs(sum(now[name] for name in costs) - now["public_cost_keur"]) < 1e-6
    assert now["smes_registered"] <= now["smes_alive"]
    for part in ("innovations_programme", "innovations_cross_border"):
        assert now[part] <= now["innovations_commercialised"]
    for name, by_region in measure_regions(model.world).items():
        if name in ("smes_alive", "smes_registered", "collaborations_active"):
            assert by_region.sum() == now[name]


def tickets_and_groups_are_what_they_were_given_as(model):
    state, organisations = model.state, model.state.organisations
    left, outside = state.projects.ticket_left_cents, state.projects.outside_cents
    assert ((left >= 0) & (left <= outside)).all()
    grouped = np.flatnonzero(organisations.group != NOBODY)
    assert (organisations.broker[grouped] != NOBODY).all()
    sizes = np.bincount(organisations.group[grouped])
    assert (sizes <= model.scenario.provision.group_size).all()
    for group in np.flatnonzero(sizes):
        assert len(set(organisations.region[grouped[organisations.group[grouped] == group]].tolist())) == 1


INVARIANTS = (
    every_euro_has_a_source_and_an_account,
    calls_keep_to_their_budget,
    the_dead_take_no_part,
    running_projects_are_counted_right,
    projects_end_once,
    ties_are_between_two_living,
    partners_have_a_tie_that_counts_their_projects,
    capacities_are_kept,
    no_pair_would_rather_have_been_introduced,
    levels_stay_between_0_and_1,
    practices_and_instruments_are_beliefs_and_only_decided_ones_are_learned,
    objectives_are_shares,
    who_is_not_in_an_active_partnership_shows_no_clients,
    members_come_and_go_once,
    tickets_and_groups_are_what_they_were_given_as,
    indicators_add_up,
)
