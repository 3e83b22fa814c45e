import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.codes import Channel
from simulation.kernels import attention as attention_kernel
from simulation.kernels import candidates as candidates_kernel
from simulation.kernels import search
from simulation.kernels import sightings as sightings_kernel
from simulation.state import NOBODY
from tests.reference import attention as plain_attention
from tests.reference import candidates as plain_candidates
from tests.reference import networks as plain_networks
from tests.reference import search as plain
from tests.reference import sightings as plain_sightings
from tests.twin.cases import Case, assert_equals_its_twin, every_case, grouped, profiles_with

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
LEVELS = st.floats(0.0, 1.0, width=32)
MONTHS = st.integers(0, 120)
BROKERS, MEMBERS, PARTNERSHIPS, REGIONS = 3, 3, 2, 2


@given(
    data=st.data(),
    key=KEYS,
    month=MONTHS,
    count=st.integers(0, 12),
    rates=st.tuples(*[st.sampled_from([0.0, 0.3, 0.5, 1.0])] * 3),
)
def test_the_twin_lets_the_same_look_for_a_partner(data, key, month, count, rates):
    question = (
        key,
        month,
        data.draw(arrays(np.uint64, count)),
        data.draw(arrays(np.int8, count, elements=st.sampled_from([0, 0, 1, 3]))),
        data.draw(arrays(np.bool_, count)),
        data.draw(arrays(np.bool_, count)),
        data.draw(arrays(np.int32, count, elements=st.integers(NOBODY, BROKERS - 1))),
        data.draw(arrays(np.bool_, BROKERS)),
        *rates,
        data.draw(arrays(np.bool_, count)),
        data.draw(st.sampled_from([0.0, 0.3, 1.0])),
    )
    seekers = search.draw_seekers(*question)
    assert seekers.dtype == np.int32
    assert seekers.tolist() == plain.draw_seekers(*question)


def network(draw, count):
    row = st.integers(0, count - 1)
    pair = st.tuples(row, row).filter(lambda ends: ends[0] != ends[1])
    listed = draw(st.lists(pair, max_size=14, unique_by=frozenset)) if count > 1 else []
    ends = np.array(listed, np.int64).reshape(-1, 2)
    offsets, neighbours, ties = plain_networks.adjacency(ends[:, 0], ends[:, 1], count)
    adjacency = np.array(offsets, np.int64), np.array(neighbours, np.int32), np.array(ties, np.int32)
    return adjacency, len(ends)


@st.composite
def ecosystems(draw):
    """What search is given of organisations, ties, brokers and members, as the mechanism lays it out."""
    count = draw(st.integers(1, 10))

    def column(dtype, low, high, size=count):
        return draw(arrays(dtype, size, elements=st.integers(low, high)))

    alive = draw(arrays(np.bool_, count, elements=st.sampled_from([True, True, True, False])))
    broker, park, group = (column(np.int32, NOBODY, last) for last in (BROKERS - 1, 1, 1))
    region = column(np.int16, 0, REGIONS - 1)
    registered = alive & (broker != NOBODY)
    adjacency, ties = network(draw, count)
    member_of_broker = column(np.int32, NOBODY, MEMBERS - 1, BROKERS)
    partnership_of_member = column(np.int16, 0, PARTNERSHIPS - 1, MEMBERS)
    acting = member_of_broker != NOBODY
    of_broker = np.where(acting, partnership_of_member[member_of_broker], NOBODY)
    profiles = profiles_with(
        identity=draw(arrays(np.uint64, count)),
        broker=broker,
        region=region,
        open_to_projects=alive & draw(arrays(np.bool_, count, elements=st.sampled_from([True, True, False]))),
        partner_client=draw(arrays(np.bool_, count, elements=st.sampled_from([True, True, False]))),
    )
    return (
        np.array([row for row in range(count) if draw(st.booleans())], np.int32),
        profiles,
        park,
        group,
        *adjacency,
        column(np.int8, 0, 1, ties),
        *grouped(broker, registered, BROKERS),
        *grouped(park, alive, 2),
        *grouped(group, alive, 2),
        *grouped(region, registered, REGIONS),
        *grouped(region, registered & draw(arrays(np.bool_, count)), REGIONS),
        member_of_broker,
        partnership_of_member,
        draw(arrays(np.float64, MEMBERS, elements=st.sampled_from([0.0, 0.5, 0.8, 1.0]))),
        draw(st.sampled_from([0.0, 0.7, 1.0])),
        *grouped(of_broker, acting, PARTNERSHIPS),
        column(np.int64, 0, 3, 7),
        draw(st.integers(0, 3)),
        column(np.int64, 0, 2, REGIONS),
        draw(st.booleans()),
        column(np.int16, 0, 1, REGIONS),
        draw(st.booleans()),
        draw(arrays(np.float32, (count, 2), elements=LEVELS)),
        draw(arrays(np.float64, (PARTNERSHIPS, 2), elements=st.sampled_from([0.0, 0.3, 1.0]))),
        draw(st.sampled_from([0.0, 0.5, 1.0])),
    )


@given(ecosystem=ecosystems(), key=KEYS, month=MONTHS)
def test_the_twin_shows_the_same_candidates_through_the_same_channels(ecosystem, key, month):
    mine = sightings_kernel.sample_candidates(key, month, *ecosystem)
    assert [column.dtype for column in mine] == [np.int32, np.int32, np.int8, np.int32]
    assert [column.tolist() for column in mine] == plain_sightings.sample_candidates(key, month, *ecosystem)


def profiles_at(case, broker, region):
    """Profiles of firms of these brokers and regions, most of which are open to projects and to partner cases."""
    count = len(broker)
    return profiles_with(
        identity=case.identities(count),
        broker=broker,
        region=region,
        open_to_projects=case.yes(0.9, count),
        partner_client=case.yes(0.9, count),
    )


def test_of_forty_organisations_the_twin_shows_the_same_through_every_channel():
    case, count = Case(3), 40
    broker, park, group = case.rows(0, BROKERS, count), case.rows(0, 2, count), case.rows(0, 2, count)
    region, registered = case.whole(np.int16, 0, 1, count), broker != NOBODY
    network, (first, _) = case.adjacency(count, 60)
    everybody, acting = np.ones(count, np.bool_), np.ones(BROKERS, np.bool_)
    profiles = profiles_at(case, broker, region)
    question = (
        *(np.arange(count, dtype=np.int32), profiles, park, group, *network, case.whole(np.int8, 0, 1, len(first))),
        *grouped(broker, registered, BROKERS),
        *grouped(park, everybody, 2),
        *grouped(group, everybody, 2),
        *grouped(region, registered, REGIONS),
        *grouped(region, registered & case.yes(0.8, count), REGIONS),
        *(np.arange(BROKERS, dtype=np.int32), np.array([0, 0, 1], np.int16), np.array([0.9, 0.8, 1.0]), 0.9),
        *grouped(np.array([0, 0, 1]), acting, PARTNERSHIPS),
        *(np.array([4, 3, 20, 2, 2, 2, 0]), 4, np.array([2, 1]), True),
        *(np.array([0, 1], np.int16), True),
        *(case.floats(np.float32, 0.0, 1.0, 2 * count).reshape(count, 2), np.eye(2), 0.5),
    )
    mine = sightings_kernel.sample_candidates(case.key, 9, *question)
    assert [column.tolist() for column in mine] == plain_sightings.sample_candidates(case.key, 9, *question)
    assert set(mine[2].tolist()) == set(range(7))


@st.composite
def sightings(draw):
    """Candidates of some seekers, row by row, and the columns that their surplus is made of."""
    count, domains = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    broker = draw(arrays(np.int32, count, elements=st.integers(0, BROKERS - 1)))
    ties = draw(st.integers(0, 6))
    seekers = draw(st.lists(st.integers(0, count - 1), max_size=3, unique=True))
    pairs = [
        (seeker, other, draw(st.integers(0, 6)))
        for seeker in seekers
        for other in draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=5, unique=True))
        if other != seeker
    ]
    seen = np.array(pairs, np.int64).reshape(-1, 3)
    return (
        (
            *(seen[:, 0].astype(np.int32), seen[:, 1].astype(np.int32), seen[:, 2].astype(np.int8)),
            draw(arrays(np.int32, len(pairs), elements=st.integers(NOBODY, ties - 1))),
        ),
        (
            draw(arrays(np.float32, (count, domains), elements=LEVELS)),
            profiles_with(
                identity=draw(arrays(np.uint64, count)),
                needs=draw(arrays(np.int8, (count, 3), elements=st.integers(0, domains - 1))),
                absorptive_capacity=draw(arrays(np.float32, count, elements=LEVELS)),
                region=draw(arrays(np.int16, count, elements=st.integers(0, REGIONS - 1))),
            ),
            broker,
            draw(arrays(np.float64, BROKERS, elements=st.sampled_from([0.0, 0.3, 0.5, 0.65, 0.9, 1.0]))),
            draw(arrays(np.float64, (REGIONS, REGIONS), elements=st.floats(0.1, 1.0))),
            draw(arrays(np.float32, ties, elements=LEVELS)),
        ),
    )


@given(sighting=sightings(), key=KEYS, month=MONTHS, noise=st.sampled_from([0.0, 0.8]))
def test_candidates_are_judged_as_by_the_twin_to_the_last_bit(sighting, key, month, noise):
    pairs, columns = sighting
    count = len(pairs[0])
    mine, theirs = (
        (
            np.full(count, np.nan),
            np.full(count, np.nan, np.float32),
            np.full(count, np.nan, np.float32),
        )
        for _ in range(2)
    )
    forms = np.arange(len(columns[0])) % 2 == 0
    candidates_kernel.judge_candidates(key, month, *pairs, *columns, 0.5, 0.3, 0.5, noise, forms, 0.4, *mine)
    plain_candidates.judge_candidates(key, month, *pairs, *columns, 0.5, 0.3, 0.5, noise, forms, 0.4, *theirs)
    for here, there in zip(mine, theirs, strict=True):
        assert here.tobytes() == there.tobytes()


def test_sixty_candidates_of_brokers_of_every_skill_are_judged_as_by_the_twin_to_the_last_bit():
    case, count, domains = Case(4), 24, 4
    seeker = np.repeat(np.arange(12, dtype=np.int32), 5)
    pairs = seeker, case.whole(np.int32, 12, count - 1, 60), case.whole(np.int8, 0, 6, 60), case.rows(0, 9, 60)
    profiles = profiles_with(
        identity=case.identities(count),
        needs=case.whole(np.int8, 0, domains - 1, count * 3).reshape(count, 3),
        absorptive_capacity=case.floats(np.float32, 0.0, 1.0, count),
        region=case.whole(np.int16, 0, 1, count),
    )
    columns = (
        *(case.floats(np.float32, 0.0, 1.0, (count * domains)).reshape(count, domains), profiles),
        *(case.rows(0, 4, count), np.array([0.3, 0.65, 0.9, 1.0]), np.array([[1.0, 0.7], [0.6, 1.0]])),
        case.floats(np.float32, 0.0, 1.0, 9),
        *(0.5, 0.3, 0.5, 0.8, case.yes(0.5, count), 0.4),
    )
    results = np.zeros(60), np.zeros(60, np.float32), np.zeros(60, np.float32)
    kernel, twin = candidates_kernel.judge_candidates, plain_candidates.judge_candidates
    assert_equals_its_twin(kernel, twin, case.key, 9, *pairs, *columns, *results)


@every_case
def test_pairs_with_a_given_worth_are_judged_as_by_the_twin(case):
    drawn = Case(case)
    count = max(1, drawn.size)
    seeker = np.sort(drawn.whole(np.int32, 0, count - 1, 3 * drawn.size))
    channel, pair = drawn.whole(np.int8, 0, 6, len(seeker)), drawn.identities(len(seeker))
    broker, skill = drawn.rows(0, 4, count), np.array([0.3, 0.65, 0.9, 1.0])
    weight = drawn.one_of(np.float64, [0.0, 1e-12, 0.04, 0.3], len(seeker)) * drawn.uniforms(len(seeker))
    question = seeker, channel, pair, broker, skill, 0.8, drawn.yes(0.4, count), 0.3, weight, weight.astype(np.float32)
    assert_equals_its_twin(candidates_kernel.judge, plain_candidates.judge, drawn.key, 9, *question)


@every_case
def test_brokers_prefer_who_fits_the_objective_as_by_the_twin(case):
    drawn = Case(case)
    count, seekers, attempts = max(2, drawn.size), drawn.size, 3
    offsets, clients = grouped(drawn.whole(np.int32, 0, 2, count), np.ones(count, np.bool_), BROKERS)
    lists = drawn.whole(np.int64, 0, BROKERS - 1, attempts * seekers).reshape(attempts, seekers)
    first, listed = offsets[lists], offsets[lists + 1] - offsets[lists]
    sees = drawn.rows(0, count, attempts * seekers).reshape(attempts, seekers)[: drawn.whole(np.int64, 0, 3, 1)[0]]
    question = (
        *(drawn.key, 9, 3 * 128 + 1, drawn.identities(seekers), drawn.rows(0, 2, seekers).astype(np.int64)),
        *(first, listed, clients, drawn.floats(np.float32, 0.0, 1.0, 2 * count).reshape(count, 2)),
        *(np.array([[0.2, 0.8], [1.0, 0.0]]), drawn.choice([0.0, 0.5, 1.0])),
        np.where(listed[: len(sees)] > 0, sees, NOBODY).astype(np.int32),
    )
    assert_equals_its_twin(attention_kernel.prefer_fitting, plain_attention.prefer_fitting, *question)


def test_of_seventy_seekers_all_see_the_same_as_by_the_twin():
    case, count = Case(5), 150
    broker, everybody = case.rows(0, BROKERS, count), np.ones(count, np.bool_)
    park, region = case.rows(0, 2, count), case.whole(np.int16, 0, 1, count)
    network, (first, _) = case.adjacency(count, 300)
    profiles = profiles_at(case, broker, region)
    question = (
        *(np.flatnonzero(case.yes(0.5, count)).astype(np.int32), profiles, park, park),
        *(*network, case.whole(np.int8, 0, 1, len(first))),
        *grouped(broker, broker != NOBODY, BROKERS),
        *grouped(park, everybody, 2),
        *grouped(park, everybody, 2),
        *grouped(region, broker != NOBODY, REGIONS),
        *grouped(region, everybody, REGIONS),
        *(np.arange(BROKERS, dtype=np.int32), np.array([0, 0, 1], np.int16), np.array([0.9, 0.8, 1.0]), 0.9),
        *grouped(np.array([0, 0, 1]), np.ones(BROKERS, np.bool_), PARTNERSHIPS),
        *(np.array([4, 7, 5, 10, 2, 3, 0]), 3, np.array([2, 4]), True),
        *(np.array([0, 1], np.int16), False),
        *(case.floats(np.float32, 0.0, 1.0, 2 * count).reshape(count, 2), np.eye(2), 0.3),
    )
    assert len(question[0]) > 64
    mine = sightings_kernel.sample_candidates(case.key, 9, *question)
    assert [column.tolist() for column in mine] == plain_sightings.sample_candidates(case.key, 9, *question)


@st.composite
def shown(draw):
    """Candidates with weights; those seen through partners have brokers who act for members."""
    member_of_broker = np.array([0, 1, 2, 1, NOBODY], np.int32)
    broker = draw(arrays(np.int32, 8, elements=st.integers(0, 3)))
    seekers = draw(st.lists(st.integers(0, 7), max_size=4, unique=True))
    seeker = np.repeat(np.array(seekers, np.int32), draw(st.integers(1, 5)))
    count = len(seeker)
    return (
        seeker,
        draw(arrays(np.int32, count, elements=st.integers(0, 7))),
        draw(arrays(np.int8, count, elements=st.sampled_from([Channel.PARTNER, Channel.BROKER]).map(int))),
        draw(arrays(np.float64, count, elements=st.sampled_from([0.0, 0.05, 0.3, 0.3, 0.9]))),
        broker,
        member_of_broker,
        draw(st.sampled_from([0.0, 0.05, 0.5])),
    )


@given(candidates=shown())
def test_offers_to_members_are_counted_as_by_the_twin(candidates):
    mine, theirs = np.array([0.0, 0.5, 7.0]), np.array([0.0, 0.5, 7.0])
    candidates_kernel.count_offers(*candidates, mine)
    plain_candidates.count_offers(*candidates, theirs)
    assert mine.tolist() == theirs.tolist()


@given(candidates=shown())
def test_the_brokers_who_show_candidates_are_named_as_by_the_twin(candidates):
    seeker, other, channel, _, broker, _, _ = candidates
    question = (seeker, other, channel, profiles_with(broker=broker))
    columns = (np.zeros(len(seeker), np.int32), np.zeros(len(seeker), np.int32))
    assert_equals_its_twin(candidates_kernel.name_brokers, plain_candidates.name_brokers, *question, *columns)
