import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.agents import ORGANISATION_CLASSES
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario

SMALL = load_scenario(
    "smart-space-flexible",
    {"population.smes_per_cluster": 6, "warm_up_months": 0, "demography.exit_first_year": 0.9},
)


@given(
    seed=st.integers(0, 2**32 - 1),
    looked=st.integers(0, 4),
    removed=st.lists(st.integers(0, 10**6), max_size=3),
)
def test_agents_are_the_living_rows_of_the_state_whenever_somebody_looks(seed, looked, removed):
    run = EcosystemModel(SMALL, seed=seed)
    if looked:
        run.run(looked)
    assert len(run.agents) > 0
    for choice in removed:
        firms = run.agents_by_type[ORGANISATION_CLASSES[0]]
        firms[choice % len(firms)].remove()
    run.run(2)
    organisations = run.state.organisations
    for kind, each in enumerate(ORGANISATION_CLASSES):
        living = np.flatnonzero(organisations.alive & (organisations.kind == kind)).tolist()
        assert run.agents_by_type[each].get("row") == living if living else each not in run.agent_types
    ids = run.agents.get("unique_id")
    assert len(set(ids)) == len(ids)


@given(seed=st.integers(0, 2**32 - 1))
def test_looking_at_the_agents_of_a_real_month_changes_nothing(seed):
    watched, alone = EcosystemModel(SMALL, seed=seed), EcosystemModel(SMALL, seed=seed)
    for _ in range(3):
        watched.agents.get("unique_id")
        watched.step()
        alone.step()
    assert watched.state.digest() == alone.state.digest()
    assert watched.series == alone.series
