"""What ``regioscope bench`` prints: for a person a table of ratios, for a program every figure."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version

import llvmlite.binding
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from experiments.benchmarks.measure import Benchmark
from experiments.benchmarks.scaling import ScalingPoint
from experiments.processes import available_cores
from regioscope.terminal import results_console

__all__ = ["benchmark_as_json", "print_benchmark"]

LIBRARIES = ("numpy", "numba", "mesa")
SHOWN_STAGES = 8
CLOCK = "processor time of this process; of all of its processes for import_s; what one waits for compile_s"


def benchmark_as_json(
    measured: Benchmark, smes: int, months: int, threads: int, points: Sequence[ScalingPoint] = ()
) -> str:
    """Return a benchmark as JSON.

    ``mesa_ratio`` and ``numpy_ratio`` say how often a month of the full model, SME by SME, fits into one of the
    peers' core alone: more is better. ``floor_ratio`` says how often the time in which this machine could read
    the lasting state once and a row of 64 bytes for each candidate fits into the month: less is better.
    """
    full, cores, limits = measured.months, measured.cores, measured.limits
    about = {
        "smes": smes,
        "months": months,
        "threads": threads,
        "month_ms": full.month_ms,
        "ns_per_sme_month": full.ns_per_sme,
        "stages": full.stages,
        "bytes_per_sme": full.state_bytes / full.smes,
        "runs_per_second": measured.runs_per_second,
        "mesa_ratio": measured.ratio_to("mesa"),
        "numpy_ratio": measured.ratio_to("numpy"),
        "floor_ratio": measured.floor_ratio,
        "compile_s": measured.compile_s,
        "import_s": measured.import_s,
        "compile_processor_s": measured.compile_processor_s,
        "empty_month_us": measured.empty_month_us,
        "founding_s": full.founding_s,
        "smes_simulated": full.smes,
        "bytes_of_the_month_per_sme": full.bytes_of_the_month / full.smes,
        "founding_peak_bytes_per_sme": full.founding_peak_bytes / full.smes,
        "peak_bytes_per_sme": full.peak_bytes / full.smes,
        "load": {
            "seeking_share": full.seeking,
            "candidates_per_seeker": full.candidates,
            "introductions_per_seeker": full.introduced,
        },
        "core": {
            "smes": cores.smes,
            **{f"{name}_ns_per_sme_month": taken for name, taken in cores.ns_per_sme.items()},
        },
        "machine": {
            "processor": llvmlite.binding.get_host_cpu_name(),
            "cores": available_cores(),
            "system": platform.system(),
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
            **asdict(limits),
            "floor_ms": full.floor_ms(limits),
        },
        "clock": CLOCK,
    }
    if points:
        about["scaling"] = [asdict(point) for point in points]
    return json.dumps(about, indent=2, allow_nan=False)


def print_benchmark(measured: Benchmark, smes: int, months: int, threads: int) -> None:
    """Print a benchmark for a person."""
    console, full = results_console(), measured.months
    console.print(Text(f"\nThe full model with {smes:,} SMEs, {months} months, {_threads(threads)}", style="bold"))
    console.print(
        f"A month takes {full.month_ms:.4g} ms, {_time(full.ns_per_sme)} an SME: "
        f"{full.seeking:.1%} of SMEs seek, {full.candidates:.1f} candidates each.\n"
    )
    _print_ratios(console, measured)
    _print_stages(console, measured)
    _print_rest(console, measured)


def _threads(threads: int) -> str:
    return "1 thread" if threads == 1 else f"{threads} threads"


def _time(ns: float) -> str:
    return f"{ns:.0f} ns" if ns < 1000.0 else f"{ns / 1000.0:.3g} µs"


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left")
    return table


def _print_ratios(console: Console, measured: Benchmark) -> None:
    """Peers above, limits below; every row against a month of the full model, SME by SME."""
    taken, full = measured.cores.ns_per_sme, measured.months
    peers = {
        "plain Mesa, the core alone": "mesa",
        "vectorised numpy, the core alone": "numpy",
        "own kernels, the core alone": "compiled",
    }
    table = _table("a month of an SME", "takes", "against the full model")
    for words, name in peers.items():
        table.add_row(words, _time(taken[name]), f"{measured.ratio_to(name):.3g} ×")
    table.add_row("the full model", _time(full.ns_per_sme), "1 ×", style="bold")
    floor = full.floor_ms(measured.limits) / full.smes * 1e6
    table.add_row("reading what it must, on this machine", _time(floor), f"1 / {measured.floor_ratio:.3g}")
    console.print(table)
    console.print(
        f"Peers have {measured.cores.smes:,} SMEs and get their draws for nothing. "
        f"Reading: {measured.limits.stream_bytes_per_s / 1e9:.3g} GB/s in order, "
        f"{measured.limits.row_ns:.3g} ns a row at random.\n"
    )


def _print_stages(console: Console, measured: Benchmark) -> None:
    full = measured.months
    table = _table("mechanism", "ms a month", "share")
    costliest = list(full.stages.items())[:SHOWN_STAGES]
    for name, taken in costliest:
        table.add_row(name.replace("_", " "), f"{taken:.3g}", f"{taken / full.month_ms:.0%}")
    others = sum(full.stages.values()) - sum(taken for _, taken in costliest)
    table.add_row(f"{len(full.stages) - len(costliest)} others", f"{others:.3g}", f"{others / full.month_ms:.0%}")
    console.print(table)


def _print_rest(console: Console, measured: Benchmark) -> None:
    full = measured.months
    table = _table("besides", "measured")
    rows = {
        "bytes an SME that last": f"{full.state_bytes / full.smes:.0f}",
        "bytes an SME that a month fills anew": f"{full.bytes_of_the_month / full.smes:.0f}",
        "peak of memory: founding, and months too": (
            f"{full.founding_peak_bytes / full.smes:.0f}, {full.peak_bytes / full.smes:.0f} bytes an SME"
        ),
        "founding": f"{full.founding_s:.3g} s",
        "runs a second: 2,000 SMEs, 60 months, one core": f"{measured.runs_per_second:.3g}",
        "a month in which nobody seeks": f"{measured.empty_month_us:.0f} µs",
        "import": f"{measured.import_s:.2f} s",
        "first run, until everything is compiled": (
            f"{measured.compile_s:.1f} s ({measured.compile_processor_s:.1f} s of processor time)"
        ),
    }
    for words, value in rows.items():
        table.add_row(words, value)
    console.print()
    console.print(table)
    console.print(Text("All times but that until everything is compiled are processor time.", style="dim"))
