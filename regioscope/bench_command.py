"""``regioscope bench``: how fast the full model is on this machine, beside peers and the machine's own limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regioscope.run_options import Threads

if TYPE_CHECKING:
    from experiments.benchmarks.scaling import ScalingPoint
    from regioscope.terminal import TerminalListener

__all__ = ["bench"]


def bench(
    smes: Annotated[int, typer.Option(min=1, max=5_000_000, help="SMEs of the full model.")] = 100_000,
    months: Annotated[int, typer.Option(min=1, max=1000, help="Months on the clock, after two that are not.")] = 12,
    threads: Threads = 1,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also draw time against SMEs, 1,000 to a million (PNG or SVG).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the speed of the full model under a fixed load: 10 % of firms seek a month, 32 candidates, 16 domains.

    Beside it, in the same run: the core of a month as a plain Mesa model and in numpy, and the time in which this
    machine could read what a month must read.
    """
    from experiments.warm_up import warm_up
    from regioscope.terminal import TerminalListener

    _see_that_it_can_be_drawn(chart)
    with TerminalListener() as listener:
        warm_up(listener.compiling)
        listener.pauses()
        from experiments.benchmarks.measure import measure

        measured = measure(smes, months, listener.says, threads)
        points = _drawn(chart, listener) if chart else []
    from regioscope.bench_report import benchmark_as_json, print_benchmark

    if as_json:
        print(benchmark_as_json(measured, smes, months, threads, points))
    else:
        print_benchmark(measured, smes, months, threads)


def _see_that_it_can_be_drawn(chart: Path | None) -> None:
    from simulation.errors import UsageError, short_text

    if chart is not None and chart.suffix not in (".png", ".svg"):
        raise UsageError(f"--chart {short_text(str(chart))}: must end in .png or .svg. Name another file")


def _drawn(chart: Path, listener: TerminalListener) -> list[ScalingPoint]:
    """Measure at all sizes, draw them, and return them."""
    from analysis.figure_style import saved
    from analysis.scaling_figure import time_against_smes
    from experiments.benchmarks.scaling import scaling
    from experiments.output_folder import cannot_write

    points = scaling(listener.says)
    try:
        chart.parent.mkdir(parents=True, exist_ok=True)
        chart.write_bytes(saved(time_against_smes(points), chart.suffix[1:]))
    except OSError as error:
        raise cannot_write(chart, error, "name another file with --chart") from None
    listener.says(f"chart: {chart}")
    return points
