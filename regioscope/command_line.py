"""The command line: ``regioscope COMMAND``.

Nothing numerical is imported before a command needs it. Exit codes: 0 done; 1 an error of the program;
2 wrong usage; 3 the scenario, key or data is wrong or unknown; 4 incomplete; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from regioscope import (
    bench_command,
    compare_command,
    describe_command,
    export_command,
    jobscript_command,
    rerun_command,
    run_command,
    scenario_commands,
    status_command,
    sweep_command,
    validate_command,
)

__all__ = ["app", "main"]

TRACEBACK = "REGIOSCOPE_TRACEBACK"
"""Environment variable that shows where an unexpected error arose."""

app = typer.Typer(
    name="regioscope",
    help="Simulate regional innovation ecosystems: compare partnership and innovation policies.",
    epilog="Begin with: regioscope compare smart-space-formal smart-space-flexible",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("compare")(compare_command.compare)
app.command("run")(run_command.run)
app.command("sweep")(sweep_command.sweep)
app.command("validate")(validate_command.validate)
app.command("jobscript")(jobscript_command.jobscript)
app.command("status")(status_command.status)
app.command("rerun")(rerun_command.rerun)
app.command("verify")(rerun_command.verify)
app.command("export")(export_command.export)
app.add_typer(scenario_commands.app, name="scenario")
app.command("describe")(describe_command.describe)
app.command("bench")(bench_command.bench)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("regioscope")
        except PackageNotFoundError:
            found = "(not installed)"
        print(f"regioscope {found}")
        raise typer.Exit


@app.callback()
def _regioscope(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Simulate regional innovation ecosystems: compare partnership and innovation policies."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the process where they are left out.

    Returns
    -------
    int
        The exit code.
    """
    try:
        from regioscope.own_packages import see_that_nothing_hides_them

        see_that_nothing_hides_them()
        app(arguments, prog_name="regioscope")
    except SystemExit as stop:
        return _code(stop)
    except BrokenPipeError:
        _forget_output()
        return 1
    except Exception as error:
        return _report(error)
    return 0


def _code(stop: SystemExit) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
    if stop.code is None:
        return 0
    return stop.code if isinstance(stop.code, int) else 1


def _forget_output() -> None:
    """Keep Python from flushing what nobody reads any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(error: Exception) -> int:
    """Say what went wrong on stderr and return the exit code."""
    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(error)
    from simulation.errors import RegioscopeError

    if isinstance(error, RegioscopeError):
        print(f"regioscope: {error}", file=sys.stderr)
        return error.exit_code
    if isinstance(error, ImportError):
        print(f"regioscope: {error}", file=sys.stderr)
        return 1
    first_line = next(iter(str(error).splitlines()), "")
    print(
        f"regioscope: an error of the program: {type(error).__name__}: {first_line}. "
        f"Set {TRACEBACK}=1 to see where it arose, and please report it",
        file=sys.stderr,
    )
    return 1
