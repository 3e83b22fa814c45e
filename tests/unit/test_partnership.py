import numpy as np
import pytest

from simulation.codes import PartnershipStatus
from simulation.mechanisms.engagement import engage
from simulation.mechanisms.partnership import agree_and_renew, found_partnerships
from simulation.state import NEVER
from tests.verification_runs import ecosystem, founded

REGIONS = ("AT13", "AT32", "DE11", "DE21")


def world_with(members=4, engagement=None, starts_month=1, **attributes):
    values = ecosystem(regions=REGIONS, members=members, **attributes)
    values["engagement"] |= {"drift": 0.0, "joining_rate": 0.0, **(engagement or {})}
    values["programme"]["starts_month"] = starts_month
    return founded(values).world


def pass_months(world, last, signing=None):
    """Months up to ``last``, in which so many of the four members can sign."""
    members, partnerships = world.state.members, world.state.partnerships
    for month in range(world.month + 1, last + 1):
        world.month = month
        found_partnerships(world)
        if signing is not None:
            members.can_sign[:] = np.arange(len(members)) < signing
            partnerships.objective_agreement[:] = signing / len(members)
        agree_and_renew(world)
        engage(world)


def status(world):
    return PartnershipStatus(int(world.state.partnerships.status[0]))


def test_founders_come_together_when_the_programme_begins():
    world = world_with(decision="none", starts_month=3)
    pass_months(world, 2)
    assert status(world) is PartnershipStatus.NOT_FOUNDED
    assert not world.state.members.present.any()
    pass_months(world, 3)
    assert world.state.members.joined_month.tolist() == [3] * 4
    assert world.state.partnerships.founded_month[0] == world.state.partnerships.active_month[0] == 3


def test_without_a_decision_it_is_open_and_active_at_once_and_never_signed():
    world = world_with(decision="none")
    pass_months(world, 5, signing=4)
    assert status(world) is PartnershipStatus.OPEN
    assert world.state.partnerships.active[0]
    assert world.state.partnerships.negotiating[0]
    assert world.state.partnerships.signed_month[0] == NEVER


@pytest.mark.parametrize(
    ("decision", "quorum", "signing", "signed"),
    [
        ("unanimity", 1.0, 3, False),
        ("unanimity", 1.0, 4, True),
        ("unanimity", 0.5, 3, False),
        ("majority", 2 / 3, 3, True),
        ("majority", 2 / 3, 2, False),
        ("majority", 0.75, 3, True),
    ],
)
def test_it_is_signed_when_the_quorum_can_sign(decision, quorum, signing, signed):
    world = world_with(decision=decision, quorum=quorum, deadline_months=0)
    pass_months(world, 1, signing)
    assert (world.state.partnerships.signed_month[0] == 1) == signed
    assert bool(world.state.partnerships.active[0]) == signed
    staying = [True] * signing + [False] * (4 - signing) if signed else [True] * 4
    assert world.state.members.present.tolist() == staying


@pytest.mark.parametrize(
    ("fallback", "left"),
    [("letter_of_intent", PartnershipStatus.LETTER_OF_INTENT), ("none", PartnershipStatus.DISSOLVED)],
)
def test_the_deadline_is_counted_from_the_first_round(fallback, left):
    world = world_with(
        decision="unanimity", deadline_months=5, fallback=fallback, starts_month=3, floor=0.8, enforcement=1.0
    )
    pass_months(world, 6, signing=3)
    assert status(world) is PartnershipStatus.NEGOTIATING
    assert not world.state.partnerships.active[0]
    pass_months(world, 7, signing=3)
    assert status(world) is left
    letter = left is PartnershipStatus.LETTER_OF_INTENT
    assert bool(world.state.partnerships.active[0]) == letter
    assert not world.state.partnerships.bound[0]
    assert not world.state.partnerships.negotiating[0]
    assert world.state.members.present.tolist() == [letter] * 4
    assert world.state.partnerships.signed_month[0] == NEVER


def test_a_renewal_is_negotiated_while_the_old_agreement_holds():
    world = world_with(
        decision="unanimity", quorum=1.0, deadline_months=0, term_months=6, renewal_months=3, fallback="none"
    )
    pass_months(world, 1, signing=4)
    pass_months(world, 6, signing=3)
    assert status(world) is PartnershipStatus.AGREED
    assert not world.state.partnerships.negotiating[0]
    pass_months(world, 9, signing=3)
    assert world.state.partnerships.negotiating[0]
    assert world.state.partnerships.active[0]
    pass_months(world, 10, signing=3)
    assert status(world) is PartnershipStatus.DISSOLVED


def test_a_renewal_that_succeeds_leaves_the_first_signature():
    world = world_with(decision="unanimity", deadline_months=0, term_months=6, renewal_months=3)
    pass_months(world, 1, signing=4)
    pass_months(world, 8, signing=4)
    assert status(world) is PartnershipStatus.AGREED
    assert world.state.partnerships.signed_month[0] == 1
    assert world.state.partnerships.term_end_month[0] == 8 + 6 - 1


def test_what_is_owed_is_given_in_the_share_of_months_in_which_it_is_enforced():
    for enforcement, engagement in ((1.0, 0.8), (0.0, 0.1)):
        world = world_with(decision="none", floor=0.8, enforcement=enforcement)
        pass_months(world, 60)
        assert world.state.members.engagement == pytest.approx(engagement, abs=0.01)


def test_nobody_leaves_who_is_bound_and_everybody_who_drifts():
    for binding, staying in ((1.0, 4), (0.0, 0)):
        world = world_with(engagement={"drift": 1.0}, decision="none", binding=binding)
        pass_months(world, 2)
        assert world.state.members.present.sum() == staying


def test_success_keeps_members():
    world = world_with(engagement={"drift": 1.0, "half_success": 0.0001}, decision="none")
    found_partnerships(world)
    world.month = 1
    found_partnerships(world)
    world.state.members.success[:] = 1000.0
    engage(world)
    assert world.state.members.present.all()


def test_the_lead_passes_to_the_most_engaged_when_it_leaves():
    world = world_with(engagement={"drift": 1.0, "half_success": 0.0001}, decision="none")
    world.month = 1
    found_partnerships(world)
    world.state.members.success[:] = [0.0, 1000.0, 1000.0, 1000.0]
    world.state.members.engagement[:] = [0.9, 0.3, 0.9, 0.5]
    engage(world)
    assert world.state.members.present.tolist() == [False, True, True, True]
    assert world.state.partnerships.lead[0] == 2


@pytest.mark.parametrize(("eligible", "joined"), [("neighbourhood", [True] * 4), ("named", [True, True, False, True])])
def test_who_may_join_is_named_or_near(eligible, joined):
    values = ecosystem(regions=REGIONS, members=2, decision="none", eligible=eligible)
    values["partnerships"]["p"]["named"] = ["b3"]
    values["engagement"] |= {"drift": 0.0, "joining_rate": 1.0, "half_success": 0.0001}
    for region in REGIONS:
        values["regions"][region]["neighbours"] = [other for other in REGIONS if other != region]
    world = founded(values).world
    world.month = 1
    found_partnerships(world)
    world.state.members.success[:2] = 1e6
    engage(world)
    assert world.state.members.present.tolist() == joined


def test_nobody_joins_from_afar():
    values = ecosystem(regions=REGIONS, members=2, decision="none", eligible="neighbourhood")
    values["engagement"] |= {"drift": 0.0, "joining_rate": 1.0, "half_success": 0.0001}
    for region in REGIONS:
        values["regions"][region]["neighbours"] = []
    world = founded(values).world
    world.month = 1
    found_partnerships(world)
    world.state.members.success[:2] = 1e6
    engage(world)
    assert world.state.members.present.tolist() == [True, True, False, False]


def test_who_left_does_not_come_back():
    world = world_with(engagement={"joining_rate": 1.0, "half_success": 0.0001}, decision="none")
    world.month = 1
    found_partnerships(world)
    world.state.members.success[:] = 1e6
    world.state.members.present[3], world.state.members.left_month[3] = False, 1
    for world.month in range(2, 30):
        engage(world)
    assert not world.state.members.present[3]


def test_one_member_alone_is_no_partnership():
    world = world_with(members=1, decision="none")
    pass_months(world, 1)
    assert status(world) is PartnershipStatus.DISSOLVED
    assert world.state.members.left_month[0] == 1
