from collections import Counter
from enum import IntEnum

import numpy as np
import pytest
from scipy import stats

from simulation.compilation import kernel
from simulation.errors import UsageError
from simulation.purposes import Purpose
from simulation.randomness import (
    addressed_order,
    bits,
    combine,
    combined,
    dirichlet,
    gamma,
    identity_of,
    normal,
    normals,
    pair_identity,
    philox,
    stream_key,
    uniform,
    uniforms,
)

KEY = stream_key(20190101, 3)
SIGNIFICANCE = 1e-4  # each draw is fixed by its address: a test that passes once passes for ever

KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def as_words(text):
    return tuple(np.uint64(int(word, 16)) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_philox_gives_the_published_known_answers(counter, key, expected):
    assert philox(as_words(counter), as_words(key)) == as_words(expected)


def test_the_parts_of_an_address_stand_where_the_documentation_says():
    key, identity = stream_key(0xA4093822, 0x299F31D0), np.uint64(0x85A308D3243F6A88)
    expected = (np.uint64(0xD16CFE09) << np.uint64(32)) | np.uint64(0x94FDCCEB)
    assert bits(key, 0x1319, 0x8A2E, identity, 0x03707344) == expected


# Draws along each part of the address, all else equal


def along(part, n, start=0):
    numbers = np.arange(start, start + n)
    ids = numbers.astype(np.uint64)
    one = np.uint64(12345)
    draws = {
        "identity": lambda: uniforms(KEY, 30, 7, ids),
        "high half of the identity": lambda: uniforms(KEY, 30, 7, ids << np.uint64(32)),
        "month": lambda: [uniform(KEY, 30, int(i), one, 0) for i in numbers],
        "purpose": lambda: [uniform(KEY, int(i), 7, one, 0) for i in numbers],
        "counter": lambda: [uniform(KEY, 30, 7, one, int(i)) for i in numbers],
        "replicate": lambda: [uniform(stream_key(1, int(i)), 30, 7, one, 0) for i in numbers],
        "seed": lambda: [uniform(stream_key(int(i), 1), 30, 7, one, 0) for i in numbers],
    }
    return np.asarray(draws[part]())


PARTS = ["identity", "high half of the identity", "month", "purpose", "counter", "replicate", "seed"]


@pytest.mark.parametrize("part", PARTS)
def test_draws_are_uniform_along_each_part_of_the_address(part):
    drawn = along(part, 8192)
    counts = np.histogram(drawn, bins=64, range=(0.0, 1.0))[0]
    assert stats.chisquare(counts).pvalue > SIGNIFICANCE
    low_bits = (drawn * 2.0**53).astype(np.int64) % 64
    assert stats.chisquare(np.bincount(low_bits, minlength=64)).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("lag", [1, 2, 16])
def test_neighbouring_addresses_are_uncorrelated(part, lag):
    drawn = along(part, 8192)
    assert stats.pearsonr(drawn[:-lag], drawn[lag:]).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("part", PARTS)
def test_neighbouring_addresses_fill_the_square_evenly(part):
    drawn = along(part, 8192)
    cells = np.histogram2d(drawn[0::2], drawn[1::2], bins=8, range=[(0, 1), (0, 1)])[0]
    assert stats.chisquare(cells.ravel()).pvalue > SIGNIFICANCE


def test_two_parts_cannot_be_exchanged_for_each_other():
    one, two = np.uint64(1), np.uint64(2)
    addresses = [(2, 1, one, 1), (1, 2, one, 1), (1, 1, two, 1), (1, 1, one, 2), (1, 1, one, 1)]
    assert len({int(bits(KEY, *address)) for address in addresses}) == len(addresses)
    assert bits(stream_key(1, 2), 1, 1, one, 1) != bits(stream_key(2, 1), 1, 1, one, 1)


def test_uniforms_lie_in_the_half_open_interval_with_53_bits():
    drawn = uniforms(KEY, 30, 1, np.arange(20000, dtype=np.uint64))
    assert drawn.min() >= 0.0
    assert drawn.max() < 1.0
    assert np.array_equal(drawn * 2.0**53, np.floor(drawn * 2.0**53))
    assert np.any(np.floor(drawn * 2.0**53) % 2 == 1)


def test_a_column_of_draws_holds_the_single_draws():
    ids = np.arange(5, dtype=np.uint64)
    assert uniforms(KEY, 30, 4, ids, 2).tolist() == [uniform(KEY, 30, 4, i, 2) for i in ids]
    assert normals(KEY, 30, 4, ids).tolist() == [normal(KEY, 30, 4, i, 0) for i in ids]


@kernel
def _draw_under_a_named_purpose(key: np.uint64, identity: np.uint64) -> float:
    return uniform(key, Purpose.SEEKING, 5, identity, 0)


def test_a_purpose_may_be_named_in_a_kernel_in_python_and_by_its_number():
    who = np.uint64(9)
    named = uniform(KEY, Purpose.SEEKING, 5, who, 0)
    assert named == _draw_under_a_named_purpose(KEY, who)
    assert named == uniform(KEY, 30, 5, who, 0) == uniforms(KEY, Purpose.SEEKING, 5, np.array([who]))[0]


def test_every_purpose_has_a_number_that_fits_its_place():
    assert issubclass(Purpose, IntEnum)
    assert all(0 < purpose < 2**16 for purpose in Purpose)


# Distributions


def test_normals_follow_the_normal_distribution():
    drawn = normals(KEY, 52, 1, np.arange(50000, dtype=np.uint64))
    assert stats.kstest(drawn, "norm").pvalue > SIGNIFICANCE
    assert stats.normaltest(drawn).pvalue > SIGNIFICANCE
    assert abs(drawn.mean()) < 4 / np.sqrt(drawn.size)
    assert abs(drawn.var() - 1.0) < 4 * np.sqrt(2.0 / drawn.size)


@pytest.mark.parametrize("shape", [0.05, 0.3, 0.999, 1.0, 2.5, 80.0])
def test_gammas_follow_the_gamma_distribution(shape):
    drawn = [gamma(KEY, 58, 1, np.uint64(i), 0, shape) for i in range(4000)]
    assert stats.kstest(drawn, stats.gamma(shape).cdf).pvalue > SIGNIFICANCE
    assert stats.ttest_1samp(drawn, shape).pvalue > SIGNIFICANCE


def test_gammas_of_neighbouring_counters_are_independent():
    drawn = np.array([[gamma(KEY, 58, 1, np.uint64(i), c, 0.3) for c in (0, 1)] for i in range(4000)])
    assert stats.spearmanr(drawn).pvalue > SIGNIFICANCE


def test_a_gamma_of_no_shape_is_undefined():
    assert np.isnan(gamma(KEY, 58, 1, np.uint64(1), 0, 0.0))
    assert np.isnan(gamma(KEY, 58, 1, np.uint64(1), 0, -1.0))


@pytest.mark.parametrize("alpha", [0.3, 1.0, [0.2, 0.5, 4.0, 1.0]])
def test_each_dirichlet_share_follows_its_beta_distribution(alpha):
    concentration = np.broadcast_to(alpha, 4)
    shares = np.array([dirichlet(KEY, 82, np.uint64(i), alpha, 4) for i in range(2000)])
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-15)
    for i, own in enumerate(concentration):
        beta = stats.beta(own, concentration.sum() - own)
        assert stats.kstest(shares[:, i], beta.cdf).pvalue > SIGNIFICANCE


def test_a_tiny_concentration_gives_everything_to_one_and_to_each_equally_often():
    shares = np.array([dirichlet(KEY, 82, np.uint64(i), 1e-6, 4) for i in range(1000)])
    assert np.all(shares.max(axis=1) > 0.999)
    assert stats.chisquare(np.bincount(shares.argmax(axis=1), minlength=4)).pvalue > SIGNIFICANCE


@pytest.mark.parametrize(("alpha", "size"), [(0.0, 3), (-1.0, 3), (np.nan, 3), (np.inf, 3), ([1.0, 2.0], 3), (1.0, 0)])
def test_a_dirichlet_that_is_not_defined_is_refused(alpha, size):
    with pytest.raises(UsageError, match="alpha"):
        dirichlet(KEY, 82, np.uint64(1), alpha, size)


# Keys and identities


def test_a_stream_key_holds_seed_and_replicate():
    assert stream_key(1, 2) == np.uint64(2**32 + 2)
    assert stream_key(2**32 - 1, 2**32 - 1) == np.uint64(2**64 - 1)
    assert stream_key(np.int64(1), 2) == stream_key(1, 2)


@pytest.mark.parametrize(("seed", "replicate", "named"), [
    (-1, 0, "seed = -1"), (2**32, 0, "seed = 4294967296"), (1.5, 0, "seed = 1.5"), (True, 0, "seed = True"),
    (0, -1, "replicate = -1"), (0, 2**32, "replicate = 4294967296"), (0, "1", "replicate = '1'"),
])  # fmt: skip
def test_a_seed_or_replicate_out_of_range_is_refused_by_name_with_the_rule(seed, replicate, named):
    with pytest.raises(UsageError, match=f"{named}: must be a whole number from 0 to 4294967295"):
        stream_key(seed, replicate)


def test_identities_of_names_are_the_same_for_ever():
    assert identity_of("region:ITH3/sector:machinery") != identity_of("region:ITH3", "sector:machinery")
    assert [int(identity_of(*parts)) for parts in PINNED] == list(PINNED.values())


PINNED = {
    ("region:ITH3", "sector:machinery"): 4010032887447759129,
    ("region:ITH3", "broker", 1): 440518035430788639,
    ("München",): 3392240487646725895,
}


def test_identities_tell_parts_apart():
    texts = [
        ("ab", "c"),
        ("a", "bc"),
        ("a/b", "c"),
        ("a", "b/c"),
        ("a\\", "b"),
        ("a\\/b",),
        ("a", "b"),
        ("abc",),
    ]
    assert len({int(identity_of(*parts)) for parts in texts}) == len(texts)


def test_an_identity_of_nothing_is_refused():
    with pytest.raises(UsageError, match="no parts"):
        identity_of()


def test_a_combined_identity_depends_on_the_order_and_a_pair_does_not():
    a, b = np.uint64(3), np.uint64(2**63 + 5)
    assert combine(a, b) != combine(b, a)
    assert pair_identity(a, b) == pair_identity(b, a)
    assert pair_identity(a, b) not in {combine(a, b), combine(b, a)}
    assert combine(combine(a, b), a) != combine(a, combine(b, a))


def test_a_million_combined_identities_are_all_different():
    clusters = combined(identity_of("clusters"), np.arange(1000, dtype=np.uint64))
    firms = combined(np.repeat(clusters, 1000), np.tile(np.arange(1000, dtype=np.uint64), 1000))
    assert np.unique(np.concatenate([clusters, firms])).size == 1_001_000


# Orders


def test_an_order_names_everyone_once_and_changes_with_month_and_purpose():
    ids = np.arange(100, dtype=np.uint64)
    order = addressed_order(KEY, 40, 1, ids)
    assert sorted(order.tolist()) == list(range(100))
    others = [
        addressed_order(KEY, 40, 2, ids),
        addressed_order(KEY, 41, 1, ids),
        addressed_order(KEY, 40, 1, ids, 1),
    ]
    assert all(not np.array_equal(order, other) for other in others)


def test_an_order_does_not_depend_on_who_else_is_in_the_list_or_where():
    ids = np.arange(200, dtype=np.uint64)
    everyone = ids[addressed_order(KEY, 40, 1, ids)]
    few = ids[::-3]
    assert few[addressed_order(KEY, 40, 1, few)].tolist() == [i for i in everyone if i in few]


def test_all_orders_of_three_come_equally_often():
    ids = np.arange(3, dtype=np.uint64)
    seen = Counter(tuple(addressed_order(KEY, 40, month, ids).tolist()) for month in range(3000))
    assert len(seen) == 6
    assert stats.chisquare(list(seen.values())).pvalue > SIGNIFICANCE
