import numpy as np
import pytest
from scipy import stats

from experiments.paired import paired_difference, paired_ratio_difference, ratio_of_means, smallest_detectable
from simulation.errors import UsageError

NAN = float("nan")


def test_the_interval_is_the_one_of_scipys_paired_t_test():
    random = np.random.default_rng(4)
    reference, other = random.normal(10, 3, 12), random.normal(11, 3, 12)
    found = paired_difference(reference, other, level=0.9)
    expected = stats.ttest_rel(other, reference).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.difference == pytest.approx(other.mean() - reference.mean())


def test_shared_luck_narrows_the_interval():
    random = np.random.default_rng(5)
    luck, other = random.normal(0, 5, 30), random.normal(1, 1, 30)
    paired = paired_difference(luck + random.normal(0, 1, 30), luck + other)
    shuffled = paired_difference(random.permutation(luck) + random.normal(0, 1, 30), luck + other)
    assert paired.high - paired.low < 0.5 * (shuffled.high - shuffled.low)


def test_an_arm_compared_with_itself_differs_by_exactly_nothing():
    values = np.random.default_rng(6).gamma(2.0, 3.7, 25)
    found = paired_difference(values, values)
    assert (found.difference, found.equal) == (0, 1)


def test_a_ratio_compared_with_itself_differs_by_exactly_nothing():
    random = np.random.default_rng(7)
    cost, made = random.lognormal(7, 0.3, 25), random.poisson(2, 25)
    found = paired_ratio_difference(cost, made, cost, made)
    assert (found.difference, found.equal) == (0, 1)


@pytest.mark.parametrize("reference", [[0.1, 0.7, 1.3], [0.0, 3.0, 9.0], [1e6, 1e6 + 0.1, 1e6 + 0.3]])
@pytest.mark.parametrize("step", [0.0, 2.0])
def test_pairs_without_spread_claim_no_interval_and_no_power(reference, step):
    found = paired_difference(reference, np.array(reference) + step)
    assert found.difference == pytest.approx(step)
    assert (found.low, found.high, found.smallest_detectable) == (None, None, None)


def test_a_pair_with_an_undefined_run_leaves_both_means():
    found = paired_difference([12, NAN, 20, NAN], [10, 30, NAN, NAN])
    assert (found.reference_mean, found.other_mean, found.difference) == (12, 10, -2)
    assert (found.pairs, found.runs, found.reference_defined, found.other_defined) == (1, 4, 2, 2)


@pytest.mark.parametrize("pairs", [0, 1])
def test_fewer_than_two_pairs_have_no_bounds(pairs):
    for found in (
        paired_difference([3.0] * pairs, [4.0] * pairs),
        paired_ratio_difference([3.0] * pairs, [1.0] * pairs, [4.0] * pairs, [1.0] * pairs),
    ):
        assert (found.low, found.high, found.smallest_detectable) == (None, None, None)
        assert found.difference == (1.0 if pairs else None)


def test_shares_count_pairs_not_size():
    found = paired_difference([0, 0, 0, 0, 0], [100, 0, -1, -1, NAN])
    assert (found.higher, found.equal, found.lower) == (0.25, 0.25, 0.5)


def test_a_run_without_an_innovation_raises_the_cost_per_innovation():
    found = paired_ratio_difference([100, 100, 100], [1, 1, 1], [100, 100, 100], [0, 1, 1])
    assert (found.reference_mean, found.other_mean, found.difference) == (100, 150, 50)
    assert (found.pairs, found.other_defined, found.equal) == (3, 2, 1)


def test_an_arm_that_makes_nothing_has_no_ratio_and_no_difference():
    found = paired_ratio_difference([0, 0], [0, 0], [100, 120], [1, 3])
    assert (found.reference_mean, found.other_mean, found.difference, found.low) == (None, 55, None, None)
    assert (found.reference_defined, found.other_defined, found.higher) == (0, 2, None)


def test_where_one_pair_holds_the_whole_denominator_the_difference_stands_without_bounds():
    found = paired_ratio_difference([90, 80, 70], [0, 0, 0.3], [60, 50, 40], [1, 2, 2])
    assert found.difference == pytest.approx(30 - 240 / 0.3)
    assert (found.low, found.high, found.smallest_detectable) == (None, None, None)
    assert ratio_of_means([90, 80, 70], [0, 0, 0.3]).low is None


def test_the_jackknife_of_a_constant_denominator_is_student():
    random = np.random.default_rng(8)
    reference, other = random.normal(10, 3, 12), random.normal(11, 3, 12)
    ratio = paired_ratio_difference(reference, np.full(12, 2), other, np.full(12, 2))
    plain = paired_difference(reference / 2, other / 2)
    for name in ("difference", "low", "high", "smallest_detectable"):
        assert getattr(ratio, name) == pytest.approx(getattr(plain, name))


def test_the_jackknife_is_the_one_worked_out_pair_by_pair():
    c, k = np.array([3.0, 5.0, 4.0, 8.0]), np.array([1.0, 2.0, 1.0, 4.0])
    found = ratio_of_means(c, k)
    without = [np.delete(c, i).sum() / np.delete(k, i).sum() for i in range(4)]
    pseudo_values = [4 * 2.5 - 3 * each for each in without]
    reach = stats.t.ppf(0.975, 3) * np.std(pseudo_values, ddof=1) / 2
    assert (found.ratio, found.low, found.high) == pytest.approx((2.5, 2.5 - reach, 2.5 + reach))


def test_the_smallest_detectable_difference_shrinks_with_pairs():
    assert smallest_detectable(1.0, 30) == pytest.approx(stats.t.ppf(0.975, 29) + stats.t.ppf(0.8, 29))
    assert smallest_detectable(1.0, 30) < smallest_detectable(1.0, 10)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, NAN])
def test_a_level_outside_0_and_1_is_refused(level):
    with pytest.raises(UsageError, match="between 0 and 1"):
        paired_difference([1, 2], [1, 2], level=level)


def test_arms_of_different_length_are_refused():
    with pytest.raises(UsageError, match="one value for each pair"):
        paired_difference([1, 2], [1, 2, 3])
