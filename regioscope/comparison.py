"""A comparison of scenarios: the same firms with the same luck under each, run as pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regioscope.command_text import run_text
from simulation.errors import UsageError

if TYPE_CHECKING:
    from experiments.replication import Request
    from experiments.results import Results
    from experiments.specification import RunSpecification
    from simulation.scenario import Scenario

__all__ = ["compare", "comparison_of"]

FEWEST = 2
"""Arms that a comparison needs."""


def comparison_of(
    scenarios: Sequence[Scenario | str | Path],
    replicates: int = 30,
    seed: int = 1,
    months: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    reference: bool = False,
) -> Request:
    """Return what is asked for by a comparison, before anything of it is computed.

    Parameters and errors as in :func:`compare`.
    """
    from experiments.arms import arms_of, settings_of
    from experiments.replication import Request

    asked = [scenarios] if isinstance(scenarios, str | Path) else list(scenarios)
    if len(asked) + reference < FEWEST:
        raise UsageError(
            "compare: one scenario has nothing to be compared with. Give two or more, or add --reference "
            "(in Python reference=True) to compare it with no programme, separate regions and random matching"
        )
    if replicates < 1:
        raise UsageError(f"compare: replicates = {replicates}: must be at least 1")
    factors = dict(overrides or {})
    arms = arms_of(asked, factors, months, reference)
    by_name = {arm.name: arm for arm in arms}

    def command(specification: RunSpecification) -> str:
        arm = by_name[specification.scenario.name]
        which = f"--replicate {specification.replicate}"
        return run_text(arm.given, seed, months, settings_of(arm, factors), which)

    return Request(arms, factors, seed, range(replicates), command, "compare", months)


def compare(
    scenarios: Sequence[Scenario | str | Path],
    replicates: int = 30,
    seed: int = 1,
    months: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    *,
    reference: bool = False,
    out: str | Path | None = None,
    jobs: int | None = None,
    fresh: bool = False,
) -> Results:
    """Run scenarios on the same firms with the same luck, and store what each replicate left.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
        The first is the reference: differences are the others minus it.
    replicates : int
        Pairs of runs that differ by luck alone. More of them into the same folder extend it.
    seed : int
        First part of the address of every random number.
    months : int, optional
        Length of the runs instead of the scenarios'.
    overrides : mapping of str to object, optional
        Values by dotted key, the same in every arm.
    reference : bool
        Whether to add the reference arms: no programme, separate regions, random matching.
    out : str or Path, optional
        Folder of the results; a dated one under ``results`` where left out.
    jobs : int, optional
        Processes; all available cores where that pays.
    fresh : bool
        Forget what the folder holds and compute everything.

    Returns
    -------
    Results
        What is stored, with the frames ``runs``, ``series``, ``horizons``, ``regions``, ``flows``, ``network``.

    Raises
    ------
    UsageError
        If there is nothing to compare with.
    ScenarioError
        If a scenario or an override is wrong or unknown.
    DataError
        If the folder holds something else.
    IncompleteError
        If runs failed; the others are stored.
    """
    from experiments.output_folder import dated_folder
    from experiments.replication import replicate
    from experiments.results import open_results
    from regioscope.terminal import TerminalListener

    request = comparison_of(scenarios, replicates, seed, months, overrides, reference)
    folder = dated_folder(name_of(request)) if out is None else Path(out)
    with TerminalListener() as listener:
        tally = replicate(request, folder, listener, jobs=jobs, fresh=fresh)
    tally.see_that_all_finished(request.command, folder)
    return open_results(folder)


def name_of(request: Request) -> str:
    """Return a name for the folder of a comparison: its scenarios, shortened where they are many."""
    names = [arm.name for arm in request.arms if arm.kind == "scenario"]
    return "-and-".join(names[:2]) + ("-and-more" if len(names) > FEWEST else "")
