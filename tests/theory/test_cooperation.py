"""How many SMEs have an innovation partner, and how projects end.

About 12 % of SMEs in three years, 3 to 6 % where few firms innovate and 20 to 25 % where most do (Community Innovation
Survey with Golden Growth, table 5.1): three levels from one probability of starting. Projects end as alliances do:
15 : 34 : 51 success, failure, expiry (Reuer & Zollo 2005), after about 24 months.
"""

import numpy as np
import pytest

from simulation.codes import Status
from simulation.kernels.collaboration import run_hazards
from simulation.randomness import combined, identity_of, stream_key
from simulation.scenario import load_scenario
from simulation.state import NEVER
from tests.verification_runs import many, mean_and_error

RULES = load_scenario("baseline").collaboration
HAZARDS = (RULES.advance_hazard, RULES.failure_hazard, RULES.expiry_hazard)
STAGES = 3


def cooperation(innovator_share, seeds):
    """Mean and standard error of the share of SMEs with a partner in 36 months."""
    codes = load_scenario("baseline").population.regions
    scenario = load_scenario(
        "baseline", {f"regions.{code}.innovator_share": innovator_share for code in codes} | {"months": 36}
    )
    return mean_and_error([model.series["cooperation_share"][-1] for model in many(scenario, seeds)])


def ends_of_projects(number):
    """Status and duration of projects of reference surplus and ordinary luck, without grants or services."""
    identity = combined(identity_of("project"), np.arange(number, dtype=np.uint64))
    status, stage = np.zeros(number, dtype=np.int8), np.zeros(number, dtype=np.int8)
    started, passed, ended = (np.full(number, month, dtype=np.int16) for month in (0, NEVER, NEVER))
    ungranted = np.zeros(number, dtype=np.float32)
    grant, paid = np.zeros(number, dtype=np.int64), np.zeros(number, dtype=np.int64)
    members, count = np.zeros((number, 8), dtype=np.int32), np.full(number, 2, dtype=np.int8)
    surplus, luck = np.full(number, RULES.start_surplus), np.ones(number, dtype=np.float32)
    served, running = np.array([NEVER], dtype=np.int16), np.zeros(1, dtype=np.int64)
    for month in range(1, 500):
        run_hazards(
            stream_key(1, 0),
            month,
            np.flatnonzero(status == Status.RUNNING),
            identity,
            surplus,
            luck,
            started,
            passed,
            ended,
            stage,
            status,
            members,
            count,
            ungranted,
            grant,
            paid,
            served,
            served,
            served,
            running,
            *HAZARDS,
            RULES.start_surplus,
            RULES.surplus_exponent,
            RULES.grant_multiplier,
            RULES.services_multiplier,
            RULES.coaching_multiplier,
            RULES.tested_expiry_multiplier,
            RULES.funded_expiry_multiplier,
            np.ones(np.count_nonzero(status == Status.RUNNING)),
        )
    return status, ended


def test_more_smes_cooperate_where_more_innovate():
    lagging, average, leading = (cooperation(share, 2)[0] for share in (0.11, 0.53, 0.73))
    assert 0.02 < lagging < 0.07
    assert lagging + 0.05 < average < leading


@pytest.mark.slow
@pytest.mark.parametrize(
    ("innovator_share", "least", "most", "seeds"),
    [(0.11, 0.03, 0.06, 120), (0.53, 0.10, 0.14, 24), (0.73, 0.15, 0.25, 24)],
)
def test_smes_with_a_partner_in_three_years_follow_the_share_of_innovators(innovator_share, least, most, seeds):
    mean, error = cooperation(innovator_share, seeds)
    assert error < 0.07 * (most - least)
    assert least < mean < most


def test_hazards_give_15_34_51_and_two_years_in_closed_form():
    advance, failure, expiry = HAZARDS
    leaving = advance + failure + expiry
    passing = advance / leaving
    success = passing**STAGES
    ended_otherwise = (1.0 - success) / (failure + expiry)
    assert success == pytest.approx(0.15, abs=0.005)
    assert failure * ended_otherwise == pytest.approx(0.34, abs=0.005)
    assert expiry * ended_otherwise == pytest.approx(0.51, abs=0.005)
    assert sum(passing**stage for stage in range(STAGES)) / leaving == pytest.approx(24.0, abs=0.5)


def test_projects_end_15_34_51_after_two_years():
    number = 20_000
    status, ended = ends_of_projects(number)
    shares = np.bincount(status, minlength=len(Status)) / number
    expected = {Status.RUNNING: 0.0, Status.COMMERCIALISED: 0.15, Status.FAILED: 0.34, Status.EXPIRED: 0.51}
    for outcome, share in expected.items():
        assert shares[outcome] == pytest.approx(share, abs=0.005 + 3.0 * (share * (1 - share) / number) ** 0.5)
    assert ended.mean() == pytest.approx(24.0, abs=0.5 + 3.0 * ended.std() / number**0.5)
