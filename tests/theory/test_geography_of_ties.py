"""Programme-made ties thin out with distance and stop at borders, as in Horizon 2020.

Realised elasticity -0.10 to -0.26 and a home bias, from a decay of 0.05 in the value of a pair: the rest comes
from search and matching. Poisson regression of ties for each pair of regions on ln km and a domestic dummy, with
ln of the product of their firms as offset.
"""

import numpy as np
import pytest

from simulation.codes import Channel
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario


def poisson_regression(counts, regressors, offset):
    """Coefficients by iteratively reweighted least squares."""
    coefficients = np.zeros(regressors.shape[1])
    coefficients[0] = np.log(counts.mean()) - offset.mean()
    for _ in range(60):
        mean = np.exp(regressors @ coefficients + offset)
        target = regressors @ coefficients + (counts - mean) / mean
        weighted = regressors.T * mean
        coefficients = np.linalg.solve(weighted @ regressors, weighted @ target)
    return coefficients


def elasticity_and_home_bias(seeds, of_projects):
    """Realised distance elasticity, and domestic ties relative to foreign ones at the same distance."""
    scenario = load_scenario("smart-space-flexible")
    ties = firms = geography = None
    for seed in range(1, seeds + 1):
        model = EcosystemModel(scenario, seed=seed)
        geography, organisations = model.world.geography, model.state.organisations
        if ties is None:
            ties, firms = np.zeros(geography.distance_km.shape), np.zeros(len(geography.regions))
        pairs = _project_pairs(model) if of_projects else _introduced_pairs(model)
        organisations = model.state.organisations
        low, high = np.sort(organisations.region[pairs], axis=1).T
        np.add.at(ties, (low, high), 1.0)
        firms += np.bincount(organisations.region[organisations.alive], minlength=len(firms))
    one, other = np.triu_indices(len(firms), 1)
    regressors = np.column_stack(
        [
            np.ones(len(one)),
            np.log(geography.distance_km[one, other]),
            ~geography.across_border[one, other],
        ]
    ).astype(np.float64)
    _, elasticity, domestic = poisson_regression(ties[one, other], regressors, np.log(firms[one] * firms[other]))
    return elasticity, np.exp(domestic)


def _project_pairs(model):
    model.run()
    projects = model.state.projects
    return projects.members[(projects.channel == Channel.PARTNER) & (projects.member_count == 2), :2]


def _introduced_pairs(model):
    pairs = []
    while model.running:
        model.step()
        made = model.state.introductions
        through = made.channel == Channel.PARTNER
        pairs.append(np.column_stack([made.seeker[through], made.other[through]]))
    return np.concatenate(pairs)


def test_introductions_through_partners_thin_out_with_distance_and_stop_at_borders():
    elasticity, home_bias = elasticity_and_home_bias(4, of_projects=False)
    assert elasticity < -0.05
    assert home_bias > 1.3


@pytest.mark.slow
def test_programme_made_ties_have_the_distance_elasticity_of_horizon_2020():
    elasticity, home_bias = elasticity_and_home_bias(30, of_projects=True)
    assert -0.26 < elasticity < -0.10
    assert home_bias > 1.3
