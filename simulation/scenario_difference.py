"""What distinguishes two scenarios, as their authors wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulation.scenario import Scenario
from simulation.scenario_layers import leaves
from simulation.toml_source import dotted

__all__ = ["Difference", "difference", "flat"]

WITHOUT_EFFECT = ("title", "facts")


@dataclass(frozen=True)
class Difference:
    """A key with its value in two scenarios; None where a scenario does not have it.

    Attributes
    ----------
    key : str
        Dotted key.
    a, b : object
        The values as written.
    """

    key: str
    a: object
    b: object


def difference(a: Scenario, b: Scenario) -> list[Difference]:
    """Compare the merged values of two scenarios before presets, without title, facts and sources."""
    in_a, in_b = flat(a.written), flat(b.written)
    keys = sorted(in_a.keys() | in_b.keys())
    return [
        Difference(key, in_a.get(key), in_b.get(key))
        for key in keys
        if (key in in_a) != (key in in_b) or in_a[key] != in_b[key]
    ]


def flat(values: Mapping[str, Any]) -> dict[str, object]:
    """Return the values of a scenario by dotted key, without title, facts and sources."""
    return {
        dotted(path): value
        for path, value in leaves(values, ())
        if path[0] not in WITHOUT_EFFECT and not (path[-1] == "source" and isinstance(value, str))
    }
