"""A small sweep as a folder holds it, of which any runs may be missing."""

from pathlib import Path

from experiments.parts import part_paths
from experiments.runner import perform
from experiments.stopping_rule import looks
from experiments.study import Study, load_study
from experiments.sweep import Sweep, begun
from tests.small_runs import made_up_run

SPEEDS = '"negotiation.speed" = [0.25, 0.5]\n"matching.rule" = ["stable", "random"]'
WATCHED = 'until = "introductions", between = ["formal", "flexible"]'
UNTIL = f"replicates = {{ {WATCHED}, width = 1.0, batch = 2, min = 2, max = 6 }}"


def small_study(folder: Path, replicates: str = "replicates = 2", uncertainties: str = SPEEDS) -> Study:
    """A study of two arms in which small scenarios run for four months, at four points unless others are given."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "speed.toml"
    path.write_text(f"""
title = "Speed against fees"
base = "smart-space-flexible"
months = 4
seed = 7
{replicates}
[design]
kind = "grid"
[levers]
"partnership.governance" = ["formal", "flexible"]
"population.smes_per_cluster" = [3]
[uncertainties]
{uncertainties}
""")
    return load_study(path)


def put_sweep(folder: Path, study: Study, wanted=lambda specification: True, simulate=made_up_run) -> Path:
    """Store those runs of a study that are wanted, replicate by replicate, a part each."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = Sweep(study, folder, lambda each: f"again point {each.point}")
    store = begun(asked)
    for replicate in range(looks(study.replicates)[-1]):
        missing = asked.missing(set(), range(replicate, replicate + 1))
        ended = [(each, perform(each, simulate)) for each in asked.specifications(missing) if wanted(each)]
        if ended:
            store.write(ended)
    return folder


def dated(folder: Path, seconds) -> None:
    """Give the parts of the table runs the times at which they are to have been written."""
    paths = part_paths(folder / "runs")
    for path, at in zip(paths, seconds, strict=True):
        _, _, *rest = path.name.split("-")
        path.rename(path.with_name("-".join(["part", f"{int(at * 1e9):020d}", *rest])))
