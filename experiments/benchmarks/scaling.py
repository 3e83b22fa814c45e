"""How time grows with the number of SMEs, from 1,000 to a million: the full model beside the peers' core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from experiments.benchmarks.measure import core_times
from experiments.benchmarks.month_times import months_under_load

__all__ = ["FULL_MODEL", "SIZES", "ScalingPoint", "scaling"]

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
FULL_MODEL = "full model"
MOST_SMES = {"mesa": 100_000, "numpy": 1_000_000}
MOST_SME_MONTHS = 1_000_000
MONTHS = (2, 12)


@dataclass(frozen=True)
class ScalingPoint:
    """What a month takes at one size: ``what`` is the full model or a peer's core, ``ns_per_sme`` the time an SME."""

    what: str
    smes: int
    ns_per_sme: float

    @property
    def month_ms(self) -> float:
        """A month's time, in ms."""
        return self.ns_per_sme * self.smes * 1e-6


def scaling(says: Callable[[str], None], sizes: Sequence[int] = SIZES) -> list[ScalingPoint]:
    """Measure a month at every size; fewer months at the larger ones, the Mesa model up to 100,000 SMEs.

    Parameters
    ----------
    says : callable
        Is told what is measured next.
    sizes : sequence of int
        Numbers of SMEs.
    """
    points = []
    for smes in sizes:
        says(f"scaling: {smes:,} SMEs")
        months = min(MONTHS[1], max(MONTHS[0], MOST_SME_MONTHS // smes))
        full = months_under_load(smes, months)
        points.append(ScalingPoint(FULL_MODEL, full.smes, full.ns_per_sme))
        peers = tuple(name for name, most in MOST_SMES.items() if smes <= most)
        cores = core_times(smes, MONTHS[0], peers)
        points += [ScalingPoint(name, cores.smes, cores.ns_per_sme[name]) for name in peers]
    return points
