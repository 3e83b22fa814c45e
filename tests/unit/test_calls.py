import numpy as np
import pytest

from simulation.codes import Channel, Kind, Source
from simulation.kernels.calls import fund_in_order
from simulation.mechanisms.calls import run_calls
from simulation.mechanisms.partnership import found_partnerships
from simulation.money import cents
from simulation.state import NOBODY
from tests.verification_runs import ecosystem, founded

ALL_APPLY = {"apply_probability": 1.0, "refused_start": 0.0, "evaluation_error": 0.0}


def a_call(**changes):
    return {
        "name": "C",
        "opens_month": 1,
        "closes_month": 1,
        "budget_keur": 30.0,
        "grant_keur": 10.0,
        "grant_share": 0.5,
        "beneficiaries": "single",
        "partners_from": "anywhere",
        "source_of_money": "national",
        **changes,
    }


def after_calls(*calls, months=1, members=0, smes=12, rules=None, pot="virtual", change=None, **sections):
    """The world after so many months in which nothing but the calls happens; everybody is registered and near."""
    values = ecosystem(members=members, smes=smes, decision="none", pot=pot)
    values["applications"] |= ALL_APPLY | (rules or {})
    values["enrolment"]["registered_at_start"] = 1.0
    values["networks"]["gravity_border"] = 1.0
    values["networks"]["mean_degree"] = 12.0
    values["calls"] = {f"c{place}": call for place, call in enumerate(calls)}
    for section, changes in sections.items():
        values[section] |= changes
    world = founded(values).world
    world.state.organisations.broker[:] = 0
    if change is not None:
        change(world)
    for world.month in range(1, months + 1):
        found_partnerships(world)
        run_calls(world)
    return world


def funded(world):
    return world.state.projects.grant_cents[world.state.projects.grant_cents > 0]


def fund(left, *pairs, least=0, largest=100, alone=False, room=None, side=None):
    first, second = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    organisations = 10
    left = np.array(left, dtype=np.int64)
    grant = fund_in_order(
        np.arange(len(first)),
        first,
        second,
        np.array(side or [0] * organisations),
        left,
        least,
        largest,
        alone,
        np.array(room or [1] * organisations),
    )
    return grant.tolist(), left.tolist()


def test_the_best_are_funded_until_the_budget_is_spent_to_the_cent():
    assert fund([250], (0, NOBODY), (1, NOBODY), (2, NOBODY), (3, NOBODY)) == ([100, 100, 50, 0], [0])


def test_nothing_is_granted_below_the_smallest_ticket():
    assert fund([250], (0, NOBODY), (1, NOBODY), (2, NOBODY), least=60) == ([100, 100, 0], [50])
    assert fund([500, 20], (0, 1), (2, NOBODY), least=50, side=[0, 1] + [0] * 8) == ([0, 100], [400, 20])


def test_a_supplier_is_paid_by_the_beneficiary_alone_and_serves_as_many_as_it_has_room_for():
    room = [1, 1, 1, 2] + [1] * 6
    granted = fund([250, 0], (0, 3), (1, 3), (2, 3), alone=True, room=room, side=[0, 0, 0, 1] + [0] * 6)
    assert granted == ([100, 100, -1], [50, 0])


def test_nobody_is_funded_twice():
    assert fund([500], (0, 1), (1, 2), (3, NOBODY)) == ([100, -1, 100], [300])


def test_with_two_purses_each_side_pays_half_and_the_first_the_odd_cent():
    assert fund([500, 500], (0, 1), largest=101, side=[0, 1] + [0] * 8) == ([101], [449, 450])


def test_a_project_needs_both_sides():
    assert fund([500, 0], (0, 1), side=[0, 1] + [0] * 8) == ([0], [500, 0])
    assert fund([500, 30], (0, 1), side=[0, 1] + [0] * 8) == ([60], [470, 0])


def test_every_call_commits_its_budget_from_its_source():
    world = after_calls(a_call())
    assert funded(world).tolist() == [cents(10.0)] * 3
    purse = int(world.state.calls.first_purse[0])
    assert world.state.purses.committed_cents[purse] == world.state.purses.received_cents[purse] == cents(30.0)
    assert world.state.purses.source[purse] == Source.NATIONAL
    assert world.state.organisations.granted.sum() == 3


def test_single_beneficiaries_are_registered_smes_without_a_project():
    def some_are_busy(world):
        world.state.organisations.running_projects[:5] = 1
        world.state.organisations.broker[5:10] = NOBODY
        world.state.organisations.capital_cents[10] = -1

    world = after_calls(a_call(budget_keur=1000.0), change=some_are_busy)
    beneficiaries = world.state.projects.members[:, 0]
    organisations = world.state.organisations
    eligible = np.flatnonzero((organisations.kind == Kind.SME) & (np.arange(len(organisations)) > 10))
    assert sorted(beneficiaries.tolist()) == eligible.tolist()
    assert (world.state.projects.member_count == 1).all()
    assert (world.state.projects.channel == Channel.CALL).all()


def test_pairs_know_each_other_and_are_worth_it():
    world = after_calls(a_call(beneficiaries="pair", budget_keur=1000.0))
    ties, projects = world.state.ties, world.state.projects
    known = set(zip(ties.first.tolist(), ties.second.tolist(), strict=True))
    pairs = np.sort(projects.members[:, :2], axis=1)
    assert len(pairs) > 3
    assert {tuple(pair) for pair in pairs.tolist()} <= known
    assert (projects.surplus >= np.float32(0.05)).all()
    assert len(np.unique(pairs)) == pairs.size


def seats_of_pairs(**changes):
    """Regions and countries of the two of every funded pair; two regions of Austria and one of Germany."""
    call = a_call(beneficiaries="pair", budget_keur=1000.0, **changes)
    world = after_calls(call, smes=30, population={"regions": ["AT32", "AT13", "DE21"]})
    assert len(funded(world)) > 0
    regions = world.state.organisations.region[world.state.projects.members[:, :2]]
    return regions, world.geography.country[regions]


def shares_of_pairs(**changes):
    """Whether some pairs sit in one region, in two regions of a country, in two countries."""
    regions, countries = seats_of_pairs(**changes)
    together, at_home = regions[:, 0] == regions[:, 1], countries[:, 0] == countries[:, 1]
    return together.any(), (at_home & ~together).any(), (~at_home).any()


@pytest.mark.parametrize(
    ("partners_from", "found"),
    [
        ("anywhere", (True, True, True)),
        ("one_region", (True, False, False)),
        ("one_country", (True, True, False)),
        ("two_countries", (False, False, True)),
    ],
)
def test_the_two_of_a_pair_sit_where_the_call_says(partners_from, found):
    assert shares_of_pairs(partners_from=partners_from) == found


@pytest.mark.parametrize("partners_from", ["anywhere", "one_region", "one_country", "two_countries"])
def test_a_single_beneficiary_may_sit_anywhere(partners_from):
    world = after_calls(a_call(partners_from=partners_from))
    assert len(funded(world)) == 3


def test_the_better_applications_are_funded():
    def judged(error):
        call = a_call(beneficiaries="pair", budget_keur=100.0, grant_keur=10.0)
        world = after_calls(call, smes=60, rules={"evaluation_error": error})
        return world.state.projects.surplus.mean()

    assert judged(0.0) > judged(3.0)


def test_without_money_a_refused_one_starts_with_the_share_that_would_have_done_so_anyway():
    world = after_calls(a_call(budget_keur=0.0), smes=400, rules={"refused_start": 0.25})
    applications = int(world.state.calls.applications[0])
    assert applications == 1600
    started = len(world.state.projects) / applications
    assert started == pytest.approx(0.25, abs=3 * (0.1875 / applications) ** 0.5)
    assert len(funded(world)) == 0
    assert not world.state.organisations.granted.any()
    assert (world.state.projects.channel == Channel.FRIENDS).all()


def test_nothing_is_decided_before_a_call_closes():
    call = a_call(closes_month=3)
    assert len(after_calls(call, months=2).state.projects) == 0
    world = after_calls(call, months=3)
    assert len(world.state.projects) == 3
    assert world.state.calls.decided[0]
    assert len(world.state.applications) == 0


def test_regions_and_sectors_limit_who_is_eligible():
    world = after_calls(a_call(regions=["DE21"], sectors=["health"], budget_keur=1000.0))
    organisations, members = world.state.organisations, world.state.projects.members[:, 0]
    assert set(organisations.region[members].tolist()) == {1}
    assert set(organisations.sector[members].tolist()) == {1}


def test_the_call_of_a_partnership_is_closed_while_it_is_inactive():
    call = a_call(partnership="p")
    assert len(after_calls(call, members=2).state.projects) > 0
    world = after_calls(call, members=2, partnership={"decision": "unanimity", "deadline_months": 0})
    assert len(world.state.projects) == 0
    assert world.state.calls.first_purse[0] == NOBODY


def test_a_virtual_pot_has_a_purse_for_every_region_and_a_real_one_pools_the_same_money():
    call = a_call(partnership="p", budget_keur=0.00003)
    parts = {}
    for pot in ("virtual", "real"):
        world = after_calls(call, members=2, pot=pot)
        first, count = int(world.state.calls.first_purse[0]), int(world.state.calls.purse_count[0])
        parts[pot] = world.state.purses.received_cents[first : first + count].tolist()
    assert parts == {"virtual": [2, 1], "real": [3]}


def test_a_region_whose_member_joined_after_a_virtual_pot_was_divided_has_no_money_of_others():
    def enters_late(world):
        world.state.members.founder[1] = False

    joined = after_calls(a_call(partnership="p", budget_keur=1000.0), members=2, change=enters_late)
    assert joined.state.calls.purse_count[0] == 1
    joined.state.members.present[1] = True
    joined.state.projects.clear()
    joined.state.organisations.running_projects[:] = 0
    joined.state.calls.decided[:] = False
    run_calls(joined)
    members = joined.state.projects.members[:, 0]
    assert len(members)
    assert set(joined.state.organisations.region[members].tolist()) == {0}


SEPARATE = {"across": False}


@pytest.mark.parametrize("partners_from", ["anywhere", "two_countries"])
def test_a_programme_of_separate_regions_funds_pairs_of_one_region_whatever_a_call_asks_for(partners_from):
    call = a_call(beneficiaries="pair", budget_keur=1000.0, partners_from=partners_from)
    world = after_calls(call, smes=30, programme=SEPARATE)
    assert len(funded(world)) > 0
    assert not world.state.projects.cross_region.any()


@pytest.mark.parametrize("pot", ["virtual", "real"])
@pytest.mark.parametrize("partnership", [None, "p"])
def test_separate_regions_have_equal_parts_of_every_call(pot, partnership):
    call = a_call(budget_keur=0.00003, partnership=partnership)
    world = after_calls(call, members=2, pot=pot, programme=SEPARATE)
    first, count = int(world.state.calls.first_purse[0]), int(world.state.calls.purse_count[0])
    assert world.state.purses.received_cents[first : first + count].tolist() == [2, 1]
    assert world.state.purses.region[first : first + count].tolist() == [0, 1]


@pytest.mark.parametrize("regions", [["AT32"], ["AT32", "DE21"]])
def test_in_separate_regions_a_partnerships_call_is_open_without_it_where_its_founders_sit(regions):
    call = a_call(partnership="p", budget_keur=1000.0, regions=regions)
    world = after_calls(call, members=1, partnership={"founded": False}, programme=SEPARATE)
    assert not world.state.partnerships.active.any()
    assert set(world.state.organisations.region[world.state.projects.members[:, 0]].tolist()) == {0}
    assert world.state.calls.purse_count[0] == 1


def test_in_separate_regions_no_region_spends_the_part_of_another():
    call = a_call(beneficiaries="pair", budget_keur=60.0, grant_keur=50.0)
    world = after_calls(call, smes=30, programme=SEPARATE)
    regions = world.state.organisations.region[world.state.projects.members[:, 0]]
    spent = np.bincount(regions, weights=world.state.projects.grant_cents)
    assert spent.tolist() == [cents(30.0), cents(30.0)]


def test_without_a_programme_there_is_no_call():
    assert len(after_calls(a_call(), programme={"active": False}).state.projects) == 0


@pytest.mark.parametrize("partners_sectors", ["any", "two_sectors"])
def test_a_cross_sector_call_funds_pairs_of_two_sectors_only(partners_sectors):
    call = a_call(beneficiaries="pair", budget_keur=1000.0, partners_sectors=partners_sectors)
    world = after_calls(call, smes=30)
    sectors = world.state.organisations.sector[world.state.projects.members[:, :2]]
    assert len(sectors) > 0
    assert (sectors[:, 0] == sectors[:, 1]).any() == (partners_sectors == "any")
