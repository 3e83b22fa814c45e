import numpy as np
import pytest

from simulation.agents import Authority, Broker, Park, University
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario

SMALL = {"population.smes_per_cluster": 4, "months": 12}


def started(scenario="smart-space-flexible", months=2, **settings):
    run = EcosystemModel(load_scenario(scenario, SMALL), seed=3, **settings)
    run.run(months)
    return run


def ends_of_ties(run):
    return np.concatenate((run.state.ties.first, run.state.ties.second))


def test_the_ties_of_a_removed_organisation_are_gone_at_the_end_of_the_month():
    run = started()
    row = int(np.bincount(ends_of_ties(run)).argmax())
    run.organisation(row).remove()
    assert row in ends_of_ties(run)
    run.step()
    assert row not in ends_of_ties(run)
    assert row not in run.world.adjacency.neighbours


def test_an_organisation_that_dies_between_months_takes_its_ties_along():
    run = started()
    row = int(np.bincount(ends_of_ties(run)).argmax())
    run.state.organisations.alive[row] = False
    run.step()
    assert row not in ends_of_ties(run)


@pytest.mark.parametrize("may_join", [True, False])
def test_bodies_are_asked_about_joining_only_in_months_in_which_somebody_may(may_join):
    asked = []

    def decide_joining(self, proposal):
        asked.append(proposal)
        return proposal

    classes = {kind: type(kind.__name__, (kind,), {"decide_joining": decide_joining}) for kind in (Broker, Park)}
    run = started(months=1, classes=classes)
    members = run.state.members
    assert run.state.partnerships.active.any()
    assert not members.present.all()
    if not may_join:
        members.left_month[~members.present] = 1
    asked.clear()
    run.run(3)
    assert bool(asked) == may_join
    assert all(0.0 <= each <= 1.0 for each in asked)


def test_a_broker_that_decides_sees_what_it_decided_in_the_month_before():
    seen = []

    class Steady(Broker):
        def decide_promotion(self, proposal):
            seen.append(self.promotion)
            return 0.625

    run = started(months=1, classes={Broker: Steady})
    seen.clear()
    run.step()
    assert set(seen) == {0.625}
    assert set(run.state.brokers.promotion.tolist()) == {0.625}


def test_who_never_decides_otherwise_leaves_the_run_as_it_is():
    def decide_engagement(self, proposal):
        return proposal

    kinds = (Authority, Broker, Park, University)
    classes = {kind: type(kind.__name__, (kind,), {"decide_engagement": decide_engagement}) for kind in kinds}
    assert started(months=6, classes=classes).state.digest() == started(months=6).state.digest()
