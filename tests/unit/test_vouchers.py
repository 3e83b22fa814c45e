import numpy as np
import pytest

from simulation.codes import Account, Kind, Source
from simulation.mechanisms.finance import settle
from simulation.mechanisms.knowledge_exchange import learn
from simulation.money import cents, spent_cents
from simulation.state import NOBODY
from tests.unit.test_calls import a_call, after_calls, funded

VOUCHER = {"voucher": True, "budget_keur": 1000.0, "grant_share": 0.8}


def with_suppliers(world):
    """Suppliers know what firms need, and have room."""
    organisations = world.state.organisations
    supplies = np.isin(organisations.kind, [Kind.UNIVERSITY, Kind.PROVIDER])
    organisations.size[supplies] = 200.0


def after_vouchers(change=None, **changes):
    def prepared(world):
        with_suppliers(world)
        if change is not None:
            change(world)

    return after_calls(a_call(**VOUCHER | changes), smes=20, change=prepared)


def members_of(world):
    members = world.state.projects.members
    return members[:, 0], members[:, 1]


def test_a_voucher_joins_an_sme_and_a_provider_or_university():
    firms, suppliers = members_of(after_vouchers())
    world = after_vouchers()
    kind = world.state.organisations.kind
    assert len(firms) > 3
    assert (kind[firms] == Kind.SME).all()
    assert set(kind[suppliers].tolist()) <= {Kind.UNIVERSITY, Kind.PROVIDER}
    assert len(set(firms.tolist())) == len(firms)


def test_a_supplier_serves_no_more_than_it_has_room_for():
    world = after_vouchers()
    _, suppliers = members_of(world)
    assert np.bincount(suppliers).max() <= world.scenario.matching.running_projects
    assert np.bincount(suppliers).max() > 1


def test_only_the_firm_is_granted_and_pays_its_own_share():
    world = after_vouchers(grant_keur=12.0)
    firms, suppliers = members_of(world)
    organisations = world.state.organisations
    before = organisations.capital_cents.copy()
    organisations.size[:] = 0.0
    settle(world)
    assert organisations.granted[firms].all()
    assert not organisations.granted[suppliers].any()
    grants = world.state.projects.grant_paid_cents
    own = before[firms] - organisations.capital_cents[firms]
    assert own.tolist() == np.floor(grants * 0.25 + 0.5).astype(np.int64).tolist()
    assert (organisations.capital_cents[suppliers] == before[suppliers]).all()
    assert own.sum() == spent_cents(world.state, (Account.INVESTMENT,), (Source.OWN,))


def test_where_every_region_has_a_purse_the_firms_region_pays_wherever_the_supplier_sits():
    call = a_call(**VOUCHER | {"budget_keur": 100.0}, partnership="p")
    world = after_calls(call, smes=20, members=2, change=with_suppliers)
    firms, suppliers = members_of(world)
    region, state = world.state.organisations.region, world.state
    assert (region[firms] != region[suppliers]).any()
    first = int(state.calls.first_purse[0])
    committed = [state.projects.grant_cents[region[firms] == place].sum() for place in (0, 1)]
    assert state.purses.committed_cents[first : first + 2].tolist() == committed
    settle(world)
    paid = [state.projects.grant_paid_cents[region[firms] == place].sum() for place in (0, 1)]
    assert state.purses.spent_cents[first : first + 2].tolist() == paid


@pytest.mark.parametrize("partners_from", ["one_region", "two_countries"])
def test_the_supplier_sits_where_the_call_says(partners_from):
    world = after_vouchers(partners_from=partners_from)
    firms, suppliers = members_of(world)
    region = world.state.organisations.region
    assert len(firms) > 0
    assert ((region[firms] == region[suppliers]) == (partners_from == "one_region")).all()


def test_knowledge_flows_from_the_supplier_to_the_firm():
    world = after_vouchers()
    firms, suppliers = members_of(world)
    knowledge = world.state.organisations.knowledge
    gap = knowledge[suppliers[0]].astype(float) - knowledge[firms[0]]
    domain = int(np.argmax(gap))
    before = knowledge[firms[0], domain]
    learn(world)
    assert gap[domain] > 0.05
    assert knowledge[firms[0], domain] > before


def test_a_firm_that_no_supplier_can_help_does_not_apply():
    def know_everything(world):
        organisations = world.state.organisations
        organisations.knowledge[organisations.kind == Kind.SME] = 1.0

    world = after_vouchers(change=know_everything)
    assert int(world.state.calls.applications[0]) == 0
    assert len(funded(world)) == 0


def test_a_single_beneficiary_without_a_voucher_brings_nobody():
    world = after_calls(a_call())
    assert (world.state.projects.members[:, 1] == NOBODY).all()


def test_of_ten_vouchers_refused_one_ninth_of_the_projects_would_start_anyway():
    call = a_call(**VOUCHER | {"budget_keur": 0.0}, partners_from="anywhere")
    world = after_calls(call, smes=200, rules={"refused_start": 1 / 9}, change=with_suppliers)
    applications = int(world.state.calls.applications[0])
    assert applications > 100
    assert len(world.state.projects) <= 2 * applications / 9
    assert len(world.state.projects) > 0
    assert world.state.purses.committed_cents.sum() == cents(0.0)
