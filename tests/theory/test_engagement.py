"""Engagement: a critical mass and dilution that nobody wrote down.

Critical mass: with too few partners there is too little to gain. Dilution: a voluntary partnership that grows makes
more offers than its members can use. Neither is a term of the rules (Olson 1965 would make it one).
"""

import ast
import inspect

import numpy as np
import pytest

from simulation.mechanisms import engagement as rules
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
    own = {"owed": 0.1, "success": 0.6, "capacity": 4.0, "offers": 5.0}
    others = np.random.default_rng(1).random((4, 79))
    alone = rules.engagement_target(*(np.array([value]) for value in own.values()), least=0.1)
    among_many = rules.engagement_target(
        *(np.append(value, other) for value, other in zip(own.values(), others, strict=True)), least=0.1
    )
    assert alone[0] == among_many[0]


@pytest.mark.parametrize(
    ("function", "allowed"),
    [
        (rules.engagement_target, {("len", "offers")}),  # a row of ones, one for each member
        (rules._update_engagement, set()),
        (rules.success_share, set()),
        (rules.partner_capacity, {("len", "world.state.members")}),
    ],
)
def test_no_rule_of_engagement_counts_members(function, allowed):
    counted = set()
    for node in ast.walk(ast.parse(inspect.getsource(function))):
        name = {ast.Call: "func", ast.Attribute: "attr"}.get(type(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in COUNTING:
                counted.add((called, ", ".join(ast.unparse(each) for each in node.args)))
        elif name == "attr" and node.attr in {"size", "shape", "count"}:
            counted.add((node.attr, ast.unparse(node.value)))
    assert counted == allowed
