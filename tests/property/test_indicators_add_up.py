import math
from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.codes import Account, Source
from simulation.counters import counters_schema
from simulation.indicator_definitions import INDICATORS
from simulation.mechanisms.indicators import measure, measure_regions
from simulation.money import CENTS_PER_KEUR, open_running_purses, pay
from simulation.randomness import identity_of, stream_key, uniforms
from simulation.schemas import MOST_MEMBERS, empty_state
from simulation.state import NEVER, NOBODY
from simulation.world import World

CODES = ("AT33", "DE27", "ITH3", "SI04")
PUBLIC_PURPOSE = 110


def draws(seed, name, count):
    """Fractions from 0 to below 1, by address."""
    identities = np.array([identity_of(name, row) for row in range(count)], dtype=np.uint64)
    return uniforms(stream_key(seed, 0), PUBLIC_PURPOSE, 0, identities)


@st.composite
def worlds(draw):
    """A world with organisations, ties, projects and money as they come, each fitting its schema."""
    seed, count = draw(st.integers(0, 2**32 - 1)), draw(st.integers(0, 60))
    month = draw(st.integers(1, 60))
    state = empty_state(domains=3, counters=counters_schema())
    state.counters.append(1)
    open_running_purses(state)
    organisations = state.organisations
    organisations.append(
        count,
        identity=np.arange(count, dtype=np.uint64),
        knowledge=draws(seed, "knowledge", count * 3).reshape(count, 3),
        size=1 + 100 * draws(seed, "size", count),
        region=(len(CODES) * draws(seed, "region", count)).astype(np.int16),
        kind=np.maximum(0, 8 * draws(seed, "kind", count) - 4).astype(np.int8),
        alive=draws(seed, "alive", count) < 0.8,
        registered_month=np.where(draws(seed, "registered", count) < 0.4, 1, NEVER),
        cooperated_month=np.where(draws(seed, "cooperated", count) < 0.3, month, NEVER),
        innovations=(3 * draws(seed, "innovations", count)).astype(np.int16),
        granted=draws(seed, "granted", count) < 0.3,
        served=draws(seed, "served", count) < 0.3,
    )
    if count:
        members = np.full((count, MOST_MEMBERS), NOBODY)
        members[:, 0] = (count * draws(seed, "initiator", count)).astype(np.int32)
        state.projects.append(
            count,
            members=members,
            member_count=1 + (3 * draws(seed, "members", count)).astype(np.int8),
            status=(4 * draws(seed, "status", count)).astype(np.int8),
        )
    for source in Source:
        for account in Account:
            if source in (Source.OWN, Source.OUTSIDE) or account is not Account.INVESTMENT:
                pay(state, source, account, draw(st.integers(0, 10**12)))
    return World(
        scenario=SimpleNamespace(
            regions={code: SimpleNamespace(less_developed=code == "SI04") for code in CODES}, months=60
        ),
        key=stream_key(seed, 0),
        month=month,
        state=state,
        geography=SimpleNamespace(regions=CODES, has_firms=np.ones(len(CODES), dtype=np.bool_)),
        adjacency=None,
    )


@given(world=worlds())
def test_regions_add_up_to_the_whole(world):
    whole, regions = measure(world), measure_regions(world)
    assert regions["smes_alive"].sum() == whole["smes_alive"]
    assert regions["smes_registered"].sum() == whole["smes_registered"]
    assert regions["collaborations_active"].sum() == whole["collaborations_active"]
    assert math.fsum(regions["jobs_fte"].tolist()) == whole["jobs_fte"]


@given(world=worlds())
def test_the_mean_of_the_regions_means_weighted_by_smes_is_the_mean(world):
    whole, regions = measure(world), measure_regions(world)
    inhabited = regions["smes_alive"] > 0
    assert np.array_equal(inhabited, ~np.isnan(regions["knowledge_mean"]))
    if whole["knowledge_mean"] is None:
        assert not inhabited.any()
    else:
        weighted = np.average(regions["knowledge_mean"][inhabited], weights=regions["smes_alive"][inhabited])
        assert math.isclose(weighted, whole["knowledge_mean"], rel_tol=1e-12)


@given(world=worlds())
def test_support_of_either_kind_bounds_support(world):
    values = measure(world)
    grant, service = values["smes_supported_grant"], values["smes_supported_nonfinancial"]
    assert max(grant, service) <= values["smes_supported"] <= grant + service


@given(world=worlds())
def test_every_euro_spent_is_public_own_or_outside(world):
    values = measure(world)
    shown = [values[f"{name}_keur"] for name in ("public_cost", "own_investment", "outside_investment")]
    assert sum(round(keur * CENTS_PER_KEUR) for keur in shown) == world.state.purses.spent_cents.sum()
    accounts = [values[f"{name}_keur"] for name in ("grants_paid", "services_cost", "coordination_cost")]
    assert sum(round(keur * CENTS_PER_KEUR) for keur in accounts) == round(shown[0] * CENTS_PER_KEUR)


@given(world=worlds())
def test_a_defined_share_lies_between_0_and_1_and_nothing_undefined_is_a_number(world):
    values = measure(world)
    assert not any(isinstance(value, float) and math.isnan(value) for value in values.values())
    shares = [i.name for i in INDICATORS if i.kind == "share" and not i.name.startswith(("private", "public"))]
    assert all(0.0 <= values[name] <= 1.0 for name in shares if values[name] is not None)
    assert all(values[i.name] is not None for i in INDICATORS if not i.null_when)


@given(world=worlds())
def test_measuring_changes_nothing(world):
    before = world.state.digest()
    measure(world)
    measure_regions(world)
    assert world.state.digest() == before
