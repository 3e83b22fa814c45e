"""Value peaks at a middle cognitive distance (Nooteboom et al. 2007), from founding to market."""

import numpy as np
import pytest

from simulation.codes import Kind, Status
from simulation.kernels.surplus import pair_surplus
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario

DECILES = 10
MIDDLE = slice(3, 7)


def deciles_of(distances):
    return np.quantile(distances, np.linspace(0.0, 1.0, DECILES + 1))


def by_decile(distances, edges):
    return np.clip(np.searchsorted(edges, distances, side="right") - 1, 0, DECILES - 1)


def founding_pairs(seeds, pairs):
    """Value kappa u and cognitive distance of random pairs of SMEs at the founding."""
    rules = load_scenario("baseline").surplus
    found = []
    for seed in range(1, seeds + 1):
        organisations = EcosystemModel("baseline", seed=seed).state.organisations
        draws = np.random.default_rng(seed).choice(np.flatnonzero(organisations.kind == Kind.SME), (pairs, 2))
        arguments = (
            organisations.knowledge,
            organisations.needs,
            organisations.absorptive_capacity,
            rules.own_needs_weight,
            rules.cognitive_distance_scale,
        )
        found += [pair_surplus(int(i), int(j), *arguments) for i, j in draws if i != j]
    return np.array(found).T


def projects_per_candidate(seeds):
    """Of candidate pairs in each decile of distance: the share that began a project, and that reached the market."""
    seen, begun, on_the_market = [], [], []
    scenario = load_scenario("baseline")
    for seed in range(1, seeds + 1):
        model = EcosystemModel(scenario, seed=seed)
        while model.running:
            model.step()
            seen.append(model.state.candidates.cognitive_distance.copy())
        projects = model.state.projects
        begun.append(projects.cognitive_distance.copy())
        on_the_market.append(projects.cognitive_distance[projects.status == Status.COMMERCIALISED].copy())
    edges = deciles_of(np.concatenate(seen))
    return tuple(
        np.bincount(by_decile(np.concatenate(each), edges), minlength=DECILES) for each in (begun, on_the_market)
    )


def assert_inverted_u(counts):
    """The middle deciles beat the first and the last by more than three standard errors of a count."""
    middle = counts[MIDDLE].mean()
    for end in (counts[0], counts[-1]):
        assert middle - end > 3.0 * (middle / 4.0 + end) ** 0.5


def test_value_of_random_pairs_peaks_at_a_middle_distance():
    value, distance = founding_pairs(seeds=2, pairs=20_000)
    decile = by_decile(distance, deciles_of(distance))
    mean = np.array([value[decile == each].mean() for each in range(DECILES)])
    error = np.array([value[decile == each].std() / np.sqrt(np.sum(decile == each)) for each in range(DECILES)])
    assert 0 < mean.argmax() < DECILES - 1
    for end in (0, DECILES - 1):
        assert mean[MIDDLE].mean() > mean[end] + 2.0 * error[end]


def test_more_projects_begin_at_a_middle_distance():
    begun, _ = projects_per_candidate(seeds=2)
    assert_inverted_u(begun)


@pytest.mark.slow
def test_more_projects_reach_the_market_from_a_middle_distance():
    _, on_the_market = projects_per_candidate(seeds=16)
    assert_inverted_u(on_the_market)
