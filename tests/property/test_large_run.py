"""A region of a hundred thousand firms runs as soundly as a small one."""

import pytest

from simulation.codes import Kind
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario
from tests.invariants import INVARIANTS


@pytest.mark.slow
def test_a_hundred_thousand_smes_run_twelve_months_soundly():
    sizes = {"population.smes_per_cluster": 2_273, "months": 12}
    model = EcosystemModel(load_scenario("smart-space-flexible", sizes), seed=1)
    rows = model.state.organisations
    assert (rows.kind == Kind.SME).sum() == 44 * 2_273 > 100_000
    model.run()
    for holds in INVARIANTS:
        holds(model)
    assert all(len(values) == 12 for values in model.series.values())
    assert model.series["collaborations"][-1] > 1_000
