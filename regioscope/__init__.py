"""Regioscope simulates regional innovation ecosystems: ``import regioscope as rs``.

Names are loaded when first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis import figures
    from analysis.additionality import additionality
    from analysis.attribution import attribution
    from analysis.contrasts import contrast
    from experiments.results import Results, open_results
    from regioscope import mechanisms
    from regioscope.comparison import compare
    from regioscope.single_run import RunResult, run
    from regioscope.sweeping import sweep
    from simulation.agents import (
        SME,
        Authority,
        Broker,
        Large,
        Organisation,
        Park,
        Partnership,
        Provider,
        University,
    )
    from simulation.errors import (
        DataError,
        IncompleteError,
        RegioscopeError,
        RunError,
        ScenarioError,
        UsageError,
    )
    from simulation.model import EcosystemModel
    from simulation.scenario import Scenario, load_scenario

__all__ = [
    "SME",
    "Authority",
    "Broker",
    "DataError",
    "EcosystemModel",
    "IncompleteError",
    "Large",
    "Organisation",
    "Park",
    "Partnership",
    "Provider",
    "RegioscopeError",
    "Results",
    "RunError",
    "RunResult",
    "Scenario",
    "ScenarioError",
    "University",
    "UsageError",
    "additionality",
    "attribution",
    "compare",
    "contrast",
    "figures",
    "load_scenario",
    "mechanisms",
    "open_results",
    "run",
    "sweep",
]

_STANDS_IN = {
    **dict.fromkeys(
        (
            "SME",
            "Authority",
            "Broker",
            "Large",
            "Organisation",
            "Park",
            "Partnership",
            "Provider",
            "University",
        ),
        "simulation.agents",
    ),
    **dict.fromkeys(
        ("DataError", "IncompleteError", "RegioscopeError", "RunError", "ScenarioError", "UsageError"),
        "simulation.errors",
    ),
    "EcosystemModel": "simulation.model",
    "Results": "experiments.results",
    "RunResult": "regioscope.single_run",
    "additionality": "analysis.additionality",
    "attribution": "analysis.attribution",
    "compare": "regioscope.comparison",
    "contrast": "analysis.contrasts",
    "Scenario": "simulation.scenario",
    "load_scenario": "simulation.scenario",
    "open_results": "experiments.results",
    "run": "regioscope.single_run",
    "sweep": "regioscope.sweeping",
}

_MODULES = {"figures": "analysis.figures", "mechanisms": "regioscope.mechanisms"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        found: Any = _import(_MODULES[name])
    elif name in _STANDS_IN:
        found = getattr(_import(_STANDS_IN[name]), name)
    else:
        raise AttributeError(f"module 'regioscope' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _import(module: str) -> Any:
    from regioscope.own_packages import see_that_nothing_hides_them

    see_that_nothing_hides_them()
    return import_module(module)
