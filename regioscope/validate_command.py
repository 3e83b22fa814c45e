"""``regioscope validate``: what is documented or published against what comes out, figure by figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regioscope.run_options import INTERRUPTED, Fresh, Jobs, Seed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.families import Family
    from experiments.published_models import PublishedFigure
    from experiments.replication import Request
    from regioscope.family_validation import FamilyReport

__all__ = ["validate"]


def validate(
    cases: Annotated[
        list[str] | None, typer.Argument(metavar="[CASE]...", help="What to validate; lists the cases if left out.")
    ] = None,
    replicates: Annotated[int, typer.Option(min=1, max=10**7, help="Pairs of runs of each initiative.")] = 30,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for results, one inside it for each initiative; dated if left out."),
    ] = None,
    jobs: Jobs = None,
    fresh: Fresh = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
) -> None:
    """Hold documented and published figures against runs.

    Each initiative is run with its removals and its reference arms. Prints every documented figure with what came
    out, its role and the verdict, then the arms. A published model is run as in its paper. Ends with 4 if a
    validation target was missed.
    """
    if not cases:
        _list_cases()
        return
    families, models = _families(cases), _models(cases)
    from experiments.output_folder import dated_folder

    published = _published(models, as_json)
    reports = []
    if families:
        reports = _reports(families, replicates, seed, out or dated_folder("validate"), jobs, fresh, as_json)
    _conclude(reports, published, as_json)


def _list_cases() -> None:
    known = _known_cases()
    width = max(map(len, known))
    for name, what in known.items():
        print(f"{name:{width}}  {what}")


def _known_cases() -> dict[str, str]:
    from experiments.families import ALL, FAMILIES
    from experiments.published_papers import PAPERS

    about = {ALL: "all initiatives below"}
    about |= {each.name: ", ".join((each.head, *each.removals)) for each in FAMILIES}
    return about | PAPERS


def _families(cases: Sequence[str]) -> list[Family]:
    """Return the families that are asked for, each once."""
    from experiments.families import families_of
    from simulation.errors import DataError, did_you_mean, short_text

    known = _known_cases()
    for case in cases:
        if case not in known:
            raise DataError(f"{short_text(case)}: is not a case. {did_you_mean(case, known)}")
    return list(dict.fromkeys(family for case in cases for family in families_of(case)))


def _models(cases: Sequence[str]) -> list[str]:
    """Return the published models that are asked for, each once."""
    from experiments.published_papers import PAPERS

    return [name for name in dict.fromkeys(cases) if name in PAPERS]


def _published(models: Sequence[str], as_json: bool) -> dict[str, list[PublishedFigure]]:
    found: dict[str, list[PublishedFigure]] = {}
    if not models:
        return found
    from experiments.published_models import PUBLISHED_MODELS
    from regioscope.terminal import TerminalListener
    from regioscope.validate_report import print_model

    for name in models:
        with TerminalListener() as listener:
            listener.says(f"{name}: running it with the settings of its paper, up to a minute")
            found[name] = list(PUBLISHED_MODELS[name]())
        if not as_json:
            print_model(name, found[name])
    return found


def _reports(
    families: Sequence[Family],
    replicates: int,
    seed: int,
    folder: Path,
    jobs: int | None,
    fresh: bool,
    as_json: bool,
) -> list[FamilyReport]:
    from regioscope.family_validation import family_request
    from regioscope.terminal import TerminalListener
    from regioscope.validate_report import print_family

    requests = [family_request(family, replicates, seed) for family in families]
    with TerminalListener() as listener:
        listener.says(_prediction(requests, jobs))
    reports = []
    for family, request in zip(families, requests, strict=True):
        reports.append(_report(family, request, folder, jobs, fresh))
        if not as_json:
            print_family(reports[-1])
    return reports


def _report(family: Family, request: Request, folder: Path, jobs: int | None, fresh: bool) -> FamilyReport:
    from experiments.replication import replicate
    from regioscope.family_validation import family_report
    from regioscope.terminal import TerminalListener

    own = folder / family.name
    with TerminalListener() as listener:
        try:
            tally = replicate(request, own, listener, jobs=jobs, fresh=fresh)
        except KeyboardInterrupt:
            listener.says(f"Interrupted; finished runs are kept. To go on: the same command with --out {folder}")
            raise typer.Exit(INTERRUPTED) from None
    tally.see_that_all_finished(request.command, own)
    return family_report(family, request, own)


def _prediction(requests: Sequence[Request], jobs: int | None) -> str:
    from experiments.processes import available_cores
    from regioscope.family_validation import predicted_seconds

    processes = jobs or available_cores()
    runs = sum(len(request.arms) * len(request.replicates) for request in requests)
    seconds = predicted_seconds(requests, processes)
    lasting = f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
    several = f" in {processes} processes" if processes > 1 else ""
    return f"{runs} runs of {len(requests)} initiative{'s' if len(requests) != 1 else ''}: about {lasting}{several}"


def _conclude(
    reports: Sequence[FamilyReport], published: Mapping[str, Sequence[PublishedFigure]], as_json: bool
) -> None:
    from regioscope.family_validation import targets
    from simulation.errors import IncompleteError

    _, missed = targets(reports, published)
    if as_json:
        from regioscope.validate_json import validation_as_json

        print(validation_as_json(reports, published))
    else:
        from regioscope.validate_report import summary

        print(f"\n{summary(reports, published)}")
    if missed:
        raise IncompleteError(f"{missed} validation target{'s were' if missed != 1 else ' was'} missed")
