"""March (1991): knowledge at equilibrium, against a program written independently (4,000 replications)."""

from itertools import product

import numpy as np
import pytest

from simulation.mechanisms.peer_learning import peer_learning

REPLICATIONS, TOLERANCE = 400, 0.01
P_SOCIALISATION = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
AT_EQUILIBRIUM = {
    0.1: (0.932, 0.909, 0.901, 0.900, 0.899, 0.901, 0.902, 0.904, 0.906),
    0.5: (0.977, 0.955, 0.935, 0.919, 0.905, 0.894, 0.884, 0.877, 0.871),
    0.9: (0.986, 0.970, 0.953, 0.937, 0.918, 0.904, 0.890, 0.876, 0.865),
}
CORNERS = set(product((0.1, 0.9), (0.1, 0.9)))


def knowledge_at_equilibrium(p_socialisation, p_code):
    return np.mean(
        [
            peer_learning(p_socialisation=p_socialisation, p_code=p_code, seed=seed).code_knowledge[-1]
            for seed in range(REPLICATIONS)
        ]
    )


def published(p_socialisation, p_code):
    return AT_EQUILIBRIUM[p_code][P_SOCIALISATION.index(p_socialisation)]


@pytest.mark.parametrize(("p_socialisation", "p_code"), sorted(CORNERS))
def test_knowledge_at_the_corners_is_the_published_one(p_socialisation, p_code):
    measured = knowledge_at_equilibrium(p_socialisation, p_code)
    assert measured == pytest.approx(published(p_socialisation, p_code), abs=TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize(("p_socialisation", "p_code"), sorted(set(product(P_SOCIALISATION, AT_EQUILIBRIUM)) - CORNERS))
def test_knowledge_in_every_other_cell_is_the_published_one(p_socialisation, p_code):
    measured = knowledge_at_equilibrium(p_socialisation, p_code)
    assert measured == pytest.approx(published(p_socialisation, p_code), abs=TOLERANCE)


def test_in_a_turbulent_world_knowledge_falls_again_without_turnover():
    def late_knowledge(turnover):
        runs = [
            peer_learning(
                p_socialisation=0.5, p_code=0.5, turnover=turnover, turbulence=0.02, periods=100, seed=seed
            ).code_knowledge[-1]
            for seed in range(100)
        ]
        return np.mean(runs)

    assert late_knowledge(0.05) > late_knowledge(0.0) + 0.05
