"""Worlds of a few organisations, written by hand."""

from types import SimpleNamespace

import numpy as np

from simulation.codes import Kind
from simulation.counters import counters_schema
from simulation.geography import Geography, founding_of
from simulation.kernels.networks import adjacency
from simulation.money import open_running_purses
from simulation.newborns import found_organisations
from simulation.randomness import combined, identity_of, stream_key
from simulation.schemas import empty_state
from simulation.world import Adjacency, World

KEY = stream_key(7, 1)
DOMAINS = ("a", "b", "c", "d", "e")


def small_scenario(**sections):
    region = {
        "innovation_index": 100.0,
        "innovator_share": None,
        "institutional_quality": 1.0,
        "exit_multiplier": 1.0,
        "birth_ratio": 1.0,
    }
    scenario = SimpleNamespace(
        population=SimpleNamespace(
            innovator_share=0.5,
            knowledge_core=0.6,
            knowledge_other=0.12,
            knowledge_spread=0.5,
            absorptive_capacity_alpha=2,
            absorptive_capacity_beta=3,
            absorptive_capacity_shift=0.1,
            digital_maturity_alpha=2,
            digital_maturity_beta=2,
            size_median=8.0,
            size_spread=1.0,
            need_kind_weights=(1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
        ),
        enrolment=SimpleNamespace(
            monthly_rate=0.02, maturity_offset=0.5, neighbour_effect=1.0, event_effect=1.0, awareness_effect=1.0
        ),
        ties=SimpleNamespace(
            decay=0.98,
            stage_gain=0.3,
            failure_factor=0.7,
            forgotten_below=0.05,
            new_trust=0.25,
            casual_rate=0.06,
        ),
        demography=SimpleNamespace(
            exit_first_year=0.2,
            exit_years_two_to_five=0.139,
            exit_later=0.055,
            entrant_ties=3,
            insolvency_multiplier=3.0,
        ),
        finance=SimpleNamespace(
            capital_at_start_keur=10.0,
            monthly_income_keur=0.2,
            income_spread=1.0,
            commercialisation_keur=50.0,
            project_cost_keur=2.0,
            outside_probability=1.0,
            outside_keur=30.0,
            jobs_per_commercialisation=2.0,
        ),
        applications=SimpleNamespace(grant_months=24),
        provision=SimpleNamespace(
            diagnosis_maturity=0.2,
            training_absorption=0.1,
            take_up=1.0,
            served_months=12,
            awareness_reach=1.0,
            awareness_maturity=0.05,
            referred_months=6,
            referred_take_up=1.0,
            coached_months=12,
            tested_months=12,
            ready_months=12,
            mobility_trust=0.5,
            mobility_learning=0.2,
            group_size=3,
            group_take_up=1.0,
            group_learning=0.1,
        ),
        brokerage=SimpleNamespace(cases_per_post=12, staff_days_per_post=20.0),
        investment=SimpleNamespace(tickets_per_region_month=1.0, ticket_keur=100.0),
        satisfaction=SimpleNamespace(
            introduction_memory=0.0, service_memory=0.0, leaving=0.0, reuse=0.0, word_of_mouth=0.0
        ),
        platform=SimpleNamespace(staffed=False, starts_month=1, ends_month=36, cost_keur=3.0),
        programme=SimpleNamespace(active=True, across=True, starts_month=1, calls=True, services=True, budget_keur=0.0),
        instruments=SimpleNamespace(owners="nobody", service_effect=0.0),
        programme_end_month=36,
        warm_up_months=0,
        services={},
        partnerships={},
        calls={"pilots": SimpleNamespace(grant_share=0.25, voucher=False)},
        challenges={},
        regions={"R1": SimpleNamespace(**region), "R2": SimpleNamespace(**region)},
        sectors={"S1": SimpleNamespace(core=("a", "b")), "S2": SimpleNamespace(core=("b", "c"))},
    )
    for name, value in sections.items():
        setattr(scenario, name, value)
    return scenario


def small_map():
    square = np.zeros((2, 2))
    pairs = [(region, sector) for region in range(2) for sector in range(2)]
    return Geography(
        regions=("R1", "R2"),
        sectors=("S1", "S2"),
        domains=DOMAINS,
        countries=("AT", "IT"),
        country=np.array([0, 1], dtype=np.int16),
        has_firms=np.ones(2, dtype=np.bool_),
        distance_km=square,
        across_border=~np.eye(2, dtype=np.bool_),
        neighbour=~np.eye(2, dtype=np.bool_),
        region_identity=np.array([identity_of("region", code) for code in ("R1", "R2")], dtype=np.uint64),
        cluster_region=np.array([region for region, _ in pairs], dtype=np.int16),
        cluster_sector=np.array([sector for _, sector in pairs], dtype=np.int16),
        cluster_identity=np.array([identity_of("cluster", *pair) for pair in pairs], dtype=np.uint64),
    )


def small_world(organisations=8, scenario=None, month=1, kind=Kind.SME):
    """Organisations spread evenly over four clusters, without ties, brokers or projects."""
    scenario, geography = scenario or small_scenario(), small_map()
    state = empty_state(len(DOMAINS), counters_schema())
    state.counters.append(1)
    open_running_purses(state)
    identities = combined(identity_of("firm"), np.arange(organisations, dtype=np.uint64))
    cluster = (np.arange(organisations) * 4 // organisations).astype(np.int32)
    kinds = np.full(organisations, kind, dtype=np.int8)
    founding = founding_of(scenario, geography)
    found_organisations(state.organisations, founding, KEY, cluster, kinds, identities, -120)
    world = World(scenario, KEY, month, state, geography, None)
    rebuild(world)
    return world


def rebuild(world):
    ties = world.state.ties
    world.adjacency = Adjacency(*adjacency(ties.first, ties.second, len(world.state.organisations)))


def tie(world, first, second, **columns):
    values = {"trust": 0.25, "born_month": 0} | columns
    row = world.state.ties.append(1, first=first, second=second, **values).start
    rebuild(world)
    return row


def project(world, *members, **columns):
    projects = world.state.projects
    values = {"started_month": world.month, "identity": identity_of("project", len(projects))} | columns
    row = projects.append(1, **values).start
    projects.members[row, : len(members)] = members
    projects.member_count[row] = len(members)
    if projects.status[row] == 0:
        world.state.organisations.running_projects[list(members)] += 1
    return row


def broker(world, region, name, **columns):
    identity = identity_of("broker", name)
    return world.state.brokers.append(1, region=region, identity=identity, posts=1.0, **columns).start


def register(world, rows, row_of_broker):
    world.state.organisations.broker[rows] = row_of_broker
