import numpy as np
import pytest

from simulation.codes import Account, Source
from simulation.mechanisms.governance import coordinate, meetings
from simulation.mechanisms.partnership import found_partnerships
from simulation.money import cents, spent_cents
from simulation.state import NOBODY
from tests.verification_runs import broker, ecosystem, founded

DAY_KEUR, POST = 0.35, 12


def coordinated(month=1, months=1, members=2, posts=1.0, **attributes):
    """Brokers after so many months of coordination, a call for each; free to join, without fees."""
    values = ecosystem(
        regions=("AT13", "AT32", "DE11", "DE21"),
        members=members,
        **{"decision": "none", "joining_cost_keur": 0.0, "fee_keur": 0.0, **attributes},
    )
    for each in values["brokers"].values():
        each["posts"] = posts
    world = founded(values).world
    world.month = month
    found_partnerships(world)
    for _ in range(months):
        coordinate(world)
        world.month += 1
    return world


def spent(world, source):
    return spent_cents(world.state, (Account.COORDINATION,), (source,))


def test_meetings_of_every_pair_of_each_with_the_centre_and_of_the_lead_with_all():
    assert meetings("shared", 4, 6.0) == (0.5, 0.5)
    assert meetings("lead", 4, 6.0) == (1 / 6, 4 / 6)
    assert meetings("nao", 4, 6.0) == (1 / 6, 1 / 6)


def test_shared_meetings_grow_with_the_square_of_members():
    assert [n * meetings("shared", n, 6.0)[0] for n in (2, 4, 8)] == pytest.approx([n * (n - 1) / 6 for n in (2, 4, 8)])


def test_a_broker_without_a_partnership_has_all_its_cases_and_none_for_partners():
    world = coordinated(founded=False)
    assert world.state.brokers.case_capacity.tolist() == [POST] * 4
    assert world.state.brokers.partner_case_capacity.tolist() == [0] * 4
    assert spent(world, Source.REGIONAL) == 0


@pytest.mark.parametrize(("posts", "cases"), [(0.5, 6.0), (2.0, 24.0), (0.3, 3.6)])
def test_cases_are_posts_times_twelve_on_average(posts, cases):
    worlds = [coordinated(month=month, members=0, posts=posts) for month in range(1, 26)]
    capacity = np.concatenate([world.state.brokers.case_capacity for world in worlds])
    assert capacity.mean() == pytest.approx(cases, abs=3 * 0.5 / 10)
    assert np.abs(capacity - cases).max() < 1.0


def test_meetings_take_time_from_cases_and_are_paid_by_the_regions():
    world = coordinated(members=4, coordination="shared")
    assert world.state.brokers.days.tolist() == pytest.approx([20.0 - 3 / 6 * 0.5] * 4)
    assert spent(world, Source.REGIONAL) == cents(4 * 3 / 6 * 0.5 * DAY_KEUR)


def test_a_lead_gives_more_time_than_others():
    days = coordinated(members=4, coordination="lead").state.brokers.days
    assert days[0] < days[1] == days[2] == days[3] < 20.0


def test_a_lead_with_too_few_days_limits_everybodys_partner_cases():
    world = coordinated(members=4, coordination="lead")
    assert world.state.partnerships.capacity_share[0] == 1.0
    world.state.members.offers[0] = 400.0
    coordinate(world)
    assert world.state.partnerships.capacity_share[0] == pytest.approx(20.0 / (4 / 6 * 0.5 + 400.0 * 0.25))
    assert (world.state.brokers.partner_case_capacity <= 1).all()


def test_an_administrative_organisation_works_after_its_set_up_and_until_its_funding_ends():
    shares = dict.fromkeys((1, 6, 7, 8))
    values = ecosystem(members=2, coordination="nao", decision="none")
    values["programme_end_month"] = 7
    world = founded(values).world
    for world.month in range(1, 9):
        found_partnerships(world)
        coordinate(world)
        if world.month in shares:
            shares[world.month] = float(world.state.partnerships.capacity_share[0])
    assert shares == {1: 0.0, 6: 0.0, 7: 1.0, 8: 0.0}
    assert spent(world, Source.EU) == 7 * cents(20.0 * DAY_KEUR)


def test_fees_are_paid_while_the_agreement_binds():
    with_fee, without = coordinated(members=4, fee_keur=12.0), coordinated(members=4)
    assert spent(with_fee, Source.REGIONAL) - spent(without, Source.REGIONAL) == pytest.approx(cents(4.0), abs=1)


def test_a_broker_acts_for_its_own_membership_before_that_of_its_parent():
    values = ecosystem(members=0)
    values["authorities"]["a"] = {"name": "A", "region": "AT32", "kind": "region"}
    values["brokers"]["b2"] = broker("AT32", parent="a")
    values["partnerships"]["p"] = {"name": "P", "founders": ["a", "b1"], "lead": "a"}
    world = founded(values).world
    world.month = 1
    found_partnerships(world)
    coordinate(world)
    acting_for = world.state.brokers.member
    assert acting_for[1] == 1
    assert acting_for[2] == 3
    assert acting_for[0] == 3  # the authority names no broker, so those of its region are its own
    world.state.members.present[3] = False
    coordinate(world)
    assert world.state.brokers.member.tolist() == [NOBODY, 1, NOBODY]
