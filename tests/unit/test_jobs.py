import numpy as np
import pytest

from simulation.codes import Kind
from simulation.mechanisms.indicators import measure_regions
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario

QUICK = {
    "population.smes_per_cluster": 10,
    "months": 18,
    "programme_end_month": 12,
    "collaboration.advance_hazard": 0.5,
    "collaboration.start_probability": 0.3,
    "finance.jobs_per_commercialisation": 1.5,
}


@pytest.fixture(scope="module")
def run():
    """A run in which much reaches the market, with the size at which each organisation was founded."""
    model = EcosystemModel(load_scenario("smart-space-flexible", QUICK), seed=5)
    founding = model.state.organisations.size.tolist()
    while model.running:
        model.step()
        founding += model.state.organisations.size[len(founding) :].tolist()
    return model, np.array(founding)


def test_a_firm_has_the_jobs_of_its_founding_and_those_of_its_innovations(run):
    model, founding = run
    organisations = model.state.organisations
    assert organisations.innovations.sum() > 50
    grown = founding + 1.5 * organisations.innovations
    np.testing.assert_allclose(organisations.size, grown, rtol=1e-5)


def test_jobs_are_those_of_all_smes_that_exist(run):
    model, founding = run
    organisations = model.state.organisations
    smes = organisations.alive & (organisations.kind == Kind.SME)
    created = 1.5 * int(organisations.innovations[smes].sum())
    assert created > 0.0
    jobs = model.series["jobs_fte"][-1]
    assert jobs == pytest.approx(founding[smes].sum() + created, rel=1e-6)
    assert measure_regions(model.world)["jobs_fte"].sum() == pytest.approx(jobs, rel=1e-9)


def test_without_jobs_per_commercialisation_no_firm_grows():
    model = EcosystemModel(
        load_scenario("smart-space-flexible", {**QUICK, "finance.jobs_per_commercialisation": 0.0}), seed=5
    )
    before = model.state.organisations.size.copy()
    model.run()
    assert model.series["innovations_commercialised"][-1] > 0
    np.testing.assert_array_equal(model.state.organisations.size[: len(before)], before)
