"""Consortia: what more members cover, and who really covers a challenge when its project begins."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.kernels.consortia import form_consortium
from simulation.mechanisms.missions import coverage, eligible_regions, run_challenges, weights_of
from simulation.model import EcosystemModel
from simulation.projects import first_challenge, project_limits
from simulation.randomness import stream_key
from simulation.scenario import scenario_from_values
from simulation.schedule import MONTH, Stage
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY
from tests.verification_runs import ecosystem

LEVELS = st.floats(0.0, 1.0, width=32)
ROUNDING = 1e-12


@st.composite
def challenges(draw):
    firms, domains = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    knowledge = draw(arrays(np.float32, (firms, domains), elements=LEVELS))
    weights = draw(arrays(np.float64, domains, elements=st.floats(0.01, 1.0)))
    return knowledge, weights / weights.sum()


@given(challenges(), st.data())
def test_one_more_member_never_covers_less(challenge, data):
    knowledge, weights = challenge
    members = data.draw(st.permutations(range(len(knowledge))))
    covered = [coverage(knowledge[members[:count]], weights) for count in range(1, len(members) + 1)]
    assert all(after >= before for before, after in pairwise(covered))


@given(challenges(), LEVELS, st.floats(0.0, 0.2), st.integers(2, 4), st.integers(4, 8))
def test_a_consortium_is_no_larger_than_it_has_to_be_and_may_be(challenge, threshold, reservation, least, most):
    knowledge, weights = challenge
    candidates = np.arange(1, len(knowledge))
    identity, members = np.arange(len(knowledge), dtype=np.uint64), np.empty(MOST_MEMBERS, dtype=np.int32)
    rules = (threshold, reservation, least, most)
    who = (stream_key(1, 0), np.uint64(7), 0, candidates, identity)
    count, covered = form_consortium(*who, knowledge, weights, *rules, members)
    joined = members[:count]
    assert (members[count:] == NOBODY).all()
    assert joined[0] == 0
    assert len(set(joined.tolist())) == count <= most
    assert covered == coverage(knowledge[joined], weights)
    if count > least:
        assert coverage(knowledge[joined[:-1]], weights) < threshold
    if covered < threshold and count < min(most, len(knowledge)):
        left = [row for row in range(len(knowledge)) if row not in joined]
        added = [coverage(knowledge[[*joined, row]], weights) - covered for row in left]
        assert max(added) <= reservation + ROUNDING


def checking(world):
    """Pose the month's challenges and check every consortium that begins."""
    state, known = world.state, len(world.state.projects)
    cases = state.brokers.cases.copy()
    before, limits = state.organisations.running_projects.copy(), project_limits(world)
    run_challenges(world)
    rules, projects, organisations = world.scenario.missions, world.state.projects, world.state.organisations
    names = sorted(world.scenario.challenges)
    for row in range(known, len(projects)):
        challenge = world.scenario.challenges[names[projects.call[row] - first_challenge(world)]]
        members = projects.members[row][: projects.member_count[row]]
        assert rules.least_members <= len(set(members.tolist())) == len(members) <= rules.most_members
        assert (
            coverage(organisations.knowledge[members], weights_of(world, challenge)) >= challenge.threshold - ROUNDING
        )
        assert challenge.opens_month <= world.month <= challenge.closes_month
        assert eligible_regions(world, challenge)[organisations.region[members[0]]]
        assert projects.grant_cents[row] > 0
        if not world.scenario.programme.across:
            assert len(set(organisations.region[members].tolist())) == 1
    joined = organisations.running_projects > before
    assert (organisations.running_projects[joined] <= limits[joined]).all()
    assert organisations.alive[joined].all()
    assert (state.brokers.cases <= np.maximum(cases, state.brokers.case_capacity)).all()


CHECKED = tuple(stage._replace(function=checking) if stage.function is run_challenges else stage for stage in MONTH)


@given(
    seed=st.integers(0, 2**32 - 1),
    threshold=st.sampled_from([0.2, 0.4, 0.6]),
    across=st.booleans(),
    weights=st.sampled_from([{}, {"biotechnology": 1.0, "data-platforms": 2.0, "artificial-intelligence": 1.0}]),
    grant_keur=st.sampled_from([0.0, 3.33333]),
    least=st.integers(2, 4),
    process=st.sampled_from(["fixed", "discovery"]),
)
@settings(max_examples=25, deadline=None)
def test_who_begins_covers_the_challenge_and_keeps_to_all_limits(
    seed, threshold, across, weights, grant_keur, least, process
):
    values = ecosystem(smes=8, months=6)
    values["programme"]["across"] = across
    values["programme_end_month"] = 5
    values["s3"] = {"process": process, "rate": 0.5}
    values["missions"] |= {"least_members": least, "most_members": 4}
    values["challenges"]["m"] = {
        "name": "M",
        "opens_month": 1,
        "closes_month": 5,
        "budget_keur": 20.0,
        "grant_keur": grant_keur,
        "grant_share": 0.5,
        "threshold": threshold,
        "source_of_money": "eu",
        "weights": weights,
    }
    assert any(isinstance(stage, Stage) and stage.function is checking for stage in CHECKED)
    model = EcosystemModel(scenario_from_values(values, "missions"), seed=seed, schedule=CHECKED)
    model.run()
    assert model.series["challenges_opened"][-1] == 1
    assert model.series["challenges_covered"][-1] <= 1
    assert model.series["consortia"][-1] >= model.series["challenges_covered"][-1]
    assert model.series["consortia"][-1] <= model.series["projects_funded"][-1]
