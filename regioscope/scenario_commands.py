"""``regioscope scenario``: list, show, check and compare scenarios, and print the schema of their files."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(
    help="List, show, check and compare scenarios.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Setting = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter; repeatable.")]
NAME = "Name or path of a scenario."


@app.command("list")
def list_all(as_json: Json = False) -> None:
    """List the scenarios that come with the project."""
    from simulation.scenario import list_scenarios

    listed = list_scenarios()
    if as_json:
        _print_json([{"name": name, "title": title} for name, title in listed])
        return
    width = max((len(name) for name, _ in listed), default=0)
    for name, title in listed:
        print(f"{name:{width}}  {title}".rstrip())


@app.command()
def show(
    scenario: Annotated[str, typer.Argument(metavar="NAME", help=NAME)],
    settings: Setting = None,
    as_json: Json = False,
) -> None:
    """Print all values of a scenario, with what it extends and its preset applied, as TOML."""
    from simulation.scenario import load_scenario, resolved_values
    from simulation.toml_text import as_toml

    values = resolved_values(load_scenario(scenario, parsed_settings(settings)))
    if as_json:
        _print_json(values)
    else:
        print(as_toml(values), end="")


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Paths or names of scenarios.")],
) -> None:
    """Check scenario files and report all their mistakes at once."""
    from simulation.errors import ScenarioError
    from simulation.scenario import load_scenario

    wrong = 0
    for file in files:
        try:
            load_scenario(file)
        except ScenarioError as error:
            wrong += 1
            print(error, file=sys.stderr)
        else:
            print(f"{file}: is valid")
    if wrong:
        raise typer.Exit(ScenarioError.exit_code)


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help=NAME)],
    second: Annotated[str, typer.Argument(metavar="B", help=NAME)],
    as_json: Json = False,
) -> None:
    """Compare the values of two scenarios as written, ignoring title, facts and sources."""
    from simulation.scenario import load_scenario
    from simulation.scenario_difference import difference

    differences = difference(load_scenario(first), load_scenario(second))
    if as_json:
        _print_json([{"key": each.key, "a": each.a, "b": each.b} for each in differences])
        return
    for each in differences:
        print(f"{each.key}: {_shown(each.a)} -> {_shown(each.b)}")
    if not differences:
        print("No difference", file=sys.stderr)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for completion and hints in an editor."""
    from simulation.scenario_schema import schema as scenario_schema

    _print_json(scenario_schema())


def parsed_settings(settings: list[str] | None) -> dict[str, object]:
    """Return what ``--set`` options say, by dotted key; the last of a key holds."""
    from simulation.scenario import parse_setting

    return dict(parse_setting(setting) for setting in settings or ())


def _shown(value: object) -> str:
    return "not set" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _print_json(values: Any) -> None:
    print(json.dumps(values, indent=2, ensure_ascii=False, default=str))
