"""Finding scenario files by name or path, and reading the chain of files that extend each other."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from simulation.errors import Mistake, ScenarioError, did_you_mean, short_text, short_value
from simulation.toml_source import TomlSource, read_toml, short_path

__all__ = ["SCENARIO_FOLDER", "find_scenario", "read_chain", "scenario_names"]


def _scenario_folder() -> Path:
    package = find_spec("scenarios")
    if package is None or package.origin is None:
        return Path("scenarios")
    return Path(package.origin).parent


SCENARIO_FOLDER = _scenario_folder()
"""Where the scenarios that come with the project stand."""


def scenario_names() -> list[str]:
    """Return the names of the scenarios that come with the project, in order."""
    return sorted(path.stem for path in SCENARIO_FOLDER.glob("*.toml"))


def find_scenario(name_or_path: str | Path) -> Path:
    """Return the file of a scenario that is given by name or by path.

    Raises
    ------
    ScenarioError
        If there is no such scenario, with the nearest name that exists.
    """
    text = str(name_or_path)
    found = _find(text, Path())
    if found is None:
        raise ScenarioError([_unknown("scenario", None, "", text)])
    return found


def _find(text: str, folder: Path) -> Path | None:
    """Return the file meant by a name or by a path relative to `folder`; None for an unknown name."""
    if "/" in text or "\\" in text or text.endswith(".toml"):
        return folder / text
    if text in scenario_names():
        return SCENARIO_FOLDER / f"{text}.toml"
    for beside in (folder / f"{text}.toml", folder / text):
        if _is_file(beside):
            return beside
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _unknown(file: str, line: int | None, key: str, text: str) -> Mistake:
    rule = "is not the name of a scenario, nor a path that ends in .toml"
    return Mistake(file, line, key, short_value(text), rule, did_you_mean(text, scenario_names()))


def read_chain(path: Path) -> list[TomlSource]:
    """Read a scenario file and all that it extends.

    Parameters
    ----------
    path : Path
        The last file of the chain, the scenario itself.

    Returns
    -------
    list of TomlSource
        The root, which extends nothing, first; the scenario itself last.

    Raises
    ------
    ScenarioError
        If a file cannot be read or parsed, does not exist, or extends itself directly or through others.
    """
    chain = [read_toml(path)]
    visited = [_identity(path)]
    while "extends" in chain[-1].values:
        source = chain[-1]
        path = _extended(source, path)
        if _identity(path) in visited:
            raise _cycle(source, visited[visited.index(_identity(path)) :])
        visited.append(_identity(path))
        chain.append(_read_extended(path, source))
    return chain[::-1]


def _identity(path: Path) -> Path:
    return path.resolve()


def _extends_mistake(source: TomlSource, rule: str, remedy: str) -> ScenarioError:
    line = source.lines.get(("extends",))
    value = short_value(source.values["extends"])
    return ScenarioError([Mistake(source.file, line, "extends", value, rule, remedy)])


def _extended(source: TomlSource, path: Path) -> Path:
    wanted = source.values["extends"]
    if not isinstance(wanted, str) or not wanted.strip():
        raise _extends_mistake(source, "must be a text", 'Name one scenario, as in extends = "baseline"')
    if not wanted.isprintable():
        raise _extends_mistake(source, "is not the name of a file", "Remove the signs that do not print")
    found = _find(wanted, path.parent)
    if found is None:
        raise ScenarioError([_unknown(source.file, source.lines.get(("extends",)), "extends", wanted)])
    return found


def _cycle(source: TomlSource, visited: list[Path]) -> ScenarioError:
    names = [short_text(each.stem) for each in visited]
    if len(names) == 1:
        return _extends_mistake(source, "extends itself", "Name another scenario")
    ring = " -> ".join([*names[:8], names[0]])
    return _extends_mistake(source, f"closes a cycle: {ring}", "Let one of these files extend nothing or another")


def _read_extended(path: Path, source: TomlSource) -> TomlSource:
    if not _exists(path):
        candidates = [each.name for each in path.parent.glob("*.toml")] if _exists(path.parent) else []
        remedy = did_you_mean(path.name, candidates, otherwise="Check the name and the folder")
        raise _extends_mistake(source, f"names {short_path(path)}, which does not exist", remedy)
    return read_toml(path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
