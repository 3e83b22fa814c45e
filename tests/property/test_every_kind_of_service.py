"""A programme with every kind of service at once: the invariants hold, and every kind does what it is there for."""

from functools import cache

import numpy as np
import pytest

from simulation.codes import Origin
from simulation.model import EcosystemModel
from simulation.scenario import load_scenario
from simulation.state import NEVER, NOBODY
from tests.invariants import run_checked

KINDS = ("awareness", "coaching", "mobility", "investment_readiness", "forum", "exchange_group", "referral")
SMALL = {"population.smes_per_cluster": 12, "months": 18, "programme_end_month": 15}
LIVELY = {
    "provision.take_up": 0.3,
    "provision.group_size": 4,
    "investment.tickets_per_region_month": 2.0,
    "satisfaction.introduction_memory": 0.3,
    "satisfaction.service_memory": 0.1,
    "satisfaction.leaving": 0.2,
    "satisfaction.reuse": 0.5,
    "satisfaction.word_of_mouth": 0.5,
}


def service(kind):
    places = {"awareness": 0, "exchange_group": 8}.get(kind, 3)
    staff = 0.0 if kind in ("awareness", "exchange_group") else 0.5
    return f"""
[services.{kind.replace("_", "-")}-of-all]
name = "{kind}"
kind = "{kind}"
starts_month = 2
ends_month = 15
places_per_month = {places}
cost_keur = 0.37
source_of_money = "regional"
staff_days = {staff}
"""


@cache
def run_of(folder, **changes):
    path = folder / "all-services.toml"
    path.write_text(
        'extends = "smart-space-flexible"\n[services.diagnosis]\nrefers = true\n' + "".join(map(service, KINDS))
    )
    overrides = {**SMALL, **LIVELY, **{key.replace("__", "."): value for key, value in changes.items()}}
    return run_checked(EcosystemModel(load_scenario(path, overrides), seed=3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("services")


def test_invariants_hold_with_every_kind_and_every_kind_reaches_somebody(folder):
    state = run_of(folder).state
    for name in ("coached", "tested", "ready", "referred", "served"):
        assert (getattr(state.organisations, f"{name}_until_month") != NEVER).any(), name
    assert (state.ties.origin == Origin.MOBILITY).any()
    assert (state.organisations.group != NOBODY).any()
    assert (state.projects.outside_cents > 0).any()


def test_without_a_programme_across_regions_visits_cross_none(folder):
    across, inside = (run_of(folder, programme__across=each).state for each in (True, False))
    for state, crossing in ((across, True), (inside, False)):
        visits = state.ties.origin == Origin.MOBILITY
        region = state.organisations.region
        assert visits.any()
        assert (region[state.ties.first[visits]] != region[state.ties.second[visits]]).any() == crossing


def test_a_run_with_every_kind_is_the_same_from_a_seed(folder):
    one = run_of(folder).state.digest()
    run_of.cache_clear()
    assert run_of(folder).state.digest() == one


def test_nothing_that_services_leave_in_the_state_is_there_without_services(folder):
    state = run_of(folder, programme__services=False).state
    organisations = state.organisations
    for name in ("coached", "tested", "ready", "referred", "served"):
        assert (getattr(organisations, f"{name}_until_month") == NEVER).all()
    assert (organisations.group == NOBODY).all()
    assert not (state.ties.origin == Origin.MOBILITY).any()
    assert not state.projects.ticket_left_cents.any()
    assert not np.isnan(organisations.satisfaction).any()
