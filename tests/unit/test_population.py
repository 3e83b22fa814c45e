import numpy as np
import pytest

from simulation.codes import Kind
from simulation.state import NOBODY
from tests.verification_runs import ecosystem, founded


def by_cluster(organisations, kind):
    return np.bincount(organisations.cluster[organisations.kind == kind], minlength=4).tolist()


def test_every_cluster_has_its_smes_and_a_region_its_universities():
    values = ecosystem(smes=7)
    values["population"] |= {"providers_per_cluster": 3, "large_per_cluster": 0, "universities_per_region": 1}
    organisations = founded(values).state.organisations
    assert by_cluster(organisations, Kind.SME) == [7] * 4
    assert by_cluster(organisations, Kind.PROVIDER) == [3] * 4
    assert by_cluster(organisations, Kind.LARGE) == [0] * 4
    universities = organisations.region[organisations.kind == Kind.UNIVERSITY]
    assert np.bincount(universities).tolist() == [1, 1]


def test_the_weight_of_a_region_scales_its_smes():
    values = ecosystem(smes=7)
    values["regions"]["AT32"]["smes_weight"] = 0.5
    assert by_cluster(founded(values).state.organisations, Kind.SME) == [4, 4, 7, 7]


def test_a_university_of_the_scenario_is_an_organisation_of_its_region():
    values = ecosystem()
    values["universities"]["u"] = {"name": "U", "region": "DE21", "kind": "university"}
    state = founded(values).state
    row = int(state.members.row[state.members.kind == 3][0])
    assert state.organisations.kind[row] == Kind.UNIVERSITY
    assert state.organisations.region[row] == 1
    assert state.members.identity[state.members.kind == 3][0] == state.organisations.identity[row]


def test_a_university_outside_is_nobody_in_the_market():
    values = ecosystem()
    values["regions"]["ZZ"] = {
        "name": "Elsewhere",
        "country": "CN",
        "latitude": 35.0,
        "longitude": 103.0,
        "external": True,
    }
    values["universities"]["u"] = {"name": "U", "region": "ZZ", "kind": "university"}
    members = founded(values).state.members
    assert members.row[members.kind == 3].tolist() == [NOBODY]


def test_identities_are_unique():
    state = founded(ecosystem(smes=40)).state
    for identity in (state.organisations.identity, state.members.identity, state.brokers.identity):
        assert len(np.unique(identity)) == len(identity)


def test_a_share_of_the_smes_and_nobody_else_is_registered_in_its_own_region():
    state = founded(ecosystem(smes=150)).state
    organisations = state.organisations
    registered = organisations.broker != NOBODY
    sme = organisations.kind == Kind.SME
    assert not registered[~sme].any()
    assert registered[sme].mean() == pytest.approx(0.3, abs=3 * (0.21 / sme.sum()) ** 0.5)
    assert (state.brokers.region[organisations.broker[registered]] == organisations.region[registered]).all()


def test_a_park_fills_its_places_with_smes_of_its_region_each_in_one_park():
    values = ecosystem()
    for name, places in (("p1", 5), ("p2", 100)):
        values["parks"][name] = {"name": name, "region": "DE21", "kind": "incubator", "places": places}
    organisations = founded(values).state.organisations
    tenants = organisations.park != NOBODY
    assert np.bincount(organisations.park[tenants]).tolist() == [5, 7]
    assert (organisations.kind[tenants] == Kind.SME).all()
    assert (organisations.region[tenants] == 1).all()


def test_founding_ties_join_each_pair_once_with_trust_that_has_faded():
    values = ecosystem(smes=60)
    state = founded(values).state
    ties = state.ties
    assert (ties.first < ties.second).all()
    assert len(np.unique(ties.first.astype(np.int64) << 32 | ties.second)) == len(ties)
    assert ties.trust.max() <= np.float32(0.25)
    assert ties.trust.min() >= np.float32(0.25 * 0.98**79)
    assert 2.0 * len(ties) / len(state.organisations) == pytest.approx(8.0, abs=0.8)


def test_the_youngest_firms_are_founded_on_the_day_before_the_warm_up():
    without, before = (founded(ecosystem(smes=60) | {"warm_up_months": months}) for months in (0, 5))
    born = without.state.organisations.born_month
    assert born.max() == 0
    assert (before.state.organisations.born_month == born - 5).all()
