"""A study from a notebook, and what a run of it is reproduced with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regioscope.command_text import run_text

if TYPE_CHECKING:
    from experiments.results import Results
    from experiments.shards import Shard
    from experiments.specification import RunSpecification
    from experiments.study import Study
    from experiments.sweep import Sweep

__all__ = ["sweep", "sweep_of"]


def sweep_of(study: Study, folder: Path, shard: Shard, fresh: bool = False, tries: bool = True) -> Sweep:
    """Return what is asked for by a sweep, before anything of it is computed.

    Parameters
    ----------
    study : Study
        A validated study.
    folder : Path
        Where results are stored.
    shard : Shard
        The part that is computed.
    fresh : bool
        Forget what the folder holds.
    tries : bool
        Whether a few runs are tried first, for the plan.
    """
    from experiments.sweep import Sweep

    given = {arm.name: arm.given for arm in study.arms}

    def command(specification: RunSpecification) -> str:
        which = f"--replicate {specification.replicate}"
        name = given[specification.arm or ""]
        return run_text(name, study.seed, study.months, specification.factors, which)

    return Sweep(study, folder, command, shard, fresh, tries)


def sweep(study: str | Path, out: str | Path | None = None, *, jobs: int | None = None, fresh: bool = False) -> Results:
    """Run a study and store what each run left.

    Parameters
    ----------
    study : str or Path
        Name or path of a study file.
    out : str or Path, optional
        Folder of the results; a dated one under ``results`` where left out.
    jobs : int, optional
        Processes; all available cores where that pays.
    fresh : bool
        Forget what the folder holds and compute everything.

    Returns
    -------
    Results
        What is stored: the frames of a comparison, and ``design``.

    Raises
    ------
    ScenarioError
        If the study or a scenario is wrong or unknown.
    DataError
        If the folder holds something else.
    IncompleteError
        If runs failed; the others are stored.
    """
    from experiments.output_folder import dated_folder
    from experiments.results import open_results
    from experiments.shards import WHOLE
    from experiments.study import load_study
    from experiments.sweep import sweep as compute
    from regioscope.terminal import TerminalListener

    loaded = load_study(study)
    folder = dated_folder(loaded.name) if out is None else Path(out)
    asked = sweep_of(loaded, folder, WHOLE, fresh)
    with TerminalListener() as listener:
        tally = compute(asked, listener, jobs=jobs)
    tally.see_that_all_finished(asked.command, folder)
    return open_results(folder)
