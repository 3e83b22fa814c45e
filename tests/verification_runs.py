"""Scenarios and runs shared by the tests of what has to come out of the rules."""

from copy import deepcopy
from functools import cache

import numpy as np

from simulation.model import EcosystemModel
from simulation.parameters import CATALOGUES
from simulation.scenario import load_scenario, resolved_values, scenario_from_values
from simulation.schedule import MONTH

GOVERNING = tuple(stage for stage in MONTH if stage.name in ("negotiation", "policy", "indicators"))
"""A month in which nothing but the partnership's own life happens."""


@cache
def _resolved(name):
    return resolved_values(load_scenario(name))


def values_of(name="smart-space-flexible", **attributes):
    """Complete values of a scenario to change; ``attributes`` of governance replace those of its preset."""
    values = deepcopy(_resolved(name))
    partnership = values["partnership"]
    partnership |= {"governance": "own", "presets": {"own": {}}, **attributes}
    values["facts"] = []
    return values


def without_bodies(values):
    """Take out bodies, partnerships, calls and services."""
    for catalogue in set(CATALOGUES) - {"domains", "sectors", "regions"}:
        values[catalogue] = {}
    return values


def broker(region, **columns):
    return {"name": "A broker", "region": region, "kind": "broker", **columns}


def ecosystem(regions=("AT32", "DE21"), sectors=("digital", "health"), smes=6, months=8, members=2, **attributes):
    """A few firms, a broker in every region, and a partnership of the first brokers."""
    values = without_bodies(values_of(**attributes))
    values["population"] |= {"regions": list(regions), "sectors": list(sectors), "smes_per_cluster": smes}
    values["months"], values["programme_end_month"] = months, max(1, months - 2)
    values["brokers"] = {f"b{place}": broker(region) for place, region in enumerate(regions)}
    founders = list(values["brokers"])[:members]
    if founders:
        values["partnerships"]["p"] = {"name": "P", "founders": founders, "lead": founders[0]}
    return values


def founded(values, seed=1):
    """A model on the day before month 1 in which nothing happens by itself: its world is there to be changed."""
    return EcosystemModel(scenario_from_values(values, "still"), seed=seed, schedule=())


def partnership_of(members, smes_per_cluster=46, overrides=None, **attributes):
    """A scenario with one partnership of so many brokers, spread over the eleven regions, and nothing else.

    Without joining and leaving, so that the number of members stays what it is.
    """
    values = without_bodies(values_of(**attributes))
    regions = values["population"]["regions"]
    values["brokers"] = {
        f"b{place:03d}": broker(regions[place % len(regions)]) for place in range(max(members, len(regions)))
    }
    founders = sorted(values["brokers"])[:members]
    values["partnerships"] = {"p": {"name": "P", "founders": founders, "lead": founders[0]}}
    values["population"]["smes_per_cluster"] = smes_per_cluster
    values["engagement"] |= {"joining_rate": 0.0, "drift": 0.0}
    scenario = scenario_from_values(values, f"partnership-of-{members}")
    return scenario.with_overrides(overrides) if overrides else scenario


def after(scenario, months=None, seed=1, schedule=MONTH):
    """The model after so many months, or after all."""
    model = EcosystemModel(scenario, seed=seed, schedule=schedule)
    model.run(months)
    return model


def many(scenario, seeds, months=None, schedule=MONTH):
    """The models of seeds 1, 2, ..., one after the other."""
    return (after(scenario, months, seed, schedule) for seed in range(1, seeds + 1))


def mean_and_error(values):
    """Mean and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1) / len(values) ** 0.5)
