import numpy as np
import pytest

from simulation.codes import Account, PartnershipStatus, Source
from simulation.mechanisms.engagement import engage
from simulation.mechanisms.follow_on import apply_for_follow_ons, continuing_probability, funding_probability
from simulation.mechanisms.governance import coordinate
from simulation.mechanisms.indicators import measure
from simulation.mechanisms.partnership import agree_and_renew, found_partnerships
from simulation.money import cents, spent_cents
from simulation.randomness import identity_of
from simulation.scenario import scenario_from_values
from simulation.state import NEVER
from tests.invariants import every_euro_has_a_source_and_an_account
from tests.verification_runs import broker, ecosystem, founded

REGIONS = ("AT13", "AT32", "DE11", "DE21")
CERTAIN = {"log_odds": 10.0, "trust_effect": 20.0, "success_effect": 0.0}
NEVER_FUNDED = {"log_odds": -10.0, "trust_effect": 0.0, "success_effect": 0.0}


def values_with(entry=None, rules=None, members=3, extra=None, **attributes):
    """A partnership p of the first brokers b0, b1, ... and a partnership q that follows it in month 4."""
    values = ecosystem(regions=REGIONS, members=members, **{"decision": "none", **attributes})
    values["engagement"] |= {"drift": 0.0, "joining_rate": 0.0}
    values["follow_on"] |= {"continue_least": 1.0, **CERTAIN, **(rules or {})}
    values["brokers"] |= extra or {}
    values["partnerships"]["q"] = {
        "name": "Q",
        "founders": ["b3"],
        "lead": "b3",
        "follows": "p",
        "applies_month": 2,
        "funded_from_month": 4,
        **(entry or {}),
    }
    return values


def world_with(*given, seed=1, **named):
    return founded(values_with(*given, **named), seed=seed).world


def pass_months(world, last):
    for month in range(world.month + 1, last + 1):
        world.month = month
        found_partnerships(world)
        engage(world)
        agree_and_renew(world)
        apply_for_follow_ons(world)
        coordinate(world)
    return world


def present(world, partnership):
    """Keys of the brokers that are members now."""
    members = world.state.members
    here = members.identity[members.present & (members.partnership == world.partnership_row(partnership))].tolist()
    return {key for key in world.scenario.brokers if int(identity_of("broker", key)) in here}


def test_members_of_a_partnership_and_new_ones_found_the_one_that_follows():
    world = pass_months(world_with(), 3)
    assert present(world, "q") == set()
    assert world.state.partnerships.status[1] == PartnershipStatus.NOT_FOUNDED
    pass_months(world, 4)
    assert present(world, "q") == {"b0", "b1", "b2", "b3"}
    assert present(world, "p") == {"b0", "b1", "b2"}
    assert world.state.partnerships.founded_month.tolist() == [1, 4]
    assert world.state.partnerships.active.all()


def test_who_does_not_go_on_is_replaced_by_the_body_named_for_it():
    extra = {"next0": broker("DE11"), "next1": broker("DE11")}
    entry = {"replacements": {"b0": "next0", "b1": "next1"}, "founders": ["b3", "next0", "next1"]}
    world = world_with(entry, {"continue_least": 0.0}, extra=extra)
    pass_months(world, 1)
    world.state.members.engagement[:] = 1.0
    world.state.members.success[:] = 1e12
    brokers = sorted(world.scenario.brokers)
    world.state.members.engagement[brokers.index("b1")] = 0.0
    world.state.members.success[brokers.index("b1")] = 0.0
    world.month = 2
    apply_for_follow_ons(world)
    pass_months(world, 4)
    assert present(world, "q") == {"b0", "b2", "b3", "next1"}
    assert world.state.partnerships.continuing[1] == 2


@pytest.mark.parametrize(
    ("extra", "taken"),
    [
        ({"child": broker("DE21", parent="b0"), "near": broker("AT13")}, "child"),
        ({"far": broker("DE21"), "near": broker("AT13")}, "near"),
    ],
)
def test_without_a_name_a_child_or_a_body_of_the_region_replaces(extra, taken):
    world = pass_months(world_with(rules={"continue_least": 0.0}, extra=extra), 1)
    members = world.state.members
    first = members.identity == identity_of("broker", "b0")
    members.engagement[:], members.success[:] = ~first * 1.0, ~first * 1e12
    world.month = 2
    apply_for_follow_ons(world)
    assert present(pass_months(world, 4), "q") == {"b1", "b2", "b3", taken}


def test_a_founder_of_the_earlier_partnership_that_does_not_go_on_is_no_founder():
    entry = {"founders": ["b0", "b1", "b2", "b3"], "lead": "b0"}
    world = pass_months(world_with(entry, {"continue_least": 0.0}), 1)
    members = world.state.members
    first = members.identity == identity_of("broker", "b0")
    members.engagement[:], members.success[:] = ~first * 1.0, ~first * 1e12
    members.engagement[2] = 0.9
    world.month = 2
    apply_for_follow_ons(world)
    pass_months(world, 4)
    assert present(world, "q") == {"b1", "b2", "b3"}
    lead = world.state.partnerships.lead[1]
    assert members.identity[lead] == identity_of("broker", "b1")


def test_an_application_that_is_refused_founds_nothing():
    world = pass_months(world_with(rules=NEVER_FUNDED), 6)
    assert world.state.partnerships.status[1] == PartnershipStatus.NOT_FOUNDED
    assert not world.state.partnerships.active[1]
    assert world.state.partnerships.applied_month[1] == 2
    values = measure(world)
    assert values["follow_on_funded"] == 0
    assert values["follow_on_partners_continuing"] == 3


def test_where_nobody_goes_on_there_is_no_application():
    world = pass_months(world_with(rules={"continue_least": 0.0}), 1)
    world.state.members.engagement[:] = 0.0
    world.month = 2
    apply_for_follow_ons(world)
    assert world.state.partnerships.applied_month[1] == NEVER
    assert measure(world)["follow_on_partners_continuing"] is None


def test_it_is_possible_without_a_signature_and_without_a_letter():
    world = pass_months(world_with(decision="unanimity", deadline_months=0, quorum=1.0), 4)
    assert not world.state.partnerships.active[0]
    assert world.state.partnerships.signed_month[0] == NEVER
    assert present(world, "q") == {"b0", "b1", "b2", "b3"}


def test_the_arm_without_a_programme_has_no_follow_on():
    values = values_with()
    values["programme"]["active"] = False
    world = pass_months(founded(values).world, 6)
    assert world.state.partnerships.applied_month[1] == NEVER
    assert not world.state.members.present.any()


def test_in_separate_regions_only_a_funded_follow_on_offers_what_belongs_to_it():
    offered = []
    for rules in (NEVER_FUNDED, CERTAIN):
        values = values_with(rules=rules)
        values["programme"]["across"] = False
        world = pass_months(founded(values).world, 1)
        assert world.offers("p")
        assert world.offers(None)
        pass_months(world, 5)
        offered.append(world.offers("q"))
    assert offered == [False, True]


def test_nobody_goes_on_less_readily_for_more_engagement_or_success():
    levels = np.linspace(0.0, 1.0, 11)
    for least in (0.0, 0.5, 1.0):
        by_engagement = continuing_probability(levels, np.full(11, 0.3), least)
        by_success = continuing_probability(np.full(11, 0.3), levels, least)
        assert (np.diff(by_engagement) >= 0.0).all()
        np.testing.assert_allclose(by_engagement, by_success)
        assert continuing_probability(np.ones(1), np.ones(1), least) == 1.0
        assert continuing_probability(np.zeros(1), np.zeros(1), least) == least


def test_trust_and_joint_success_help_an_application_and_without_effects_it_is_the_base():
    assert funding_probability(0.0, 0.0, -1.4, 1.0, 1.0) == pytest.approx(1.0 / (1.0 + np.exp(1.4)))
    assert funding_probability(1.0, 1.0, -1.4, 0.0, 0.0) == funding_probability(0.0, 0.0, -1.4, 1.0, 1.0)
    chances = [funding_probability(trust, 0.2, -1.4, 1.0, 1.0) for trust in (0.0, 0.5, 1.0)]
    assert chances == sorted(chances)
    assert len(set(chances)) == 3


def test_over_seeds_as_many_are_funded_as_the_log_odds_say():
    rules = {"log_odds": 0.0, "trust_effect": 0.0, "success_effect": 0.0}
    funded = [
        bool(pass_months(world_with(rules=rules, seed=seed), 2).state.partnerships.funded[1]) for seed in range(60)
    ]
    assert 20 <= sum(funded) <= 40


def test_the_first_partnership_is_the_same_whether_or_not_one_follows():
    alone = values_with()
    del alone["partnerships"]["q"]
    worlds = [pass_months(founded(values).world, 3) for values in (alone, values_with(rules=NEVER_FUNDED))]
    for column in ("engagement", "opinion", "present", "mandate"):
        one, other = (getattr(world.state.members, column)[world.state.members.partnership == 0] for world in worlds)
        np.testing.assert_array_equal(one, other)


def test_a_partnership_has_its_own_attributes():
    entry = {
        "attributes": {"decision": "unanimity", "deadline_months": 2, "fallback": "none", "coordination": "shared"}
    }
    world = pass_months(world_with(entry), 4)
    assert world.state.partnerships.status.tolist() == [PartnershipStatus.OPEN, PartnershipStatus.NEGOTIATING]
    world.state.members.can_sign[:] = False
    world.state.partnerships.objective_agreement[:] = 0.0
    pass_months(world, 5)
    assert world.state.partnerships.status.tolist() == [PartnershipStatus.OPEN, PartnershipStatus.DISSOLVED]


def test_own_attributes_equal_to_the_scenarios_change_nothing():
    same = {"floor": 0.5, "enforcement": 0.7, "binding": 0.2, "fee_keur": 3.0, "joining_cost_keur": 2.0}
    digests = []
    for attributes in ({}, {"attributes": dict(same)}):
        values = ecosystem(regions=REGIONS, members=3, decision="none", **same)
        values["partnerships"]["p"] |= attributes
        digests.append(pass_months(founded(values).world, 6).state.digest())
    assert digests[0] == digests[1]


def test_a_partnership_begins_and_ends_in_the_months_that_its_entry_says():
    values = ecosystem(regions=REGIONS, members=3, decision="none")
    values["engagement"] |= {"drift": 0.0, "joining_rate": 0.0}
    values["partnerships"]["p"] |= {"funded_from_month": 3, "ends_month": 5}
    world = founded(values).world
    together = []
    for month in range(1, 8):
        pass_months(world, month)
        together.append(int(world.state.members.present.sum()))
    assert together == [0, 0, 3, 3, 3, 0, 0]
    assert world.state.partnerships.status[0] == PartnershipStatus.DISSOLVED


def test_its_budget_pays_for_meetings_and_fees_until_it_is_spent_and_the_regions_the_rest():
    spent = []
    for budget in (0.0, 1.5, 1000.0):
        values = ecosystem(regions=REGIONS, members=3, decision="none", joining_cost_keur=0.0, fee_keur=12.0)
        values["engagement"] |= {"drift": 0.0, "joining_rate": 0.0}
        values["partnerships"]["p"] |= {"budget_keur": budget, "source_of_money": "national"}
        model = founded(values)
        pass_months(model.world, 4)
        state = model.world.state
        every_euro_has_a_source_and_an_account(model)
        by_source = [
            spent_cents(state, (Account.COORDINATION,), (each,)) for each in (Source.NATIONAL, Source.REGIONAL)
        ]
        spent.append(by_source)
    total = spent[0][1]
    assert total > cents(12.0)
    assert spent == [[0, total], [cents(1.5), total - cents(1.5)], [total, 0]]


def test_a_follow_on_goes_with_the_partnership_it_follows_and_keeps_only_bodies_that_stay():
    values = values_with({"replacements": {"b0": "b3", "b1": "b2"}})
    values["population"]["regions"] = ["AT13", "DE21"]
    kept = scenario_from_values(values, "fewer")
    assert kept.partnerships["q"].replacements == {"b0": "b3"}
    values["population"]["regions"] = ["DE21"]
    assert scenario_from_values(values, "none").partnerships == {}
