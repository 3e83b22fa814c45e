"""March (1991): knowledge at equilibrium, against a program written independently (4,000 replications)."""

from itertools import product

import numpy as np
import pytest

from experiments.published_models import KNOWLEDGE_AT_EQUILIBRIUM as AT_EQUILIBRIUM
from experiments.published_models import P_SOCIALISATION
from simulation.mechanisms.peer_learning import peer_learning

REPLICATIONS, TOLERANCE = 400, 0.01
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
