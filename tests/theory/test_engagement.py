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


def engagement(members, half_success, seeds):
    """Mean engagement of months 25 to 48, one value a seed."""
    scenario = partnership_of(members, overrides={"engagement.half_success": half_success})
    return [np.mean(model.series["engagement_mean"][24:48]) for model in many(scenario, seeds, 48)]


@pytest.mark.parametrize(
    ("half_success", "seeds"),
    [(0.6, 2), pytest.param(0.6, 8, marks=pytest.mark.slow), pytest.param(0.2, 8, marks=pytest.mark.slow)],
)
def test_a_voluntary_partnership_has_a_critical_mass_and_thins_out_as_it_grows(half_success, seeds):
    two, twenty_four, eighty = (mean_and_error(engagement(n, half_success, seeds)) for n in (2, 24, 80))
    for few_or_many in (two, eighty):
        gap = twenty_four[0] - few_or_many[0]
        assert gap > 2.0 * (twenty_four[1] ** 2 + few_or_many[1] ** 2) ** 0.5
        assert gap > 0.1


@pytest.mark.slow
def test_with_demanding_members_two_collapse_and_eighty_give_less_than_half_of_what_six_give():
    two, six, forty_eight, eighty = (np.mean(engagement(n, 0.6, 8)) for n in (2, 6, 48, 80))
    assert two < 0.5 * six
    assert eighty < 0.5 * six
    assert eighty < forty_eight < six


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
