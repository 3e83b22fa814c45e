"""Engagement: a critical mass and dilution that nobody wrote down.

Critical mass: with too few partners there is too little to gain. Dilution: a voluntary partnership that grows makes
more offers than its members can use. Neither is a term of the rules (Olson 1965 would make it one).
"""

import ast
import inspect

import numpy as np
import pytest

from simulation.kernels import engagement as rules
from tests.verification_runs import many, mean_and_error, partnership_of

COUNTING = {"len", "sum", "bincount", "count_nonzero", "size", "shape", "mean", "max"}


def engagement(members, smes_per_cluster, half_success, seeds):
    """Mean engagement of months 25 to 48, one value a seed."""
    scenario = partnership_of(members, smes_per_cluster, overrides={"engagement.half_success": half_success})
    return [np.mean(model.series["engagement_mean"][24:48]) for model in many(scenario, seeds, 48)]


DEMANDING = (46, 0.6)
"""About 2,000 SMEs, and members who ask for much success."""

SMALL_MARKET = (12, 0.2)
"""About 530 SMEs, and members as they are by default."""


@pytest.mark.parametrize(
    ("market", "seeds"),
    [
        (SMALL_MARKET, 3),
        pytest.param(SMALL_MARKET, 8, marks=pytest.mark.slow),
        pytest.param(DEMANDING, 8, marks=pytest.mark.slow),
    ],
)
def test_a_voluntary_partnership_has_a_critical_mass_and_thins_out_as_it_grows(market, seeds):
    two, twelve, eighty = (mean_and_error(engagement(n, *market, seeds)) for n in (2, 12, 80))
    for few_or_many in (two, eighty):
        gap = twelve[0] - few_or_many[0]
        assert gap > 2.0 * (twelve[1] ** 2 + few_or_many[1] ** 2) ** 0.5
        assert gap > 0.1


@pytest.mark.slow
def test_the_critical_mass_lies_higher_the_smaller_the_market():
    """With 2,000 SMEs and default members two already hold; with 530 they collapse and twelve hold."""
    in_a_large_market, in_a_small_one = (np.mean(engagement(2, smes, 0.2, 8)) for smes in (46, 12))
    assert in_a_small_one < 0.3 < 0.6 < in_a_large_market
    assert np.mean(engagement(12, *SMALL_MARKET, 8)) > 0.6


def test_what_a_member_aims_at_does_not_know_how_many_members_there_are():
    """A member of a partnership of its own moves as it does beside 79 others."""
    alone, among_many = (moved_engagement(members)[0] for members in (1, 80))
    assert alone == among_many


def moved_engagement(members):
    """Where the engagement of each of so many members moves, the first of them always in the same position."""
    columns = np.random.default_rng(1).random((4, 80))[:, :members]
    moved, everybody = np.empty(members), np.ones(members, dtype=np.bool_)
    rules.move_engagement(
        np.uint64(1),
        5,
        np.arange(members, dtype=np.uint64),
        np.zeros(members, dtype=np.int16),
        everybody,
        np.full(members, 1, dtype=np.int16),
        *(column.copy() for column in columns[:3]),
        *(10.0 * column for column in columns[2:]),
        np.zeros(1, dtype=np.uint64),
        np.ones(1, dtype=np.bool_),
        np.ones(1, dtype=np.int16),
        np.ones(1),
        np.ones(1, dtype=np.bool_),
        np.full(1, 0.3),
        np.full(1, 0.5),
        np.full(1, 0.9),
        np.arange(members, dtype=np.int32),
        np.full(members, 3, dtype=np.int32),
        (0.2, 6.0, 0.1, 0.25, 0.5, 1.0 / 60.0),
        moved,
        np.empty(members, dtype=np.bool_),
        np.empty(members),
        *(np.empty(members, dtype=np.bool_) for _ in range(2)),
    )
    return moved


@pytest.mark.parametrize(
    ("function", "allowed"),
    [
        # The larger of two numbers of one member.
        (rules.engagement_target, {("max", "owed, (least + (1.0 - least) * success) * manageable")}),
        # Members and brokers are gone through one by one.
        (rules.move_engagement, {("size", "identity"), ("size", "broker_member")}),
        (rules.success_of, set()),
    ],
)
def test_no_rule_of_engagement_counts_members(function, allowed):
    counted = set()
    for node in ast.walk(ast.parse(inspect.getsource(getattr(function, "py_func", function)))):
        name = {ast.Call: "func", ast.Attribute: "attr"}.get(type(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in COUNTING:
                counted.add((called, ", ".join(ast.unparse(each) for each in node.args)))
        elif name == "attr" and node.attr in {"size", "shape", "count"}:
            counted.add((node.attr, ast.unparse(node.value)))
    assert counted == allowed
