import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels import peer_learning
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference import peer_learning as plain
from tests.twin.cases import assert_equals_its_twin

LONGS = st.integers(0, 2**64 - 1).map(np.uint64)
MONTHS = st.integers(0, 500)
SHARES = st.sampled_from([0.0, 0.3, 0.5, 1.0])
BELIEFS = st.integers(-1, 1)


@st.composite
def staffs(draw):
    """An address, individuals with their beliefs, what is so and what the code says."""
    count, dimensions = draw(st.integers(0, 7)), draw(st.integers(1, 6))
    return (
        (draw(LONGS), draw(MONTHS)),
        draw(arrays(np.uint64, count)),
        draw(arrays(np.int8, (count, dimensions), elements=BELIEFS)),
        draw(arrays(np.int8, dimensions, elements=st.sampled_from([-1, 1]))),
        draw(arrays(np.int8, dimensions, elements=BELIEFS)),
    )


def compare(name, *arguments):
    """Kernel and twin agree in every belief, and change nothing in place."""
    before = [np.copy(argument) for argument in arguments]
    mine = getattr(peer_learning, name)(*arguments)
    assert mine.dtype == np.int8
    assert mine.tolist() == getattr(plain, name)(*arguments)
    assert all((np.asarray(now) == then).all() for now, then in zip(arguments, before, strict=True))


@given(address=st.tuples(LONGS, MONTHS), identity=LONGS, dimensions=st.integers(0, 20))
def test_dimensions_are_drawn_as_by_the_twin(address, identity, dimensions):
    (key, month), purpose = address, np.int64(Purpose.PRACTICE_ACTION)
    asked = (key, purpose, month, identity, np.empty(dimensions))
    assert_equals_its_twin(peer_learning.draw_dimensions, plain.draw_dimensions, *asked)


@given(staff=staffs(), turnover=SHARES)
def test_who_leaves_is_who_leaves_by_the_twin(staff, turnover):
    address, identities, _, _, _ = staff
    assert_equals_its_twin(peer_learning.staff_leaving, plain.staff_leaving, *address, identities, turnover)


@given(staff=staffs(), right=SHARES, undecided=SHARES)
def test_newcomers_believe_what_the_twin_says(staff, right, undecided):
    address, identities, _, reality, _ = staff
    compare("founding_beliefs", *address, identities, reality, right, undecided)


@given(staff=staffs())
def test_individuals_act_as_the_twin_says(staff):
    address, identities, beliefs, _, _ = staff
    compare("act", *address, identities, beliefs)


@given(data=st.data(), staff=staffs())
def test_individuals_learn_from_the_code_as_the_twin_says(data, staff):
    address, identities, beliefs, _, code = staff
    probability = data.draw(arrays(np.float64, len(identities), elements=SHARES))
    compare("socialise", *address, identities, beliefs, code, probability)


@given(data=st.data(), staff=staffs(), identity=LONGS, probability=SHARES)
def test_the_code_learns_what_the_twin_says(data, staff, identity, probability):
    address, identities, beliefs, _, code = staff
    actions = np.where(beliefs == 0, np.int8(1), beliefs)
    superior = data.draw(arrays(np.bool_, len(identities)))
    compare("code_learns", *address, identity, code, actions, superior, probability)


@given(staff=staffs(), turnover=SHARES, right=SHARES, undecided=SHARES)
def test_staff_are_replaced_as_the_twin_says(staff, turnover, right, undecided):
    address, identities, beliefs, reality, _ = staff
    compare("replace_staff", *address, identities, beliefs, reality, turnover, right, undecided)


@given(staff=staffs(), probability=SHARES)
def test_brokers_are_taught_what_the_twin_says(staff, probability):
    address, identities, beliefs, reality, _ = staff
    compare("train", *address, identities, beliefs, reality, probability)


@given(staff=staffs(), identity=LONGS, turbulence=SHARES)
def test_reality_turns_as_the_twin_says(staff, identity, turbulence):
    address, _, _, reality, _ = staff
    compare("turn_reality", *address, identity, reality, turbulence)


@given(data=st.data(), staff=staffs())
def test_hosts_are_those_of_the_twin(data, staff):
    address, identities, _, _, _ = staff
    count = len(identities)
    skill = data.draw(arrays(np.float64, count, elements=st.sampled_from([0.0, 0.5, 0.65, 1.0])))
    group = data.draw(arrays(np.int64, count, elements=st.integers(0, 1)))
    visiting = data.draw(arrays(np.bool_, count, elements=st.sampled_from([True, True, False])))
    hosts = peer_learning.better_peers(*address, identities, skill, group, visiting)
    assert hosts.dtype == np.int64
    assert hosts.tolist() == plain.better_peers(*address, identities, skill, group, visiting)


def test_of_hosts_with_one_identity_the_first_is_visited_as_in_the_twin():
    identities = np.array([9, 4, 4, 4], np.uint64)
    who = (identities, np.array([0.1, 0.9, 0.9, 0.8]), np.zeros(4, np.int64), np.ones(4, np.bool_))
    hosts = peer_learning.better_peers(np.uint64(5), 7, *who)
    assert hosts.tolist() == plain.better_peers(np.uint64(5), 7, *who) == [1, NOBODY, NOBODY, 1]


@given(data=st.data(), staff=staffs())
def test_visitors_learn_what_the_twin_says(data, staff):
    address, identities, beliefs, _, _ = staff
    count = len(identities)
    hosts = data.draw(arrays(np.int64, count, elements=st.integers(NOBODY, count - 1)))
    adoption = data.draw(arrays(np.float64, count, elements=SHARES))
    compare("visit", *address, identities, beliefs, hosts, adoption)


@given(staff=staffs())
def test_performance_and_skill_are_those_of_the_twin(staff):
    _, _, beliefs, reality, _ = staff
    assert_equals_its_twin(peer_learning.performance, plain.performance, beliefs, reality)
    assert_equals_its_twin(peer_learning.skill, plain.skill, beliefs, reality)


@given(staff=staffs(), code_identity=LONGS, read=SHARES, written=SHARES, coin=st.booleans())
def test_a_period_of_the_code_is_that_of_the_twin(staff, code_identity, read, written, coin):
    address, identities, beliefs, reality, code = staff
    question = (*address, identities, code_identity, beliefs, code, reality, np.full(len(beliefs), read), written, coin)
    assert_equals_its_twin(peer_learning.learn_through_code, plain.learn_through_code, *question)
