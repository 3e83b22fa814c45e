import numpy as np
import pytest

from simulation.codes import Tier
from simulation.schemas import PRACTICES
from tests.verification_runs import broker, ecosystem, founded

FOUR = ("AT13", "AT32", "DE11", "DE21")


def members(negotiation=None, **options):
    values = ecosystem(**{"regions": FOUR, "members": 4, **options})
    values["negotiation"] |= negotiation or {}
    return founded(values).state.members


def test_objectives_are_shares_of_priorities_and_stand_where_the_mandate_is():
    founding = members()
    np.testing.assert_allclose(founding.mandate.sum(axis=1), 1.0)
    assert (founding.mandate > 0.0).all()
    assert (founding.opinion == founding.mandate).all()


def test_without_heterogeneity_all_want_the_same():
    mandate = members({"heterogeneity": 0.0}).mandate
    np.testing.assert_allclose(mandate, 1.0 / mandate.shape[1])


def test_with_all_heterogeneity_in_the_country_compatriots_want_the_same():
    mandate = members({"country_share": 1.0}).mandate
    np.testing.assert_allclose(mandate[0], mandate[1])
    np.testing.assert_allclose(mandate[2], mandate[3])
    assert np.abs(mandate[0] - mandate[2]).max() > 0.01


def test_an_objective_in_the_scenario_replaces_the_draw():
    values = ecosystem()
    values["brokers"]["b0"]["objective"] = {"cybersecurity": 3.0, "water-environment": 1.0}
    values["negotiation"] |= {"heterogeneity": 1.0, "country_share": 0.0}
    model = founded(values)
    mandate = dict(zip(model.world.geography.domains, model.state.members.mandate[0], strict=True))
    assert {domain: weight for domain, weight in mandate.items() if weight > 0.0} == {
        "cybersecurity": 0.75,
        "water-environment": 0.25,
    }


def test_the_priorities_of_its_region_are_a_bodys_own_unless_it_says_otherwise():
    values = ecosystem()
    values["regions"]["AT32"]["priorities"] = {"biotechnology": 1.0}
    values["negotiation"] |= {"heterogeneity": 1.0, "country_share": 0.0}
    model = founded(values)
    assert model.state.members.mandate[0, model.world.geography.domains.index("biotechnology")] == 1.0


def test_tolerances_differ_around_their_mean():
    values = ecosystem(members=0)
    values["brokers"] = {f"b{place}": broker("AT32") for place in range(400)}
    values["partnerships"]["p"] = {"name": "P", "founders": ["b0"], "lead": "b0"}
    tolerance = founded(values).state.members.tolerance
    assert (tolerance > 0.0).all()
    assert tolerance.mean() == pytest.approx(0.35, abs=3 * 0.175 / 20)
    assert tolerance.std() / tolerance.mean() == pytest.approx(0.5, abs=0.1)
    assert (members({"tolerance_variation": 0.0}).tolerance == 0.35).all()


def test_every_body_may_come_to_be_a_member_and_who_begins_is_marked():
    values = ecosystem(regions=FOUR, members=2)
    values["partnerships"]["p"] |= {"named": ["b2"], "associates": ["b3"]}
    state = founded(values).state
    assert state.members.founder.tolist() == [True, True, False, True]
    assert state.members.named.tolist() == [False, False, True, False]
    assert state.members.tier.tolist() == [Tier.SIGNATORY] * 3 + [Tier.ASSOCIATE]
    assert not state.members.present.any()
    assert state.partnerships.lead.tolist() == [0]


def test_agencies_begin_with_the_shares_of_right_and_undecided_beliefs():
    values = ecosystem(members=0)
    values["brokers"] = {f"b{place}": broker("AT32") for place in range(300)}
    values["peer_learning"] |= {"right_at_start": 0.3, "undecided_at_start": 0.5}
    state = founded(values).state
    right = state.brokers.practices == state.clock.right_practice[0]
    error = 3 * (0.25 / (300 * PRACTICES)) ** 0.5
    assert right.mean() == pytest.approx(0.3, abs=error)
    assert (state.brokers.practices == 0).mean() == pytest.approx(0.5, abs=error)
    assert state.brokers.skill.mean() == pytest.approx(0.55, abs=error)


def test_a_body_wants_the_same_whatever_the_policy_is():
    formal, flexible = members(decision="unanimity"), members(decision="none")
    for column in ("mandate", "tolerance", "identity"):
        assert (getattr(formal, column) == getattr(flexible, column)).all()
